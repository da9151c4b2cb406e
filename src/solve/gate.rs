//! Judges the stacks of one slot on one class, remembering every answer that several of them share.
//!
//! A catalog offers tens of thousands of stacks, but far fewer models, runners and figures: a rule over the model is
//! asked once per model, and bindings of one engine share their figures. The answers are those of asking each alone.

use super::lines::Line;
use super::question::Question;
use super::space::{Amounts, Entry, amounts, scores};
use super::tiers::{Filter, Tier};
use super::types::{DeviceClass, Slot};
use crate::catalog::types::{ArtifactIx, BackendIx, RuntimeBackend, RuntimeIx};
use crate::estimate::backend_row;
use crate::estimate::types::{Estimate, Figure, Settings, Stack};
use crate::rules::eval::Kleene;
use crate::rules::facts::{Budgets, StackFacts};
use crate::solve::problem::SCORES;

/// How far a stack came before it was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Refused for its model.
    Model,
    /// Refused for its runtime or backend.
    Runner,
    /// Refused as a stack, whatever its figures.
    Stack,
    /// Refused for its figures, or by a line of the spec.
    Figures,
}

/// What is known of a model or a runner.
enum Known {
    /// A rule refuses it.
    Refused,
    /// The filters that may still refuse a stack with it.
    Passed(Open),
}

/// Filters whose conditions held so far.
struct Open {
    /// Ascending.
    list: Vec<usize>,
    /// The same, by filter.
    set: Vec<bool>,
}

/// Judges stacks in the order of [`super::stacks::stacks`].
pub(super) struct Gate<'q, 'a> {
    question: &'q Question<'a>,
    at: usize,
    slot: Slot,
    class: &'q DeviceClass,
    budgets: Budgets,
    /// Filters whose conditions over the spec and the phone hold; asked with the first stack.
    live: Option<Vec<usize>>,
    /// By model.
    models: Vec<Option<Known>>,
    /// By runtime, then by backend.
    runners: Vec<Vec<Option<Known>>>,
    /// Figures of the file judged last.
    weighed: Vec<Weighed<'a>>,
    before: Option<(ArtifactIx, RuntimeIx, BackendIx)>,
}

impl<'q, 'a> Gate<'q, 'a> {
    pub(super) fn new(question: &'q Question<'a>, at: usize, class: &'q DeviceClass) -> Self {
        Self {
            question,
            at,
            slot: question.slots[at],
            class,
            budgets: Budgets::of(question.catalog, question.spec, &class.phone),
            live: None,
            models: unasked(question.catalog.models.len()),
            runners: std::iter::repeat_with(|| unasked(question.catalog.backends.len()))
                .take(question.catalog.runtimes.len())
                .collect(),
            weighed: Vec::new(),
            before: None,
        }
    }

    /// The stack as an entry for the search, or where it was refused.
    pub(super) fn judge(&mut self, stack: Stack) -> Result<Entry, Stage> {
        // The runtime's own KV type comes first among stacks that differ in nothing else.
        let named = (stack.artifact, stack.runtime, stack.backend);
        let kv_reduced = self.before == Some(named);
        self.before = Some(named);
        let (model, runtime, backend) = (stack.model.at(), stack.runtime.at(), stack.backend.at());
        // Most stacks share a model or a runner that is out already.
        if let Some(Known::Refused) = &self.models[model] {
            return Err(Stage::Model);
        }
        if let Some(Known::Refused) = &self.runners[runtime][backend] {
            return Err(Stage::Runner);
        }
        let question = self.question;
        let case = question.case(self.slot, self.class, stack);
        let bare = StackFacts::within(question.catalog, case, &NO_FIGURES, self.budgets)
            .ok_or(Stage::Model)?;
        let filters = &question.tiers.filters;
        let live = self.live.get_or_insert_with(|| {
            let all = 0..filters.len();
            all.filter(|&at| {
                filters[at].concerns(case.role) && filters[at].holds(Tier::Phone, &bare)
            })
            .collect()
        });
        let ask = |tier| Known::of(filters, live, tier, &bare);
        let model = &mut self.models[model];
        let Known::Passed(by_model) = model.get_or_insert_with(|| ask(Tier::Model)) else {
            return Err(Stage::Model);
        };
        let runner = &mut self.runners[runtime][backend];
        let Known::Passed(by_runner) = runner.get_or_insert_with(|| ask(Tier::Runner)) else {
            return Err(Stage::Runner);
        };
        let open = by_model.list.iter().copied();
        let open = open.filter(|&at| by_runner.set[at] && filters[at].holds(Tier::Stack, &bare));
        let mut waiting = Vec::new();
        for at in open {
            if filters[at].tier == Tier::Stack {
                return Err(Stage::Stack);
            }
            waiting.push(at);
        }
        let lines = &question.concerns[self.at];
        let unmet = |line: &Line<'_>, facts: &StackFacts<'_>| line.broken(facts) != Kleene::False;
        if lines.iter().any(|&line| {
            let line = &question.lines[line];
            !line.needs_figures && unmet(line, &bare)
        }) {
            return Err(Stage::Figures);
        }
        let weighed = self.weigh(&stack, kv_reduced);
        let weighed = &mut self.weighed[weighed];
        let facts = bare.with(&weighed.estimate);
        for at in waiting {
            let answer = &mut weighed.filters[at];
            let ask = || filters[at].holds(Tier::Figures, &facts);
            if shared_or(answer, filters[at].shared, ask) {
                return Err(Stage::Figures);
            }
        }
        for &at in lines {
            let line = &question.lines[at];
            let answer = &mut weighed.lines[at];
            if line.needs_figures && shared_or(answer, line.shared, || unmet(line, &facts)) {
                return Err(Stage::Figures);
            }
        }
        Ok(Entry {
            stack,
            amounts: weighed.amounts,
            scores: weighed.scores,
        })
    }

