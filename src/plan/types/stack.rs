//! What to build: models, files, runtimes, settings, dependencies.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DeviceClass, Finding, Measure, Phase, Words};

/// Classes of phones of one platform that get the same stacks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tier {
    /// Stable id: that of its first class.
    pub id: String,
    /// Platform id.
    pub platform: String,
    /// As people write it.
    pub platform_name: String,
    /// One per role of each feature, in order.
    pub stacks: Vec<Stack>,
    /// Who is in memory together; a feature alone is a phase of its own.
    pub phases: Vec<Phase>,
    /// Entitlements that raise the limit, where the platform has any.
    pub entitlements: Vec<String>,
    /// Whether some class does not fit into what the platform grants without them.
    #[serde(default)]
    pub needs_entitlements: bool,
    /// Distinct files.
    pub download: Measure,
    /// Distinct files and caches.
    pub storage: Measure,
    /// The classes with their figures, smallest first.
    pub classes: Vec<DeviceClass>,
}

/// A place in a pipeline with what fills it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SlotRef {
    /// Feature id.
    pub feature: String,
    /// Role id.
    pub role: String,
    /// Model id.
    pub model: String,
    /// Quantization id.
    pub quantization: String,
}

/// A model with everything around it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stack {
    /// Feature id.
    pub feature: String,
    /// Role id: `llm`, `asr`, `translate`, `tts`, `embed`, `vision`, `ocr`.
    pub role: String,
    /// The model.
    pub model: Model,
    /// How its weights are stored.
    pub quantization: Quantization,
    /// What is downloaded.
    pub file: File,
    /// What runs it.
    pub runtime: Runtime,
    /// Backend id.
    pub backend: String,
    /// As people write it.
    pub backend_name: String,
    /// Not for production yet.
    pub backend_experimental: bool,
    /// How to start it; absent where the operating system decides.
    pub settings: Option<Settings>,
    /// `mapped-clean`, `anonymous`, `gpu-copied`, `system-owned`; absent where not known.
    pub residency: Option<String>,
    /// Coordinates for the app's toolkit, ready to paste.
    pub dependencies: Vec<Dependency>,
    /// The dependencies are those of the native toolkit, because the asked one has no maintained binding on record.
    pub native_dependencies: bool,
    /// Warnings and advice.
    pub findings: Vec<Finding>,
    /// Why it won: objective values in order of preference.
    pub objectives: Vec<(String, String)>,
}

/// A model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Model {
    /// Key in specs.
    pub id: String,
    /// As people write it.
    pub name: String,
    /// Maker.
    pub vendor: String,
    /// The operating system ships it.
    pub system: bool,
    /// All parameters.
    pub params: Option<Measure>,
    /// Parameters used per token, where fewer.
    pub active_params: Option<Measure>,
    /// Longest context.
    pub context: Option<Measure>,
    /// Licence of the weights.
    pub license: Option<License>,
    /// Hub repository of the original weights.
    pub repo: Option<String>,
    /// What its place in the quality order rests on.
    pub quality_basis: Option<String>,
    /// Source ids.
    pub sources: Vec<String>,
}

/// A licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct License {
    /// Key in specs.
    pub id: String,
    /// Full name.
    pub name: String,
    /// `yes`, `conditional`, `no`, `unknown`.
    pub commercial: String,
    /// The terms must be accepted before the download.
    pub gated: bool,
    /// Its limits in words.
    pub limits: Option<Words>,
}

/// A quantization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quantization {
    /// Key in specs.
    pub id: String,
    /// As people write it.
    pub name: String,
    /// Nominal bits per weight.
    pub bits: f64,
    /// What it is.
    pub summary: Words,
}

/// A file of weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct File {
    /// Catalog id: `model/format/quantization`.
    pub id: String,
    /// Container format.
    pub format: String,
    /// File name, where known.
    pub name: Option<String>,
    /// Hub repository (`owner/name`) or the address of the page that has it, where known.
    pub repo: Option<String>,
    /// Size, where known.
    pub bytes: Option<u64>,
    /// Whether the size is to the byte.
    pub exact: bool,
    /// SHA-256 of the file of that name, where somebody publishes it.
    pub sha256: Option<String>,
    /// How the size follows, where it is derived.
    pub derivation: Option<String>,
    /// Source ids.
    pub sources: Vec<String>,
}

/// A runtime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Runtime {
    /// Key in specs.
    pub id: String,
    /// As people write it.
    pub name: String,
    /// Version the plan was made for, where known.
    pub version: Option<String>,
    /// Licence id.
    pub license: Option<String>,
    /// The engine a binding wraps.
    pub engine: Option<String>,
    /// Limits its makers state.
    pub limits: Vec<Words>,
    /// Abilities with their API, as far as recorded: id, note.
    pub abilities: Vec<(String, Option<String>)>,
    /// Source ids.
    pub sources: Vec<String>,
}

/// How to start a runtime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Settings {
    /// Tokens of context; absent for roles that keep none.
    pub context: Option<u64>,
    /// KV cache type; absent for roles that keep none.
    pub kv_type: Option<String>,
    /// Physical batch of the prefill; absent for roles without one.
    pub batch: Option<u32>,
    /// CPU threads on the first class of the tier; see the figures of the others.
    pub threads: u32,
    /// Map the file instead of reading it.
    pub mmap: bool,
    /// Flash attention; absent for roles without attention to cache.
    pub flash_attention: Option<bool>,
}

/// A coordinate to paste into a build file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Dependency {
    /// `swiftpm`, `gradle`, `pub`, `npm`, `cmake`, `manifest`, `system`, ...
    pub kind: String,
    /// The coordinate.
    pub coordinate: String,
    /// Version, where it is apart.
    pub version: Option<String>,
    /// The line for the build file, where its form is known; else the coordinate with its version.
    pub paste: String,
    /// Products, CMake options and the like.
    pub options: Vec<String>,
    /// Source ids.
    pub sources: Vec<String>,
}
