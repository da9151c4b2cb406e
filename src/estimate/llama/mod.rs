//! What llama.cpp allocates for a decoder under its settings, to the byte: weights, caches, state, compute buffers.
//!
//! The arithmetic replays ggml 0.26.0 (`llama-cpp-sys-2` 0.1.161): the graph is built in llama.cpp's order, and ggml's
//! allocator is run over it. Judges nothing, reads no file.

pub mod ahead;
mod allocator;
pub mod blueprint;
pub mod cache;
pub mod decoder;
mod fold;
mod graph;
#[cfg(test)]
mod held_out_test;
pub mod inventory;
mod kept;
pub mod mix;
#[cfg(test)]
mod mix_test;
mod net;
pub mod placement;
pub mod reading;
pub mod run;
#[cfg(test)]
mod sampled_test;
mod traits;

pub(crate) use self::net::Place;

use self::decoder::{Decoder, Reads};
use self::run::Run;

/// The tensor with a row for each token.
pub(crate) const EMBEDDING: &str = "token_embd.weight";

/// Tensors on the CPU start at multiples of this many bytes.
const CPU_ALIGNMENT: u64 = 32;
/// Tensors of mobile GPUs' buffers start at multiples of this many bytes.
const DEVICE_ALIGNMENT: u64 = 128;

/// Bytes of the buffer of results that llama.cpp logs: a row of logits for each sequence, and for encoders and T5 a vector.
pub(crate) fn output_bytes(decoder: &Decoder, run: &Run) -> u64 {
    let vector = if decoder.habits.encoder.is_some() || decoder.habits.cross.is_some() {
        decoder.width
    } else {
        0
    };
    decoder
        .vocab
        .saturating_add(vector)
        .saturating_mul(4)
        .saturating_mul(run.sequences.max(1))
}

/// Bytes of the compute buffer that llama.cpp logs for `decoder` under `run`.
pub(crate) fn compute_bytes(decoder: &Decoder, run: &Run, place: Place) -> u64 {
    let alignment = match place {
        Place::Cpu | Place::Host => CPU_ALIGNMENT,
        Place::Device => DEVICE_ALIGNMENT,
    };
    let run = match decoder.habits.reads {
        // Their batches are not cut to the context as it was asked for.
        Reads::Batch => &run.with_whole_pages(),
        Reads::Cache | Reads::BatchBesideCache => run,
    };
    let run = if decoder.habits.all_outputs {
        &Run {
            outputs: None,
            ..*run
        }
    } else {
        run
    };
    allocator::reserve(&net::graph(decoder, run, place), alignment)
}
