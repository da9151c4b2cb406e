//! Judges the stacks of one slot on one platform as far as no phone is needed: what all classes of a platform share.
//!
//! A catalog offers tens of thousands of stacks, but far fewer models and runners: what a rule asks of the model is asked
//! once per model, what it asks of the runtime once per runner. Bindings of one engine run a file alike, so they are a
//! kind. [`super::gate`] asks the rest for each class.

use std::cell::Cell;

use super::looks::{Stage, Tier};
use super::question::Question;
use super::stop;
use super::tiers::Filter;
use super::types::DeviceClass;
use crate::catalog::types::{ArtifactIx, BackendIx, Catalog, ModelIx, RuntimeBackend, RuntimeIx};
use crate::estimate::backend_row;
use crate::estimate::types::{Estimate, Settings, Stack};
use crate::rules::eval::Kleene;
use crate::rules::facts::{Budgets, StackFacts};

/// By runtime, then by backend; nothing where nobody asked yet.
type ByRunner<T> = Vec<Vec<Option<T>>>;

/// What became of a stack.
#[derive(Clone, Copy)]
pub(super) struct Item {
    /// The number of its kind among those of its file, or how far it came before it was refused.
    pub(super) verdict: Result<usize, Stage>,
    /// Number of the list of filters that wait for the phone. Of a refused stack, those that would refuse it earlier.
    pub(super) waits: usize,
}

/// What stacks of one file must have in common to be of one kind.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Alike<'a> {
    engine: RuntimeIx,
    backend: BackendIx,
    settings: Settings,
    /// The KV type is not the runtime's own.
    pub(super) kv_reduced: bool,
    /// Number of the list of filters that wait for the phone.
    pub(super) waits: usize,
    /// A binding has a copy of its engine's, but for what it says itself. The dearest to compare comes last.
    row: Option<&'a RuntimeBackend>,
}

/// Answers that many stacks share: those over a model or over a runner.
struct Shared {
    /// By filter, whether its conditions hold.
    holds: Vec<bool>,
    /// What they come to.
    fate: Fate,
}

/// What becomes of all stacks with a model, or with a runner.
#[derive(Clone, Copy)]
struct Fate {
    /// Some filter needs to know no more, and refuses.
    refused: bool,
    /// Some line of the spec needs to know no more, and is unmet.
    unmet: bool,
    /// Number of the list of filters of this stage that wait for the phone.
    waits: usize,
}

/// Judges stack after stack of one slot, remembering every answer that several of them share.
pub(super) struct Judge<'q, 'a> {
    pub(super) question: &'q Question<'a>,
    at: usize,
    class: &'q DeviceClass,
    budgets: Budgets,
    /// Filters whose conditions over the spec hold; asked with the first stack.
    live: Option<Vec<usize>>,
    /// By model.
    models: Vec<Option<Shared>>,
    /// By runtime, then by backend.
    runners: ByRunner<Shared>,
    /// For the model at hand, likewise: the filters that may still refuse a stack with it.
    pairs: (Option<ModelIx>, ByRunner<Vec<usize>>),
    /// File, runtime and backend of the stack before.
    before: Option<(ArtifactIx, RuntimeIx, BackendIx)>,
    /// The kinds of the file at hand: stacks with the same figures and the same questions left.
    kinds: Vec<Alike<'a>>,
    /// Lists of filters that wait for the phone, ascending.
    waits: Vec<Vec<usize>>,
    /// The list at hand, kept for its room.
    waiting: Vec<usize>,
    /// By line, whether it refused a model, a runner or a stack.
    refusing: Vec<Cell<bool>>,
}

impl<'q, 'a> Judge<'q, 'a> {
    pub(super) fn new(question: &'q Question<'a>, at: usize, class: &'q DeviceClass) -> Self {
        let catalog = question.catalog;
        Self {
            question,
            at,
            class,
            budgets: Budgets::of(catalog, question.spec, &class.phone),
            live: None,
            models: unasked(catalog.models.len()),
            runners: std::iter::repeat_with(|| unasked(catalog.backends.len()))
                .take(catalog.runtimes.len())
                .collect(),
            pairs: (None, Vec::new()),
            before: None,
            kinds: Vec::new(),
            waits: vec![Vec::new()],
            waiting: Vec::new(),
            refusing: vec![Cell::new(false); question.lines.len()],
        }
    }

