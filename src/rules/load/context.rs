//! What reading any file needs: places, names seen, conditions, texts, and the list of findings.

use std::collections::BTreeMap;

use super::stem;
use crate::catalog::record::Located;
use crate::catalog::types::Bilingual;
use crate::diagnostic::yaml::Codes;
use crate::diagnostic::{Code, Diagnostic, FileId, Sources, Span, Text};
use crate::rules::record::WordsRecord;
use crate::rules::template;
use crate::spec::expr::Expr;
use crate::spec::expr_parse::parse_condition;
use crate::spec::facts;

/// Not YAML, or not the shape of a rule.
pub(super) const UNREADABLE: Codes = Codes {
    syntax: Code(740),
    shape: Code(741),
};
/// The id is not the file's name.
pub(super) const NAME: Code = Code(742);
/// An id twice.
pub(super) const DUPLICATE: Code = Code(743);
/// A code or role no rule may have.
pub(super) const CLASS: Code = Code(744);
/// A placeholder without a fact.
pub(super) const PLACEHOLDER: Code = Code(745);
/// An example that comes out otherwise.
pub(super) const EXAMPLE: Code = Code(746);
/// An example that assigns what cannot be.
pub(super) const ASSIGNMENT: Code = Code(747);

/// The state of one load.
#[derive(Debug, Default)]
pub(super) struct Context {
    /// The files, in order.
    pub(super) sources: Sources,
    /// Findings so far.
    pub(super) diagnostics: Vec<Diagnostic>,
    ids: BTreeMap<String, Span>,
}

/// The place of a value.
pub(super) fn span<T>(file: FileId, located: &Located<T>) -> Span {
    Span {
        file,
        start: located.start,
        end: located.end,
    }
}

impl Context {
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Checks an id: that of its file, and the only one.
    pub(super) fn id(&mut self, file: FileId, name: &str, id: &Located<String>) {
        let place = span(file, id);
        let stem = stem(name);
        if stem != id.value {
            self.report(
                Diagnostic::error(
                    NAME,
                    place,
                    Text::key("rules.name")
                        .arg("id", id.value.clone())
                        .arg("file", stem),
                )
                .help(Text::key("rules.name.help").arg("file", stem)),
            );
        }
        match self.ids.get(&id.value).copied() {
            Some(first) => self.report(
                Diagnostic::error(
                    DUPLICATE,
                    place,
                    Text::key("rules.duplicate").arg("id", id.value.clone()),
                )
                .also(first, Text::key("rules.duplicate.first"))
                .help(Text::key("rules.duplicate.help")),
            ),
            None => {
                self.ids.insert(id.value.clone(), place);
            }
        }
    }

    /// A condition, parsed and typed, its spans in the YAML file; `None` after findings.
    pub(super) fn condition(
        &mut self,
        file: FileId,
        text: &str,
        written: &Located<String>,
    ) -> Option<Expr> {
        let (source, offset) = expression_text(text, written);
        match parse_condition(&source, file, offset) {
            Ok(expr) => Some(expr),
            Err(mut findings) => {
                self.diagnostics.append(&mut findings);
                None
            }
        }
    }

    /// A text in both languages whose placeholders are facts.
    pub(super) fn words(&mut self, file: FileId, record: &WordsRecord) -> Bilingual {
        for words in [&record.en, &record.zh] {
            for name in template::placeholders(&words.value) {
                if facts::find(name).is_none() {
                    self.report(
                        Diagnostic::error(
                            PLACEHOLDER,
                            span(file, words),
                            Text::key("rules.placeholder").arg("name", name),
                        )
                        .help(Text::key("rules.placeholder.help")),
                    );
                }
            }
        }
        Bilingual {
            en: record.en.value.trim().to_owned(),
            zh: record.zh.value.trim().to_owned(),
        }
    }
}

/// The text of an expression with the offset its bytes have in the file.
///
/// The bytes are those of the file, with quotes and line breaks blanked, so that places keep their meaning in block
/// scalars and over several lines. A quoted text with escapes is taken as decoded; its places are then those of its start.
fn expression_text(text: &str, written: &Located<String>) -> (String, usize) {
    let (start, end) = (written.start as usize, written.end as usize);
    let raw = text.get(start..end).unwrap_or_default();
    let quoted = raw.starts_with(['"', '\'']);
    if raw.is_empty() || (quoted && (raw.contains('\\') || raw.contains("''"))) {
        return (written.value.clone(), start);
    }
    let mut plain = raw.replace(['\n', '\r', '\t'], " ");
    if quoted && plain.len() >= 2 {
        plain.replace_range(..1, " ");
        plain.replace_range(plain.len() - 1.., " ");
    }
    (plain, start)
}
