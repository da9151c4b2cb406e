//! The words of a spec by what they mean: the one index that hover, definition, rename and colours work from.

use crate::diagnostic::Span;
use crate::spec::facts::{self, FactType};
use crate::spec::selectors;
use crate::syntax::term::{Term, TermKind};
use crate::syntax::tree::{
    Bound, ClassTerm, Number, Selection, Statement, StatementKind, Tree, Value, ValueKind,
    Word as Written,
};

/// What a word means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    /// The first word of a statement.
    Keyword,
    /// A parameter where it is declared.
    ParamDeclared,
    /// A parameter where it is read or set.
    Param,
    /// A feature where it is declared.
    FeatureDeclared,
    /// A feature where it is named.
    Feature,
    /// A name of the catalog, compared with this fact.
    Name(&'static str),
    /// A fact.
    Fact,
    /// A diagnostic code.
    Code,
    /// A word out of a fixed set: task, objective, toolkit, language, region, type, kind.
    Choice,
    /// Any other text.
    Text,
    /// A number.
    Number,
    /// A unit.
    Unit,
}

/// A word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Without quotes and `$`.
    pub(super) text: String,
    /// Where; strings with their quotes, parameters without `$`.
    pub(super) span: Span,
    /// What it means.
    pub(super) sense: Sense,
}

impl Word {
    /// Whether both name the same parameter or feature.
    pub(super) fn same_thing(&self, other: &Self) -> bool {
        let kind = |sense| match sense {
            Sense::Param | Sense::ParamDeclared => Some(0),
            Sense::Feature | Sense::FeatureDeclared => Some(1),
            _ => None,
        };
        self.text == other.text
            && kind(self.sense).is_some_and(|own| Some(own) == kind(other.sense))
    }
}

/// All words of a spec, by place.
#[must_use]
pub(super) fn words(tree: &Tree, text: &str) -> Vec<Word> {
    let features = features(tree);
    let mut walk = Walk {
        text,
        features,
        words: Vec::new(),
    };
    walk.statements(&tree.statements);
    let mut words = walk.words;
    words.sort_by_key(|word| (word.span.start, word.span.end));
    words
}

/// The ids of the features, in order.
#[must_use]
pub(super) fn features(tree: &Tree) -> Vec<String> {
    let ids = tree.statements.iter().filter_map(|statement| {
        let StatementKind::Feature { id, .. } = &statement.kind else {
            return None;
        };
        id.as_ref().map(|id| id.text.clone())
    });
    ids.collect()
}

struct Walk<'t> {
    text: &'t str,
    features: Vec<String>,
    words: Vec<Word>,
}

