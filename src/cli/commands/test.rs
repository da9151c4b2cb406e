//! `edgeplanc test`: runs the `test` blocks of specs.

use clap::Args;

use crate::cli::console::{Batch, Console};
use crate::cli::exit::{Exit, Failure};
use crate::cli::run::{self, Specs};
use crate::diagnostic::lines::LineIndices;
use crate::diagnostic::{Sources, Text};
use crate::pipeline::has_errors;
use crate::solve::TestResult;

/// Run the test blocks of specs
#[derive(Debug, Args)]
pub(crate) struct Test {
    #[command(flatten)]
    specs: Specs,
}

impl Test {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let loaded = self.specs.with.load(console)?;
        let (inputs, unreadable, mut exit) = run::read(&self.specs.specs);
        console.findings(&unreadable)?;
        let ran = run::in_parallel(&inputs, |input| self.specs.with.test(input, &loaded));
        let (mut passed, mut failed) = (0_usize, 0_usize);
        for tested in ran {
            for result in &tested.results {
                if result.passed() {
                    passed += 1;
                } else {
                    failed += 1;
                }
                report(console, result, &tested.sources)?;
            }
            if tested.results.is_empty() && !tested.diagnostics.is_empty() {
                let batch: Batch = (tested.diagnostics, tested.sources);
                if has_errors(&batch.0) {
                    exit = exit.and(Exit::Findings);
                }
                console.findings(&[batch])?;
            }
        }
        let total = Text::key("cli.test.total")
            .arg("passed", passed.to_string())
            .arg("failed", failed.to_string());
        console.out(&format!("{}\n", total.render(console.locale)))?;
        if failed > 0 {
            exit = exit.and(Exit::Findings);
        }
        Ok(exit)
    }
}

/// One line a test, and one for each expectation that was not met.
fn report(console: &mut Console, result: &TestResult, sources: &Sources) -> Result<(), Failure> {
    let locale = console.locale;
    let verdict = Text::key(if result.passed() {
        "cli.test.passed"
    } else {
        "cli.test.failed"
    });
    let mut lines = LineIndices::new(sources);
    let (spec, _) = lines.place(result.span);
    let mut text = format!("{}  {spec}: {}\n", verdict.render(locale), result.name);
    for check in result.checks.iter().filter(|check| !check.passed) {
        let (name, at) = lines.place(check.span);
        let expected = sources.text(check.span).trim();
        let found = check.found.render(locale);
        text.push_str(&format!(
            "  {name}:{}:{}: {expected}: {found}\n",
            at.line, at.column
        ));
    }
    console.out(&text)?;
    if !result.errors.is_empty() {
        console.findings(&[(result.errors.clone(), sources.clone())])?;
    }
    Ok(())
}
