//! What runs a model: backends and runtimes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    BackendIx, Bilingual, Format, LicenseIx, Origin, PlatformIx, QuantFamily, QuantIx, Role,
    RuntimeIx, SourceIx, Sourced,
};
use crate::quantity::Bytes;

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
    /// Limits its documentation or its users report.
    pub limits: Vec<RuntimeLimit>,
    /// Who says so.
    pub sources: Vec<SourceIx>,
    /// Where it stands.
    pub at: Origin,
}

/// A limit of a runtime.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuntimeLimit {
    /// In both languages.
    pub words: Bilingual,
    /// The backends it holds of; empty for all.
    pub backends: Vec<BackendIx>,
    /// The platforms it holds on; empty for all.
    pub platforms: Vec<PlatformIx>,
}

impl RuntimeLimit {
    /// Whether it holds of a backend on a platform.
    #[must_use]
    pub fn concerns(&self, backend: BackendIx, platform: PlatformIx) -> bool {
        (self.backends.is_empty() || self.backends.contains(&backend))
            && (self.platforms.is_empty() || self.platforms.contains(&platform))
    }
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
