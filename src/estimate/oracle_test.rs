//! The memory arithmetic against what llama.cpp allocated (`testdata/README.md`).

use std::collections::BTreeMap;

use super::calibration::Constants;
use super::llama::Place;
use super::testing::{World, sourced, world};
use super::types::KvType;
use super::{compute, kv};
use crate::catalog::types::{
    Architecture, Attention, BackendKind, Moe, QuantFamily, WeightResidency,
};
use crate::quantity::{Bytes, Tokens};

const ROWS: &str = include_str!("testdata/llamacpp_memory.csv");
const SHAPES: &str = include_str!("testdata/shapes.csv");

type Row = BTreeMap<String, String>;

fn table(text: &str) -> Vec<Row> {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    lines
        .map(|line| {
            names
                .iter()
                .zip(line.split(','))
                .map(|(name, cell)| ((*name).to_owned(), cell.to_owned()))
                .collect()
        })
        .collect()
}

fn number<T: std::str::FromStr + Default>(row: &Row, name: &str) -> T {
    row.get(name)
        .and_then(|cell| cell.parse().ok())
        .unwrap_or_default()
}

fn architecture(row: &Row) -> Architecture {
    let (window, state): (u64, u64) = (number(row, "window"), number(row, "state"));
    let full_layers = number(row, "full");
    let experts: u32 = number(row, "experts");
    let per_layer: u32 = number(row, "per_layer");
    let attention = if window > 0 {
        Attention::Sliding {
            window,
            global_layers: full_layers,
            local_layers: number(row, "local"),
            global_kv_heads: None,
            global_head_dim: None,
        }
    } else if state > 0 {
        Attention::Hybrid {
            full_layers,
            state_elements: Some(state),
        }
    } else {
        Attention::Full
    };
    Architecture {
        layers: number(row, "layers"),
        hidden: number(row, "hidden"),
        ffn: number(row, "ffn"),
        heads: number(row, "heads"),
        kv_heads: number(row, "kv_heads"),
        head_dim: number(row, "head_dim"),
        vocab: number(row, "vocab"),
        tied: Some(number::<u8>(row, "tied") == 1),
        attention,
        moe: (experts > 0).then(|| Moe {
            experts,
            top_k: number(row, "top_k"),
            expert_ffn: number(row, "expert_ffn"),
        }),
        per_layer_embedding: (per_layer > 0).then_some(per_layer),
    }
}

/// The stack of a measured row; `None` for rows with the whole context in windowed layers, which no app wants.
fn as_measured(row: &Row, shapes: &[Row]) -> Option<World> {
    let shape = shapes
        .iter()
        .find(|shape| shape.get("shape") == row.get("model_shape"))?;
    let windowed = number::<u64>(shape, "window") > 0;
    if windowed && number::<u8>(row, "swa_full") == 1 {
        return None;
    }
    let mut world = world();
    let model = &mut world.catalog.models[0];
    model.arch = Some(sourced(architecture(shape)));
    model.family = shape.get("family").cloned().unwrap_or_default();
    world.catalog.quantizations[0].id = row.get("quant").map(|q| q.to_lowercase())?;
    world.catalog.artifacts[0].bytes = Some(sourced(Bytes::new(number(row, "file_bytes"))));
    let settings = &mut world.stack.settings;
    settings.context = Tokens::new(number(row, "n_ctx"));
    settings.ubatch = number(row, "n_ubatch");
    settings.kv = KvType::parse(row.get("kv_type")?)?;
    settings.flash_attention = number::<u8>(row, "flash_attn") == 1;
    Some(world)
}

fn measured() -> Vec<(Row, World)> {
    let shapes = table(SHAPES);
    table(ROWS)
        .into_iter()
        .filter_map(|row| as_measured(&row, &shapes).map(|world| (row, world)))
        .collect()
}

#[test]
fn kv_cache_and_state_are_what_the_log_prints() {
    let rows = measured();
    assert!(rows.len() > 200, "{} rows", rows.len());
    for (row, world) in rows {
        let constants = Constants::new(&world.catalog);
        let case = world.case(&constants);
        let bytes = kv::kv_cache(&case)
            .value()
            .map(|value| value.likely.as_mib());
        let logged: f64 =
            number::<f64>(&row, "kv_buffer_mib") + number::<f64>(&row, "rs_buffer_mib");
        let off = (bytes.unwrap_or_default() - logged).abs();
        assert!(off < 0.011, "{bytes:?} MiB for {row:?}");
    }
}

#[test]
fn resident_memory_is_within_three_percent() {
    let mut judged = 0;
    for (row, world) in measured() {
        let whole_graph = row["prefill_tokens"] == row["n_ubatch"] && row["flash_attn"] == "1";
        let weights_once = number::<f64>(&row, "model_repack_mib") == 0.0 || row["mmap"] == "0";
        // The pages of an unused expert's activations stay untouched: the sum is an upper bound there.
        let experts = row["model_shape"].starts_with("mixtral");
        if !whole_graph || !weights_once || experts {
            continue;
        }
        let constants = Constants::new(&world.catalog);
        let case = world.case(&constants);
        let weights = super::weights::weights(&case).charged;
        let buffers = compute::compute(&case, weights.value());
        let peak = super::memory::peak(case.detail, &weights, &kv::kv_cache(&case), &buffers);
        let likely = peak.value().map(|value| value.likely.as_mib());
        let error = likely.unwrap_or_default() / number::<f64>(&row, "peak_rss_mib") - 1.0;
        assert!(error.abs() < 0.03, "{:+.1} % for {row:?}", error * 100.0);
        judged += 1;
    }
    assert!(judged >= 15, "{judged} rows");
}

