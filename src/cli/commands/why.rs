//! `edgeplanc why` and `why-not`: what decided for a stack, and against a model.

use std::path::PathBuf;

use clap::Args;

use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::cli::lock;
use crate::cli::run::{With, read_one};
use crate::diagnostic::Text;
use crate::solve::{self, Ask};
use crate::syntax::nearest::nearest;

/// Say why the chosen stacks won: objectives, runners-up, and what is left of each limit
#[derive(Debug, Args)]
pub(crate) struct Why {
    /// A spec, or - for standard input
    spec: PathBuf,
    /// Only this feature (chat) or stack (chat.llm)
    #[arg(value_name = "STACK")]
    part: Option<String>,
    #[command(flatten)]
    with: With,
}

impl Why {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let input = read_one(&self.spec, console)?;
        let loaded = (self.with).load_for(&input, console)?;
        let locked = lock::locked(&input)?;
        let ask = Ask {
            locked: Some(&locked),
            beside: true,
            ..Ask::default()
        };
        let checked = self.with.check_asked(&input, &loaded, &ask);
        let (Some(spec), Some(solution)) = (&checked.spec, &checked.solution) else {
            console.findings(&[(checked.diagnostics, checked.sources)])?;
            return Ok(Exit::Findings);
        };
        let part = self.part.as_deref();
        if let Some(part) = part {
            let slots = solution.slots.iter();
            let known = slots.flat_map(|slot| {
                let feature = spec.features[slot.feature].id.as_str();
                [feature.to_owned(), slot.name(spec)]
            });
            let mut known: Vec<String> = known.collect();
            known.dedup();
            if !known.iter().any(|name| name == part) {
                let text = Text::key("cli.stack_unknown").arg("given", part);
                return Err(Failure::Said(text.arg("known", known.join(", "))));
            }
        }
        let why = solve::why(&loaded.catalog, &loaded.rules, spec, solution, part);
        say(console, &why.lines(&loaded.catalog, spec))?;
        if checked.has_errors() {
            console.findings(&[(checked.diagnostics, checked.sources)])?;
            return Ok(Exit::Findings);
        }
        Ok(Exit::Done)
    }
}

/// Say why a model was not chosen: the rules and lines it breaks, or where it loses
#[derive(Debug, Args)]
pub(crate) struct WhyNot {
    /// A spec, or - for standard input
    spec: PathBuf,
    /// The model's id
    model: String,
    #[command(flatten)]
    with: With,
}

impl WhyNot {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let input = read_one(&self.spec, console)?;
        let loaded = (self.with).load_for(&input, console)?;
        let locked = lock::locked(&input)?;
        let checked = self.with.check(&input, &loaded, &locked);
        let (Some(spec), Some(_)) = (&checked.spec, &checked.solution) else {
            console.findings(&[(checked.diagnostics, checked.sources)])?;
            return Ok(Exit::Findings);
        };
        let (catalog, rules) = (&loaded.catalog, &loaded.rules);
        let Some(answer) = solve::why_not(catalog, rules, spec, &self.model, &locked) else {
            let known = catalog.models.iter().map(|model| model.id.as_str());
            let text = match nearest(&self.model, known) {
                Some(id) => Text::key("cli.model_nearest").arg("nearest", id),
                None => Text::key("cli.model_unknown"),
            };
            return Err(Failure::Said(text.arg("model", self.model)));
        };
        say(console, &answer.lines(catalog, &loaded.rules, spec))?;
        Ok(Exit::Done)
    }
}

fn say(console: &mut Console, lines: &[Text]) -> Result<(), Failure> {
    for line in lines {
        let line = format!("{}\n", line.render(console.locale));
        console.out(&line)?;
    }
    Ok(())
}
