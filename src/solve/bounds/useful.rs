//! Which choices can be part of a best answer under whatever limits: few of thousands.
//!
//! A choice goes when another one of its slot is as good or better by the slot's goals and never costs more. Then putting
//! the other in its place makes no selection worse: only this slot's scores change, ties go to the earlier choice, and every sum
//! is the same or smaller. That holds where nobody can share the file and instance of the choice that goes, or both are the same.

use std::cmp::Ordering;

use super::super::problem::{Choice, Problem};
use super::super::sharing::Shared;

/// What a choice costs where it shares nothing: memory, time, download, storage.
fn price(problem: &Problem, choice: &Choice) -> [u64; 4] {
    let (file, instance) = (
        &problem.files[choice.file],
        &problem.instances[choice.instance],
    );
    [
        choice.memory + instance.memory,
        choice.time,
        file.download,
        file.storage + instance.storage,
    ]
}

/// Per slot the numbers of the useful choices, ascending. `burdens` are further costs of each choice, in slots that have any.
pub(super) fn useful(problem: &Problem, burdens: &[Vec<Vec<f64>>]) -> Vec<Vec<usize>> {
    let shared = Shared::new(problem);
    let slots = 0..problem.slots.len();
    slots
        .map(|slot| of_slot(problem, slot, &burdens[slot], &shared))
        .collect()
}

/// A choice that stays.
struct Kept<'b> {
    price: [u64; 4],
    own: [u64; 2],
    of: (usize, usize),
    burden: &'b [f64],
}

impl Kept<'_> {
    fn is_no_dearer(&self, other: &Self, shared: bool) -> bool {
        let no_more = if shared {
            self.of == other.of && at_most(&self.own, &other.own)
        } else {
            at_most(&self.price, &other.price)
        };
        no_more && at_most(self.burden, other.burden)
    }
}

fn at_most<T: PartialOrd>(one: &[T], other: &[T]) -> bool {
    one.iter().zip(other).all(|(one, other)| one <= other)
}

fn of_slot(problem: &Problem, slot: usize, burdens: &[Vec<f64>], shared: &Shared) -> Vec<usize> {
    let choices = &problem.slots[slot];
    let goals = problem.goals.iter().filter(|goal| goal.slot == slot);
    let goals: Vec<usize> = goals.map(|goal| goal.score).collect();
    let better = |one: usize, other: usize| {
        let of = |at: usize, goal: usize| choices[at].scores[goal];
        let mut orders = goals
            .iter()
            .map(|&goal| of(other, goal).cmp(&of(one, goal)));
        orders
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
            .then(one.cmp(&other))
    };
    let mut order = unlike(problem, slot, burdens, shared);
    order.sort_unstable_by(|&one, &other| better(one, other));
    let mut kept: Vec<Kept<'_>> = Vec::new();
    let mut useful = Vec::new();
    for at in order {
        let choice = &choices[at];
        let own = Kept {
            price: price(problem, choice),
            own: [choice.memory, choice.time],
            of: (choice.file, choice.instance),
            burden: burdens.get(at).map_or(&[], Vec::as_slice),
        };
        let holds = shared.holds(choice);
        match kept.iter().position(|one| one.is_no_dearer(&own, holds)) {
            // What made one superfluous makes many so: it is asked first.
            Some(place) => kept.swap(0, place),
            None => {
                kept.push(own);
                useful.push(at);
            }
        }
    }
    useful.sort_unstable();
    useful
}

/// The choices without those that an earlier one of the same file equals in all that counts: bindings of one engine. What could be
/// shared stays, as each is an instance of its own.
fn unlike(problem: &Problem, slot: usize, burdens: &[Vec<f64>], shared: &Shared) -> Vec<usize> {
    let choices = &problem.slots[slot];
    let mut found: Vec<usize> = Vec::new();
    for (at, choice) in choices.iter().enumerate() {
        let equals = |earlier: &&usize| {
            let other = &choices[**earlier];
            other.scores == choice.scores
                && price(problem, other) == price(problem, choice)
                && burdens.get(**earlier) == burdens.get(at)
        };
        let mut same_file = found
            .iter()
            .rev()
            .take_while(|earlier| choices[**earlier].file == choice.file);
        if shared.holds(choice) || !same_file.any(|earlier| equals(&earlier)) {
            found.push(at);
        }
    }
    found
}
