//! From offsets in the prepared text back to the text as the user wrote it.

use crate::diagnostic::{FileId, Span};

/// From `prepared` on, offsets run in step with `original`, unless the stretch was replaced.
#[derive(Debug, Clone, Copy)]
struct Step {
    prepared: usize,
    original: usize,
    replaced: bool,
}

/// Where the parts of a prepared text come from.
#[derive(Debug, Clone)]
pub(crate) struct Positions {
    file: FileId,
    base: usize,
    steps: Vec<Step>,
}

impl Positions {
    /// A text that stands in `file` from byte `base` on, unchanged so far.
    pub(crate) fn new(file: FileId, base: usize) -> Self {
        let steps = vec![Step {
            prepared: 0,
            original: 0,
            replaced: false,
        }];
        Self { file, base, steps }
    }

    /// Notes that `original.0 .. original.1` became `prepared.0 .. prepared.1`; in rising order.
    pub(super) fn replaced(&mut self, prepared: (usize, usize), original: (usize, usize)) {
        self.steps.push(Step {
            prepared: prepared.0,
            original: original.0,
            replaced: true,
        });
        self.steps.push(Step {
            prepared: prepared.1,
            original: original.1,
            replaced: false,
        });
    }

    fn step(&self, offset: usize) -> Step {
        let after = self.steps.partition_point(|step| step.prepared <= offset);
        self.steps
            .get(after.saturating_sub(1))
            .copied()
            .unwrap_or(Step {
                prepared: 0,
                original: 0,
                replaced: false,
            })
    }

    fn original(&self, offset: usize) -> usize {
        let step = self.step(offset);
        let beyond = if step.replaced {
            0
        } else {
            offset - step.prepared
        };
        self.base + step.original + beyond
    }

    /// The user's bytes that became `start..end`.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        let from = self.original(start);
        Span::new(self.file, from, self.original(end).max(from))
    }

    /// Whether a part of `start..end` was replaced, and so was reported already.
    pub(crate) fn touched(&self, start: usize, end: usize) -> bool {
        let first = self.steps.partition_point(|step| step.prepared < start);
        self.step(start).replaced
            || self
                .steps
                .get(first..)
                .unwrap_or(&[])
                .iter()
                .take_while(|step| step.prepared < end)
                .any(|step| step.replaced)
    }
}
