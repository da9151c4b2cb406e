//! Sentences that shorten a statement: the same words in the same order, and no turning word added or dropped.

use std::collections::BTreeSet;

use super::clause::{Scope, clauses};
use crate::prose::facts::Kind;
use crate::prose::read::atom::{Atom, What};
use crate::prose::read::atoms::atoms;
use crate::prose::read::names::{Names, Options};
use crate::prose::read::number::Quantity;
use crate::prose::read::rounding::same;
use crate::quantity::Dimension;

use super::rows::kind_of;

/// A sentence of a statement, read.
#[derive(Debug)]
pub(crate) struct Read {
    /// Index of the statement.
    pub(crate) index: usize,
    /// The sentence itself, for the exact comparison.
    pub(crate) text: String,
    /// Names it speaks of without saying them.
    about: Vec<Options>,
    pub(super) atoms: Vec<Atom>,
    /// Which words are part of a name, by their large letter: `Pro` in `iPhone 16 Pro`.
    proper: Vec<bool>,
    /// The clause each atom belongs to.
    pub(super) clause: Vec<usize>,
    /// Clauses that begin a sentence, or follow a colon or semicolon.
    starts: Vec<usize>,
}

impl Read {
    /// Reads one sentence.
    pub(crate) fn new(index: usize, text: &str, about: &[String], names: &Names) -> Self {
        let all = atoms(text, names);
        let mut clause = vec![usize::MAX; all.len()];
        for (number, range) in clauses(&all).into_iter().enumerate() {
            for at in range {
                clause[at] = number;
            }
        }
        let opens = |atom: &Atom| {
            let sign = text.get(atom.span.clone()).unwrap_or_default();
            atom.what == What::Break && matches!(sign, ":" | ";" | "：" | "；")
        };
        let mut starts = vec![0];
        for at in (0..all.len()).filter(|at| opens(&all[*at])) {
            starts.extend(
                clause[at..]
                    .iter()
                    .copied()
                    .find(|clause| *clause != usize::MAX),
            );
        }
        let mut kept = Vec::new();
        let mut of = Vec::new();
        for (atom, clause) in all.into_iter().zip(clause) {
            if means_something(&atom.what) {
                kept.push(atom);
                of.push(clause);
            }
        }
        Self {
            index,
            text: plain(text),
            about: about
                .iter()
                .filter_map(|name| names.longest(name, None))
                .map(|(options, _)| options.clone())
                .collect(),
            proper: kept
                .iter()
                .enumerate()
                .map(|(at, atom)| at > 0 && is_large(text, atom))
                .collect(),
            atoms: kept,
            clause: of,
            starts,
        }
    }

    /// What it speaks of without saying it.
    pub(crate) fn about(&self) -> Vec<&Options> {
        self.about.iter().collect()
    }

    /// Whether what it speaks of without saying it is being spoken of.
    pub(crate) fn is_spoken_of(&self, scope: &Scope) -> bool {
        self.about.iter().all(|name| scope.holds(name))
    }

    /// Whether `candidate` shortens this statement, given what is being spoken of.
    /// `share` is how much of each of its clauses must be kept when it is used at all.
    pub(crate) fn is_shortened_by(&self, candidate: &[Atom], scope: &Scope, share: f64) -> bool {
        let wanted: Vec<&Atom> = candidate
            .iter()
            .filter(|atom| means_something(&atom.what))
            .collect();
        // A number or a name alone says nothing, wherever the statement has it.
        let says = |atom: &&Atom| {
            !matches!(
                atom.what,
                What::Name(_)
                    | What::Chunk(_)
                    | What::Quantity(_)
                    | What::Range(..)
                    | What::Version(_)
                    | What::Topic(_)
                    | What::Compare(_)
                    | What::CompareAfter(_)
            )
        };
        if !wanted.iter().any(says) || !self.is_spoken_of(scope) {
            return false;
        }
        let Some(used) = self.align(&wanted) else {
            return false;
        };
        self.keeps_turns(&used, scope) && self.keeps_start(&used) && self.keeps_enough(&used, share)
    }

