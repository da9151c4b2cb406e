//! `edgeplanc build`: the plan of each spec, written beside it. A failed build leaves what was there.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::config::Config;
use crate::cli::console::{Batch, Console};
use crate::cli::exit::{Exit, Failure};
use crate::cli::inputs::Input;
use crate::cli::knowledge::Loaded;
use crate::cli::lock::{self, Unusable};
use crate::cli::outputs::{self, Output, Standing};
use crate::cli::prose::{self, Guides, Prose, ProseOptions};
use crate::cli::run::{self, Specs, Tally};
use crate::diagnostic::{Code, Diagnostic, FileId, Locale, Severity, Sources, Text};
use crate::plan::Lock;
use crate::plan::types::Plan;
use crate::render;

/// Write the plan of each spec beside it: NAME.plan.md, NAME.plan.LOCALE.md for further languages, NAME.plan.json; and its
/// lock, NAME.edgeplan.lock
#[derive(Debug, Clone, Args)]
pub(crate) struct Build {
    #[command(flatten)]
    specs: Specs,
    /// Folder for the plans, instead of beside each spec
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Formats, separated by commas
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FORMAT", default_values = ["md", "json"])]
    format: Vec<PlanFormat>,
    /// Languages of the plan, separated by commas, instead of those of the spec
    #[arg(long, value_delimiter = ',', value_name = "LANG", value_parser = crate::cli::locale)]
    locale: Vec<Locale>,
    /// Write nothing; end with 3 when a committed plan differs
    #[arg(long)]
    check: bool,
    /// Print the plan in its first format and language instead of writing files; so does - without --out
    #[arg(long, conflicts_with_all = ["out", "check"])]
    stdout: bool,
    /// Write nothing and end with 3 when the plan would be another than the lock holds
    #[arg(long)]
    locked: bool,
    /// Overwrite files that edgeplanc did not write
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    prose: ProseOptions,
    /// Says where plans go that are not told otherwise.
    #[arg(skip)]
    config: Option<Config>,
}

/// A format of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PlanFormat {
    /// For people
    Md,
    /// For programs
    Json,
    /// One page for browsers
    Html,
}

impl PlanFormat {
    fn render(self, plan: &Plan, locale: Locale) -> Result<String, Failure> {
        match self {
            Self::Md => render::markdown(plan, locale).map_err(|error| Failure::bug(&error)),
            Self::Json => render::json(plan).map_err(|error| Failure::bug(&error)),
            Self::Html => render::html(plan, locale).map_err(|error| Failure::bug(&error)),
        }
    }

    /// The ending of the file for the `index`th language; `None` when that language has no file of its own.
    fn ending(self, index: usize, locale: Locale) -> Option<String> {
        let kind = match self {
            Self::Md => "md",
            Self::Html => "html",
            Self::Json => return (index == 0).then(|| "plan.json".to_owned()),
        };
        Some(if index == 0 {
            format!("plan.{kind}")
        } else {
            format!("plan.{locale}.{kind}")
        })
    }
}

impl Build {
    /// The specs and folders it was asked to build.
    pub(crate) fn paths(&self) -> &[PathBuf] {
        &self.specs.specs
    }

    /// The same build of other specs.
    pub(crate) fn of(mut self, specs: Vec<PathBuf>) -> Self {
        self.specs.specs = specs;
        self
    }

