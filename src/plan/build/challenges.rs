//! The three challenges that weigh most over all chosen stacks.

use std::collections::BTreeMap;

use super::context::{Context, Use};
use super::words::{joined, plain, rendered, say};
use crate::catalog::types::PlatformIx;
use crate::plan::types::{Challenge, Remedy};
use crate::rules::eval::{Kleene, View, truth};
use crate::rules::template;
use crate::rules::types::{Challenge as Known, Remedy as Step};
use crate::solve::types::{Candidate, ClassSolution};
use crate::spec::expr::Expr;

/// How many are told.
const TOLD: usize = 3;

/// A challenge where it weighs most on one platform.
struct Heaviest<'a> {
    weight: u32,
    /// When it was found: the phones of the plan have an order.
    at: usize,
    challenge: &'a Known,
    solved: &'a ClassSolution,
    pick: &'a Candidate,
}

pub(super) fn challenges(context: &Context<'_>) -> Vec<Challenge> {
    let mut heaviest: BTreeMap<(&str, PlatformIx), Heaviest<'_>> = BTreeMap::new();
    for (solved, picks) in context.chosen() {
        for pick in picks {
            let Some(facts) = context.facts(&solved.class, pick.slot, pick.stack, &pick.estimate)
            else {
                continue;
            };
            for (weight, challenge) in context.rules.challenges(&facts) {
                let key = (challenge.id.as_str(), solved.class.phone.platform);
                let known = heaviest.get(&key);
                if known.is_none_or(|known| weight > known.weight) {
                    let found = Heaviest {
                        weight,
                        at: known.map_or(heaviest.len(), |known| known.at),
                        challenge,
                        solved,
                        pick,
                    };
                    heaviest.insert(key, found);
                }
            }
        }
    }
    let mut ranked: Vec<Heaviest<'_>> = heaviest.into_values().collect();
    ranked.sort_by(|a, b| {
        b.weight
            .cmp(&a.weight)
            .then_with(|| a.challenge.id.cmp(&b.challenge.id))
            .then_with(|| a.at.cmp(&b.at))
    });
    let mut told: Vec<Vec<&Heaviest<'_>>> = Vec::new();
    for found in &ranked {
        let same = |on: &&mut Vec<&Heaviest<'_>>| on[0].challenge.id == found.challenge.id;
        // Three sides of one field teach less than three fields.
        let taken = |on: &Vec<&Heaviest<'_>>| on[0].challenge.area == found.challenge.area;
        if let Some(on) = told.iter_mut().find(same) {
            on.push(found);
        } else if told.len() < TOLD && !told.iter().any(taken) {
            told.push(vec![found]);
        }
    }
    told.iter()
        .filter_map(|on| challenge(context, on))
        .collect()
}

/// A challenge with the steps of every platform it is found on; the figures are those of the first.
fn challenge(context: &Context<'_>, on: &[&Heaviest<'_>]) -> Option<Challenge> {
    let facts: Option<Vec<_>> = on
        .iter()
        .map(|found| {
            let pick = found.pick;
            context.facts(&found.solved.class, pick.slot, pick.stack, &pick.estimate)
        })
        .collect();
    let facts = facts?;
    let (
        Heaviest {
            challenge,
            solved,
            pick,
            ..
        },
        first,
    ) = (on.first()?, facts.first()?);
    let applies =
        |condition: &Expr, at: usize| truth(condition, &facts[at], View::Likely) == Kleene::True;
    let steps = challenge.remedies.iter().filter_map(|step| {
        let here: Vec<usize> = (0..on.len())
            .filter(|&at| step.when.as_ref().is_none_or(|when| applies(when, at)))
            .collect();
        let text = rendered(&template::fill(&step.text, &facts[*here.first()?]));
        let text = if here.len() < on.len() {
            let names = here.iter().map(|&at| {
                let platform = on[at].solved.class.phone.platform;
                plain(&context.catalog.platforms[platform.at()].name)
            });
            let names = joined("punct.comma", &names.collect::<Vec<_>>());
            say("challenge.on", &[("platforms", &names), ("text", &text)])
        } else {
            text
        };
        Some(Remedy {
            text,
            apis: apis(step, |when| here.iter().any(|&at| applies(when, at))),
        })
    });
    Some(Challenge {
        id: challenge.id.clone(),
        area: challenge.area.clone(),
        title: rendered(&template::fill(&challenge.title, first)),
        problem: rendered(&template::fill(&challenge.problem, first)),
        remedies: steps.collect(),
        found_on: (
            solved.class.id.clone(),
            context.feature(pick.slot).id.clone(),
            pick.slot.role.id().to_owned(),
        ),
        sources: context.cite_ids(Use::Challenge, &challenge.sources),
    })
}

/// The names that go with a step where it applies.
fn apis(step: &Step, applies: impl Fn(&Expr) -> bool) -> Vec<String> {
    let own = step.apis_when.iter().filter(|(when, _)| applies(when));
    let own = own.flat_map(|(_, names)| names);
    step.apis.iter().chain(own).cloned().collect()
}
