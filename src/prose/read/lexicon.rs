//! The lexicon of `templates/prose/lexicon.yaml`, in the form in which text is matched against it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;

use super::fold::is_han;
use super::meaning::{Alike, Compare, Counted, Degree, End, Extreme, Link, Meaning, State, Way};
use crate::prose::facts::Attribute;

const LEXICON: &str = include_str!("../../../templates/prose/lexicon.yaml");

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    attributes: BTreeMap<Attribute, Vec<String>>,
    compare: BTreeMap<Compare, Vec<String>>,
    compare_after: BTreeMap<Compare, Vec<String>>,
    approximately: Vec<String>,
    negations: Vec<String>,
    guards: BTreeMap<String, Vec<String>>,
    pairing: Vec<String>,
    links: BTreeMap<Link, Vec<String>>,
    ends: BTreeMap<End, Vec<String>>,
    extremes: BTreeMap<Extreme, Vec<String>>,
    states: BTreeMap<State, Vec<String>>,
    everywhere: Vec<String>,
    both: Vec<String>,
    single: Vec<String>,
    counted: BTreeMap<Counted, Vec<String>>,
    than: Vec<String>,
    ways: BTreeMap<Way, Vec<String>>,
    sums: Vec<String>,
    same: BTreeMap<Alike, Vec<String>>,
    left: Vec<String>,
    degrees: BTreeMap<Degree, Vec<String>>,
    nowhere: Vec<String>,
    others: Vec<String>,
    other: Vec<String>,
    parts: BTreeMap<String, Vec<String>>,
    topics: Vec<String>,
    fillers: Vec<String>,
    glue: Vec<String>,
    plain: Vec<String>,
    instructions: Vec<String>,
}

/// A phrase as a row of units: stems of Latin words, single other characters.
type Phrase = Vec<String>;

/// Phrases by their first unit, longest first.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    by_first: BTreeMap<String, Vec<(Phrase, Vec<Meaning>)>>,
    /// Nouns that say what a number before them counts.
    counted: Vec<(String, Counted)>,
    /// Words that compare two things, beside `than`.
    ways: BTreeMap<String, Way>,
    /// What the parts of an app are called besides.
    parts: BTreeMap<String, Vec<String>>,
    /// Stems of what a comparison in a statement may be about.
    topics: BTreeSet<String>,
}

/// The built-in lexicon. An unreadable one is an empty one, which refuses everything; a test reads it.
pub(crate) fn lexicon() -> &'static Lexicon {
    static BUILT: OnceLock<Lexicon> = OnceLock::new();
    BUILT.get_or_init(|| Lexicon::read(LEXICON).unwrap_or_default())
}

impl Lexicon {
    fn read(text: &str) -> Result<Self, serde_yaml::Error> {
        let file: File = serde_yaml::from_str(text)?;
        let mut entries: Vec<(String, Meaning)> = Vec::new();
        let mut all = |words: Vec<String>, meaning: &Meaning| {
            entries.extend(words.into_iter().map(|word| (word, meaning.clone())));
        };
        for (attribute, words) in file.attributes {
            all(words, &Meaning::Attribute(attribute));
        }
        for (compare, words) in file.compare {
            all(words, &Meaning::Compare(compare));
        }
        for (compare, words) in file.compare_after {
            all(words, &Meaning::CompareAfter(compare));
        }
        for (group, words) in file.guards {
            all(words, &Meaning::Guard(group));
        }
        for (link, words) in file.links {
            all(words, &Meaning::Link(link));
        }
        for (end, words) in file.ends {
            all(words, &Meaning::End(end));
        }
        for (extreme, words) in file.extremes {
            all(words, &Meaning::Extreme(extreme));
        }
        for (state, words) in file.states {
            all(words, &Meaning::State(state));
        }
        all(file.everywhere, &Meaning::Everywhere(None));
        all(file.both, &Meaning::Everywhere(Some(2)));
        all(file.single, &Meaning::Everywhere(Some(1)));
        all(file.than, &Meaning::Than);
        all(file.sums, &Meaning::Sum);
        for (alike, words) in file.same {
            all(words, &Meaning::Same(alike));
        }
        all(file.left, &Meaning::Left);
        for (degree, words) in file.degrees {
            all(words, &Meaning::Degree(degree));
        }
        all(file.nowhere, &Meaning::Nowhere);
        all(file.others, &Meaning::Others { counted: false });
        all(file.other, &Meaning::Others { counted: true });
        all(file.approximately, &Meaning::About);
        all(file.negations, &Meaning::Negation);
        all(file.pairing, &Meaning::Pairing);
        let topics = file.topics.iter().map(|word| stem(word)).collect();
        // Words that say nothing come last: `note` has the stem of `not`.
        all(file.topics, &Meaning::Topic);
        all(file.fillers, &Meaning::Topic);
        all(file.glue, &Meaning::Glue);
        all(file.plain, &Meaning::Plain);
        all(file.instructions, &Meaning::Instruction);
        Ok(Self {
            by_first: by_first(entries),
            counted: pairs(file.counted),
            ways: pairs(file.ways).into_iter().collect(),
            parts: file.parts,
            topics,
        })
    }

