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
    let (share_at_least, share) = share(context, |solved| {
        let mut gains = single.gains.iter();
        gains.any(|gain| gain.class == solved.class.id)
    })
    .unzip();
    Some(OneForAll {
        forced_by: single.forced_by.clone(),
        forced_by_name: name(&single.forced_by),
        gains: gains.collect(),
        share,
        share_at_least,
    })
}

/// The lines of the fleet all of whose classes gain, added up, and those of which some class does.
fn share(context: &Context<'_>, gains: impl Fn(&ClassSolution) -> bool) -> Option<(f64, f64)> {
    let fleet = &context.spec.fleet;
    let of = |line: &FleetClass, solved: &ClassSolution| match line {
        FleetClass::Ram(gib) => !solved.class.named && solved.class.phone.ram_gib == *gib,
        FleetClass::Device(id) => solved.class.named && solved.class.id == *id,
    };
    let (mut least, mut most) = (0.0, 0.0);
    for line in fleet {
        let classes = context.solution.classes.iter();
        let own = classes.filter(|solved| of(&line.class, solved));
        let gaining: Vec<bool> = own.map(&gains).collect();
        // A line without classes gains nothing.
        if gaining.contains(&true) {
            most += line.share.get();
            if !gaining.contains(&false) {
                least += line.share.get();
            }
        }
    }
    (!fleet.is_empty()).then_some((least, most))
}
