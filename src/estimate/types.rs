//! What an estimate is made from and what it says: pure data.

use serde::Serialize;

use crate::catalog::types::{
    ArtifactIx, BackendIx, DeviceIx, ModelIx, PlatformIx, RuntimeIx, SocIx, SourceIx,
};
use crate::quantity::{
    BatteryDrain, Bytes, Interval, JoulesPerToken, Seconds, Tokens, TokensPerSecond,
};

/// A phone an estimate is made for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Phone {
    /// Its platform.
    pub platform: PlatformIx,
    /// RAM class in GiB.
    pub ram_gib: u32,
    /// Its chip, where known.
    pub soc: Option<SocIx>,
    /// The device, for named devices and for the reference device of a class.
    pub device: Option<DeviceIx>,
}

/// Element type of the KV cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KvType {
    /// 2 bytes an element.
    F16,
    /// 34 bytes per block of 32.
    Q8_0,
    /// 18 bytes per block of 32.
    Q4_0,
    /// 1 byte an element (ExecuTorch, MNN).
    Int8,
}

impl KvType {
    /// As written in specs and settings.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::F16 => "f16",
            Self::Q8_0 => "q8_0",
            Self::Q4_0 => "q4_0",
            Self::Int8 => "int8",
        }
    }

    /// The type spelled so.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        [Self::F16, Self::Q8_0, Self::Q4_0, Self::Int8]
            .into_iter()
            .find(|kv| kv.id() == id)
    }

    /// Bytes per 32 elements.
    #[must_use]
    pub const fn bytes_per_32(self) -> u64 {
        match self {
            Self::F16 => 64,
            Self::Q8_0 => 34,
            Self::Q4_0 => 18,
            Self::Int8 => 32,
        }
    }
}

/// Run-time settings of a stack.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Settings {
    /// Context to allocate.
    pub context: Tokens,
    /// KV cache type.
    pub kv: KvType,
    /// Physical batch of the prefill.
    pub ubatch: u32,
    /// CPU threads.
    pub threads: u32,
    /// Map the file instead of reading it.
    pub mmap: bool,
    /// Flash attention.
    pub flash_attention: bool,
}

/// A stack to estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stack {
    /// The model.
    pub model: ModelIx,
    /// Its file.
    pub artifact: ArtifactIx,
    /// What runs it.
    pub runtime: RuntimeIx,
    /// On what.
    pub backend: BackendIx,
    /// How.
    pub settings: Settings,
}

/// What a request looks like: TTFT depends on `prompt`, latency on both.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// Tokens to prefill.
    pub prompt: Tokens,
    /// Tokens to generate.
    pub generate: Tokens,
}

/// One line of a derivation: what is computed, from what, by whom.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// Message key of what is computed (`step.kv_cache`, ...).
    pub what: &'static str,
    /// The arithmetic with its numbers and ids, the same in every language: `36 x 2 x 8 x 128 x 2 B x 4096`.
    /// Empty for a sum of the lines before.
    pub formula: String,
    /// The result with its unit.
    pub result: String,
    /// Where the inputs come from.
    pub sources: Vec<SourceIx>,
}

/// A figure with how it was reached, or the reason why it is not known.
#[derive(Debug, Clone, PartialEq)]
pub enum Figure<T> {
    /// Computed.
    Known {
        /// The value.
        value: Interval<T>,
        /// How, line by line; the last line is the value itself.
        steps: Vec<Step>,
    },
    /// A needed figure is not in the catalog: its message key (`unknown.soc_bandwidth`, ...) and whose it is.
    Unknown {
        /// Message key of the missing figure.
        missing: &'static str,
        /// The record that lacks it.
        of: String,
    },
    /// The figure has no meaning here (decode speed of an embedding model).
    NotApplicable,
}

impl<T: Copy + PartialOrd> Figure<T> {
    /// The interval, if known.
    #[must_use]
    pub fn value(&self) -> Option<Interval<T>> {
        match self {
            Self::Known { value, .. } => Some(*value),
            _ => None,
        }
    }

    /// The derivation; empty when not known.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        match self {
            Self::Known { steps, .. } => steps,
            _ => &[],
        }
    }
}

/// Everything predicted for one stack on one phone.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Bytes of weights in the file.
    pub weights: Figure<Bytes>,
    /// The part of the weights that is charged to the process.
    pub weights_charged: Figure<Bytes>,
    /// Clean, file-backed bytes: not charged, but they must fit in physical RAM to stay fast.
    pub mapped: Figure<Bytes>,
    /// KV cache and constant state.
    pub kv_cache: Figure<Bytes>,
    /// Compute, output and runtime buffers.
    pub compute: Figure<Bytes>,
    /// Charged peak of this stack alone, without the app's baseline: charged weights + KV + compute.
    pub peak: Figure<Bytes>,
    /// The largest single tensor, for allocation limits.
    pub largest_tensor: Figure<Bytes>,
    /// Bytes to download.
    pub download: Figure<Bytes>,
    /// Bytes on disk after unpacking and compile caches.
    pub storage: Figure<Bytes>,
    /// Process start to ready, first run excluded.
    pub cold_start: Figure<Seconds>,
    /// Prompt to first token, model loaded.
    pub ttft: Figure<Seconds>,
    /// Prefill speed.
    pub prefill: Figure<TokensPerSecond>,
    /// Decode speed at the context's half fill.
    pub decode: Figure<TokensPerSecond>,
    /// Prompt to last token.
    pub latency: Figure<Seconds>,
    /// Energy per generated token, whole phone.
    pub energy: Figure<JoulesPerToken>,
    /// Battery drain at 20 requests an hour.
    pub battery: Figure<BatteryDrain>,
}

impl Estimate {
    /// Every figure without meaning.
    pub(crate) const NOTHING: Self = Self {
        weights: Figure::NotApplicable,
        weights_charged: Figure::NotApplicable,
        mapped: Figure::NotApplicable,
        kv_cache: Figure::NotApplicable,
        compute: Figure::NotApplicable,
        peak: Figure::NotApplicable,
        largest_tensor: Figure::NotApplicable,
        download: Figure::NotApplicable,
        storage: Figure::NotApplicable,
        cold_start: Figure::NotApplicable,
        ttft: Figure::NotApplicable,
        prefill: Figure::NotApplicable,
        decode: Figure::NotApplicable,
        latency: Figure::NotApplicable,
        energy: Figure::NotApplicable,
        battery: Figure::NotApplicable,
    };
}
