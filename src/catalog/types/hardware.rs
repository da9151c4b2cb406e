//! What models run on: platforms, chips, devices, and the constants measured there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    BackendIx, Bilingual, Metric, ModelIx, Origin, PlatformIx, QuantFamily, QuantIx, RuntimeIx,
    SocIx, SourceIx, Sourced,
};
use crate::quantity::{Bytes, BytesPerSecond};

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
    /// Whether each core of the graphics processor has units that multiply matrices.
    pub matrix_units: bool,
    /// Neural processor.
    pub npu: Option<String>,
    /// Peak DRAM bandwidth, as published.
    pub bandwidth: Option<Sourced<BytesPerSecond>>,
    /// Peak DRAM bandwidth by the chip's class and generation, where nobody published it.
    pub placed: Option<Sourced<BytesPerSecond>>,
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

/// A measured constant of the speed, load or energy model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Which constant.
    pub metric: Metric,
    /// Runtime it holds for; `None` for all (engine ids, not bindings).
    pub runtime: Option<RuntimeIx>,
    /// Backend it holds for.
    pub backend: Option<BackendIx>,
    /// Quantization family it holds for.
    pub family: Option<QuantFamily>,
    /// Quantization it holds for.
    pub quant: Option<QuantIx>,
    /// Model it holds for.
    pub model: Option<ModelIx>,
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
