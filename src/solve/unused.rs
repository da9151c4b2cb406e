//! Lines that refuse nothing on a class: without them the same stacks could be chosen. Reads what judging has seen.

use super::lines::{Line, LineKind, Part};
use super::question::Question;
use super::space::{Amounts, Entry, Shelf};
use super::types::{Unused, UnusedKind};
use crate::quantity::Bytes;
use crate::spec::model::DemandKind;

/// A budget for files up to so many times what could be taken is a guard: the next release of a model may reach it.
const GUARD: u64 = 2;

/// Bounds and `forbid` lines that refused no stack of the class, in spec order.
///
/// Every stack that is out has a rule or another line that refused it, so that all of these lines may go at once. Says
/// nothing of memory, whose limit is the smaller of the line and the platform's grant.
pub(super) fn unused(question: &Question<'_>, shelves: &[Shelf]) -> Vec<Unused> {
    let lines = question.lines.iter().enumerate();
    let silent = lines.filter(|(at, _)| !shelves.iter().any(|shelf| shelf.refusing.contains(at)));
    let told = silent.filter_map(|(_, line)| {
        let kind = kind(question, line, shelves)?;
        Some(Unused {
            span: line.span,
            kind,
        })
    });
    told.collect()
}

/// What a line is that refused no stack alone; none where the stacks of several slots could exceed it together.
fn kind(question: &Question<'_>, line: &Line<'_>, shelves: &[Shelf]) -> Option<UnusedKind> {
    let largest = |read: &dyn Fn(&Amounts) -> u64, slots: &dyn Fn(usize) -> bool| {
        let mine = shelves.iter().enumerate().filter(|(slot, _)| slots(*slot));
        let most = |entries: &[Entry]| entries.iter().map(|entry| read(&entry.amounts)).max();
        mine.filter_map(|(_, shelf)| most(&shelf.entries))
            .fold(0, u64::saturating_add)
    };
    let (limit, part) = match &line.kind {
        LineKind::Bound { limit, part, .. } => (limit.value, *part),
        LineKind::Memory => return None,
        LineKind::Demand(demand) => {
            let forbids = matches!(
                demand.kind,
                DemandKind::Forbid(_) | DemandKind::ForbidValue { .. }
            );
            return forbids.then_some(UnusedKind::Forbid);
        }
    };
    let within = |most: u64| {
        let wide = Bytes::new(most.saturating_mul(GUARD)).as_f64() < limit;
        wide.then(|| UnusedKind::Size(Bytes::new(most)))
    };
    match part {
        Part::Stack => Some(UnusedKind::Bound),
        Part::Download => within(largest(&|amounts| amounts.download, &|_| true)),
        Part::Storage => within(largest(&|amounts| amounts.storage, &|_| true)),
        Part::FeatureTime => {
            let own = |slot: usize| line.feature == Some(question.slots[slot].feature);
            // Microseconds, each rounded.
            let most = largest(&|amounts| amounts.time + 1, &own);
            (most as f64 <= limit * 1e6).then_some(UnusedKind::Bound)
        }
        Part::FeatureMemory => None,
    }
}
