//! What stands against what on one class: conflicts among the lines, with the platform's grant and the rules behind them.

use std::collections::{BTreeMap, BTreeSet};

use super::conflict::CONFLICTS;
use super::field::Field;
use super::marco::{self, Most};
use super::quickxplain::{correction, minimal_conflict};
use crate::catalog::types::PlatformIx;

/// How far conflicts are looked for per class: more of them than a reader can use are not.
const MOST: Most = Most {
    rounds: 48,
    questions: 1024,
};

/// Per platform and conflict of lines, the limits that act in it.
pub(super) type Acting = BTreeMap<(PlatformIx, Vec<usize>), Vec<usize>>;

/// The conflicts of a class.
pub(super) struct Blame {
    /// Limits that leave nothing even where every line goes: the grant and rules. Empty where there are none.
    pub(super) limits: Vec<usize>,
    /// The limits that are in force behind the lines: all but a smallest set of those to blame alone.
    pub(super) background: BTreeSet<usize>,
    /// The stacks that can matter behind the background.
    among: Vec<Vec<usize>>,
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
                        among: Vec::new(),
                        nothing: true,
                        lines: Vec::new(),
                        complete: true,
                    };
                }
            }
        }
        let among = field.among(&background);
        let found = marco::conflicts(field.grant(), MOST, &mut |set| {
            field.holds_among(&among, &set.union(&background).copied().collect())
        });
        Self {
            limits: alone.map_or_else(Vec::new, |alone| {
                alone.into_iter().map(|at| limits[at]).collect()
            }),
            background,
            among,
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
        field.holds_among(
            &self.among,
            &lines.union(&self.background).copied().collect(),
        )
    }

    /// The slots that the limits to blame alone leave empty.
    pub(super) fn emptied(&self, field: &Field<'_, '_>) -> Vec<usize> {
        field.emptied(&self.limits.iter().copied().collect())
    }

    /// Conflicts that share no line, each with the limits that act in it; the shortest of those that overlap. Where there are
    /// more than are told, the first that is not is the last.
    ///
    /// `known` holds what acted in the same lines on other phones of the platform: most often it acts here too, which
    /// one question tells.
    pub(super) fn independent(&self, field: &Field<'_, '_>, known: &mut Acting) -> Vec<Vec<usize>> {
        let mut told: BTreeSet<usize> = BTreeSet::new();
        let mut independent = Vec::new();
        if self.is_beyond_lines() {
            independent.push(self.limits.clone());
        }
        for conflict in &self.lines {
            if independent.len() > CONFLICTS {
                break;
            }
            if conflict.iter().any(|at| told.contains(at)) {
                continue;
            }
            told.extend(conflict);
            let key = (field.class.phone.platform, conflict.clone());
            let refused = |acting: &&Vec<usize>| {
                let all = acting.iter().chain(conflict).copied();
                !field.holds(&all.collect())
            };
            let acting = known.get(&key).filter(refused).cloned();
            let acting = acting.unwrap_or_else(|| self.acting(field, conflict));
            let mut whole = conflict.clone();
            whole.extend(&acting);
            known.insert(key, acting);
            independent.push(whole);
        }
        independent
    }

    /// The limits without which the lines could be met.
    fn acting(&self, field: &Field<'_, '_>, lines: &[usize]) -> Vec<usize> {
        let limits: Vec<usize> = self.background.iter().copied().collect();
        let among = field.among(&lines.iter().copied().collect());
        let acting = minimal_conflict(limits.len(), &mut |set| {
            let limits = set.iter().map(|&at| limits[at]);
            field.holds_among(&among, &limits.chain(lines.iter().copied()).collect())
        });
        let acting = acting.unwrap_or_default().into_iter();
        acting.map(|at| limits[at]).collect()
    }
}
