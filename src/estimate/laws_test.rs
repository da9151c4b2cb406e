//! What must hold for every stack: order of ends, growth, sums.

use proptest::prelude::*;

use super::estimate;
use super::testing::{World, sourced, world};
use super::types::{Estimate, Figure, KvType};
use crate::catalog::types::{
    Architecture, Attention, BackendIx, BackendKind, Calibration, Metric, Moe, Origin, QuantFamily,
    QuantIx, WeightResidency,
};
use crate::quantity::{Bytes, Interval, Tokens, TokensPerSecond};

fn attention() -> impl Strategy<Value = Attention> {
    prop_oneof![
        Just(Attention::Full),
        (128_u64..4096, 1_u32..8, 1_u32..24).prop_map(|(window, global_layers, local_layers)| {
            Attention::Sliding {
                window,
                global_layers,
                local_layers,
                global_kv_heads: None,
                global_head_dim: Some(512),
            }
        }),
        (1_u32..8, prop::option::of(1_u64..1_000_000)).prop_map(|(full_layers, state_elements)| {
            Attention::Hybrid {
                full_layers,
                state_elements,
            }
        }),
        (64_u32..1024).prop_map(|elements| Attention::Latent { elements }),
    ]
}

prop_compose! {
    fn shape()(
        layers in 8_u32..64,
        hidden in 2_u32..32,
        ffn in 2_u32..64,
        kv_heads in 1_u32..9,
        groups in 1_u32..8,
        head_dim in prop_oneof![Just(64_u32), Just(128), Just(256)],
        vocab in 1000_u32..300_000,
        tied in prop::option::of(any::<bool>()),
        attention in attention(),
        moe in prop::option::of(Just(Moe { experts: 32, top_k: 4, expert_ffn: 512 })),
        per_layer_embedding in prop::option::of(Just(256_u32)),
    ) -> Architecture {
        Architecture {
            layers,
            hidden: hidden * 128,
            ffn: ffn * 128,
            heads: kv_heads * groups,
            kv_heads,
            head_dim,
            vocab,
            tied,
            attention,
            moe,
            per_layer_embedding,
        }
    }
}

prop_compose! {
    fn any_world()(
        shape in shape(),
        context in 256_u64..32_768,
        kv in prop_oneof![Just(KvType::F16), Just(KvType::Q8_0), Just(KvType::Q4_0)],
        bytes in 50_000_000_u64..8_000_000_000,
        exact in any::<bool>(),
        residency in prop_oneof![
            Just(WeightResidency::Anonymous),
            Just(WeightResidency::MappedClean),
            Just(WeightResidency::GpuCopied),
        ],
        repacks in any::<bool>(),
        gpu in any::<bool>(),
        prompt in 1_u64..4096,
    ) -> World {
        let mut world = world();
        world.catalog.models[0].arch = Some(sourced(shape));
        world.catalog.artifacts[0].bytes = Some(sourced(Bytes::new(bytes)));
        world.catalog.artifacts[0].exact = exact;
        if gpu {
            world.catalog.backends[0].kind = BackendKind::Gpu;
        }
        let row = &mut world.catalog.runtimes[0].backends[0];
        row.residency = residency;
        if repacks {
            row.repacks = vec![QuantFamily::KQuant];
        }
        world.stack.settings.context = Tokens::new(context);
        world.stack.settings.kv = kv;
        world.load.prompt = Tokens::new(prompt);
        world.catalog.calibrations = [Metric::DecodeFactor, Metric::PrefillFactor]
            .into_iter()
            .flat_map(|metric| [None, Some(world.stack.backend)].map(|it| calibration(metric, it)))
            .collect();
        world
    }
}

fn calibration(metric: Metric, backend: Option<BackendIx>) -> Calibration {
    Calibration {
        metric,
        runtime: None,
        backend,
        family: None,
        quant: None,
        model: None,
        soc: None,
        low: -0.9,
        likely: -0.7,
        high: -0.5,
        n: 9,
        sources: Vec::new(),
        at: Origin {
            file: 0,
            start: 0,
            end: 0,
        },
    }
}

fn of(world: &World) -> Estimate {
    estimate(&world.catalog, &world.stack, &world.phone, &world.load)
}

fn ordered<T: Copy + PartialOrd>(figure: &Figure<T>) -> bool {
    figure
        .value()
        .is_none_or(|value| value.low <= value.likely && value.likely <= value.high)
}

fn known<T: Copy + PartialOrd>(figure: &Figure<T>) -> Result<Interval<T>, TestCaseError> {
    figure
        .value()
        .ok_or_else(|| TestCaseError::fail("unknown figure"))
}

