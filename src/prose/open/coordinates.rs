//! Sentences on what an app takes in: packages, their versions and options, entries of the manifest. Each must be the plan's,
//! for the phones that are spoken of, and no word besides is understood.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;

use super::facts::Open;
use super::places;
use super::said::Why;
use super::scan::scan;
use super::token::Token;
use super::words::{Sense, Words};
use crate::plan::types::{Dependency, Plan};
use crate::prose::read::fold::fold;

/// One package or entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Coordinate {
    of: Dependency,
    /// Classes whose stacks need it.
    classes: BTreeSet<usize>,
}

/// What the stacks of a plan take in.
pub(super) fn coordinates(plan: &Plan) -> Vec<Coordinate> {
    let mut all: Vec<Coordinate> = Vec::new();
    let mut class = 0;
    for tier in &plan.tiers {
        let classes = class..class + tier.classes.len();
        class = classes.end;
        for one in tier.stacks.iter().flat_map(|stack| &stack.dependencies) {
            match all.iter_mut().find(|known| known.of == *one) {
                Some(known) => known.classes.extend(classes.clone()),
                None => all.push(Coordinate {
                    of: one.clone(),
                    classes: classes.clone().collect(),
                }),
            }
        }
    }
    all
}

/// What a word written as code is to a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Name,
    Version,
    Option,
}

impl Coordinate {
    /// What takes it in: `cmake` of `cmake-hexagon`.
    fn kind(&self) -> &str {
        self.of.kind.split('-').next().unwrap_or_default()
    }

    /// Its words of code.
    pub(super) fn code(&self) -> impl Iterator<Item = &str> {
        let own = [self.of.coordinate.as_str(), self.of.paste.as_str()].into_iter();
        let version = self.of.version.as_deref();
        own.chain(version)
            .chain(self.of.options.iter().map(String::as_str))
    }

    fn part(&self, code: &str) -> Option<Part> {
        if self.kind() == "manifest" {
            return self
                .pieces()
                .any(|piece| piece == code)
                .then_some(Part::Name);
        }
        let version = self.of.version.as_deref().unwrap_or_default();
        let plain = version.trim_start_matches(['^', 'v']);
        if !version.is_empty() && (code == version || code == plain) {
            return Some(Part::Version);
        }
        // `-DMNN_METAL=ON`, as it is given to CMake.
        let bare = code.strip_prefix("-D").unwrap_or(code);
        if self.of.options.iter().any(|option| option == bare) {
            return Some(Part::Option);
        }
        let whole = self.of.coordinate.trim_end_matches(".git");
        let ends = |name: &str| {
            let before = name.strip_suffix(code);
            before.is_some_and(|before| before.is_empty() || before.ends_with(['/', ':']))
        };
        let with_version = format!("{whole}:{version}");
        (ends(whole) || !version.is_empty() && ends(&with_version) && code.contains(':'))
            .then_some(Part::Name)
    }

    /// The names and values of an entry of the manifest, in order.
    fn pieces(&self) -> impl Iterator<Item = &str> {
        let apart = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
        let pieces = self.of.paste.split(apart);
        pieces.filter(|piece| !piece.is_empty() && !matches!(*piece, "android" | "name"))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kinds: BTreeMap<String, Vec<String>>,
    exact: Vec<String>,
    fill: Vec<String>,
}

impl File {
    fn read() -> Result<Self, serde_yaml::Error> {
        serde_yaml::from_str(include_str!("../../../templates/prose/coordinates.yaml"))
    }
}

/// The words of these sentences. That the file can be read is tested.
fn words() -> &'static Words {
    static BUILT: OnceLock<Words> = OnceLock::new();
    BUILT.get_or_init(|| {
        let mut words = Words::of_places();
        if let Ok(file) = File::read() {
            for (kind, names) in &file.kinds {
                for name in names {
                    words.add(name, &Sense::Group(kind.clone()));
                }
            }
            for word in &file.exact {
                words.add(word, &Sense::Group("exact".to_owned()));
            }
            for word in &file.fill {
                words.add(word, &Sense::Fill);
            }
        }
        words
    })
}

