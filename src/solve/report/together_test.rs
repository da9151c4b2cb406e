//! The warning by the sum: said once for what is in memory together, adding up, and silenced like any other.

use super::*;
use crate::catalog::builtin;
use crate::diagnostic::Sources;
use crate::rules;
use crate::solve::testing::{feature, place, spec};
use crate::solve::types::Solution;
use crate::solve::{Ask, solve_asked};
use crate::spec::model::{Allow, Asked, Residency, Spec, Task};

/// The code under which the built-in rule warns.
const CODE: Code = Code(303);

/// A chat and a summary on Android, in memory together or in turn.
fn app(together: bool) -> Spec {
    let mut spec = spec("android", 4, Some(16));
    spec.features.push(feature("talk", Task::Chat));
    let mut other = feature("digest", Task::VisionQa);
    if together {
        other.residency = Asked::default(Residency::With(vec!["talk".to_owned()]));
    }
    spec.features.push(other);
    spec
}

fn solved(spec: &Spec) -> Solution {
    solve_asked(builtin(), rules::builtin(), spec, &Ask::default())
}

fn report<'a>(spec: &'a Spec, solution: &'a Solution) -> Report<'a> {
    Report {
        spec,
        catalog: builtin(),
        rules: rules::builtin(),
        solution,
    }
}

#[test]
fn the_sum_is_held_against_the_threshold_where_each_stack_passes() {
    let spec = app(true);
    let solution = solved(&spec);
    let sums = sums(&report(&spec, &solution));
    assert!(!sums.is_empty());
    let mut passed_alone = 0;
    for sum in &sums {
        assert_eq!(sum.rule.code, CODE);
        assert_eq!((sum.members.len(), sum.addends.len()), (2, 3));
        let Outcome::Feasible(chosen) = &sum.class.outcome else {
            panic!("a sum of nothing");
        };
        let total = chosen.totals.phases[0].likely.to_string();
        let told = &sum.verdict.values[0];
        assert_eq!(told.name, "peak_memory");
        assert!(told.value.starts_with(&total), "{} {total}", told.value);
        let warned = |pick: &&Candidate| {
            let mut said = pick.remarks.iter();
            said.any(|one| {
                rules::builtin()
                    .rule(one)
                    .is_some_and(|rule| rule.code == CODE)
            })
        };
        passed_alone += usize::from(!sum.members.iter().any(warned));
    }
    assert!(passed_alone > 0, "no sum tells more than its stacks");
    let found = super::super::diagnostics(
        &solution,
        &spec,
        builtin(),
        rules::builtin(),
        &mut Sources::new(),
    );
    let said = found.iter().filter(|one| one.code == CODE).count();
    assert!((1..=sums.len()).contains(&said), "{said} of {}", sums.len());
}

#[test]
fn what_is_loaded_in_turn_is_not_summed() {
    let spec = app(false);
    let solution = solved(&spec);
    assert!(sums(&report(&spec, &solution)).is_empty());
}

#[test]
fn an_allow_line_silences_the_sum_and_is_not_idle() {
    let mut spec = app(true);
    spec.allows.push(Allow {
        code: CODE,
        span: place(20),
        reason: "measured".to_owned(),
    });
    let solution = solved(&spec);
    let report = report(&spec, &solution);
    assert!(sums(&report).is_empty());
    assert!(speaks(&report, CODE));
}
