//! Models beyond any phone asked for, with the sum that rules them out.

use super::context::{Context, Use};
use super::refused::class_name;
use crate::catalog::types::{Artifact, Format, Model, ModelIx};
use crate::plan::types::Oversized;
use crate::rules::facts::Budgets;

/// Oversized models shown, the dense 70B class among them.
const LARGEST: usize = 3;

/// The largest models of the catalog for the roles asked, none of which fits the roomiest phone asked for.
pub(super) fn oversized(context: &Context<'_>) -> Vec<Oversized> {
    let Some(roomiest) = context
        .solution
        .classes
        .iter()
        .max_by_key(|solved| solved.class.phone.ram_gib)
    else {
        return Vec::new();
    };
    let phone = &roomiest.class.phone;
    let ram = u64::from(phone.ram_gib) * 1024 * 1024 * 1024;
    let budget = Budgets::of(context.catalog, context.spec, phone)
        .memory
        .map_or(ram, |budget| budget.get());
    let text = crate::catalog::types::Role::Llm;
    let mut models: Vec<(ModelIx, &Model, &Artifact, u64)> = context
        .catalog
        .models
        .iter()
        .enumerate()
        .filter(|(_, model)| {
            let slots = &context.solution.slots;
            model.roles.contains(&text) || slots.iter().any(|s| model.roles.contains(&s.role))
        })
        .filter_map(|(at, model)| {
            let ix = ModelIx(at as u32);
            let (artifact, bytes) = smallest(context, ix)?;
            (bytes > budget).then_some((ix, model, artifact, bytes))
        })
        .collect();
    let params = |model: &Model| model.params.as_ref().map_or(0, |params| params.value.get());
    models.sort_by(|a, b| params(b.1).cmp(&params(a.1)).then(a.0.cmp(&b.0)));
    // The dense 70B class is what people ask about first, so it leads.
    let dense = |model: &Model| {
        model.active_params.is_none() && (65_000_000_000..80_000_000_000).contains(&params(model))
    };
    models.sort_by_key(|(_, model, ..)| !dense(model));
    let mut seen_dense = false;
    models.retain(|(_, model, ..)| !dense(model) || !std::mem::replace(&mut seen_dense, true));
    models.truncate(LARGEST);
    models
        .into_iter()
        .map(|(_, model, artifact, bytes)| Oversized {
            model: model.id.clone(),
            name: model.name.clone(),
            params: params(model),
            smallest: context.catalog.quantizations[artifact.quant.at()]
                .name
                .clone(),
            bytes,
            class: class_name(context, roomiest),
            budget,
            ram,
            sources: artifact
                .bytes
                .as_ref()
                .map_or_else(Vec::new, |bytes| context.cite(Use::File, &bytes.sources)),
        })
        .collect()
}

/// The smallest file of a model that a phone runtime could load.
fn smallest<'a>(context: &Context<'a>, model: ModelIx) -> Option<(&'a Artifact, u64)> {
    context
        .catalog
        .artifacts
        .iter()
        .filter(|artifact| artifact.model == model && artifact.format != Format::Safetensors)
        .filter_map(|artifact| Some((artifact, artifact.bytes.as_ref()?.value.get())))
        .min_by_key(|(_, bytes)| *bytes)
}
