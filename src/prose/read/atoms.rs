//! A sentence as a row of atoms: names, quantities, comparisons, turning words, other words.
//!
//! Facts and candidate sentences go through the same reading, so what is not understood is at least the same on both
//! sides. Nothing is judged here.

use super::atom::{Atom, What};
use super::chunk::{chunk_is_name, chunk_len};
use super::fold::{Folded, fold, is_han};
use super::lexicon::{lexicon, stem, word_len};
use super::meaning::{Compare, Counted, Meaning};
use super::names::Names;
use super::number::{self, Quantity};
use super::phrase::{caches, extreme, glue, is_per_hour, may_stand, plain, possessive};
use crate::estimate::REQUESTS;
use crate::prose::facts::Attribute;
use crate::quantity::Dimension;

/// Conjunctions; they are glue elsewhere.
const AND: [&str; 19] = [
    "and",
    "but",
    "while",
    "whereas",
    "against",
    "versus",
    "compared with",
    "compared to",
    "vs",
    "和",
    "与",
    "及",
    "以及",
    "并",
    "并且",
    "且",
    "而",
    "但",
    "但是",
];

/// Those of them that set a figure or a name against another; elsewhere they are words.
const VERSUS: [&str; 5] = ["against", "versus", "vs", "compared with", "compared to"];

/// Reads one sentence.
pub(crate) fn atoms(text: &str, names: &Names) -> Vec<Atom> {
    let folded = fold(text);
    let mut scanner = Scanner {
        folded: &folded,
        names,
        at: 0,
        out: Vec::new(),
        per: None,
        between: None,
        per_token: false,
    };
    while scanner.step() {}
    caches(scanner.out, text)
}

struct Scanner<'a> {
    folded: &'a Folded,
    names: &'a Names,
    at: usize,
    out: Vec<Atom>,
    /// `每秒` or `每小时` was read: the dimension the next quantity gets, and how many atoms ago.
    per: Option<(Dimension, usize)>,
    /// `between` was read, after so many atoms.
    between: Option<usize>,
    /// The clause speaks of energy per token: joules are joules per token.
    per_token: bool,
}

