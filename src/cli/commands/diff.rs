//! `edgeplanc diff`: what is different between two plans. Each side is a plan, a spec, or one of them in a git revision.

use clap::{Args, ValueEnum};
use serde_json::json;

use crate::cli::console::{Batch, Console};
use crate::cli::exit::{Exit, Failure};
use crate::cli::inputs::Input;
use crate::cli::knowledge::Loaded;
use crate::cli::run::With;
use crate::cli::sides::{Pair, Side, pairs};
use crate::diagnostic::lines::LineIndices;
use crate::diagnostic::{Locale, Severity, Text};
use crate::plan::Diff;
use crate::plan::types::Plan;
use crate::render;

/// Say what is different between two plans: models, quantizations, runtimes, memory, sizes, speeds
///
/// A side is a spec, a NAME.plan.json, or one of them in a git revision, written REVISION:PATH as git does. A REVISION by itself
/// is the file of the other side as it was then. Of two folders, the specs of the same path are compared.
#[derive(Debug, Args)]
pub(crate) struct DiffPlans {
    /// The plan before: a spec, a NAME.plan.json, a folder of specs, REVISION:PATH, or a REVISION
    #[arg(value_name = "OLD")]
    old: String,
    /// The plan after, likewise
    #[arg(value_name = "NEW")]
    new: String,
    /// Format of the answer
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,
    /// End with 3 when the plans differ
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    with: With,
}

/// A format of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// A table, for a comment under a pull request
    Markdown,
    /// For programs
    Json,
}

impl DiffPlans {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let pairs = pairs(&self.old, &self.new)?;
        let inputs = pairs.iter().flat_map(|pair| pair.sides.iter().flatten());
        let inputs: Vec<Input> = inputs.map(|side| side.input.clone()).collect();
        let governed = self.with.govern(&inputs, console)?;
        let mut compared = Vec::with_capacity(pairs.len());
        let mut without: Vec<(&Pair, NoPlan)> = Vec::new();
        for pair in &pairs {
            let plan = |side: &Option<Side>| {
                let loaded = |side: &Side| governed.of(&side.input);
                let plan = side.as_ref().map(|side| self.plan(side, loaded(side)));
                plan.transpose()
            };
            match [plan(&pair.sides[0])?, plan(&pair.sides[1])?] {
                [Some(Err(no)), _] | [_, Some(Err(no))] => {
                    console.findings(std::slice::from_ref(&no.findings))?;
                    console.say(&no.said())?;
                    without.push((pair, no));
                }
                [before, after] => {
                    let [before, after] = [before, after].map(|plan| plan.and_then(Result::ok));
                    compared.push((pair, Diff::of(before.as_ref(), after.as_ref())));
                }
            }
        }
        let of_folder = pairs.iter().any(|pair| pair.below.is_some());
        if of_folder || !compared.is_empty() {
            console.out(&self.told(&compared, &without, of_folder, console.locale))?;
        }
        let differs = compared.iter().any(|(_, diff)| !diff.changed.is_empty());
        Ok(match self.exit_code && differs {
            _ if !without.is_empty() => Exit::Findings,
            true => Exit::Differs,
            false => Exit::Done,
        })
    }

    /// The plan of a side as its file holds it, or what stands against it.
    fn plan(&self, side: &Side, loaded: &Loaded) -> Result<Result<Plan, NoPlan>, Failure> {
        let plan = match side.is_plan() {
            true => parse(&side.input)?,
            false => {
                let compiled = self.with.compile_locked(&side.input, loaded, &side.locked);
                match compiled.plan {
                    Some(plan) => plan,
                    None => {
                        return Ok(Err(NoPlan {
                            side: side.input.name.clone(),
                            findings: (compiled.diagnostics, compiled.sources),
                        }));
                    }
                }
            }
        };
        as_written(&plan).map(Ok)
    }

    /// The differences in the format asked for; of a folder those specs that differ or give no plan, and how many do not.
    fn told(
        &self,
        compared: &[(&Pair, Diff)],
        without: &[(&Pair, NoPlan)],
        of_folder: bool,
        locale: Locale,
    ) -> String {
        let told = compared
            .iter()
            .filter(|(_, diff)| !of_folder || !diff.changed.is_empty());
        if self.format == Format::Json {
            let mut answer = json!({
                "format_version": "1.0",
                "old": self.old,
                "new": self.new,
            });
            if of_folder {
                let specs = compared.iter().map(|(pair, diff)| {
                    let (changed, unchanged) = (&diff.changed, &diff.unchanged);
                    json!({ "spec": pair.below, "changed": changed, "unchanged": unchanged })
                });
                let broken = without.iter().map(|(pair, no)| {
                    json!({ "spec": pair.below, "no_plan": no.side, "errors": no.errors(locale) })
                });
                answer["specs"] = specs.chain(broken).collect();
            } else {
                for (_, diff) in compared {
                    answer["changed"] = json!(diff.changed);
                    answer["unchanged"] = json!(diff.unchanged);
                }
            }
            return format!("{answer:#}\n");
        }
        let mut pages: Vec<String> = told
            .map(|(pair, diff)| match self.format {
                Format::Markdown => {
                    let [before, after] = &pair.names;
                    render::diff_markdown(diff, before, after, locale)
                }
                _ => in_words(pair, diff, locale),
            })
            .collect();
        if of_folder {
            let changed = pages.len();
            let broken = without.iter().map(|(pair, no)| match self.format {
                Format::Markdown => {
                    let lines = std::iter::once(no.said().render(locale));
                    let [before, after] = &pair.names;
                    render::no_diff_markdown(lines.chain(no.errors(locale)), before, after, locale)
                }
                _ => {
                    let spec = pair.below.as_deref().unwrap_or_default();
                    format!("{spec}:\n{}\n", no.said().render(locale))
                }
            });
            pages.extend(broken);
            let count = |n: usize| n.to_string();
            let text = match without.len() {
                0 => Text::key("cli.diff.count"),
                broken => Text::key("cli.diff.count.broken").arg("broken", count(broken)),
            };
            let text = text
                .arg("changed", count(changed))
                .arg("same", count(compared.len() - changed));
            pages.push(text.render(locale) + "\n");
        }
        pages.join(if of_folder { "\n" } else { "" })
    }
}

