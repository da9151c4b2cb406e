//! A measurement as published: names as its source writes them. Judges nothing.

/// One row. Speeds in tokens per second, times in seconds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Measured {
    /// Row id, as given; the line number where there is none.
    pub id: String,
    /// Device.
    pub device: String,
    /// Chip.
    pub soc: String,
    /// Model.
    pub model: String,
    /// Billions of parameters.
    pub params_b: Option<f64>,
    /// Quantization.
    pub quant: String,
    /// Engine or app.
    pub runtime: String,
    /// Backend.
    pub backend: String,
    /// Tokens of the prompt.
    pub prompt: Option<f64>,
    /// Tokens generated.
    pub generated: Option<f64>,
    /// Tokens of context allocated.
    pub context: Option<f64>,
    /// Bytes of the weight file, where stated apart from the remarks.
    pub file_bytes: Option<f64>,
    /// Prefill speed.
    pub prefill: Option<f64>,
    /// Decode speed.
    pub decode: Option<f64>,
    /// Time to first token.
    pub ttft: Option<f64>,
    /// Load time.
    pub load: Option<f64>,
    /// Peak memory, in 10^6 bytes or MiB as `mem_kind` says.
    pub peak_mb: Option<f64>,
    /// What the peak counts.
    pub mem_kind: String,
    /// Remarks.
    pub notes: String,
}

impl Measured {
    /// What was measured of a quantity.
    #[must_use]
    pub fn seen(&self, quantity: Quantity) -> Option<f64> {
        match quantity {
            Quantity::Decode => self.decode,
            Quantity::Prefill => self.prefill,
            Quantity::Ttft => self.ttft,
            Quantity::Load => self.load,
            Quantity::PeakMemory => self.peak_mb,
        }
        .filter(|value| *value > 0.0)
    }
}

/// What is predicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Quantity {
    /// Tokens generated per second.
    Decode,
    /// Tokens of the prompt read per second.
    Prefill,
    /// Seconds from prompt to first token.
    Ttft,
    /// Seconds to load.
    Load,
    /// Memory at its peak.
    PeakMemory,
}

impl Quantity {
    /// All of them, in the order of the columns.
    pub const ALL: [Self; 5] = [
        Self::Decode,
        Self::Prefill,
        Self::Ttft,
        Self::Load,
        Self::PeakMemory,
    ];

    /// The column it is measured in.
    #[must_use]
    pub const fn column(self) -> &'static str {
        match self {
            Self::Decode => "decode_tok_s",
            Self::Prefill => "prefill_tok_s",
            Self::Ttft => "ttft_s",
            Self::Load => "load_s",
            Self::PeakMemory => "peak_mem_mb",
        }
    }
}
