//! One choice for all phones against one per class: who gains, how many they are, who forces the one choice.

use super::context::Context;
use super::refused::class_name;
use crate::plan::types::{Gain, OneForAll};
use crate::solve::types::ClassSolution;
use crate::spec::model::FleetClass;

pub(super) fn one_for_all(context: &Context<'_>) -> Option<OneForAll> {
    let single = context.solution.single.as_ref()?;
    if single.gains.is_empty() {
        return None;
    }
    let classes = &context.solution.classes;
    let class = |id: &str| classes.iter().find(|one| one.class.id == id);
    let name = |id: &str| class(id).map_or_else(String::new, |one| class_name(context, one));
    let gains = single.gains.iter().map(|gain| Gain {
        class: gain.class.clone(),
        name: name(&gain.class),
        feature: context.feature(gain.slot).id.clone(),
        role: gain.slot.role.id().to_owned(),
        objective: gain.own.objective.id().to_owned(),
        own: gain.own.value.clone(),
        common: gain.common.value.clone(),
    });
    let gaining: Vec<&ClassSolution> = single
        .gains
        .iter()
        .filter_map(|gain| class(&gain.class))
        .collect();
    Some(OneForAll {
        forced_by: single.forced_by.clone(),
        forced_by_name: name(&single.forced_by),
        gains: gains.collect(),
        share: share(context, &gaining),
    })
}

/// The lines of the fleet that some of the classes belong to, added up.
fn share(context: &Context<'_>, classes: &[&ClassSolution]) -> Option<f64> {
    let fleet = &context.spec.fleet;
    let of = |line: &FleetClass, solved: &ClassSolution| match line {
        FleetClass::Ram(gib) => !solved.class.named && solved.class.phone.ram_gib == *gib,
        FleetClass::Device(id) => solved.class.named && solved.class.id == *id,
    };
    let lines = fleet
        .iter()
        .filter(|line| classes.iter().any(|solved| of(&line.class, solved)));
    (!fleet.is_empty()).then(|| lines.map(|line| line.share.get()).sum())
}
