//! `edgeplanc verify-prose`: every sentence of a text against the facts of a plan. No model, nothing written.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::catalog;
use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure, reason};
use crate::diagnostic::{Diagnostic, Locale, Severity, Sources, Span, Text};
use crate::plan::types::Plan;
use crate::prose::guide;
use crate::prose::open::open;
use crate::prose::review::{Review, review};

/// Largest file that is read, in bytes.
const MAX_BYTES: u64 = 16 << 20;

/// Check a text about a plan, sentence by sentence, against the facts of the plan
///
/// Refused sentences are underlined with the reason; the run then ends with 1. Any Markdown or plain text will do,
/// whoever wrote it.
#[derive(Debug, Args)]
pub(crate) struct VerifyProse {
    /// The plan, as `edgeplanc build` writes it: NAME.plan.json
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// The text, or - for standard input
    #[arg(value_name = "TEXT")]
    text: PathBuf,
    /// Language of the text [default: the one most of its letters are of]
    #[arg(long, value_name = "LANG", value_parser = crate::cli::locale)]
    locale: Option<Locale>,
}

impl VerifyProse {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let plan = read(&self.plan)?;
        let plan: Plan = serde_json::from_str(&plan).map_err(|error| {
            Failure::Said(
                Text::key("cli.verify.no_plan")
                    .arg("path", self.plan.display().to_string())
                    .arg("reason", error.to_string()),
            )
        })?;
        let text = read(&self.text)?;
        let locale = self.locale.unwrap_or_else(|| language(&text));
        let (guide, facts) = guide::of_plan(&plan, locale, Some(catalog::builtin()));
        let open = open(&plan, &facts);
        let found = review(&text, &guide, &facts, Some(&open));
        let mut sources = Sources::new();
        let name = match self.text.as_os_str() == "-" {
            true => "<stdin>".to_owned(),
            false => self.text.display().to_string(),
        };
        let findings = findings(&found, &name, &text, &mut sources);
        let refused = !findings.is_empty();
        console.findings_are_the_result();
        console.findings(&[(findings, sources)])?;
        console.say(
            &Text::key("cli.verify.total")
                .arg("accepted", found.accepted.to_string())
                .arg("sentences", found.sentences.to_string()),
        )?;
        Ok(if refused { Exit::Findings } else { Exit::Done })
    }
}

/// The refusals of a review as findings in the file.
pub(crate) fn findings(
    review: &Review,
    name: &str,
    text: &str,
    sources: &mut Sources,
) -> Vec<Diagnostic> {
    let file = sources.add(name, text.to_owned());
    review
        .refused
        .iter()
        .map(|refused| {
            let span = Span::new(file, refused.place.start, refused.place.end);
            let code = refused.refusal.reason.code();
            Diagnostic::new(code, Severity::Error, span, refused.refusal.message.clone())
        })
        .collect()
}

fn read(path: &Path) -> Result<String, Failure> {
    let failed = |error: std::io::Error| Failure::file("cli.cannot_read", path, &error);
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin()
            .lock()
            .take(MAX_BYTES + 1)
            .read_to_end(&mut bytes)
    } else {
        fs::File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
    }
    .map_err(failed)?;
    let refused = |reason: Text| {
        Failure::Said(
            Text::key("cli.cannot_read")
                .arg("path", path.display().to_string())
                .arg("reason", reason),
        )
    };
    if bytes.len() as u64 > MAX_BYTES {
        let limit = (MAX_BYTES >> 20).to_string();
        return Err(refused(
            Text::key("cli.reason.too_large").arg("limit", limit),
        ));
    }
    String::from_utf8(bytes).map_err(|_| {
        let error = std::io::Error::from(std::io::ErrorKind::InvalidData);
        refused(reason(&error))
    })
}

/// Chinese where Han characters are more than a tenth of the letters.
fn language(text: &str) -> Locale {
    let han = text
        .chars()
        .filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c))
        .count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if han * 10 > letters {
        Locale::ZhCn
    } else {
        Locale::En
    }
}
