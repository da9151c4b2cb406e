//! A sentence to tokens: names first, then phrases, numbers, and single words.

use super::caches;
use super::facts::{Named, Open};
use super::halves::in_digits;
use super::phrases::unit;
use super::token::Token;
use super::words::{Sense, Words};
use crate::estimate::REQUESTS;
use crate::prose::facts::{Attribute, Kind};
use crate::prose::read::fold::{fold, is_han};
use crate::prose::read::lexicon::is_boundary;
use crate::prose::read::meaning::Compare;
use crate::prose::read::names::{ends, matches};
use crate::prose::read::number::{self, Number, Quantity};
use crate::quantity::Dimension;

/// A comparison as a spec writes it: `download <= 4 GB`. It says no more than that a limit follows.
pub(super) const BOUND: &str = "bound";

/// Reads a sentence in the words of a list.
pub(super) fn scan(open: &Open, words: &Words, text: &str) -> Vec<Token> {
    let folded = in_digits(&fold(text).text);
    let lower = folded.to_ascii_lowercase();
    let mut scanner = Scanner {
        open,
        words,
        text: &folded,
        lower: &lower,
        at: 0,
        out: Vec::new(),
    };
    while scanner.step() {}
    largest(caches::named(spans(scanner.out)))
}

struct Scanner<'a> {
    open: &'a Open,
    words: &'a Words,
    text: &'a str,
    lower: &'a str,
    at: usize,
    out: Vec<Token>,
}

