//! The question the solver asks first: which files, runtimes and backends can fill a role at all.

use petgraph::Direction;
use petgraph::visit::EdgeRef;

use super::{Edge, Graph, Node, serves};
use crate::catalog::types::{ArtifactIx, BackendIx, ModelIx, PlatformIx, Role, RuntimeIx};

/// A file, who loads it, and what computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Candidate {
    /// Whose weights.
    pub model: ModelIx,
    /// The file.
    pub artifact: ArtifactIx,
    /// The runtime or binding.
    pub runtime: RuntimeIx,
    /// The backend.
    pub backend: BackendIx,
    /// Its row in the backends of the runtime.
    pub row: u32,
}

impl Graph<'_> {
    /// All that fits by kind: the runtime has a binding for `ui`, supports `platform`, fills `role`, knows format and
    /// family, and runs the quantization on the backend there. Sorted by model, file, runtime, backend.
    ///
    /// OS versions, chips, licences and sizes are not looked at: a rule refuses these, and says why.
    #[must_use]
    pub fn admissible(&self, role: Role, platform: PlatformIx, ui: &str) -> Vec<Candidate> {
        let mut found = Vec::new();
        for (model, node) in self.catalog.models.iter().zip(&self.nodes.models) {
            if !model.roles.contains(&role) {
                continue;
            }
            for edge in self.graph.edges_directed(*node, Direction::Incoming) {
                if let (Edge::HoldsWeightsOf, Node::Artifact(artifact)) =
                    (*edge.weight(), self.graph[edge.source()])
                {
                    self.loaders(artifact, role, platform, ui, &mut found);
                }
            }
        }
        found.sort_unstable();
        found
    }

    /// The runtimes and backends for one file.
    fn loaders(
        &self,
        artifact: ArtifactIx,
        role: Role,
        platform: PlatformIx,
        ui: &str,
        found: &mut Vec<Candidate>,
    ) {
        let file = self.catalog.artifact_at(artifact);
        if !serves(file.format, file.bundle, role) {
            return;
        }
        let node = self.nodes.artifacts[artifact.at()];
        for edge in self.graph.edges_directed(node, Direction::Incoming) {
            let (Edge::Loads, Node::Runtime(at)) = (*edge.weight(), self.graph[edge.source()])
            else {
                continue;
            };
            let runtime = self.catalog.runtime_at(at);
            let supported = runtime
                .floors
                .iter()
                .any(|floor| floor.platform == platform);
            if !supported || !runtime.roles.contains(&role) || !runtime.uis.iter().any(|u| u == ui)
            {
                continue;
            }
            for (row, backend) in runtime.backends.iter().enumerate() {
                let runs =
                    backend.quantizations.is_empty() || backend.quantizations.contains(&file.quant);
                if backend.platform == platform && runs {
                    found.push(Candidate {
                        model: file.model,
                        artifact,
                        runtime: at,
                        backend: backend.backend,
                        row: row as u32,
                    });
                }
            }
        }
    }
}
