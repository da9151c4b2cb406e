//! Laws that the figures of the built-in catalog obey: sums, ratios, orders.

use super::builtin;
use super::types::{
    Architecture, Attention, Capability, Format, Model, QuantFamily, Role, SourceKind,
};

/// Parameters of a dense decoder of this shape: tables, attention, gated feed-forward, norms.
fn parameters(arch: &Architecture, tied: bool) -> u64 {
    let [layers, hidden, ffn, heads, kv, dim, vocab] = [
        arch.layers,
        arch.hidden,
        arch.ffn,
        arch.heads,
        arch.kv_heads,
        arch.head_dim,
        arch.vocab,
    ]
    .map(u64::from);
    let tables = vocab * hidden * if tied { 1 } else { 2 };
    let attention = 2 * hidden * heads * dim + 2 * hidden * kv * dim;
    tables + layers * (attention + 3 * hidden * ffn + 2 * hidden) + hidden
}

/// Shapes the plain sum describes: a known table, full attention in every layer, no experts, text only.
fn plain(model: &Model) -> Option<(u64, u64)> {
    let families = [
        "llama", "qwen2", "qwen3", "mistral", "phi3", "granite", "smollm3",
    ];
    let arch = &model.arch.as_ref()?.value;
    let total = model.params.as_ref()?.value.get();
    let dense = arch.attention == Attention::Full && arch.moe.is_none() && arch.ffn > 0;
    let known = families.contains(&model.family.as_str()) && model.roles.contains(&Role::Llm);
    (dense && known).then_some((parameters(arch, arch.tied?), total))
}

#[test]
fn dense_shapes_add_up_to_the_published_parameters() {
    let mut checked = 0;
    for model in &builtin().models {
        if let Some((sum, total)) = plain(model) {
            let error = (sum as f64 - total as f64).abs() / total as f64;
            assert!(
                error < 0.01,
                "{}: {sum} by its shape, {total} published",
                model.id
            );
            checked += 1;
        }
    }
    assert!(checked >= 30, "only {checked} shapes were checked");
}

#[test]
fn files_of_a_model_shrink_with_their_bits() {
    let catalog = builtin();
    let bits = |quant: crate::catalog::types::QuantIx| catalog.quantization_at(quant).bits.value;
    for (index, model) in catalog.models.iter().enumerate() {
        let of = crate::catalog::types::ModelIx(index as u32);
        let mut sizes: Vec<(f64, u64, &str)> = catalog
            .artifacts_of(of)
            .filter(|(_, file)| file.format == Format::Gguf && !file.bundle)
            .filter_map(|(_, file)| {
                Some((
                    bits(file.quant),
                    file.bytes.as_ref()?.value.get(),
                    file.id.as_str(),
                ))
            })
            .collect();
        sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
        for pair in sizes.windows(2) {
            if let [less, more] = pair
                && more.0 > less.0 * 1.2
            {
                assert!(
                    more.1 > less.1,
                    "{}: {} is larger than {}",
                    model.id,
                    less.2,
                    more.2
                );
            }
        }
    }
}

#[test]
fn gguf_files_have_the_bits_of_their_type() {
    let catalog = builtin();
    for file in catalog
        .artifacts
        .iter()
        .filter(|file| file.format == Format::Gguf && !file.bundle)
    {
        let model = catalog.model_at(file.model);
        let quant = catalog.quantization_at(file.quant);
        let (Some(bytes), Some(params)) = (&file.bytes, &model.params) else {
            continue;
        };
        // Totals that count a vision tower or a speech encoder are no measure of the language file, and rows that are
        // no multiple of 256 are stored in wider types.
        let sees = model.capabilities.contains(&Capability::Vision);
        let narrow = model
            .arch
            .as_ref()
            .is_some_and(|arch| !arch.value.hidden.is_multiple_of(256));
        if sees || narrow || model.roles.first() != Some(&Role::Llm) {
            continue;
        }
        let bits = bytes.value.as_f64() * 8.0 / params.value.get() as f64;
        // Small models keep large tables in wider types: up to twice the nominal bits.
        let (low, high) = match quant.family {
            // Some makers store a tied table twice.
            QuantFamily::Float | QuantFamily::Int8 => (0.95, 1.3),
            _ => (0.85, 2.1),
        };
        let ratio = bits / quant.bits.value;
        assert!(
            (low..=high).contains(&ratio),
            "{}: {bits:.2} bits, nominal {}",
            file.id,
            quant.bits.value
        );
    }
}

#[test]
fn entitlements_raise_budgets_and_budgets_rise_with_ram() {
    for platform in &builtin().platforms {
        for budget in &platform.budgets {
            if let Some(entitled) = &budget.entitled {
                assert!(
                    entitled.value >= budget.base.value,
                    "{} {} GB",
                    platform.id,
                    budget.ram_gib
                );
            }
        }
        for pair in platform.budgets.windows(2) {
            if let [less, more] = pair {
                assert!(
                    less.base.value <= more.base.value,
                    "{} {} GB",
                    platform.id,
                    more.ram_gib
                );
            }
        }
    }
}

#[test]
fn every_phone_of_a_budgeted_platform_falls_into_a_class() {
    let catalog = builtin();
    for device in &catalog.devices {
        let platform = catalog.platform_at(device.platform);
        let smallest = platform.budgets.first().map(|budget| budget.ram_gib);
        for ram in &device.ram_gib {
            assert!(
                smallest.is_none_or(|smallest| *ram >= smallest),
                "{} {ram} GB",
                device.id
            );
        }
    }
}

#[test]
fn an_exact_size_has_an_address() {
    let catalog = builtin();
    for file in catalog
        .artifacts
        .iter()
        .filter(|file| file.exact && file.format != Format::System)
    {
        let sources = file.bytes.iter().flat_map(|bytes| &bytes.sources);
        let derived = sources
            .map(|source| catalog.source_at(*source))
            .find(|source| source.kind == SourceKind::Derived);
        assert!(derived.is_none(), "{} is exact, but derived", file.id);
    }
}

#[test]
fn a_digest_is_of_one_file() {
    let catalog = builtin();
    let mut known = std::collections::BTreeMap::new();
    let digests = catalog.artifacts.iter().filter_map(|file| {
        let name = (file.repo.as_deref(), &file.file.as_ref()?.value);
        Some((file.sha256.as_ref()?.value, name))
    });
    for (digest, name) in digests {
        let first = *known.entry(digest).or_insert(name);
        assert_eq!(first, name, "two files of the digest {digest}");
    }
    assert!(known.len() >= 160, "{} files have a digest", known.len());
}

#[test]
fn the_order_of_language_models_is_sane() {
    let catalog = builtin();
    let index = |id: &str| {
        let model = catalog.model(id).map(|(_, model)| model);
        model
            .and_then(|model| model.quality.as_ref())
            .map(|quality| quality.index)
    };
    let order = [
        "qwen3-4b-instruct-2507",
        "llama-3.2-3b-instruct",
        "llama-3.2-1b-instruct",
        "qwen3-0.6b",
        "gemma-3-1b-it",
    ];
    for pair in order.windows(2) {
        assert!(
            index(pair[0]) > index(pair[1]),
            "{} above {}",
            pair[0],
            pair[1]
        );
    }
    assert_eq!(
        index("deepseek-r1-distill-qwen-7b"),
        None,
        "made to reason only"
    );
    assert!(
        index("whisper-small") > index("whisper-base")
            && index("whisper-base") > index("whisper-tiny")
    );
}
