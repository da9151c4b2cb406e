//! Reads the small parts that statements and expressions share, and reports the slips the grammar lets through.

use std::ops::Range;

use pest::Parser;

use super::grammar::{Grammar, Pair, Rule};
use super::positions::Positions;
use super::tree::{Number, Operator, Value, ValueKind, Word};
use crate::diagnostic::{Applicability, Code, Diagnostic, Span, Text};

/// Turns pieces of one parse into parts of a tree, and gathers what is wrong with them.
pub(super) struct Reader<'t> {
    /// The text the grammar read.
    pub(super) text: &'t str,
    /// The way back to the user's text.
    pub(super) positions: Positions,
    /// What was found so far.
    pub(super) findings: Vec<Diagnostic>,
}

impl<'t> Reader<'t> {
    pub(super) const fn new(
        text: &'t str,
        positions: Positions,
        findings: Vec<Diagnostic>,
    ) -> Self {
        Self {
            text,
            positions,
            findings,
        }
    }

    /// Where a pair stands, the blanks and line breaks behind it left out.
    pub(super) fn span(&self, pair: &Pair<'_>) -> Span {
        let start = pair.as_span().start();
        self.positions
            .span(start, start + pair.as_str().trim_end().len())
    }

    /// Where bytes of the prepared text stand.
    pub(super) fn place(&self, range: &Range<usize>) -> Span {
        self.positions.span(range.start, range.end)
    }

    pub(super) fn word(&self, pair: &Pair<'_>) -> Word {
        Word {
            text: pair.as_str().trim_end().to_owned(),
            span: self.span(pair),
        }
    }

    /// A slip with a certain fix: replace the pair by `meant`.
    pub(super) fn slip(&mut self, code: u16, pair: &Pair<'_>, message: Text, meant: &str) {
        let range = pair.as_span();
        if self.positions.touched(range.start(), range.end()) {
            return;
        }
        let span = self.span(pair);
        let title = if meant.trim().is_empty() {
            Text::key("language.remove")
        } else {
            Text::key("language.write").arg("what", meant.trim())
        };
        let finding = Diagnostic::error(Code(code), span, message);
        self.findings
            .push(finding.fix(Applicability::Automatic, title, span, meant));
    }

    /// `==` for `=` and the like.
    pub(super) fn wrong_operator(&mut self, pair: &Pair<'_>, meant: &str) {
        let found = pair.as_str().trim_end();
        let message = Text::key("language.operator")
            .arg("found", found)
            .arg("meant", meant.trim());
        self.slip(109, pair, message, meant);
    }

    /// `: ` or `=` behind a keyword that wants neither.
    pub(super) fn needless(&mut self, pair: &Pair<'_>) {
        let message = Text::key("language.needless").arg("found", pair.as_str().trim());
        self.slip(109, pair, message, " ");
    }

    pub(super) fn word_operator(
        &mut self,
        pair: &Pair<'_>,
        operator: Operator,
        word: &str,
    ) -> Operator {
        if pair.as_str() != word {
            self.wrong_operator(pair, word);
        }
        operator
    }

    /// The operator of a `compare` or `relation`.
    pub(super) fn comparison(&mut self, pair: &Pair<'_>) -> Operator {
        let odd = pair
            .clone()
            .into_inner()
            .find(|part| part.as_rule() == Rule::odd_relation);
        let sign = match &odd {
            Some(odd) => {
                let meant = match odd.as_str() {
                    "==" => "=",
                    "=>" => ">=",
                    "=<" => "<=",
                    _ => "!=",
                };
                self.wrong_operator(odd, meant);
                meant
            }
            None => pair.as_str(),
        };
        const SIGNS: [(&str, Operator); 5] = [
            ("<=", Operator::AtMost),
            (">=", Operator::AtLeast),
            ("!=", Operator::NotEqual),
            ("<", Operator::Less),
            (">", Operator::Greater),
        ];
        SIGNS
            .iter()
            .find(|(spelling, _)| sign.starts_with(spelling))
            .map_or(Operator::Equal, |(_, operator)| *operator)
    }

