//! Records of what runs a model: backends and runtimes.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Figure, Located, Size};
use crate::catalog::types::{BackendKind, Format, QuantFamily, Role, WeightResidency};

/// What computes: an interface to CPU, GPU or NPU.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BackendRecord {
    /// Key used in specs.
    pub id: Located<String>,
    /// Replaces the backend of this id in the catalog below.
    #[serde(default, rename = "override")]
    pub overrides: bool,
    /// As people write it.
    pub name: String,
    /// What computes.
    pub kind: BackendKind,
    /// Platforms it exists on.
    pub platforms: Vec<Located<String>>,
    /// Vendors of chips it needs; empty for any.
    #[serde(default)]
    pub soc_vendors: Vec<String>,
    /// Beginnings of GPU names it needs; empty for any.
    #[serde(default)]
    pub gpus: Vec<String>,
    /// The largest single allocation, where it is limited.
    #[serde(default)]
    pub max_allocation: Option<Figure<Size>>,
    /// Whether work may go on while the app is in the background.
    pub runs_in_background: bool,
    /// Who says so.
    #[serde(default)]
    pub sources: Vec<Located<String>>,
}

/// A runtime's use of one backend on some platforms.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuntimeBackendRecord {
    /// Which backend.
    pub backend: Located<String>,
    /// Where; all platforms the backend and the runtime share, when left out.
    #[serde(default)]
    pub platforms: Vec<Located<String>>,
    /// Quantizations that run on it at all; all the formats have, when left out.
    #[serde(default)]
    pub quantizations: Vec<Located<String>>,
    /// Those with fast kernels; empty when all are alike.
    #[serde(default)]
    pub fast_quantizations: Vec<Located<String>>,
    /// How the weights are charged to the process.
    pub residency: WeightResidency,
    /// Quantization families whose weights are copied out of the mapping.
    #[serde(default)]
    pub repacks: Vec<QuantFamily>,
    /// KV cache types that work, the default first.
    #[serde(default)]
    pub kv_types: Vec<String>,
    /// For experiments only.
    #[serde(default)]
    pub experimental: bool,
    /// Who says so.
    #[serde(default)]
    pub sources: Vec<Located<String>>,
}

/// How a dependency is named to a build system.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DependencyRecord {
    /// App toolkit it serves: `native`, `flutter`, `react-native`, `kmp`, `unity`, `maui`.
    pub ui: String,
    /// Platform it is for; all when left out.
    #[serde(default)]
    pub platform: Option<Located<String>>,
    /// `swiftpm`, `gradle`, `pub`, `npm`, `cmake`, `manifest`, `system`.
    pub kind: String,
    /// The coordinate as it is pasted.
    pub coordinate: String,
    /// Version, where it is apart.
    #[serde(default)]
    pub version: Option<String>,
    /// CMake options, products and the like.
    #[serde(default)]
    pub options: Vec<String>,
    /// Who says so.
    #[serde(default)]
    pub sources: Vec<Located<String>>,
}

/// The lowest OS a runtime runs on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FloorRecord {
    /// Platform.
    pub platform: Located<String>,
    /// Version as users know it: iOS 17 is 17, Android 13 is 13.
    pub version: Located<f64>,
    /// Who says so.
    #[serde(default)]
    pub sources: Vec<Located<String>>,
}

/// One ability of a runtime. What is not listed is not known.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeatureRecord {
    /// Which: `mmap`, `kv-quant`, `prefix-cache`, `state-save`, `speculative`, `structured-output`, ...
    pub id: String,
    /// Known to be there, or known to be missing.
    #[serde(default = "yes")]
    pub supported: bool,
    /// The API or a remark.
    #[serde(default)]
    pub note: Option<String>,
}

const fn yes() -> bool {
    true
}

/// A limit of a runtime, in both languages, and whom it concerns.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuntimeLimitRecord {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
    /// The backends it holds of; all, when left out.
    #[serde(default)]
    pub backends: Vec<Located<String>>,
    /// The platforms it holds on; all, when left out.
    #[serde(default)]
    pub platforms: Vec<Located<String>>,
}

/// A library that runs models.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuntimeRecord {
    /// Key used in specs.
    pub id: Located<String>,
    /// Replaces the runtime of this id in the catalog below.
    #[serde(default, rename = "override")]
    pub overrides: bool,
    /// As people write it.
    pub name: String,
    /// Other spellings accepted in specs.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The newest version seen.
    #[serde(default)]
    pub version: Option<String>,
    /// When that was.
    #[serde(default)]
    pub version_date: Option<String>,
    /// Its licence.
    #[serde(default)]
    pub license: Option<Located<String>>,
    /// For a binding: the runtime whose formats, families and backends it has, where it names none of its own.
    #[serde(default)]
    pub engine: Option<Located<String>>,
    /// Deprecated by its makers.
    #[serde(default)]
    pub deprecated: bool,
    /// Platforms and lowest versions; a platform that is absent is not supported.
    pub floors: Vec<FloorRecord>,
    /// Formats it loads.
    #[serde(default)]
    pub formats: Vec<Format>,
    /// Roles it can fill.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// Architecture families it runs; any it has the format of, when left out.
    #[serde(default)]
    pub families: Vec<String>,
    /// Its backends.
    #[serde(default)]
    pub backends: Vec<RuntimeBackendRecord>,
    /// App toolkits with a maintained binding, `native` included.
    pub uis: Vec<String>,
    /// Coordinates to paste.
    #[serde(default)]
    pub dependencies: Vec<DependencyRecord>,
    /// Abilities.
    #[serde(default)]
    pub features: Vec<FeatureRecord>,
    /// Limits its documentation or its users report.
    #[serde(default)]
    pub limits: Vec<RuntimeLimitRecord>,
    /// Who says so.
    #[serde(default)]
    pub sources: Vec<Located<String>>,
}
