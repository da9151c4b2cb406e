//! Records of the terms that others refer to: sources, licences, quantizations.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Figure, Located};
use crate::catalog::types::{Commercial, Format, QuantFamily, SourceKind};

/// A text in both languages.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WordsRecord {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

/// A place that figures were read in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceRecord {
    /// Short key that figures name.
    pub id: Located<String>,
    /// Replaces the source of this id in the catalog below.
    #[serde(default, rename = "override")]
    pub overrides: bool,
    /// What it is; for `derived`, the arithmetic in words.
    pub title: String,
    /// Where. Every kind but `derived` should have one.
    #[serde(default)]
    pub url: Option<String>,
    /// When it was written or read: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    #[serde(default)]
    pub date: Option<String>,
    /// How good it is.
    pub kind: SourceKind,
}

/// A licence and the limits that matter for an app.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LicenseRecord {
    /// Key used in specs.
    pub id: Located<String>,
    /// Replaces the licence of this id in the catalog below.
    #[serde(default, rename = "override")]
    pub overrides: bool,
    /// Full name.
    pub name: String,
    /// SPDX expression, if there is one.
    #[serde(default)]
    pub spdx: Option<String>,
    /// Whether a commercial app may ship what is under it.
    pub commercial: Commercial,
    /// Above this many monthly active users another licence is needed.
    #[serde(default)]
    pub max_monthly_users: Option<u64>,
    /// Above this yearly revenue in US dollars another licence is needed.
    #[serde(default)]
    pub max_revenue_usd: Option<u64>,
    /// ISO codes of regions it does not extend to (`EU` included).
    #[serde(default)]
    pub excluded_regions: Vec<String>,
    /// The app's own code would fall under it.
    #[serde(default)]
    pub copyleft: bool,
    /// Downloads need a signed-in account that accepted the terms.
    #[serde(default)]
    pub gated: bool,
    /// The limits in words.
    #[serde(default)]
    pub limits: Option<WordsRecord>,
    /// Who says so.
    #[serde(default)]
    pub sources: Vec<Located<String>>,
}

/// Licences that a spec may name with one word.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LicenseGroupRecord {
    /// Key used in specs.
    pub id: Located<String>,
    /// Replaces the group of this id in the catalog below.
    #[serde(default, rename = "override")]
    pub overrides: bool,
    /// Ids of licences.
    pub members: Vec<Located<String>>,
}

/// A way to store weights.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuantizationRecord {
    /// Key used in specs: `q4_k_m`, `mlx-4bit`.
    pub id: Located<String>,
    /// Replaces the quantization of this id in the catalog below.
    #[serde(default, rename = "override")]
    pub overrides: bool,
    /// As people write it.
    pub name: String,
    /// Which kernels it needs.
    pub family: QuantFamily,
    /// The quantization whose block type most of its weights have, so that the same kernels read them.
    #[serde(default)]
    pub kernels_of: Option<Located<String>>,
    /// Formats it comes in.
    pub formats: Vec<Format>,
    /// Nominal bits per weight of a large model.
    pub bits: Figure<f64>,
    /// KL divergence to the 16-bit model (nats), where published.
    #[serde(default)]
    pub kld: Option<Figure<f64>>,
    /// The weights were trained for it.
    #[serde(default)]
    pub trained: bool,
    /// What it is, in a sentence.
    pub summary: WordsRecord,
    /// Who says so.
    #[serde(default)]
    pub sources: Vec<Located<String>>,
}
