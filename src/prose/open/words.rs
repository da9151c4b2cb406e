//! The words of the open reader, from `templates/prose/open.LOCALE.yaml`. What is in no list is not understood, and refuses.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::prose::facts::Attribute;
use crate::prose::read::lexicon::stem;
use crate::prose::read::meaning::{Compare, End, Way};

/// What a phrase says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sense {
    /// Words for figures; light ones may stand without one.
    Attribute(Vec<Attribute>, bool),
    End(End),
    Compare(Compare),
    CompareAfter(Compare),
    Way(Way),
    Platform(String),
    /// A phone, a class of phones.
    Phone,
    Role(String),
    /// Part of a whole, or a multiple: `a third`.
    Ratio(f64),
    /// A group of words that are handled one by one: `negation`, `all`, `because`, `lost`, ...
    Group(String),
    /// Why a model lost or was refused.
    Reason(String),
    Language(String),
    Fill,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct File {
    attributes: BTreeMap<Attribute, Vec<String>>,
    light: BTreeMap<Attribute, Vec<String>>,
    ends: BTreeMap<End, Vec<String>>,
    compare: BTreeMap<Compare, Vec<String>>,
    compare_after: BTreeMap<Compare, Vec<String>>,
    ways: BTreeMap<Way, Vec<String>>,
    platforms: BTreeMap<String, Vec<String>>,
    phone: Vec<String>,
    roles: BTreeMap<String, Vec<String>>,
    ratios: Vec<(f64, Vec<String>)>,
    groups: BTreeMap<String, Vec<String>>,
    reasons: BTreeMap<String, Vec<String>>,
    languages: BTreeMap<String, Vec<String>>,
    fill: Vec<String>,
}

/// A phrase in units: words in lower case, or single Han characters.
type Phrase = Vec<String>;

impl Words {
    /// Whether a word says more than nothing.
    pub(super) fn means(&self, word: &str) -> bool {
        let found = self.longest(word, &|_| false);
        found.is_some_and(|(senses, len, _)| {
            len == word.len() && !matches!(senses, [Sense::Fill | Sense::Attribute(_, true)])
        })
    }
}

/// All phrases.
#[derive(Debug, Default)]
pub(super) struct Words {
    by_first: BTreeMap<String, Vec<(Phrase, Vec<Sense>)>>,
}

const FILES: [&str; 2] = [
    include_str!("../../../templates/prose/open.en.yaml"),
    include_str!("../../../templates/prose/open.zh-CN.yaml"),
];

/// The words of both languages; an unreadable file has none.
pub(super) fn words() -> &'static Words {
    static BUILT: OnceLock<Words> = OnceLock::new();
    BUILT.get_or_init(|| {
        let mut words = Words::default();
        for file in FILES {
            if let Ok(file) = serde_yaml::from_str(file) {
                words.take(file);
            }
        }
        words
    })
}

impl Words {
    fn take(&mut self, file: File) {
        let mut all: Vec<(Vec<String>, Sense)> = Vec::new();
        all.extend(under(file.attributes, |one| {
            Sense::Attribute(vec![one], false)
        }));
        all.extend(under(file.light, |one| Sense::Attribute(vec![one], true)));
        all.extend(under(file.ends, Sense::End));
        all.extend(under(file.compare, Sense::Compare));
        all.extend(under(file.compare_after, Sense::CompareAfter));
        all.extend(under(file.ways, Sense::Way));
        all.extend(under(file.platforms, Sense::Platform));
        all.push((file.phone, Sense::Phone));
        all.extend(under(file.roles, Sense::Role));
        all.extend(under(file.ratios, Sense::Ratio));
        all.extend(under(file.groups, Sense::Group));
        all.extend(under(file.reasons, Sense::Reason));
        all.extend(under(file.languages, Sense::Language));
        all.push((file.fill, Sense::Fill));
        for (words, sense) in all {
            for word in words {
                self.add(&word, &sense);
            }
        }
        for phrases in self.by_first.values_mut() {
            phrases.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        }
    }

    fn add(&mut self, words: &str, sense: &Sense) {
        let phrase = units(words);
        let Some(first) = phrase.first() else { return };
        let phrases = self.by_first.entry(key(first)).or_default();
        if let Some((_, senses)) = phrases.iter_mut().find(|(known, _)| *known == phrase) {
            match (senses.first_mut(), sense) {
                (Some(Sense::Attribute(known, _)), Sense::Attribute(more, _)) => {
                    known.extend(more);
                }
                _ => senses.push(sense.clone()),
            }
        } else {
            phrases.push((phrase, vec![sense.clone()]));
        }
    }

    /// The longest phrase at the start of `text`, in lower case; `own` are words that may stand inside of one. Gives what it
    /// says, its bytes, and the words inside.
    pub(super) fn longest(
        &self,
        text: &str,
        own: &dyn Fn(&str) -> bool,
    ) -> Option<(&[Sense], usize, Vec<String>)> {
        let (first, _) = unit(text)?;
        let mut best: Option<(&[Sense], usize, Vec<String>, usize)> = None;
        for (phrase, senses) in self.by_first.get(&key(&first))? {
            if let Some((len, inside)) = matched(phrase, text, own)
                && let worth = 2 * phrase.len() + usize::from(written(phrase, text))
                && best.as_ref().is_none_or(|(.., most)| worth > *most)
            {
                best = Some((senses, len, inside, worth));
            }
        }
        best.map(|(senses, len, inside, _)| (senses, len, inside))
    }
}

/// The words under each key, with what they say.
fn under<K>(
    lists: impl IntoIterator<Item = (K, Vec<String>)>,
    sense: impl Fn(K) -> Sense,
) -> impl Iterator<Item = (Vec<String>, Sense)> {
    let lists = lists.into_iter();
    lists.map(move |(key, words)| (words, sense(key)))
}

/// Where a phrase is filed: by the stem of its first word, so that inflections are found.
fn key(unit: &str) -> String {
    stem(unit)
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
