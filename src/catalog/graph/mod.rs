//! The catalog as one directed graph: what is stored as what, loaded by whom, computed where, under which terms.
//!
//! Built from a [`Catalog`] in the order of its records, so positions and answers never change between runs.
//! It says what goes together; whether that is good or allowed is for the rules.

mod admissible;
mod dot;
#[cfg(test)]
mod tests;

use petgraph::graph::{DiGraph, NodeIndex};

pub use admissible::Candidate;

use super::types::{
    ArtifactIx, BackendIx, Catalog, DeviceIx, Format, LicenseIx, ModelIx, PlatformIx, QuantIx,
    Role, RuntimeIx, SocIx,
};

/// A record as a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    /// A licence.
    License(LicenseIx),
    /// A quantization.
    Quantization(QuantIx),
    /// A platform.
    Platform(PlatformIx),
    /// A backend.
    Backend(BackendIx),
    /// A runtime.
    Runtime(RuntimeIx),
    /// A chip.
    Soc(SocIx),
    /// A device.
    Device(DeviceIx),
    /// A model.
    Model(ModelIx),
    /// A file of weights.
    Artifact(ArtifactIx),
}

/// How two records hang together, read from source to target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Edge {
    /// An artifact holds the weights of a model.
    HoldsWeightsOf,
    /// An artifact is stored in a quantization.
    StoredAs,
    /// A runtime loads an artifact: it has the format, the family and a role of the model.
    Loads,
    /// A runtime computes with a backend; the index of the row in [`super::types::Runtime::backends`].
    ComputesWith(u32),
    /// A runtime supports a platform.
    Supports,
    /// A binding passes the work on to its engine.
    Binds,
    /// A backend exists on a platform.
    ExistsOn,
    /// A device runs a platform.
    Runs,
    /// A device is built around a chip.
    BuiltAround,
    /// A model or runtime is under a licence.
    LicensedUnder,
    /// An artifact was compiled for a chip.
    CompiledFor,
}

impl Edge {
    /// What the arrow says.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::HoldsWeightsOf => "holds weights of",
            Self::StoredAs => "stored as",
            Self::Loads => "loads",
            Self::ComputesWith(_) => "computes with",
            Self::Supports => "supports",
            Self::Binds => "binds",
            Self::ExistsOn => "exists on",
            Self::Runs => "runs",
            Self::BuiltAround => "built around",
            Self::LicensedUnder => "licensed under",
            Self::CompiledFor => "compiled for",
        }
    }
}

/// Nodes of each kind by catalog index.
#[derive(Debug, Default)]
struct Nodes {
    licenses: Vec<NodeIndex>,
    quantizations: Vec<NodeIndex>,
    platforms: Vec<NodeIndex>,
    backends: Vec<NodeIndex>,
    runtimes: Vec<NodeIndex>,
    socs: Vec<NodeIndex>,
    devices: Vec<NodeIndex>,
    models: Vec<NodeIndex>,
    artifacts: Vec<NodeIndex>,
}

/// The graph of a catalog.
#[derive(Debug)]
pub struct Graph<'a> {
    catalog: &'a Catalog,
    graph: DiGraph<Node, Edge>,
    nodes: Nodes,
}

impl<'a> Graph<'a> {
    /// Builds the graph: one node a record, edges from what refers to what is referred to.
    #[must_use]
    pub fn of(catalog: &'a Catalog) -> Self {
        let mut graph = DiGraph::new();
        let mut all = |count: usize, node: fn(u32) -> Node| -> Vec<NodeIndex> {
            (0..count as u32)
                .map(|at| graph.add_node(node(at)))
                .collect()
        };
        let nodes = Nodes {
            licenses: all(catalog.licenses.len(), |at| Node::License(LicenseIx(at))),
            quantizations: all(catalog.quantizations.len(), |at| {
                Node::Quantization(QuantIx(at))
            }),
            platforms: all(catalog.platforms.len(), |at| Node::Platform(PlatformIx(at))),
            backends: all(catalog.backends.len(), |at| Node::Backend(BackendIx(at))),
            runtimes: all(catalog.runtimes.len(), |at| Node::Runtime(RuntimeIx(at))),
            socs: all(catalog.socs.len(), |at| Node::Soc(SocIx(at))),
            devices: all(catalog.devices.len(), |at| Node::Device(DeviceIx(at))),
            models: all(catalog.models.len(), |at| Node::Model(ModelIx(at))),
            artifacts: all(catalog.artifacts.len(), |at| Node::Artifact(ArtifactIx(at))),
        };
        let mut built = Self {
            catalog,
            graph,
            nodes,
        };
        built.hardware();
        built.runtimes();
        built.models();
        built
    }

