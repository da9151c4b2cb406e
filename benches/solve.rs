//! How long the solver takes on the built-in catalog and rules. Run with `cargo bench --bench solve`.

use std::collections::BTreeSet;

use divan::{AllocProfiler, Bencher};
use edgeplan::catalog::builtin;
use edgeplan::diagnostic::Sources;
use edgeplan::solve::answers::Answers;
use edgeplan::solve::marco::{Most, conflicts};
use edgeplan::solve::problem::{
    Choice, FileCost, Goal, InstanceCost, Problem, Resource, SCORES, SumLimit,
};
use edgeplan::solve::search::{Layout, optimum};
use edgeplan::spec::model::Spec;
use edgeplan::{rules, solve, spec, syntax};

use self::lcg::Lcg;

#[path = "../src/solve/lcg.rs"]
mod lcg;

/// Says how much memory each takes at most.
#[global_allocator]
static ALLOCATED: AllocProfiler = AllocProfiler::system();

fn main() {
    // Decoded before anything is timed.
    let _ = (builtin(), rules::builtin());
    divan::main();
}

const CHAT: &str = "edgeplan 1\nplatform android\nfeature chat \"x\"\nram >= 8 GB\n";
const DIARY: &str = include_str!("../specs/diary.edgeplan");
const PINNED: &str = include_str!("../specs/infeasible/seventy-billion.edgeplan");

fn read(text: &'static str) -> Option<Spec> {
    let file = Sources::new().add("bench.edgeplan", text);
    let parsed = syntax::parse(text, file);
    spec::resolve::resolve(
        &parsed.tree,
        &builtin().vocabulary(),
        &spec::resolve::Overrides::default(),
    )
    .spec
}

fn run(bencher: Bencher<'_, '_>, text: &'static str) {
    let spec = read(text);
    bencher.bench_local(|| {
        spec.as_ref()
            .map(|spec| solve::solve(builtin(), rules::builtin(), spec))
    });
}

#[divan::bench(sample_count = 10)]
fn three_lines(bencher: Bencher<'_, '_>) {
    run(bencher, CHAT);
}

#[divan::bench(sample_count = 10)]
fn diary(bencher: Bencher<'_, '_>) {
    run(bencher, DIARY);
}

#[divan::bench(sample_count = 5)]
fn infeasible(bencher: Bencher<'_, '_>) {
    run(bencher, PINNED);
}

const SLOTS: usize = 8;

/// A space of so many stacks for eight slots under shared budgets; a tenth of the files serve any slot.
fn space(stacks: usize) -> Problem {
    let mut stream = Lcg(stacks as u64);
    let files = stacks / 4;
    let mut problem = Problem {
        files: (0..files)
            .map(|_| {
                let download = 50 + stream.below(4_000);
                let storage = download;
                FileCost { download, storage }
            })
            .collect(),
        instances: (0..files * 2)
            .map(|_| InstanceCost {
                memory: stream.below(3_000),
                storage: stream.below(20),
            })
            .collect(),
        sums: vec![SumLimit {
            of: Resource::Memory,
            slots: (0..SLOTS).collect(),
            limit: 6_000,
        }],
        download: Some(5_000),
        storage: Some(6_000),
        ..Problem::default()
    };
    for slot in 0..SLOTS {
        let choices = (0..stacks / SLOTS).map(|_| {
            let common = stream.below(10) == 0;
            let own = files / (SLOTS + 1);
            let first = if common { 0 } else { own * (slot + 1) };
            let file = first + stream.below(own as u64) as usize;
            let mut scores = [0; SCORES];
            for score in &mut scores {
                *score = stream.below(100) as i64;
            }
            Choice {
                file,
                instance: file * 2 + stream.below(2) as usize,
                memory: stream.below(500),
                time: 0,
                scores,
            }
        });
        problem.slots.push(choices.collect());
        problem
            .goals
            .extend((0..3).map(|score| Goal { slot, score }));
    }
    problem
}

#[divan::bench(args = [4_000, 10_000, 31_623, 100_000, 316_228, 1_000_000], sample_count = 5, sample_size = 1)]
fn synthetic(bencher: Bencher<'_, '_>, stacks: usize) {
    let problem = space(stacks);
    bencher.bench_local(|| optimum(&problem));
}

/// Least first score that every slot of a space in vain asks for.
const ASKED: i64 = 90;

/// All conflicts and corrections among three limits and a demand per slot that a space cannot meet together.
#[divan::bench(args = [4_000], sample_count = 5, sample_size = 1)]
fn explained(bencher: Bencher<'_, '_>, stacks: usize) {
    let space = space(stacks);
    let layout = Layout::new(&space);
    let scores = space.slots.clone();
    let mut problem = space.clone();
    let mut ask = |answers: &mut Answers, active: &BTreeSet<usize>| {
        problem.sums.clone_from(&space.sums);
        for sum in &mut problem.sums {
            sum.limit = if active.contains(&0) { 1_500 } else { u64::MAX };
        }
        problem.download = active.contains(&1).then_some(1_000);
        problem.storage = active.contains(&2).then_some(1_200);
        let keep = |slot: usize, at: usize| {
            !active.contains(&(3 + slot)) || scores[slot][at].scores[0] >= ASKED
        };
        if answers.holds(&problem, &scores, keep) {
            return true;
        }
        let found = layout.any(&problem, keep);
        let holds = found.is_some();
        found.into_iter().for_each(|answer| answers.add(answer));
        holds
    };
    bencher.bench_local(|| {
        let mut answers = Answers::default();
        let mut holds = |active: &BTreeSet<usize>| ask(&mut answers, active);
        let found = conflicts(3 + SLOTS, Most::ALL, &mut holds);
        assert!(found.complete && !found.conflicts.is_empty() && !found.corrections.is_empty());
        found
    });
}
