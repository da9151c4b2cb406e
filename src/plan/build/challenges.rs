//! The three challenges that weigh most over all chosen stacks.

use std::collections::BTreeMap;

use super::context::{Context, Use};
use super::words::rendered;
use crate::plan::types::{Challenge, Remedy};
use crate::rules::eval::{Kleene, View, truth};
use crate::rules::template;
use crate::rules::types::{Challenge as Known, Remedy as Step};
use crate::solve::types::{Candidate, ClassSolution};
use crate::spec::expr::Expr;

/// How many are told.
const TOLD: usize = 3;

/// A challenge where it weighs most.
struct Heaviest<'a> {
    weight: u32,
    challenge: &'a Known,
    solved: &'a ClassSolution,
    pick: &'a Candidate,
}

pub(super) fn challenges(context: &Context<'_>) -> Vec<Challenge> {
    let mut heaviest: BTreeMap<&str, Heaviest<'_>> = BTreeMap::new();
    for (solved, picks) in context.chosen() {
        for pick in picks {
            let Some(facts) = context.facts(&solved.class, pick.slot, pick.stack, &pick.estimate)
            else {
                continue;
            };
            for (weight, challenge) in context.rules.challenges(&facts) {
                let known = heaviest.get(challenge.id.as_str());
                if known.is_none_or(|known| weight > known.weight) {
                    let found = Heaviest {
                        weight,
                        challenge,
                        solved,
                        pick,
                    };
                    heaviest.insert(&challenge.id, found);
                }
            }
        }
    }
    let mut ranked: Vec<Heaviest<'_>> = heaviest.into_values().collect();
    ranked.sort_by(|a, b| {
        b.weight
            .cmp(&a.weight)
            .then_with(|| a.challenge.id.cmp(&b.challenge.id))
    });
    let mut told: Vec<&Heaviest<'_>> = Vec::new();
    for found in &ranked {
        // Three sides of one field teach less than three fields.
        if told.len() < TOLD
            && !told
                .iter()
                .any(|t| t.challenge.area == found.challenge.area)
        {
            told.push(found);
        }
    }
    told.into_iter()
        .filter_map(|found| challenge(context, found))
        .collect()
}

/// The names that go with a step on this stack.
fn apis(step: &Step, applies: &dyn Fn(&Expr) -> bool) -> Vec<String> {
    let own = step.apis_when.iter().filter(|(when, _)| applies(when));
    let own = own.flat_map(|(_, names)| names);
    step.apis.iter().chain(own).cloned().collect()
}

fn challenge(context: &Context<'_>, found: &Heaviest<'_>) -> Option<Challenge> {
    let Heaviest {
        challenge,
        solved,
        pick,
        ..
    } = found;
    let facts = context.facts(&solved.class, pick.slot, pick.stack, &pick.estimate)?;
    let applies = |condition: &Expr| truth(condition, &facts, View::Likely) == Kleene::True;
    Some(Challenge {
        id: challenge.id.clone(),
        area: challenge.area.clone(),
        title: rendered(&template::fill(&challenge.title, &facts)),
        problem: rendered(&template::fill(&challenge.problem, &facts)),
        remedies: challenge
            .remedies
            .iter()
            .filter(|remedy| remedy.when.as_ref().is_none_or(applies))
            .map(|remedy| Remedy {
                text: rendered(&template::fill(&remedy.text, &facts)),
                apis: apis(remedy, &applies),
            })
            .collect(),
        found_on: (
            solved.class.id.clone(),
            context.feature(pick.slot).id.clone(),
            pick.slot.role.id().to_owned(),
        ),
        sources: context.cite_ids(Use::Challenge, &challenge.sources),
    })
}
