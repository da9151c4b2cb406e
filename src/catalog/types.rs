//! What the compiler knows of the world, resolved and typed.
//!
//! Built by `load` from YAML records (`record`), with every name resolved and every figure sourced;
//! nothing here parses, judges or does IO. Vectors are sorted by id, so positions are stable.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::quantity::{Bytes, BytesPerSecond, Params, Tokens};

/// Declares a typed index into one of the catalog's vectors.
macro_rules! index {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// As an index.
            #[must_use]
            pub const fn at(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

index!(
    /// Of [`Catalog::sources`].
    SourceIx,
    /// Of [`Catalog::licenses`].
    LicenseIx,
    /// Of [`Catalog::quantizations`].
    QuantIx,
    /// Of [`Catalog::backends`].
    BackendIx,
    /// Of [`Catalog::runtimes`].
    RuntimeIx,
    /// Of [`Catalog::platforms`].
    PlatformIx,
    /// Of [`Catalog::socs`].
    SocIx,
    /// Of [`Catalog::devices`].
    DeviceIx,
    /// Of [`Catalog::models`].
    ModelIx,
    /// Of [`Catalog::artifacts`].
    ArtifactIx,
);

/// Where a record or figure stands: bytes `start..end` of file number `file` of [`Catalog::files`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Index into [`Catalog::files`].
    pub file: u16,
    /// First byte.
    pub start: u32,
    /// One past the last.
    pub end: u32,
}

/// A figure with where it comes from and where it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sourced<T> {
    /// The figure.
    pub value: T,
    /// Who says so; never empty.
    pub sources: Vec<SourceIx>,
    /// The line that says it.
    pub at: Origin,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilingual {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

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

/// A way to store weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quantization {
    /// Key used in specs: `q4_k_m`, `mlx-4bit`, `spinquant`, ...
    pub id: String,
    /// As people write it: `Q4_K_M`.
    pub name: String,
    /// Kernel family.
    pub family: QuantFamily,
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

/// What computes.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum BackendKind {
    /// Arm cores.
    Cpu,
    /// Graphics processor.
    Gpu,
    /// Neural processor.
    Npu,
    /// The operating system decides.
    System,
}

/// How weights count against the process while they are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WeightResidency {
    /// Mapped read-only from the file: clean pages, not charged to the process.
    MappedClean,
    /// Read or repacked into memory of the process: charged in full.
    Anonymous,
    /// Copied into GPU buffers of the process: charged in full where memory is unified.
    GpuCopied,
    /// Held by a system service: not charged to the app.
    SystemOwned,
}

/// A backend of one or more runtimes: `cpu`, `metal`, `opencl-adreno`, `vulkan`, `hexagon`, `ane`, ...
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Backend {
    /// Key used in specs.
    pub id: String,
    /// As people write it.
    pub name: String,
    /// What computes.
    pub kind: BackendKind,
    /// Platform ids it exists on.
    pub platforms: Vec<PlatformIx>,
    /// SoC vendors it needs; empty for any.
    pub soc_vendors: Vec<String>,
    /// GPU name prefixes it needs (`Adreno 7`, `Adreno 8`); empty for any.
    pub gpus: Vec<String>,
    /// The largest single allocation, where it is limited.
    pub max_allocation: Option<Sourced<Bytes>>,
    /// Whether work may go on while the app is in the background.
    pub runs_in_background: bool,
    /// Who says so.
    pub sources: Vec<SourceIx>,
    /// Where it stands.
    pub at: Origin,
}

/// A runtime's use of one backend on one platform.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuntimeBackend {
    /// Which backend.
    pub backend: BackendIx,
    /// On which platform.
    pub platform: PlatformIx,
    /// Quantizations that run on it at all; empty for all the runtime has.
    pub quantizations: Vec<QuantIx>,
    /// Those with fast kernels; the others fall back or crawl. Empty when all alike.
    pub fast_quantizations: Vec<QuantIx>,
    /// How the weights are charged.
    pub residency: WeightResidency,
    /// Quantization families whose weights are copied out of the mapping (CPU repack).
    pub repacks: Vec<QuantFamily>,
    /// KV cache types that work, first is the default: `f16`, `q8_0`, `q4_0`, `int8`.
    pub kv_types: Vec<String>,
    /// Usable in an app today, or for experiments.
    pub experimental: bool,
    /// Who says so.
    pub sources: Vec<SourceIx>,
    /// Where it stands.
    pub at: Origin,
}

