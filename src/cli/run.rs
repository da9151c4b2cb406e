//! What the commands that compile specs share: their arguments, and the loop over the specs.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use clap::Args;

use super::config::{Config, Refused};
use super::console::{Batch, Console, MessageFormat};
use super::exit::{Exit, Failure};
use super::governed::Governed;
use super::inputs::{self, Input};
use super::knowledge::{Knowledge, Loaded};
use crate::diagnostic::{Diagnostic, Severity, Text};
use crate::pipeline::{self, Alike, Compilation, Options, Tested};
use crate::solve::{Ask, Locked};
use crate::spec::Overrides;

/// Arguments of a command over several specs.
#[derive(Debug, Clone, Args)]
pub(crate) struct Specs {
    /// Specs, folders of specs, or - for standard input
    #[arg(required = true, value_name = "SPEC")]
    pub(crate) specs: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) with: With,
}

/// What a spec is compiled with.
#[derive(Debug, Clone, Args)]
pub(crate) struct With {
    /// Give a parameter of the spec a value; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = assignment)]
    sets: Vec<(String, String)>,
    #[command(flatten)]
    knowledge: Knowledge,
}

/// `name=value`, with or without `$`.
pub(crate) fn assignment(text: &str) -> Result<(String, String), String> {
    let Some((name, value)) = text.split_once('=') else {
        return Err("write it as NAME=VALUE, for example min_ram=6GB".to_owned());
    };
    let name = name.trim().trim_start_matches('$');
    if name.is_empty() {
        return Err("the name before `=` is missing".to_owned());
    }
    Ok((name.to_owned(), value.trim().to_owned()))
}

impl With {
    /// Loads catalog and rules under the configuration of the current folder.
    pub(crate) fn load(&self, console: &mut Console) -> Result<Loaded, Failure> {
        self.knowledge.load(console)
    }

    /// Loads catalog and rules under the configuration of a spec.
    pub(crate) fn load_for(&self, spec: &Input, console: &mut Console) -> Result<Loaded, Failure> {
        self.knowledge.load_for(spec, console)
    }

    /// Loads catalog and rules under the configurations of the specs.
    pub(crate) fn govern(
        &self,
        specs: &[Input],
        console: &mut Console,
    ) -> Result<Governed, Failure> {
        Governed::load(&self.knowledge, specs, console)
    }

    /// The configuration file that governs a folder, where there is one.
    pub(crate) fn config_of(&self, folder: &Path) -> Option<PathBuf> {
        self.knowledge.config_of(folder)
    }

    /// The configuration in a file; an empty one where there is no file.
    pub(crate) fn config(&self, path: Option<&Path>) -> Result<Config, Refused> {
        self.knowledge.config(path)
    }

    /// The catalog and the rules that the options and a configuration ask for.
    pub(crate) fn assemble(&self, config: Config) -> Result<Loaded, Refused> {
        self.knowledge.assemble(config)
    }

    /// Folders of catalog and rule files named on the command line.
    pub(crate) fn knowledge_folders(&self) -> impl Iterator<Item = &PathBuf> {
        self.knowledge.folders()
    }

    /// Compiles one spec.
    pub(crate) fn compile(&self, input: &Input, loaded: &Loaded) -> Compilation {
        pipeline::compile(&input.text, &input.name, &self.options(loaded))
    }

    /// Compiles one spec; what ties is decided for what its lock holds.
    pub(crate) fn compile_locked(
        &self,
        input: &Input,
        loaded: &Loaded,
        locked: &Locked,
    ) -> Compilation {
        pipeline::compile_locked(&input.text, &input.name, &self.options(loaded), locked)
    }

    /// Runs the tests of one spec; what ties is decided for what its lock holds.
    pub(crate) fn test(&self, input: &Input, loaded: &Loaded, locked: &Locked) -> Tested {
        pipeline::test(&input.text, &input.name, &self.options(loaded), locked)
    }

    /// Checks one spec; what ties is decided for what its lock holds.
    pub(crate) fn check(&self, input: &Input, loaded: &Loaded, locked: &Locked) -> Compilation {
        let ask = Ask {
            locked: Some(locked),
            ..Ask::default()
        };
        self.check_asked(input, loaded, &ask)
    }

    /// The findings of one of many specs; what ties is decided for what its lock holds.
    pub(crate) fn check_alike(
        &self,
        input: &Input,
        loaded: &Loaded,
        locked: &Locked,
        alike: &Alike,
    ) -> Batch {
        let options = self.options(loaded);
        pipeline::check_alike(&input.text, &input.name, &options, locked, alike)
    }

