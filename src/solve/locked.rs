//! Choices of an earlier build. What ties on every goal is decided for them, so that a plan does not move without a reason.

use std::collections::BTreeMap;

use super::question::Question;
use super::types::DeviceClass;
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

impl Locked {
    /// Whether this stack is what was chosen for a slot on a class.
    pub(super) fn holds(
        &self,
        question: &Question<'_>,
        slot: usize,
        class: &DeviceClass,
        stack: &Stack,
    ) -> bool {
        let place = question.slots[slot];
        let feature = &question.spec.features[place.feature].id;
        let key = (class.id.clone(), format!("{feature}.{}", place.role.id()));
        let catalog = question.catalog;
        self.stacks.get(&key).is_some_and(|ids| {
            ids.file == catalog.artifact_at(stack.artifact).id
                && ids.runtime == catalog.runtime_at(stack.runtime).id
                && ids.backend == catalog.backend_at(stack.backend).id
        })
    }
}
