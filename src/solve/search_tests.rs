//! The search against brute force, which knows the objective and nothing else.

use super::super::problem::{Choice, Problem};
use super::super::random::instance;
use super::{Layout, is_feasible, optimum};

/// Larger is better, compared left to right.
type Key = (Vec<i64>, std::cmp::Reverse<(usize, usize, Vec<usize>)>);

fn brute_force(problem: &Problem, keep: &dyn Fn(usize, usize) -> bool) -> Option<Vec<usize>> {
    let mut best: Option<(Key, Vec<usize>)> = None;
    let mut picks = vec![0; problem.slots.len()];
    loop {
        let inside = picks
            .iter()
            .enumerate()
            .all(|(slot, &at)| at < problem.slots[slot].len() && keep(slot, at));
        if inside {
            let chosen: Vec<Choice> = picks
                .iter()
                .zip(&problem.slots)
                .map(|(&at, choices)| choices[at])
                .collect();
            let cost = problem.cost(&chosen);
            if problem.admits(&cost) {
                let scores = problem
                    .goals
                    .iter()
                    .map(|goal| chosen[goal.slot].scores[goal.score])
                    .collect();
                let ties = (cost.files, cost.instances, picks.clone());
                let key = (scores, std::cmp::Reverse(ties));
                if best.as_ref().is_none_or(|(old, _)| key > *old) {
                    best = Some((key, picks.clone()));
                }
            }
        }
        let Some(slot) = (0..picks.len()).find(|&slot| picks[slot] + 1 < problem.slots[slot].len())
        else {
            return best.map(|(_, picks)| picks);
        };
        picks[slot] += 1;
        picks[..slot].fill(0);
    }
}

/// Whether every slot has what it would take if nothing were limited.
fn is_ideal(problem: &Problem, picks: &[usize]) -> bool {
    picks.iter().enumerate().all(|(slot, &pick)| {
        let goals = problem.goals.iter().filter(|goal| goal.slot == slot);
        let scores: Vec<usize> = goals.map(|goal| goal.score).collect();
        let of = |at: usize| {
            scores
                .iter()
                .map(move |&score| problem.slots[slot][at].scores[score])
        };
        (0..problem.slots[slot].len()).all(|at| of(at).cmp(of(pick)).is_le())
    })
}

#[test]
fn agrees_with_brute_force_on_random_instances() {
    let (mut at_once, mut narrowed, mut infeasible) = (0, 0, 0);
    for seed in 0..1500 {
        let problem = instance(seed);
        let expected = brute_force(&problem, &|_, _| true);
        assert_eq!(optimum(&problem), expected, "seed {seed}");
        match expected {
            Some(picks) if is_ideal(&problem, &picks) => at_once += 1,
            Some(_) => narrowed += 1,
            None => infeasible += 1,
        }
    }
    assert!(
        at_once > 150 && narrowed > 150 && infeasible > 300,
        "{at_once} / {narrowed} / {infeasible}"
    );
}

#[test]
fn agrees_with_brute_force_where_choices_are_barred() {
    for seed in 0..300 {
        let problem = instance(seed);
        let keep = |slot: usize, at: usize| (slot + at) as u64 % 3 != seed % 3;
        let expected = brute_force(&problem, &keep);
        assert_eq!(
            is_feasible(&problem, keep),
            expected.is_some(),
            "seed {seed}"
        );
        let found = Layout::new(&problem).optimum_among(&problem, keep);
        assert_eq!(found, expected, "seed {seed}");
    }
}

#[test]
fn order_of_choices_decides_nothing_but_ties() {
    for seed in 0..300 {
        let problem = instance(seed);
        let mut turned = problem.clone();
        turned
            .slots
            .iter_mut()
            .for_each(|choices| choices.reverse());
        let scores = |problem: &Problem| {
            optimum(problem).map(|picks| {
                problem
                    .goals
                    .iter()
                    .map(|goal| problem.slots[goal.slot][picks[goal.slot]].scores[goal.score])
                    .collect::<Vec<_>>()
            })
        };
        assert_eq!(scores(&problem), scores(&turned), "seed {seed}");
    }
}