/// A decoder by the figures that shape its buffers.
fn decoder(layers: u32, hidden: u32, ffn: u32, heads: u32, vocab: u32) -> Architecture {
    Architecture {
        layers,
        hidden,
        ffn,
        heads,
        kv_heads: 8,
        head_dim: 128,
        vocab,
        tied: Some(true),
        attention: Attention::Full,
        moe: None,
        per_layer_embedding: None,
    }
}

/// Compute buffers that llama.rn 0.12.0-rc.9 logged on Adreno at 2048 cells and ubatch 512
/// (a-ghorbani/pocketpal-ai, e2e/baselines/benchmark): shape, MiB.
#[test]
fn gpu_reserves_are_what_the_phone_logged() {
    let logged = [
        (decoder(28, 1536, 8960, 12, 151_936), 299.75),
        (decoder(26, 1152, 6912, 4, 262_144), 514.25),
        (decoder(28, 2048, 6144, 16, 151_936), 300.75),
        (decoder(32, 3072, 8192, 24, 200_064), 396.75),
    ];
    for (shape, mib) in logged {
        let mut world = world();
        world.stack.settings.context = Tokens::new(2048);
        world.stack.settings.flash_attention = false;
        world.catalog.models[0].family = "llama".into();
        world.catalog.models[0].arch = Some(sourced(shape));
        let constants = Constants::new(&world.catalog);
        let case = world.case(&constants);
        let buffer = constants.buffers.compute(&case, 512, Place::Device);
        let buffer = buffer.map_or(0.0, Bytes::as_mib);
        assert!((buffer - mib).abs() < 0.01, "{buffer} for {mib}");
    }
}

/// iPhone 13 Pro, Qwen3 1.7B Q4_K_M by llama.cpp on Metal at 2048 cells: the footprint grows by 313 MiB for a model of
/// 1.2 GiB (a-ghorbani/pocketpal-ai, e2e/baselines/memory).
#[test]
fn an_iphone_is_charged_for_cache_and_touched_buffers() {
    let mut world = world();
    world.catalog.models[0].arch = Some(sourced(decoder(28, 2048, 6144, 16, 151_936)));
    world.catalog.artifacts[0].bytes = Some(sourced(Bytes::mib(1222)));
    world.catalog.backends[0].kind = BackendKind::Gpu;
    world.catalog.runtimes[0].backends[0].residency = WeightResidency::MappedClean;
    world.stack.settings.context = Tokens::new(2048);
    let estimate = super::estimate(&world.catalog, &world.stack, &world.phone, &world.load);
    let peak = estimate.peak.value().map(|value| value.likely.as_mib());
    let error = peak.unwrap_or_default() / 313.0 - 1.0;
    assert!(error.abs() < 0.07, "{peak:?} MiB");
    assert_eq!(
        estimate.mapped.value().map(|it| it.likely),
        Some(Bytes::mib(1222))
    );
}

/// Gemma 3 1B Q4_0 without mmap on an Arm CPU: 681 MiB of file, 988 MiB loaded, for the tied matrix is repacked.
#[test]
fn a_repacked_tied_matrix_counts_twice() {
    let mut world = world();
    world.catalog.models[0].arch = Some(sourced(decoder(26, 1152, 6912, 4, 262_144)));
    world.catalog.quantizations[0].id = "q4_0".into();
    world.catalog.quantizations[0].family = QuantFamily::Legacy4;
    world.catalog.artifacts[0].bytes = Some(sourced(Bytes::mib(682)));
    world.catalog.runtimes[0].backends[0].repacks = vec![QuantFamily::Legacy4, QuantFamily::Int8];
    let estimate = super::estimate(&world.catalog, &world.stack, &world.phone, &world.load);
    let charged = estimate.weights_charged.value().map(|it| it.likely);
    assert_eq!(charged, Some(Bytes::mib(988)));
}

/// The worked example of `docs/concepts/memory.md` is what the arithmetic gives.
#[test]
fn the_worked_example_is_right() {
    const PAGE: &str = include_str!("../../docs/concepts/memory.md");
    let mut world = world();
    world.catalog.models[0].family = "qwen3".into();
    world.catalog.models[0].arch = Some(sourced(decoder(28, 2048, 6144, 16, 151_936)));
    world.catalog.artifacts[0].bytes = Some(sourced(Bytes::mib(1222)));
    world.catalog.backends[0].kind = BackendKind::Gpu;
    world.catalog.runtimes[0].backends[0].residency = WeightResidency::MappedClean;
    world.stack.settings.context = Tokens::new(2048);
    let constants = Constants::new(&world.catalog);
    let case = world.case(&constants);
    let mib = |bytes: Option<Bytes>| bytes.map_or(0.0, Bytes::as_mib);
    let cache = mib(kv::kv_cache(&case).value().map(|it| it.likely));
    let compute = mib(constants.buffers.compute(&case, 1, Place::Cpu));
    let estimate = super::estimate(&world.catalog, &world.stack, &world.phone, &world.load);
    let peak = mib(estimate.peak.value().map(|it| it.likely));
    for text in [
        format!("x 2,048 = {cache:.0} MiB"),
        format!("logits for one token = {compute:.0} MiB"),
        format!("Peak: {peak:.0} MiB charged, 1,222 MiB mapped"),
    ] {
        assert!(PAGE.contains(&text), "{text}");
    }
}