    /// Matches the candidate's atoms in order, pieces of Han text at least two characters long; which atoms were used.
    fn align(&self, wanted: &[&Atom]) -> Option<Vec<bool>> {
        // For each number of atoms matched: the earliest place to go on, and the piece that led there.
        let mut reach: Vec<Option<(usize, usize, usize)>> = vec![None; wanted.len() + 1];
        reach[0] = Some((0, 0, 0));
        for done in 0..wanted.len() {
            let Some((from, ..)) = reach[done] else {
                continue;
            };
            for length in piece_lengths(wanted, done) {
                let piece = &wanted[done..done + length];
                let Some(start) = self.find(piece, from) else {
                    continue;
                };
                let end = start + length;
                let slot = &mut reach[done + length];
                if slot.is_none_or(|(known, ..)| end < known) {
                    *slot = Some((end, start, length));
                }
            }
        }
        let mut used = vec![false; self.atoms.len()];
        let mut done = wanted.len();
        while done > 0 {
            let (_, start, length) = reach[done]?;
            used[start..start + length].fill(true);
            done -= length;
        }
        Some(used)
    }

    fn find(&self, piece: &[&Atom], from: usize) -> Option<usize> {
        let last = self.atoms.len().checked_sub(piece.len())?;
        (from..=last).find(|start| {
            piece
                .iter()
                .zip(&self.atoms[*start..])
                .enumerate()
                .all(|(at, (want, have))| matches(&want.what, &have.what, at > 0))
        })
    }

    /// What comes first says for what the rest holds: `for stores without Play, host the file yourself`. It may be left out
    /// only before a colon or semicolon, where it neither turns nor places what follows.
    pub(super) fn keeps_start(&self, used: &[bool]) -> bool {
        let Some(first) = (0..used.len())
            .find(|at| used[*at])
            .map(|at| self.clause[at])
        else {
            return false;
        };
        let starts = self
            .starts
            .iter()
            .rev()
            .find(|start| **start <= first)
            .copied();
        let start = starts.unwrap_or(0);
        let before = |at: &usize| self.clause[*at] < start;
        first == start
            && !(0..self.atoms.len()).filter(before).any(|at| {
                matches!(
                    self.atoms[at].what,
                    What::Negation
                        | What::Guard(_)
                        | What::Compare(_)
                        | What::CompareAfter(_)
                        | What::Name(_)
                        | What::Pairing
                        | What::End(_)
                        | What::Extreme(..)
                        | What::State(_)
                        | What::Than
                        | What::Nowhere
                        | What::Others { .. }
                        | What::Degree(_)
                )
            })
    }

    /// Every turning word of a clause that is used must be used, and every name it hangs on be there or be spoken of.
    pub(super) fn keeps_turns(&self, used: &[bool], scope: &Scope) -> bool {
        let last = self.last_clause(used);
        self.atoms.iter().enumerate().all(|(at, atom)| {
            let clause = self.clause[at];
            let touched = self.touches(used, clause);
            used[at]
                || match &atom.what {
                    What::Negation
                    | What::Compare(_)
                    | What::CompareAfter(_)
                    | What::Pairing
                    | What::End(_)
                    | What::Extreme(..)
                    | What::State(_)
                    | What::Everywhere(_)
                    | What::Models(_)
                    | What::Than
                    | What::Nowhere
                    | What::Degree(_)
                    | What::Attribute(_)
                    | What::Quantity(_)
                    | What::Range(..) => !touched,
                    // The names of a clause that says something else too; a list of names may be cut.
                    What::Chunk(_) => !(touched && self.says_more(clause)),
                    What::Word(_) if self.proper[at] => !touched,
                    // A condition rules the clauses after it too, and `unless` the one before.
                    What::Guard(group) => match group.as_str() {
                        "if" | "unless" | "until" => clause > last + 1,
                        "once" | "before" | "after" => clause > last,
                        _ => !touched,
                    },
                    What::Name(options) => {
                        let rules = kind_of(options)
                            .is_some_and(|kind| kind.is_place() || kind == Kind::Model);
                        !(rules && clause <= last) || scope.holds(options)
                    }
                    _ => true,
                }
        })
    }

    /// Whether a clause holds plain words besides names.
    fn says_more(&self, clause: usize) -> bool {
        self.clause.iter().zip(&self.atoms).any(|(of, atom)| {
            *of == clause && matches!(atom.what, What::Word(_) | What::Han(..) | What::Negation)
        })
    }

    fn last_clause(&self, used: &[bool]) -> usize {
        self.clause
            .iter()
            .zip(used)
            .filter(|(_, used)| **used)
            .map(|(clause, _)| *clause)
            .max()
            .unwrap_or(0)
    }

