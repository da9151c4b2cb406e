//! `edgeplanc fmt`: specs in the one style. Comments stay; the text is parsed again and compared before it is written.

use std::path::PathBuf;

use clap::Args;
use similar::TextDiff;

use crate::cli::console::{Batch, Console};
use crate::cli::exit::{Exit, Failure};
use crate::cli::{outputs, run};
use crate::diagnostic::{Sources, Text};
use crate::syntax;

/// Format specs in place; - formats standard input to standard output
#[derive(Debug, Args)]
pub(crate) struct Fmt {
    /// Specs, folders of specs, or - for standard input
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<PathBuf>,
    /// Write nothing; end with 3 when a file is not formatted
    #[arg(long)]
    check: bool,
    /// Write nothing to files; show what would change
    #[arg(long)]
    diff: bool,
}

impl Fmt {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let given = run::read(&self.specs);
        let (inputs, unreadable, mut exit) = (given.specs, given.unreadable, given.exit);
        let mut batches: Vec<Batch> = unreadable;
        for input in &inputs {
            let formatted = match syntax::format(&input.text) {
                Ok(formatted) => formatted,
                Err(findings) => {
                    let mut sources = Sources::new();
                    sources.add(input.name.clone(), input.text.clone());
                    batches.push((findings, sources));
                    exit = exit.and(Exit::Findings);
                    continue;
                }
            };
            let changed = formatted != input.text;
            if changed && self.check {
                exit = exit.and(Exit::Differs);
            }
            if self.diff {
                if changed {
                    console.out(&diff(&input.name, &input.text, &formatted))?;
                }
            } else if self.check {
                if changed {
                    console
                        .say(&Text::key("cli.fmt.unformatted").arg("path", input.name.clone()))?;
                }
            } else if let Some(path) = &input.path {
                if changed {
                    outputs::write(path, &formatted)?;
                    console.say(&Text::key("cli.fmt.formatted").arg("path", input.name.clone()))?;
                }
            } else {
                console.out(&formatted)?;
            }
        }
        console.findings(&batches)?;
        Ok(exit)
    }
}

fn diff(name: &str, old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new)
        .unified_diff()
        .header(name, name)
        .to_string()
}
