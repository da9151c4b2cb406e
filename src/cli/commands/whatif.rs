//! `edgeplanc whatif`: what other values of parameters would change in the plan; without any, at which values of its bounds
//! the plan changes. Writes no file.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::cli::format::Format;
use crate::cli::knowledge::Knowledge;
use crate::cli::run::{assignment, read_one};
use crate::diagnostic::Text;
use crate::pipeline::{self, Compilation, Options};
use crate::plan::types::Plan;
use crate::plan::{Diff, Steps};
use crate::solve::Ask;
use crate::spec::Overrides;

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
        let loaded = self.knowledge.load(console)?;
        let input = read_one(&self.spec, console)?;
        let options = |values: Vec<&(String, String)>| Options {
            catalog: &loaded.catalog,
            rules: &loaded.rules,
            overrides: Overrides {
                values: values.into_iter().cloned().collect(),
            },
        };
        let given = options(self.given.iter().collect());
        if self.sets.is_empty() {
            let ask = Ask {
                bounds: Some(STEPS),
                ..Ask::default()
            };
            let before = pipeline::compile_asked(&input.text, &input.name, &given, &ask);
            let every = pipeline::every_size(&input.text, &input.name, &given);
            return self.steps(console, before, every.as_ref());
        }
        let before = pipeline::compile(&input.text, &input.name, &given);
        let set = options(self.given.iter().chain(&self.sets).collect());
        let after = pipeline::compile(&input.text, &input.name, &set);
        // Where neither has a plan, or the new values could not be read, there is nothing to compare: what is wrong comes
        // first.
        if after.spec.is_none() || before.plan.is_none() && after.plan.is_none() {
            console.findings(&[(after.diagnostics, after.sources)])?;
            return Ok(Exit::Findings);
        }
        let diff = Diff::of(before.plan.as_ref(), after.plan.as_ref());
        match self.format {
            Format::Text => self.say(console, &diff, &before, &after)?,
            Format::Json => {
                let sets: serde_json::Map<String, serde_json::Value> = (self.sets.iter())
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

    fn say(
        &self,
        console: &mut Console,
        diff: &Diff,
        before: &Compilation,
        after: &Compilation,
    ) -> Result<(), Failure> {
        let sets = self
            .sets
            .iter()
            .map(|(name, value)| format!("{name} = {value}"));
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
}
