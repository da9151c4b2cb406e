//! Catalog files as they are written: one serde type per kind of record, with the place of every name and figure.
//!
//! Nothing is resolved or judged here; `load` does that. The same types make the JSON Schema that editors complete from.

mod figure;
mod model;
mod platform;
mod runtime;
mod terms;

use schemars::JsonSchema;
use serde::Deserialize;

pub use figure::{Bandwidth, Figure, Located, Size};
pub use model::{
    ArchitectureRecord, ArtifactRecord, AttentionRecord, FileEntry, LanguagesRecord, ModelRecord,
    MoeRecord, QualityRecord, ScoreRecord,
};
pub use platform::{
    BudgetRecord, CalibrationRecord, DeviceRecord, LimitRecord, PlatformRecord, SocRecord,
};
pub use runtime::{
    BackendRecord, DependencyRecord, FeatureRecord, FloorRecord, RuntimeBackendRecord,
    RuntimeLimitRecord, RuntimeRecord,
};
pub use terms::{LicenseGroupRecord, LicenseRecord, QuantizationRecord, SourceRecord, WordsRecord};

/// A catalog file: any of these keys, each a list of records. Records of one kind may be spread over many files.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "edgeplan catalog file")]
pub struct CatalogFile {
    /// Places that figures were read in.
    pub sources: Vec<SourceRecord>,
    /// Licences of models and runtimes.
    pub licenses: Vec<LicenseRecord>,
    /// Groups of licences that a spec may name with one word.
    pub license_groups: Vec<LicenseGroupRecord>,
    /// Ways to store weights.
    pub quantizations: Vec<QuantizationRecord>,
    /// What computes: CPU, GPU and NPU interfaces.
    pub backends: Vec<BackendRecord>,
    /// Libraries that run models.
    pub runtimes: Vec<RuntimeRecord>,
    /// Operating systems that apps are shipped for.
    pub platforms: Vec<PlatformRecord>,
    /// Chips.
    pub socs: Vec<SocRecord>,
    /// Phones and tablets.
    pub devices: Vec<DeviceRecord>,
    /// Models, with their files.
    pub models: Vec<ModelRecord>,
    /// Files of models that are described elsewhere.
    pub artifacts: Vec<ArtifactRecord>,
    /// Measured constants of the speed model.
    pub calibrations: Vec<CalibrationRecord>,
}

/// A record with an id that must be unique in its kind.
pub trait Record {
    /// The id, with its place.
    fn id(&self) -> &Located<String>;
    /// Whether it replaces the record of that id in the catalog below.
    fn overrides(&self) -> bool;
}

macro_rules! record {
    ($($name:ident),* $(,)?) => {$(
        impl Record for $name {
            fn id(&self) -> &Located<String> {
                &self.id
            }
            fn overrides(&self) -> bool {
                self.overrides
            }
        }
    )*};
}

record!(
    SourceRecord,
    LicenseRecord,
    LicenseGroupRecord,
    QuantizationRecord,
    BackendRecord,
    RuntimeRecord,
    PlatformRecord,
    SocRecord,
    DeviceRecord,
    ModelRecord,
);
