//! `Only Android 8 GB and Android 12 GB use Q4_0`: said of places or parts of the app, it holds when no other row has what the
//! clause says of them.

use std::ops::Range;

use super::clause::names;
use super::grounds::Grounds;
use super::rows::{combinations, holds, kind_of, rows_of};
use crate::prose::facts::{Facts, Kind};
use crate::prose::read::atom::{Atom, What};
use crate::prose::read::names::Options;

/// A clause that begins with `only`.
pub(crate) struct Alone {
    pub(crate) span: Range<usize>,
}

/// The clause without the `only` it begins with, where names follow.
pub(crate) fn taken(mut atoms: Vec<Atom>) -> (Vec<Atom>, Option<Alone>) {
    let begins = match atoms.as_slice() {
        [first, next, ..] => {
            matches!(&first.what, What::Guard(group) if group == "barely")
                && matches!(&next.what, What::Name(options) if is_subject(options))
        }
        _ => false,
    };
    if !begins {
        return (atoms, None);
    }
    let span = atoms.remove(0).span;
    (atoms, Some(Alone { span }))
}

fn is_subject(name: &Options) -> bool {
    kind_of(name).is_some_and(|kind| kind.is_place() || kind.is_purpose())
}

impl Alone {
    /// Whether the rows with what is said are all of the subject.
    pub(crate) fn holds(&self, facts: &Facts, atoms: &[Atom]) -> Option<Grounds> {
        let words = |atom: &Atom| !matches!(atom.what, What::Name(_) | What::And | What::Break);
        if atoms.iter().any(words) {
            return None;
        }
        let (subject, said): (Vec<&Options>, Vec<&Options>) =
            names(atoms).into_iter().partition(|name| is_subject(name));
        let of_model = |name: &&Options| kind_of(name) == Some(Kind::Feature);
        if said.is_empty() || said.iter().any(of_model) {
            return None;
        }
        let own: Vec<usize> = combinations(&subject)?
            .iter()
            .flat_map(|reading| rows_of(facts, reading))
            .collect();
        let mut all = (0..facts.rows.len()).filter(|row| holds(&facts.rows[*row], &said));
        all.all(|row| own.contains(&row)).then(Grounds::default)
    }
}
