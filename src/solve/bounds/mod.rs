//! What each bound of a spec does to the answer of a class: how far it is away, and at which values the answer changes.
//!
//! Exact: each step is solved again, and between two steps nothing changes. Asked only where a plan is made. Words nothing.

mod ground;
mod open;
mod row;
mod stairs;
mod useful;

pub(super) use open::{Asked, Known, Open, opened, unbound};

use self::ground::{Ground, Limit};
use self::stairs::Stairs;
use super::lines::LineKind;
use super::problem::Problem;
use super::question::Question;
use super::scale::Scale;
use super::types::DeviceClass;
use crate::diagnostic::Span;
use crate::estimate::types::Stack;
use crate::quantity::{Dimension, Quantity};

/// One bound on one class.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// Short name: `memory`, `budget.download`, `ttft`, ...
    pub name: String,
    /// The feature it is written for; `None` for all.
    pub feature: Option<usize>,
    /// The line that sets it; `None` for what the platform grants.
    pub span: Option<Span>,
    /// What is bounded.
    pub dimension: Dimension,
    /// The bound is a least, not a most.
    pub floor: bool,
    /// Its value in base units.
    pub limit: f64,
    /// What the answer takes, at the pessimistic end, in base units; `None` where it bounds nothing that was chosen.
    pub used: Option<f64>,
    /// Values at which the answer changes when the bound is tightened, nearest first.
    pub tighter: Vec<Step>,
    /// Values at which the answer changes when the bound alone is loosened, nearest first; none for a platform's grant.
    pub looser: Vec<Step>,
    /// Of the bounds of the class, the one whose loosening changes the answer first, as a share of its value.
    pub binds: bool,
}

/// Where the answer changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The value, as a person would write it: here the answer is this one, one unit before it is not yet.
    pub at: String,
    /// The same in base units.
    pub value: f64,
    /// The change as a share of what is written.
    pub change: f64,
    /// The answer from there on, one stack a slot; `None` where nothing fits any more.
    pub picks: Option<Vec<Stack>>,
}

/// The bounds of a class with an answer: the platform's grant where no line limits memory, then the lines in spec order. At most
/// `steps` steps each way.
pub(super) fn bounds(
    question: &Question<'_>,
    class: &DeviceClass,
    open: &Open<'_>,
    admissible: &Problem,
    steps: usize,
) -> Vec<Bound> {
    let ground = Ground::new(question, class, open, admissible);
    let Some(answer) = ground.answer(None) else {
        return Vec::new();
    };
    let mut bounds: Vec<Bound> = (ground.limits())
        .filter_map(|limit| bound(&ground, limit, &answer, steps))
        .collect();
    let nearest = bounds
        .iter()
        .filter_map(|bound| Some(bound.looser.first()?.change));
    if let Some(nearest) = nearest.min_by(f64::total_cmp) {
        let first = bounds.iter_mut().find(|bound| {
            let step = bound.looser.first();
            step.is_some_and(|step| step.change <= nearest)
        });
        if let Some(first) = first {
            first.binds = true;
        }
    }
    bounds
}

fn bound(ground: &Ground<'_, '_>, limit: Limit, answer: &[usize], steps: usize) -> Option<Bound> {
    let question = ground.question;
    let granted = ground.granted();
    let line = match limit {
        Limit::Grant => None,
        Limit::Line(at) => Some(&question.lines[at]),
    };
    let (value, dimension, scale) = match line {
        None => {
            let value = granted?;
            let quantity = Quantity::new(value, Dimension::Bytes);
            (value, Dimension::Bytes, Scale::new(&quantity))
        }
        Some(line) => {
            let scale = Scale::of(question, ground.class, line)?;
            match &line.kind {
                LineKind::Bound { limit, .. } => (limit.value, limit.dimension, scale),
                LineKind::Memory => (ground.asked()?, Dimension::Bytes, scale),
                LineKind::Demand(_) => return None,
            }
        }
    };
    let used = ground.used(limit, answer);
    let stairs = Stairs::new(ground, limit, scale);
    Some(Bound {
        name: line.map_or_else(|| "platform.memory".to_owned(), |line| line.name.clone()),
        feature: line.and_then(|line| line.feature),
        span: line.map(|line| line.span),
        dimension,
        floor: scale.downwards,
        limit: value,
        used,
        tighter: stairs.down(answer, steps),
        looser: match limit {
            Limit::Grant => Vec::new(),
            Limit::Line(_) => stairs.up(answer, steps),
        },
        binds: false,
    })
}
