//! Compute buffers that are replayed before anybody asks: the decoders of the built-in catalog under usual settings.
//! The build script fills the table; nothing here reads it.

use super::compute_bytes;
use super::decoder::Decoder;
use super::net::Place;
use super::run::Run;
use crate::gguf::Kind;

/// By model, the compute buffers in the order of `settings`; empty for models that are not replayed, or whose graph an
/// earlier model has.
pub type Ahead = Vec<Vec<u64>>;

/// Contexts that specs ask for or get by default.
const CONTEXTS: [u64; 4] = [2048, 4096, 8192, 16_384];

/// Storage of the cache: a runtime's own, and the smaller one that is weighed beside it.
const CACHES: [Kind; 2] = [Kind::F16, Kind::Q8_0];

/// Batches of [`crate::estimate::default_settings`].
const BATCHES: [u64; 2] = [512, 256];

/// The settings that are replayed ahead: on the CPU and on GPUs that share its mapping with flash attention and the logits
/// of one token, on GPUs with memory of their own without it and with the logits of a batch.
pub(crate) fn settings() -> impl Iterator<Item = (Run, Place)> {
    let runs = CONTEXTS.into_iter().flat_map(|context| {
        let caches = CACHES.into_iter();
        caches.flat_map(move |kind| {
            BATCHES.into_iter().map(move |ubatch| Run {
                context,
                ubatch,
                keys: kind,
                values: kind,
                ..Run::default()
            })
        })
    });
    runs.flat_map(|run| {
        let touched = Run {
            outputs: Some(1),
            flash: true,
            ..run
        };
        let reserved = Run {
            outputs: Some(run.ubatch),
            flash: false,
            ..run
        };
        [(touched, Place::Cpu), (reserved, Place::Device)]
    })
}

/// The buffers of a decoder, bytes, in the order of `settings`.
#[must_use]
pub fn replay(decoder: &Decoder) -> Vec<u64> {
    let settings = settings();
    settings
        .map(|(run, place)| compute_bytes(decoder, &run, place))
        .collect()
}
