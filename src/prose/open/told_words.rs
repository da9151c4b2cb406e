//! Problems and remedies in other words, from `templates/prose/told.LOCALE.yaml`: ideas with their words, and which ideas, set
//! together, say what a statement of the plan says. What is in no list refuses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;

use super::words::{Sense, Words};
use crate::diagnostic::Locale;

/// What a part of a statement is to the others: a problem follows from its cause, a remedy from a problem, and an aim from a
/// remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Part {
    Cause,
    Problem,
    Remedy,
    Aim,
}

/// Ideas that say together what a statement says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Telling {
    /// Rule of the statement: `prefix-cache`.
    pub(super) of: String,
    pub(super) part: Part,
    /// Words that the statement must hold, so that no telling outlives it.
    pub(super) holds: String,
    /// The ideas must stand in this order.
    pub(super) ordered: bool,
    pub(super) items: Vec<Item>,
}

/// One place of a telling.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item {
    /// One of several ideas, which must be there or may be.
    Idea(BTreeSet<usize>, bool),
    /// A number of the statement, counted from 0.
    Number(usize, bool),
}

/// Among the ideas of a word: it may say nothing.
pub(super) const SILENT: usize = usize::MAX;

/// All tellings of a language.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) words: Words,
    pub(super) tellings: Vec<Telling>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Words that leave what is told as it is.
    fill: Vec<String>,
    /// What joins two parts: `and`, `contrast`, `because`, `so`, and `about` before a number.
    joins: BTreeMap<String, Vec<String>>,
    ideas: BTreeMap<String, Vec<String>>,
    tellings: BTreeMap<String, Vec<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    part: Part,
    holds: String,
    says: Vec<String>,
}

/// The tellings of a language. That the files can be read is tested.
pub(super) fn told(locale: Locale) -> &'static Told {
    static EN: OnceLock<Told> = OnceLock::new();
    static ZH_CN: OnceLock<Told> = OnceLock::new();
    let built = match locale {
        Locale::En => &EN,
        Locale::ZhCn => &ZH_CN,
    };
    built.get_or_init(|| Told::read(text(locale)).unwrap_or_default())
}

const fn text(locale: Locale) -> &'static str {
    match locale {
        Locale::En => include_str!("../../../templates/prose/told.en.yaml"),
        Locale::ZhCn => include_str!("../../../templates/prose/told.zh-CN.yaml"),
    }
}

impl Told {
    fn read(text: &str) -> Result<Self, String> {
        let file: File = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
        let mut words = Words::of_places();
        let names: BTreeMap<&str, usize> = file
            .ideas
            .keys()
            .enumerate()
            .map(|(at, name)| (name.as_str(), at))
            .collect();
        for (at, phrases) in file.ideas.values().enumerate() {
            for phrase in phrases {
                words.add(phrase, &Sense::Concept([at].into()));
            }
        }
        for phrase in &file.fill {
            words.add_to_ideas(phrase, SILENT);
        }
        for (group, phrases) in &file.joins {
            for phrase in phrases {
                words.add(phrase, &Sense::Group(group.clone()));
            }
        }
        for phrase in &file.fill {
            words.add(phrase, &Sense::Fill);
        }
        let mut tellings = Vec::new();
        for (of, entries) in &file.tellings {
            for entry in entries {
                for says in &entry.says {
                    let (ordered, says) = match says.strip_prefix('>') {
                        Some(rest) => (true, rest),
                        None => (false, says.as_str()),
                    };
                    let items = says.split_whitespace().map(|one| item(one, &names));
                    tellings.push(Telling {
                        of: of.clone(),
                        part: entry.part,
                        holds: entry.holds.clone(),
                        ordered,
                        items: items
                            .collect::<Result<_, _>>()
                            .map_err(|error| format!("{of}: {error}"))?,
                    });
                }
            }
        }
        Ok(Self { words, tellings })
    }
}

/// `prompt`, `end|last`, `cause*`, `#1`.
fn item(text: &str, names: &BTreeMap<&str, usize>) -> Result<Item, String> {
    let (text, must) = match text.strip_suffix('*') {
        Some(rest) => (rest, false),
        None => (text, true),
    };
    if let Some(number) = text.strip_prefix('#') {
        let number: usize = number.parse().map_err(|_| format!("{text}: no number"))?;
        let at = number.checked_sub(1).ok_or("numbers count from 1")?;
        return Ok(Item::Number(at, must));
    }
    let of = text.split('|').map(|name| {
        let known = names.get(name).copied();
        known.ok_or_else(|| format!("{name}: no such idea"))
    });
    Ok(Item::Idea(of.collect::<Result<_, _>>()?, must))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_tellings_are_readable() {
        for locale in Locale::ALL {
            Told::read(text(locale)).unwrap();
        }
    }
}