impl Scanner<'_> {
    fn push(&mut self, token: Token, len: usize) {
        self.out.push(token);
        self.at += len;
    }

    fn before(&self) -> Option<char> {
        self.text[..self.at].chars().next_back()
    }

    fn step(&mut self) -> bool {
        let rest = &self.text[self.at..];
        let Some(c) = rest.chars().next() else {
            return false;
        };
        if let Some(after) = rest.strip_prefix("'s")
            && !after.starts_with(|c: char| c.is_ascii_alphanumeric())
        {
            self.at += 2;
            return true;
        }
        if matches!(c, ' ' | '"' | '\'' | '`' | '「' | '」' | '《' | '》' | '*') {
            self.at += c.len_utf8();
            return true;
        }
        let lower = &self.lower[self.at..];
        let boundary = is_boundary(self.before(), Some(c));
        let own = |word: &str| self.open.own.contains_key(word);
        let name = if boundary { self.name(rest) } else { None };
        let phrase = self.words.longest(lower, &own).filter(|(_, len, _)| {
            let last = lower[..*len].chars().next_back();
            boundary && is_boundary(last, lower[*len..].chars().next())
        });
        let number = self.number(rest);
        let phrase_len = phrase.as_ref().map_or(0, |(_, len, _)| *len);
        if let Some((named, len)) = name
            && (len > phrase_len
                || len == phrase_len && named.iter().any(|one| one.kind != Kind::Format))
        {
            let token = match named.is_empty() {
                true => Token::Stranger(rest[..len].to_owned()),
                false => Token::Name(named),
            };
            self.push(token, len);
            return true;
        }
        let hourly = |senses: &Vec<Sense>| *senses == [Sense::Group("hourly".to_owned())];
        let hourly = phrase.as_ref().is_some_and(|(senses, ..)| hourly(senses));
        if let Some((token, len)) = number
            && (len > phrase_len || len == phrase_len && !hourly)
        {
            self.push(token, len);
            return true;
        }
        let owned = self.own_word(lower).filter(|(_, len)| *len >= phrase_len);
        if let Some((senses, len, inside)) = phrase
            && !(owned.is_some() && *senses == [Sense::Fill])
        {
            let mut tokens: Vec<Token> = senses.iter().take(1).map(token).collect();
            // `Stays below`: the whole interval does.
            if tokens.iter().any(|token| token.is_group("strictly-less")) {
                tokens = vec![
                    Token::Group("steady".to_owned()),
                    Token::Compare(Compare::Less),
                ];
            }
            let inside: Vec<Token> = inside.iter().map(|word| self.own(word)).collect();
            self.out.extend(tokens);
            self.out.extend(inside);
            self.at += len;
            return true;
        }
        if let Some((word, len)) = owned.or_else(|| self.own_word(lower)) {
            let token = self.own(&word);
            self.push(token, len);
            return true;
        }
        if rest.starts_with("<=") || rest.starts_with(">=") {
            self.push(Token::Group(BOUND.to_owned()), 2);
            return true;
        }
        if c.is_ascii_alphanumeric() {
            let (word, len) = unit(lower).unwrap_or_default();
            self.push(Token::Stranger(word), len.max(1));
        } else if is_han(c) {
            self.push(Token::Stranger(c.to_string()), c.len_utf8());
        } else {
            let sign = match c {
                '，' => ',',
                '。' => '.',
                '；' => ';',
                '：' => ':',
                '（' => '(',
                '）' => ')',
                c => c,
            };
            let ordinary = matches!(
                sign,
                ',' | '.' | ';' | ':' | '(' | ')' | '/' | '、' | '–' | '-' | '!' | '~' | '≈' | '+'
            );
            let token = match sign {
                '~' | '≈' => Token::Group("about".to_owned()),
                _ if ordinary => Token::Break(sign),
                _ => Token::Stranger(c.to_string()),
            };
            self.push(token, c.len_utf8());
        }
        true
    }

    /// The longest name.
    fn name(&self, rest: &str) -> Option<(Vec<Named>, usize)> {
        let first = rest.chars().next()?.to_ascii_lowercase();
        let from = first.to_string();
        let mut best: Option<(Vec<Named>, usize)> = None;
        for (spelling, named) in self.open.names.range(from..) {
            if !spelling.starts_with(first) {
                break;
            }
            if let Some(len) = matches(rest, spelling) {
                // `a Pixel 9's`, `two Pixel 9s`.
                let long = best.as_ref().is_none_or(|(_, longest)| len > *longest);
                if ends(rest, len) && long {
                    best = Some((named.clone(), len));
                }
            }
        }
        best
    }

    fn number(&self, rest: &str) -> Option<(Token, usize)> {
        let lower = rest.to_ascii_lowercase();
        for (words, seconds) in [
            ("half a second", 0.5),
            ("a second", 1.0),
            ("one second", 1.0),
            ("半秒", 0.5),
        ] {
            let after = lower.strip_prefix(words);
            if after.is_some_and(|after| !after.starts_with(|c: char| c.is_ascii_alphabetic())) {
                let half = Number {
                    value: seconds,
                    decimals: 1,
                    digits: 1,
                };
                let (mut quantity, _) = number::with_unit(half, " s");
                quantity.digits = 2;
                return Some((Token::Number(quantity), words.len()));
            }
        }
        let inside = self
            .before()
            .is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
        if inside {
            return None;
        }
        if let Some(found) = counted(rest) {
            return Some(found);
        }
        if let Some((percent, len)) = number::han_percent(rest) {
            let (mut quantity, _) = number::with_unit(percent, "%");
            quantity.has_unit = true;
            return Some((Token::Number(quantity), len));
        }
        if let Some(len) = number::version(rest) {
            return Some((Token::Stranger(rest[..len].to_owned()), len));
        }
        let (number, len) = number::digits(rest)
            .or_else(|| number::spelled(rest))
            .or_else(|| more(rest))?;
        let (quantity, unit) = number::with_unit(number, &rest[len..]);
        let end = len + unit;
        let next = rest[end..].chars().next();
        if next.is_some_and(|c| c.is_ascii_alphabetic() || c == '_') {
            // `4-bit` is read; `10x` and `8gb` are not.
            let len = rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .unwrap_or(rest.len());
            return Some((Token::Stranger(rest[..len].to_owned()), len.max(1)));
        }
        if !quantity.has_unit && rest[len..].trim_start().starts_with(['%', '％']) {
            return None;
        }
        Some((Token::Number(quantity), end))
    }

    fn own_word(&self, lower: &str) -> Option<(String, usize)> {
        let first = lower.chars().next()?;
        if !is_han(first) {
            let (word, len) = unit(lower)?;
            return self.open.own.contains_key(&word).then_some((word, len));
        }
        let run: String = lower.chars().take_while(|c| is_han(*c)).collect();
        let own = self
            .open
            .own
            .keys()
            .filter(|word| run.starts_with(word.as_str()));
        let longest = own.max_by_key(|word| word.len())?;
        Some((longest.clone(), longest.len()))
    }

    fn own(&self, word: &str) -> Token {
        match self.open.own.get(word) {
            Some(features) if features.len() < self.open.features => {
                Token::Feature(features.clone())
            }
            _ => Token::Fill,
        }
    }
}

/// 三档, 四个档位: so many classes.
fn counted(rest: &str) -> Option<(Token, usize)> {
    const COUNTS: [(char, f64); 8] = [
        ('两', 2.0),
        ('二', 2.0),
        ('三', 3.0),
        ('四', 4.0),
        ('五', 5.0),
        ('六', 6.0),
        ('七', 7.0),
        ('八', 8.0),
    ];
    let first = rest.chars().next()?;
    let (_, value) = COUNTS.iter().find(|(sign, _)| *sign == first)?;
    let after = &rest[first.len_utf8()..];
    let counts = [
        "档",
        "个档",
        "个内存档",
        "款机型",
        "个机型",
        "类手机",
        "款手机",
    ];
    let number = Number {
        value: *value,
        decimals: 0,
        digits: 1,
    };
    let is = counts.iter().any(|noun| after.starts_with(noun));
    is.then(|| {
        (
            Token::Number(number::with_unit(number, "").0),
            first.len_utf8(),
        )
    })
}

