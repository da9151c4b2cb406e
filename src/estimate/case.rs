//! One stack on one phone with its records at hand. Looks up; computes nothing.

use std::fmt::{self, Display, Formatter};

use super::calibration::Constants;
use super::trail::Detail;
use super::types::{Load, Phone, Settings, Stack};
use crate::catalog::types::{
    Architecture, Artifact, Backend, BackendIx, Catalog, Format, Model, Platform, Quantization,
    Runtime, RuntimeBackend, RuntimeIx, Soc, SourceIx, Sourced, WeightResidency,
};
use crate::quantity::BytesPerSecond;

/// The records behind a [`Stack`], a [`Phone`] and a [`Load`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) constants: &'a Constants<'a>,
    /// Whether derivations are worded.
    pub(crate) detail: Detail,
    pub(crate) stack: &'a Stack,
    pub(crate) phone: &'a Phone,
    pub(crate) load: &'a Load,
    pub(crate) model: &'a Model,
    pub(crate) artifact: &'a Artifact,
    pub(crate) quant: &'a Quantization,
    pub(crate) runtime: &'a Runtime,
    /// The engine whose behaviour the runtime has: itself, unless it is a binding.
    pub(crate) engine: RuntimeIx,
    pub(crate) backend: &'a Backend,
    /// What the runtime (or its engine) does with this backend on this platform.
    pub(crate) row: Option<&'a RuntimeBackend>,
    pub(crate) platform: &'a Platform,
    pub(crate) soc: Option<&'a Soc>,
}

impl<'a> Case<'a> {
    /// Looks everything up. The indices must be of this catalog.
    pub(crate) fn new(
        constants: &'a Constants<'a>,
        stack: &'a Stack,
        phone: &'a Phone,
        load: &'a Load,
        detail: Detail,
    ) -> Self {
        let catalog = constants.catalog();
        let runtime = &catalog.runtimes[stack.runtime.at()];
        let engine = runtime.engine.unwrap_or(stack.runtime);
        let artifact = &catalog.artifacts[stack.artifact.at()];
        Self {
            constants,
            detail,
            stack,
            phone,
            load,
            model: &catalog.models[stack.model.at()],
            artifact,
            quant: &catalog.quantizations[artifact.quant.at()],
            runtime,
            engine,
            backend: &catalog.backends[stack.backend.at()],
            row: backend_row(catalog, stack.runtime, stack.backend, phone),
            platform: &catalog.platforms[phone.platform.at()],
            soc: phone.soc.map(|soc| &catalog.socs[soc.at()]),
        }
    }

    /// The decoder's shape with its sources, where known.
    pub(crate) fn shape(&self) -> Option<(&'a Architecture, &'a [SourceIx])> {
        self.model
            .arch
            .as_ref()
            .map(|arch| (&arch.value, arch.sources.as_slice()))
    }

    /// Whether buffers are those of llama.cpp: GGUF is loaded by nothing else.
    pub(crate) fn is_llama(&self) -> bool {
        self.artifact.format == Format::Gguf
    }

    /// How the weights are charged; anonymous memory where the catalog has no row, the worst of all.
    pub(crate) fn residency(&self) -> WeightResidency {
        let stated = self
            .row
            .map_or(WeightResidency::Anonymous, |row| row.residency);
        match stated {
            WeightResidency::MappedClean if !self.settings().mmap => WeightResidency::Anonymous,
            stated => stated,
        }
    }

    /// The runtime with its backend, as missing figures name them.
    pub(crate) fn runner(&self) -> impl Display + use<'a> {
        Pair(&self.runtime.id, &self.backend.id)
    }

    /// The runtime with the model, as missing figures name them.
    pub(crate) fn pairing(&self) -> impl Display + use<'a> {
        Pair(&self.runtime.id, &self.model.id)
    }

    /// The chip's peak bandwidth, and whether it is only placed by class and generation.
    pub(crate) fn peak_bandwidth(&self) -> Option<(&'a Sourced<BytesPerSecond>, bool)> {
        let soc = self.soc?;
        let published = soc.bandwidth.as_ref().map(|it| (it, false));
        published.or_else(|| soc.placed.as_ref().map(|it| (it, true)))
    }

    /// The stack's settings.
    pub(crate) fn settings(&self) -> &'a Settings {
        &self.stack.settings
    }
}

/// Two ids side by side.
struct Pair<'a>(&'a str, &'a str);

impl Display for Pair<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.0, self.1)
    }
}

/// What the runtime, or the engine it binds, does with a backend on the phone's platform.
pub(crate) fn backend_row<'a>(
    catalog: &'a Catalog,
    runtime: RuntimeIx,
    backend: BackendIx,
    phone: &Phone,
) -> Option<&'a RuntimeBackend> {
    let find = |runtime: RuntimeIx| {
        catalog.runtimes[runtime.at()]
            .backends
            .iter()
            .find(|row| row.backend == backend && row.platform == phone.platform)
    };
    find(runtime).or_else(|| catalog.runtimes[runtime.at()].engine.and_then(find))
}