    /// The place of the stack's figures, which are made when no binding of the same engine has made them.
    fn weigh(&mut self, stack: &Stack, kv_reduced: bool) -> usize {
        let question = self.question;
        let runtime = &question.catalog.runtimes[stack.runtime.at()];
        let key = Alike {
            artifact: stack.artifact,
            engine: runtime.engine.unwrap_or(stack.runtime),
            backend: stack.backend,
            settings: stack.settings,
            kv_reduced,
        };
        let phone = &self.class.phone;
        let row = backend_row(question.catalog, stack.runtime, stack.backend, phone);
        let same = |other: Option<&RuntimeBackend>| match (row, other) {
            (Some(row), Some(other)) => std::ptr::eq(row, other),
            (None, None) => true,
            _ => false,
        };
        let stale = self.weighed.first();
        if stale.is_some_and(|first| first.key.artifact != stack.artifact) {
            self.weighed.clear();
        }
        let known = self.weighed.iter();
        let known = known
            .enumerate()
            .find(|(_, one)| one.key == key && same(one.row));
        if let Some((at, _)) = known {
            return at;
        }
        let estimate = question.figures(self.slot, self.class, stack);
        self.weighed.push(Weighed {
            key,
            row,
            amounts: amounts(question, &estimate),
            scores: scores(question, self.slot, stack, &estimate, kv_reduced),
            filters: vec![None; question.tiers.filters.len()],
            lines: vec![None; question.lines.len()],
            estimate,
        });
        self.weighed.len() - 1
    }
}

impl Known {
    /// Asks the conditions over one tier; a filter that has no more to ask then refuses.
    fn of(filters: &[Filter<'_>], live: &[usize], tier: Tier, facts: &StackFacts<'_>) -> Self {
        let held = live
            .iter()
            .copied()
            .filter(|&at| filters[at].holds(tier, facts));
        let list: Vec<usize> = held.collect();
        if list.iter().any(|&at| filters[at].tier == tier) {
            return Self::Refused;
        }
        let mut set = vec![false; filters.len()];
        for &at in &list {
            set[at] = true;
        }
        Self::Passed(Open { list, set })
    }
}

/// Nothing known of so many models or backends.
fn unasked(count: usize) -> Vec<Option<Known>> {
    std::iter::repeat_with(|| None).take(count).collect()
}

/// What the figures of a stack depend on, beside the phone and the load.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Alike {
    artifact: ArtifactIx,
    engine: RuntimeIx,
    backend: BackendIx,
    settings: Settings,
    kv_reduced: bool,
}

/// Figures that several stacks share, with what was asked of them.
struct Weighed<'a> {
    key: Alike,
    row: Option<&'a RuntimeBackend>,
    estimate: Estimate,
    amounts: Amounts,
    scores: [i64; SCORES],
    /// Per filter whether its conditions over figures hold, where that is shared and was asked.
    filters: Vec<Option<bool>>,
    /// Per line of the spec whether it is unmet, likewise.
    lines: Vec<Option<bool>>,
}

/// The answer known for all that share it, or a new one.
fn shared_or(known: &mut Option<bool>, shared: bool, ask: impl FnOnce() -> bool) -> bool {
    if shared {
        *known.get_or_insert_with(ask)
    } else {
        ask()
    }
}

/// An estimate that says nothing, for conditions that ask for no figure.
pub(super) static NO_FIGURES: Estimate = Estimate {
    weights: Figure::NotApplicable,
    weights_charged: Figure::NotApplicable,
    mapped: Figure::NotApplicable,
    kv_cache: Figure::NotApplicable,
    compute: Figure::NotApplicable,
    peak: Figure::NotApplicable,
    largest_tensor: Figure::NotApplicable,
    download: Figure::NotApplicable,
    storage: Figure::NotApplicable,
    cold_start: Figure::NotApplicable,
    ttft: Figure::NotApplicable,
    prefill: Figure::NotApplicable,
    decode: Figure::NotApplicable,
    latency: Figure::NotApplicable,
    energy: Figure::NotApplicable,
    battery: Figure::NotApplicable,
};
