//! Names in a text: those of the facts, in every spelling, and those the catalog knows besides. The longest wins.

use std::collections::BTreeMap;

use super::lexicon::{is_boundary, lexicon};
use crate::prose::facts::{Facts, Kind};

/// What a spelling may stand for; empty for a name that is not among the facts.
pub(crate) type Options = Vec<(Kind, String)>;

/// All spellings, by their first character in lower case, longest first.
#[derive(Debug)]
pub(crate) struct Names {
    by_first: BTreeMap<char, Vec<(String, Options)>>,
}

impl Names {
    /// The names of the facts and the others of the catalog.
    pub(crate) fn of(facts: &Facts) -> Self {
        // Letter case does not matter where names are found, so names that differ in it alone are one spelling.
        let mut known: BTreeMap<String, Options> = BTreeMap::new();
        for other in &facts.others {
            known.entry(other.to_ascii_lowercase()).or_default();
        }
        let spellings = facts.spellings();
        let parts = spellings.iter().flat_map(|(kind, _, name)| {
            let besides = match kind {
                Kind::Role => lexicon().parts(name),
                _ => &[],
            };
            let of_part = |word: &String| (*kind, word.clone(), name.clone());
            besides.iter().map(of_part).collect::<Vec<_>>()
        });
        let parts: Vec<_> = parts.collect();
        for (kind, spelling, name) in spellings.into_iter().chain(parts) {
            let options = known.entry(spelling.to_ascii_lowercase()).or_default();
            if !options.contains(&(kind, name.clone())) {
                options.push((kind, name));
            }
        }
        let mut by_first: BTreeMap<char, Vec<(String, Options)>> = BTreeMap::new();
        for (spelling, options) in known {
            if let Some(first) = spelling.chars().next() {
                by_first
                    .entry(first.to_ascii_lowercase())
                    .or_default()
                    .push((spelling, options));
            }
        }
        for spellings in by_first.values_mut() {
            spellings.sort_by_key(|(spelling, _)| std::cmp::Reverse(spelling.len()));
        }
        Self { by_first }
    }

    /// The longest name at the start of `rest`, and the bytes it takes. `before` is the character before.
    pub(crate) fn longest(&self, rest: &str, before: Option<char>) -> Option<(&Options, usize)> {
        let first = rest.chars().next()?;
        if !is_boundary(before, Some(first)) {
            return None;
        }
        let spellings = self.by_first.get(&first.to_ascii_lowercase())?;
        let mut best: Option<(&Options, usize)> = None;
        for (spelling, options) in spellings {
            if let Some(len) = matches(rest, spelling)
                && ends(rest, len)
                && best.is_none_or(|(_, longest)| len > longest)
            {
                best = Some((options, len));
            }
        }
        best
    }
}

/// The bytes a spelling takes at the start of `text`: letter case does not matter, a blank may be a hyphen, and may be
/// missing between a digit and its unit.
pub(crate) fn matches(text: &str, spelling: &str) -> Option<usize> {
    let mut rest = text.char_indices().peekable();
    let mut end = 0;
    let mut before = ' ';
    let mut wanted = spelling.chars().peekable();
    while let Some(want) = wanted.next() {
        if want == ' ' {
            if let Some((at, _)) = rest.next_if(|(_, c)| matches!(c, ' ' | '-')) {
                end = at + 1;
            } else if !(before.is_ascii_digit() && wanted.peek().is_some_and(|c| c.is_alphabetic()))
            {
                return None;
            }
        } else {
            let (at, found) = rest.next()?;
            if !found.eq_ignore_ascii_case(&want) {
                return None;
            }
            end = at + found.len_utf8();
        }
        before = want;
    }
    Some(end)
}

/// Whether a name may end after `len` bytes: not inside a longer word, version or file name.
pub(crate) fn ends(text: &str, len: usize) -> bool {
    let last = text[..len].chars().next_back();
    let mut after = text[len..].chars();
    let next = after.next();
    if !is_boundary(last, next) {
        return false;
    }
    let second = after.next();
    match next {
        Some('.' | '=' | '/' | '+') => !second.is_some_and(|c| c.is_ascii_alphanumeric()),
        Some(':') => !second.is_some_and(|c| c.is_ascii_alphabetic()),
        Some('-') => !second.is_some_and(|c| c.is_ascii_digit() || c.is_ascii_uppercase()),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_are_lenient_and_boundaries_are_not() {
        assert_eq!(matches("qwen3.5-2b runs", "Qwen3.5 2B"), Some(10));
        assert_eq!(matches("Android 8GB", "Android 8 GB"), Some(11));
        assert_eq!(matches("Qwen3.52B", "Qwen3.5 2B"), None);
        assert!(!ends("llama.cpp", 5));
        assert!(!ends("Q4_K_MX", 6));
        assert!(!ends("Whisper-2", 7));
        assert!(ends("Q4_K_M-quantized", 6));
        assert!(ends("Metal后端", 5));
    }
}
