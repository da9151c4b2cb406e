//! How the model that writes is run, and the memory this takes: the same replay of llama.cpp's allocations that plans use.

use crate::estimate::llama::EMBEDDING;
use crate::estimate::llama::placement::Processor;
use crate::estimate::llama::run::Run;
use crate::estimate::overhead;
use crate::gguf::Header;
use crate::inspect::{Backend, Setting, inspect};

/// Context of a sequence in tokens: room for the longest prompt and its answer.
pub const CONTEXT: u32 = 4096;

/// Paragraphs written at once, each in a sequence of its own.
pub const SEQUENCES: u32 = 4;

/// Tokens a sequence tries in a step: the next one and what is guessed to follow. A multiple of four: see `abreast`.
pub const STEP: usize = 4;

/// Tokens read at once. Another number would give other words.
pub const BATCH: u32 = 256;

/// The settings the writer runs under, on this machine's kind of CPU.
#[must_use]
pub fn setting() -> Setting {
    Setting {
        run: Run {
            context: u64::from(CONTEXT * SEQUENCES),
            sequences: u64::from(SEQUENCES),
            batch: u64::from(BATCH),
            ubatch: u64::from(BATCH),
            // More logits are reserved, but only those of a step are ever touched.
            outputs: Some(u64::from(SEQUENCES) * STEP as u64),
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

/// Peak of a model file while it writes, in bytes: llama.cpp's buffers, and the tables of its vocabulary, which its log leaves
/// out. `None` where the file's architecture is not replayed.
#[must_use]
pub fn peak(header: &Header) -> Option<u64> {
    let [_, vocabulary, ..] = header.tensor(EMBEDDING)?.shaped.axes;
    let vocabulary = u32::try_from(vocabulary).ok()?;
    Some(inspect(header, setting()).total()? + overhead(vocabulary).likely.get())
}
