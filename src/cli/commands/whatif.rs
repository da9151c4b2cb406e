//! `edgeplanc whatif`: what other values of parameters would change in the plan; without any, at which values of its bounds
//! the plan changes. Writes no file.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::cli::format::Format;
use crate::cli::knowledge::Knowledge;
use crate::cli::lock;
use crate::cli::run::{assignment, read_one};
use crate::diagnostic::{FileId, Text};
use crate::pipeline::{self, Compilation};
use crate::plan::types::Plan;
use crate::plan::{Diff, Steps};
use crate::solve::Ask;
use crate::spec::Overrides;
use crate::syntax;
use crate::syntax::tree::StatementKind;

/// The changes of the plan that are told each way of a limit.
const STEPS: crate::solve::Steps = crate::solve::Steps {
    each_way: 5,
    slots: usize::MAX,
};

/// Say what other values of parameters would change, or every value of a limit at which the plan changes
#[derive(Debug, Args)]
pub(crate) struct Whatif {
    /// A spec, or - for standard input
    spec: PathBuf,
    /// Give a parameter another value; may be repeated. Without any, every limit is moved instead
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = assignment)]
    sets: Vec<(String, String)>,
    /// Give a parameter a value in the plan that is compared with as well; may be repeated
    #[arg(long = "given", value_name = "NAME=VALUE", value_parser = assignment)]
    given: Vec<(String, String)>,
    /// Format of the answer
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,
    #[command(flatten)]
    knowledge: Knowledge,
}

impl Whatif {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let input = read_one(&self.spec, console)?;
        let loaded = (self.knowledge).load_for(&input, console)?;
        let locked = lock::locked(&input)?;
        let options = |values: Vec<&(String, String)>| {
            let values = values.into_iter().cloned().collect();
            loaded.options(Overrides { values })
        };
        // A value that the spec asks for changes nothing: without it there is no plan to compare with.
        let needed = needed(&input.text);
        let (asked, sets): (Vec<_>, Vec<_>) = (self.sets.iter())
            .partition(|(name, _)| needed.contains(name) && !is_given(&self.given, name));
        let given: Vec<_> = self.given.iter().chain(asked).collect();
        let set = options(given.iter().copied().chain(sets.iter().copied()).collect());
        let given = options(given);
        if sets.is_empty() {
            let ask = Ask {
                locked: Some(&locked),
                bounds: Some(STEPS),
                ..Ask::default()
            };
            let before = pipeline::compile_asked(&input.text, &input.name, &given, &ask);
            let every = pipeline::every_size(&input.text, &input.name, &given);
            return self.steps(console, before, every.as_ref());
        }
        let before = pipeline::compile_locked(&input.text, &input.name, &given, &locked);
        let after = pipeline::compile_locked(&input.text, &input.name, &set, &locked);
        // Where neither has a plan, or the new values could not be read, there is nothing to compare: what is wrong comes
        // first.
        if after.spec.is_none() || before.plan.is_none() && after.plan.is_none() {
            console.findings(&[(after.diagnostics, after.sources)])?;
            return Ok(Exit::Findings);
        }
        let diff = Diff::of(before.plan.as_ref(), after.plan.as_ref());
        match self.format {
            Format::Text => say(console, &sets, &diff, &before, &after)?,
            Format::Json => {
                let sets: serde_json::Map<String, serde_json::Value> = (sets.iter())
                    .map(|(name, value)| (name.clone(), json!(value)))
                    .collect();
                let answer = json!({
                    "format_version": "1.0",
                    "set": sets,
                    "feasible": { "before": before.plan.is_some(), "after": after.plan.is_some() },
                    "changed": diff.changed,
                    "unchanged": diff.unchanged,
                });
                console.out(&format!("{answer:#}\n"))?;
            }
        }
        if after.plan.is_none() {
            console.findings(&[(after.diagnostics, after.sources)])?;
            return Ok(Exit::Findings);
        }
        Ok(Exit::Done)
    }

    /// Every value of a bound at which the plan changes.
    fn steps(
        &self,
        console: &mut Console,
        compiled: Compilation,
        every: Option<&Plan>,
    ) -> Result<Exit, Failure> {
        let Some(plan) = &compiled.plan else {
            console.findings(&[(compiled.diagnostics, compiled.sources)])?;
            return Ok(Exit::Findings);
        };
        let steps = Steps::of(plan, every);
        match self.format {
            Format::Text => {
                for line in steps.lines() {
                    console.out(&format!("{}\n", line.render(console.locale)))?;
                }
            }
            Format::Json => {
                let answer = json!({
                    "format_version": "1.0",
                    "classes": steps.classes,
                    "ram": steps.ram,
                });
                console.out(&format!("{answer:#}\n"))?;
            }
        }
        Ok(Exit::Done)
    }
}

/// The parameters of a spec that have no value of their own.
fn needed(text: &str) -> Vec<String> {
    let parsed = syntax::parse(text, FileId(0));
    let statements = parsed.tree.statements.into_iter();
    statements
        .filter_map(|statement| match statement.kind {
            StatementKind::Param {
                name,
                default: None,
                ..
            } => Some(name.text),
            _ => None,
        })
        .collect()
}

fn is_given(given: &[(String, String)], name: &str) -> bool {
    given.iter().any(|(known, _)| known == name)
}

fn say(
    console: &mut Console,
    sets: &[&(String, String)],
    diff: &Diff,
    before: &Compilation,
    after: &Compilation,
) -> Result<(), Failure> {
    let sets = sets.iter().map(|(name, value)| format!("{name} = {value}"));
    let sets = sets.collect::<Vec<_>>().join(", ");
    let mut lines = Vec::new();
    match (&before.plan, &after.plan) {
        (Some(_), None) => lines.push(Text::key("diff.no-more").arg("sets", sets)),
        (None, Some(_)) => lines.push(Text::key("diff.at-last").arg("sets", sets)),
        _ if diff.changed.is_empty() => lines.push(Text::key("diff.nothing").arg("sets", sets)),
        _ => lines.push(Text::key("diff.with").arg("sets", sets)),
    }
    if after.plan.is_some() {
        lines.extend(diff.lines());
    }
    for line in lines {
        console.out(&format!("{}\n", line.render(console.locale)))?;
    }
    Ok(())
}
