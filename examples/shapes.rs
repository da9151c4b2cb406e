//! Prints what a GGUF file of a model holds: sizes of its blocks, and each tensor with its shape and storage type.
//!
//! `scripts/peers` writes headers of model files from it, so that other tools can be asked about the same models. Reads
//! one JSON object a line, `family`, `arch` and `quant` as in the catalog and `rope_factors`, and prints one a line.
//! Predicts nothing. Usage: `cargo run --example shapes < models.jsonl`.

use std::io::{BufRead as _, Error, Result, Write as _};

use edgeplan::catalog::types::Architecture;
use edgeplan::estimate::llama::decoder::{Feed, Layer, Mixer, Recurrent};
use edgeplan::estimate::llama::{blueprint, inventory, mix};
use serde_json::{Value, json};

fn main() -> Result<()> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let model: Value = serde_json::from_str(&line?)?;
        writeln!(out, "{}", described(&model)?)?;
    }
    Ok(())
}

fn described(model: &Value) -> Result<Value> {
    let text = |key: &str| {
        model[key]
            .as_str()
            .ok_or_else(|| Error::other(format!("no {key} in {model}")))
    };
    let family = text("family")?;
    let shape: Architecture = serde_json::from_value(model["arch"].clone())?;
    let decoder = blueprint::decoder(family, &shape)
        .ok_or_else(|| Error::other(format!("the graph of {family} is not known")))?;
    let mix = mix::Mix::from_id(text("quant")?)
        .ok_or_else(|| Error::other(format!("no such quantization in {model}")))?;
    let extras = inventory::Extras {
        tied: shape.tied == Some(true),
        rope_factors: model["rope_factors"].as_u64(),
    };
    let tensors = inventory::tensors(&decoder, extras);
    let facts = inventory::facts(blueprint::gguf_name(family), &decoder);
    let kinds = mix::kinds(&tensors, &facts, mix);
    let stored = tensors.iter().zip(kinds);
    Ok(json!({
        "architecture": blueprint::gguf_name(family),
        "width": decoder.width,
        "vocab": decoder.vocab,
        "window": decoder.window,
        "per_layer": decoder.habits.per_layer,
        "blocks": decoder.layers.iter().map(block).collect::<Vec<_>>(),
        "tensors": stored.map(|(it, kind)| {
            json!([it.name, it.axes[..it.dimensions()], kind.number()])
        }).collect::<Vec<_>>(),
    }))
}

fn block(layer: &Layer) -> Value {
    let attention = layer.mixer.attention();
    let (dense, experts) = match layer.feed {
        Feed::Dense(dense) => (Some(dense), None),
        Feed::Experts(experts) => (None, Some(experts)),
        Feed::DenseAndExperts(dense, experts) => (Some(dense), Some(experts)),
        // No shape of the catalog mixes channels.
        Feed::ChannelMix(_) | Feed::None => (None, None),
    };
    json!({
        "heads": attention.map_or(0, |it| it.heads),
        "kv_heads": attention.map_or(0, |it| it.kv_heads),
        "key": attention.map(|it| it.key),
        "windowed": attention.is_some_and(|it| it.windowed),
        "caches": attention.is_some_and(|it| it.caches),
        "inner": dense.map(|it| it.inner),
        "experts": experts.map(|it| json!({ "count": it.count, "used": it.used, "inner": it.inner })),
        "state": recurrent(&layer.mixer),
    })
}

fn recurrent(mixer: &Mixer) -> Value {
    match mixer.recurrent() {
        Some(Recurrent::ShortConvolution { kernel, .. }) => json!({ "kernel": kernel }),
        Some(Recurrent::DeltaNet {
            kernel,
            inner,
            state,
            heads,
            groups,
            ..
        }) => json!({
            "kernel": kernel, "inner": inner, "state": state, "heads": heads, "groups": groups,
        }),
        _ => Value::Null,
    }
}