    fn touches(&self, used: &[bool], clause: usize) -> bool {
        self.clause
            .iter()
            .zip(used)
            .any(|(of, used)| *of == clause && *used)
    }

    /// Enough of each clause that is used.
    fn keeps_enough(&self, used: &[bool], share: f64) -> bool {
        self.keeps_share(used, share, is_optional)
    }

    /// How many atoms of each clause that is used count, and how many of them are used; `may_go` says which do not count where
    /// they are left out.
    pub(super) fn counted(&self, used: &[bool], may_go: fn(&What) -> bool) -> Vec<(u32, u32)> {
        let clauses: BTreeSet<usize> = self.clause.iter().copied().collect();
        let counts = clauses.into_iter().map(|clause| {
            let own = (0..used.len()).filter(|at| self.clause[*at] == clause);
            let own = own.filter(|at| used[*at] || !may_go(&self.atoms[*at].what));
            own.fold((0, 0), |(all, kept), at| {
                (all + 1, kept + u32::from(used[at]))
            })
        });
        counts.filter(|(_, kept)| *kept > 0).collect()
    }

    /// Whether so much of each clause that is used is kept.
    pub(super) fn keeps_share(&self, used: &[bool], share: f64, may_go: fn(&What) -> bool) -> bool {
        let mut counts = self.counted(used, may_go).into_iter();
        counts.all(|(all, kept)| f64::from(kept) >= share * f64::from(all))
    }
}

/// What a clause may lack: figures, foreign names, what a comparison is about.
pub(super) const fn is_optional(what: &What) -> bool {
    matches!(
        what,
        What::Quantity(_) | What::Range(..) | What::Chunk(_) | What::Topic(_)
    )
}

/// Lengths of pieces to try at `done`: Han runs in pieces of two or more characters, everything else one by one.
fn piece_lengths(wanted: &[&Atom], done: usize) -> std::ops::RangeInclusive<usize> {
    if !matches!(wanted[done].what, What::Han(..)) {
        return 1..=1;
    }
    let run = wanted[done + 1..]
        .iter()
        .take_while(|atom| matches!(atom.what, What::Han(_, true)))
        .count()
        + 1;
    run.min(2)..=run
}

/// Whether an atom of a candidate says no more than one of the statement. `inside` is within a run of Han text.
pub(super) fn matches(want: &What, have: &What, inside: bool) -> bool {
    match (want, have) {
        (What::Name(one), What::Name(other)) => one.iter().any(|option| other.contains(option)),
        (What::Attribute(one), What::Attribute(other)) => one.iter().any(|a| other.contains(a)),
        (What::Quantity(one), What::Quantity(other)) => {
            let counts = |quantity: &Quantity| {
                matches!(quantity.dimension, Dimension::Number | Dimension::Params)
            };
            // `Ten million dollars`: a million is no unit.
            if one.dimension != other.dimension {
                return counts(one) && counts(other) && one.value == other.value;
            }
            if one.has_unit {
                same(one, false, other.value, other.dimension)
            } else {
                one.value == other.value
            }
        }
        (What::Range(low, high), What::Range(from, to)) => {
            low.dimension == from.dimension
                && same(low, false, from.value, from.dimension)
                && same(high, false, to.value, to.dimension)
        }
        (What::Han(one, _), What::Han(other, joined)) => one == other && (!inside || *joined),
        (
            What::CompareAfter(one) | What::Compare(one),
            What::CompareAfter(other) | What::Compare(other),
        ) => one == other,
        (What::Odd | What::Instruction, _) => false,
        (one, other) => one == other,
    }
}

fn is_large(text: &str, atom: &Atom) -> bool {
    text.get(atom.span.clone())
        .is_some_and(|word| word.starts_with(|c: char| c.is_ascii_uppercase()))
}

pub(super) fn means_something(what: &What) -> bool {
    !matches!(
        what,
        What::And | What::Break | What::About | What::Link(_) | What::Sum | What::Left
    )
}

/// A sentence without what does not matter for an exact comparison: blanks, back-ticks, the full stop.
pub(crate) fn plain(text: &str) -> String {
    let folded = crate::prose::read::fold::fold(text).text;
    let words: Vec<&str> = folded.split_whitespace().collect();
    words
        .join(" ")
        .replace('`', "")
        .trim_end_matches(['.', '。'])
        .to_owned()
}