proptest! {
    #[test]
    fn ends_are_in_order(world in any_world()) {
        let estimate = of(&world);
        prop_assert!(ordered(&estimate.weights) && ordered(&estimate.weights_charged));
        prop_assert!(ordered(&estimate.mapped) && ordered(&estimate.kv_cache));
        prop_assert!(ordered(&estimate.compute) && ordered(&estimate.peak));
        prop_assert!(ordered(&estimate.largest_tensor) && ordered(&estimate.decode));
        prop_assert!(ordered(&estimate.prefill) && ordered(&estimate.ttft));
        prop_assert!(ordered(&estimate.latency));
    }

    #[test]
    fn the_peak_is_no_less_than_its_parts(world in any_world()) {
        let estimate = of(&world);
        let peak = known(&estimate.peak)?;
        for part in [&estimate.weights_charged, &estimate.kv_cache, &estimate.compute] {
            let part = known(part)?;
            prop_assert!(peak.low >= part.low && peak.high >= part.high);
        }
    }

    #[test]
    fn more_context_never_takes_less_memory(mut world in any_world(), more in 1_u64..8192) {
        let estimate = of(&world);
        let (cache, before) = (known(&estimate.kv_cache)?, known(&estimate.peak)?);
        // With other sizes the allocator may find tighter holes: the buffer alone may shrink a little.
        let holes = known(&estimate.compute)?.map(|bytes| Bytes::new(bytes.get() / 10));
        let context = world.stack.settings.context.get() + more;
        world.stack.settings.context = Tokens::new(context);
        let estimate = of(&world);
        prop_assert!(cache.low <= known(&estimate.kv_cache)?.low);
        let after = known(&estimate.peak)? + holes;
        prop_assert!(before.low <= after.low && before.high <= after.high);
    }

    #[test]
    fn quantized_caches_are_smaller(mut world in any_world()) {
        let mut sizes = Vec::new();
        for kv in [KvType::F16, KvType::Q8_0, KvType::Q4_0] {
            world.stack.settings.kv = kv;
            sizes.push(known(&of(&world).kv_cache)?.likely);
        }
        prop_assert!(sizes[0] > sizes[1] && sizes[1] > sizes[2]);
    }

    #[test]
    fn a_fuller_context_is_never_faster(mut world in any_world(), more in 2_u64..8192) {
        let before = known(&of(&world).decode)?.likely;
        let context = world.stack.settings.context.get() + more;
        world.stack.settings.context = Tokens::new(context);
        prop_assert!(known(&of(&world).decode)?.likely <= before);
    }

    #[test]
    fn charged_and_mapped_cover_the_file(world in any_world()) {
        let estimate = of(&world);
        let covered = known(&estimate.weights_charged)?.likely + known(&estimate.mapped)?.likely;
        prop_assert!(covered >= known(&estimate.weights)?.likely);
    }
}

/// Mixes of one block type run on the same kernels, whichever of them was measured: a smaller file decodes faster, and
/// both prefill alike.
#[test]
fn a_smaller_mix_of_one_block_type_is_never_slower() {
    let quantizations = &crate::catalog::builtin().quantizations;
    let mixes = quantizations.iter().enumerate();
    let mut pairs = 0;
    for (at, other) in mixes.filter_map(|(at, mix)| Some((at, mix.kernels_of?))) {
        let mut world = world();
        world.catalog.quantizations = quantizations.clone();
        let backend = world.stack.backend;
        for metric in [Metric::DecodeFactor, Metric::PrefillFactor] {
            let measured = Calibration {
                quant: Some(other),
                ..calibration(metric, Some(backend))
            };
            let rows = [
                calibration(metric, None),
                calibration(metric, Some(backend)),
                measured,
            ];
            world.catalog.calibrations.extend(rows);
        }
        let mut speeds = [QuantIx(at as u32), other].map(|quant| {
            let bits = quantizations[quant.at()].bits.value;
            let bytes = Bytes::new((bits * 125e6) as u64);
            world.catalog.artifacts[0].quant = quant;
            world.catalog.artifacts[0].bytes = Some(sourced(bytes));
            let estimate = of(&world);
            let likely = |figure: &Figure<TokensPerSecond>| figure.value().map(|it| it.likely);
            (bytes, likely(&estimate.decode), likely(&estimate.prefill))
        });
        speeds.sort_by_key(|it| it.0);
        let [small, large] = speeds;
        assert!(
            large.1.is_some() && small.1 >= large.1,
            "{}",
            quantizations[at].id
        );
        assert_eq!(small.2, large.2, "{}", quantizations[at].id);
        pairs += 1;
    }
    assert!(pairs >= 6);
}
