//! The mixes against what `llama_model_quantize` chose, tensor class by tensor class.

use std::collections::BTreeMap;

use super::blueprint;
use super::inventory::{self, Extras};
use super::mix::{self, Mix};
use crate::catalog::types::{Architecture, Attention};
use crate::gguf::laid_out;

/// Counts of types by class of tensor, and bytes of all tensors, for each `model/mix`.
const CHOSEN: &str = include_str!("../testdata/quant_mix.json");

/// Family, shape, and elements of the rotation's factors.
fn shape(model: &str) -> (&'static str, Architecture, Option<u64>) {
    let (family, layers, hidden, ffn, [heads, kv_heads, head_dim], vocab) = match model {
        "llama-3.2-1b" => ("llama", 16, 2048, 8192, [32, 8, 64], 128_256),
        "llama-3.2-3b" => ("llama", 28, 3072, 8192, [24, 8, 128], 128_256),
        "llama-3-8b" => ("llama", 32, 4096, 14336, [32, 8, 128], 128_256),
        "qwen2.5-0.5b" => ("qwen2", 24, 896, 4864, [14, 2, 64], 151_936),
        "gemma3-1b" => ("gemma3", 26, 1152, 6912, [4, 1, 256], 262_144),
        other => panic!("no shape of {other}"),
    };
    let attention = if family == "gemma3" {
        Attention::Sliding {
            window: 512,
            global_layers: 4,
            local_layers: 22,
            global_kv_heads: None,
            global_head_dim: None,
        }
    } else {
        Attention::Full
    };
    let factors = model
        .starts_with("llama-3.2")
        .then(|| u64::from(head_dim) / 2);
    let shape = Architecture {
        layers,
        hidden,
        ffn,
        heads,
        kv_heads,
        head_dim,
        vocab,
        tied: Some(model != "llama-3-8b"),
        attention,
        moe: None,
        per_layer_embedding: None,
    };
    (family, shape, factors)
}

#[test]
fn every_class_of_tensor_gets_what_the_quantizer_gives_it() {
    let chosen: BTreeMap<String, serde_json::Value> = serde_json::from_str(CHOSEN).expect("JSON");
    assert!(chosen.len() >= 100, "{} mixes", chosen.len());
    for (name, expected) in chosen {
        let (model, quant) = name.split_once('/').expect("model/mix");
        let mix = Mix::from_id(quant).unwrap_or_else(|| panic!("{quant}"));
        let (family, shape, rope_factors) = shape(model);
        let decoder = blueprint::decoder(family, &shape).expect("a decoder");
        let extras = Extras {
            tied: shape.tied == Some(true),
            rope_factors,
        };
        let tensors = inventory::tensors(&decoder, extras);
        let kinds = mix::kinds(&tensors, &inventory::facts(&decoder), mix);
        let stored = laid_out(tensors, &kinds);
        let bytes: u64 = stored.iter().map(|tensor| tensor.bytes()).sum();
        assert_eq!(Some(bytes), expected["bytes"].as_u64(), "{name}");
        for (class, counts) in expected["mix"].as_object().expect("classes") {
            let mut found: BTreeMap<&str, u64> = BTreeMap::new();
            for tensor in &stored {
                let name = tensor.shaped.name.trim_end_matches(".weight");
                let own = name.rsplit('.').next().unwrap_or(name);
                if own == class && tensor.shaped.name.ends_with(".weight") {
                    *found.entry(tensor.kind.name()).or_default() += 1;
                }
            }
            for (kind, count) in counts.as_object().expect("counts") {
                let got = found.get(kind.as_str()).copied();
                assert_eq!(got, count.as_u64(), "{name} {class} {kind}");
            }
        }
    }
}
