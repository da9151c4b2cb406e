//! `edgeplanc check`: all findings, and nothing written.

use clap::Args;

use crate::cli::console::{Batch, Console, MessageFormat};
use crate::cli::exit::{Exit, Failure};
use crate::cli::run::{self, Specs, Tally};

/// Check specs: every finding, no plan
#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    specs: Specs,
    /// The same as --message-format; json goes to standard output
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<MessageFormat>,
    /// Show advice in full too; otherwise reports for people only count it
    #[arg(long)]
    advice: bool,
}

impl Check {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        if let Some(format) = self.format {
            console.format = format;
        }
        console.advice = self.advice;
        let loaded = self.specs.with.load(console)?;
        let (inputs, unreadable, mut exit) = run::read(&self.specs.specs);
        let unread = unreadable.len();
        let mut batches: Vec<Batch> = unreadable;
        let mut tally = Tally::default();
        batches.extend(run::in_parallel(&inputs, |input| {
            let checked = self.specs.with.check(input, &loaded);
            (checked.diagnostics, checked.sources)
        }));
        for (findings, _) in batches.iter().skip(unread) {
            tally.add(findings);
        }
        exit = exit.and(tally.exit());
        console.findings_as_result(&batches)?;
        tally.say(console)?;
        Ok(exit)
    }
}
