//! `edgeplanc diff`: what is different between two plans. Each side is a plan, a spec, or one of them in a git revision.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;

use crate::cli::console::{Batch, Console};
use crate::cli::exit::{Exit, Failure};
use crate::cli::git;
use crate::cli::inputs::Input;
use crate::cli::lock;
use crate::cli::run::With;
use crate::diagnostic::Text;
use crate::pipeline::Compilation;
use crate::plan::types::Plan;
use crate::plan::{Diff, Lock};
use crate::render;
use crate::solve::Locked;

/// Largest plan that is read, in bytes.
const MAX_BYTES: usize = 16 << 20;

/// Say what is different between two plans: models, quantizations, runtimes, memory, sizes, speeds
///
/// A side is a spec, a NAME.plan.json, or one of them in a git revision, written REVISION:PATH as git does. A REVISION by itself
/// is the file of the other side as it was then.
#[derive(Debug, Args)]
pub(crate) struct DiffPlans {
    /// The plan before: a spec, a NAME.plan.json, REVISION:PATH, or a REVISION
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
        let sides = [read(&self.old, &self.new)?, read(&self.new, &self.old)?];
        let (sides, locks): (Vec<Input>, Vec<Locked>) = sides
            .into_iter()
            .map(|side| (side.input, side.locked))
            .unzip();
        let loaded = self.with.load_for(&sides, console)?;
        let mut plans = Vec::new();
        for (side, locked) in sides.iter().zip(&locks) {
            let plan = match is_plan(side) {
                true => Ok(parse(side)?),
                false => compiled(self.with.compile_locked(side, &loaded, locked)),
            };
            match plan {
                Ok(plan) => plans.push(as_written(&plan)?),
                Err(findings) => {
                    console.findings(&[findings])?;
                    console.say(&Text::key("cli.diff.no_plan").arg("side", side.name.as_str()))?;
                    return Ok(Exit::Findings);
                }
            }
        }
        let diff = Diff::of(plans.first(), plans.get(1));
        let text = match self.format {
            Format::Markdown => render::diff_markdown(&diff, &self.old, &self.new, console.locale),
            Format::Json => {
                let answer = json!({
                    "format_version": "1.0",
                    "old": self.old,
                    "new": self.new,
                    "changed": diff.changed,
                    "unchanged": diff.unchanged,
                });
                format!("{answer:#}\n")
            }
            Format::Text if diff.changed.is_empty() => {
                format!("{}\n", Text::key("cli.diff.same").render(console.locale))
            }
            Format::Text => {
                let lines = diff.lines();
                let lines = lines.iter().map(|line| line.render(console.locale) + "\n");
                lines.collect()
            }
        };
        console.out(&text)?;
        Ok(match self.exit_code && !diff.changed.is_empty() {
            true => Exit::Differs,
            false => Exit::Done,
        })
    }
}

/// What is compared.
struct Side {
    /// A plan or a spec.
    input: Input,
    /// What the lock beside it held.
    locked: Locked,
}

fn is_plan(side: &Input) -> bool {
    let path = side.path.as_deref();
    path.and_then(Path::extension)
        .is_some_and(|ending| ending == "json")
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

/// The plan of a spec; where there is none, what stands against it.
fn compiled(compiled: Compilation) -> Result<Plan, Batch> {
    let Compilation {
        plan,
        diagnostics,
        sources,
        ..
    } = compiled;
    plan.ok_or((diagnostics, sources))
}

/// A side: a file of this name, else a file of a revision, else the file of the other side in a revision of this name.
fn read(side: &str, other: &str) -> Result<Side, Failure> {
    let then = format!("{side}:{other}");
    let is_revision = !side.contains(':')
        && !Path::new(side).exists()
        && Path::new(other).is_file()
        && git::is_revision(side);
    let side = if is_revision { then.as_str() } else { side };
    let path = PathBuf::from(side);
    if path
        .extension()
        .is_some_and(|ending| ending == "md" || ending == "html")
    {
        return Err(Failure::Said(
            Text::key("cli.diff.for_people").arg("side", side),
        ));
    }
    let (path, bytes, locked) = match side.split_once(':') {
        Some((revision, file)) if !path.exists() && !revision.is_empty() => {
            let bytes = git::file(side, revision, file)?;
            (PathBuf::from(file), bytes, locked_then(revision, file)?)
        }
        _ => {
            let bytes = fs::read(&path);
            let bytes = bytes.map_err(|error| Failure::file("cli.cannot_read", &path, &error))?;
            let lock = lock::of_spec(&path)?;
            (path, bytes, lock)
        }
    };
    let refused = |why: Text| {
        let text = Text::key("cli.cannot_read").arg("path", side);
        Failure::Said(text.arg("reason", why))
    };
    if bytes.len() > MAX_BYTES {
        let limit = (MAX_BYTES >> 20).to_string();
        return Err(refused(
            Text::key("cli.reason.too_large").arg("limit", limit),
        ));
    }
    let text = String::from_utf8(bytes).map_err(|_| refused(Text::key("cli.reason.not_utf8")))?;
    Ok(Side {
        input: Input {
            name: side.to_owned(),
            path: Some(path),
            text,
        },
        locked: lock::held(locked.as_ref()),
    })
}

/// The lock that stood beside a spec in a revision, where one did.
fn locked_then(revision: &str, spec: &str) -> Result<Option<Lock>, Failure> {
    let file = lock::beside(Path::new(spec)).display().to_string();
    let side = format!("{revision}:{file}");
    // Most revisions have none, and git has no other word for that than for a broken repository.
    let Ok(bytes) = git::file(&side, revision, &file) else {
        return Ok(None);
    };
    let text = String::from_utf8_lossy(&bytes);
    Ok(Some(lock::parse(&text, &side, spec)?))
}
