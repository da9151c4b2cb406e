//! What there is to fill, and who is in memory together. Chooses nothing.

use super::types::Slot;
use crate::catalog::types::Role;
use crate::spec::model::{Residency, Spec};

/// All roles, to find one by its id.
const ROLES: [Role; 7] = [
    Role::Asr,
    Role::Llm,
    Role::Translate,
    Role::Tts,
    Role::Embed,
    Role::Vision,
    Role::Ocr,
];

/// One slot per role of each feature, in feature and pipeline order.
pub(super) fn slots(spec: &Spec) -> Vec<Slot> {
    let mut slots = Vec::new();
    for (feature, asked) in spec.features.iter().enumerate() {
        let roles = asked.task.value.roles().iter();
        slots.extend(
            roles
                .filter_map(|id| ROLES.into_iter().find(|role| role.id() == *id))
                .map(|role| Slot { feature, role }),
        );
    }
    slots
}

/// Slots that are loaded at the same time, as ascending lists; every slot is in exactly one.
///
/// The roles of a pipeline are together, and so are features that are resident with one another, directly or
/// through a third.
pub fn residency_groups(spec: &Spec, slots: &[Slot]) -> Vec<Vec<usize>> {
    let mut group: Vec<usize> = (0..spec.features.len()).collect();
    for (at, feature) in spec.features.iter().enumerate() {
        let Residency::With(others) = &feature.residency.value else {
            continue;
        };
        for other in others {
            if let Some(other) = spec
                .features
                .iter()
                .position(|feature| feature.id == *other)
            {
                let (keep, drop) = (group[at].min(group[other]), group[at].max(group[other]));
                for name in group.iter_mut().filter(|name| **name == drop) {
                    *name = keep;
                }
            }
        }
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); spec.features.len()];
    for (at, slot) in slots.iter().enumerate() {
        groups[group[slot.feature]].push(at);
    }
    groups.retain(|members| !members.is_empty());
    groups
}
