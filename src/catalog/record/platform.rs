//! Records of what models run on: platforms, chips, devices, and the constants measured there.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Bandwidth, Figure, Located, Size, WordsRecord};
use crate::catalog::types::{DeviceKind, Metric, QuantFamily};

/// Memory an app may take on a class of phones.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BudgetRecord {
    /// RAM class in GiB as phones are sold.
    pub ram: Located<u32>,
    /// What the process may be charged without any entitlement.
    pub base: Figure<Size>,
    /// With the entitlement, where that is known.
    #[serde(default)]
    pub entitled: Option<Figure<Size>>,
    /// What the store counts as too much.
    #[serde(default)]
    pub store_threshold: Option<Figure<Size>>,
    /// Sources differ on it.
    #[serde(default)]
    pub contested: bool,
    /// Remark.
    #[serde(default)]
    pub note: Option<WordsRecord>,
}

/// A limit of a platform or its store.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitRecord {
    /// `app-size`, `cellular-download`, `base-module`, `asset-pack`, `install-time`, `on-demand`, `background-assets`.
    pub id: Located<String>,
    /// The figure.
    pub bytes: Figure<Size>,
    /// What it limits.
    pub summary: WordsRecord,
}

/// An operating system that apps are shipped for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlatformRecord {
    /// `ios`, `android`, `harmonyos`.
    pub id: Located<String>,
    /// Replaces the platform of this id in the catalog below.
    #[serde(default, rename = "override")]
    pub overrides: bool,
    /// As people write it.
    pub name: String,
    /// Lowest OS version assumed when the spec names none.
    pub default_os: f64,
    /// Newest OS version seen.
    pub latest_os: f64,
    /// RAM classes with their budgets; empty where nothing is known.
    #[serde(default)]
    pub budgets: Vec<BudgetRecord>,
    /// Entitlements that raise the budget.
    #[serde(default)]
    pub entitlements: Vec<String>,
    /// Footprint of an app before any model.
    pub app_baseline: Figure<Size>,
    /// Store and OS limits.
    #[serde(default)]
    pub limits: Vec<LimitRecord>,
    /// Whether mapped clean pages are charged to the process.
    pub charges_clean_pages: bool,
    /// Who says so.
    #[serde(default)]
    pub sources: Vec<Located<String>>,
}

/// A chip.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SocRecord {
    /// Key.
    pub id: Located<String>,
    /// Replaces the chip of this id in the catalog below.
    #[serde(default, rename = "override")]
    pub overrides: bool,
    /// As people write it.
    pub name: String,
    /// Maker.
    pub vendor: String,
    /// Graphics processor.
    #[serde(default)]
    pub gpu: Option<String>,
    /// Whether each core of the graphics processor has units that multiply matrices.
    #[serde(default)]
    pub matrix_units: bool,
    /// Neural processor.
    #[serde(default)]
    pub npu: Option<String>,
    /// Peak DRAM bandwidth.
    #[serde(default)]
    pub bandwidth: Option<Figure<Bandwidth>>,
    /// The same by class and generation of the chip, where nobody published it.
    #[serde(default)]
    pub placed: Option<Figure<Bandwidth>>,
    /// `LPDDR5X`.
    #[serde(default)]
    pub memory_type: Option<String>,
    /// First sold: `YYYY` or `YYYY-MM`.
    #[serde(default)]
    pub released: Option<String>,
    /// Remark.
    #[serde(default)]
    pub note: Option<String>,
    /// Who says so.
    #[serde(default)]
    pub sources: Vec<Located<String>>,
}

/// A phone or tablet.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceRecord {
    /// Key.
    pub id: Located<String>,
    /// Replaces the device of this id in the catalog below.
    #[serde(default, rename = "override")]
    pub overrides: bool,
    /// As sold.
    pub name: String,
    /// Maker.
    pub vendor: String,
    /// Phone or tablet.
    pub kind: DeviceKind,
    /// Its platform.
    pub platform: Located<String>,
    /// Its chip, where one chip is known for all regions.
    #[serde(default)]
    pub soc: Option<Located<String>>,
    /// RAM it is sold with, GiB.
    #[serde(default)]
    pub ram: Vec<Located<u32>>,
    /// OS version it shipped with.
    #[serde(default)]
    pub os_shipped: Option<f64>,
    /// First sold.
    #[serde(default)]
    pub released: Option<String>,
    /// Whether Apple Intelligence is there.
    #[serde(default)]
    pub apple_intelligence: Option<bool>,
    /// Gemini Nano generation, where listed.
    #[serde(default)]
    pub gemini_nano: Option<String>,
    /// Who says so.
    #[serde(default)]
    pub sources: Vec<Located<String>>,
}

/// A measured constant of the speed, load or energy model.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalibrationRecord {
    /// Which constant.
    pub metric: Located<Metric>,
    /// Runtime it holds for; all when left out.
    #[serde(default)]
    pub runtime: Option<Located<String>>,
    /// Backend it holds for.
    #[serde(default)]
    pub backend: Option<Located<String>>,
    /// Quantization family it holds for.
    #[serde(default)]
    pub family: Option<QuantFamily>,
    /// Quantization it holds for.
    #[serde(default)]
    pub quant: Option<Located<String>>,
    /// Model it holds for.
    #[serde(default)]
    pub model: Option<Located<String>>,
    /// Chip it was measured on; the pooled row when left out.
    #[serde(default)]
    pub soc: Option<Located<String>>,
    /// 5th percentile.
    pub low: f64,
    /// Median.
    pub likely: f64,
    /// 95th percentile.
    pub high: f64,
    /// How many measurements.
    pub n: u32,
    /// Who measured.
    #[serde(default)]
    pub sources: Vec<Located<String>>,
}
