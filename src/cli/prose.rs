//! `build --prose`: the guide beside the plan. Words come from the lock, else from the model; what stands is decided by
//! the verifier each time.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::config::Config;
use super::console::Console;
use super::exit::Failure;
use super::outputs::Output;
use crate::catalog::Catalog;
use crate::diagnostic::{Code, Diagnostic, Locale, Severity, Text};
use crate::plan::types::Plan;
use crate::prose::compose::{Composed, compose};
use crate::prose::guide::{self, Paragraph};
use crate::prose::lock::{Lock, Written, key};
use crate::prose::verify::Verifier;
use crate::prose::writer::{self, Identity, Prompt, Writer, prompt, weights};
use crate::render;

/// Options of the guide.
#[derive(Debug, Clone, Args)]
pub(crate) struct ProseOptions {
    /// Write a guide in prose beside the plan: NAME.guide.md; by a local model, every sentence verified, or from the
    /// facts alone
    #[arg(long, value_enum, value_name = "WRITER", num_args = 0..=1, require_equals = true, default_missing_value = "model")]
    prose: Option<By>,
    /// The model file (GGUF, instruct) that writes, instead of the one in the cache
    #[arg(long, value_name = "FILE", requires = "prose")]
    slm: Option<PathBuf>,
    /// Show each refused sentence with its reason
    #[arg(long, requires = "prose")]
    prose_report: bool,
}

impl ProseOptions {
    /// Takes from the configuration what the command line does not say.
    pub(crate) fn or(mut self, config: &Config) -> Self {
        let writer = config
            .writer()
            .and_then(|word| By::from_str(word, false).ok());
        self.prose = self.prose.or(writer);
        self.slm = self.slm.or_else(|| config.slm());
        self
    }
}

/// Who writes the guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// A local model
    Model,
    /// The facts' own sentences
    Facts,
}

/// What the guides of one spec come to.
pub(crate) struct Guides {
    /// Files to write: guides, and the lock.
    pub(crate) outputs: Vec<Output>,
    /// Guides that no longer follow from the plan, when nothing may be written.
    pub(crate) stale: Vec<Diagnostic>,
}

/// The guides of a run: the model is loaded once, when the first paragraph needs it.
pub(crate) struct Prose<'a> {
    options: &'a ProseOptions,
    catalog: &'a Catalog,
    writer: Option<Box<dyn Writer>>,
    check: bool,
}

impl<'a> Prose<'a> {
    /// `None` when no guide is asked for. With `check`, no model is used and nothing may be new.
    pub(crate) fn new(
        options: &'a ProseOptions,
        catalog: &'a Catalog,
        check: bool,
    ) -> Option<Self> {
        options.prose?;
        Some(Self {
            options,
            catalog,
            writer: None,
            check,
        })
    }

