//! From a solution to the plan: names, texts and sources resolved, nothing decided.
//!
//! Deterministic: the order of everything is the order of the solution or a stated sort.

mod answer;
mod asked;
mod bounds;
mod challenges;
mod checks;
mod class;
mod context;
mod defaults;
mod dependencies;
mod elsewhere;
mod figures;
mod fleet;
mod infeasible;
mod oversized;
mod phases;
mod reasons;
mod refused;
mod risks;
mod shipped;
mod stack;
mod store;
mod tiers;
mod what_if;
mod words;

use self::context::Context;
use super::types::{FORMAT_VERSION, GeneratedFrom, Plan, SlotRef};
use crate::catalog::types::Catalog;
use crate::diagnostic::Sources;
use crate::rules::RuleSet;
use crate::solve::types::Solution;
use crate::spec::model::Spec;

/// The plan that says `solution`. `files` holds the spec's text, whose lines the plan repeats.
///
/// `solution` must be the answer to `spec` over `catalog` and `rules`: its indices point into them.
#[must_use]
pub fn build(
    catalog: &Catalog,
    rules: &RuleSet,
    spec: &Spec,
    solution: &Solution,
    files: &Sources,
) -> Plan {
    let context = Context::new(catalog, rules, spec, solution, files);
    let tiers = tiers::tiers(&context);
    let infeasible = infeasible::infeasible(&context);
    let challenges = challenges::challenges(&context);
    let oversized = oversized::oversized(&context);
    let plan = Plan {
        format_version: FORMAT_VERSION.to_owned(),
        generated_from: GeneratedFrom {
            spec: context.file_name(),
            language: spec.version,
            catalog: catalog.digest.clone(),
        },
        detail: asked::detail(spec),
        feasible: infeasible.is_empty() && !tiers.is_empty(),
        locales: spec
            .locales
            .value
            .iter()
            .map(|l| l.tag().to_owned())
            .collect(),
        answer: answer::answer(&context, &tiers, &infeasible, &challenges),
        asked: asked::asked(&context),
        single: single(&context),
        one_for_all: fleet::one_for_all(&context),
        considered: refused::considered(&context),
        runners_up: refused::runners_up(&context),
        elsewhere: elsewhere::elsewhere(&context),
        refused: refused::refused(&context, &oversized),
        oversized,
        what_if: what_if::what_if(&context, &tiers),
        risks: risks::risks(&context, &tiers),
        checks: checks::checks(&context, &tiers),
        tiers,
        infeasible,
        challenges,
        sources: Vec::new(),
    };
    Plan {
        sources: context.sources(),
        ..plan
    }
}

fn single(context: &Context<'_>) -> Option<Vec<SlotRef>> {
    let picks = &context.solution.single.as_ref()?.picks;
    let slot = |pick: &crate::solve::types::Candidate| {
        let artifact = &context.catalog.artifacts[pick.stack.artifact.at()];
        SlotRef {
            feature: context.feature(pick.slot).id.clone(),
            role: pick.slot.role.id().to_owned(),
            model: context.catalog.models[pick.stack.model.at()].id.clone(),
            quantization: context.catalog.quantizations[artifact.quant.at()]
                .id
                .clone(),
        }
    };
    Some(picks.iter().map(slot).collect())
}
