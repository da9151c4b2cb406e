//! What a finding is known by from run to run: its code, its file and the text it stands on. No line numbers and no words
//! of a language, so it stays the same when lines are added above it, figures change, or somebody reads Chinese.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::lines::LineIndex;
use super::{Diagnostic, Sources, Text};

/// Bytes of the digest that are kept; 128 bits do not collide by chance.
const KEPT: usize = 16;

/// Gives out fingerprints; equal findings of one file are told apart by their order.
#[derive(Debug, Default)]
pub struct Fingerprints {
    seen: BTreeMap<[u8; 32], u32>,
}

impl Fingerprints {
    /// None given out yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The fingerprint of the next finding, as hexadecimal digits. `file` is what the finding's file is called in the
    /// report that keeps the fingerprint.
    pub fn of(&mut self, diagnostic: &Diagnostic, file: &str, sources: &Sources) -> String {
        let mut hasher = Sha256::new();
        let stands_on = subject(diagnostic, sources);
        for part in [diagnostic.code.to_string().as_str(), file, &stands_on] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        let base: [u8; 32] = hasher.finalize().into();
        let count = self.seen.entry(base).or_default();
        let mut hasher = Sha256::new();
        hasher.update(base);
        hasher.update(count.to_le_bytes());
        *count += 1;
        let digest = hasher.finalize();
        let kept = digest.iter().take(KEPT);
        kept.map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The lines a finding stands on with their blanks evened out; for one without a place, the kind of its message.
#[must_use]
pub fn subject(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let Some(span) = diagnostic.span() else {
        return match &diagnostic.message {
            Text::Message { key, .. } => (*key).to_owned(),
            Text::Localised { en, .. } => en.clone(),
            Text::Plain(text) => text.clone(),
        };
    };
    let Some(file) = sources.file(span.file) else {
        return String::new();
    };
    let text = file.text.as_ref();
    let lines = LineIndex::new(text).lines_of(span.start as usize, span.end as usize);
    let words: Vec<&str> = text
        .get(lines)
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Span};

    fn on_second_line(text: &str) -> (Diagnostic, Sources) {
        let mut sources = Sources::new();
        let file = sources.add("a", text.to_owned());
        let start = text.find("ram").unwrap();
        let span = Span::new(file, start, start + 3);
        (Diagnostic::error(Code(1), span, Text::plain("x")), sources)
    }

    #[test]
    fn a_finding_keeps_its_fingerprint_when_it_moves_and_loses_it_when_its_line_changes() {
        let of = |text: &str| {
            let (finding, sources) = on_second_line(text);
            Fingerprints::new().of(&finding, "a", &sources)
        };
        let before = of("edgeplan 1\nram >= 8 GB\n");
        assert_eq!(before, of("edgeplan 1\n# a note\n  ram  >= 8 GB\n"));
        assert_ne!(before, of("edgeplan 1\nram >= 6 GB\n"));
    }

    #[test]
    fn equal_findings_are_told_apart() {
        let (finding, sources) = on_second_line("ram >= 8 GB");
        let mut given = Fingerprints::new();
        let first = given.of(&finding, "a", &sources);
        assert_eq!(first.len(), 2 * KEPT);
        assert_ne!(first, given.of(&finding, "a", &sources));
    }
}
