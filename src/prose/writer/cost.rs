//! How the model that writes is run, and the memory this takes: the same replay of llama.cpp's allocations that plans use.

use crate::estimate::llama::placement::Processor;
use crate::estimate::llama::run::Run;
use crate::gguf::Header;
use crate::inspect::{Backend, Setting, inspect};

/// Context in tokens: room for the longest prompt and its answer.
pub const CONTEXT: u32 = 4096;

/// Tokens read at once. Another number would give other words.
pub const BATCH: u32 = 256;

/// The settings the writer runs under, on this machine's kind of CPU.
#[must_use]
pub fn setting() -> Setting {
    Setting {
        run: Run {
            context: u64::from(CONTEXT),
            batch: u64::from(BATCH),
            ubatch: u64::from(BATCH),
            // More logits are reserved, but only the last token's are ever touched.
            outputs: Some(1),
            ..Run::default()
        },
        backend: Backend::Cpu,
        processor: if cfg!(target_arch = "aarch64") {
            Processor::Arm
        } else {
            Processor::Avx2
        },
        repack: true,
        mmap: true,
    }
}

/// Peak of a model file while it writes, in bytes; `None` where the file's architecture is not replayed.
#[must_use]
pub fn peak(header: &Header) -> Option<u64> {
    inspect(header, setting()).total()
}