impl Walk<'_> {
    fn push(&mut self, text: &str, span: Span, sense: Sense) {
        self.words.push(Word {
            text: text.to_owned(),
            span,
            sense,
        });
    }

    fn word(&mut self, word: &Written, sense: Sense) {
        self.push(&word.text, word.span, sense);
    }

    fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            if !statement.keyword.text.is_empty() {
                self.word(&statement.keyword, Sense::Keyword);
            }
            self.statement(&statement.kind);
            if let Some(because) = &statement.because {
                self.value(because, Sense::Text);
            }
        }
    }

    fn statement(&mut self, kind: &StatementKind) {
        match kind {
            StatementKind::Version(number) => self.number(number),
            StatementKind::Name(value) => self.value(value, Sense::Text),
            StatementKind::Locale(values) | StatementKind::Region(values) => {
                self.values(values, Sense::Choice);
            }
            StatementKind::Param {
                name,
                declared,
                default,
            } => {
                self.word(name, Sense::ParamDeclared);
                if let Some(declared) = declared {
                    self.word(declared, Sense::Choice);
                }
                if let Some(default) = default {
                    self.value(default, Sense::Text);
                }
            }
            StatementKind::Platform(terms) => {
                for term in terms {
                    self.value(&term.name, Sense::Name("platform.id"));
                    self.bound(term.version.as_ref());
                }
            }
            StatementKind::Ui(value) | StatementKind::Task(value) => {
                self.value(value, Sense::Choice);
            }
            StatementKind::RamRange(low, high) => {
                self.value(low, Sense::Text);
                self.value(high, Sense::Text);
            }
            StatementKind::Ram(bound)
            | StatementKind::Confidence(bound)
            | StatementKind::Users(bound)
            | StatementKind::Limit { bound, .. } => self.bound(Some(bound)),
            StatementKind::Device(values) => self.values(values, Sense::Name("device.id")),
            StatementKind::Flag => {}
            StatementKind::Feature { id, title, block } => {
                if let Some(id) = id {
                    self.word(id, Sense::FeatureDeclared);
                }
                if let Some(title) = title {
                    self.value(title, Sense::Text);
                }
                self.statements(&block.statements);
            }
            StatementKind::Test { title, block } => {
                if let Some(title) = title {
                    self.value(title, Sense::Text);
                }
                self.statements(&block.statements);
            }
            StatementKind::Budget(block)
            | StatementKind::Fleet(block)
            | StatementKind::UnknownBlock(block) => self.statements(&block.statements),
            StatementKind::Languages(terms) => {
                for term in terms {
                    self.value(&term.from, Sense::Choice);
                    if let Some(to) = &term.to {
                        self.value(to, Sense::Choice);
                    }
                }
            }
            StatementKind::Require(term) | StatementKind::ForbidCondition(term) => {
                self.term(term, None);
            }
            StatementKind::Prefer(words) => {
                for word in words {
                    self.word(word, Sense::Choice);
                }
            }
            StatementKind::Use(selection) | StatementKind::ForbidName(selection) => {
                self.selection(selection);
            }
            StatementKind::Pin { path, value } => {
                let fact = self.path(&path.text, path.span);
                self.value(value, fact.map_or(Sense::Text, Sense::Name));
            }
            StatementKind::Allow(code) => self.word(code, Sense::Code),
            StatementKind::Resident(features) => {
                for feature in features {
                    self.word(feature, Sense::Feature);
                }
            }
            StatementKind::Share { class, share } => {
                self.class(class);
                self.value(share, Sense::Text);
            }
            StatementKind::Set { name, value } => {
                self.word(name, Sense::Param);
                self.value(value, Sense::Text);
            }
            StatementKind::ExpectOutcome { on, .. } => self.classes(on.as_ref()),
            StatementKind::Expect { condition, on } => {
                self.term(condition, None);
                self.classes(on.as_ref());
            }
        }
    }

    fn selection(&mut self, selection: &Selection) {
        let kind = selectors().find(|(word, _)| *word == selection.kind.text);
        self.word(&selection.kind, Sense::Choice);
        let sense = kind.map_or(Sense::Text, |(_, fact)| Sense::Name(fact));
        self.values(&selection.any_of, sense);
    }

    fn classes(&mut self, class: Option<&ClassTerm>) {
        if let Some(class) = class {
            self.class(class);
        }
    }

    fn class(&mut self, class: &ClassTerm) {
        match class {
            ClassTerm::Ram(value) => self.value(value, Sense::Text),
            ClassTerm::Device(value) => self.value(value, Sense::Name("device.id")),
        }
    }

    fn bound(&mut self, bound: Option<&Bound>) {
        if let Some(bound) = bound {
            self.value(&bound.value, Sense::Text);
        }
    }

    fn values(&mut self, values: &[Value], sense: Sense) {
        for value in values {
            self.value(value, sense);
        }
    }

    fn value(&mut self, value: &Value, sense: Sense) {
        match &value.kind {
            ValueKind::Param(name) => self.param(name, value.span),
            ValueKind::Number(number) => self.number(number),
            ValueKind::Bool(flag) => self.push(&flag.to_string(), value.span, Sense::Choice),
            ValueKind::Text(text) | ValueKind::Word(text) => self.push(text, value.span, sense),
        }
    }

    /// The sign before the name is one character, perhaps a wide one.
    fn param(&mut self, name: &str, mut span: Span) {
        let written = self.text.get(span.range()).unwrap_or_default();
        let sign = written.chars().next().filter(|c| matches!(c, '$' | '＄'));
        span.start += sign.map_or(0, |c| c.len_utf8() as u32);
        self.push(name, span, Sense::Param);
    }

    fn number(&mut self, number: &Number) {
        let mut span = number.span;
        if let Some(unit) = &number.unit {
            span.end = unit.span.start;
            self.word(unit, Sense::Unit);
        }
        self.push(&number.value.to_string(), span, Sense::Number);
    }

    /// The words of a condition; `beside` is the fact on the other side of a comparison.
    fn term(&mut self, term: &Term, beside: Option<&'static str>) {
        match &term.kind {
            TermKind::Number(number) => self.number(number),
            TermKind::Bool(flag) => self.push(&flag.to_string(), term.span, Sense::Choice),
            TermKind::Text(text) => {
                self.push(text, term.span, beside.map_or(Sense::Text, Sense::Name));
            }
            TermKind::List(items) => {
                for item in items {
                    self.term(item, beside);
                }
            }
            TermKind::Path(path) => match beside {
                Some(fact) if facts::find(path).is_none() => {
                    self.push(path, term.span, Sense::Name(fact));
                }
                _ => {
                    self.path(path, term.span);
                }
            },
            TermKind::Param(name) => self.param(name, term.span),
            TermKind::Not(inner) | TermKind::IsKnown(inner, _) => self.term(inner, None),
            TermKind::Binary(_, _, left, right) => {
                let fact = match &left.kind {
                    TermKind::Path(path) => self.path(path, left.span),
                    _ => {
                        self.term(left, None);
                        None
                    }
                };
                self.term(right, fact);
            }
        }
    }

    /// `diary.model.params`: a feature and a fact, or the fact alone. Returns the fact where its values are names.
    fn path(&mut self, path: &str, span: Span) -> Option<&'static str> {
        let mut rest = path;
        let mut at = span;
        if let Some((first, behind)) = path.split_once('.')
            && self.features.iter().any(|feature| feature == first)
        {
            let end = span.start + first.len() as u32;
            self.push(first, Span { end, ..span }, Sense::Feature);
            rest = behind;
            at.start = end + 1;
        }
        self.push(rest, at, Sense::Fact);
        let fact = facts::find(rest)
            .or_else(|| rest.split_once('.').and_then(|(_, fact)| facts::find(fact)))?;
        let fact = facts::fact(fact);
        (fact.kind == FactType::Text).then_some(fact.path)
    }
}
