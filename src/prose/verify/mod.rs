//! The verifier: accepts a sentence only if everything it claims follows from the facts. It works on any text and
//! needs no model.
//!
//! A sentence is accepted in one of several ways. It shortens a statement of the plan: the same words in the same
//! order, with every negation, condition, comparison and place kept. Or each of its clauses speaks only of names and
//! figures, in words of the lexicon, and every claim holds on every row of the facts that its names stand for.
//! Everything else is refused: what is not understood is not accepted.

mod alone;
mod apis;
mod bind;
mod clause;
mod content;
mod figures;
mod frame;
mod grounds;
mod judge;
mod leftovers;
mod links;
mod marks;
mod paragraph;
mod ranks;
mod ratios;
mod reason;
mod reordered;
mod rivals;
mod rows;
mod shares;
mod sides;
mod statement;
mod states;

pub use clause::Scope;
pub use grounds::{Cell, Grounds};
pub use paragraph::{Judged, judged};
pub use reason::{Reason, Refusal};

use self::clause::{clauses, names};
use self::content::Signed;
use self::frame::Frame;
use self::reordered::Retold;
use self::statement::Read;
use std::collections::BTreeSet;

use crate::diagnostic::Text;
use crate::prose::facts::{Attribute, Facts, Kind};
use crate::prose::open::{self, Open};
use crate::prose::read::atom::{Atom, What};
use crate::prose::read::atoms::atoms;
use crate::prose::read::names::{Names, Options};
use crate::prose::read::phrase::is_cache_word;
use crate::prose::read::sentences;

/// Longest sentence that is read, in bytes.
const LONGEST: usize = 2000;

/// Least share of a clause of a statement that a sentence must keep of it.
const SENTENCE: f64 = 0.6;

/// The same for a clause that stands beside others, where its subject may be another.
const CLAUSE: f64 = 0.8;

/// Judges sentences by one closed list of facts.
#[derive(Debug)]
pub struct Verifier<'a> {
    facts: &'a Facts,
    names: Names,
    statements: Vec<Read>,
    signed: Signed,
    /// Names that all rows have: a sentence speaks of them without saying them.
    common: Vec<Options>,
    /// What free sentences about the whole plan may be held against besides.
    open: Option<&'a Open>,
    /// Its sayings.
    retold: Vec<Retold<'a>>,
}

impl<'a> Verifier<'a> {
    /// Reads the facts.
    #[must_use]
    pub fn new(facts: &'a Facts) -> Self {
        let names = Names::of(facts);
        let statements = facts
            .statements
            .iter()
            .enumerate()
            .flat_map(|(index, statement)| {
                sentences(&statement.text)
                    .into_iter()
                    .map(move |range| (index, &statement.text[range], &statement.about))
            })
            .map(|(index, text, about)| Read::new(index, text, about, &names))
            .collect();
        let signed = Signed::of(
            facts
                .statements
                .iter()
                .map(|statement| statement.text.as_str()),
        );
        Self {
            facts,
            names,
            statements,
            signed,
            common: rows::common(facts),
            open: None,
            retold: Vec::new(),
        }
    }

    /// Reads sentences that are refused once more, as free ones about the whole plan.
    #[must_use]
    pub fn with(mut self, open: &'a Open) -> Self {
        let sayings = open.sayings().iter();
        self.retold = sayings.map(|one| Retold::new(one, &self.names)).collect();
        reordered::share_words(&mut self.retold);
        let retold = self.retold.iter().flat_map(Retold::texts);
        self.signed.take(retold.chain(open.code()));
        self.open = Some(open);
        self
    }

