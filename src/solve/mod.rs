//! From candidates to the choice, proven optimal; explains what it rejects.
//!
//! Reads the catalog, asks `estimate` for figures and `rules` for verdicts; does no IO and words nothing but
//! diagnostics. How it works and why it is exact: `docs/concepts/solver.md`.

mod choose;
mod classes;
mod conflict;
mod culprit;
mod feasible;
mod field;
mod figures;
mod gate;
mod instance;
#[cfg(test)]
mod lcg;
mod lines;
mod locked;
pub mod marco;
pub mod problem;
mod question;
pub mod quickxplain;
mod relax;
mod report;
pub mod search;
mod sharing;
mod single;
mod slots;
#[cfg(test)]
mod solve_tests;
mod space;
mod stacks;
mod stock;
#[cfg(test)]
mod testing;
mod tests_run;
mod tiers;
pub mod types;
mod why;

pub use figures::{Fidelity, fidelity};
pub use locked::{Locked, StackIds};
pub use report::diagnostics;
pub use slots::residency_groups;
pub use stacks::fills;
pub use tests_run::{Check, Resolve, TestResult, check_tests};
pub use why::{Foil, FoilAnswer, Slack, Why, WhyClass, WhyNot, WhySlot, why, why_not};

use self::choose::choose;
use self::classes::classes;
use self::instance::problem;
use self::question::Question;
use self::search::Layout;
use self::single::{Solved, single};
use self::space::Shelf;
use self::stock::Stocks;
use self::types::{Candidate, ClassSolution, Outcome, Solution};
use crate::catalog::types::Catalog;
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
    let mut solutions = Vec::with_capacity(classes.len());
    let mut solved = Vec::with_capacity(classes.len());
    let mut everywhere = true;
    let mut stocks = Stocks::new(&question);
    for class in &classes {
        let shelves = stocks.shelves(class);
        let mut instance = problem(&question, shelves.iter().map(|s| s.entries.as_slice()));
        let layout = Layout::new(&instance);
        let outcome = match choose(&question, class, &shelves, &mut instance, &layout) {
            Some(chosen) => Outcome::Feasible(Box::new(chosen)),
            None => {
                everywhere = false;
                conflict::explain(&question, class, &shelves)
            }
        };
        solutions.push(ClassSolution {
            class: class.clone(),
            outcome,
            candidates: representatives(&question, class, &shelves),
            judged: shelves.iter().map(|shelf| shelf.judged).sum(),
            admissible: shelves.iter().map(|shelf| shelf.entries.len()).sum(),
        });
        solved.push(Solved {
            class,
            shelves,
            problem: instance,
            layout,
        });
    }
    let single = everywhere.then(|| single(&question, &solved)).flatten();
    Solution {
        slots: question.slots,
        classes: solutions,
        single,
        issues,
    }
}

/// Per slot and model the stack that speaks for it: the preferred admissible one, else the one that came furthest.
fn representatives(
    question: &Question<'_>,
    class: &types::DeviceClass,
    shelves: &[Shelf],
) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for (slot, shelf) in shelves.iter().enumerate() {
        let mut speakers = shelf.refused.clone();
        let order = question.preference(slot);
        let worth = |entry: &space::Entry| order.iter().map(|&at| entry.scores[at]).collect();
        let mut best: std::collections::BTreeMap<_, Vec<i64>> = std::collections::BTreeMap::new();
        for entry in &shelf.entries {
            let worth: Vec<i64> = worth(entry);
            let known = best.get(&entry.stack.model);
            if known.is_none_or(|known| worth > *known) {
                best.insert(entry.stack.model, worth);
                speakers.insert(entry.stack.model, entry.stack);
            }
        }
        let stacks = speakers.into_values();
        candidates.extend(stacks.map(|stack| question.contender(slot, class, stack)));
    }
    candidates
}
