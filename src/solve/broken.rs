//! All stacks of a slot on the classes of one platform, each with every line and rule it breaks.
//!
//! What several stacks or several classes share is asked once, as for the shelves; but nothing ends at a first refusal.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::bits::Bits;
use super::breaks::{Lines, Row, broken_lines};
use super::figures::Compared;
use super::gate::Gate;
use super::judge::{Alike, Judge, NO_FIGURES, number};
use super::looks::Tier;
use super::problem::SCORES;
use super::question::Question;
use super::space::{Amounts, Entry, amounts, scores};
use super::split::Taken;
use super::types::DeviceClass;
use crate::catalog::types::{ArtifactIx, BackendIx, ModelIx, RuntimeIx};
use crate::estimate::types::{Estimate, Stack};
use crate::rules::facts::Budgets;
use crate::rules::types::Rule;
use crate::spec::facts::fact;

/// The stacks of a slot on one class.
#[derive(Default)]
pub(super) struct Broken {
    /// In the order of their ids.
    pub(super) entries: Vec<Entry>,
    /// Per stack, the number of the set of constraints it breaks by itself.
    pub(super) of: Vec<usize>,
    /// Those sets. Lines come first, then the platform's grant, then rules.
    pub(super) sets: Vec<Bits>,
    /// Per stack, the first one that has the same figures.
    pub(super) alike: Vec<usize>,
}

impl Broken {
    /// The stacks that break none of some lines, and one line for certain or for want of a figure; by number.
    pub(super) fn meeting<'f>(
        &'f self,
        lines: &'f [usize],
        broken: Option<usize>,
    ) -> impl Iterator<Item = usize> + 'f {
        let meets = move |at: &usize| {
            let set = &self.sets[self.of[*at]];
            !lines.iter().any(|line| set.contains(*line))
                && broken.is_none_or(|line| set.contains(line))
        };
        (0..self.entries.len()).filter(meets)
    }
}

/// Judges the stacks of a slot for all classes of a platform. `bare` is the question as the rules see it: without budgets,
/// what a rule refuses is the platform's doing, the budgets being lines of their own.
pub(super) fn broken(
    question: &Question<'_>,
    bare: &Question<'_>,
    at: usize,
    classes: &[&DeviceClass],
) -> Vec<Broken> {
    let Some(first) = classes.first() else {
        return Vec::new();
    };
    let mut all = All::new(question, bare, at, first, classes);
    question.each_stack(at, first, &|_| true, |stack| all.put(&stack));
    all.rows.into_iter().map(|row| row.found).collect()
}

/// Whether a rule says what the grant says: that the process may not take so much memory.
fn is_grant(rule: &Rule) -> bool {
    let facts = rule.when.facts();
    let names = |path: &str| facts.iter().any(|id| fact(*id).path == path);
    names("peak_memory") && names("budget.memory")
}

struct All<'q, 'a> {
    question: &'q Question<'a>,
    at: usize,
    first: &'q DeviceClass,
    judge: Judge<'q, 'a>,
    rows: Vec<Row<'q, 'a>>,
    /// By filter, the constraint it is.
    constraints: Vec<usize>,
    lines: Lines,
    /// What the model at hand breaks, and it with each runner.
    model: Option<(ModelIx, Vec<usize>)>,
    runners: BTreeMap<(RuntimeIx, BackendIx), Vec<usize>>,
    pairs: BTreeMap<(RuntimeIx, BackendIx), Vec<usize>>,
    file: Option<ArtifactIx>,
    /// The stack before, but for its settings.
    before: Option<(ArtifactIx, RuntimeIx, BackendIx)>,
    /// The figures and the kinds of the file at hand.
    figures: Vec<Figures>,
    kinds: Vec<Kind>,
    /// Lists of filters that wait for the phone.
    waits: Vec<Vec<usize>>,
    /// Sets of constraints that stacks break on the whole platform.
    shared: BTreeMap<Vec<usize>, usize>,
    /// What the stack at hand breaks there, and the filters of it that wait; kept for their room.
    breaks: Vec<usize>,
    waiting: Vec<usize>,
    taken: Taken,
}

/// What stacks of the file at hand share that differ in no figure.
struct Figures {
    of: Alike,
    /// The place of its first stack.
    first: usize,
    /// By class.
    rows: Vec<OnClass>,
}

/// The figures on a class.
struct OnClass {
    estimate: Estimate,
    amounts: Amounts,
    scores: [i64; SCORES],
    /// The number of the list of lines that all stacks with them break.
    lines: usize,
}

