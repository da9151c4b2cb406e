//! Numbers as people write them: digits with separators, Chinese numerals, and the units after them.

use crate::quantity::Dimension;

/// A number with its unit, in base units, and how exactly it was written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Quantity {
    /// In base units.
    pub(crate) value: f64,
    /// What it measures; [`Dimension::Number`] without a unit.
    pub(crate) dimension: Dimension,
    /// How many base units the unit has.
    pub(crate) factor: f64,
    /// Digits after the point.
    pub(crate) decimals: u32,
    /// Digits that carry meaning.
    pub(crate) digits: u32,
    /// A unit was written.
    pub(crate) has_unit: bool,
}

/// A number without its unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Number {
    pub(crate) value: f64,
    pub(crate) decimals: u32,
    pub(crate) digits: u32,
}

/// Spellings of units: symbol, dimension, factor. Symbols of one letter case, words in any.
const UNITS: &[(&str, Dimension, f64)] = &[
    ("GiB", Dimension::Bytes, 1_073_741_824.0),
    ("MiB", Dimension::Bytes, 1_048_576.0),
    ("KiB", Dimension::Bytes, 1024.0),
    ("TB", Dimension::Bytes, 1e12),
    ("GB/s", Dimension::Bandwidth, 1e9),
    ("MB/s", Dimension::Bandwidth, 1e6),
    ("GB", Dimension::Bytes, 1e9),
    ("MB", Dimension::Bytes, 1e6),
    ("KB", Dimension::Bytes, 1e3),
    ("kB", Dimension::Bytes, 1e3),
    ("bytes", Dimension::Bytes, 1.0),
    ("byte", Dimension::Bytes, 1.0),
    ("字节", Dimension::Bytes, 1.0),
    ("ms", Dimension::Time, 1e-3),
    ("milliseconds", Dimension::Time, 1e-3),
    ("millisecond", Dimension::Time, 1e-3),
    ("毫秒", Dimension::Time, 1e-3),
    ("seconds", Dimension::Time, 1.0),
    ("second", Dimension::Time, 1.0),
    ("sec", Dimension::Time, 1.0),
    ("秒钟", Dimension::Time, 1.0),
    ("秒", Dimension::Time, 1.0),
    ("s", Dimension::Time, 1.0),
    ("minutes", Dimension::Time, 60.0),
    ("minute", Dimension::Time, 60.0),
    ("分钟", Dimension::Time, 60.0),
    ("min", Dimension::Time, 60.0),
    ("hours", Dimension::Time, 3600.0),
    ("hour", Dimension::Time, 3600.0),
    ("小时", Dimension::Time, 3600.0),
    ("h", Dimension::Time, 3600.0),
    ("tokens per second", Dimension::Rate, 1.0),
    ("tokens a second", Dimension::Rate, 1.0),
    ("tokens/second", Dimension::Rate, 1.0),
    ("tokens/s", Dimension::Rate, 1.0),
    ("token/s", Dimension::Rate, 1.0),
    ("tok/s", Dimension::Rate, 1.0),
    ("token/秒", Dimension::Rate, 1.0),
    ("tokens/秒", Dimension::Rate, 1.0),
    ("tok/秒", Dimension::Rate, 1.0),
    ("tokens", Dimension::Tokens, 1.0),
    ("token", Dimension::Tokens, 1.0),
    ("tok", Dimension::Tokens, 1.0),
    ("joules per token", Dimension::EnergyPerToken, 1.0),
    ("J per token", Dimension::EnergyPerToken, 1.0),
    ("J/token", Dimension::EnergyPerToken, 1.0),
    ("焦耳/token", Dimension::EnergyPerToken, 1.0),
    ("焦/token", Dimension::EnergyPerToken, 1.0),
    ("joules", Dimension::Energy, 1.0),
    ("焦耳", Dimension::Energy, 1.0),
    ("焦", Dimension::Energy, 1.0),
    ("J", Dimension::Energy, 1.0),
    ("percent per hour", Dimension::Drain, 1.0),
    ("percent an hour", Dimension::Drain, 1.0),
    ("% per hour", Dimension::Drain, 1.0),
    ("% an hour", Dimension::Drain, 1.0),
    ("%/hour", Dimension::Drain, 1.0),
    ("%/h", Dimension::Drain, 1.0),
    ("%/小时", Dimension::Drain, 1.0),
    ("percent", Dimension::Share, 1e-2),
    ("per cent", Dimension::Share, 1e-2),
    ("%", Dimension::Share, 1e-2),
    ("billion", Dimension::Params, 1e9),
    ("million", Dimension::Params, 1e6),
    ("亿", Dimension::Params, 1e8),
    ("B", Dimension::Params, 1e9),
    ("M", Dimension::Params, 1e6),
    ("bits", Dimension::Bits, 1.0),
    ("bit", Dimension::Bits, 1.0),
    ("位", Dimension::Bits, 1.0),
    ("比特", Dimension::Bits, 1.0),
    ("watts", Dimension::Power, 1.0),
    ("mW", Dimension::Power, 1e-3),
    ("W", Dimension::Power, 1.0),
];

