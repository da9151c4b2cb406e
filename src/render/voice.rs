//! One language: its sentences from the message catalogue, its way to print figures. Chooses no facts.

use super::inline::{Inline, parse};
use crate::diagnostic::{Locale, messages};
use crate::plan::types::{Estimated, Measure, Unit, Words};

/// Speaks one language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Voice {
    pub(crate) locale: Locale,
}

/// Plain text as a run.
pub(crate) fn text(value: impl Into<String>) -> Vec<Inline> {
    vec![Inline::Text(value.into())]
}

/// Code as a run.
pub(crate) fn code(value: impl Into<String>) -> Vec<Inline> {
    vec![Inline::Code(value.into())]
}

/// A link as a run.
pub(crate) fn link(words: impl Into<String>, url: impl Into<String>) -> Vec<Inline> {
    vec![Inline::Link {
        text: words.into(),
        url: url.into(),
    }]
}

impl Voice {
    /// The sentence of `plan.<key>` with its placeholders filled.
    pub(crate) fn say(self, key: &str, args: &[(&str, Vec<Inline>)]) -> Vec<Inline> {
        parse(self.word(key), args)
    }

    /// The sentence of `plan.<key>` as it stands; the key itself where the catalogue has none.
    pub(crate) fn word(self, key: &str) -> &str {
        let dotted = format!("plan.{key}");
        messages::lookup(&dotted, self.locale)
            .unwrap_or_else(|| messages::lookup(key, self.locale).unwrap_or(""))
    }

    /// References to sources, at most `most` of them.
    pub(crate) fn cited(self, sources: &[String], most: usize) -> Vec<Inline> {
        let mut out = Vec::new();
        for id in sources.iter().take(most) {
            if out.is_empty() {
                out.push(Inline::Text(self.word("punct.before_reference").to_owned()));
            }
            out.push(Inline::Cite {
                id: id.clone(),
                number: 0,
            });
        }
        out
    }

    /// Words of the plan's data.
    pub(crate) fn words(self, words: &Words) -> Vec<Inline> {
        parse(&self.intervals(words.get(self.locale)), &[])
    }

    /// A text whose intervals, `12 s (8 s – 20 s)`, have the brackets of the language.
    pub(crate) fn intervals(self, words: &str) -> String {
        if self.locale == Locale::En {
            return words.to_owned();
        }
        let mut out = String::with_capacity(words.len());
        let mut rest = words;
        while let Some(at) = rest.find(" (") {
            let inner = &rest[at + 2..];
            match inner.split_once(')') {
                Some((range, after)) if range.contains(" – ") && !range.contains('(') => {
                    out.push_str(&rest[..at]);
                    out.push('（');
                    out.push_str(range);
                    out.push('）');
                    let next = after.strip_prefix(' ').filter(|next| starts_han(next));
                    rest = next.unwrap_or(after);
                }
                _ => {
                    out.push_str(&rest[..at + 2]);
                    rest = inner;
                }
            }
        }
        out.push_str(rest);
        out
    }

    /// `**label**: rest`, with the colon of the language.
    pub(crate) fn labelled(self, label: &str, rest: Vec<Inline>) -> Vec<Inline> {
        let mut out = vec![Inline::Strong(self.word(label).to_owned())];
        out.push(Inline::Text(self.word("punct.colon").to_owned()));
        out.extend(rest);
        out
    }

    /// Runs with a separator between them.
    pub(crate) fn joined(self, key: &str, parts: Vec<Vec<Inline>>) -> Vec<Inline> {
        let mut out = Vec::new();
        for part in parts.into_iter().filter(|part| !part.is_empty()) {
            if !out.is_empty() {
                out.push(Inline::Text(self.word(key).to_owned()));
            }
            out.extend(part);
        }
        out
    }

    /// Names in a row: Chinese separates them by another comma than clauses.
    pub(crate) fn names(self, parts: Vec<Vec<Inline>>) -> Vec<Inline> {
        self.joined("punct.names", parts)
    }

    /// A comma-separated list.
    pub(crate) fn list(self, parts: Vec<Vec<Inline>>) -> Vec<Inline> {
        self.joined("punct.comma", parts)
    }

    /// `12 tok/s (8.0–15)`.
    pub(crate) fn measure(self, measure: &Measure) -> String {
        let likely = measure.unit.show(measure.likely);
        let (low, high) = (
            measure.unit.show(measure.low),
            measure.unit.show(measure.high),
        );
        if low == high {
            return likely;
        }
        let unit_of = |text: &str| text.split_once(' ').map(|(_, unit)| unit.to_owned());
        let number_of = |text: &str| {
            text.split_once(' ')
                .map_or_else(|| text.to_owned(), |(number, _)| number.to_owned())
        };
        let range = if unit_of(&low) == unit_of(&likely) && unit_of(&high) == unit_of(&likely) {
            format!("{}–{}", number_of(&low), number_of(&high))
        } else {
            format!("{low} – {high}")
        };
        match self.locale {
            Locale::En => format!("{likely} ({range})"),
            Locale::ZhCn => format!("{likely}（{range}）"),
        }
    }

    /// A figure, or what is missing for it; `None` where it has no meaning.
    pub(crate) fn estimated(self, figure: &Estimated) -> Option<Vec<Inline>> {
        match figure {
            Estimated::Known { value, .. } => Some(text(self.measure(value))),
            Estimated::Unknown { missing, of, .. } => Some(self.say(
                "figure.unknown",
                &[("missing", self.words(missing)), ("of", text(of.clone()))],
            )),
            Estimated::NotApplicable => None,
        }
    }

    /// Bytes for people: GiB from 1 GiB on, else MiB.
    pub(crate) fn bytes(self, bytes: u64) -> String {
        Unit::Bytes.show(bytes as f64)
    }
}

/// Whether a text goes on in Chinese.
fn starts_han(text: &str) -> bool {
    text.starts_with(|c: char| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// A version or share without a needless fraction.
pub(crate) fn trim_number(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_print_their_unit_once_where_they_can() {
        let voice = Voice { locale: Locale::En };
        let measure = |low, likely, high, unit| Measure {
            low,
            likely,
            high,
            unit,
        };
        assert_eq!(
            voice.measure(&measure(8.0, 12.0, 15.0, Unit::TokensPerSecond)),
            "12 tok/s (8.0–15)"
        );
        assert_eq!(
            voice.measure(&measure(0.4, 0.9, 1.4, Unit::Seconds)),
            "900 ms (400 ms – 1.4 s)"
        );
        assert_eq!(
            voice.measure(&Measure::exact(4096.0, Unit::Tokens)),
            "4096 tokens"
        );
        let zh = Voice {
            locale: Locale::ZhCn,
        };
        assert_eq!(
            zh.measure(&measure(1.0, 2.0, 3.0, Unit::Seconds)),
            "2.0 s（1.0–3.0）"
        );
    }
}
