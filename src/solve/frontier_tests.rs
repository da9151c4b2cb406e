//! A frontier is what its definition says: nobody on it is beaten, everybody off it is, and each point can be chosen.

use super::super::locked::Locked;
use super::super::solve;
use super::super::testing::{feature, pin, spec};
use super::super::types::Outcome;
use super::{Front, frontier};
use crate::catalog::builtin;
use crate::quantity::Bytes;
use crate::rules;
use crate::spec::model::{Amount, Asked, Objective, Spec, Task};

fn chat(gib: u32) -> Spec {
    let mut spec = spec("android", gib, Some(gib));
    spec.features.push(feature("chat", Task::Chat));
    spec
}

fn fronts(spec: &Spec, over: &[Objective]) -> Vec<Front> {
    frontier(builtin(), rules::builtin(), spec, over, &Locked::default()).fronts
}

#[test]
fn no_point_beats_another_and_one_of_three_is_the_knee() {
    let over = [Objective::Memory, Objective::Quality];
    let fronts = fronts(&chat(8), &over);
    let points = &fronts[0].points;
    assert!(points.len() >= 3);
    for (at, one) in points.iter().enumerate() {
        for (other_at, other) in points.iter().enumerate() {
            let pairs = one.values.iter().zip(&other.values);
            let beats = pairs.clone().all(|(a, b)| a.score >= b.score);
            assert!(at == other_at || !beats, "{at} beats {other_at}");
        }
    }
    assert_eq!(points.iter().filter(|point| point.knee).count(), 1);
    let memory: Vec<f64> = points.iter().map(|point| point.values[0].score).collect();
    assert!(memory.windows(2).all(|pair| pair[0] > pair[1]));
}

#[test]
fn the_best_end_of_a_frontier_is_what_that_preference_chooses() {
    for objective in [Objective::Quality, Objective::Memory, Objective::Download] {
        let mut wanted = chat(8);
        wanted.features[0].prefer = Asked::default(vec![objective]);
        let fronts = fronts(&wanted, &[objective]);
        let [point] = fronts[0].points.as_slice() else {
            panic!("one objective has one best value");
        };
        assert!(point.chosen && !point.knee);
        let solution = solve(builtin(), rules::builtin(), &wanted);
        let Outcome::Feasible(chosen) = &solution.classes[0].outcome else {
            panic!("there is an answer");
        };
        assert_eq!(point.stack, chosen.picks[0].stack);
    }
}

#[test]
fn every_point_can_be_chosen_beside_the_other_slots() {
    let mut tight = chat(8);
    tight.features.push(feature("listen", Task::Transcribe));
    tight.budget.download = Some(Asked::default(Bytes::mib(900)));
    tight.budget.memory = Some(Asked::default(Amount::Absolute(Bytes::mib(1500))));
    let fronts = fronts(&tight, &[Objective::Quality, Objective::Download]);
    assert_eq!(fronts.len(), 2);
    for point in &fronts[0].points {
        let mut pinned = tight.clone();
        let model = &builtin().models[point.stack.model.at()].id;
        pinned.demands.push(pin("chat", model, 30));
        let solution = solve(builtin(), rules::builtin(), &pinned);
        let outcome = &solution.classes[0].outcome;
        assert!(matches!(outcome, Outcome::Feasible(_)), "{model}");
    }
}