/// Stacks of the file at hand with the same figures and the same filters that wait.
struct Kind {
    figures: usize,
    waits: usize,
    /// By class, the number of the list of filters that refuse all its stacks, as constraints.
    refused: Vec<usize>,
    /// Those of its filters that its stacks do not share.
    own: Vec<usize>,
    /// Where its stacks share all they break beside that: of the one before, the number of what it breaks on the whole
    /// platform, and by class that of all it breaks.
    before: Option<(usize, Vec<usize>)>,
}

impl<'q, 'a> All<'q, 'a> {
    fn new(
        question: &'q Question<'a>,
        bare: &'q Question<'a>,
        at: usize,
        first: &'q DeviceClass,
        classes: &[&'q DeviceClass],
    ) -> Self {
        let speeds = question.speeds_of_lines(at);
        let rows = classes.iter().map(|&class| Row {
            class,
            gate: Gate::new(bare, at, class).besides(speeds),
            budgets: Budgets::of(question.catalog, question.spec, &class.phone),
            lists: Vec::new(),
            own: Vec::new(),
            joined: FxHashMap::default(),
            numbers: BTreeMap::new(),
            found: Broken::default(),
        });
        let filters = question.tiers.filters.iter();
        let grant = question.lines.len();
        Self {
            judge: Judge::new(bare, at, first),
            rows: rows.collect(),
            constraints: filters
                .map(|filter| {
                    if is_grant(filter.rule) {
                        grant
                    } else {
                        grant + 1 + filter.at
                    }
                })
                .collect(),
            lines: Lines::new(question, at),
            question,
            at,
            first,
            model: None,
            runners: BTreeMap::new(),
            pairs: BTreeMap::new(),
            file: None,
            before: None,
            figures: Vec::new(),
            kinds: Vec::new(),
            waits: Vec::new(),
            shared: BTreeMap::new(),
            breaks: Vec::new(),
            waiting: Vec::new(),
            taken: Taken::default(),
        }
    }

    fn put(&mut self, stack: &Stack) {
        let question = self.question;
        if self.file != Some(stack.artifact) {
            self.file = Some(stack.artifact);
            self.figures.clear();
            self.kinds.clear();
        }
        // The runtime's own KV type comes first among stacks that differ in nothing else.
        let named = (stack.artifact, stack.runtime, stack.backend);
        let kv_reduced = self.before.replace(named) == Some(named);
        let Some(waits) = self.on_platform(stack) else {
            return;
        };
        self.breaks.sort_unstable();
        self.breaks.dedup();
        let next = self.shared.len();
        let shared = match self.shared.get(&self.breaks) {
            Some(known) => *known,
            None => *self.shared.entry(self.breaks.clone()).or_insert(next),
        };
        let of = self.judge.alike(stack, kv_reduced, 0);
        let figures = self.figures.iter().position(|figures| figures.of == of);
        let figures = figures.unwrap_or_else(|| {
            let figures = self.weigh(stack, of, kv_reduced);
            self.figures.push(figures);
            self.figures.len() - 1
        });
        let same = |kind: &Kind| (kind.figures, kind.waits) == (figures, waits);
        let kind = self.kinds.iter().position(same).unwrap_or_else(|| {
            let kind = self.kind(stack, figures, waits);
            self.kinds.push(kind);
            self.kinds.len() - 1
        });
        let (kind, figures) = (&mut self.kinds[kind], &self.figures[figures]);
        let is_shared = kind.own.is_empty() && self.lines.own.is_empty();
        // Bindings of one engine mostly break the same, and come one after the other.
        let known = kind.before.take();
        let sets = match known.filter(|(of, _)| *of == shared) {
            Some((_, sets)) => sets,
            None => {
                let rows = self.rows.iter_mut().zip(&figures.rows).enumerate();
                let sets = rows.map(|(at, (row, on))| {
                    let mut own = Vec::new();
                    if !is_shared {
                        let stack = row.gate.placed(*stack);
                        own = row.lines(question, self.at, &self.lines.own, &stack, &on.estimate);
                        let taken = &mut Taken::default();
                        let refusing = row.refusing(&kind.own, &stack, &on.estimate, taken);
                        own.extend(refusing.iter().map(|&at| self.constraints[at]));
                    }
                    row.joined([shared, on.lines, kind.refused[at]], &self.breaks, &own)
                });
                sets.collect()
            }
        };
        for ((row, on), set) in self.rows.iter_mut().zip(&figures.rows).zip(&sets) {
            row.found.entries.push(Entry {
                stack: row.gate.placed(*stack),
                amounts: on.amounts,
                scores: on.scores,
            });
            row.found.of.push(*set);
            row.found.alike.push(figures.first);
        }
        kind.before = is_shared.then_some((shared, sets));
    }

    /// Finds what a stack breaks on every phone of the platform whatever its figures, and gives the number of the list of filters
    /// that wait.
    fn on_platform(&mut self, stack: &Stack) -> Option<usize> {
        let question = self.question;
        // Lines look at the budgets of the spec, rules do not: no such line is asked here.
        let facts = self.rows.first()?.gate.facts(stack, &NO_FIGURES)?;
        let broken = |lines: &[usize]| broken_lines(question, lines, &facts).collect::<Vec<_>>();
        if self.model.as_ref().is_none_or(|(at, _)| *at != stack.model) {
            self.model = Some((stack.model, broken(&self.lines.model)));
            self.pairs.clear();
        }
        let runner = (stack.runtime, stack.backend);
        let by_model = self.model.iter().flat_map(|(_, lines)| lines);
        let runners = self.runners.entry(runner);
        let by_runner = runners.or_insert_with(|| broken(&self.lines.runner));
        let pairs = self.pairs.entry(runner);
        let by_pair = pairs.or_insert_with(|| broken(&self.lines.pair));
        let (breaks, waiting) = (&mut self.breaks, &mut self.waiting);
        breaks.clear();
        breaks.extend(by_model.chain(by_runner.iter()).chain(by_pair.iter()));
        breaks.extend(broken_lines(question, &self.lines.stack, &facts));
        waiting.clear();
        for &at in self.judge.open(stack, &facts) {
            let filter = &question.tiers.filters[at];
            if !filter.holds(Tier::Stack, &facts) {
                continue;
            }
            if filter.last.is_of_platform() {
                breaks.push(self.constraints[at]);
            } else {
                waiting.push(at);
            }
        }
        Some(number(&mut self.waits, waiting))
    }

    /// The figures of a stack on every class.
    fn weigh(&mut self, stack: &Stack, of: Alike, kv_reduced: bool) -> Figures {
        let question = self.question;
        let slot = question.slots[self.at];
        let mut footprint = question.footprint(slot, self.first, stack);
        let mut on_all: Option<Vec<usize>> = None;
        let mut rows = Vec::with_capacity(self.rows.len());
        let first = self.rows.first().map_or(0, |row| row.found.entries.len());
        for row in &mut self.rows {
            let stack = row.gate.placed(*stack);
            let speeds = row.gate.speeds(&stack);
            question.complete(&mut footprint, slot, row.class, &stack, speeds);
            let estimate = &footprint.estimate;
            let broken = |lines: &[usize]| row.lines(question, self.at, lines, &stack, estimate);
            let mut lines = broken(&self.lines.phone);
            let on_all = on_all.get_or_insert_with(|| broken(&self.lines.kind));
            lines.extend(on_all.iter());
            let lines = number(&mut row.lists, &lines);
            rows.push(OnClass {
                amounts: amounts(question, slot, estimate),
                scores: scores(
                    question,
                    Compared {
                        slot,
                        class: row.class,
                        stack: &stack,
                        estimate,
                        kv_reduced,
                    },
                ),
                lines,
                estimate: estimate.clone(),
            });
        }
        Figures { of, first, rows }
    }

    /// What the filters that wait make of a stack with these figures.
    fn kind(&mut self, stack: &Stack, figures: usize, waits: usize) -> Kind {
        let filters = &self.question.tiers.filters;
        let all = self.waits[waits].iter().copied();
        let (shared, own): (Vec<usize>, Vec<usize>) = all.partition(|&at| filters[at].shared);
        self.taken.clear();
        let rows = self.rows.iter_mut().zip(&self.figures[figures].rows);
        let refused = rows.map(|(row, on)| {
            let stack = row.gate.placed(*stack);
            let mut refusing = row.refusing(&shared, &stack, &on.estimate, &mut self.taken);
            (refusing.iter_mut()).for_each(|at| *at = self.constraints[*at]);
            number(&mut row.lists, &refusing)
        });
        Kind {
            figures,
            waits,
            refused: refused.collect(),
            own,
            before: None,
        }
    }
}

#[cfg(test)]
#[path = "broken_tests.rs"]
mod tests;
