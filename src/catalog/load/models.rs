//! Models: shapes that add up, languages, scores.

use super::context::{Context, Kind, origin, span};
use super::files::Pending;
use crate::catalog::record::{
    ArchitectureRecord, AttentionRecord, Figure, LanguagesRecord, Located, ModelRecord,
    QualityRecord, ScoreRecord,
};
use crate::catalog::types::{
    Architecture, Attention, Languages, LicenseIx, Model, Moe, Quality, Score, SourceIx, Sourced,
};
use crate::diagnostic::Text;
use crate::quantity::{Params, Tokens};

/// A model, and its files for later.
pub(super) fn model(
    context: &mut Context,
    file: u16,
    record: ModelRecord,
) -> (Model, Vec<Pending>) {
    let sources = context.record_sources(file, &record.id, &record.sources);
    if let Some(params) = &record.params {
        let count = located(&params.value, |count| count as f64);
        context.within(file, &count, "params", 1e5, 1e12);
    }
    if let (Some(all), Some(active)) = (&record.params, &record.active_params)
        && active.value.value > all.value.value
    {
        context.inconsistent(
            span(file, &active.value),
            Text::key("catalog.active_params"),
        );
    }
    if let Some(work) = &record.work {
        let count = located(&work.value, |count| count as f64);
        context.within(file, &count, "work", 1.0, 1e5);
    }
    if let Some(tokens) = &record.context {
        let count = located(&tokens.value, |count| count as f64);
        context.within(file, &count, "context", 1.0, 1e8);
    }
    for quality in record.quality.iter().chain(record.role_quality.values()) {
        context.within(file, &quality.index, "quality", 0.0, 100.0);
    }
    let model = context.refer(Kind::Model, file, &record.id);
    let files = record
        .files
        .into_iter()
        .map(|entry| Pending {
            model,
            file,
            entry,
            sources: sources.clone(),
        })
        .collect();
    let params = |context: &mut Context, figure: Figure<u64>| {
        context.figure(file, &figure, &sources, Params::new)
    };
    let model = Model {
        at: origin(file, &record.id),
        license: record
            .license
            .map(|name| LicenseIx(context.refer(Kind::License, file, &name))),
        params: record.params.map(|figure| params(context, figure)),
        active_params: record.active_params.map(|figure| params(context, figure)),
        work: record
            .work
            .map(|figure| context.figure(file, &figure, &sources, |count| count as f64)),
        arch: record
            .arch
            .map(|arch| architecture(context, file, &arch, &sources)),
        context: record
            .context
            .map(|figure| context.figure(file, &figure, &sources, Tokens::new)),
        languages: record
            .languages
            .map(|languages_| languages(context, file, &record.id, languages_, &sources)),
        scores: record
            .scores
            .into_iter()
            .map(|entry| score(context, file, entry, &sources))
            .collect(),
        quality: record.quality.map(quality),
        role_quality: record
            .role_quality
            .into_iter()
            .map(|(role, place)| (role, quality(place)))
            .collect(),
        id: record.id.value,
        name: record.name,
        vendor: record.vendor,
        roles: record.roles,
        system: record.system,
        family: record.family,
        repo: record.repo,
        released: record.released,
        capabilities: record.capabilities,
        streaming: record.streaming,
        embedding_dim: record.embedding_dim,
        note: record.note,
        sources,
    };
    (model, files)
}

fn located<T: Copy>(value: &Located<T>, convert: impl Fn(T) -> f64) -> Located<f64> {
    Located {
        value: convert(value.value),
        start: value.start,
        end: value.end,
    }
}

