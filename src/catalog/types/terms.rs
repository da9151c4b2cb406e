//! Terms that others refer to: sources, licences, formats, quantizations.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Bilingual, LicenseIx, Origin, QuantIx, SourceIx, Sourced};

/// How good a source is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// The maker of the thing says so.
    Primary,
    /// Somebody measured it and published how.
    Measured,
    /// Follows by arithmetic from figures that have sources.
    Derived,
    /// Reported by somebody else.
    Secondary,
}

/// A place a figure was read in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Short key.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Where, if it has an address.
    pub url: Option<String>,
    /// When it was written or seen, as far as known.
    pub date: Option<String>,
    /// How good.
    pub kind: SourceKind,
}

/// Whether a licence lets a commercial app ship the weights or code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Commercial {
    /// Yes.
    Yes,
    /// Under the stated conditions.
    Conditional,
    /// No.
    No,
    /// The terms were not seen.
    Unknown,
}

/// A licence and the limits that matter for an app.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct License {
    /// Key used in specs.
    pub id: String,
    /// Full name.
    pub name: String,
    /// SPDX expression, if there is one.
    pub spdx: Option<String>,
    /// Use in a commercial app.
    pub commercial: Commercial,
    /// Above this many monthly active users another licence is needed.
    pub max_monthly_users: Option<u64>,
    /// Above this yearly revenue (US dollars) another licence is needed.
    pub max_revenue_usd: Option<u64>,
    /// ISO codes of regions it does not extend to (`EU` included).
    pub excluded_regions: Vec<String>,
    /// Copyleft: the app's own code would fall under it.
    pub copyleft: bool,
    /// Whether downloads need a signed-in account that accepted the terms.
    pub gated: bool,
    /// The limits in words.
    pub limits: Option<Bilingual>,
    /// Who says so.
    pub sources: Vec<SourceIx>,
    /// Where it stands.
    pub at: Origin,
}

/// A file format a runtime loads.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// llama.cpp.
    Gguf,
    /// whisper.cpp.
    Ggml,
    /// MLX safetensors.
    Mlx,
    /// ExecuTorch.
    Pte,
    /// LiteRT-LM.
    Litertlm,
    /// MediaPipe LLM Inference.
    Task,
    /// MNN.
    Mnn,
    /// MLC compiled weights.
    Mlc,
    /// ONNX.
    Onnx,
    /// Core ML.
    Coreml,
    /// Qualcomm Genie context binary.
    Genie,
    /// Plain safetensors (AWQ, GPTQ checkpoints): an input of converters, loaded by no phone runtime.
    Safetensors,
    /// The operating system owns the model.
    System,
}

impl Format {
    /// As written in catalog files and artifact ids.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Gguf => "gguf",
            Self::Ggml => "ggml",
            Self::Mlx => "mlx",
            Self::Pte => "pte",
            Self::Litertlm => "litertlm",
            Self::Task => "task",
            Self::Mnn => "mnn",
            Self::Mlc => "mlc",
            Self::Onnx => "onnx",
            Self::Coreml => "coreml",
            Self::Genie => "genie",
            Self::Safetensors => "safetensors",
            Self::System => "system",
        }
    }
}

/// The families that behave alike in kernels: the unit of speed calibration and backend support.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum QuantFamily {
    /// f32, f16, bf16.
    Float,
    /// Q4_0, Q4_1, Q5_0, Q5_1, IQ4_NL.
    Legacy4,
    /// Q8_0.
    Int8,
    /// Q4_K, Q5_K, Q6_K mixes.
    KQuant,
    /// Q2_K, Q3_K and IQ types below four bits.
    SubFour,
    /// IQ4_XS.
    Iq4,
    /// MXFP4.
    Mxfp4,
    /// Group-wise 4-bit of MLX, MLC, MNN, LiteRT, ExecuTorch, QNN.
    Group4,
    /// Ternary.
    Ternary,
    /// Owned by the system.
    System,
}

impl QuantFamily {
    /// As written in catalog files.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Float => "float",
            Self::Legacy4 => "legacy4",
            Self::Int8 => "int8",
            Self::KQuant => "k-quant",
            Self::SubFour => "sub-four",
            Self::Iq4 => "iq4",
            Self::Mxfp4 => "mxfp4",
            Self::Group4 => "group4",
            Self::Ternary => "ternary",
            Self::System => "system",
        }
    }
}

/// A way to store weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quantization {
    /// Key used in specs: `q4_k_m`, `mlx-4bit`, `spinquant`, ...
    pub id: String,
    /// As people write it: `Q4_K_M`.
    pub name: String,
    /// Kernel family.
    pub family: QuantFamily,
    /// The quantization whose block type most of its weights have: the same kernels read them, so what was measured of one
    /// holds for both. `None` where it stands for itself.
    pub kernels_of: Option<QuantIx>,
    /// Formats it comes in.
    pub formats: Vec<Format>,
    /// Nominal bits per weight of a large model, for display and quality order; files know better.
    pub bits: Sourced<f64>,
    /// KL divergence to the f16 model on WikiText-2 (nats), 0 for floats; `None` where nobody published it.
    pub kld: Option<Sourced<f64>>,
    /// Weights were trained for it (QAT, SpinQuant).
    pub trained: bool,
    /// What it is, in a sentence.
    pub summary: Bilingual,
    /// Where it stands.
    pub at: Origin,
}

/// Licences that a spec may name with one word: `llama-community`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LicenseGroup {
    /// Key used in specs.
    pub id: String,
    /// Its members, ascending.
    pub members: Vec<LicenseIx>,
    /// Where it stands.
    pub at: Origin,
}