/// How a dependency is named to a build system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dependency {
    /// Which app toolkit it serves: `native`, `flutter`, `react-native`, `kmp`, `unity`, `maui`.
    pub ui: String,
    /// Platform it is for; `None` for all.
    pub platform: Option<PlatformIx>,
    /// `swiftpm`, `gradle`, `pub`, `npm`, `cmake`, `manifest`, `system`, ...
    pub kind: String,
    /// The coordinate as it is pasted.
    pub coordinate: String,
    /// Version, where it is apart.
    pub version: Option<String>,
    /// CMake options, products and the like.
    pub options: Vec<String>,
    /// Who says so.
    pub sources: Vec<SourceIx>,
}

/// The lowest OS a runtime runs on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OsFloor {
    /// Platform.
    pub platform: PlatformIx,
    /// Version as the platform counts it for users: iOS 17 -> 17, Android 13 -> 13.
    pub version: f64,
    /// Who says so and where.
    pub sources: Vec<SourceIx>,
    /// Where it stands.
    pub at: Origin,
}

/// A library that runs models.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Runtime {
    /// Key used in specs: `llama.cpp`, `mlx-swift`, ...
    pub id: String,
    /// As people write it.
    pub name: String,
    /// Other spellings accepted in specs.
    pub aliases: Vec<String>,
    /// The newest version seen.
    pub version: Option<String>,
    /// When that was.
    pub version_date: Option<String>,
    /// Its licence.
    pub license: Option<LicenseIx>,
    /// For a binding (llama.rn, flutter_gemma): the engine whose behaviour it has.
    pub engine: Option<RuntimeIx>,
    /// Deprecated by its makers.
    pub deprecated: bool,
    /// Platforms and lowest OS versions; a platform that is absent is not supported.
    pub floors: Vec<OsFloor>,
    /// Formats it loads.
    pub formats: Vec<Format>,
    /// Roles it can fill.
    pub roles: Vec<Role>,
    /// Architecture families it runs; empty for any it has the format of.
    pub families: Vec<String>,
    /// Its backends.
    pub backends: Vec<RuntimeBackend>,
    /// App toolkits with a maintained binding (`native` included).
    pub uis: Vec<String>,
    /// Coordinates to paste.
    pub dependencies: Vec<Dependency>,
    /// Abilities by name: `mmap`, `kv-quant`, `prefix-cache`, `state-save`, `speculative`, `structured-output`,
    /// `function-calling`, `lora`, `streaming`, `multimodal`. Each with the API or a note; absent is unknown.
    pub features: Vec<Feature>,
    /// Names whose documentation warns of limits, in both languages.
    pub limits: Vec<Bilingual>,
    /// Who says so.
    pub sources: Vec<SourceIx>,
    /// Where it stands.
    pub at: Origin,
}

/// One ability of a runtime.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Feature {
    /// Which.
    pub id: String,
    /// Known to be there or known to be missing.
    pub supported: bool,
    /// The API or a remark.
    pub note: Option<String>,
}

/// Memory an app may take on a class of phones, with and without the entitlement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemoryBudget {
    /// RAM class in GiB as phones are sold: 8 GB is 8.
    pub ram_gib: u32,
    /// What the process may be charged without any entitlement.
    pub base: Sourced<Bytes>,
    /// With the entitlement the platform offers, where that is known.
    pub entitled: Option<Sourced<Bytes>>,
    /// What the store counts as too much (Play vitals), where it has such a row.
    pub store_threshold: Option<Sourced<Bytes>>,
    /// Sources differ on it.
    pub contested: bool,
    /// Remark in both languages.
    pub note: Option<Bilingual>,
    /// Where it stands.
    pub at: Origin,
}