/// A shape: no dimension is zero, query heads are a multiple of key-value heads, no more cached layers than layers.
fn architecture(
    context: &mut Context,
    file: u16,
    record: &ArchitectureRecord,
    sources: &[SourceIx],
) -> Sourced<Architecture> {
    let place = span(file, &record.layers);
    let dimensions = [
        record.layers.value,
        record.hidden,
        record.heads,
        record.kv_heads,
        record.head_dim,
        record.vocab,
    ];
    if dimensions.contains(&0) {
        context.inconsistent(place, Text::key("catalog.zero_dimension"));
    } else if !record.heads.is_multiple_of(record.kv_heads) {
        let message = Text::key("catalog.heads")
            .arg("heads", record.heads.to_string())
            .arg("kv_heads", record.kv_heads.to_string());
        context.inconsistent(place, message);
    }
    let cached = match &record.attention {
        AttentionRecord::Full | AttentionRecord::Latent { .. } => record.layers.value,
        AttentionRecord::Sliding {
            global_layers,
            local_layers,
            ..
        } => global_layers + local_layers,
        AttentionRecord::Hybrid { full_layers, .. } => *full_layers,
    };
    if cached > record.layers.value {
        let message = Text::key("catalog.cached_layers")
            .arg("cached", cached.to_string())
            .arg("layers", record.layers.value.to_string());
        context.inconsistent(place, message);
    }
    Sourced {
        at: origin(file, &record.layers),
        sources: context.own_sources(file, &record.sources, sources),
        value: Architecture {
            layers: record.layers.value,
            hidden: record.hidden,
            ffn: record.ffn,
            heads: record.heads,
            kv_heads: record.kv_heads,
            head_dim: record.head_dim,
            vocab: record.vocab,
            tied: record.tied,
            attention: attention(&record.attention),
            moe: record.moe.map(|moe| Moe {
                experts: moe.experts,
                top_k: moe.top_k,
                expert_ffn: moe.expert_ffn,
            }),
            per_layer_embedding: record.per_layer_embedding,
        },
    }
}

const fn attention(record: &AttentionRecord) -> Attention {
    match *record {
        AttentionRecord::Full => Attention::Full,
        AttentionRecord::Sliding {
            window,
            global_layers,
            local_layers,
            global_kv_heads,
            global_head_dim,
        } => Attention::Sliding {
            window,
            global_layers,
            local_layers,
            global_kv_heads,
            global_head_dim,
        },
        AttentionRecord::Hybrid {
            full_layers,
            state_elements,
        } => Attention::Hybrid {
            full_layers,
            state_elements,
        },
        AttentionRecord::Latent { elements } => Attention::Latent { elements },
    }
}

/// Languages, sorted; a list that calls itself complete is as long as its count.
fn languages(
    context: &mut Context,
    file: u16,
    id: &Located<String>,
    record: LanguagesRecord,
    sources: &[SourceIx],
) -> Languages {
    for code in &record.listed {
        let plain = code.value.bytes().all(|byte| byte.is_ascii_lowercase());
        if !plain || !(2..=3).contains(&code.value.len()) {
            let message = Text::key("catalog.language_code").arg("code", code.value.clone());
            context.inconsistent(span(file, code), message);
        }
    }
    let listed = record.listed.len() as u32;
    if record.complete && record.count.is_some_and(|count| count != listed) {
        let message = Text::key("catalog.languages_complete")
            .arg("listed", listed.to_string())
            .arg("count", record.count.unwrap_or_default().to_string());
        context.inconsistent(span(file, id), message);
    }
    let place = record.listed.first().unwrap_or(id);
    let at = origin(file, place);
    let mut codes: Vec<String> = record.listed.into_iter().map(|code| code.value).collect();
    codes.sort_unstable();
    codes.dedup();
    Languages {
        listed: codes,
        complete: record.complete,
        count: record.count,
        sources: context.own_sources(file, &record.sources, sources),
        at,
    }
}

fn quality(record: QualityRecord) -> Quality {
    Quality {
        index: record.index.value,
        basis: record.basis,
    }
}

fn score(context: &mut Context, file: u16, record: ScoreRecord, sources: &[SourceIx]) -> Score {
    Score {
        sources: context.own_sources(file, &record.sources, sources),
        benchmark: record.benchmark,
        value: record.value,
        setting: record.setting,
    }
}
