//! Phrases with what they say, found by their first word, the longest first. Words have their plain inflections.

use std::collections::BTreeMap;

use crate::prose::read::lexicon::stem;

/// A phrase in units: words in lower case, or single Han characters.
type Phrase = Vec<String>;

/// What is found: what it says, its bytes, and words inside that are not of it.
pub(super) type Found<'a, S> = (&'a S, usize, Vec<String>);

/// All phrases of one list.
#[derive(Debug)]
pub(super) struct Phrases<S> {
    by_first: BTreeMap<String, Vec<(Phrase, S)>>,
}

impl<S> Default for Phrases<S> {
    fn default() -> Self {
        Self {
            by_first: BTreeMap::new(),
        }
    }
}

impl<S> Phrases<S> {
    /// Adds a phrase; where it is known, `also` says what becomes of its meaning.
    pub(super) fn add(&mut self, words: &str, sense: S, also: impl FnOnce(&mut S, S)) {
        let phrase = units(words);
        let Some(first) = phrase.first() else { return };
        let phrases = self.by_first.entry(stem(first)).or_default();
        match phrases.iter_mut().find(|(known, _)| *known == phrase) {
            Some((_, known)) => also(known, sense),
            None => phrases.push((phrase, sense)),
        }
    }

    /// Changes what a phrase says, where it is known.
    pub(super) fn mend(&mut self, words: &str, how: impl FnOnce(&mut S)) {
        let phrase = units(words);
        let first = phrase.first().map(|first| stem(first)).unwrap_or_default();
        let phrases = self.by_first.get_mut(&first).into_iter().flatten();
        if let Some((_, sense)) = phrases.into_iter().find(|(known, _)| *known == phrase) {
            how(sense);
        }
    }

    /// The longest phrase at the start of `text`, in lower case; `own` are words that may stand inside of one.
    pub(super) fn longest(&self, text: &str, own: &dyn Fn(&str) -> bool) -> Option<Found<'_, S>> {
        let (first, _) = unit(text)?;
        let mut best: Option<(Found<'_, S>, usize)> = None;
        for (phrase, sense) in self.by_first.get(&stem(&first))? {
            if let Some((len, inside)) = matched(phrase, text, own)
                && let worth = 2 * phrase.len() + usize::from(written(phrase, text))
                && best.as_ref().is_none_or(|(_, most)| worth > *most)
            {
                best = Some(((sense, len, inside), worth));
            }
        }
        best.map(|(found, _)| found)
    }
}

fn matched(
    phrase: &[String],
    text: &str,
    own: &dyn Fn(&str) -> bool,
) -> Option<(usize, Vec<String>)> {
    let mut at = 0;
    let mut inside = Vec::new();
    for (number, want) in phrase.iter().enumerate() {
        let blank = |at: usize| {
            let rest = &text[at..];
            let skipped = rest.len() - rest.trim_start_matches([' ', '-']).len();
            if at == 0 { 0 } else { at + skipped }
        };
        let mut start = blank(at);
        let (mut unit, mut len) = unit(&text[start..])?;
        if number > 0 && !alike(want, &unit) && own(&unit) && inside.is_empty() {
            inside.push(unit);
            start = blank(start + len);
            (unit, len) = self::unit(&text[start..])?;
        }
        if !alike(want, &unit) {
            return None;
        }
        at = start + len;
    }
    Some((at, inside))
}

/// Whether the first word is written as the phrase has it: `cached` is no form of `cache` where it has an entry of its own.
fn written(phrase: &[String], text: &str) -> bool {
    unit(text).is_some_and(|(first, _)| phrase.first() == Some(&first))
}

/// The same word, or another form of it; short words have no forms.
fn alike(want: &str, have: &str) -> bool {
    want == have
        || (want.len() >= 4 && have.len() >= 4 && want.is_ascii() && stem(want) == stem(have))
}

fn units(words: &str) -> Phrase {
    let lower = words.trim().to_lowercase();
    let mut rest = lower.as_str();
    let mut units = Vec::new();
    while let Some((unit, len)) = unit(rest) {
        units.push(unit);
        rest = rest[len..].trim_start_matches([' ', '-']);
    }
    units
}

/// A Latin word, or one other character, and its bytes.
pub(super) fn unit(text: &str) -> Option<(String, usize)> {
    let first = text.chars().next()?;
    if first.is_ascii_alphanumeric() {
        let inside = |c: char| c.is_ascii_alphanumeric() || c == '\'';
        let len = text.find(|c: char| !inside(c)).unwrap_or(text.len());
        let word = text[..len].trim_end_matches('\'');
        let word = word.strip_suffix("'s").unwrap_or(word);
        return Some((word.to_owned(), word.len()));
    }
    Some((first.to_string(), first.len_utf8()))
}
