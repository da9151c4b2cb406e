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
pub mod mix;
#[cfg(test)]
mod mix_test;
mod net;
pub mod placement;
pub mod reading;
pub mod run;
mod traits;

pub(crate) use self::net::Place;

use self::decoder::Decoder;
use self::run::Run;

/// The tensor with a row for each token.
pub(crate) const EMBEDDING: &str = "token_embd.weight";

/// Tensors on the CPU start at multiples of this many bytes.
const CPU_ALIGNMENT: u64 = 32;
/// Tensors of mobile GPUs' buffers start at multiples of this many bytes.
const DEVICE_ALIGNMENT: u64 = 128;

/// Bytes of the compute buffer that llama.cpp logs for `decoder` under `run`.
pub(crate) fn compute_bytes(decoder: &Decoder, run: &Run, place: Place) -> u64 {
    let alignment = match place {
        Place::Cpu | Place::Host => CPU_ALIGNMENT,
        Place::Device => DEVICE_ALIGNMENT,
    };
    allocator::reserve(&net::graph(decoder, run, place), alignment)
}
