//! Sentences of the guide from the message catalogue, and how figures and lists are put into them.

use super::{Fact, Paragraph};
use crate::diagnostic::{Locale, messages};
use crate::plan::types::{Estimated, Measure, Unit, Words};
use crate::prose::facts::plain;
use crate::prose::read::fold::is_han;
use crate::quantity::{Dimension, Quantity};

/// Speaks one language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Speaker {
    pub(super) locale: Locale,
}

impl Speaker {
    /// The sentence of `key` with `{name}` filled; values are never filled again.
    pub(super) fn say(self, key: &str, args: &[(&str, &str)]) -> String {
        let template = messages::lookup(key, self.locale).unwrap_or(key);
        let mut out = String::with_capacity(template.len() + 64);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, tail)) = after.split_once('}') else {
                rest = after;
                break;
            };
            if let Some((_, value)) = args.iter().find(|(known, _)| *known == name) {
                out.push_str(value);
            }
            rest = tail;
        }
        out.push_str(rest);
        out
    }

    /// `a, b and c`.
    pub(super) fn list(self, items: &[String]) -> String {
        let (comma, and) = match self.locale {
            Locale::En => (", ", " and "),
            Locale::ZhCn => ("、", "和"),
        };
        match items {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => format!("{}{and}{last}", first.join(comma)),
        }
    }

    /// Words of the plan as plain text that ends like a sentence; empty when there is nothing to say.
    pub(super) fn sentence(self, words: &Words) -> String {
        self.ended(&plain(words.get(self.locale)))
    }

    /// A text with the full stop of the language.
    pub(super) fn ended(self, text: &str) -> String {
        let text = text.trim();
        if text.is_empty() || text.ends_with(['.', '。', '!', '！']) {
            return text.to_owned();
        }
        let stop = if self.locale == Locale::En {
            '.'
        } else {
            '。'
        };
        format!("{}{stop}", capitalised(text))
    }

    /// `2.29 GiB (2.27 GiB to 2.30 GiB)`, or the value alone where the bounds print the same.
    pub(super) fn interval(self, measure: &Measure) -> String {
        let likely = show(measure.likely, measure.unit);
        let low = show(measure.low, measure.unit);
        let high = show(measure.high, measure.unit);
        if low == high {
            return likely;
        }
        self.say(
            "prose.interval",
            &[("likely", &likely), ("low", &low), ("high", &high)],
        )
    }

    /// A text of ours with the blanks that the language sets.
    pub(super) fn typeset(self, text: &str) -> String {
        match self.locale {
            Locale::En => text.to_owned(),
            Locale::ZhCn => spaced(text),
        }
    }

    /// Two paragraphs, or one where the first would be a single fact.
    pub(super) fn paragraphs(
        self,
        (first, mut facts): (&str, Vec<Fact>),
        (second, more): (&str, Vec<Fact>),
    ) -> Vec<Paragraph> {
        if facts.len() == 1 {
            facts.extend(more);
            return self.paragraph(second, facts).into_iter().collect();
        }
        let first = self.paragraph(first, facts);
        first
            .into_iter()
            .chain(self.paragraph(second, more))
            .collect()
    }

    /// A paragraph of what there is to say.
    pub(super) fn paragraph(self, id: impl Into<String>, facts: Vec<Fact>) -> Option<Paragraph> {
        let mut facts: Vec<Fact> = facts
            .into_iter()
            .filter(|fact| !fact.text.is_empty())
            .collect();
        for fact in &mut facts {
            fact.text = self.typeset(&fact.text);
        }
        (!facts.is_empty()).then(|| Paragraph {
            id: id.into(),
            facts,
        })
    }
}

/// A fact the paragraph must hold.
pub(super) const fn must(text: String) -> Fact {
    Fact { text, must: true }
}

/// A fact the paragraph may hold.
pub(super) const fn may(text: String) -> Fact {
    Fact { text, must: false }
}

/// The likely value as the plan prints it; `None` where it is unknown or has no meaning.
pub(super) fn likely(figure: &Estimated) -> Option<String> {
    figure.value().map(|value| show(value.likely, value.unit))
}

/// A number in its unit.
pub(super) fn show(value: f64, unit: Unit) -> String {
    let dimension = match unit {
        Unit::Bytes => Dimension::Bytes,
        Unit::Seconds => Dimension::Time,
        Unit::TokensPerSecond => Dimension::Rate,
        Unit::JoulesPerToken => Dimension::EnergyPerToken,
        Unit::PercentPerHour => Dimension::Drain,
        Unit::Tokens => Dimension::Tokens,
        Unit::Params => Dimension::Params,
    };
    Quantity::new(value, dimension).to_string()
}

/// Bytes for people.
pub(super) fn bytes(value: u64) -> String {
    Quantity::new(value as f64, Dimension::Bytes).to_string()
}

/// With a blank between Han characters and Latin letters or digits, as Chinese typesetting has it.
fn spaced(text: &str) -> String {
    let latin = |c: char| c.is_ascii_alphanumeric() || matches!(c, '(' | ')' | '+' | '%');
    let mut out = String::with_capacity(text.len() + 16);
    let mut before = ' ';
    for c in text.chars() {
        if (is_han(before) && latin(c)) || (latin(before) && is_han(c)) {
            out.push(' ');
        }
        out.push(c);
        before = c;
    }
    out
}

/// The first letter large, unless the first word is a name with its own spelling.
fn capitalised(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default();
    let ordinary = first.chars().all(|c| c.is_ascii_lowercase() || c == ',');
    let mut chars = text.chars();
    match chars.next() {
        Some(c) if ordinary => c.to_ascii_uppercase().to_string() + chars.as_str(),
        _ => text.to_owned(),
    }
}
