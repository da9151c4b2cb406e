//! Settings a stack is planned with when nobody asks for others. Estimates nothing.

use super::case::backend_row;
use super::types::{KvType, Phone, Settings};
use crate::catalog::types::{
    BackendIx, BackendKind, Catalog, Model, ModelIx, RuntimeIx, WeightResidency,
};
use crate::quantity::Tokens;

/// Peak memory bandwidth from which a chip counts as a flagship with six big cores to spare (B/s).
const FLAGSHIP_BANDWIDTH: f64 = 75e9;
/// Vocabulary from which a phone's batch is halved: logits of a batch cost `vocab x ubatch x 4` bytes.
const LARGE_VOCABULARY: u32 = 128_000;

/// The settings for `model` run by `runtime` on `backend`, with `context` tokens allocated.
///
/// Threads follow the big cores (4, 6 on flagships), the batch is 512 on the CPU and 256 for large vocabularies,
/// the file is mapped where the weights stay clean or on the CPU side, flash attention is on where llama.cpp's
/// kernels for it are good (CPU, and GPUs that share the mapping), the KV type is the runtime's first.
#[must_use]
pub fn default_settings(
    catalog: &Catalog,
    model: ModelIx,
    runtime: RuntimeIx,
    backend: BackendIx,
    phone: &Phone,
    context: Tokens,
) -> Settings {
    let row = backend_row(catalog, runtime, backend, phone);
    let residency = row.map(|row| row.residency);
    let on_cpu = catalog.backends[backend.at()].kind == BackendKind::Cpu;
    Settings {
        context,
        kv: row
            .and_then(|row| row.kv_types.first())
            .and_then(|kv| KvType::parse(kv))
            .unwrap_or(KvType::F16),
        ubatch: batch(&catalog.models[model.at()], on_cpu),
        threads: threads(catalog, phone),
        mmap: matches!(
            residency,
            Some(WeightResidency::MappedClean | WeightResidency::GpuCopied)
        ),
        flash_attention: on_cpu || residency == Some(WeightResidency::MappedClean),
    }
}

fn batch(model: &Model, on_cpu: bool) -> u32 {
    let vocab = model.arch.as_ref().map_or(0, |arch| arch.value.vocab);
    if !on_cpu && vocab >= LARGE_VOCABULARY {
        256
    } else {
        512
    }
}

/// CPU threads on the phone: of all settings the only one that its chip changes.
#[must_use]
pub fn threads(catalog: &Catalog, phone: &Phone) -> u32 {
    let bandwidth = phone
        .soc
        .and_then(|soc| catalog.socs[soc.at()].bandwidth.as_ref())
        .map_or(0.0, |bandwidth| bandwidth.value.get());
    if bandwidth >= FLAGSHIP_BANDWIDTH {
        6
    } else {
        4
    }
}