    /// The longest entry at the start of `text` that may stand there: its meanings and its length in bytes.
    pub(crate) fn longest(
        &self,
        text: &str,
        may_stand: impl Fn(&[Meaning], usize) -> bool,
    ) -> Option<(&[Meaning], usize)> {
        let (first, _) = next_unit(text)?;
        let phrases = self.by_first.get(&first)?;
        phrases.iter().find_map(|(phrase, meanings)| {
            let end = starts_with(text, phrase)?;
            may_stand(meanings, end).then_some((meanings.as_slice(), end))
        })
    }

    /// What a noun at the start of `text` counts with a number before it, and the bytes it takes.
    pub(crate) fn counted(&self, text: &str) -> Option<(Counted, usize)> {
        self.counted.iter().find_map(|(noun, counted)| {
            let rest = text.strip_prefix(noun.as_str())?;
            let ends = !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
            ends.then_some((*counted, noun.len()))
        })
    }

    /// Whether a word with this stem may be what a comparison is about.
    pub(crate) fn is_topic(&self, stem: &str) -> bool {
        self.topics.contains(stem)
    }

    /// What a part of an app is called besides.
    pub(crate) fn parts(&self, name: &str) -> &[String] {
        self.parts.get(name).map_or(&[], Vec::as_slice)
    }

    /// Which way a word compares.
    pub(crate) fn way(&self, word: &str) -> Option<Way> {
        self.ways.get(word.to_lowercase().as_str()).copied()
    }
}

/// Every word with its key.
fn pairs<Key: Copy>(words: BTreeMap<Key, Vec<String>>) -> Vec<(String, Key)> {
    let of_key = |(key, words): (Key, Vec<String>)| words.into_iter().map(move |word| (word, key));
    words.into_iter().flat_map(of_key).collect()
}

/// Phrases by their first unit, longest first.
fn by_first(entries: Vec<(String, Meaning)>) -> BTreeMap<String, Vec<(Phrase, Vec<Meaning>)>> {
    let mut by_phrase: BTreeMap<Phrase, Vec<Meaning>> = BTreeMap::new();
    for (words, meaning) in entries {
        let meanings = by_phrase.entry(phrase(&words)).or_default();
        if !meanings.contains(&meaning) {
            meanings.push(meaning);
        }
    }
    let mut by_first: BTreeMap<String, Vec<(Phrase, Vec<Meaning>)>> = BTreeMap::new();
    for (phrase, meanings) in by_phrase {
        if let Some(first) = phrase.first() {
            by_first
                .entry(first.clone())
                .or_default()
                .push((phrase, meanings));
        }
    }
    for phrases in by_first.values_mut() {
        phrases.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
    }
    by_first
}

/// Where a phrase ends that the text starts with.
fn starts_with(text: &str, phrase: &[String]) -> Option<usize> {
    let mut at = 0;
    let mut end = 0;
    for expected in phrase {
        let rest = &text[at..];
        let blank = rest.len() - rest.trim_start_matches([' ', '-']).len();
        let blank = if at == 0 { 0 } else { blank };
        let (unit, len) = next_unit(&rest[blank..])?;
        if unit != *expected {
            return None;
        }
        at += blank + len;
        end = at;
    }
    Some(end)
}

/// Splits an entry into units; blanks and hyphens only separate.
fn phrase(words: &str) -> Phrase {
    let mut units = Vec::new();
    let mut rest = words.trim();
    while let Some((unit, len)) = next_unit(rest) {
        units.push(unit);
        rest = rest[len..].trim_start_matches([' ', '-']);
    }
    units
}

