//! The settings of a llama.cpp context that decide about memory. Allocates nothing.

use crate::gguf::Kind;

/// Cells are allocated in pages of this many.
pub const PAGE: u64 = 256;

/// Settings of a context, as its API takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Run {
    /// Tokens of context over all sequences (`n_ctx`).
    pub context: u64,
    /// Tokens of a logical batch (`n_batch`).
    pub batch: u64,
    /// Tokens of a physical batch (`n_ubatch`).
    pub ubatch: u64,
    /// Tokens of a batch that may ask for logits (`n_outputs_max`); `None`: the whole batch.
    pub outputs: Option<u64>,
    /// Sequences (`n_seq_max`).
    pub sequences: u64,
    /// All sequences share one cache (`kv_unified`).
    pub unified: bool,
    /// Storage of keys.
    pub keys: Kind,
    /// Storage of values.
    pub values: Kind,
    /// Flash attention.
    pub flash: bool,
    /// Windowed layers keep the whole context (`swa_full`).
    pub full_windows: bool,
}

impl Default for Run {
    /// What llama.cpp's command line tools set: 4,096 cells, batches of 2,048 and 512, flash attention, windows.
    fn default() -> Self {
        Self {
            context: 4096,
            batch: 2048,
            ubatch: 512,
            outputs: None,
            sequences: 1,
            unified: false,
            keys: Kind::F16,
            values: Kind::F16,
            flash: true,
            full_windows: false,
        }
    }
}

impl Run {
    const fn padded_context(&self) -> u64 {
        self.context.saturating_add(PAGE - 1) / PAGE * PAGE
    }

    /// The same with the context that is allocated: whole pages for each sequence.
    #[must_use]
    pub const fn with_whole_pages(&self) -> Self {
        Self {
            context: self.cells().saturating_mul(self.streams()),
            ..*self
        }
    }

    /// Tokens of a physical batch as it runs: no more than the batch, no more than the context as it was asked for.
    #[must_use]
    pub fn tokens(&self) -> u64 {
        let batch = self.batch.min(self.context);
        let ubatch = if self.ubatch == 0 { batch } else { self.ubatch };
        ubatch.min(batch).max(1)
    }

    /// Tokens of the graph that memory is reserved for: whole rows of sequences.
    #[must_use]
    pub fn graph_tokens(&self) -> u64 {
        self.tokens()
            .min(self.padded_context())
            .next_multiple_of(self.sequences.max(1))
    }

    /// Tokens of the graph that get logits.
    #[must_use]
    pub fn graph_outputs(&self) -> u64 {
        let batch = self.batch.min(self.context).max(1);
        self.outputs.unwrap_or(batch).min(self.tokens()).max(1)
    }

    /// Separate caches.
    #[must_use]
    pub const fn streams(&self) -> u64 {
        if self.unified || self.sequences == 0 {
            1
        } else {
            self.sequences
        }
    }

    /// Cells of a full layer in each stream.
    #[must_use]
    pub const fn cells(&self) -> u64 {
        let cells = self.padded_context() / self.streams();
        cells.saturating_add(PAGE - 1) / PAGE * PAGE
    }

    /// Cells of a windowed layer in each stream: the window of every sequence that shares the stream and one batch,
    /// whole pages, never more than a full layer has.
    #[must_use]
    pub fn window_cells(&self, window: u64) -> u64 {
        if self.full_windows {
            return self.cells();
        }
        let sharing = if self.unified {
            self.sequences.max(1)
        } else {
            1
        };
        let kept = window.saturating_mul(sharing).saturating_add(self.tokens());
        kept.min(self.cells()).div_ceil(PAGE).saturating_mul(PAGE)
    }
}
