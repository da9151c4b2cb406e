//! Who is in memory when: what each phase loads, what serves several places, and what has to go first.

use super::context::Context;
use crate::plan::types::{Phase, Resident};
use crate::solve::types::Candidate;

/// One phase a residency group, in their order.
pub(super) fn phases(
    context: &Context<'_>,
    picks: &[Candidate],
    groups: &[Vec<usize>],
) -> Vec<Phase> {
    let members = |group: &[usize]| -> Vec<Candidate> {
        let picks = group.iter().filter_map(|&slot| picks.get(slot));
        picks.cloned().collect()
    };
    let loads: Vec<Vec<Resident>> = groups
        .iter()
        .map(|group| residents(context, &members(group)))
        .collect();
    let phases = groups.iter().enumerate();
    phases
        .map(|(at, group)| Phase {
            features: features(context, group),
            releases: released(&loads, at),
            loads: loads[at].clone(),
        })
        .collect()
}

fn features(context: &Context<'_>, group: &[usize]) -> Vec<String> {
    let mut features: Vec<String> = Vec::new();
    let slots = group
        .iter()
        .filter_map(|&at| context.solution.slots.get(at));
    for slot in slots {
        let id = &context.feature(*slot).id;
        if !features.contains(id) {
            features.push(id.clone());
        }
    }
    features
}

/// Each distinct file with what runs it, in slot order. What the system holds is not the app's to load.
fn residents(context: &Context<'_>, picks: &[Candidate]) -> Vec<Resident> {
    let catalog = context.catalog;
    let mut residents: Vec<Resident> = Vec::new();
    for pick in picks {
        let stack = &pick.stack;
        let model = catalog.model_at(stack.model);
        if model.system {
            continue;
        }
        let artifact = catalog.artifact_at(stack.artifact);
        let quantization = catalog.quantization_at(artifact.quant);
        let runtime = &catalog.runtime_at(stack.runtime).id;
        let backend = &catalog.backend_at(stack.backend).id;
        let place = pick.slot.name(context.spec);
        let same = |one: &&mut Resident| {
            one.file == artifact.id && one.runtime == *runtime && one.backend == *backend
        };
        match residents.iter_mut().find(same) {
            Some(known) => known.serves.push(place),
            None => residents.push(Resident {
                name: format!("{} {}", model.name, quantization.name),
                file: artifact.id.clone(),
                runtime: runtime.clone(),
                backend: backend.clone(),
                serves: vec![place],
            }),
        }
    }
    residents
}

/// What the other phases load and this one does not, each once.
fn released(loads: &[Vec<Resident>], at: usize) -> Vec<Resident> {
    let same = |one: &Resident, other: &Resident| {
        one.file == other.file && one.runtime == other.runtime && one.backend == other.backend
    };
    let others = loads.iter().enumerate().filter(|(other, _)| *other != at);
    let mut released: Vec<Resident> = Vec::new();
    for resident in others.flat_map(|(_, loads)| loads) {
        let known = loads[at].iter().chain(&released);
        if !known.into_iter().any(|one| same(one, resident)) {
            released.push(resident.clone());
        }
    }
    released
}
