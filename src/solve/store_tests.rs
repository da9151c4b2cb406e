//! The goal against the rule that warns of the same threshold, and against all that could have been chosen.

use super::super::classes::classes;
use super::super::question::Question;
use super::super::shelves::shelves;
use super::super::testing::{feature, spec, stacks};
use super::super::types::{DeviceClass, Outcome};
use super::AtStore;
use crate::catalog::builtin;
use crate::diagnostic::Code;
use crate::rules;
use crate::rules::facts::StackFacts;
use crate::spec::model::{Objective, Spec, Task};

/// Every so many-th stack is compared.
const STEP: usize = 23;

/// The rule whose threshold the goal keeps to.
const RULE: &str = "play-memory-threshold";

fn app(platform: &str, task: Task) -> Spec {
    let mut spec = spec(platform, 4, Some(16));
    spec.features.push(feature("it", task));
    spec
}

#[test]
fn the_goal_judges_what_the_rule_warns_of() {
    let (mut over, mut within) = (0, 0);
    for platform in ["android", "ios", "harmonyos"] {
        let spec = app(platform, Task::Chat);
        let question = Question::new(builtin(), rules::builtin(), &spec);
        for class in &classes(builtin(), &spec).0 {
            for stack in stacks(&question, 0, class).into_iter().step_by(STEP) {
                let slot = question.slots[0];
                let estimate = question.figures(slot, class, &stack);
                let case = question.case(slot, class, stack);
                let facts = StackFacts::new(builtin(), case, &estimate).unwrap();
                let verdicts = rules::builtin().judge(&facts);
                let warned = verdicts.iter().any(|verdict| {
                    let rule = rules::builtin().rule(verdict);
                    rule.is_some_and(|rule| rule.id == RULE && rule.code == Code(303))
                });
                let score = AtStore::of(&question, class, &estimate).score();
                assert_eq!(score == 0.0, warned, "{} {stack:?}", class.id);
                *(if warned { &mut over } else { &mut within }) += 1;
            }
        }
    }
    assert!(over > 100 && within > 100, "{over} over, {within} within");
}

/// Per class: whether what is chosen is over the threshold, and whether all that is admissible is.
fn over(spec: &Spec) -> Vec<(String, bool, bool)> {
    let question = Question::new(builtin(), rules::builtin(), spec);
    let solution = super::super::solve_asked(
        builtin(),
        rules::builtin(),
        spec,
        &super::super::Ask::default(),
    );
    let is_over = |class: &DeviceClass, stack: &_| {
        let estimate = question.figures(question.slots[0], class, stack);
        AtStore::of(&question, class, &estimate).score() < 1.0
    };
    let classes: Vec<&DeviceClass> = solution.classes.iter().map(|one| &one.class).collect();
    let shelves = shelves(&question, &classes);
    let of = solution.classes.iter().zip(shelves);
    of.filter_map(|(solved, shelves)| {
        let Outcome::Feasible(chosen) = &solved.outcome else {
            return None;
        };
        let all = shelves[0]
            .entries
            .iter()
            .all(|entry| is_over(&solved.class, &entry.stack));
        let own = is_over(&solved.class, &chosen.picks[0].stack);
        Some((solved.class.id.clone(), own, all))
    })
    .collect()
}

#[test]
fn by_default_a_choice_is_over_the_threshold_only_where_all_are() {
    for task in [
        Task::Chat,
        Task::Summarize,
        Task::VisionQa,
        Task::Transcribe,
    ] {
        let found = over(&app("android", task));
        assert!(found.len() >= 3, "{found:?}");
        for (class, own, all) in found {
            assert_eq!(own, all, "{} on {class}", task.id());
        }
    }
}

#[test]
fn a_list_of_ones_own_drops_the_goal() {
    let mut spec = app("android", Task::Chat);
    spec.features[0].prefer.value = vec![Objective::Quality, Objective::Memory];
    let found = over(&spec);
    assert!(found.iter().any(|(_, own, all)| *own && !all), "{found:?}");
}
