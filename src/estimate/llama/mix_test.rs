//! The mixes against what `llama_model_quantize` chose, tensor class by tensor class.

use std::collections::BTreeMap;

use serde_json::Value;

use super::held_out_test::{header, recorded};
use super::inventory::{self, Extras};
use super::mix::{self, Mix};
use super::{blueprint, reading};
use crate::catalog::types::{Architecture, Attention};
use crate::gguf::{Kind, Shaped, laid_out};

/// Counts of types by class of tensor, and bytes of all tensors, for each `model/mix`.
const CHOSEN: &str = include_str!("../testdata/quant_mix.json");

/// Types by class of tensor in the order of the blocks, for records of other tables and each mix. Classes that are wholly of
/// the mix's own type, or of floats of 32 bits, are left out.
const BY_BLOCK: &str = include_str!("../testdata/mixes.jsonl");

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
        let kinds = mix::kinds(&tensors, &inventory::facts(family, &decoder), mix);
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

#[test]
fn every_tensor_of_hybrids_gets_what_the_quantizer_gives_it() {
    let (mut records, mut mixes, mut wrong) = (0, 0, Vec::new());
    for line in BY_BLOCK.lines() {
        let chosen: Value = serde_json::from_str(line).expect("JSON");
        let name = chosen["record"].as_str().expect("a record");
        let header = header(&recorded(name));
        let architecture = header.text("general.architecture").expect("a name");
        let decoder = reading::decoder(&header).expect("a decoder");
        let facts = inventory::facts(architecture, &decoder);
        let shaped: Vec<Shaped> = header.tensors.iter().map(|it| it.shaped.clone()).collect();
        records += 1;
        for (quant, classes) in chosen["mixes"].as_object().expect("mixes") {
            let mix = Mix::from_id(quant).unwrap_or_else(|| panic!("{quant}"));
            let found = by_class(&shaped, &mix::kinds(&shaped, &facts, mix), mix.base());
            let expected: BTreeMap<String, String> =
                serde_json::from_value(classes.clone()).expect("classes");
            mixes += 1;
            if found != expected {
                wrong.push(format!(
                    "{name} {architecture} {quant}: {found:?} {expected:?}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((records, mixes), (37, 1110));
}

/// Types of each class of tensor as [`BY_BLOCK`] has them: `Q4_K*3 Q6_K`.
fn by_class(shaped: &[Shaped], kinds: &[Kind], base: Kind) -> BTreeMap<String, String> {
    let mut classes: BTreeMap<String, Vec<Kind>> = BTreeMap::new();
    for (tensor, &kind) in shaped.iter().zip(kinds) {
        let name = tensor.name.as_str();
        let class = match name.strip_prefix("blk.").and_then(|it| it.split_once('.')) {
            Some((_, class)) => class,
            None => name,
        };
        classes.entry(class.to_owned()).or_default().push(kind);
    }
    let plain = |kinds: &[Kind], kind| kinds.iter().all(|it| *it == kind);
    classes
        .into_iter()
        .filter(|(_, kinds)| !plain(kinds, base) && !plain(kinds, Kind::F32))
        .map(|(class, kinds)| {
            let runs = kinds.chunk_by(|a, b| a == b).map(|run| match run {
                [kind] => kind.to_string(),
                _ => format!("{}*{}", run[0], run.len()),
            });
            (class, runs.collect::<Vec<_>>().join(" "))
        })
        .collect()
}