    /// Judges one sentence. `scope` is what the sentences before spoke of, and moves on with an accepted one.
    ///
    /// # Errors
    /// With the reason why the sentence is refused.
    pub fn sentence(&self, text: &str, scope: &mut Scope) -> Result<Grounds, Refusal> {
        if text.len() > LONGEST {
            let message = Text::key("prose.refused.unreadable").arg("text", "…");
            return Err(Refusal::new(Reason::Unreadable, 0..text.len(), message));
        }
        let all = atoms(text, &self.names);
        let mut moved = opened(&all, scope);
        moved.common.clone_from(&self.common);
        let exact = statement::plain(text);
        let same = |read: &&Read| read.text == exact && read.is_spoken_of(&moved);
        if let Some(read) = self.statements.iter().find(same) {
            moved.take(&names(&all));
            *scope = moved;
            return Ok(Grounds {
                exact: [read.index].into(),
                ..Grounds::default()
            });
        }
        if let Some(refusal) = self.signed.check(text) {
            return Err(refusal);
        }
        if let Some(atom) = all.iter().find(|atom| atom.what == What::Instruction) {
            let words = text.get(atom.span.clone()).unwrap_or_default();
            return Err(Refusal::new(
                Reason::Instruction,
                atom.span.clone(),
                Text::key("prose.refused.instruction").arg("text", words),
            ));
        }
        if let Some(index) = self.shortened(&all, &moved, SENTENCE) {
            // What of it can be checked as figures counts as said.
            let mut grounds = self
                .figures(text, &all, &mut moved.clone())
                .unwrap_or_default();
            grounds.statements.insert(index);
            moved.take(&names(&all));
            *scope = moved;
            return Ok(grounds);
        }
        if let Some(statements) = self.joined(text, &all, &moved) {
            moved.take(&names(&all));
            *scope = moved;
            return Ok(Grounds {
                statements,
                ..Grounds::default()
            });
        }
        if let Some(grounds) = rivals::judge(self.facts, text, &all) {
            return Ok(grounds);
        }
        match self.clauses(text, &all, &mut moved) {
            Ok(grounds) => {
                *scope = moved;
                Ok(grounds)
            }
            // It is read by itself: what it leaves unsaid must not have been said before.
            Err(refusal) => match self.open {
                Some(open)
                    if open::follows(open, text, !scope.place.is_empty())
                        || self.is_retold(text, &all, scope) =>
                {
                    scope.take(&names(&all));
                    Ok(Grounds::default())
                }
                _ => Err(refusal),
            },
        }
    }

    /// Whether a sentence says a saying of the plan in another order.
    fn is_retold(&self, text: &str, all: &[Atom], scope: &Scope) -> bool {
        let whole = |atoms: &[Atom]| self.retellings(text, atoms, scope).next().is_some();
        if whole(all) {
            return true;
        }
        // `Because ..., ...` and `因为……，……`: the comma is the joint.
        let joint = match joint(text, all) {
            Some(0) => all.iter().position(|atom| atom.what == What::Break),
            joint => joint,
        };
        let Some(joint) = joint else {
            return false;
        };
        let first = usize::from(all.first().is_some_and(is_reason));
        let (left, right) = (&all[first..joint.max(first)], &all[joint + 1..]);
        let gives_reason = all.iter().any(is_reason);
        let mut left = self.retellings(text, left, scope);
        left.any(|one| {
            let mut right = self.retellings(text, right, scope);
            right.any(|other| !gives_reason || one == other)
        })
    }

    /// The rules whose sayings a row of atoms says in another order.
    fn retellings(&self, text: &str, atoms: &[Atom], scope: &Scope) -> impl Iterator<Item = &str> {
        let sayings = self.retold.iter();
        let told = sayings.filter(move |one| one.is_told_by(self.facts, text, atoms, scope));
        told.map(Retold::of)
    }

    /// Judges the clauses as figures and names only.
    fn figures(&self, text: &str, all: &[Atom], scope: &mut Scope) -> Result<Grounds, Refusal> {
        let mut grounds = Grounds::default();
        for range in clauses(all) {
            grounds.add(figures::judge(self.facts, text, &all[range], scope)?);
        }
        Ok(grounds)
    }

