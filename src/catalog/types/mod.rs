//! What the compiler knows of the world, resolved and typed.
//!
//! Built by `load` from YAML records (`record`), with every name resolved and every figure sourced;
//! nothing here parses, judges or does IO. Vectors are sorted by id, so positions are stable.

mod hardware;
mod metric;
mod model;
mod runtime;
mod sha256;
mod terms;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use hardware::{Calibration, Device, DeviceKind, MemoryBudget, Platform, PlatformLimit, Soc};
pub use metric::Metric;
pub use model::{
    Architecture, Artifact, Attention, Capability, Languages, Model, Moe, Quality, Role, Score,
};
pub use runtime::{
    Backend, BackendKind, Dependency, Feature, OsFloor, Runtime, RuntimeBackend, RuntimeLimit,
    WeightResidency,
};
pub use sha256::{NotSha256, Sha256};
pub use terms::{
    Commercial, Format, License, LicenseGroup, QuantFamily, Quantization, Source, SourceKind,
};

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
    /// Who says so; empty only for figures made up for a trial.
    pub sources: Vec<SourceIx>,
    /// The line that says it.
    pub at: Origin,
}

impl Origin {
    /// For records that stand in no file: those a measurement is tried on.
    pub(crate) const NOWHERE: Self = Self {
        file: 0,
        start: 0,
        end: 0,
    };
}

impl<T> Sourced<T> {
    /// A figure of a record that stands in no file; nobody says so.
    pub(crate) const fn unsourced(value: T) -> Self {
        Self {
            value,
            sources: Vec::new(),
            at: Origin::NOWHERE,
        }
    }
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilingual {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
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