/// Whether a sentence says what the stacks of the plan take in.
pub(super) fn judge(open: &Open, sentence: &str) -> Result<(), Why> {
    let folded = fold(sentence).text;
    let (codes, rest) = codes(open, &folded);
    let packages = packages(open, &codes).ok_or("coordinates: another package")?;
    if packages.is_empty() {
        return Err("coordinates: no package".to_owned());
    }
    let tokens = scan(open, words(), &rest);
    let tokens = places::placed(open, &tokens).ok_or("coordinates: count of classes")?;
    // Several packages may bear the code words of the sentence; one of each must stand where the sentence says.
    let fits = |one: &&Coordinate| {
        tokens.iter().all(|token| match token {
            // What an app takes in on a platform may be for one class of it.
            Token::Place(place) if place.wide => !place.classes.is_disjoint(&one.classes),
            Token::Place(place) => place.classes.is_subset(&one.classes),
            Token::Group(group) if group == "exact" => {
                one.of
                    .version
                    .as_deref()
                    .is_some_and(|version| !version.starts_with('^'))
                    && (one.kind() != "swiftpm" || one.of.paste.contains("exact"))
            }
            Token::Group(kind) => *kind == one.kind(),
            Token::Name(named) => open.lines.iter().any(|line| {
                one.classes.contains(&line.class)
                    && named
                        .iter()
                        .any(|name| line.names.get(&name.kind) == Some(&name.name))
            }),
            Token::Fill | Token::Break(_) | Token::Phone | Token::Feature(_) => true,
            _ => false,
        })
    };
    match packages
        .iter()
        .all(|any| any.iter().copied().any(|one| fits(&one)))
    {
        true => Ok(()),
        false => Err("coordinates: elsewhere, or other words".to_owned()),
    }
}

/// The words of a sentence that are parts of packages, and the sentence without them.
fn codes<'t>(open: &Open, text: &'t str) -> (Vec<&'t str>, String) {
    let inside = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '_' | '.' | '/' | ':' | '^' | '@' | '+' | '-' | '=')
    };
    let mut found = Vec::new();
    let mut rest = String::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if !inside(c) {
            rest.push(c);
            at += c.len_utf8();
            continue;
        }
        let len = text[at..]
            .find(|c: char| !inside(c))
            .unwrap_or(text.len() - at);
        let run = &text[at..at + len];
        let code = run.trim_end_matches(['.', ':', '-']);
        let coded =
            |c: char| c.is_ascii_digit() || c.is_ascii_uppercase() || !c.is_ascii_alphanumeric();
        let is_part = |one: &Coordinate| {
            let part = one.part(code);
            // `name` and `llama` are words; `LlamaSwift`, `sherpa_onnx` and `false` of a manifest are not.
            part.is_some()
                && (code.contains(coded) || one.kind() == "manifest" || one.of.coordinate == code)
        };
        match open.coordinates.iter().any(is_part) {
            true => {
                found.push(code);
                rest.push_str(&run[code.len()..].replace(':', " "));
                rest.push(' ');
            }
            false => rest.push_str(run),
        }
        at += len;
    }
    (found, rest)
}

/// What each package that is named may be; nothing where versions or options are not those of the one beside them.
fn packages<'o>(open: &'o Open, codes: &[&str]) -> Option<Vec<Vec<&'o Coordinate>>> {
    let mut all: Vec<Vec<&Coordinate>> = Vec::new();
    // A version before any name is of the first one.
    let mut early: Vec<&str> = Vec::new();
    for code in codes {
        let bearing = |part: Part| -> Vec<&Coordinate> {
            let own = open.coordinates.iter();
            own.filter(|one| one.part(code) == Some(part)).collect()
        };
        let named = bearing(Part::Name);
        let manifest = named.iter().all(|one| one.kind() == "manifest");
        match all.last_mut() {
            // `LlamaSwift from mattt/llama.swift`, and what belongs to the package at hand.
            Some(known) => {
                let mut own = known.clone();
                own.retain(|one| {
                    one.part(code)
                        .is_some_and(|part| manifest || part != Part::Name)
                });
                match (own.is_empty(), named.is_empty()) {
                    (false, _) => *known = own,
                    (true, false) => all.push(named),
                    (true, true) => return None,
                }
            }
            None if named.is_empty() => early.push(code),
            None => all.push(named),
        }
    }
    if let Some(first) = all.first_mut() {
        first.retain(|one| early.iter().all(|code| one.part(code).is_some()));
    } else if !early.is_empty() {
        // Options alone: `GGML_OPENMP=OFF`.
        let bearing = open.coordinates.iter().filter(|one| {
            early
                .iter()
                .all(|code| one.part(code) == Some(Part::Option))
        });
        all.push(bearing.collect());
    }
    all.iter().all(|any| !any.is_empty()).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_words_are_readable() {
        File::read().unwrap();
    }
}
