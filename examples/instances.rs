//! Prints random instances of the solver's problem with the solver's answers, one JSON object a line.
//!
//! `scripts/agreement.py` gives the same instances to other engines and compares. The generator is the one of the
//! tests; it may not depend on anything but the seed. Usage: `cargo run --example instances -- FIRST COUNT`.

use std::collections::BTreeSet;
use std::io::Write as _;

use edgeplan::solve::marco::{Most, conflicts};
use edgeplan::solve::problem::{Choice, Problem, Resource};
use edgeplan::solve::{problem, search};
use serde_json::{Value, json};

#[path = "../src/solve/lcg.rs"]
mod lcg;
#[path = "../src/solve/random.rs"]
mod random;

fn main() -> std::io::Result<()> {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let (Some(Ok(first)), Some(Ok(count))) = (numbers.next(), numbers.next()) else {
        return Err(std::io::Error::other("usage: instances FIRST COUNT"));
    };
    let mut out = std::io::stdout().lock();
    for seed in first..first.saturating_add(count) {
        let problem = random::instance(seed);
        let line = json!({
            "seed": seed,
            "problem": written(&problem),
            "answer": answered(&problem),
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn written(problem: &Problem) -> Value {
    let choice = |choice: &Choice| {
        json!({
            "file": choice.file,
            "instance": choice.instance,
            "memory": choice.memory,
            "time": choice.time,
            "scores": choice.scores,
        })
    };
    let slots = problem.slots.iter();
    let files = problem.files.iter();
    let instances = problem.instances.iter();
    let sums = problem.sums.iter();
    let goals = problem.goals.iter();
    json!({
        "slots": slots.map(|slot| slot.iter().map(choice).collect()).collect::<Vec<Vec<Value>>>(),
        "files": files.map(|file| json!([file.download, file.storage])).collect::<Vec<_>>(),
        "instances": instances.map(|one| json!([one.memory, one.storage])).collect::<Vec<_>>(),
        "sums": sums.map(|sum| json!({
            "of": match sum.of { Resource::Memory => "memory", Resource::Time => "time" },
            "slots": sum.slots,
            "limit": sum.limit,
        })).collect::<Vec<_>>(),
        "download": problem.download,
        "storage": problem.storage,
        "goals": goals.map(|goal| json!([goal.slot, goal.score])).collect::<Vec<_>>(),
    })
}

/// The optimum, and for an instance without one its conflicts, corrections and ways out. Limits are numbered: the sums in
/// order, the download, the storage.
fn answered(problem: &Problem) -> Value {
    if let Some(picks) = search::optimum(problem) {
        return json!({ "picks": picks });
    }
    let count = problem.sums.len() + 2;
    let found = conflicts(count, Most::ALL, &mut |kept| {
        search::is_feasible(&with(problem, kept, None), |_, _| true)
    });
    let all: BTreeSet<usize> = (0..count).collect();
    let relaxed: Vec<Option<u64>> = (0..count).map(|at| smallest(problem, &all, at)).collect();
    json!({
        "conflicts": found.conflicts,
        "corrections": found.corrections,
        "relaxed": relaxed,
    })
}

/// The problem with only the limits that are kept, one of them at another value.
fn with(problem: &Problem, kept: &BTreeSet<usize>, at: Option<(usize, u64)>) -> Problem {
    let value = |limit: usize, own: u64| match at {
        Some((changed, value)) if changed == limit => value,
        _ => own,
    };
    let mut changed = problem.clone();
    let sums = problem.sums.len();
    let mut number = 0;
    changed.sums.retain_mut(|sum| {
        sum.limit = value(number, sum.limit);
        number += 1;
        kept.contains(&(number - 1))
    });
    let single = |limit: usize, own: Option<u64>| {
        own.filter(|_| kept.contains(&limit))
            .map(|own| value(limit, own))
    };
    changed.download = single(sums, problem.download);
    changed.storage = single(sums + 1, problem.storage);
    changed
}

/// The smallest value of one limit that makes room with all others as they are; none where no value does.
fn smallest(problem: &Problem, all: &BTreeSet<usize>, at: usize) -> Option<u64> {
    let works = |value| search::is_feasible(&with(problem, all, Some((at, value))), |_, _| true);
    let (mut low, mut high) = (0, 1_u64 << 20);
    if !works(high) {
        return None;
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if works(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(high)
}
