//! From candidates to the choice, proven optimal; explains what it rejects.
//!
//! Reads the catalog, asks `estimate` for figures and `rules` for verdicts; does no IO and words nothing but
//! diagnostics. How it works and why it is exact: `docs/concepts/solver.md`.

mod absence;
pub mod answers;
mod asks;
mod bindings;
mod bits;
mod blame;
mod bounded;
mod bounds;
mod breaks;
mod broken;
mod choose;
mod classes;
mod conflict;
mod culprit;
mod deal;
mod elsewhere;
mod feasible;
mod field;
mod figures;
mod frontier;
mod gate;
mod instance;
mod judge;
#[cfg(test)]
mod lcg;
mod lines;
mod locked;
mod looks;
mod lost;
pub mod marco;
mod moved;
mod parallel;
pub mod problem;
mod question;
pub mod quickxplain;
#[cfg(test)]
mod random;
mod relax;
mod report;
mod scale;
pub mod search;
mod sharing;
mod shelves;
mod single;
mod slots;
#[cfg(test)]
mod solve_tests;
mod space;
mod split;
mod stacks;
mod stop;
mod store;
#[cfg(test)]
mod testing;
mod tests_run;
mod tiers;
pub mod types;
mod unused;
mod verdicts;
mod why;

pub(crate) use choose::UNLIMITED;
pub use figures::{Fidelity, fidelity};
pub use frontier::{Front, Frontier, Point, frontier};
pub use locked::{Locked, StackIds};
pub use report::diagnostics;
pub use slots::residency_groups;
pub use stacks::fills;
pub use stop::{Stop, unless_stopped};
pub use tests_run::{Check, Resolve, TestResult, check_tests};
pub use verdicts::{RuleOnSlot, verdicts};
pub use why::{FoilAnswer, Slack, Why, WhyClass, WhyNot, WhySlot, why, why_not};

use std::cmp::Ordering;
use std::collections::BTreeMap;

use self::bounds::{Asked, Known, Open, bounds, opened, unbound};
use self::choose::choose;
use self::classes::classes;
use self::conflict::Blocked;
use self::elsewhere::elsewhere;
use self::instance::problem;
use self::parallel::side_by_side;
use self::question::Question;
use self::search::Layout;
use self::shelves::shelves;
use self::single::{Solved, single};
use self::space::{Entry, Shelf};
use self::types::{Candidate, Chosen, ClassSolution, DeviceClass, Outcome, Slot, Solution};
use self::unused::unused;
use crate::catalog::types::{Catalog, ModelIx};
use crate::estimate::types::Stack;
use crate::rules::RuleSet;
use crate::spec::model::Spec;

/// Chooses a stack for every slot on every class of phones the spec asks for, or says why there is none.
///
/// The answer depends on the three arguments alone. Indices in it are of `catalog` and `rules`.
#[must_use]
pub fn solve(catalog: &Catalog, rules: &RuleSet, spec: &Spec) -> Solution {
    solve_asked(catalog, rules, spec, &Ask::default())
}

/// What a solve is asked for besides the choice.
#[derive(Debug, Clone, Default)]
pub struct Ask<'a> {
    /// What ties on every goal is decided for what an earlier build chose.
    pub locked: Option<&'a Locked>,
    /// What to say of the bounds; nothing where it is absent.
    pub bounds: Option<Steps>,
    /// Whether to say what a plan tells beside the choice: what came second, one stack for all, what classes miss of what
    /// others get.
    pub beside: bool,
}

/// What to say of bounds beside how far they are away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps {
    /// At how many values each way the answer changes.
    pub each_way: usize,
    /// Only where there are no more slots than this: every question about several slots is a search.
    pub slots: usize,
}

/// The same, with what else is asked.
#[must_use]
pub fn solve_asked(catalog: &Catalog, rules: &RuleSet, spec: &Spec, ask: &Ask<'_>) -> Solution {
    let mut question = Question::new(catalog, rules, spec);
    question.locked = ask.locked;
    let (classes, issues) = classes(catalog, spec);
    let every: Vec<&DeviceClass> = classes.iter().collect();
    let shelves = shelves(&question, &every);
    let work: Vec<(&DeviceClass, &[Shelf])> = (every.into_iter())
        .zip(shelves.iter().map(Vec::as_slice))
        .collect();
    let mut answers = side_by_side(&work, |(class, shelves)| {
        answer(&question, class, shelves, ask.beside)
    });
    if let Some(steps) = ask.bounds {
        tell_bounds(&question, &mut answers, steps);
    }
    let blocked: Vec<Blocked<'_>> = (answers.iter())
        .filter(|answer| answer.chosen.is_none())
        .map(|answer| Blocked {
            class: answer.solved.class,
            shelves: answer.solved.shelves,
        })
        .collect();
    let everywhere = blocked.is_empty();
    let mut explained = conflict::explain(&question, &blocked).into_iter();
    let mut solutions = Vec::with_capacity(answers.len());
    let mut solved = Vec::with_capacity(answers.len());
    for answer in answers {
        let chosen = answer
            .chosen
            .map(|chosen| Outcome::Feasible(Box::new(chosen)));
        let Some(outcome) = chosen.or_else(|| explained.next()) else {
            continue;
        };
        let shelves = answer.solved.shelves;
        solutions.push(ClassSolution {
            class: answer.solved.class.clone(),
            outcome,
            admitted: answer.admitted,
            refused: answer.refused,
            judged: shelves.iter().map(|shelf| shelf.judged).sum(),
            admissible: shelves.iter().map(|shelf| shelf.entries.len()).sum(),
            unused: unused(&question, shelves),
        });
        solved.push(answer.solved);
    }
    let single = if ask.beside && everywhere {
        single(&question, &solved)
    } else {
        None
    };
    let elsewhere = if ask.beside {
        elsewhere(&question, &solved)
    } else {
        Vec::new()
    };
    Solution {
        slots: question.slots,
        classes: solutions,
        single,
        elsewhere,
        issues,
    }
}