    /// Folders of catalog and rule files named on the command line.
    pub(crate) fn knowledge_folders(&self) -> impl Iterator<Item = &PathBuf> {
        self.specs.with.knowledge_folders()
    }

    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let given = run::read(&self.specs.specs);
        let governed = self.specs.with.govern(&given.specs, console)?;
        let piped = given.specs.iter().any(|input| input.path.is_none());
        if piped && self.locked {
            return Err(Failure::Said(Text::key("cli.build.no_lock")));
        }
        // A plan that is printed is the result; what is said of it is not.
        let written = !self.stdout && (!piped || self.out.is_some());
        if written {
            console.findings_are_the_result();
        }
        console.findings(&given.unreadable)?;
        console.findings(&given.left)?;
        let parts = governed.parted(given.specs);
        let parts: Vec<(Self, &Loaded, Vec<Input>)> = (parts.into_iter())
            .map(|(loaded, specs)| (self.under(&loaded.config, written), loaded, specs))
            .collect();
        refuse_clashes(&parts)?;
        let mut tally = Tally::default();
        let mut exit = given.exit;
        for (build, loaded, specs) in &parts {
            exit = exit.and(build.all(specs, loaded, &mut tally, console)?);
        }
        if tally.exit() != Exit::Done {
            tally.say(console)?;
        } else {
            tally.say_advice(console)?;
        }
        Ok(exit.and(tally.exit()))
    }

    /// The same build under a configuration; `written` says whether plans become files.
    fn under(&self, config: &Config, written: bool) -> Self {
        Self {
            prose: self.prose.clone().or(config),
            config: written.then(|| config.clone()),
            ..self.clone()
        }
    }

    /// Builds specs that one configuration governs.
    fn all(
        &self,
        inputs: &[Input],
        loaded: &Loaded,
        tally: &mut Tally,
        console: &mut Console,
    ) -> Result<Exit, Failure> {
        let mut exit = Exit::Done;
        let results = run::in_parallel(inputs, |input| {
            let lock = lock::read(input)?;
            let locked = lock::held(lock.as_ref());
            let mut compiled = self.specs.with.compile_locked(input, loaded, &locked);
            // The judged candidates are many and no longer needed.
            compiled.solution = None;
            Ok::<_, Unusable>((compiled, lock))
        });
        let mut prose = Prose::new(&self.prose, &loaded.catalog, self.check);
        for (input, result) in inputs.iter().zip(results) {
            let (mut compiled, old) = match result {
                Ok(built) => built,
                // The other specs are built all the same.
                Err(unusable) => {
                    exit = exit.and(console.refuse(unusable.into())?);
                    continue;
                }
            };
            tally.add(&compiled.diagnostics);
            let told = match (&compiled.plan, &compiled.spec) {
                (Some(_), Some(spec)) => told_in_plan(&mut compiled.diagnostics, spec.file),
                _ => Vec::new(),
            };
            let batch: Batch = (compiled.diagnostics, compiled.sources);
            console.findings_with_brief(&batch, &told)?;
            let (Some(plan), Some(spec)) = (&compiled.plan, &compiled.spec) else {
                continue;
            };
            let locales = if self.locale.is_empty() {
                spec.locales.value.as_slice()
            } else {
                self.locale.as_slice()
            };
            let new = Lock::of(plan, &loaded.rules);
            if self.locked
                && let Some(finding) = lock::differs(input, old.as_ref(), &new)
            {
                console.findings(&[(vec![finding], Sources::new())])?;
                exit = exit.and(Exit::Differs);
                continue;
            }
            exit = exit.and(self.deliver(input, plan, locales, &new, &mut prose, console)?);
            if let Some(old) = old.filter(|_| !self.check && !self.stdout) {
                for line in lock::told(&old, &new) {
                    console.say(&line)?;
                }
            }
        }
        Ok(exit)
    }

    /// Prints, compares or writes one plan.
    fn deliver(
        &self,
        input: &Input,
        plan: &Plan,
        locales: &[Locale],
        lock: &Lock,
        prose: &mut Option<Prose<'_>>,
        console: &mut Console,
    ) -> Result<Exit, Failure> {
        if self.stdout || (input.path.is_none() && self.out.is_none()) {
            if let (Some(format), Some(locale)) = (self.format.first(), locales.first()) {
                console.out(&format.render(plan, *locale)?)?;
            }
            return Ok(Exit::Done);
        }
        let mut outputs = self.outputs(input, plan, locales)?;
        outputs.extend(lock::output(input, lock)?);
        let guides = match prose {
            Some(prose) => {
                let (folder, stem) = (self.folder(input), input.stem());
                Some(prose.guides(plan, locales, &folder, &stem, console)?)
            }
            None => None,
        };
        if self.check {
            let exit = compare(&outputs, console)?;
            return Ok(match guides {
                Some(guides) => exit.and(compare_guides(guides, console)?),
                None => exit,
            });
        }
        outputs.extend(guides.into_iter().flat_map(|guides| guides.outputs));
        let changed = outputs::write_all(&outputs, self.force)?;
        let spec = input.name.clone();
        let said = if changed.is_empty() {
            Text::key("cli.build.unchanged").arg("spec", spec)
        } else {
            let files: Vec<String> = changed.iter().map(|p| p.display().to_string()).collect();
            Text::key("cli.build.wrote")
                .arg("spec", spec)
                .arg("files", files.join(", "))
        };
        console.say(&said)?;
        Ok(Exit::Done)
    }

    fn outputs(
        &self,
        input: &Input,
        plan: &Plan,
        locales: &[Locale],
    ) -> Result<Vec<Output>, Failure> {
        let mut outputs: Vec<Output> = Vec::new();
        let folder = self.folder(input);
        for format in &self.format {
            for (index, locale) in locales.iter().enumerate() {
                let Some(ending) = format.ending(index, *locale) else {
                    continue;
                };
                let path = folder.join(format!("{}.{ending}", input.stem()));
                if outputs.iter().all(|output| output.path != path) {
                    let text = format.render(plan, *locale)?;
                    outputs.push(Output { path, text });
                }
            }
        }
        Ok(outputs)
    }

    fn folder(&self, input: &Input) -> PathBuf {
        let configured = || self.config.as_ref()?.out(input.folder());
        let named = self.out.clone().or_else(configured);
        named.unwrap_or_else(|| input.folder().to_owned())
    }
}