    /// Whether sentences with these grounds say what a statement says: word for word, or every figure and name of it.
    /// A statement without figures is said when it is shortened.
    #[must_use]
    pub fn says(&self, statement: usize, grounds: &Grounds) -> bool {
        if grounds.exact.contains(&statement) {
            return true;
        }
        let Some(text) = self
            .facts
            .statements
            .get(statement)
            .map(|s| s.text.as_str())
        else {
            return false;
        };
        let all = atoms(text, &self.names);
        let mut about = Scope::default();
        let mut reads = self.statements.iter();
        if let Some(read) = reads.find(|read| read.index == statement) {
            about.take(&read.about());
        }
        let mut scope = opened(&all, &about);
        match self.figures(text, &all, &mut scope) {
            Ok(needed) if !needed.is_empty() => {
                needed.cells.is_subset(&grounds.cells) && needed.rows.is_subset(&grounds.rows)
            }
            _ => grounds.statements.contains(&statement),
        }
    }

    /// Whether a sentence goes on with a statement whose first sentence it does not say: `Tools for it: ...` needs what it
    /// is for.
    #[must_use]
    pub fn goes_on(&self, statement: usize, sentence: &str) -> bool {
        let mut reads = self
            .statements
            .iter()
            .filter(|read| read.index == statement);
        let Some(first) = reads.next().filter(|_| reads.next().is_some()) else {
            return false;
        };
        let all = atoms(sentence, &self.names);
        let scope = opened(&all, &Scope::default());
        first.text != statement::plain(sentence) && !first.is_shortened_by(&all, &scope, SENTENCE)
    }

    /// Whether two sentences are one statement word for word, with a full stop where it has its first colon or semicolon:
    /// `It fits without it. iOS 8 GB needs 303 MiB.` The second alone would have lost what the first rules it by.
    pub(crate) fn second_half(&self, first: &str, second: &str, scope: &Scope) -> Option<Grounds> {
        let (first, second) = (statement::plain(first), statement::plain(second));
        let is_both = |read: &&Read| {
            let halves = read.text.split_once([':', ';']);
            halves.is_some_and(|(one, two)| {
                one == first && starts_alike(two.trim_start(), &second) && read.is_spoken_of(scope)
            })
        };
        let read = self.statements.iter().find(is_both)?;
        Some(Grounds {
            exact: [read.index].into(),
            ..Grounds::default()
        })
    }

    /// Judges clause by clause.
    fn clauses(&self, text: &str, all: &[Atom], scope: &mut Scope) -> Result<Grounds, Refusal> {
        let mut grounds = Grounds::default();
        let place = scope.place.clone();
        for range in clauses(all) {
            let part = &all[range];
            // `No class downloads more than 3.99 GiB, and the smallest download, 830 MiB, goes to Android 8 GB`: one of several,
            // after all of them, is the one that the sentence names.
            let of_one = part
                .iter()
                .any(|atom| matches!(atom.what, What::Extreme(..)));
            if of_one && scope.frame.everywhere && !names(part).into_iter().any(rows::is_place) {
                scope.place.clone_from(&place);
                scope.frame.everywhere = false;
            }
            if let Some(index) = self.shortened(part, scope, CLAUSE) {
                scope.take(&names(part));
                scope.attributes = part.iter().rev().find_map(attributes).unwrap_or_default();
                grounds.statements.insert(index);
                continue;
            }
            grounds.add(figures::judge(self.facts, text, part, scope)?);
        }
        if let Some(span) = scope.frame.unused() {
            return Err(figures::unclear(span));
        }
        if grounds.cells.is_empty()
            && grounds.statements.is_empty()
            && let Some(atom) = open_words(all)
        {
            // Words for a figure with no figure: `the weights are charged` claims what nothing was held against.
            return Err(figures::unclear(atom.span.clone()));
        }
        if grounds.is_empty() {
            return Err(Refusal::new(
                Reason::Words,
                0..text.len(),
                Text::key("prose.refused.nothing"),
            ));
        }
        Ok(grounds)
    }