/// A named limit of a platform or its store: `app-size`, `cellular-download`, `asset-pack`, ...
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlatformLimit {
    /// Which.
    pub id: String,
    /// The figure, in bytes.
    pub bytes: Sourced<Bytes>,
    /// What it limits.
    pub summary: Bilingual,
}

/// An operating system that apps are shipped for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Platform {
    /// `ios`, `android`, `harmonyos`.
    pub id: String,
    /// As people write it.
    pub name: String,
    /// Lowest OS version assumed when the spec names none.
    pub default_os: f64,
    /// Newest OS version seen.
    pub latest_os: f64,
    /// RAM classes of phones, ascending, with their budgets.
    pub budgets: Vec<MemoryBudget>,
    /// The entitlement that raises the budget, if there is one.
    pub entitlements: Vec<String>,
    /// Footprint of an app before any model: charged in every plan.
    pub app_baseline: Sourced<Bytes>,
    /// Store and OS limits.
    pub limits: Vec<PlatformLimit>,
    /// Whether mapped clean pages are charged to the process.
    pub charges_clean_pages: bool,
    /// Who says so.
    pub sources: Vec<SourceIx>,
    /// Where it stands.
    pub at: Origin,
}

impl Platform {
    /// The limit of that name.
    #[must_use]
    pub fn limit(&self, id: &str) -> Option<&PlatformLimit> {
        self.limits.iter().find(|limit| limit.id == id)
    }
}

/// A chip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Soc {
    /// Key.
    pub id: String,
    /// As people write it.
    pub name: String,
    /// `Apple`, `Qualcomm`, ...
    pub vendor: String,
    /// Graphics processor.
    pub gpu: Option<String>,
    /// Neural processor.
    pub npu: Option<String>,
    /// Peak DRAM bandwidth.
    pub bandwidth: Option<Sourced<BytesPerSecond>>,
    /// `LPDDR5X`, ...
    pub memory_type: Option<String>,
    /// First sold, `YYYY` or `YYYY-MM`.
    pub released: Option<String>,
    /// Remark.
    pub note: Option<String>,
    /// Who says so.
    pub sources: Vec<SourceIx>,
    /// Where it stands.
    pub at: Origin,
}

/// Phone or tablet: their memory limits differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceKind {
    /// Phone.
    Phone,
    /// Tablet.
    Tablet,
}

/// A phone or tablet model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// Key.
    pub id: String,
    /// As sold; specs name it so, case and spacing aside.
    pub name: String,
    /// Maker.
    pub vendor: String,
    /// Phone or tablet.
    pub kind: DeviceKind,
    /// Its platform.
    pub platform: PlatformIx,
    /// Its chip, where one chip is known for all regions.
    pub soc: Option<SocIx>,
    /// RAM it is sold with, GiB, ascending; empty when not known.
    pub ram_gib: Vec<u32>,
    /// OS version it shipped with.
    pub os_shipped: Option<f64>,
    /// First sold.
    pub released: Option<String>,
    /// Apple Intelligence: `Some(true)` where the system model is there.
    pub apple_intelligence: Option<bool>,
    /// Gemini Nano generation (`nano-v3`, ...), where listed.
    pub gemini_nano: Option<String>,
    /// Who says so.
    pub sources: Vec<SourceIx>,
    /// Where it stands.
    pub at: Origin,
}

/// What a model does in a pipeline.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Speech to text.
    Asr,
    /// Text generation.
    Llm,
    /// Text to text in another language.
    Translate,
    /// Text to speech.
    Tts,
    /// Text to vector.
    Embed,
    /// Image and text to text.
    Vision,
    /// Image to text.
    Ocr,
}

impl Role {
    /// As written in specs and plans.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Asr => "asr",
            Self::Llm => "llm",
            Self::Translate => "translate",
            Self::Tts => "tts",
            Self::Embed => "embed",
            Self::Vision => "vision",
            Self::Ocr => "ocr",
        }
    }
}

