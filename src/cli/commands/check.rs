//! `edgeplanc check`: all findings, and nothing written but, when asked for, the list of those that are known.

use std::path::PathBuf;

use clap::Args;

use crate::cli::baseline::Baseline;
use crate::cli::console::{Batch, Console, MessageFormat};
use crate::cli::exit::{Exit, Failure};
use crate::cli::inputs::Input;
use crate::cli::lock;
use crate::cli::run::{self, Specs, Tally};
use crate::diagnostic::Text;
use crate::pipeline::Alike;
use crate::solve::Locked;

/// Check specs: every finding, no plan
#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    specs: Specs,
    /// The same as --message-format; formats for programs go to standard output
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<MessageFormat>,
    /// Show advice in full too; otherwise reports for people only count it
    #[arg(long)]
    advice: bool,
    /// File of known findings, which are neither shown nor failures; entries without a finding are reported
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write what is found to the file of known findings
    #[arg(long, requires = "baseline")]
    write_baseline: bool,
}

impl Check {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        if let Some(format) = self.format {
            console.format = format;
        }
        console.advice = self.advice;
        console.findings_are_the_result();
        let given = run::read(&self.specs.specs);
        let mut exit = given.exit;
        let governed = self.specs.with.govern(&given.specs, console)?;
        let mut baseline = match &self.baseline {
            Some(path) if self.write_baseline => Some(Baseline::empty(path)),
            Some(path) => Some(Baseline::read(path)?),
            None => None,
        };
        let mut inputs: Vec<Input> = Vec::new();
        let mut checked: Vec<Batch> = Vec::new();
        for (loaded, specs) in governed.parted(given.specs) {
            // What is alike is alike under one catalog and one set of rules.
            let alike = Alike::default();
            let results = run::in_parallel(&specs, |input| {
                let (locked, unusable) = match lock::locked(input) {
                    Ok(locked) => (locked, None),
                    Err(unusable) => (Locked::default(), Some(unusable)),
                };
                let found = (self.specs.with).check_alike(input, loaded, &locked, &alike);
                (found, unusable)
            });
            for (found, unusable) in results {
                checked.push(found);
                if let Some(unusable) = unusable {
                    exit = exit.and(console.refuse(unusable.into())?);
                }
            }
            inputs.extend(specs);
        }
        if let Some(baseline) = &mut baseline {
            for (input, (findings, sources)) in inputs.iter().zip(&mut checked) {
                baseline.sift(input, findings, sources);
            }
            if self.write_baseline {
                console.findings(&given.unreadable)?;
                let count = baseline.write()?;
                let said = Text::key("baseline.wrote").arg("count", count.to_string());
                console.say(&said.arg("path", shown(self.baseline.as_ref())))?;
                return Ok(exit);
            }
        }
        let mut tally = Tally::default();
        for (findings, _) in &checked {
            tally.add(findings);
        }
        for (findings, _) in given.unreadable.iter().chain(&given.left) {
            tally.count(findings);
        }
        exit = exit.and(tally.exit());
        let stale = baseline.as_ref().and_then(Baseline::stale);
        let mut batches = given.unreadable;
        batches.extend(checked);
        batches.extend(given.left);
        batches.extend(stale);
        console.findings(&batches)?;
        tally.say(console)?;
        let hidden = baseline.map_or(0, |baseline| baseline.hidden);
        if hidden > 0 && console.format == MessageFormat::Human {
            let said = Text::key("baseline.hidden").arg("count", hidden.to_string());
            console.say(&said.arg("path", shown(self.baseline.as_ref())))?;
        }
        Ok(exit)
    }
}

fn shown(path: Option<&PathBuf>) -> String {
    path.map(|path| path.display().to_string())
        .unwrap_or_default()
}