    /// The graph itself, for queries of one's own.
    #[must_use]
    pub const fn inner(&self) -> &DiGraph<Node, Edge> {
        &self.graph
    }

    fn hardware(&mut self) {
        for (backend, from) in self.catalog.backends.iter().zip(&self.nodes.backends) {
            for platform in &backend.platforms {
                let to = self.nodes.platforms[platform.at()];
                self.graph.add_edge(*from, to, Edge::ExistsOn);
            }
        }
        for (device, from) in self.catalog.devices.iter().zip(&self.nodes.devices) {
            let to = self.nodes.platforms[device.platform.at()];
            self.graph.add_edge(*from, to, Edge::Runs);
            if let Some(soc) = device.soc {
                let to = self.nodes.socs[soc.at()];
                self.graph.add_edge(*from, to, Edge::BuiltAround);
            }
        }
    }

    fn runtimes(&mut self) {
        for (runtime, from) in self.catalog.runtimes.iter().zip(&self.nodes.runtimes) {
            for floor in &runtime.floors {
                let to = self.nodes.platforms[floor.platform.at()];
                self.graph.add_edge(*from, to, Edge::Supports);
            }
            for (row, backend) in runtime.backends.iter().enumerate() {
                let to = self.nodes.backends[backend.backend.at()];
                let edge = Edge::ComputesWith(row as u32);
                self.graph.add_edge(*from, to, edge);
            }
            if let Some(engine) = runtime.engine {
                let to = self.nodes.runtimes[engine.at()];
                self.graph.add_edge(*from, to, Edge::Binds);
            }
            if let Some(license) = runtime.license {
                let to = self.nodes.licenses[license.at()];
                self.graph.add_edge(*from, to, Edge::LicensedUnder);
            }
        }
    }

    fn models(&mut self) {
        for (model, from) in self.catalog.models.iter().zip(&self.nodes.models) {
            if let Some(license) = model.license {
                let to = self.nodes.licenses[license.at()];
                self.graph.add_edge(*from, to, Edge::LicensedUnder);
            }
        }
        for (artifact, at) in self.catalog.artifacts.iter().zip(&self.nodes.artifacts) {
            let model = self.nodes.models[artifact.model.at()];
            let quant = self.nodes.quantizations[artifact.quant.at()];
            self.graph.add_edge(*at, model, Edge::HoldsWeightsOf);
            self.graph.add_edge(*at, quant, Edge::StoredAs);
            for soc in &artifact.socs {
                let to = self.nodes.socs[soc.at()];
                self.graph.add_edge(*at, to, Edge::CompiledFor);
            }
            let owner = &self.catalog.models[artifact.model.at()];
            for (runtime, from) in self.catalog.runtimes.iter().zip(&self.nodes.runtimes) {
                let loads = runtime.formats.contains(&artifact.format)
                    && (runtime.families.is_empty() || runtime.families.contains(&owner.family))
                    && owner.roles.iter().any(|role| runtime.roles.contains(role));
                if loads {
                    self.graph.add_edge(*from, *at, Edge::Loads);
                }
            }
        }
    }

    /// The id of the record at a node.
    #[must_use]
    pub fn id(&self, node: Node) -> &'a str {
        let catalog = self.catalog;
        match node {
            Node::License(at) => &catalog.license_at(at).id,
            Node::Quantization(at) => &catalog.quantization_at(at).id,
            Node::Platform(at) => &catalog.platform_at(at).id,
            Node::Backend(at) => &catalog.backend_at(at).id,
            Node::Runtime(at) => &catalog.runtime_at(at).id,
            Node::Soc(at) => &catalog.soc_at(at).id,
            Node::Device(at) => &catalog.device_at(at).id,
            Node::Model(at) => &catalog.model_at(at).id,
            Node::Artifact(at) => &catalog.artifact_at(at).id,
        }
    }
}

/// Whether a file serves a model in a role: a language file without its projector reads no image, and one with it
/// is too large a download for text alone.
pub(super) fn serves(format: Format, bundle: bool, role: Role) -> bool {
    format != Format::Gguf || bundle == (role == Role::Vision)
}