    /// The numbers of the lines that refused something.
    pub(super) fn refusing(&self) -> impl Iterator<Item = usize> {
        let lines = self.refusing.iter().enumerate();
        lines.filter(|(_, refused)| refused.get()).map(|(at, _)| at)
    }

    /// The kinds of the file of the stack judged last.
    pub(super) fn kinds(&self) -> &[Alike<'a>] {
        &self.kinds
    }

    /// A list of filters by its number.
    pub(super) fn waiting(&self, waits: usize) -> &[usize] {
        &self.waits[waits]
    }

    /// Judges the next stack; those of a file follow one another.
    pub(super) fn item(&mut self, stack: Stack) -> Item {
        // The runtime's own KV type comes first among stacks that differ in nothing else.
        let named = (stack.artifact, stack.runtime, stack.backend);
        let kv_reduced = self.before == Some(named);
        if self.before.is_none_or(|before| before.0 != stack.artifact) {
            self.kinds.clear();
        }
        self.before = Some(named);
        let (verdict, waits) = self.verdict(&stack, kv_reduced);
        Item { verdict, waits }
    }

    fn verdict(&mut self, stack: &Stack, kv_reduced: bool) -> (Result<usize, Stage>, usize) {
        let question = self.question;
        let case = question.case(question.slots[self.at], self.class, *stack);
        let budgets = self.budgets;
        let facts = || StackFacts::within(question.catalog, case, &NO_FIGURES, budgets);
        let lost = (Err(Stage::Model), NOTHING);
        if self.fates(stack).is_none() {
            let Some(facts) = facts() else { return lost };
            self.ask(stack, &facts);
        }
        let Some((model, runner)) = self.fates(stack) else {
            return lost;
        };
        if model.refused {
            return lost;
        }
        if runner.refused {
            return (Err(Stage::Runner), model.waits);
        }
        let Some(facts) = facts() else { return lost };
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.clear();
        let mut refused = None;
        for &at in self.open(stack, &facts) {
            let filter = &question.tiers.filters[at];
            if !filter.holds(Tier::Stack, &facts) {
                continue;
            }
            if filter.last.is_of_platform() {
                refused = Some(filter.stage);
                break;
            }
            waiting.push(at);
        }
        let tiers = [Tier::Pair, Tier::Stack];
        let own = || unmet(question, self.at, &tiers, &facts, &self.refusing);
        if refused.is_none() && (model.unmet || runner.unmet || own()) {
            refused = Some(Stage::Figures);
        }
        let waits = number(&mut self.waits, &waiting);
        self.waiting = waiting;
        match refused {
            Some(stage) => (Err(stage), waits),
            None => (Ok(self.kind(stack, kv_reduced, waits)), waits),
        }
    }

    /// The filters whose conditions over the spec, the stack's model and its runner hold: the others refuse no such stack.
    pub(super) fn open(&mut self, stack: &Stack, facts: &StackFacts<'_>) -> &[usize] {
        if self.fates(stack).is_none() {
            self.ask(stack, facts);
        }
        let (model, runtime, backend) = (stack.model.at(), stack.runtime.at(), stack.backend.at());
        if self.pairs.0 != Some(stack.model) {
            stop::step();
            let catalog = self.question.catalog;
            let none = vec![vec![None; catalog.backends.len()]; catalog.runtimes.len()];
            self.pairs = (Some(stack.model), none);
        }
        let filters = &self.question.tiers.filters;
        let by_model = self.models[model].iter();
        let by_runner = self.runners[runtime][backend].iter();
        self.pairs.1[runtime][backend].get_or_insert_with(|| {
            let known: Vec<&Shared> = by_model.chain(by_runner).collect();
            let live = self.live.iter().flatten().copied();
            live.filter(|&at| known.iter().all(|shared| shared.holds[at]))
                .filter(|&at| filters[at].holds(Tier::Pair, facts))
                .collect()
        })
    }