impl Scanner<'_> {
    fn rest(&self) -> &str {
        self.folded.text.get(self.at..).unwrap_or_default()
    }

    fn before(&self) -> Option<char> {
        self.folded.text[..self.at].chars().next_back()
    }

    fn push(&mut self, what: What, len: usize) {
        self.per_token &= what != What::Break;
        let end = self.at + len;
        let span = self.folded.origin(self.at)..self.folded.origin(end);
        self.out.push(Atom { what, span });
        self.at = end;
    }

    /// Reads one atom; `false` at the end.
    fn step(&mut self) -> bool {
        let Some(c) = self.rest().chars().next() else {
            return false;
        };
        if let Some(len) = possessive(self.rest(), self.before()) {
            self.at += len;
            return true;
        }
        if matches!(c, ' ' | '"' | '\'' | '「' | '」' | '『' | '』' | '`') {
            self.at += c.len_utf8();
            return true;
        }
        if let Some((options, len)) = self.names.longest(self.rest(), self.before()) {
            let what = if options.is_empty() {
                What::Chunk(self.rest()[..len].to_owned())
            } else {
                What::Name(options.clone())
            };
            self.push(what, len);
            return true;
        }
        let _ = self.range() || self.numeral() || self.phrase() || self.word() || self.sign(c);
        true
    }

    /// `–`, `to`, `至` after a quantity and before a number.
    fn range(&mut self) -> bool {
        let Some(What::Quantity(low)) = self.out.last().map(|atom| atom.what.clone()) else {
            return false;
        };
        let rest = self.rest();
        let between = self.between.is_some_and(|at| self.out.len() <= at + 2);
        let plain = ["–", "~", "-", "to ", "至", "到"].iter();
        let paired = ["and ", "和", "与"].iter().filter(|_| between);
        let Some(sign) = plain.chain(paired).find(|sign| rest.starts_with(**sign)) else {
            return false;
        };
        let after = rest[sign.len()..].trim_start();
        let lead = rest.len() - after.len();
        let Some((number, len)) = number::digits(after) else {
            return false;
        };
        let (mut high, unit) = number::with_unit(number, &after[len..]);
        let mut low = low;
        if high.has_unit && !low.has_unit {
            low = in_unit_of(&low, &high);
        } else if !high.has_unit
            && !low.has_unit
            && let Some(before) = self.before_bracket()
        {
            low = in_unit_of(&low, &before);
            high = in_unit_of(&high, &before);
        }
        if low.dimension != high.dimension {
            return false;
        }
        let start = self.out.pop().map_or(0, |atom| atom.span.start);
        self.push(What::Range(low, high), lead + len + unit);
        if let Some(atom) = self.out.last_mut() {
            atom.span.start = start;
        }
        true
    }

    /// The quantity whose bounds stand in the bracket that was just opened: `2.29 GiB (2.27`.
    fn before_bracket(&self) -> Option<Quantity> {
        match self.out.as_slice() {
            [
                ..,
                Atom {
                    what: What::Quantity(before),
                    ..
                },
                Atom {
                    what: What::Break, ..
                },
                _,
            ] if before.has_unit => Some(before.clone()),
            _ => None,
        }
    }

    fn numeral(&mut self) -> bool {
        let rest = self.rest();
        if is_per_hour(rest) {
            return false;
        }
        if let Some((percent, len)) = number::han_percent(rest) {
            let (mut quantity, _) = number::with_unit(percent, "%");
            quantity.has_unit = true;
            self.quantity(quantity, len);
            return true;
        }
        let inside = self
            .before()
            .is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        let starts = rest.starts_with(|c: char| c.is_ascii_digit());
        if inside || !(starts || number::spelled(rest).is_some()) {
            return false;
        }
        if let Some(len) = number::version(rest) {
            let version = rest[..len].to_owned();
            self.push(What::Version(version), len);
            return true;
        }
        let Some((number, len)) = number::digits(rest).or_else(|| number::spelled(rest)) else {
            let len = chunk_len(rest).max(1);
            self.push(What::Odd, len);
            return true;
        };
        let (quantity, unit) = number::with_unit(number, &rest[len..]);
        let end = len + unit;
        let next = rest[end..].chars().next();
        if starts && !quantity.has_unit && next.is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        {
            let chunk = rest[..chunk_len(rest)].to_owned();
            let len = chunk.len();
            self.push(What::Chunk(chunk), len);
            return true;
        }
        if !quantity.has_unit && number::counts_all(&self.folded.text[..self.at], &rest[end..]) {
            self.push(What::Everywhere(Some(quantity.value as u32)), end);
            return true;
        }
        let noun = &rest[end..];
        let blank = noun.len() - noun.trim_start().len();
        if !quantity.has_unit
            && let Some((counted, len)) = lexicon().counted(noun.trim_start())
        {
            let count = quantity.value as u32;
            match counted {
                Counted::Classes => {
                    self.push(What::Everywhere(Some(count)), end + blank + len);
                }
                // The noun may be words for a figure too.
                Counted::Models => self.push(What::Models(count), end),
                Counted::Requests if quantity.value == REQUESTS => {
                    self.at += end + blank + len;
                }
                Counted::Requests => self.quantity(quantity, end),
            }
            return true;
        }
        self.quantity(quantity, end);
        true
    }

    fn quantity(&mut self, mut quantity: Quantity, len: usize) {
        let negative = self.before() == Some('-')
            || (self.before() == Some('–')
                && !matches!(
                    self.out.last(),
                    Some(Atom {
                        what: What::Quantity(_),
                        ..
                    })
                ));
        if negative {
            self.push(What::Odd, len);
            return;
        }
        if let Some((dimension, since)) = self.per.take()
            && self.out.len() <= since + 3
        {
            match (dimension, quantity.dimension) {
                (Dimension::Rate, Dimension::Tokens) => quantity.dimension = Dimension::Rate,
                (Dimension::Drain, Dimension::Share) => {
                    quantity.dimension = Dimension::Drain;
                    quantity.value *= 100.0;
                    quantity.factor *= 100.0;
                }
                _ => {}
            }
        }
        if self.per_token && quantity.dimension == Dimension::Energy {
            quantity.dimension = Dimension::EnergyPerToken;
        }
        self.push(What::Quantity(quantity), len);
    }

    /// A phrase of the lexicon.
    fn phrase(&mut self) -> bool {
        let rest = self.rest();
        let drains = is_per_hour(rest).then_some(("一小时", Dimension::Drain));
        let per = [("每秒", Dimension::Rate), ("每小时", Dimension::Drain)];
        for (words, dimension) in per.into_iter().chain(drains) {
            if rest.starts_with(words) {
                if let Some(Atom {
                    what: What::Quantity(quantity),
                    ..
                }) = self.out.last_mut()
                    && dimension == Dimension::Rate
                    && quantity.dimension == Dimension::Tokens
                {
                    quantity.dimension = Dimension::Rate;
                } else {
                    self.per = Some((dimension, self.out.len()));
                }
                self.at += words.len();
                return true;
            }
        }
        let Some((meanings, len)) =
            lexicon().longest(rest, |meanings, len| may_stand(meanings, &rest[len..]))
        else {
            return false;
        };
        let text = &rest[..len];
        let last = text.chars().next_back();
        let next = rest[len..].chars().next();
        let first = text.chars().next();
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        if (latin(first) && latin(self.before())) || (latin(last) && latin(next)) {
            return false;
        }
        // `app.x`, `file_name`: a longer name, unless the full stop ends the sentence.
        if latin(last) && chunk_len(rest) > len && chunk_is_name(&rest[..chunk_len(rest)]) {
            return false;
        }
        let attributes: Vec<Attribute> = meanings
            .iter()
            .filter_map(|meaning| match meaning {
                Meaning::Attribute(attribute) => Some(*attribute),
                _ => None,
            })
            .collect();
        let lower = text.to_lowercase();
        if VERSUS.contains(&lower.as_str()) && !self.after_figure() {
            self.push(What::Word(stem(text)), len);
            return true;
        }
        let per_token = attributes.contains(&Attribute::Energy) && lower.contains("token");
        let what = if let Some(what) = extreme(meanings, text, &rest[len..]) {
            what
        } else if !attributes.is_empty() {
            What::Attribute(attributes)
        } else if AND.contains(&lower.as_str()) {
            What::And
        } else {
            match meanings.first() {
                Some(Meaning::Compare(compare)) if matches!(compare, Compare::Fits) => {
                    What::Compare(*compare)
                }
                Some(meaning) => match self.after_quantity(meanings) {
                    Some(compare) => What::CompareAfter(compare),
                    None => plain(meaning, text),
                },
                None => return false,
            }
        };
        self.per_token |= per_token;
        if matches!(lower.as_str(), "between" | "介于") {
            self.between = Some(self.out.len());
        }
        if matches!(what, What::And) || !glue(meanings, &what) {
            self.push(what, len);
        } else {
            self.at += len;
        }
        true
    }

    /// Whether a figure or a name stands right before.
    fn after_figure(&self) -> bool {
        matches!(
            self.out.last().map(|atom| &atom.what),
            Some(
                What::Quantity(_)
                    | What::Range(..)
                    | What::Name(_)
                    | What::Break
                    | What::End(_)
                    | What::CompareAfter(_)
            )
        )
    }

    /// The comparison a phrase makes with the quantity before it.
    fn after_quantity(&self, meanings: &[Meaning]) -> Option<Compare> {
        let after = match self.out.last().map(|atom| &atom.what) {
            Some(What::Quantity(_)) => true,
            Some(What::Attribute(words)) => words.iter().any(|one| one.is_bound()),
            _ => false,
        };
        meanings.iter().find_map(|meaning| match meaning {
            Meaning::CompareAfter(compare) if after => Some(*compare),
            _ => None,
        })
    }

    fn word(&mut self) -> bool {
        let rest = self.rest();
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return false;
        }
        let len = chunk_len(rest);
        let chunk = &rest[..len];
        if chunk_is_name(chunk) {
            let chunk = chunk.to_owned();
            self.push(What::Chunk(chunk), len);
            return true;
        }
        let len = word_len(rest).max(1);
        let word = stem(&rest[..len]);
        self.push(What::Word(word), len);
        if self.rest().starts_with('-') {
            self.at += 1;
        }
        true
    }

    fn sign(&mut self, c: char) -> bool {
        let len = c.len_utf8();
        if is_han(c) {
            let joined = matches!(
                self.out.last(),
                Some(Atom { what: What::Han(..), span }) if span.end == self.folded.origin(self.at)
            );
            self.push(What::Han(c, joined), len);
            return true;
        }
        let digits = |side: Option<char>| side.is_some_and(|c| c.is_ascii_digit());
        let next = self.rest()[len..].chars().next();
        let what = match c {
            ',' | ';' | ':' | '(' | ')' | '。' | '，' | '；' | '：' | '、' | '（' | '）' | '–'
            | '·' | '!' | '?' | '！' | '？' | '…' | '.' | '【' | '】' | '《' | '》' | '〈'
            | '〉' => What::Break,
            '/' if !(digits(self.before()) && digits(next)) => What::Break,
            '-' if !digits(next) => What::Break,
            '+' if matches!(
                self.out.last(),
                Some(Atom {
                    what: What::Quantity(_) | What::Name(_),
                    ..
                })
            ) =>
            {
                What::CompareAfter(Compare::AtLeast)
            }
            _ => What::Odd,
        };
        self.push(what, len);
        true
    }
}

/// A bare number read in the unit of another quantity.
fn in_unit_of(number: &Quantity, other: &Quantity) -> Quantity {
    Quantity {
        value: number.value * other.factor,
        dimension: other.dimension,
        factor: other.factor,
        has_unit: true,
        ..number.clone()
    }
}
