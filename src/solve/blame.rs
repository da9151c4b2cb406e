//! What stands against what on one class: conflicts among the lines, with the platform's grant and the rules behind them.

use std::collections::BTreeSet;

use super::field::Field;
use super::marco;
use super::quickxplain::{correction, minimal_conflict};

/// Rounds of MARCO per class: more conflicts than a reader can use are not looked for.
const ROUNDS: usize = 48;

/// The conflicts of a class.
pub(super) struct Blame {
    /// Limits that leave nothing even where every line goes: the grant and rules. Empty where there are none.
    pub(super) limits: Vec<usize>,
    /// The limits that are in force behind the lines: all but a smallest set of those to blame alone.
    pub(super) background: BTreeSet<usize>,
    /// No limit at all leaves a stack: nothing can fill a slot.
    pub(super) nothing: bool,
    /// All minimal conflicts of the lines, shortest first; the first rounds of them where they are many.
    pub(super) lines: Vec<Vec<usize>>,
    /// Whether these are all.
    pub(super) complete: bool,
}

impl Blame {
    pub(super) fn of(field: &Field<'_, '_>) -> Self {
        let limits: Vec<usize> = (field.constraints().into_iter())
            .filter(|at| *at >= field.grant())
            .collect();
        let named = |set: &BTreeSet<usize>| set.iter().map(|&at| limits[at]).collect();
        let alone = minimal_conflict(limits.len(), &mut |set| field.holds(&named(set)));
        let mut background: BTreeSet<usize> = limits.iter().copied().collect();
        if alone.is_some() {
            match correction(limits.len(), &mut |set| field.holds(&named(set))) {
                Some(gone) => gone.into_iter().for_each(|at| {
                    background.remove(&limits[at]);
                }),
                None => {
                    return Self {
                        limits: Vec::new(),
                        background,
                        nothing: true,
                        lines: Vec::new(),
                        complete: true,
                    };
                }
            }
        }
        let found = marco::conflicts(field.grant(), ROUNDS, &mut |set| {
            field.holds(&set.union(&background).copied().collect())
        });
        Self {
            limits: alone.map_or_else(Vec::new, |alone| {
                alone.into_iter().map(|at| limits[at]).collect()
            }),
            background,
            nothing: false,
            lines: found.conflicts,
            complete: found.complete,
        }
    }

    /// Whether something besides the lines is to blame.
    pub(super) fn is_beyond_lines(&self) -> bool {
        self.nothing || !self.limits.is_empty()
    }

    /// Whether the lines can be met together.
    pub(super) fn holds(&self, field: &Field<'_, '_>, lines: &BTreeSet<usize>) -> bool {
        let conflict = |one: &Vec<usize>| one.iter().all(|at| lines.contains(at));
        if self.complete || self.lines.iter().any(conflict) {
            return !self.lines.iter().any(conflict);
        }
        field.holds(&lines.union(&self.background).copied().collect())
    }

    /// The slots that the limits to blame alone leave empty.
    pub(super) fn emptied(&self, field: &Field<'_, '_>) -> Vec<usize> {
        let kept = field.kept(&self.limits.iter().copied().collect());
        let slots = kept.of.iter().enumerate();
        let empty = slots.filter(|(_, left)| left.is_empty());
        empty.map(|(slot, _)| slot).collect()
    }

    /// Conflicts that share no line, each with the limits that act in it; the shortest of those that overlap.
    pub(super) fn independent(&self, field: &Field<'_, '_>) -> Vec<Vec<usize>> {
        let mut told: BTreeSet<usize> = BTreeSet::new();
        let mut independent = Vec::new();
        if self.is_beyond_lines() {
            independent.push(self.limits.clone());
        }
        for conflict in &self.lines {
            if conflict.iter().any(|at| told.contains(at)) {
                continue;
            }
            told.extend(conflict);
            let mut whole = conflict.clone();
            whole.extend(self.acting(field, conflict));
            independent.push(whole);
        }
        independent
    }

    /// The limits without which the lines could be met.
    fn acting(&self, field: &Field<'_, '_>, lines: &[usize]) -> Vec<usize> {
        let limits: Vec<usize> = self.background.iter().copied().collect();
        let acting = minimal_conflict(limits.len(), &mut |set| {
            let limits = set.iter().map(|&at| limits[at]);
            field.holds(&limits.chain(lines.iter().copied()).collect())
        });
        let acting = acting.unwrap_or_default().into_iter();
        acting.map(|at| limits[at]).collect()
    }
}