/// The stem of a Latin word, or one other character, and the bytes it takes.
fn next_unit(text: &str) -> Option<(String, usize)> {
    let first = text.chars().next()?;
    if first.is_ascii_alphabetic() {
        let len = word_len(text);
        return Some((stem(&text[..len]), len));
    }
    Some((first.to_string(), first.len_utf8()))
}

/// Letters and apostrophes.
pub(crate) fn word_len(text: &str) -> usize {
    let letters = |c: char| c.is_ascii_alphabetic() || c == '\'';
    let len = text.find(|c: char| !letters(c)).unwrap_or(text.len());
    text[..len].trim_end_matches('\'').len()
}

/// A word without its inflection: crude, but the same for both sides of every comparison.
pub(crate) fn stem(word: &str) -> String {
    let lower = word.to_ascii_lowercase();
    let lower = lower.strip_suffix("'s").unwrap_or(&lower);
    if lower.len() <= 3 || lower.contains('\'') {
        return lower.to_owned();
    }
    let cut = |ending: &str, least: usize| {
        lower
            .strip_suffix(ending)
            .filter(|rest| rest.len() >= least)
            .map(str::to_owned)
    };
    let base = cut("ies", 2)
        .map(|rest| rest + "y")
        .or_else(|| cut("ing", 3).map(undoubled))
        .or_else(|| cut("ied", 2).map(|rest| rest + "y"))
        .or_else(|| {
            (!lower.ends_with("eed"))
                .then(|| cut("ed", 3))?
                .map(undoubled)
        })
        .or_else(|| (!lower.ends_with("ss") && !lower.ends_with("us")).then(|| cut("s", 3))?)
        .unwrap_or_else(|| lower.to_owned());
    match base.strip_suffix('e') {
        Some(rest) if rest.len() >= 3 => rest.to_owned(),
        _ => base,
    }
}

fn undoubled(word: String) -> String {
    let mut ends = word.chars().rev();
    match (ends.next(), ends.next()) {
        (Some(last), Some(before)) if last == before && !matches!(last, 'l' | 's' | 'e') => {
            word[..word.len() - last.len_utf8()].to_owned()
        }
        _ => word,
    }
}

/// Whether a place between two characters is a word boundary of the script.
pub(crate) fn is_boundary(before: Option<char>, after: Option<char>) -> bool {
    let inside = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    !(inside(before) && inside(after)) || before.is_some_and(is_han) || after.is_some_and(is_han)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_lexicon_is_readable() {
        Lexicon::read(LEXICON).unwrap();
    }

    #[test]
    fn inflections_have_one_stem() {
        for words in [
            ["fit", "fits", "fitting"],
            ["ship", "ships", "shipping"],
            ["exceed", "exceeds", "exceeding"],
            ["decode", "decodes", "decoding"],
            ["stop", "stops", "stopped"],
        ] {
            let stems = words.map(stem);
            assert!(stems.iter().all(|s| *s == stems[0]), "{stems:?}");
        }
    }

    /// `note` has the stem of `not`: a word that says nothing must not hide one that turns.
    #[test]
    fn no_silent_word_hides_another() {
        let silent = |meaning: &Meaning| matches!(meaning, Meaning::Glue | Meaning::Topic);
        let turns = |meaning: &Meaning| matches!(meaning, Meaning::Negation | Meaning::Guard(_));
        let phrases = lexicon().by_first.values().flatten();
        let hidden: Vec<_> = phrases
            .filter(|(_, meanings)| {
                meanings.first().is_some_and(silent) && meanings.iter().any(turns)
            })
            .map(|(phrase, _)| phrase)
            .collect();
        assert!(hidden.is_empty(), "{hidden:?}");
    }

    #[test]
    fn the_longest_entry_wins() {
        let lexicon = lexicon();
        let found = |text: &str| {
            let (meanings, len) = lexicon.longest(text, |_, _| true).unwrap();
            (meanings.to_vec(), text[..len].to_owned())
        };
        let (meanings, text) = found("peak memory is");
        assert_eq!(text, "peak memory");
        assert!(meanings.contains(&Meaning::Attribute(Attribute::PeakMemory)));
        let (meanings, text) = found("no more than 3");
        assert_eq!(text, "no more than");
        assert_eq!(meanings, [Meaning::Compare(Compare::AtMost)]);
        assert_eq!(found("不同的").0, [Meaning::Plain]);
    }
}