/// Spelled numbers between the round ones.
fn more(rest: &str) -> Option<(Number, usize)> {
    const TEENS: [(&str, f64); 6] = [
        ("thirteen", 13.0),
        ("fourteen", 14.0),
        ("seventeen", 17.0),
        ("eighteen", 18.0),
        ("nineteen", 19.0),
        ("ninety", 90.0),
    ];
    let (word, len) = unit(&rest.to_ascii_lowercase())?;
    let (_, value) = TEENS.iter().find(|(name, _)| *name == word)?;
    Some((
        Number {
            value: *value,
            decimals: 0,
            digits: 2,
        },
        len,
    ))
}

fn token(sense: &Sense) -> Token {
    match sense {
        Sense::Attribute(of, light) => Token::Attribute(of.clone(), *light),
        Sense::End(end) => Token::End(*end),
        Sense::Compare(compare) => Token::Compare(*compare),
        Sense::CompareAfter(compare) => Token::CompareAfter(*compare),
        Sense::Way(way) => Token::Way(*way),
        Sense::Platform(id) => Token::Platform(id.clone()),
        Sense::Phone => Token::Phone,
        Sense::Role(id) => Token::Role(id.clone()),
        Sense::Ratio(value) => Token::Ratio(*value),
        Sense::Group(name) => Token::Group(name.clone()),
        Sense::Reason(name) => Token::Reason(name.clone()),
        Sense::Language(code) => Token::Language(code.clone()),
        Sense::Concept(of) => Token::Concept(of.clone()),
        Sense::Fill => Token::Fill,
    }
}

/// `447 to 885 MiB`, `between 1.3 and 2 s`, `22–133`: two numbers as one span.
fn spans(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut rest = tokens.into_iter().peekable();
    let mut between = 0;
    while let Some(token) = rest.next() {
        between = match &token {
            token if token.is_group("between") => 3,
            _ => between - 1,
        };
        let joins = match &token {
            Token::Break('–' | '-') => true,
            Token::Group(group) if group == "about" => true,
            Token::Group(group) => group == "to" || (group == "and" && between > 0),
            _ => false,
        };
        let low = match out.last() {
            Some(Token::Number(low)) => Some(low.clone()),
            _ => None,
        };
        if let (true, Some(low), Some(Token::Number(high))) = (joins, low, rest.peek().cloned()) {
            let low = match high.has_unit && !low.has_unit {
                true => in_unit_of(&low, &high),
                false => low,
            };
            if low.dimension == high.dimension {
                rest.next();
                out.pop();
                out.push(Token::Span(low, high));
                continue;
            }
        }
        // `22 比 20 tok/s`.
        let pairs = matches!(rest.peek(), Some(Token::Number(_)));
        if token.is_group("than") && pairs && matches!(out.last(), Some(Token::Number(_))) {
            out.push(Token::Group("versus".to_owned()));
            continue;
        }
        // `每秒 18 个 token` is a rate.
        if let Token::Number(quantity) = &token
            && quantity.dimension == Dimension::Tokens
            && out
                .iter()
                .rev()
                .take(4)
                .any(|token| token.is_group("per-second"))
        {
            out.retain(|token| !token.is_group("per-second"));
            out.push(Token::Attribute(vec![Attribute::Decode], true));
            out.push(Token::Number(Quantity {
                dimension: Dimension::Rate,
                ..quantity.clone()
            }));
            continue;
        }
        // Drains are those of so many requests an hour.
        if token.is_group("requests-hour") {
            match out.last() {
                Some(Token::Number(quantity)) if quantity.value == REQUESTS => {
                    out.pop();
                }
                _ => out.push(token),
            }
            continue;
        }
        out.push(token);
    }
    out
}

/// `16 GB 档的 KV 缓存最大，为 178 MiB`: before no number, what bounds one is what is the largest.
fn largest(mut tokens: Vec<Token>) -> Vec<Token> {
    for at in 0..tokens.len() {
        let next = tokens[at + 1..]
            .iter()
            .find(|token| !matches!(token, Token::Fill));
        if tokens[at] == Token::Compare(Compare::AtMost)
            && matches!(next, Some(Token::Break(',')) | None)
        {
            tokens[at] = Token::Group("most".to_owned());
        }
    }
    tokens
}

/// A number without a unit in that of another.
pub(super) fn in_unit_of(bare: &Quantity, other: &Quantity) -> Quantity {
    Quantity {
        value: bare.value * other.factor,
        dimension: other.dimension,
        factor: other.factor,
        has_unit: other.dimension != Dimension::Number,
        ..bare.clone()
    }
}