/// Factors written as a word between number and unit.
const MULTIPLIERS: &[(&str, f64)] = &[("thousand", 1e3), ("千", 1e3), ("万", 1e4)];

/// Words that count things; after a Chinese numeral they make it a number.
const MEASURES: [&str; 14] = [
    "个", "款", "项", "条", "档", "轮", "次", "种", "台", "倍", "步", "行", "组", "类",
];

const SMALL: [(&str, f64); 20] = [
    ("zero", 0.0),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("eleven", 11.0),
    ("twelve", 12.0),
    ("fifteen", 15.0),
    ("sixteen", 16.0),
    ("twenty", 20.0),
    ("thirty", 30.0),
    ("forty", 40.0),
    ("fifty", 50.0),
    ("sixty", 60.0),
    ("hundred", 100.0),
];

/// Digits at the start of `text`: `4096`, `2.29`, `2,497,281,120`. `None` for versions, names and broken groups.
pub(crate) fn digits(text: &str) -> Option<(Number, usize)> {
    let bytes = text.as_bytes();
    let run = |from: usize| {
        bytes[from.min(bytes.len())..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let mut end = run(0);
    if end == 0 {
        return None;
    }
    let mut plain = text[..end].to_owned();
    if end <= 3 {
        while bytes.get(end) == Some(&b',') && run(end + 1) == 3 {
            plain.push_str(&text[end + 1..end + 4]);
            end += 4;
        }
    }
    if bytes.get(end) == Some(&b',') && run(end + 1) > 0 {
        return None;
    }
    let mut decimals = 0;
    if bytes.get(end) == Some(&b'.') && run(end + 1) > 0 {
        decimals = run(end + 1);
        plain.push_str(&text[end..=end + decimals]);
        end += 1 + decimals;
        if bytes.get(end) == Some(&b'.') && run(end + 1) > 0 {
            return None;
        }
    }
    if plain.len() > 18 {
        return None;
    }
    let value: f64 = plain.parse().ok()?;
    let significant = plain.replace('.', "");
    let number = Number {
        value,
        decimals: decimals as u32,
        digits: significant.trim_start_matches('0').len() as u32,
    };
    Some((number, end))
}

/// A dotted version at the start of `text`, such as `0.3.0`.
pub(crate) fn version(text: &str) -> Option<usize> {
    let len = text
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(text.len());
    let part = text[..len].trim_end_matches('.');
    let groups: Vec<&str> = part.split('.').collect();
    (groups.len() >= 3 && groups.iter().all(|group| !group.is_empty())).then_some(part.len())
}

/// A spelled number at the start of `text`: `three`; `三`, `两千`, `十二点五` where a unit or a measure word follows.
pub(crate) fn spelled(text: &str) -> Option<(Number, usize)> {
    let word = super::lexicon::word_len(text);
    let half = "one and a half";
    if text
        .get(..half.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(half))
    {
        let number = Number {
            value: 1.5,
            decimals: 1,
            digits: 2,
        };
        return Some((number, half.len()));
    }
    if word > 0 {
        let lower = text[..word].to_ascii_lowercase();
        let (_, value) = SMALL.iter().find(|(name, _)| *name == lower)?;
        return Some((whole(*value), word));
    }
    let (number, end) = han_number(text)?;
    let rest = text[end..].trim_start();
    let counted = MEASURES.iter().any(|measure| rest.starts_with(measure));
    let one = &text[..end] == "一";
    ((counted && !one) || unit(rest).is_some_and(|(found, _)| found.0 != "位"))
        .then_some((number, end))
}

/// `The quickest of the three`, `on all five`: whether a bare number at the end of a clause counts what there is.
pub(crate) fn counts_all(before: &str, after: &str) -> bool {
    let ends = after.trim_start().chars().next();
    let ends = ends.is_none_or(|c| matches!(c, ',' | '.' | ';' | ':' | ')'));
    let before = before.to_ascii_lowercase();
    ends && [" of the ", " of all ", " on all "]
        .iter()
        .any(|lead| before.ends_with(lead))
}

/// `百分之三十`: the number and where it ends.
pub(crate) fn han_percent(text: &str) -> Option<(Number, usize)> {
    let rest = text.strip_prefix("百分之")?;
    let lead = text.len() - rest.len();
    let (number, end) = digits(rest).or_else(|| han_number(rest))?;
    Some((number, lead + end))
}

fn whole(value: f64) -> Number {
    Number {
        value,
        decimals: 0,
        digits: format!("{value:.0}").len() as u32,
    }
}

/// A Chinese numeral at the start of `text`.
fn han_number(text: &str) -> Option<(Number, usize)> {
    let mut total = 0.0;
    let mut section = 0.0;
    let mut digit: Option<f64> = None;
    let mut fraction: Option<String> = None;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        let value = match c {
            '零' => Some(0.0),
            '一' => Some(1.0),
            '二' | '两' => Some(2.0),
            '三' => Some(3.0),
            '四' => Some(4.0),
            '五' => Some(5.0),
            '六' => Some(6.0),
            '七' => Some(7.0),
            '八' => Some(8.0),
            '九' => Some(9.0),
            _ => None,
        };
        let scale = match c {
            '十' => Some(10.0),
            '百' => Some(100.0),
            '千' => Some(1000.0),
            _ => None,
        };
        if let Some(text) = &mut fraction {
            let Some(value) = value else { break };
            text.push_str(&format!("{value:.0}"));
        } else if let Some(value) = value {
            digit = Some(value);
        } else if let Some(scale) = scale {
            section += digit.take().unwrap_or(1.0) * scale;
        } else if c == '万' && end > 0 {
            total = (total + section + digit.take().unwrap_or(0.0)) * 1e4;
            section = 0.0;
        } else if c == '点' && end > 0 {
            fraction = Some(String::new());
        } else {
            break;
        }
        end = at + c.len_utf8();
    }
    if end == 0 {
        return None;
    }
    let base = total + section + digit.unwrap_or(0.0);
    match fraction.filter(|text| !text.is_empty() && text.len() < 9) {
        Some(text) => {
            let value: f64 = format!("{base:.0}.{text}").parse().ok()?;
            Some((
                Number {
                    value,
                    decimals: text.len() as u32,
                    digits: format!("{base:.0}{text}").trim_start_matches('0').len() as u32,
                },
                end,
            ))
        }
        None => Some((whole(base), end)),
    }
}

type Unit = (&'static str, Dimension, f64);

/// The longest unit at the start of `text`, with the bytes it takes.
pub(crate) fn unit(text: &str) -> Option<(Unit, usize)> {
    let mut best: Option<(Unit, usize)> = None;
    for unit in UNITS {
        let symbol = unit.0;
        let Some(head) = text.get(..symbol.len()) else {
            continue;
        };
        let word = symbol.len() > 3 && !symbol.contains('/');
        let same = head == symbol || (word && head.eq_ignore_ascii_case(symbol));
        let next = text[head.len()..].chars().next();
        let last = symbol.chars().next_back();
        let whole = !last.is_some_and(|c| c.is_ascii_alphanumeric())
            || !next.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || c == '/');
        if same && whole && best.is_none_or(|(_, len)| symbol.len() > len) {
            best = Some((*unit, symbol.len()));
        }
    }
    best
}

/// The unit after a number: blanks, a hyphen or 个 may stand between; then the number becomes a quantity.
pub(crate) fn with_unit(number: Number, text: &str) -> (Quantity, usize) {
    let mut at = 0;
    let mut scale = 1.0;
    let skip = |from: usize| {
        let rest = &text[from..];
        let rest = rest.trim_start_matches(' ');
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        text.len() - rest.len()
    };
    let here = skip(at);
    if let Some((word, factor)) = MULTIPLIERS
        .iter()
        .find(|(word, _)| text[here..].starts_with(word))
    {
        at = here + word.len();
        scale = *factor;
    }
    let mut from = skip(at);
    if let Some(rest) = text[from..].strip_prefix('个') {
        from = text.len() - rest.trim_start_matches(' ').len();
    }
    let value = number.value * scale;
    match unit(&text[from..]) {
        // A whole number of `B` this large counts bytes; models are sized in decimals or small numbers.
        Some((("B", _, _), len)) if number.decimals == 0 && value >= 1000.0 => {
            (quantity(number, scale, Dimension::Bytes, 1.0), from + len)
        }
        Some(((_, dimension, factor), len)) => {
            (quantity(number, scale, dimension, factor), from + len)
        }
        None => {
            let mut bare = quantity(number, scale, Dimension::Number, 1.0);
            bare.has_unit = false;
            (bare, at)
        }
    }
}

fn quantity(number: Number, scale: f64, dimension: Dimension, factor: f64) -> Quantity {
    Quantity {
        value: number.value * scale * factor,
        dimension,
        factor: factor * scale,
        decimals: number.decimals,
        digits: number.digits,
        has_unit: true,
    }
}

/// The figure a plan prints, read back: `2.29 GiB`.
pub(crate) fn read(text: &str) -> Option<Quantity> {
    let (number, end) = digits(text)?;
    let (quantity, len) = with_unit(number, &text[end..]);
    (end + len == text.len()).then_some(quantity)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<f64> {
        let (number, end) = digits(text).or_else(|| spelled(text))?;
        Some(with_unit(number, &text[end..]).0.value)
    }

    #[test]
    fn numbers_of_all_kinds_are_read() {
        let cases = [
            ("2.29 GiB", 2.29 * 1_073_741_824.0),
            ("2,497,281,120 bytes", 2_497_281_120.0),
            ("8GB", 8e9),
            ("13 tok/s", 13.0),
            ("13 tokens per second", 13.0),
            ("三秒", 3.0),
            ("两千个 token", 2000.0),
            ("一千五百 token", 1500.0),
            ("十二点五秒", 12.5),
            ("三万字节", 30000.0),
            ("22.7 亿", 2.27e9),
            ("4.02 B", 4.02e9),
            ("607744 B", 607_744.0),
            ("three", 3.0),
            ("8-bit", 8.0),
        ];
        for (text, expected) in cases {
            let found = value(text).unwrap_or_else(|| panic!("{text}"));
            assert!(
                (found - expected).abs() <= expected * 1e-12,
                "{text}: {found}"
            );
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "1,23",
            "0.3.0",
            "一样",
            "十分",
            "x",
            "",
            "1234567890123456789012",
        ] {
            assert_eq!(value(text), None, "{text}");
        }
        assert_eq!(version("0.3.0 of"), Some(5));
        assert_eq!(version("2.29"), None);
    }

    #[test]
    fn units_are_whole_words() {
        assert!(unit("sure").is_none());
        assert!(unit("GBs").is_none());
        assert_eq!(unit("s.").map(|(unit, _)| unit.0), Some("s"));
        assert_eq!(unit("GiB").map(|(unit, _)| unit.0), Some("GiB"));
    }
}
