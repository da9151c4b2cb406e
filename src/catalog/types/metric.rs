//! The measured constants the estimates know. Says nothing of how they are used.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which constant a calibration states. Calibration files spell it as [`Metric::id`].
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Metric {
    /// A factor of the share of the peak bandwidth that decoding reads, as its natural logarithm.
    DecodeFactor,
    /// Half of the interval of the logarithm that no factor explains.
    DecodeScatter,
    /// What the intervals of decoding are widened by, so that nine in ten rows left out of the fit lie inside.
    DecodeWidening,
    /// A factor of operations per byte of peak bandwidth while prefilling, as its natural logarithm.
    PrefillFactor,
    /// As `decode-scatter`.
    PrefillScatter,
    /// As `decode-widening`.
    PrefillWidening,
    /// Decode speed of a model the system owns, of which nothing else is known (tok/s).
    SystemDecode,
    /// Its prefill speed (tok/s).
    SystemPrefill,
    /// Time per token that depends on nothing: sampling, calls into a driver (s).
    TokenOverhead,
    /// Time per token and layer that does not depend on bytes: launches of kernels, synchronisation (s).
    LayerOverhead,
    /// The same for a layer with a recurrent state, which many backends hand back to the CPU (s).
    RecurrentOverhead,
    /// Time to first token that the prefill rate does not explain (s).
    CallOverhead,
    /// Tokens of a prompt that an engine takes in one pass: a shorter prompt is filled up, a longer one takes more passes.
    PrefillBatch,
    /// What matrix units in the cores of a GPU multiply the arithmetic rate with, where the engine uses them.
    MatrixSpeedup,
    /// Operations per second of a type's kernels, as a share of those of the 8-bit integers that others compute with.
    TypeThroughput,
    /// Bytes of the file made ready per second while loading (B/s).
    LoadRate,
    /// Load time that does not depend on the file: kernels, delegates, caches warm (s).
    LoadFixed,
    /// Power of the whole phone while generating without pause (W).
    Power,
    /// Speed of generating without pause, as a share of the speed of a cool phone.
    SustainedShare,
    /// Working memory as a share of the weights.
    WorkingMemoryShare,
    /// Working memory that does not depend on the weights (B).
    WorkingMemoryFixed,
    /// Operations per parameter to recognise one second of audio (FLOP).
    AsrWork,
    /// Operations per parameter to speak one sentence of about three seconds (FLOP).
    TtsWork,
    /// Energy a full battery holds (Wh).
    BatteryPack,
}

impl Metric {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 24] = [
        Self::DecodeFactor,
        Self::DecodeScatter,
        Self::DecodeWidening,
        Self::PrefillFactor,
        Self::PrefillScatter,
        Self::PrefillWidening,
        Self::SystemDecode,
        Self::SystemPrefill,
        Self::TokenOverhead,
        Self::LayerOverhead,
        Self::RecurrentOverhead,
        Self::CallOverhead,
        Self::PrefillBatch,
        Self::MatrixSpeedup,
        Self::TypeThroughput,
        Self::LoadRate,
        Self::LoadFixed,
        Self::Power,
        Self::SustainedShare,
        Self::WorkingMemoryShare,
        Self::WorkingMemoryFixed,
        Self::AsrWork,
        Self::TtsWork,
        Self::BatteryPack,
    ];

    /// As written in calibration files.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::DecodeFactor => "decode-factor",
            Self::DecodeScatter => "decode-scatter",
            Self::DecodeWidening => "decode-widening",
            Self::PrefillFactor => "prefill-factor",
            Self::PrefillScatter => "prefill-scatter",
            Self::PrefillWidening => "prefill-widening",
            Self::SystemDecode => "system-decode",
            Self::SystemPrefill => "system-prefill",
            Self::TokenOverhead => "token-overhead",
            Self::LayerOverhead => "layer-overhead",
            Self::RecurrentOverhead => "recurrent-overhead",
            Self::CallOverhead => "call-overhead",
            Self::PrefillBatch => "prefill-batch",
            Self::MatrixSpeedup => "matrix-speedup",
            Self::TypeThroughput => "type-throughput",
            Self::LoadRate => "load-rate",
            Self::LoadFixed => "load-fixed",
            Self::Power => "power",
            Self::SustainedShare => "sustained-share",
            Self::WorkingMemoryShare => "working-memory-share",
            Self::WorkingMemoryFixed => "working-memory-fixed",
            Self::AsrWork => "asr-work",
            Self::TtsWork => "tts-work",
            Self::BatteryPack => "battery-pack",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Metric;

    #[test]
    fn files_spell_a_metric_as_its_id() {
        for (at, metric) in Metric::ALL.into_iter().enumerate() {
            assert_eq!(metric as usize, at, "{metric:?}");
            let spelled = serde_json::to_value(metric).ok();
            assert_eq!(spelled, Some(metric.id().into()), "{metric:?}");
        }
    }
}
