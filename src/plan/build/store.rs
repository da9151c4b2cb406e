//! The store's memory threshold among the goals: for which classes one is set, and which line drops the goal.

use super::context::Context;
use super::refused::class_name;
use super::words::{joined, plain, say};
use crate::plan::types::Words;
use crate::quantity::Bytes;
use crate::rules::facts::Budgets;
use crate::spec::model::{Feature, Objective};

/// The goals of a feature in order. A default that no class of the spec has a threshold for is not shown.
pub(super) fn order(context: &Context<'_>, feature: &Feature) -> Vec<&'static str> {
    let idle = feature.prefer.is_default() && thresholds(context).is_empty();
    let goals = feature.prefer.value.iter();
    let goals = goals.filter(|goal| !(idle && **goal == Objective::Store));
    goals.map(|goal| goal.id()).collect()
}

/// What keeping to the threshold means here, and the line without it; `None` where it is no goal or no class has one.
pub(super) fn kept(context: &Context<'_>, feature: &Feature) -> Option<(Words, String)> {
    let goals = &feature.prefer.value;
    if !goals.contains(&Objective::Store) {
        return None;
    }
    let all = thresholds(context);
    if all.is_empty() {
        return None;
    }
    let all: Vec<Words> = all
        .into_iter()
        .map(|(threshold, classes)| {
            let classes: Vec<Words> = classes.iter().map(plain).collect();
            let threshold = plain(threshold.to_string());
            let classes = joined("punct.names", &classes);
            let args = [("threshold", &threshold), ("classes", &classes)];
            say("default.store.threshold", &args)
        })
        .collect();
    let all = joined("punct.names", &all);
    let value = say("default.store", &[("thresholds", &all)]);
    // Comfort comes back by itself where nothing is said of speed.
    let written = goals.iter().filter(|goal| {
        let back = **goal == Objective::Comfort && feature.prefer.is_default();
        **goal != Objective::Store && !back
    });
    let rest: Vec<&str> = written.map(|goal| goal.id()).collect();
    Some((value, format!("prefer {}", rest.join(" > "))))
}

/// Every threshold with its classes, in the order of the classes.
fn thresholds(context: &Context<'_>) -> Vec<(Bytes, Vec<String>)> {
    let mut found: Vec<(Bytes, Vec<String>)> = Vec::new();
    for solved in &context.solution.classes {
        let limits = Budgets::of(context.catalog, context.spec, &solved.class.phone);
        let Some(threshold) = limits.store else {
            continue;
        };
        let name = class_name(context, solved);
        match found.iter_mut().find(|(known, _)| *known == threshold) {
            Some((_, classes)) => classes.push(name),
            None => found.push((threshold, vec![name])),
        }
    }
    found
}
