//! What the YAML reader could not take, in our words where it has a name for it.

use serde_saphyr::Error;
use strsim::damerau_levenshtein;

use super::context::{SHAPE, SYNTAX};
use crate::diagnostic::{Applicability, Diagnostic, FileId, Span, Text};

/// The finding for a reader's error.
pub(super) fn report(file: FileId, text: &str, error: &Error) -> Diagnostic {
    let error = error.without_snippet();
    let place = place(file, text, error);
    let known = |expected: &[&'static str]| expected.join("`, `");
    match error {
        Error::SerdeUnknownField {
            field, expected, ..
        } => suggest(
            Diagnostic::error(
                SHAPE,
                place,
                Text::key("rules.unknown_key")
                    .arg("key", field.clone())
                    .arg("known", known(expected)),
            ),
            place,
            field,
            expected,
        ),
        Error::SerdeUnknownVariant {
            variant, expected, ..
        } => suggest(
            Diagnostic::error(
                SHAPE,
                place,
                Text::key("rules.unknown_word")
                    .arg("word", variant.clone())
                    .arg("known", known(expected)),
            ),
            place,
            variant,
            expected,
        ),
        Error::SerdeMissingField { field, .. } => Diagnostic::error(
            SHAPE,
            place,
            Text::key("rules.missing_key").arg("key", *field),
        ),
        Error::SerdeInvalidType {
            unexpected,
            expected,
            ..
        }
        | Error::SerdeInvalidValue {
            unexpected,
            expected,
            ..
        } => Diagnostic::error(
            SHAPE,
            place,
            Text::key("rules.wrong_type")
                .arg("found", unexpected.clone())
                .arg("expected", expected.clone()),
        ),
        other => {
            let reason = other.to_string();
            let reason = reason.lines().next().unwrap_or_default().to_owned();
            Diagnostic::error(
                SYNTAX,
                place,
                Text::key("rules.unreadable").arg("reason", reason),
            )
        }
    }
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
            Text::key("rules.unknown_word.fix").arg("nearest", nearest),
            place,
            nearest,
        ),
        None => diagnostic,
    }
}