/// A spec that gives no plan, and what was found.
struct NoPlan {
    side: String,
    findings: Batch,
}

impl NoPlan {
    fn said(&self) -> Text {
        Text::key("cli.diff.no_plan").arg("side", self.side.as_str())
    }

    /// What stands against the plan, one line each.
    fn errors(&self, locale: Locale) -> Vec<String> {
        let (findings, sources) = &self.findings;
        let mut lines = LineIndices::new(sources);
        let errors = findings
            .iter()
            .filter(|one| one.severity == Severity::Error);
        let told = errors.map(|error| {
            let place = error.span().map(|span| lines.place(span));
            let line = place.map_or_else(String::new, |(_, at)| {
                format!("{}:{}: ", at.line, at.column)
            });
            format!("{line}{}: {}", error.code, error.message.render(locale))
        });
        told.collect()
    }
}

/// A difference line by line.
fn in_words(pair: &Pair, diff: &Diff, locale: Locale) -> String {
    let heading = pair.below.iter().map(|spec| format!("{spec}:\n"));
    let lines = match diff.changed.is_empty() {
        true => vec![Text::key("cli.diff.same")],
        false => diff.lines(),
    };
    let lines = lines.iter().map(|line| line.render(locale) + "\n");
    heading.chain(lines).collect()
}

/// The plan a file holds.
fn parse(side: &Input) -> Result<Plan, Failure> {
    serde_json::from_str(&side.text).map_err(|error| {
        Failure::Said(
            Text::key("cli.verify.no_plan")
                .arg("path", side.name.as_str())
                .arg("reason", error.to_string()),
        )
    })
}

/// The plan as its file holds it: a file holds fewer digits, and a spec must equal the plan that was built from it.
fn as_written(plan: &Plan) -> Result<Plan, Failure> {
    let text = render::json(plan).map_err(|error| Failure::bug(&error))?;
    serde_json::from_str(&text).map_err(|error| Failure::bug(&error))
}