/// The choice for one class, if there is one, with what it was found from.
struct Answer<'c> {
    chosen: Option<Chosen>,
    admitted: Vec<(Slot, Stack)>,
    refused: Vec<Candidate>,
    solved: Solved<'c>,
}

fn answer<'c>(
    question: &Question<'_>,
    class: &'c DeviceClass,
    shelves: &'c [Shelf],
    beside: bool,
) -> Answer<'c> {
    let mut problem = problem(question, shelves.iter().map(|s| s.entries.as_slice()));
    let layout = Layout::new(&problem);
    let refused = shelves.iter().enumerate().flat_map(|(slot, shelf)| {
        let stacks = shelf.refused.values();
        stacks.map(move |&stack| question.contender(slot, class, stack))
    });
    let chosen = choose(question, class, shelves, (&mut problem, &layout), beside);
    let picks = chosen.as_ref().and_then(|chosen| {
        let slots = chosen.picks.iter().zip(shelves);
        let places = slots.map(|(pick, shelf)| {
            let mut entries = shelf.entries.iter();
            entries.position(|entry| entry.stack == pick.stack)
        });
        places.collect()
    });
    Answer {
        admitted: admitted(question, shelves),
        refused: refused.collect(),
        chosen,
        solved: Solved {
            class,
            shelves,
            problem,
            layout,
            picks,
        },
    }
}

/// Says of every answer what its bounds do.
fn tell_bounds(question: &Question<'_>, answers: &mut [Answer<'_>], steps: Steps) {
    let each_way = if question.slots.len() <= steps.slots {
        steps.each_way
    } else {
        0
    };
    let told: Vec<(usize, Vec<Stack>)> = (answers.iter().enumerate())
        .filter_map(|(at, answer)| {
            let picks = answer.chosen.as_ref()?.picks.iter();
            Some((at, picks.map(|pick| pick.stack).collect()))
        })
        .collect();
    let known: Vec<Known<'_>> = (told.iter())
        .map(|(at, picks)| Known {
            class: answers[*at].solved.class,
            shelves: answers[*at].solved.shelves,
            picks,
        })
        .collect();
    let open: Vec<Open<'_>> = if each_way > 0 {
        let free = unbound(question.spec);
        let bare = &Question::new(question.catalog, question.rules, &free);
        opened(Asked { question, bare }, &known)
    } else {
        let chosen = known.iter().map(|known| Open::chosen(question, known));
        chosen.collect()
    };
    let work: Vec<(usize, &Open<'_>)> = told.iter().map(|(at, _)| *at).zip(&open).collect();
    let bounds = side_by_side(&work, |(at, open)| {
        let solved = &answers[at].solved;
        bounds(question, solved.class, open, &solved.problem, each_way)
    });
    for ((at, _), bounds) in told.iter().zip(bounds) {
        if let Some(chosen) = &mut answers[*at].chosen {
            chosen.bounds = bounds;
        }
    }
}

/// Per slot and admissible model the preferred stack.
fn admitted(question: &Question<'_>, shelves: &[Shelf]) -> Vec<(Slot, Stack)> {
    let mut all = Vec::new();
    for (slot, shelf) in shelves.iter().enumerate() {
        let order = question.preference(slot);
        let better = |one: &Entry, other: &Entry| {
            let scores = order
                .iter()
                .map(|&at| one.scores[at].cmp(&other.scores[at]));
            scores.fold(Ordering::Equal, Ordering::then) == Ordering::Greater
        };
        let mut best: BTreeMap<ModelIx, &Entry> = BTreeMap::new();
        for entry in &shelf.entries {
            let known = best.entry(entry.stack.model).or_insert(entry);
            if better(entry, known) {
                *known = entry;
            }
        }
        let place = question.slots[slot];
        all.extend(best.into_values().map(|entry| (place, entry.stack)));
    }
    all
}
