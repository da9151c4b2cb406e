//! Words that are claims by themselves, beside the numbers of their clause: one of several, charged in full, all alike,
//! together.

use super::grounds::Grounds;
use super::judge::Judge;
use super::rows::{Combination, cells, rows_of};
use super::{ranks, states};
use crate::prose::facts::Attribute;
use crate::prose::read::atom::{Atom, What};
use crate::prose::read::meaning::Alike;
use crate::prose::read::number::Quantity;
use crate::prose::read::rounding::same;

/// Whether an atom is judged by itself, beside the claims of its clause.
pub(crate) const fn is_mark(atom: &Atom) -> bool {
    matches!(
        atom.what,
        What::Extreme(..)
            | What::State(_)
            | What::Everywhere(_)
            | What::Nowhere
            | What::Others { .. }
            | What::Models(_)
            | What::Same(_)
    )
}

impl Judge<'_> {
    /// Judges an atom by itself; also what the next clause goes on about.
    pub(crate) fn mark(&self, atoms: &[Atom], mark: &Atom) -> Option<(Grounds, Option<Attribute>)> {
        let mut all = Grounds::default();
        let mut last = None;
        match &mark.what {
            What::Extreme(extreme, _) => {
                let place = ranks::Place {
                    at: atoms.iter().position(|atom| atom.span == mark.span)?,
                    atoms,
                    inherited: self.inherited,
                };
                for reading in self.readings {
                    let (found, of) = ranks::foremost(self.facts, reading, &place, *extreme)?;
                    all.add(found);
                    last = Some(of);
                }
            }
            What::State(state) => {
                let words = atoms.iter().filter_map(|atom| match &atom.what {
                    What::Attribute(words) => Some(words.as_slice()),
                    _ => None,
                });
                let about: Vec<Attribute> = match words.clone().next() {
                    Some(_) => words.flatten().copied().collect(),
                    None => self.inherited.to_vec(),
                };
                for reading in self.readings {
                    all.add(states::holds(
                        self.facts,
                        reading,
                        *state,
                        &about,
                        self.of_all,
                    )?);
                }
            }
            What::Everywhere(Some(_)) => {
                // Their number is what it rests on.
                let every: Vec<usize> = (0..self.facts.rows.len()).collect();
                all.cells = cells(self.facts, &every, &[Attribute::Ram])
                    .into_iter()
                    .collect();
            }
            What::Models(count) => {
                for reading in self.readings {
                    all.add(states::are(self.facts, reading, *count)?);
                }
            }
            What::Same(Alike::Models) => {
                all.add(states::share_models(self.facts, self.readings)?);
            }
            What::Same(Alike::Figures) => {
                let words = atoms.iter().find_map(|atom| match &atom.what {
                    What::Attribute(words) => Some(words.as_slice()),
                    _ => None,
                });
                let [attribute] = words? else { return None };
                all.add(states::is_one(self.facts, self.readings, *attribute)?);
            }
            _ => {}
        }
        Some((all, last))
    }

    /// A number that several files take together.
    pub(crate) fn summed(
        &self,
        attributes: &[Attribute],
        quantity: &Quantity,
        about: bool,
    ) -> Option<Grounds> {
        let mut all = Grounds::default();
        for reading in self.readings {
            let (attribute, sums) = attributes.iter().find_map(|attribute| {
                Some((
                    *attribute,
                    states::together(self.facts, reading, *attribute)?,
                ))
            })?;
            let stated = |sum: &f64| same(quantity, about, *sum, attribute.dimension());
            if self.ruled.end.is_some() || !sums.iter().all(stated) {
                return None;
            }
            let rows = rows_of(self.facts, reading);
            all.cells.extend(cells(self.facts, &rows, &[attribute]));
        }
        Some(all)
    }

    /// Whether words of adding up speak of a figure that several parts have.
    pub(crate) fn is_sum(&self, attributes: &[Attribute]) -> bool {
        let several = |reading: &Combination<'_>| {
            let mut sums = attributes.iter();
            sums.any(|one| states::together(self.facts, reading, *one).is_some())
        };
        self.ruled.sum && self.readings.iter().any(several)
    }
}
