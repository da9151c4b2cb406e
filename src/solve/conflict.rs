//! Why nothing fits: a minimal conflict over lines and rules, and ways out.
//!
//! Runs only where the choice has failed, so it may look at everything without stopping early.

use std::collections::BTreeSet;

use super::culprit::culprits;
use super::field::Field;
use super::question::Question;
use super::quickxplain::minimal_conflict;
use super::relax;
use super::space::Shelf;
use super::types::{ConflictLine, DeviceClass, Outcome};

/// The answer for a class without a choice.
pub(super) fn explain(question: &Question<'_>, class: &DeviceClass, shelves: &[Shelf]) -> Outcome {
    let field = Field::new(question, class);
    let constraints: Vec<usize> = field.constraints();
    let conflict = minimal_conflict(constraints.len(), &mut |set| {
        let active: BTreeSet<usize> = set.iter().map(|&at| constraints[at]).collect();
        field.holds(&active)
    })
    .unwrap_or_default();
    let conflict: Vec<usize> = conflict.into_iter().map(|at| constraints[at]).collect();
    let empty = shelves.iter().zip(&question.slots);
    let relaxations = relax::relaxations(&field, &constraints, &conflict);
    let conflict: Vec<ConflictLine> = conflict.iter().map(|&at| field.line(at)).collect();
    Outcome::Infeasible {
        culprits: culprits(question, class, shelves, &conflict),
        empty_slots: empty
            .filter(|(shelf, _)| shelf.entries.is_empty())
            .map(|(_, slot)| *slot)
            .collect(),
        relaxations,
        conflict,
    }
}
