//! Of what other classes get: the next better model a class does not get, and what becomes of it there.
//!
//! Says what people ask first who see two phones of one plan with different models. Decides nothing.

use std::cmp::Ordering;

use super::question::Question;
use super::single::Solved;
use super::types::Elsewhere;
use super::why::forced;
use crate::catalog::types::ModelIx;

/// Per class and slot the model of another class that is better by quality, the least of them where there are several.
pub(super) fn elsewhere(question: &Question<'_>, classes: &[Solved<'_>]) -> Vec<Elsewhere> {
    let quality = |model: ModelIx, slot: usize| {
        let quality = question.catalog.models[model.at()].quality_in(question.slots[slot].role);
        quality.map_or(0.0, |quality| quality.index)
    };
    let mut all = Vec::new();
    for solved in classes {
        for slot in 0..question.slots.len() {
            let Some(own) = picked(solved, slot) else {
                continue;
            };
            let others = classes.iter().filter_map(|other| {
                let model = picked(other, slot)?;
                (quality(model, slot) > quality(own, slot)).then_some((other, model))
            });
            let away =
                |giver: &Solved<'_>| giver.class.phone.platform != solved.class.phone.platform;
            let least = others.min_by(|(one_giver, one), (other_giver, other)| {
                let by_quality = quality(*one, slot).partial_cmp(&quality(*other, slot));
                let by_model = by_quality.unwrap_or(Ordering::Equal).then(one.cmp(other));
                by_model.then(away(one_giver).cmp(&away(other_giver)))
            });
            let Some((giver, model)) = least else {
                continue;
            };
            all.push(Elsewhere {
                class: solved.class.id.clone(),
                slot: question.slots[slot],
                model,
                given_to: giver.class.id.clone(),
                foil: forced(question, solved, slot, model),
            });
        }
    }
    all
}

/// The model a class has in a slot.
fn picked(solved: &Solved<'_>, slot: usize) -> Option<ModelIx> {
    let at = solved.picks.as_ref()?[slot];
    Some(solved.shelves[slot].entries[at].stack.model)
}
