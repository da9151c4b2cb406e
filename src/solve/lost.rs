//! The first goal on which one answer of a class is worse than another, with both values.

use super::choose::is_kv_reduced;
use super::figures::{Compared, objective_value};
use super::problem::{LOCKED, Problem};
use super::question::Question;
use super::space::Shelf;
use super::types::{DeviceClass, Loss};
use crate::spec::model::Objective;

/// Compares two answers to one problem, as numbers into each slot's list; `None` where they tie on all goals.
pub(super) fn lost(
    question: &Question<'_>,
    class: &DeviceClass,
    (shelves, problem): (&[Shelf], &Problem),
    best: &[usize],
    other: &[usize],
) -> Option<Loss> {
    let goals = problem.goals.iter().filter(|goal| goal.score != LOCKED);
    let goal = goals.into_iter().find(|goal| {
        let of = |picks: &[usize]| problem.slots[goal.slot][picks[goal.slot]].scores[goal.score];
        of(best) != of(other)
    })?;
    let value = |picks: &[usize]| {
        let entries = &shelves[goal.slot].entries;
        let stack = entries[picks[goal.slot]].stack;
        let slot = question.slots[goal.slot];
        let estimate = question.figures(slot, class, &stack);
        // What loses for want of a figure shows the sum that lacks it.
        let objective = Objective::ALL.get(goal.score).copied();
        let one = Compared {
            slot,
            class,
            stack: &stack,
            estimate: &estimate,
            kv_reduced: is_kv_reduced(entries, &stack),
        };
        objective_value(question, one, objective.unwrap_or(Objective::Memory))
    };
    Some(Loss {
        slot: question.slots[goal.slot],
        best: value(best),
        other: value(other),
    })
}