    /// A `quantity`.
    pub(super) fn number(&mut self, pair: Pair<'_>) -> Number {
        let span = self.span(&pair);
        let mut value = 0.0;
        let mut unit = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::number => value = figure(part.as_str()),
                Rule::unit => unit = Some(self.word(&part)),
                _ => {}
            }
        }
        Number { value, unit, span }
    }

    /// A `number` without a unit.
    pub(super) fn plain_number(&self, pair: &Pair<'_>) -> Number {
        Number {
            value: figure(pair.as_str()),
            unit: None,
            span: self.span(pair),
        }
    }

    /// The content of a string, also of one in the wrong quotes or none, or without an end.
    pub(super) fn string(&mut self, pair: &Pair<'_>) -> String {
        let text = pair.as_str().trim_end();
        match pair.as_rule() {
            Rule::string => unescape(text.get(1..text.len().saturating_sub(1)).unwrap_or("")),
            Rule::open_string => {
                let content = text.get(1..).unwrap_or("");
                let message = Text::key("language.open-string");
                let finding = Diagnostic::error(Code(104), self.span(pair), message);
                let end = pair.as_span().start() + text.len();
                let here = self.place(&(end..end));
                let title = Text::key("language.close-string");
                self.findings
                    .push(finding.fix(Applicability::Suggested, title, here, "\""));
                content.to_owned()
            }
            Rule::odd_quotes => {
                let content = text.get(1..text.len().saturating_sub(1)).unwrap_or("");
                let message = Text::key("language.single-quotes").arg("found", text);
                self.slip(110, pair, message, &quote(content));
                content.to_owned()
            }
            _ => {
                let message = Text::key("language.missing-quotes").arg("found", text);
                self.slip(110, pair, message, &quote(text));
                text.to_owned()
            }
        }
    }

    /// A `value`, `word_value` or `text`.
    pub(super) fn value(&mut self, pair: Pair<'_>) -> Value {
        let span = self.span(&pair);
        let kind = match pair.into_inner().next() {
            None => ValueKind::Word(String::new()),
            Some(inner) => match inner.as_rule() {
                Rule::param_ref => {
                    ValueKind::Param(inner.as_str().trim_start_matches('$').to_owned())
                }
                Rule::quantity | Rule::plain => ValueKind::Number(self.number(inner)),
                Rule::boolean => ValueKind::Bool(inner.as_str() == "true"),
                Rule::word => ValueKind::Word(inner.as_str().to_owned()),
                _ => ValueKind::Text(self.string(&inner)),
            },
        };
        Value { kind, span }
    }
}

/// The number written so. The grammar allows digits, `_` and one point, which always parse; digits without end are
/// more than any quantity can be.
fn figure(text: &str) -> f64 {
    text.replace('_', "").parse().unwrap_or(f64::MAX)
}

fn unescape(text: &str) -> String {
    text.replace("\\\"", "\"").replace("\\\\", "\\")
}

/// The value that a text outside a spec spells (`6GB`, `en`); all of it at `span`. What is no value is a text.
#[must_use]
pub fn value_of(text: &str, span: Span) -> ValueKind {
    let spelled = text.trim();
    let Ok(pairs) = Grammar::parse(Rule::only_value, spelled) else {
        return ValueKind::Text(spelled.to_owned());
    };
    let positions = Positions::new(span.file, 0);
    let mut reader = Reader::new(spelled, positions, Vec::new());
    let value = pairs
        .flatten()
        .find(|pair| pair.as_rule() == Rule::value)
        .map(|pair| reader.value(pair).kind);
    match value {
        Some(ValueKind::Number(mut number)) => {
            number.span = span;
            if let Some(unit) = &mut number.unit {
                unit.span = span;
            }
            ValueKind::Number(number)
        }
        Some(kind) => kind,
        None => ValueKind::Text(spelled.to_owned()),
    }
}

/// A string literal with this content.
pub(super) fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