/// How layers keep a cache.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attention {
    /// Every layer keeps the whole context.
    Full,
    /// Some layers keep only a window.
    Sliding {
        /// Tokens a local layer keeps.
        window: u64,
        /// Layers that keep the whole context and own a cache.
        global_layers: u32,
        /// Layers that keep the window and own a cache.
        local_layers: u32,
        /// KV heads of global layers, where they differ.
        global_kv_heads: Option<u32>,
        /// Head dimension of global layers, where it differs.
        global_head_dim: Option<u32>,
    },
    /// Some layers attend, the others carry a constant state.
    Hybrid {
        /// Layers with a KV cache.
        full_layers: u32,
        /// Elements of constant state over all other layers, where known.
        state_elements: Option<u64>,
    },
    /// Latent attention: one compressed vector per token and layer.
    Latent {
        /// Cached elements per token and layer.
        elements: u32,
    },
}

/// Mixture of experts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Moe {
    /// Experts per layer.
    pub experts: u32,
    /// Experts used per token.
    pub top_k: u32,
    /// Feed-forward size of one expert.
    pub expert_ffn: u32,
}

/// The shape of a decoder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Architecture {
    /// Blocks.
    pub layers: u32,
    /// Model width.
    pub hidden: u32,
    /// Feed-forward width.
    pub ffn: u32,
    /// Query heads.
    pub heads: u32,
    /// Key-value heads.
    pub kv_heads: u32,
    /// Width of one head.
    pub head_dim: u32,
    /// Vocabulary size.
    pub vocab: u32,
    /// Output matrix shared with the embedding, where known.
    pub tied: Option<bool>,
    /// How the cache grows.
    pub attention: Attention,
    /// Experts, if any.
    pub moe: Option<Moe>,
    /// Width of per-layer embeddings (Gemma 3n, 4), if any; their table has `vocab` rows per layer.
    pub per_layer_embedding: Option<u32>,
}

/// What a model can do, beyond its role.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Follows instructions in dialogue.
    Chat,
    /// Shortens texts.
    Summarization,
    /// Rephrases texts.
    Rewriting,
    /// Calls tools.
    FunctionCalling,
    /// Translates.
    Translation,
    /// Transcribes speech.
    Asr,
    /// Reads images.
    Vision,
    /// Thinks before answering: answers are long and slow.
    Reasoning,
    /// Reads text in images.
    Ocr,
    /// Makes vectors.
    Embedding,
    /// Speaks.
    Tts,
    /// Translates speech.
    SpeechTranslation,
}

/// The languages a model handles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Languages {
    /// ISO 639-1 codes, sorted, when the maker lists them; may be partial, see `complete`.
    pub listed: Vec<String>,
    /// Whether the list is all there is.
    pub complete: bool,
    /// How many the maker claims.
    pub count: Option<u32>,
    /// Who says so.
    pub sources: Vec<SourceIx>,
    /// Where it stands.
    pub at: Origin,
}

/// A published score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Benchmark name.
    pub benchmark: String,
    /// Value as published.
    pub value: f64,
    /// Shots, mode: only equal settings compare.
    pub setting: Option<String>,
    /// Who says so.
    pub sources: Vec<SourceIx>,
}

/// A model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Key used in specs.
    pub id: String,
    /// As people write it.
    pub name: String,
    /// Maker.
    pub vendor: String,
    /// Roles it can fill.
    pub roles: Vec<Role>,
    /// The operating system owns it (Apple Foundation Models, Gemini Nano).
    pub system: bool,
    /// Architecture family as runtimes name it: `qwen3`, `gemma3`, ...
    pub family: String,
    /// Its licence, where seen.
    pub license: Option<LicenseIx>,
    /// Hub repository of the original weights.
    pub repo: Option<String>,
    /// First published.
    pub released: Option<String>,
    /// All parameters.
    pub params: Option<Sourced<Params>>,
    /// Parameters used per token, where fewer (MoE, per-layer embeddings).
    pub active_params: Option<Sourced<Params>>,
    /// Its shape, where known.
    pub arch: Option<Sourced<Architecture>>,
    /// Longest context.
    pub context: Option<Sourced<Tokens>>,
    /// Languages.
    pub languages: Option<Languages>,
    /// Abilities.
    pub capabilities: Vec<Capability>,
    /// Speech: gives partial results while listening, where known.
    pub streaming: Option<bool>,
    /// Width of the vector it makes (embedding models).
    pub embedding_dim: Option<u32>,
    /// Scores.
    pub scores: Vec<Score>,
    /// The place in the quality order of its first role, higher is better, and what it rests on; `None` where no
    /// published score supports one. Ask [`Model::quality_in`].
    pub quality: Option<Quality>,
    /// The same for its other roles, as far as known.
    pub role_quality: Vec<(Role, Quality)>,
    /// Remark.
    pub note: Option<String>,
    /// Who says so.
    pub sources: Vec<SourceIx>,
    /// Where it stands.
    pub at: Origin,
}

