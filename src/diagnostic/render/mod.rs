//! Diagnostics as text: one file per format. Finds nothing and judges nothing.

mod github;
mod gitlab;
mod human;
mod json;
pub mod junit;
mod sarif;
mod short;
mod spot;

pub use github::github;
pub use gitlab::gitlab;
pub use human::human;
pub use json::json;
pub use junit::junit;
pub use sarif::sarif;
pub use short::short;

use super::{Diagnostic, Label, Locale, Text};

/// How a report for people looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// The reader's language.
    pub locale: Locale,
    /// Whether to write terminal colours.
    pub color: bool,
}

/// The words of a text made safe to print: characters that move the cursor or turn the writing direction are replaced.
fn words(text: &Text, locale: Locale) -> String {
    text.render(locale).chars().map(printable).collect()
}

/// `c`, or a visible stand-in for a character that would change how the terminal shows its neighbours.
fn printable(c: char) -> char {
    match c {
        '\n' | '\t' => c,
        '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}' | '\r' => ' ',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => '\u{fffd}',
        '\u{feff}' | '\u{e000}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    }
}

/// The labels with those of operands that stand in a file and are not labelled yet, primary ones first.
fn all_labels(diagnostic: &Diagnostic) -> Vec<Label> {
    let mut labels: Vec<Label> = diagnostic.labels.clone();
    for value in &diagnostic.values {
        let Some(span) = value.span else { continue };
        if labels.iter().any(|label| label.span == span) {
            continue;
        }
        labels.push(Label {
            span,
            text: Text::plain(format!("{} = {}", value.name, value.value)),
            primary: false,
        });
    }
    labels.sort_by_key(|label| !label.primary);
    labels
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diagnostic::{Applicability, Code, FileId, Sources, Span};

    /// The finding of a test, in every format of programs that are not ours.
    fn for_uploaders(batches: &[(Vec<Diagnostic>, Sources)], locale: Locale) {
        for text in [sarif(batches, locale), gitlab(batches, locale)] {
            let parsed: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            assert!(!parsed.is_null());
        }
        let report = junit(batches, locale);
        roxmltree::Document::parse(&report).expect("XML");
        let findings: usize = batches.iter().map(|(findings, _)| findings.len()).sum();
        assert_eq!(github(batches, locale).lines().count(), findings);
    }

    fn span() -> impl Strategy<Value = Span> {
        (0u32..4, 0u32..60, 0u32..60).prop_map(|(file, start, end)| Span {
            file: FileId(file),
            start,
            end,
        })
    }

    fn text() -> impl Strategy<Value = String> {
        "([a-z 内存\\t\\r\\n，\u{2028}\u{85}é%:,<&\"\u{1}\u{fffe}]|\\r\\n|\\]\\]>){0,20}"
    }

    proptest! {
        /// Whatever the spans and texts, every format gives a report, and places lie inside their files.
        #[test]
        fn no_span_panics(
            files in prop::collection::vec(text(), 0..3),
            spans in prop::collection::vec(span(), 1..6),
            said in text(),
        ) {
            let mut sources = Sources::new();
            for (index, text) in files.iter().enumerate() {
                sources.add(format!("{index}.edgeplan"), text.clone());
            }
            let mut diagnostic = Diagnostic::error(Code(1), spans[0], Text::plain(said.clone()));
            for (index, span) in spans.iter().enumerate() {
                diagnostic = match index % 3 {
                    0 => diagnostic.also(*span, Text::plain(said.clone())),
                    1 => diagnostic.value("x", said.clone(), Some(*span)),
                    _ => diagnostic.fix(Applicability::Automatic, Text::empty(), *span, said.clone()),
                };
            }
            let findings = [diagnostic];
            for locale in Locale::ALL {
                for color in [false, true] {
                    let shown = human(&findings, &sources, Style { locale, color });
                    prop_assert!(!shown.is_empty());
                }
                prop_assert_eq!(short(&findings, &sources, locale).lines().count(), 1);
                for_uploaders(&[(findings.to_vec(), sources.clone())], locale);
                let parsed: serde_json::Value =
                    serde_json::from_str(&json(&[(findings.to_vec(), sources.clone())], locale)).expect("JSON");
                let place = &parsed[0];
                let length = sources.file(spans[0].file).map_or(0, |file| file.text.len() as u64);
                let (start, end) = (place["start"].as_u64(), place["end"].as_u64());
                prop_assert!(start <= end && end <= Some(length));
            }
        }
    }
}
