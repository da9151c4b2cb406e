//! The phrases of `templates/prose/rivals.yaml`, and where they stand in a sentence. What follows from them is for the verifier
//! to say.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use serde::Deserialize;

use super::atom::overlap;

const WORDS: &str = include_str!("../../../templates/prose/rivals.yaml");

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    lost: Vec<String>,
    second: Vec<String>,
    admissible: Vec<String>,
    refused: Vec<String>,
    unchosen: Vec<String>,
    would: Vec<String>,
    axes: BTreeMap<String, Vec<String>>,
    not_axes: BTreeMap<String, Vec<String>>,
    grounds: BTreeMap<Because, Vec<String>>,
    languages: BTreeMap<String, Vec<String>>,
    over: Vec<String>,
    limit: Vec<String>,
    reasons: Vec<String>,
    glue: Vec<String>,
}

/// Why a model was refused, as prose says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Because {
    /// It does not handle the language that follows.
    Language,
    /// Its licence forbids commercial use.
    Commercial,
    /// It is too large for the phone.
    Size,
    /// It was not trained to call functions.
    Functions,
    /// No binding for the app's framework.
    Binding,
}

/// What a phrase says of a model that was not chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sense {
    Lost,
    Second,
    Admissible,
    Refused,
    Unchosen,
    Would,
    On(String),
    NotOn(String),
    Because(Because),
    Language(String),
    Over,
    Limit,
    Reasons,
    Glue,
}

/// The phrases, longest first; an unreadable file has none, which refuses everything.
fn phrases() -> &'static [(String, Sense)] {
    static BUILT: OnceLock<Vec<(String, Sense)>> = OnceLock::new();
    BUILT.get_or_init(|| serde_yaml::from_str(WORDS).map(listed).unwrap_or_default())
}

fn listed(file: File) -> Vec<(String, Sense)> {
    let mut all: Vec<(String, Sense)> = Vec::new();
    let mut add = |words: Vec<String>, sense: &Sense| {
        all.extend(
            words
                .into_iter()
                .map(|word| (word.to_lowercase(), sense.clone())),
        );
    };
    add(file.lost, &Sense::Lost);
    add(file.second, &Sense::Second);
    add(file.admissible, &Sense::Admissible);
    add(file.refused, &Sense::Refused);
    add(file.unchosen, &Sense::Unchosen);
    add(file.would, &Sense::Would);
    for (axis, words) in file.axes {
        add(words, &Sense::On(axis));
    }
    for (axis, words) in file.not_axes {
        add(words, &Sense::NotOn(axis));
    }
    for (because, words) in file.grounds {
        add(words, &Sense::Because(because));
    }
    for (code, words) in file.languages {
        add(words, &Sense::Language(code));
    }
    add(file.over, &Sense::Over);
    add(file.limit, &Sense::Limit);
    add(file.reasons, &Sense::Reasons);
    add(file.glue, &Sense::Glue);
    all.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    all
}

/// The phrases of a sentence outside of the places that are `taken`, in order; the longest wins.
pub(crate) fn found(
    text: &str,
    taken: &[Range<usize>],
) -> Vec<(Range<usize>, &'static str, &'static Sense)> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut at = 0;
    while at < lower.len() {
        let rest = lower.get(at..).unwrap_or_default();
        let here = phrases().iter().find(|(words, _)| {
            let range = at..at + words.len();
            rest.starts_with(words.as_str())
                && is_whole(&lower, &range)
                && !taken.iter().any(|other| overlap(other, &range))
        });
        if let Some((words, sense)) = here {
            found.push((at..at + words.len(), words.as_str(), sense));
            at += words.len();
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    found
}

/// Whether a phrase does not begin or end inside a Latin word.
fn is_whole(text: &str, range: &Range<usize>) -> bool {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let inside = |one: Option<char>, other: Option<char>| latin(one) && latin(other);
    let (before, own, after) = (
        &text[..range.start],
        &text[range.clone()],
        &text[range.end..],
    );
    !inside(before.chars().next_back(), own.chars().next())
        && !inside(own.chars().next_back(), after.chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_phrases_are_readable() {
        assert!(serde_yaml::from_str::<File>(WORDS).is_ok());
    }
}
