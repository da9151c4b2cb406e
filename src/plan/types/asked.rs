//! What the spec asks for, as the compiler understood it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Measure, Words};

/// How much the prose formats print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Detail {
    /// One page: the spec states platform, feature and memory and little else.
    Basic,
    /// Everything.
    Full,
}

/// The spec, resolved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Asked {
    /// The app's name, in the user's words.
    pub name: Option<String>,
    /// Operating systems.
    pub platforms: Vec<PlatformAsked>,
    /// App toolkit: `native`, `flutter`, `react-native`, `kmp`, `unity`, `maui`.
    pub ui: String,
    /// RAM classes, as phones are sold.
    pub ram: RamAsked,
    /// Nothing leaves the device at run time.
    pub offline: bool,
    /// How sure hard limits must be to hold, 0 to 1.
    pub confidence: f64,
    /// Features, in order.
    pub features: Vec<FeatureAsked>,
    /// Every hard line outside the features, as written.
    pub limits: Vec<LimitAsked>,
    /// Values nobody wrote.
    pub defaults: Vec<DefaultUsed>,
    /// Placeholders of the spec, or the three every spec has.
    pub parameters: Vec<Parameter>,
}

/// An operating system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlatformAsked {
    /// `ios`, `android`, `harmonyos`.
    pub id: String,
    /// As people write it.
    pub name: String,
    /// Lowest version, as users count it.
    pub min_os: f64,
}

/// RAM classes in GiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RamAsked {
    /// Smallest.
    pub min_gib: u32,
    /// Largest; absent for no upper end.
    pub max_gib: Option<u32>,
}

/// A feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FeatureAsked {
    /// Identifier.
    pub id: String,
    /// Description in the user's words.
    pub title: Option<String>,
    /// What it does: `chat`, `summarize`, ...
    pub task: String,
    /// Roles of its pipeline, in order.
    pub roles: Vec<String>,
    /// ISO 639-1 codes it must handle; empty where none were stated.
    pub languages: Vec<String>,
    /// Directions of translation: from, to.
    pub directions: Vec<(String, String)>,
    /// Longest input of one request.
    pub input: Measure,
    /// Longest output of one request.
    pub output: Measure,
    /// Context to allocate.
    pub context: Measure,
    /// Hard lines of this feature, as written.
    pub limits: Vec<LimitAsked>,
    /// What is optimised, most important first.
    pub prefer: Vec<String>,
    /// Features loaded at the same time; empty when it has the memory to itself.
    pub resident_with: Vec<String>,
}

/// A hard line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LimitAsked {
    /// The line, without its comment.
    pub text: String,
    /// Its number in the spec, from 1.
    pub line: u32,
    /// The reason given with `because`.
    pub because: Option<String>,
}

/// A value nobody wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DefaultUsed {
    /// Stable id: `os.ios`, `confidence`, `chat.task`, `chat.input`, ...
    pub id: String,
    /// What it is about.
    pub what: Words,
    /// The value.
    pub value: Words,
    /// The line that would change it.
    pub change: String,
}

/// A placeholder and how to replace it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Parameter {
    /// Its name: of the `param`, or `platform`, `feature`, `ram` where the spec declares none.
    pub name: String,
    /// The value in this plan.
    pub value: String,
    /// Declared with `param`; then `--set` replaces it.
    pub declared: bool,
    /// Set from outside for this plan.
    pub overridden: bool,
    /// How to replace it: the command line argument or the line to edit.
    pub replace: String,
    /// Line of the spec, from 1.
    pub line: u32,
}