    /// Two statements in one sentence: the first, a colon or a semicolon, and the second; or `because` between two of one
    /// paragraph, which says what to do and why.
    fn joined(&self, text: &str, all: &[Atom], scope: &Scope) -> Option<BTreeSet<usize>> {
        let joint = joint(text, all)?;
        let (left, right) = (&all[..joint], &all[joint + 1..]);
        let first = self.shortened(left, scope, SENTENCE)?;
        let paragraph = |index: usize| {
            let id = &self.facts.statements.get(index)?.id;
            id.rsplit_once('.').map(|(paragraph, _)| paragraph)
        };
        let gives_reason = matches!(all[joint].what, What::Guard(_));
        let second = self.statements.iter().find(|read| {
            let beside = !gives_reason || paragraph(read.index) == paragraph(first);
            beside && read.is_shortened_by(right, scope, SENTENCE)
        })?;
        Some([first, second.index].into())
    }

    /// The statement a row of atoms shortens.
    fn shortened(&self, atoms: &[Atom], scope: &Scope, share: f64) -> Option<usize> {
        self.statements
            .iter()
            .find(|read| read.is_shortened_by(atoms, scope, share))
            .map(|read| read.index)
    }
}

/// Where one half of a sentence ends and the other begins: at `because`, a colon or a semicolon.
fn joint(text: &str, all: &[Atom]) -> Option<usize> {
    let sign = |atom: &Atom| text.get(atom.span.clone()).unwrap_or_default();
    let parts =
        |atom: &Atom| atom.what == What::Break && matches!(sign(atom), ":" | ";" | "：" | "；");
    all.iter().position(|atom| is_reason(atom) || parts(atom))
}

fn is_reason(atom: &Atom) -> bool {
    matches!(&atom.what, What::Guard(group) if group == "because")
}

/// Whether two texts are the same but for the case of the first letter, which starts a sentence in one of them.
fn starts_alike(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.chars(), other.chars());
    let first = one.next().zip(other.next());
    let alike = first.is_some_and(|(one, other)| one.eq_ignore_ascii_case(&other));
    alike && one.as_str() == other.as_str()
}

/// Words for a figure, beside those that name the type of a KV cache.
fn open_words(all: &[Atom]) -> Option<&Atom> {
    let is_cache = |at: Option<usize>| {
        let atom = at.and_then(|at| all.get(at));
        atom.is_some_and(|atom| match &atom.what {
            What::Name(options) => options.iter().all(|(kind, _)| *kind == Kind::Cache),
            _ => false,
        })
    };
    let named = |at: usize| {
        is_cache_word(&all[at].what) && (is_cache(at.checked_sub(1)) || is_cache(Some(at + 1)))
    };
    let mut open = all.iter().enumerate();
    open.find(|(at, atom)| {
        attributes(atom).is_some() && !named(*at) && !judge::names_a_file(all, *at)
    })
    .map(|(_, atom)| atom)
}

fn attributes(atom: &Atom) -> Option<Vec<Attribute>> {
    match &atom.what {
        What::Attribute(attributes) => Some(attributes.clone()),
        _ => None,
    }
}

/// What a sentence starts to speak of: a place named in one clause only rules the whole sentence, and a model named
/// without a place is spoken of everywhere.
fn opened(all: &[Atom], scope: &Scope) -> Scope {
    let mut opened = scope.clone();
    opened.frame = Frame::default();
    // `On Android 8 GB, it is 2.29 GiB`: what was spoken of goes on only where nothing else is.
    if all
        .iter()
        .any(|atom| matches!(atom.what, What::Attribute(_)))
    {
        opened.attributes.clear();
    }
    let of_kind = |part: &[Atom], keep: fn(Kind) -> bool| -> Vec<_> {
        names(part)
            .into_iter()
            .filter(|name| rows::kind_of(name).is_some_and(keep))
            .cloned()
            .collect()
    };
    let places: Vec<Vec<_>> = clauses(all)
        .into_iter()
        .map(|range| of_kind(&all[range], Kind::is_place))
        .filter(|places| !places.is_empty())
        .collect();
    match places.as_slice() {
        [only] => {
            opened.place.clone_from(only);
            opened.what.clear();
        }
        [] if !of_kind(all, |kind| kind == Kind::Model).is_empty() => {
            opened.place.clear();
            opened.what.clear();
        }
        [] => {}
        // Each clause must name its own place.
        _ => {
            opened.place.clear();
            opened.what.clear();
        }
    }
    opened
}
