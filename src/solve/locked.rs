//! Choices of an earlier build. What ties on every goal is decided for them, so that a plan does not move without a reason.

use std::collections::BTreeMap;

use crate::catalog::types::{ArtifactIx, BackendIx, Catalog, RuntimeIx};
use crate::estimate::types::Stack;

/// A stack by the ids of the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackIds {
    /// The file of weights.
    pub file: String,
    /// What runs it.
    pub runtime: String,
    /// On what.
    pub backend: String,
}

/// What was chosen before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Locked {
    /// By class of phones and slot (`ios-8gb`, `chat.llm`).
    pub stacks: BTreeMap<(String, String), StackIds>,
}

/// The same as the catalog numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Named {
    file: ArtifactIx,
    runtime: RuntimeIx,
    backend: BackendIx,
}

/// The score of a stack for being what was chosen before.
pub(super) fn held(before: Option<Named>, stack: &Stack) -> i64 {
    let is = |named: Named| {
        named.file == stack.artifact
            && named.runtime == stack.runtime
            && named.backend == stack.backend
    };
    i64::from(before.is_some_and(is))
}

impl Locked {
    /// What was chosen for a slot (`chat.llm`) on a class, as far as the catalog still has it.
    pub(super) fn named(&self, catalog: &Catalog, class: &str, slot: String) -> Option<Named> {
        let ids = self.stacks.get(&(class.to_owned(), slot))?;
        let file = catalog.artifacts.iter().position(|it| it.id == ids.file)?;
        let runtime = catalog
            .runtimes
            .iter()
            .position(|it| it.id == ids.runtime)?;
        let backend = catalog
            .backends
            .iter()
            .position(|it| it.id == ids.backend)?;
        Some(Named {
            file: ArtifactIx(file as u32),
            runtime: RuntimeIx(runtime as u32),
            backend: BackendIx(backend as u32),
        })
    }
}
