//! Answers to earlier questions about one space: one of them often answers the next question too. Searches nothing.

use super::problem::{Choice, Problem};

/// How many answers are remembered.
const REMEMBERED: usize = 16;

/// Answers that were found: per slot, a number into the slot's list. The one that did last comes first.
#[derive(Debug, Clone, Default)]
pub struct Answers(Vec<Vec<usize>>);

impl Answers {
    /// Whether one of them picks choices that `keep(slot, choice)` lets through and meets the limits of `problem`. Its
    /// files and instances count, its own slots do not: the numbers are those of `slots`.
    pub fn holds(
        &mut self,
        problem: &Problem,
        slots: &[Vec<Choice>],
        keep: impl Fn(usize, usize) -> bool,
    ) -> bool {
        let place = self.0.iter().position(|answer| {
            let mut picks = answer.iter().enumerate();
            let is_left = picks.all(|(slot, &at)| keep(slot, at));
            let picks = answer.iter().zip(slots);
            let picks = picks.map(|(&at, choices)| choices[at]);
            is_left && problem.admits(&problem.cost(&picks.collect::<Vec<_>>()))
        });
        if let Some(place) = place {
            self.0[..=place].rotate_right(1);
        }
        place.is_some()
    }

    /// Remembers one more.
    pub fn add(&mut self, answer: Vec<usize>) {
        self.0.insert(0, answer);
        self.0.truncate(REMEMBERED);
    }
}
