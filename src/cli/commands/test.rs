//! `edgeplanc test`: runs the `test` blocks of specs, and says of each expectation that is not met what was found and why.

use std::path::PathBuf;

use clap::Args;

use crate::cli::console::{Batch, Console, MessageFormat};
use crate::cli::exit::{Exit, Failure};
use crate::cli::lock::{self, Unusable};
use crate::cli::outputs;
use crate::cli::run::{self, Specs};
use crate::diagnostic::lines::LineIndices;
use crate::diagnostic::render::junit::{Case, Failed, Suite, xml};
use crate::diagnostic::{Code, Diagnostic, Locale, Sources, Text};
use crate::pipeline::{Tested, has_errors};
use crate::solve::{Check, TestResult};

/// Run the test blocks of specs
#[derive(Debug, Args)]
pub(crate) struct Test {
    #[command(flatten)]
    specs: Specs,
    /// Write the results to this file too, as the XML that CI servers read (JUnit)
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

impl Test {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let given = run::read(&self.specs.specs);
        let (inputs, mut exit) = (given.specs, given.exit);
        let governed = self.specs.with.govern(&inputs, console)?;
        // What programs read holds nothing beside it.
        let for_people = !console.format.is_for_programs();
        if !for_people {
            console.findings_are_the_result();
        }
        console.findings(&given.unreadable)?;
        let ran = run::in_parallel(&inputs, |input| {
            let locked = lock::locked(input)?;
            Ok::<_, Unusable>(self.specs.with.test(input, governed.of(input), &locked))
        });
        let (mut passed, mut failed) = (0_usize, 0_usize);
        let mut suites = Vec::new();
        for (input, tested) in inputs.iter().zip(ran) {
            let tested = match tested {
                Ok(tested) => tested,
                // The other specs are tested all the same.
                Err(unusable) => {
                    exit = exit.and(console.refuse(unusable.into())?);
                    continue;
                }
            };
            suites.push(suite(&input.name, &tested, console.locale));
            for result in &tested.results {
                if result.passed() {
                    passed += 1;
                } else {
                    failed += 1;
                }
                if for_people {
                    report(console, result, &tested.sources)?;
                } else {
                    let found = result.errors.iter().chain(&result.reasons).cloned();
                    let found = findings(result, &tested.sources).into_iter().chain(found);
                    console.findings(&[(found.collect(), tested.sources.clone())])?;
                }
            }
            if tested.results.is_empty() && !tested.diagnostics.is_empty() {
                let batch: Batch = (tested.diagnostics, tested.sources);
                if has_errors(&batch.0) {
                    exit = exit.and(Exit::Findings);
                }
                console.findings(&[batch])?;
            }
        }
        if let Some(path) = &self.junit {
            outputs::write(path, &xml("edgeplanc test", &suites))?;
        }
        if for_people {
            let total = Text::key("cli.test.total")
                .arg("passed", passed.to_string())
                .arg("failed", failed.to_string());
            console.out(&format!("{}\n", total.render(console.locale)))?;
        }
        if failed > 0 {
            exit = exit.and(Exit::Findings);
        }
        Ok(exit)
    }
}

/// One line a test, one for each expectation that was not met, and the findings behind them.
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
    for line in unmet(result, sources, locale) {
        text.push_str(&format!("  {line}\n"));
    }
    console.out(&text)?;
    if console.format == MessageFormat::Short {
        console.findings(&[(findings(result, sources), sources.clone())])?;
    }
    for findings in [&result.errors, &result.reasons] {
        if !findings.is_empty() {
            console.findings(&[(findings.clone(), sources.clone())])?;
        }
    }
    Ok(())
}

fn failed(result: &TestResult) -> impl Iterator<Item = &Check> {
    result.checks.iter().filter(|check| !check.passed)
}

/// Each expectation that was not met, as a finding.
fn findings(result: &TestResult, sources: &Sources) -> Vec<Diagnostic> {
    failed(result)
        .map(|check| {
            let message = Text::key("input.unmet")
                .arg("test", result.name.as_str())
                .arg("expected", sources.text(check.span).trim())
                .arg("found", check.found.clone());
            let finding = Diagnostic::error(Code(812), check.span, message);
            let why = check.why.iter().cloned();
            why.fold(finding, Diagnostic::note)
        })
        .collect()
}

/// Each expectation that was not met, with its place and what was found, in one line; indented below it what led to that.
fn unmet(result: &TestResult, sources: &Sources, locale: Locale) -> Vec<String> {
    let mut lines = LineIndices::new(sources);
    failed(result)
        .flat_map(|check| {
            let (name, at) = lines.place(check.span);
            let expected = sources.text(check.span).trim();
            let found = check.found.render(locale);
            let line = format!("{name}:{}:{}: {expected}: {found}", at.line, at.column);
            let why = check.why.iter();
            let why = why.map(|reason| format!("  {}", reason.render(locale)));
            std::iter::once(line).chain(why).collect::<Vec<String>>()
        })
        .collect()
}

/// The results of one spec for a CI server. A spec that cannot be read as it stands is one failed case.
fn suite(name: &str, tested: &Tested, locale: Locale) -> Suite {
    let said = |findings: &[Diagnostic]| -> Vec<String> {
        let one =
            |finding: &Diagnostic| format!("{}: {}", finding.code, finding.message.render(locale));
        findings.iter().map(one).collect()
    };
    let mut cases: Vec<Case> = Vec::new();
    for result in &tested.results {
        let mut told = unmet(result, &tested.sources, locale);
        told.extend(said(&result.errors));
        let first = told.first().cloned();
        told.extend(said(&result.reasons));
        cases.push(Case {
            name: result.name.clone(),
            failure: first.filter(|_| !result.passed()).map(|message| Failed {
                kind: "expect".to_owned(),
                message,
                text: told.join("\n"),
            }),
        });
    }
    if cases.is_empty() && has_errors(&tested.diagnostics) {
        let told = said(&tested.diagnostics);
        cases.push(Case {
            name: "check".to_owned(),
            failure: Some(Failed {
                kind: "error".to_owned(),
                message: told.first().cloned().unwrap_or_default(),
                text: told.join("\n"),
            }),
        });
    }
    Suite {
        name: name.to_owned(),
        cases,
        output: String::new(),
    }
}