    /// Checks one spec, with what else is asked of the search.
    pub(crate) fn check_asked(&self, input: &Input, loaded: &Loaded, ask: &Ask<'_>) -> Compilation {
        pipeline::check_asked(&input.text, &input.name, &self.options(loaded), ask)
    }

    fn options<'a>(&self, loaded: &'a Loaded) -> Options<'a> {
        loaded.options(self.overrides())
    }

    /// The values of parameters.
    pub(crate) fn overrides(&self) -> Overrides {
        Overrides {
            values: self.sets.iter().cloned().collect(),
        }
    }
}

/// Counts of findings over a run, for the last line.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    specs: usize,
    errors: usize,
    warnings: usize,
    advice: usize,
    first_error: Option<crate::diagnostic::Code>,
}

impl Tally {
    /// Counts the findings of one spec.
    pub(crate) fn add(&mut self, findings: &[Diagnostic]) {
        self.specs += 1;
        self.count(findings);
    }

    /// Counts findings that are of no spec.
    pub(crate) fn count(&mut self, findings: &[Diagnostic]) {
        for finding in findings {
            match finding.severity {
                Severity::Error => {
                    self.errors += 1;
                    self.first_error.get_or_insert(finding.code);
                }
                Severity::Warning => self.warnings += 1,
                Severity::Advice => self.advice += 1,
            }
        }
    }

    /// The exit code these findings lead to.
    pub(crate) const fn exit(&self) -> Exit {
        if self.errors > 0 {
            Exit::Findings
        } else {
            Exit::Done
        }
    }

    /// How many pieces of advice were not shown, for people only.
    pub(crate) fn say_advice(&self, console: &mut Console) -> Result<(), Failure> {
        if self.advice > 0 && !console.advice && console.format == MessageFormat::Human {
            let count = self.advice.to_string();
            console.say(&Text::key("cli.advice").arg("count", count))?;
        }
        Ok(())
    }

    /// The last line, for people only.
    pub(crate) fn say(&self, console: &mut Console) -> Result<(), Failure> {
        if console.format != MessageFormat::Human {
            return Ok(());
        }
        if let Some(code) = self.first_error {
            console.say(&Text::key("cli.explain_hint").arg("code", code.to_string()))?;
        }
        self.say_advice(console)?;
        let count = |n: usize| n.to_string();
        console.say(
            &Text::key("cli.tally")
                .arg("specs", count(self.specs))
                .arg("errors", count(self.errors))
                .arg("warnings", count(self.warnings))
                .arg("advice", count(self.advice)),
        )?;
        Ok(())
    }
}

/// What the arguments of a run gave.
pub(crate) struct Given {
    /// The specs.
    pub(crate) specs: Vec<Input>,
    /// Findings about what could not be read.
    pub(crate) unreadable: Vec<Batch>,
    /// Findings about locks whose spec is gone.
    pub(crate) left: Vec<Batch>,
    /// The exit that what could not be read leads to.
    pub(crate) exit: Exit,
}

/// Reads the specs.
pub(crate) fn read(specs: &[PathBuf]) -> Given {
    let inputs = inputs::read(specs);
    let exit = match inputs.unreadable.is_empty() {
        true => Exit::Done,
        false => Exit::Usage,
    };
    Given {
        specs: inputs.specs,
        unreadable: inputs.unreadable,
        left: inputs.left,
        exit,
    }
}

/// Reads exactly one spec.
pub(crate) fn read_one(spec: &PathBuf, console: &mut Console) -> Result<Input, Failure> {
    let mut inputs = inputs::read(std::slice::from_ref(spec));
    if !inputs.unreadable.is_empty() {
        console.findings(&inputs.unreadable)?;
        return Err(Failure::Shown);
    }
    if inputs.specs.len() > 1 {
        return Err(Failure::Said(
            Text::key("cli.one_spec").arg("path", spec.display().to_string()),
        ));
    }
    inputs.specs.pop().ok_or(Failure::Shown)
}

/// Does the same work for all inputs, on all processors; the results are in the order of the inputs.
pub(crate) fn in_parallel<T: Send>(inputs: &[Input], work: impl Fn(&Input) -> T + Sync) -> Vec<T> {
    let workers = thread::available_parallelism()
        .map_or(1, NonZero::get)
        .min(inputs.len());
    if workers <= 1 {
        return inputs.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take_turns = || {
        let mut mine = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(input) = inputs.get(index) else {
                break mine;
            };
            mine.push((index, work(input)));
        }
    };
    let mut done: Vec<(usize, T)> = thread::scope(|scope| {
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(take_turns)).collect();
        handles
            .into_iter()
            .flat_map(|handle| handle.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}