impl Model {
    /// The place in the quality order of `role`, where one is known.
    #[must_use]
    pub fn quality_in(&self, role: Role) -> Option<&Quality> {
        if self.roles.first() == Some(&role) {
            return self.quality.as_ref();
        }
        self.role_quality
            .iter()
            .find(|(other, _)| *other == role)
            .map(|(_, quality)| quality)
    }
}

/// A place in the quality order of one role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// 0 to 100; only its order within a role is used.
    pub index: f64,
    /// The scores and the method it comes from, in words.
    pub basis: String,
}

/// A file (or bundle) of one model at one quantization, for one format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Artifact {
    /// `model/format/quant`, unique; a trailing `-2` tells twins apart.
    pub id: String,
    /// Whose weights.
    pub model: ModelIx,
    /// How stored.
    pub quant: QuantIx,
    /// In which container.
    pub format: Format,
    /// Size on disk and in the download, where known.
    pub bytes: Option<Sourced<Bytes>>,
    /// The size is to the byte; else rounded by its source or derived.
    pub exact: bool,
    /// For derived sizes: the formula in words.
    pub derivation: Option<String>,
    /// Extra files that must come along (vision projector), already in `bytes` when `true`.
    pub bundle: bool,
    /// Hub repository it is downloaded from.
    pub repo: Option<String>,
    /// File name inside the repository, where known.
    pub file: Option<String>,
    /// Only runs on these SoCs (context binaries); empty for any.
    pub socs: Vec<SocIx>,
    /// Where it stands.
    pub at: Origin,
}

/// A measured constant of the speed, load or energy model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// `decode-bandwidth-share`, `prefill-flops`, `load-fixed`, `energy-per-token`, `throttle`, ...
    pub metric: String,
    /// Runtime it holds for; `None` for all (engine ids, not bindings).
    pub runtime: Option<RuntimeIx>,
    /// Backend it holds for.
    pub backend: Option<BackendIx>,
    /// Quantization family it holds for.
    pub family: Option<QuantFamily>,
    /// SoC it was measured on; `None` for the pooled row.
    pub soc: Option<SocIx>,
    /// 5th percentile of the measurements.
    pub low: f64,
    /// Median.
    pub likely: f64,
    /// 95th percentile.
    pub high: f64,
    /// How many measurements.
    pub n: u32,
    /// Who measured.
    pub sources: Vec<SourceIx>,
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

/// Everything known, ids resolved, sorted by id.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    /// Names of the files it was read from; [`Origin::file`] points here.
    pub files: Vec<String>,
    /// Texts of the files that are not built in, by name; empty for the built-in catalog.
    #[serde(skip)]
    pub texts: BTreeMap<String, String>,
    /// Sources.
    pub sources: Vec<Source>,
    /// Licences.
    pub licenses: Vec<License>,
    /// Groups of licences.
    pub license_groups: Vec<LicenseGroup>,
    /// Quantizations.
    pub quantizations: Vec<Quantization>,
    /// Backends.
    pub backends: Vec<Backend>,
    /// Runtimes.
    pub runtimes: Vec<Runtime>,
    /// Platforms.
    pub platforms: Vec<Platform>,
    /// Chips.
    pub socs: Vec<Soc>,
    /// Phones and tablets.
    pub devices: Vec<Device>,
    /// Models.
    pub models: Vec<Model>,
    /// Files of weights.
    pub artifacts: Vec<Artifact>,
    /// Constants of the speed model.
    pub calibrations: Vec<Calibration>,
    /// SHA-256 (hex) over names and texts of all files in order: two catalogs with one digest are one catalog.
    pub digest: String,
}
