//! What every part of the resolver works with: the names it may use, the parameters, the findings so far.

use std::collections::BTreeMap;

use super::params::{self, Params};
use crate::diagnostic::{Applicability, Code, Diagnostic, Span, Text};
use crate::quantity::{Dimension, Quantity};
use crate::spec::Vocabulary;
use crate::spec::model::Objective;
use crate::spec::units;
use crate::syntax::nearest::nearest;
use crate::syntax::tree::{Statement, StatementKind, Tree, Value, ValueKind, Word};

pub(super) struct Desk<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) params: Params,
    pub(super) findings: Vec<Diagnostic>,
    /// Ids of the features, in order.
    pub(super) features: Vec<String>,
    /// Some lines were not understood: what seems missing may be there.
    pub(super) damaged: bool,
}

/// A value with its parameter, if it was one, replaced.
#[derive(Debug, Clone)]
pub(super) struct Settled {
    pub(super) kind: ValueKind,
    /// Where it is used.
    pub(super) span: Span,
    /// Where its parameter is declared.
    pub(super) via: Option<Span>,
}

impl<'a> Desk<'a> {
    pub(super) const fn new(tree: &Tree, vocabulary: &'a Vocabulary) -> Self {
        Self {
            vocabulary,
            params: Params::new(),
            findings: Vec::new(),
            features: Vec::new(),
            damaged: tree.damaged,
        }
    }

    pub(super) fn report(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// Reports a finding about a value; where the value came out of a parameter, the declaration is shown, and no fix
    /// is offered for text that is not there.
    pub(super) fn report_on(&mut self, settled: &Settled, mut finding: Diagnostic) {
        if let Some(declared) = settled.via {
            finding.fixes.clear();
            finding = finding.also(declared, Text::key("language.param.from"));
        }
        self.findings.push(finding);
    }

    /// The value with a parameter replaced; `None` when that cannot be, which was then reported.
    pub(super) fn settle(&mut self, value: &Value) -> Option<Settled> {
        self.settle_as(value, None)
    }

    /// The same, where an unknown parameter would be declared so.
    fn settle_as(&mut self, value: &Value, example: Option<&str>) -> Option<Settled> {
        let span = value.span;
        let ValueKind::Param(name) = &value.kind else {
            let kind = value.kind.clone();
            return Some(Settled {
                kind,
                span,
                via: None,
            });
        };
        match self.params.read(name, span, example) {
            Ok((mut kind, declared)) => {
                if let ValueKind::Number(number) = &mut kind {
                    number.span = span;
                    if let Some(unit) = &mut number.unit {
                        unit.span = span;
                    }
                }
                Some(Settled {
                    kind,
                    span,
                    via: Some(declared),
                })
            }
            Err(finding) => {
                self.findings.extend(finding.map(|finding| *finding));
                None
            }
        }
    }

    /// A text; a bare word will do where it came from a parameter.
    pub(super) fn text(&mut self, value: &Value) -> Option<String> {
        let settled = self.settle(value)?;
        match &settled.kind {
            ValueKind::Text(text) | ValueKind::Word(text) => Some(text.clone()),
            _ => {
                self.wrong_kind(&settled, "language.type.text");
                None
            }
        }
    }

    fn wrong_kind(&mut self, settled: &Settled, wanted: &'static str) {
        let message = Text::key("language.wrong-kind")
            .arg("found", show(&settled.kind))
            .arg("wanted", Text::key(wanted));
        self.report_on(settled, Diagnostic::error(Code(234), settled.span, message));
    }

    /// A quantity of that dimension, not below zero.
    pub(super) fn quantity(&mut self, value: &Value, wanted: Dimension) -> Option<Quantity> {
        let settled = self.settle_as(value, Some(params::example_of(wanted)))?;
        let ValueKind::Number(number) = &settled.kind else {
            let message = Text::key("language.wrong-kind")
                .arg("found", show(&settled.kind))
                .arg("wanted", units::dimension(wanted));
            let finding = Diagnostic::error(Code(234), settled.span, message);
            self.report_on(&settled, finding);
            return None;
        };
        match units::expect(number, wanted) {
            Ok(quantity) => Some(quantity),
            Err(finding) => {
                self.report_on(&settled, *finding);
                None
            }
        }
    }

    /// Reports a value that no phone, app or plan can have.
    pub(super) fn out_of_range(&mut self, value: &Value, range: &str) {
        let found = self.settle(value);
        let found = found.map_or_else(|| show(&value.kind), |settled| show(&settled.kind));
        let message = Text::key("language.out-of-range")
            .arg("found", found)
            .arg("range", range);
        self.report(Diagnostic::error(Code(220), value.span, message));
    }

    /// Reports a name that is not among the known ones, with the nearest of them.
    pub(super) fn unknown<'n>(
        &mut self,
        code: u16,
        what: &'static str,
        word: &str,
        span: Span,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        let message = Text::key("language.unknown-name")
            .arg("what", Text::key(what))
            .arg("name", word);
        let mut finding = Diagnostic::error(Code(code), span, message);
        let known: Vec<&str> = known.into_iter().collect();
        if let Some(meant) = nearest(word, known.iter().copied()) {
            let title = Text::key("language.did-you-mean").arg("name", meant);
            finding = finding.fix(Applicability::Suggested, title, span, meant);
        } else if (1..=20).contains(&known.len()) {
            finding =
                finding.help(Text::key("language.known-names").arg("names", known.join(", ")));
        }
        self.report(finding);
    }

