//! How long one estimate takes, and the fit of all constants. Run: `cargo bench --bench estimate`.

use edgeplan::catalog;
use edgeplan::catalog::types::{ArtifactIx, Catalog};
use edgeplan::estimate::types::{Load, Phone, Stack};
use edgeplan::estimate::{default_settings, estimate, fit};
use edgeplan::quantity::Tokens;

fn main() {
    divan::main();
}

/// Qwen3 4B Q4_K_M by llama.cpp on the CPU of a Galaxy S23.
fn stack(catalog: &Catalog) -> Option<(Stack, Phone)> {
    let (model, _) = catalog.model("qwen3-4b")?;
    let (runtime, _) = catalog.runtime("llama.cpp")?;
    let (backend, _) = catalog.backend("cpu")?;
    let (device, record) = catalog.device("galaxy-s23")?;
    let at = catalog
        .artifacts
        .iter()
        .position(|artifact| artifact.id == "qwen3-4b/gguf/q4_k_m")?;
    let phone = Phone {
        platform: record.platform,
        ram_gib: 8,
        soc: record.soc,
        device: Some(device),
    };
    let context = Tokens::new(4096);
    let settings = default_settings(catalog, model, runtime, backend, &phone, context);
    let stack = Stack {
        model,
        artifact: ArtifactIx(u32::try_from(at).ok()?),
        runtime,
        backend,
        settings,
    };
    Some((stack, phone))
}

#[divan::bench]
fn one_stack(bencher: divan::Bencher<'_, '_>) {
    let catalog = catalog::builtin();
    let Some((stack, phone)) = stack(catalog) else {
        return;
    };
    let load = Load {
        prompt: Tokens::new(1024),
        generate: Tokens::new(256),
    };
    bencher.bench(|| estimate(catalog, divan::black_box(&stack), &phone, &load));
}

#[divan::bench(sample_count = 5)]
fn all_constants() -> usize {
    let table = include_str!("../catalog/calibration/measurements.csv");
    fit::fit(catalog::builtin(), table).len()
}
