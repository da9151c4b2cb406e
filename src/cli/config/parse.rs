//! The text of `edgeplan.toml` to its settings, with a finding for everything that is not understood. No IO.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::keys::{self, Kind};
use crate::diagnostic::{Applicability, Code, Diagnostic, FileId, Span, Text};
use crate::syntax::nearest::nearest;

/// What the file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Values of paths and words, by dotted key.
    values: BTreeMap<&'static str, (String, Span)>,
    /// Levels of rules, in the order of the rule ids.
    pub(super) levels: Vec<RuleLevel>,
    /// Keys that the file means to set, in words that are not understood.
    unclear: Vec<String>,
}

/// A line under `[levels]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RuleLevel {
    /// The rule.
    pub(super) id: String,
    /// Where it is named.
    pub(super) id_span: Span,
    /// The word.
    pub(super) level: String,
    /// Where it stands.
    pub(super) level_span: Span,
}

impl Settings {
    /// Where the value of a key stands.
    pub(super) fn place(&self, key: &str) -> Option<Span> {
        self.values.get(key).map(|(_, place)| *place)
    }

    /// Whether the file has the key misspelled, or with a value that is none.
    pub(super) fn is_unclear(&self, key: &str) -> bool {
        self.unclear.iter().any(|unclear| unclear == key)
    }

    /// The value of a key.
    pub(super) fn value(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(|(value, _)| value.as_str())
    }
}

/// Reads the text of the file `file`.
pub(super) fn parse(text: &str, file: FileId) -> (Settings, Vec<Diagnostic>) {
    let mut reader = Reader {
        file,
        settings: Settings::default(),
        findings: Vec::new(),
    };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let span = reader.span(&error.span().unwrap_or_default());
        let reason = error.message().lines().next().unwrap_or_default();
        let message = Text::key("config.syntax").arg("reason", reason);
        reader
            .findings
            .push(Diagnostic::error(Code(806), span, message));
    }
    // What was salvaged of a broken file is not worth more findings.
    if errors.is_empty() {
        reader.table(table.get_ref(), "");
    }
    // Tables come sorted by key; people read from the top.
    reader
        .findings
        .sort_by_key(|finding| finding.span().map(|span| span.start));
    (reader.settings, reader.findings)
}

struct Reader {
    file: FileId,
    settings: Settings,
    findings: Vec<Diagnostic>,
}

impl Reader {
    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    fn table(&mut self, table: &DeTable<'_>, path: &str) {
        for (name, value) in table {
            let full = match path {
                "" => name.get_ref().to_string(),
                path => format!("{path}.{}", name.get_ref()),
            };
            let at = self.span(&value.span());
            let Some(key) = keys::find(&full) else {
                let known: Vec<&str> = keys::of_table(path).collect();
                let at = self.span(&name.span());
                self.unknown(at, name.get_ref(), &known);
                continue;
            };
            match (key.kind, value.get_ref()) {
                (Kind::Table, DeValue::Table(inner)) => self.table(inner, key.path),
                (Kind::ByRule(words), DeValue::Table(inner)) => self.levels(inner, words),
                (Kind::Path, DeValue::String(text)) if !text.is_empty() => {
                    let value = (text.to_string(), at);
                    self.settings.values.insert(key.path, value);
                }
                (Kind::Word(words), value) => {
                    if let Some(word) = self.word(at, &full, value, words) {
                        self.settings.values.insert(key.path, (word, at));
                    }
                }
                (Kind::Path, _) => self.wrong(at, &full, Text::key("config.expected.path")),
                (Kind::Table | Kind::ByRule(_), _) => {
                    self.wrong(at, &full, Text::key("config.expected.table"));
                }
            }
        }
    }

    fn levels(&mut self, table: &DeTable<'_>, words: &[&str]) {
        for (id, value) in table {
            let level_span = self.span(&value.span());
            if let Some(level) = self.word(level_span, id.get_ref(), value.get_ref(), words) {
                self.settings.levels.push(RuleLevel {
                    id: id.get_ref().to_string(),
                    id_span: self.span(&id.span()),
                    level,
                    level_span,
                });
            }
        }
    }

    /// A value that must be one of the words.
    fn word(&mut self, at: Span, key: &str, value: &DeValue<'_>, words: &[&str]) -> Option<String> {
        let text = value.as_str();
        if let Some(text) = text.filter(|text| words.contains(text)) {
            return Some(text.to_owned());
        }
        let expected = Text::key("config.expected.word").arg("words", words.join("`, `"));
        self.wrong(at, key, expected);
        if let Some(near) = text.and_then(|text| nearest(text, words.iter().copied())) {
            self.suggest(at, near, format!("\"{near}\""));
        }
        None
    }

    fn wrong(&mut self, at: Span, key: &str, expected: Text) {
        self.settings.unclear.push(key.to_owned());
        let message = Text::key("config.wrong_value")
            .arg("key", key)
            .arg("expected", expected);
        self.findings
            .push(Diagnostic::error(Code(808), at, message));
    }

    fn unknown(&mut self, at: Span, name: &str, known: &[&str]) {
        let message = Text::key("config.unknown_key")
            .arg("key", name)
            .arg("known", known.join("`, `"));
        self.findings
            .push(Diagnostic::error(Code(807), at, message));
        if let Some(near) = nearest(name, known.iter().copied()) {
            self.settings.unclear.push(near.to_owned());
            self.suggest(at, near, near.to_owned());
        }
    }

    /// Adds a change to the last finding.
    fn suggest(&mut self, at: Span, near: &str, replacement: String) {
        let title = Text::key("yaml.unknown_word.fix").arg("nearest", near);
        if let Some(finding) = self.findings.pop() {
            self.findings
                .push(finding.fix(Applicability::Suggested, title, at, replacement));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<(u16, String)> {
        let (_, findings) = parse(text, FileId(0));
        let under = |finding: &Diagnostic| {
            let span = finding.span().unwrap();
            text.get(span.range()).unwrap().to_owned()
        };
        findings
            .iter()
            .map(|one| (one.code.0, under(one)))
            .collect()
    }

    #[test]
    fn every_key_is_read() {
        let text = "lang = \"zh-CN\"\ncatalog = \"c\"\nrules = 'r'\nout = \"o\"\n\
                    [levels]\nplay-asset-pack = \"off\"\n[prose]\nwriter = \"facts\"\nslm = \"m.gguf\"\n";
        let (settings, findings) = parse(text, FileId(0));
        assert_eq!(findings, []);
        for key in keys::KEYS {
            match key.kind {
                Kind::Path | Kind::Word(_) => {
                    assert!(settings.value(key.path).is_some(), "{}", key.path)
                }
                Kind::ByRule(_) => assert_eq!(settings.levels.len(), 1),
                Kind::Table => {}
            }
        }
    }

    #[test]
    fn every_mistake_of_a_file_is_found_at_its_place() {
        assert_eq!(
            codes("langg = \"en\"\nlang = 3\nout = \"\"\nprose = 1\n[levels]\nx = \"warning\"\n"),
            [
                (807, "langg".to_owned()),
                (808, "3".to_owned()),
                (808, "\"\"".to_owned()),
                (808, "1".to_owned()),
                (808, "\"warning\"".to_owned()),
            ]
        );
        assert_eq!(codes("[prose]\nwritr = 1\n"), [(807, "writr".to_owned())]);
        assert!(codes("lang = \n").iter().all(|(code, _)| *code == 806));
        assert!(!codes("lang = \n").is_empty());
    }
}