/// Two specs of one name cannot both be written to one folder.
fn refuse_clashes(parts: &[(Build, &Loaded, Vec<Input>)]) -> Result<(), Failure> {
    let mut taken = BTreeSet::new();
    for (build, _, inputs) in parts {
        for input in inputs {
            let target = build.folder(input).join(input.stem().as_ref());
            if !taken.insert(target.clone()) {
                return Err(Failure::Said(
                    Text::key("cli.build.clash").arg("path", target.display().to_string()),
                ));
            }
        }
    }
    Ok(())
}

/// Takes out the warnings of rules about chosen stacks: the plan says them with their remedies. Those about the words of
/// the spec are in no plan and stay.
fn told_in_plan(findings: &mut Vec<Diagnostic>, spec: FileId) -> Vec<Diagnostic> {
    let told = |finding: &mut Diagnostic| {
        finding.severity == Severity::Warning
            && finding.labels.iter().any(|label| label.span.file != spec)
    };
    findings.extract_if(.., told).collect()
}

/// Reports each file that is not what the spec gives now.
fn compare(outputs: &[Output], console: &mut Console) -> Result<Exit, Failure> {
    let mut batches: Vec<Batch> = Vec::new();
    for output in outputs {
        if output.standing()? != Standing::Same {
            batches.push((vec![differs(output)], Sources::new()));
        }
    }
    console.findings(&batches)?;
    Ok(if batches.is_empty() {
        Exit::Done
    } else {
        Exit::Differs
    })
}

/// Reports each guide that no longer follows from the plan.
fn compare_guides(guides: Guides, console: &mut Console) -> Result<Exit, Failure> {
    let mut findings = guides.stale;
    if findings.is_empty() {
        for output in &guides.outputs {
            if output.standing()? != Standing::Same {
                findings.push(prose::stale(&output.path, None));
            }
        }
    }
    let same = findings.is_empty();
    console.findings(&[(findings, Sources::new())])?;
    Ok(if same { Exit::Done } else { Exit::Differs })
}

fn differs(output: &Output) -> Diagnostic {
    Diagnostic {
        code: Code(805),
        severity: Severity::Error,
        message: Text::key("input.differs").arg("path", output.path.display().to_string()),
        labels: Vec::new(),
        values: Vec::new(),
        fixes: Vec::new(),
        notes: output.first_difference().into_iter().collect(),
        helps: vec![Text::key("input.differs.help")],
    }
}
