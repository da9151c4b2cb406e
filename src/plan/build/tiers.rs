//! Classes that get the same stacks, grouped so that a choice is said once.

use super::context::Context;
use super::figures::measure;
use super::phases::phases;
use super::{class, stack};
use crate::plan::types::{Tier, Unit};
use crate::solve::residency_groups;
use crate::solve::types::{Candidate, Chosen, ClassSolution, Outcome};

/// Tiers in the order of their first class.
pub(super) fn tiers(context: &Context<'_>) -> Vec<Tier> {
    let mut groups: Vec<Vec<(&ClassSolution, &Chosen)>> = Vec::new();
    for solved in &context.solution.classes {
        let Outcome::Feasible(chosen) = &solved.outcome else {
            continue;
        };
        let twin = groups.iter_mut().find(|group| {
            let (other, picks) = group[0];
            other.class.phone.platform == solved.class.phone.platform
                && same(&picks.picks, &chosen.picks)
        });
        match twin {
            Some(group) => group.push((solved, chosen)),
            None => groups.push(vec![(solved, chosen)]),
        }
    }
    groups.iter().map(|group| tier(context, group)).collect()
}

/// The same choice; threads follow the chip and make no difference in kind.
fn same(one: &[Candidate], other: &[Candidate]) -> bool {
    let key = |pick: &Candidate| {
        let mut stack = pick.stack;
        stack.settings.threads = 0;
        (pick.slot, stack)
    };
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| key(a) == key(b))
}

fn tier(context: &Context<'_>, group: &[(&ClassSolution, &Chosen)]) -> Tier {
    let (first, chosen) = group[0];
    let platform = &context.catalog.platforms[first.class.phone.platform.at()];
    let together = residency_groups(context.spec, &context.solution.slots);
    let raised = || {
        group.iter().filter_map(|(solved, chosen)| {
            let row = class::budget_row(context.catalog, &solved.class.phone)?;
            row.entitled.as_ref().map(|_| (row, *chosen))
        })
    };
    let needs_entitlements =
        raised().any(|(row, chosen)| chosen.totals.memory.high > row.base.value);
    let stacks = chosen
        .picks
        .iter()
        .enumerate()
        .map(|(at, pick)| {
            let objectives = chosen.objectives.get(at).map_or(&[][..], Vec::as_slice);
            stack::stack(context, &first.class, pick, objectives)
        })
        .collect();
    Tier {
        id: first.class.id.clone(),
        platform: platform.id.clone(),
        platform_name: platform.name.clone(),
        stacks,
        phases: phases(context, &chosen.picks, &together),
        entitlements: if raised().next().is_some() {
            platform.entitlements.clone()
        } else {
            Vec::new()
        },
        needs_entitlements,
        download: measure(&chosen.totals.download, Unit::Bytes),
        storage: measure(&chosen.totals.storage, Unit::Bytes),
        classes: group
            .iter()
            .map(|(solved, chosen)| class::class(context, &solved.class, chosen, &together))
            .collect(),
    }
}