    /// What is known of the stack's model and of its runner; `None` until both were asked.
    fn fates(&self, stack: &Stack) -> Option<(Fate, Fate)> {
        let model = self.models[stack.model.at()].as_ref()?;
        let runner = self.runners[stack.runtime.at()][stack.backend.at()].as_ref()?;
        Some((model.fate, runner.fate))
    }

    /// Asks what there is to ask of the stack's model and its runner.
    fn ask(&mut self, stack: &Stack, facts: &StackFacts<'_>) {
        let filters = &self.question.tiers.filters;
        let role = self.question.slots[self.at].role;
        let live = self.live.get_or_insert_with(|| {
            let holds = |filter: &Filter<'_>| filter.holds(Tier::Spec, facts);
            let all = (0..filters.len()).filter(|&at| filters[at].concerns(role));
            all.filter(|&at| holds(&filters[at])).collect()
        });
        let mut shared = |tier: Tier, stage: Stage, lines: &[Tier]| {
            let mut holds = vec![false; filters.len()];
            for &at in live.iter() {
                holds[at] = filters[at].holds(tier, facts);
            }
            let own = live.iter().copied();
            let (now, later): (Vec<usize>, Vec<usize>) = own
                .filter(|&at| holds[at] && filters[at].stage == stage)
                .partition(|&at| filters[at].last.is_of_platform());
            let fate = Fate {
                refused: !now.is_empty(),
                unmet: unmet(self.question, self.at, lines, facts, &self.refusing),
                waits: number(&mut self.waits, &later),
            };
            Some(Shared { holds, fate })
        };
        let by_model = shared(Tier::Model, Stage::Model, &[Tier::Model]);
        let by_runner = shared(Tier::Runner, Stage::Runner, &[Tier::Spec, Tier::Runner]);
        self.models[stack.model.at()] = by_model;
        self.runners[stack.runtime.at()][stack.backend.at()] = by_runner;
    }

    /// The number of the stack's kind.
    fn kind(&mut self, stack: &Stack, kv_reduced: bool, waits: usize) -> usize {
        let of = Alike::new(self.question.catalog, self.class, stack, kv_reduced, waits);
        let at = self.kinds.iter().position(|kind| *kind == of);
        at.unwrap_or_else(|| {
            self.kinds.push(of);
            self.kinds.len() - 1
        })
    }
}

impl<'a> Alike<'a> {
    pub(super) fn new(
        catalog: &'a Catalog,
        class: &DeviceClass,
        stack: &Stack,
        kv_reduced: bool,
        waits: usize,
    ) -> Self {
        let engine = catalog.runtimes[stack.runtime.at()].engine;
        Self {
            engine: engine.unwrap_or(stack.runtime),
            backend: stack.backend,
            settings: stack.settings,
            kv_reduced,
            waits,
            row: backend_row(catalog, stack.runtime, stack.backend, &class.phone),
        }
    }
}

/// Whether a line that speaks of the slot and looks at one of the tiers is unmet; such lines are marked as refusing.
fn unmet(
    question: &Question<'_>,
    slot: usize,
    tiers: &[Tier],
    facts: &StackFacts<'_>,
    refusing: &[Cell<bool>],
) -> bool {
    let mut unmet = false;
    for &at in &question.concerns[slot] {
        let line = &question.lines[at];
        if tiers.contains(&line.tier) && line.broken(facts) != Kleene::False {
            refusing[at].set(true);
            unmet = true;
        }
    }
    unmet
}

/// The number of the empty list.
const NOTHING: usize = 0;

/// The number of a list among those known, which it joins when it is new.
pub(super) fn number(known: &mut Vec<Vec<usize>>, list: &[usize]) -> usize {
    let at = known.iter().position(|one| one == list);
    at.unwrap_or_else(|| {
        known.push(list.to_vec());
        known.len() - 1
    })
}

/// Nothing known of so many models or backends.
fn unasked(count: usize) -> Vec<Option<Shared>> {
    std::iter::repeat_with(|| None).take(count).collect()
}

/// An estimate that says nothing, for conditions that ask for no figure.
pub(super) static NO_FIGURES: Estimate = Estimate::NOTHING;
