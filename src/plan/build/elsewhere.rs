//! Better models that only some classes get: what they lack on the others.

use super::context::Context;
use super::reasons::reasons;
use super::refused;
use crate::plan::types::Elsewhere;
use crate::solve::types::{self, ClassSolution, Foil, Outcome};

/// Each model once per reason, with the classes it holds on.
pub(super) fn elsewhere(context: &Context<'_>) -> Vec<Elsewhere> {
    let mut found: Vec<Elsewhere> = Vec::new();
    for missed in &context.solution.elsewhere {
        let Some(new) = told(context, missed) else {
            continue;
        };
        let alike = |known: &&mut Elsewhere| {
            let key = |one: &Elsewhere| {
                let ids: Vec<String> = one.reasons.iter().map(|r| r.id.clone()).collect();
                let place = (one.feature.clone(), one.role.clone());
                let lost = (one.loses_on.clone(), one.loses_in.clone());
                (place, one.winner.clone(), lost, ids)
            };
            known.model == new.model && key(known) == key(&new)
        };
        match found.iter_mut().find(alike) {
            Some(known) => known.classes.extend(new.classes),
            None => found.push(new),
        }
    }
    found
}

fn told(context: &Context<'_>, missed: &types::Elsewhere) -> Option<Elsewhere> {
    let mut classes = context.solution.classes.iter();
    let here = classes.find(|solved| solved.class.id == missed.class)?;
    let catalog = context.catalog;
    let model = &catalog.models[missed.model.at()];
    let (quantization, on, reasons) = match &missed.foil {
        Foil::Refused(candidate) => (None, None, reasons(context, candidate)),
        Foil::Crowded(_) => (None, None, Vec::new()),
        Foil::Loses { candidate, on, .. } => {
            let quant = catalog.artifacts[candidate.stack.artifact.at()].quant;
            let name = catalog.quantizations[quant.at()].name.clone();
            (Some(name), Some(on.as_ref()?), Vec::new())
        }
        // Nobody asks after what the platform has no file or runtime for.
        Foil::Chosen | Foil::OtherRole | Foil::NoStack => return None,
    };
    Some(Elsewhere {
        feature: context.feature(missed.slot).id.clone(),
        role: missed.slot.role.id().to_owned(),
        model: model.id.clone(),
        name: model.name.clone(),
        quantization,
        given_to: missed.given_to.clone(),
        classes: vec![missed.class.clone()],
        winner: winner(context, here, missed)?,
        loses_on: on.map(|loss| loss.best.objective.id().to_owned()),
        loses_in: on.and_then(|loss| refused::elsewhere(context, loss, missed.slot)),
        values: on.map(|loss| (loss.best.value.clone(), loss.other.value.clone())),
        reasons,
    })
}

/// The name of the model the class gets instead.
fn winner(
    context: &Context<'_>,
    here: &ClassSolution,
    missed: &types::Elsewhere,
) -> Option<String> {
    let Outcome::Feasible(chosen) = &here.outcome else {
        return None;
    };
    let pick = chosen.picks.iter().find(|pick| pick.slot == missed.slot)?;
    Some(context.catalog.models[pick.stack.model.at()].name.clone())
}
