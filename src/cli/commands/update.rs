//! `edgeplanc update`: chooses anew, whatever the lock says, and tells what moved and why.

use clap::Args;

use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::cli::inputs::Input;
use crate::cli::knowledge::Loaded;
use crate::cli::run::{self, Specs, Tally};
use crate::cli::{lock, outputs};
use crate::diagnostic::Text;
use crate::pipeline::Compilation;
use crate::plan::Lock;
use crate::solve::{Locked, why_not};

/// Move the lock of each spec to what would be chosen today, and say what moved and why
#[derive(Debug, Args)]
pub(crate) struct Update {
    #[command(flatten)]
    specs: Specs,
}

impl Update {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let given = run::read(&self.specs.specs);
        let (inputs, mut exit) = (given.specs, given.exit);
        // What comes in through a pipe has no lock.
        if inputs.iter().any(|input| input.path.is_none()) {
            return Err(Failure::Said(Text::key("cli.update.no_lock")));
        }
        let governed = self.specs.with.govern(&inputs, console)?;
        console.findings(&given.unreadable)?;
        console.findings(&given.left)?;
        let mut tally = Tally::default();
        let results = run::in_parallel(&inputs, |input| {
            self.specs.with.compile(input, governed.of(input))
        });
        for (input, compiled) in inputs.iter().zip(results) {
            tally.add(&compiled.diagnostics);
            if let Some(plan) = &compiled.plan {
                let loaded = governed.of(input);
                let new = Lock::of(plan, &loaded.rules);
                exit = exit.and(update(input, &compiled, &new, loaded, console)?);
            } else {
                console.findings(&[(compiled.diagnostics, compiled.sources)])?;
            }
        }
        Ok(exit.and(tally.exit()))
    }
}

fn update(
    input: &Input,
    compiled: &Compilation,
    new: &Lock,
    loaded: &Loaded,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let old = lock::read_for_update(input)?;
    let Some(output) = lock::output(input, new)? else {
        return Ok(Exit::Done);
    };
    let shown = output.path.display().to_string();
    if old.as_ref() == Some(new) {
        console.say(&Text::key("lock.unchanged").arg("path", shown))?;
        return Ok(Exit::Done);
    }
    // By its name it is ours, and it was asked for, whatever a merge has made of it.
    outputs::write_all(std::slice::from_ref(&output), true)?;
    console.say(&Text::key("lock.updated").arg("path", shown))?;
    let Some(old) = old else {
        return Ok(Exit::Done);
    };
    let mut lines: Vec<Text> = lock::told(&old, new);
    lines.extend(reasons(&old, new, compiled, loaded));
    for line in lines {
        console.out(&format!("{}\n", line.render(console.locale)))?;
    }
    // The plan that was built under the old lock stands as it is.
    console.say(&Text::key("lock.build").arg("spec", input.name.as_str()))?;
    Ok(Exit::Done)
}

/// Why each model that is chosen no more was not chosen again.
fn reasons(old: &Lock, new: &Lock, compiled: &Compilation, loaded: &Loaded) -> Vec<Text> {
    let Some(spec) = &compiled.spec else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    // The new choice was made without the old one.
    let nothing = Locked::default();
    for moved in old.moves(new) {
        let known = moved
            .model
            .and_then(|model| why_not(&loaded.catalog, &loaded.rules, spec, &model, &nothing));
        let Some(mut answer) = known else { continue };
        answer
            .answers
            .retain(|answer| answer.class == moved.class && answer.slot.name(spec) == moved.slot);
        if !answer.answers.is_empty() {
            lines.extend(answer.lines(&loaded.catalog, &loaded.rules, spec));
        }
    }
    lines
}
