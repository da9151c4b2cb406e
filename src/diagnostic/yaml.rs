//! What the YAML reader could not take of a catalog or rule file, in our words where it has a name for it.

use serde_saphyr::Error;
use strsim::damerau_levenshtein;

use super::{Applicability, Code, Diagnostic, FileId, Span, Text};

/// The codes of one kind of file.
#[derive(Debug, Clone, Copy)]
pub struct Codes {
    /// The text is no YAML.
    pub syntax: Code,
    /// It is YAML, but not of the shape that is read.
    pub shape: Code,
}

/// The finding for a reader's error in `file`, whose text is `text`.
#[must_use]
pub fn unreadable(file: FileId, text: &str, error: &Error, codes: Codes) -> Diagnostic {
    let error = error.without_snippet();
    let place = place(file, text, error);
    let finding = |message: Text| Diagnostic::error(codes.shape, place, message);
    match error {
        Error::SerdeUnknownField {
            field, expected, ..
        } => {
            let message = Text::key("yaml.unknown_key").arg("key", field.clone());
            suggest(
                finding(message.arg("known", known(expected))),
                place,
                field,
                expected,
            )
        }
        Error::SerdeUnknownVariant {
            variant, expected, ..
        } => {
            let message = Text::key("yaml.unknown_word").arg("word", variant.clone());
            suggest(
                finding(message.arg("known", known(expected))),
                place,
                variant,
                expected,
            )
        }
        Error::SerdeMissingField { field, .. } => {
            finding(Text::key("yaml.missing_key").arg("key", *field))
        }
        Error::SerdeInvalidType {
            unexpected,
            expected,
            ..
        }
        | Error::SerdeInvalidValue {
            unexpected,
            expected,
            ..
        } => finding(
            Text::key("yaml.wrong_type")
                .arg("found", unexpected.clone())
                .arg("expected", expected.clone()),
        ),
        other => {
            let code = if matches!(other, Error::ExternalMessage { .. } | Error::Eof { .. }) {
                codes.syntax
            } else {
                codes.shape
            };
            let reason = other.to_string();
            let reason = reason.lines().next().unwrap_or_default().to_owned();
            Diagnostic::error(
                code,
                place,
                Text::key("yaml.unreadable").arg("reason", reason),
            )
        }
    }
}

fn known(expected: &[&'static str]) -> String {
    expected.join("`, `")
}

/// Where the reader stopped; it names a point, so the word that begins there is underlined.
fn place(file: FileId, text: &str, error: &Error) -> Span {
    let at = error.location().map(|location| location.span());
    let offset = at.and_then(|span| span.byte_offset()).unwrap_or_default();
    let len = at.and_then(|span| span.byte_len()).unwrap_or_default();
    let start = usize::try_from(offset).unwrap_or_default().min(text.len());
    let word = text
        .get(start..)
        .and_then(|rest| rest.find(|c: char| c.is_whitespace() || c == ':'))
        .unwrap_or(1);
    let len = usize::try_from(len).unwrap_or_default().max(word);
    Span::new(file, start, (start + len).min(text.len()))
}

/// Adds the nearest known word as a fix.
fn suggest(diagnostic: Diagnostic, place: Span, found: &str, known: &[&'static str]) -> Diagnostic {
    let nearest = known
        .iter()
        .map(|word| (damerau_levenshtein(found, word), *word))
        .filter(|(distance, word)| *distance <= word.len() / 3 + 1)
        .min();
    match nearest {
        Some((_, nearest)) => diagnostic.fix(
            Applicability::Suggested,
            Text::key("yaml.unknown_word.fix").arg("nearest", nearest),
            place,
            nearest,
        ),
        None => diagnostic,
    }
}