    /// Preferences in order, each once.
    pub(super) fn objectives(&mut self, words: &[Word]) -> Vec<Objective> {
        let mut objectives = Vec::new();
        for (at, word) in words.iter().enumerate() {
            match Objective::parse(&word.text.replace('_', "-")) {
                Some(objective) if objectives.contains(&objective) => {
                    let message =
                        Text::key("language.twice-in-list").arg("name", word.text.as_str());
                    let finding = Diagnostic::error(Code(217), word.span, message);
                    let spans: Vec<Span> = words.iter().map(|word| word.span).collect();
                    self.report(without(finding, item(&spans, at)));
                }
                Some(objective) => objectives.push(objective),
                None => {
                    let known = Objective::ALL.iter().map(|objective| objective.id());
                    self.unknown(212, "language.what.objective", &word.text, word.span, known);
                }
            }
        }
        objectives
    }

    /// Reports a statement that may stand only once in its block and stood there before.
    pub(super) fn once(&mut self, firsts: &mut BTreeMap<String, Span>, statement: &Statement) {
        let repeatable = matches!(
            statement.kind,
            StatementKind::Feature { .. }
                | StatementKind::Test { .. }
                | StatementKind::UnknownBlock(_)
                | StatementKind::Param { .. }
                | StatementKind::Device(_)
                | StatementKind::Require(_)
                | StatementKind::Use(_)
                | StatementKind::ForbidName(_)
                | StatementKind::ForbidCondition(_)
                | StatementKind::Pin { .. }
                | StatementKind::Allow(_)
                | StatementKind::Share { .. }
                | StatementKind::Set { .. }
                | StatementKind::Expect { .. }
                | StatementKind::ExpectOutcome { .. }
        );
        if repeatable || statement.keyword.text.is_empty() {
            return;
        }
        let key = statement.keyword.text.trim_start_matches("non-");
        if let Some(first) = firsts.get(key) {
            let message =
                Text::key("language.duplicate").arg("keyword", statement.keyword.text.as_str());
            let finding = Diagnostic::error(Code(217), statement.span, message)
                .also(*first, Text::key("language.first-here"));
            // The span of a block is that of its head.
            let is_block = matches!(
                statement.kind,
                StatementKind::Budget(_) | StatementKind::Fleet(_)
            );
            self.report(if is_block {
                finding
            } else {
                without(finding, statement.span)
            });
        } else {
            firsts.insert(key.to_owned(), statement.span);
        }
    }
}

/// The finding with the offer to take these words out.
pub(super) fn without(finding: Diagnostic, span: Span) -> Diagnostic {
    let title = Text::key("language.remove");
    finding.fix(Applicability::Suggested, title, span, "")
}

/// An item of a list with what divides it from its neighbour: what goes when the item does. Of a list of one, the item.
pub(super) fn item(spans: &[Span], at: usize) -> Span {
    let own = spans[at];
    match (at.checked_sub(1), spans.get(at + 1)) {
        (Some(before), _) => Span {
            start: spans[before].end,
            ..own
        },
        (None, Some(next)) => Span {
            end: next.start,
            ..own
        },
        (None, None) => own,
    }
}

/// A value as a spec would write it.
pub(super) fn show(kind: &ValueKind) -> String {
    match kind {
        ValueKind::Param(name) => format!("${name}"),
        ValueKind::Number(number) => match &number.unit {
            Some(unit) => format!("{} {}", number.value, unit.text),
            None => number.value.to_string(),
        },
        ValueKind::Bool(value) => value.to_string(),
        ValueKind::Text(text) => format!("\"{text}\""),
        ValueKind::Word(word) => word.clone(),
    }
}
