//! From candidates to the choice, proven optimal; explains what it rejects.
//!
//! Reads the catalog, asks `estimate` for figures and `rules` for verdicts; does no IO and words nothing but
//! diagnostics. How it works and why it is exact: `docs/concepts/solver.md`.

mod asks;
mod blame;
mod choose;
mod classes;
mod conflict;
mod culprit;
mod feasible;
mod field;
mod figures;
mod frontier;
mod gate;
mod instance;
#[cfg(test)]
mod lcg;
mod lines;
mod locked;
pub mod marco;
mod moved;
mod parallel;
pub mod problem;
mod question;
pub mod quickxplain;
mod relax;
mod report;
mod scale;
pub mod search;
mod sharing;
mod single;
mod slots;
#[cfg(test)]
mod solve_tests;
mod space;
mod stacks;
mod stock;
mod stop;
#[cfg(test)]
mod testing;
mod tests_run;
mod tiers;
pub mod types;
mod verdicts;
mod why;

pub use figures::{Fidelity, fidelity};
pub use frontier::{Front, Frontier, Point, frontier};
pub use locked::{Locked, StackIds};
pub use report::diagnostics;
pub use slots::residency_groups;
pub use stacks::fills;
pub use stop::{Stop, unless_stopped};
pub use tests_run::{Check, Resolve, TestResult, check_tests};
pub use verdicts::{RuleOnSlot, verdicts};
pub use why::{Foil, FoilAnswer, Slack, Why, WhyClass, WhyNot, WhySlot, why, why_not};

use std::cmp::Ordering;
use std::collections::BTreeMap;

use self::choose::choose;
use self::classes::classes;
use self::conflict::Blocked;
use self::instance::problem;
use self::parallel::side_by_side;
use self::question::Question;
use self::search::Layout;
use self::single::{Solved, single};
use self::space::Shelf;
use self::stock::Stocks;
use self::types::{Candidate, Chosen, ClassSolution, DeviceClass, Outcome, Solution};
use crate::catalog::types::{Catalog, ModelIx, PlatformIx};
use crate::rules::RuleSet;
use crate::spec::model::Spec;

/// Chooses a stack for every slot on every class of phones the spec asks for, or says why there is none.
///
/// The answer depends on the three arguments alone. Indices in it are of `catalog` and `rules`.
#[must_use]
pub fn solve(catalog: &Catalog, rules: &RuleSet, spec: &Spec) -> Solution {
    solve_locked(catalog, rules, spec, &Locked::default())
}

/// The same, where what ties on every goal is decided for what an earlier build chose.
#[must_use]
pub fn solve_locked(catalog: &Catalog, rules: &RuleSet, spec: &Spec, locked: &Locked) -> Solution {
    let mut question = Question::new(catalog, rules, spec);
    question.locked = Some(locked);
    let (classes, issues) = classes(catalog, spec);
    let mut platforms: Vec<PlatformIx> = classes.iter().map(|class| class.phone.platform).collect();
    platforms.sort_unstable();
    platforms.dedup();
    // Platforms share nothing; the classes of one share most.
    let answers = side_by_side(&platforms, |platform| {
        let mut stocks = Stocks::new(&question);
        let own = classes.iter().enumerate();
        own.filter(|(_, class)| class.phone.platform == platform)
            .map(|(at, class)| (at, answer(&question, class, stocks.shelves(class))))
            .collect::<Vec<_>>()
    });
    let mut answers: Vec<(usize, Answer<'_>)> = answers.into_iter().flatten().collect();
    answers.sort_by_key(|(at, _)| *at);
    let answers: Vec<Answer<'_>> = answers.into_iter().map(|(_, answer)| answer).collect();
    let blocked: Vec<Blocked<'_>> = (answers.iter())
        .filter(|answer| answer.chosen.is_none())
        .map(|answer| Blocked {
            class: answer.solved.class,
            shelves: &answer.solved.shelves,
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
        let shelves = &answer.solved.shelves;
        solutions.push(ClassSolution {
            class: answer.solved.class.clone(),
            outcome,
            candidates: answer.candidates,
            judged: shelves.iter().map(|shelf| shelf.judged).sum(),
            admissible: shelves.iter().map(|shelf| shelf.entries.len()).sum(),
        });
        solved.push(answer.solved);
    }
    let single = everywhere.then(|| single(&question, &solved)).flatten();
    Solution {
        slots: question.slots,
        classes: solutions,
        single,
        issues,
    }
}

/// The choice for one class, if there is one, with what it was found from.
struct Answer<'c> {
    chosen: Option<Chosen>,
    candidates: Vec<Candidate>,
    solved: Solved<'c>,
}

fn answer<'c>(question: &Question<'_>, class: &'c DeviceClass, shelves: Vec<Shelf>) -> Answer<'c> {
    let mut problem = problem(question, shelves.iter().map(|s| s.entries.as_slice()));
    let layout = Layout::new(&problem);
    Answer {
        chosen: choose(question, class, &shelves, &mut problem, &layout),
        candidates: representatives(question, class, &shelves),
        solved: Solved {
            class,
            shelves,
            problem,
            layout,
        },
    }
}

/// Per slot and model the stack that speaks for it: the preferred admissible one, else the one that came furthest.
fn representatives(
    question: &Question<'_>,
    class: &DeviceClass,
    shelves: &[Shelf],
) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for (slot, shelf) in shelves.iter().enumerate() {
        let order = question.preference(slot);
        let better = |one: &space::Entry, other: &space::Entry| {
            let scores = order.iter().map(|&at| (one.scores[at], other.scores[at]));
            let decides = scores.map(|(one, other)| one.cmp(&other));
            decides.fold(Ordering::Equal, Ordering::then) == Ordering::Greater
        };
        let mut best: BTreeMap<ModelIx, &space::Entry> = BTreeMap::new();
        for entry in &shelf.entries {
            let known = best.entry(entry.stack.model).or_insert(entry);
            if better(entry, known) {
                *known = entry;
            }
        }
        let admissible = best.into_values();
        let mut speakers: BTreeMap<ModelIx, Candidate> = admissible
            .map(|entry| question.admitted(slot, class, entry.stack))
            .map(|candidate| (candidate.stack.model, candidate))
            .collect();
        let refused = shelf.refused.iter();
        speakers.extend(
            refused.map(|(&model, &stack)| (model, question.contender(slot, class, stack))),
        );
        candidates.extend(speakers.into_values());
    }
    candidates
}
