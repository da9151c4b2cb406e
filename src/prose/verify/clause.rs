//! The clauses of a sentence, and what each inherits from what was said before.

use std::ops::Range;

use crate::prose::facts::{Attribute, Facts, Kind};
use crate::prose::read::atom::{Atom, What};
use crate::prose::read::names::Options;

use super::frame::Frame;
use super::rows::{classes_of, is_place, kind_of};

/// What is being spoken of, carried from clause to clause and from sentence to sentence of a paragraph.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scope {
    /// Where: classes, devices, platforms.
    pub(crate) place: Vec<Options>,
    /// What: models, runtimes and so on.
    pub(crate) what: Vec<Options>,
    /// Figures of what.
    pub(crate) attributes: Vec<Attribute>,
    /// What they are said under, within one sentence.
    pub(crate) frame: Frame,
    /// Names that all rows have.
    pub(crate) common: Vec<Options>,
}

impl Scope {
    /// All names.
    pub(crate) fn names(&self) -> Vec<&Options> {
        self.place.iter().chain(&self.what).collect()
    }

    /// Whether a name is part of it.
    pub(crate) fn holds(&self, name: &Options) -> bool {
        self.names()
            .into_iter()
            .chain(&self.common)
            .any(|known| known.iter().any(|option| name.contains(option)))
    }

    /// Goes on about all classes, or all of the platform that is being spoken of; whether they are so many. The place stays
    /// where it is one of them that is spoken of.
    pub(crate) fn is_everywhere(
        &mut self,
        facts: &Facts,
        count: Option<u32>,
        of_one: bool,
    ) -> bool {
        let is_platform = |name: &&Options| kind_of(name) == Some(Kind::Platform);
        let place: Vec<Options> = self.place.iter().filter(is_platform).cloned().collect();
        if !of_one {
            self.place.clone_from(&place);
            self.frame.everywhere = true;
        }
        let place: Vec<&Options> = place.iter().collect();
        count.is_none_or(|count| classes_of(facts, &place).len() == count as usize)
    }

    /// Goes on about all classes but those that are being spoken of, with the names of the clause; whether there are any such
    /// classes, and so many.
    pub(crate) fn goes_to_others(
        &mut self,
        facts: &Facts,
        count: Option<u32>,
        own: &[&Options],
    ) -> bool {
        let is_class = |name: &Options| {
            let mut kinds = name.iter().map(|(kind, _)| *kind);
            kinds.any(|kind| kind.is_place() && kind != Kind::Platform)
        };
        if self.place.is_empty() || !self.place.iter().all(is_class) {
            return false;
        }
        let spoken = self.place.iter();
        let spoken: Vec<_> = spoken.flat_map(|name| classes_of(facts, &[name])).collect();
        let mut others = classes_of(facts, &[]);
        others.retain(|class| !spoken.contains(class));
        let names = others.iter().filter_map(|(_, class)| *class);
        self.place = names
            .map(|class| vec![(Kind::Class, class.clone())])
            .collect();
        self.what.retain(|name| own.contains(&name));
        self.frame.everywhere = false;
        let right = count.is_none_or(|count| others.len() == count as usize);
        right && !others.is_empty() && self.place.len() == others.len()
    }

    /// The part of the app that a clause goes on about in another place: `speech recognition takes 368 ms on iOS 8 GB, 1.1 s on
    /// Android 8 GB`. It must say neither a figure nor another part.
    pub(crate) fn parts(&self, sentence: &str, atoms: &[Atom]) -> Vec<Options> {
        let own = names(atoms);
        let says_what = atoms
            .iter()
            .any(|atom| matches!(atom.what, What::Attribute(_)));
        let says_part = |name: &&Options| {
            kind_of(name).is_some_and(|kind| kind.is_purpose() || kind == Kind::Model)
        };
        let says_where = own.iter().any(|name| is_place(name));
        if says_what || !says_where || own.iter().any(says_part) {
            return Vec::new();
        }
        // `Runs Qwen2-VL on OpenCL, iOS 8 GB on Metal`: a clause without a verb goes on about the model too.
        let elliptic = !has_words(sentence, atoms);
        let is_part = |name: &&Options| {
            kind_of(name).is_some_and(|kind| kind.is_purpose() || elliptic && kind == Kind::Model)
        };
        self.what.iter().filter(is_part).cloned().collect()
    }

    /// Takes in the names of a clause: a new place, a new model or part starts afresh.
    pub(crate) fn take(&mut self, names: &[&Options]) {
        let (place, what): (Vec<&Options>, Vec<&Options>) =
            names.iter().copied().partition(|name| is_place(name));
        if !place.is_empty() {
            self.place = place.into_iter().cloned().collect();
            self.what.clear();
        }
        let is_part = |name: &&Options| matches!(kind_of(name), Some(Kind::Model | Kind::Role));
        if what.iter().any(is_part) {
            self.what.clear();
        }
        for name in what {
            let kind = kind_of(name);
            self.what
                .retain(|known| kind_of(known) != kind || names.contains(&known));
            if !self.what.contains(name) {
                self.what.push(name.clone());
            }
        }
    }
}

/// Words that are no verbs.
const SMALL: [&str; 26] = [
    "on", "in", "at", "with", "the", "a", "an", "to", "by", "for", "of", "after", "about", "only",
    "上", "在", "为", "约", "则", "则为", "是", "的", "只有", "仅", "约为", "上为",
];

/// Whether a clause has words besides names, figures and those that place them.
fn has_words(sentence: &str, atoms: &[Atom]) -> bool {
    let mut at = atoms.first().map_or(0, |atom| atom.span.start);
    let mut gaps = Vec::new();
    for atom in atoms {
        gaps.extend(sentence.get(at..atom.span.start));
        at = at.max(atom.span.end);
    }
    gaps.iter()
        .flat_map(|gap| gap.split_whitespace())
        .any(|word| !SMALL.contains(&word.to_lowercase().as_str()))
}

/// The clauses of a row of atoms. Separators inside a list of names do not end a clause.
pub(crate) fn clauses(atoms: &[Atom]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < atoms.len() {
        let ends = matches!(atoms[at].what, What::Break | What::And);
        if ends && !joins_names(atoms, at) {
            if at > start {
                found.push(start..at);
            }
            start = at + 1;
        }
        at += 1;
    }
    if start < atoms.len() {
        found.push(start..atoms.len());
    }
    found
}

/// Whether the separator at `at` stands between two names of one kind.
fn joins_names(atoms: &[Atom], at: usize) -> bool {
    let separates = |atom: &&Atom| matches!(atom.what, What::Break | What::And);
    let before = atoms[..at].iter().rev().find(|atom| !separates(atom));
    let after = atoms[at..].iter().find(|atom| !separates(atom));
    let kind = |atom: Option<&Atom>| match atom.map(|atom| &atom.what) {
        Some(What::Name(options)) => kind_of(options),
        _ => None,
    };
    match (kind(before), kind(after)) {
        (Some(one), Some(other)) => one == other || (one.is_place() && other.is_place()),
        _ => false,
    }
}

/// The names of a clause.
pub(crate) fn names(atoms: &[Atom]) -> Vec<&Options> {
    atoms
        .iter()
        .filter_map(|atom| match &atom.what {
            What::Name(options) => Some(options),
            _ => None,
        })
        .collect()
}
