//! The words of the open reader, from `templates/prose/open.LOCALE.yaml`. What is in no list is not understood, and refuses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;

use super::phrases::{Found, Phrases};
use crate::prose::facts::Attribute;
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
    /// Ideas of problems and remedies, by index.
    Concept(BTreeSet<usize>),
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

/// The words of a reader.
#[derive(Debug, Default)]
pub(super) struct Words {
    phrases: Phrases<Vec<Sense>>,
}

const FILES: [&str; 2] = [
    include_str!("../../../templates/prose/open.en.yaml"),
    include_str!("../../../templates/prose/open.zh-CN.yaml"),
];

/// The words of both languages. That both files can be read is tested.
pub(super) fn words() -> &'static Words {
    static BUILT: OnceLock<Words> = OnceLock::new();
    BUILT.get_or_init(|| {
        let mut words = Words::default();
        for file in files().into_iter().flatten() {
            words.take(file);
        }
        words
    })
}

/// Both files as they are read.
fn files() -> Vec<Result<File, serde_yaml::Error>> {
    FILES.map(serde_yaml::from_str).into()
}

impl Words {
    /// Whether a word says more than nothing.
    pub(super) fn means(&self, word: &str) -> bool {
        let found = self.longest(word, &|_| false);
        found.is_some_and(|(senses, len, _)| {
            let silent = matches!(senses.as_slice(), [Sense::Fill | Sense::Attribute(_, true)]);
            len == word.len() && !silent
        })
    }

    /// Whether a word says nothing wherever it stands.
    pub(super) fn is_fill(&self, word: &str) -> bool {
        let found = self.longest(word, &|_| false);
        found.is_some_and(|(senses, len, _)| len == word.len() && *senses == [Sense::Fill])
    }

    /// The longest phrase at the start of `text`.
    pub(super) fn longest(
        &self,
        text: &str,
        own: &dyn Fn(&str) -> bool,
    ) -> Option<Found<'_, Vec<Sense>>> {
        self.phrases.longest(text, own)
    }

    /// The words for platforms and phones of all files, and nothing else.
    pub(super) fn of_places() -> Self {
        let mut words = Self::default();
        for file in files().into_iter().flatten() {
            let places = File {
                platforms: file.platforms,
                phone: file.phone,
                ..File::default()
            };
            words.take(places);
        }
        words
    }

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
    }

    /// Adds an idea to a phrase that has some.
    pub(super) fn add_to_ideas(&mut self, words: &str, idea: usize) {
        self.phrases.mend(words, |senses| {
            if let Some(Sense::Concept(known)) = senses.first_mut() {
                known.insert(idea);
            }
        });
    }

    /// Adds a phrase; words for several figures stand for any of them.
    pub(super) fn add(&mut self, words: &str, sense: &Sense) {
        self.phrases.add(words, vec![sense.clone()], |known, more| {
            match (known.first_mut(), sense) {
                (Some(Sense::Attribute(known, _)), Sense::Attribute(more, _)) => {
                    known.extend(more);
                }
                (Some(Sense::Concept(known)), Sense::Concept(more)) => known.extend(more),
                _ => known.extend(more),
            }
        });
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_words_are_readable() {
        for file in files() {
            file.unwrap();
        }
    }
}