    /// The guides of one plan, to be written into `folder` under the name `stem`.
    pub(crate) fn guides(
        &mut self,
        plan: &Plan,
        locales: &[Locale],
        folder: &Path,
        stem: &str,
        console: &mut Console,
    ) -> Result<Guides, Failure> {
        let lock_path = folder.join(format!("{stem}.prose.lock"));
        let old = fs::read_to_string(&lock_path)
            .ok()
            .and_then(|text| Lock::read(&text));
        let old = old.unwrap_or_else(|| Lock::new(&plan.generated_from.spec));
        let mut new = Lock::new(&plan.generated_from.spec);
        let mut guides = Guides {
            outputs: Vec::new(),
            stale: Vec::new(),
        };
        for (index, locale) in locales.iter().enumerate() {
            let name = match index {
                0 => format!("{stem}.guide.md"),
                _ => format!("{stem}.guide.{locale}.md"),
            };
            let path = folder.join(name);
            let text = self.guide(plan, *locale, &path, &old, &mut new, &mut guides, console)?;
            guides.outputs.push(Output { path, text });
        }
        if self.options.prose == Some(By::Model) {
            let text = new.text().map_err(|error| Failure::bug(&error))?;
            guides.outputs.push(Output {
                path: lock_path,
                text,
            });
        }
        Ok(guides)
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "the old lock is read while the new one and the findings grow"
    )]
    fn guide(
        &mut self,
        plan: &Plan,
        locale: Locale,
        path: &Path,
        old: &Lock,
        new: &mut Lock,
        guides: &mut Guides,
        console: &mut Console,
    ) -> Result<String, Failure> {
        let (guide, facts) = guide::of_plan(plan, locale, Some(self.catalog));
        let verifier = Verifier::new(&facts);
        let paragraphs: Vec<&Paragraph> =
            guide.sections.iter().flat_map(|s| &s.paragraphs).collect();
        let mut texts: Vec<(&str, String)> = Vec::new();
        let mut total = (0, 0);
        if self.options.prose == Some(By::Facts) {
            texts.extend(
                paragraphs
                    .iter()
                    .map(|one| (one.id.as_str(), one.text(locale))),
            );
        } else {
            let all = self.written(&paragraphs, locale, old, console)?;
            for (paragraph, written) in paragraphs.iter().zip(all) {
                let Some(written) = written else {
                    guides.stale.push(stale(path, Some(&paragraph.id)));
                    continue;
                };
                let composed = compose(paragraph, &written.text, &facts, &verifier);
                total = (total.0 + composed.written, total.1 + composed.accepted);
                if self.options.prose_report {
                    report(&composed, console)?;
                }
                texts.push((&paragraph.id, composed.text));
                new.paragraphs.push(written);
            }
        }
        if self.options.prose_report && self.options.prose == Some(By::Model) {
            console.say(
                &Text::key("prose.writer.share")
                    .arg("spec", plan.generated_from.spec.as_str())
                    .arg("locale", locale.tag())
                    .arg("written", total.0.to_string())
                    .arg("accepted", total.1.to_string()),
            )?;
        }
        let body = |paragraph: &Paragraph| {
            let found = texts.iter().find(|(id, _)| *id == paragraph.id);
            found.map_or_else(String::new, |(_, text)| text.clone())
        };
        Ok(guide::markdown(&guide, &render::marker(plan), &body))
    }

    /// The words of each paragraph: those of the lock, or new ones. `None` where there are none and none may be made.
    fn written(
        &mut self,
        paragraphs: &[&Paragraph],
        locale: Locale,
        old: &Lock,
        console: &mut Console,
    ) -> Result<Vec<Option<Written>>, Failure> {
        let requests: Vec<Prompt> = paragraphs.iter().map(|one| prompt(one, locale)).collect();
        let find = |at: usize, writer: Option<&Identity>| {
            let request = requests.get(at)?;
            old.find(locale, &paragraphs.get(at)?.id, request, writer)
                .cloned()
        };
        let mut all = vec![None; paragraphs.len()];
        // Without a model named, whatever wrote the committed words wrote them well enough.
        if self.options.slm.is_none() || self.check {
            all = (0..all.len()).map(|at| find(at, None)).collect();
        }
        if self.check || all.iter().all(Option::is_some) {
            return Ok(all);
        }
        let (writer, path) = self.writer(console)?;
        let identity = writer.identity().clone();
        for (at, written) in all.iter_mut().enumerate() {
            *written = written.take().or_else(|| find(at, Some(&identity)));
        }
        let lacking: Vec<usize> = (0..all.len()).filter(|at| all[*at].is_none()).collect();
        let known = all.len() - lacking.len();
        let asked: Vec<Prompt> = lacking.iter().map(|at| requests[*at].clone()).collect();
        let outcome = writer
            .write(&asked, &mut |progress| {
                console.progress(
                    &Text::key("prose.writer.progress")
                        .arg("locale", locale.tag())
                        .arg("number", (known + progress.written).to_string())
                        .arg("count", paragraphs.len().to_string())
                        .arg("tokens", progress.tokens.to_string())
                        .arg("speed", format!("{:.0}", progress.per_second)),
                );
            })
            .map_err(|error| Failure::Said(error.text(&path)));
        console.end_progress();
        for (at, text) in lacking.into_iter().zip(outcome?) {
            all[at] = Some(Written {
                locale,
                paragraph: paragraphs[at].id.clone(),
                key: key(&requests[at], &identity),
                writer: identity.clone(),
                text,
            });
        }
        Ok(all)
    }

    /// The model, loaded when first asked for.
    fn writer(
        &mut self,
        console: &mut Console,
    ) -> Result<(&mut Box<dyn Writer>, PathBuf), Failure> {
        let path = match &self.options.slm {
            Some(path) => path.clone(),
            None => in_cache()?,
        };
        if self.writer.is_none() {
            let shown = path.display().to_string();
            console.progress(&Text::key("prose.writer.loading").arg("path", shown));
            let opened = writer::open(&path);
            console.end_progress();
            self.writer = Some(opened.map_err(|error| Failure::Said(error.text(&path)))?);
        }
        match &mut self.writer {
            Some(writer) => Ok((writer, path)),
            None => Err(Failure::Shown),
        }
    }
}

/// The best model file of the cache.
fn in_cache() -> Result<PathBuf, Failure> {
    if !cfg!(feature = "slm") {
        return Err(Failure::Said(Text::key("prose.writer.not_built")));
    }
    let folder = weights::cache(&|name| std::env::var(name).ok()).unwrap_or_default();
    let known = weights::table();
    let usable = known.iter().filter(|weights| weights.role != "fixture");
    usable
        .filter_map(|weights| weights.in_folder(&folder))
        .next()
        .ok_or_else(|| {
            Failure::Said(
                Text::key("prose.writer.no_weights").arg("folder", folder.display().to_string()),
            )
        })
}

fn report(composed: &Composed, console: &mut Console) -> Result<(), Failure> {
    for (sentence, refusal) in &composed.refused {
        console.say(
            &Text::key("prose.writer.refused")
                .arg("code", refusal.reason.code().to_string())
                .arg("sentence", sentence.as_str())
                .arg("message", refusal.message.clone()),
        )?;
    }
    Ok(())
}

/// A committed guide that no longer follows from its plan.
pub(crate) fn stale(path: &Path, paragraph: Option<&str>) -> Diagnostic {
    let path = path.display().to_string();
    Diagnostic {
        code: Code(915),
        severity: Severity::Error,
        message: Text::key("prose.stale").arg("path", path),
        labels: Vec::new(),
        values: Vec::new(),
        fixes: Vec::new(),
        notes: paragraph
            .map(|id| Text::key("prose.stale.other").arg("paragraph", id))
            .into_iter()
            .collect(),
        helps: vec![Text::key("prose.stale.help")],
    }
}
