//! Judges the stacks of one slot on one platform as far as no phone is needed: what all classes of a platform share.
//!
//! A catalog offers tens of thousands of stacks, but far fewer models and runners: what a rule asks of the model is asked
//! once per model, what it asks of the runtime once per runner, what it asks of the file once for all bindings of one
//! engine, which run it alike and are a kind. [`super::gate`] asks the rest for each class.

use std::cell::Cell;

use super::bindings::Bindings;
use super::looks::{Stage, Tier};
use super::question::Question;
use super::stop;
use super::tiers::Filter;
use super::types::DeviceClass;
use crate::catalog::types::{ArtifactIx, BackendIx, ModelIx, RuntimeIx};
use crate::estimate::types::{Estimate, Settings, Stack};
use crate::rules::eval::Kleene;
use crate::rules::facts::{Budgets, StackFacts};

/// By runtime, then by backend; nothing where nobody asked yet.
type ByRunner<T> = Vec<Option<T>>;

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
pub(super) struct Alike {
    /// The number of what runs it.
    binding: usize,
    settings: Settings,
    /// The KV type is not the runtime's own.
    pub(super) kv_reduced: bool,
    /// Number of the list of filters that wait for the phone.
    pub(super) waits: usize,
}

/// What stacks of one file must have in common to be judged alike.
#[derive(Clone, Copy, PartialEq)]
struct Asked {
    /// What waits is everything that may still refuse it.
    of: Alike,
    /// Some line over the model or the runner is unmet.
    unmet: bool,
}

/// Filters that may still refuse a stack.
struct List {
    /// All of them, ascending.
    all: Vec<usize>,
    /// Those that ask something of the runtime itself, so that bindings do not share the answer.
    own: Vec<usize>,
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
    runners: ByRunner<Shared>,
    /// For the model at hand: the number of the list of filters that may still refuse a stack with it.
    pairs: (Option<ModelIx>, ByRunner<usize>),
    lists: Vec<List>,
    bindings: Bindings<'q, 'a>,
    /// No line over stacks asks something of the runtime itself.
    lines_shared: bool,
    /// File, runtime and backend of the stack before.
    before: Option<(ArtifactIx, RuntimeIx, BackendIx)>,
    /// The kinds of the file at hand: stacks with the same figures and the same questions left.
    kinds: Vec<Alike>,
    /// What became of the stacks of the file at hand.
    judged: Vec<(Asked, Item)>,
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
        let lines = question.concerns[at].iter().map(|&at| &question.lines[at]);
        let mut of_stacks = lines.filter(|line| STACKS.contains(&line.tier));
        Self {
            question,
            at,
            class,
            budgets: Budgets::of(catalog, question.spec, &class.phone),
            live: None,
            models: unasked(catalog.models.len()),
            runners: unasked(catalog.runtimes.len() * catalog.backends.len()),
            pairs: (None, Vec::new()),
            lists: Vec::new(),
            bindings: Bindings::new(catalog, &class.phone),
            lines_shared: of_stacks.all(|line| line.shared),
            before: None,
            kinds: Vec::new(),
            judged: Vec::new(),
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
    pub(super) fn kinds(&self) -> &[Alike] {
        &self.kinds
    }

    /// A list of filters by its number.
    pub(super) fn waiting(&self, waits: usize) -> &[usize] {
        &self.waits[waits]
    }

    /// Judges the next stack; those of a file follow one another.
    pub(super) fn item(&mut self, stack: &Stack) -> Item {
        // The runtime's own KV type comes first among stacks that differ in nothing else.
        let named = (stack.artifact, stack.runtime, stack.backend);
        let kv_reduced = self.before == Some(named);
        if self.before.is_none_or(|before| before.0 != stack.artifact) {
            self.kinds.clear();
            self.judged.clear();
        }
        self.before = Some(named);
        self.verdict(stack, kv_reduced).unwrap_or(Item {
            verdict: Err(Stage::Model),
            waits: NOTHING,
        })
    }

    /// What becomes of a stack; `None` where the catalog lacks it.
    fn verdict(&mut self, stack: &Stack, kv_reduced: bool) -> Option<Item> {
        if self.fates(stack).is_none() {
            self.ask(stack, &self.facts(stack)?);
        }
        let (model, runner) = self.fates(stack)?;
        if model.refused || runner.refused {
            let (stage, waits) = if model.refused {
                (Stage::Model, NOTHING)
            } else {
                (Stage::Runner, model.waits)
            };
            let verdict = Err(stage);
            return Some(Item { verdict, waits });
        }
        let facts = self.facts(stack)?;
        let list = self.list(stack, &facts);
        let filters = &self.question.tiers.filters;
        let mut own = self.lists[list].own.iter();
        let shared = self.lines_shared && !own.any(|&at| filters[at].holds(Tier::Stack, &facts));
        let asked = Asked {
            of: self.alike(stack, kv_reduced, list),
            unmet: model.unmet || runner.unmet,
        };
        let mut judged = self.judged.iter();
        if let Some((_, item)) = judged.find(|(of, _)| shared && *of == asked) {
            return Some(*item);
        }
        let item = self.whole(asked, &facts);
        if shared {
            self.judged.push((asked, item));
        }
        Some(item)
    }

    /// Asks what hangs on the whole stack.
    fn whole(&mut self, asked: Asked, facts: &StackFacts<'_>) -> Item {
        let question = self.question;
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.clear();
        let mut refused = None;
        for &at in &self.lists[asked.of.waits].all {
            let filter = &question.tiers.filters[at];
            if !filter.holds(Tier::Stack, facts) {
                continue;
            }
            if filter.last.is_of_platform() {
                refused = Some(filter.stage);
                break;
            }
            waiting.push(at);
        }
        let own = || unmet(question, self.at, &STACKS, facts, &self.refusing);
        if refused.is_none() && (asked.unmet || own()) {
            refused = Some(Stage::Figures);
        }
        let waits = number(&mut self.waits, &waiting);
        self.waiting = waiting;
        let verdict = match refused {
            Some(stage) => Err(stage),
            None => Ok(self.kind(Alike { waits, ..asked.of })),
        };
        Item { verdict, waits }
    }

    /// What is known of a stack before its figures.
    fn facts(&self, stack: &Stack) -> Option<StackFacts<'q>> {
        let question = self.question;
        let case = question.case(question.slots[self.at], self.class, *stack);
        StackFacts::within(question.catalog, case, &NO_FIGURES, self.budgets)
    }

    /// The filters whose conditions over the spec, the stack's model and its runner hold: the others refuse no such stack.
    pub(super) fn open(&mut self, stack: &Stack, facts: &StackFacts<'_>) -> &[usize] {
        if self.fates(stack).is_none() {
            self.ask(stack, facts);
        }
        let list = self.list(stack, facts);
        &self.lists[list].all
    }

    /// The number of the list of those filters, once the model and the runner were asked.
    fn list(&mut self, stack: &Stack, facts: &StackFacts<'_>) -> usize {
        let (model, runner) = (stack.model.at(), self.runner(stack));
        if self.pairs.0 != Some(stack.model) {
            stop::step();
            self.pairs.0 = Some(stack.model);
            self.pairs.1.clear();
            self.pairs.1.resize(self.runners.len(), None);
        }
        let filters = &self.question.tiers.filters;
        let (models, runners, lists) = (&self.models, &self.runners, &mut self.lists);
        *self.pairs.1[runner].get_or_insert_with(|| {
            let known = models[model].iter().chain(&runners[runner]);
            let known: Vec<&Shared> = known.collect();
            let live = self.live.iter().flatten().copied();
            let all: Vec<usize> = live
                .filter(|&at| known.iter().all(|shared| shared.holds[at]))
                .filter(|&at| filters[at].holds(Tier::Pair, facts))
                .collect();
            let found = lists.iter().position(|list| list.all == all);
            found.unwrap_or_else(|| {
                let own = all.iter().copied().filter(|&at| filters[at].of_runtime);
                let own = own.collect();
                lists.push(List { all, own });
                lists.len() - 1
            })
        })
    }

    /// The place of a stack's runner among those of [`ByRunner`].
    fn runner(&self, stack: &Stack) -> usize {
        stack.runtime.at() * self.question.catalog.backends.len() + stack.backend.at()
    }

    /// What is known of the stack's model and of its runner; `None` until both were asked.
    fn fates(&self, stack: &Stack) -> Option<(Fate, Fate)> {
        let model = self.models[stack.model.at()].as_ref()?;
        let runner = self.runners[self.runner(stack)].as_ref()?;
        Some((model.fate, runner.fate))
    }

    /// Asks what there is to ask of the stack's model and its runner.
    fn ask(&mut self, stack: &Stack, facts: &StackFacts<'_>) {
        let filters = &self.question.tiers.filters;
        let role = self.question.slots[self.at].role;
        let runner = self.runner(stack);
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
            Shared { holds, fate }
        };
        self.models[stack.model.at()]
            .get_or_insert_with(|| shared(Tier::Model, Stage::Model, &[Tier::Model]));
        let lines = [Tier::Spec, Tier::Runner];
        self.runners[runner].get_or_insert_with(|| shared(Tier::Runner, Stage::Runner, &lines));
    }

    /// What a stack has in common with others of its file.
    pub(super) fn alike(&mut self, stack: &Stack, kv_reduced: bool, waits: usize) -> Alike {
        Alike {
            binding: self.bindings.number(stack),
            settings: stack.settings,
            kv_reduced,
            waits,
        }
    }

    /// The number of a kind.
    fn kind(&mut self, of: Alike) -> usize {
        let at = self.kinds.iter().position(|kind| *kind == of);
        at.unwrap_or_else(|| {
            self.kinds.push(of);
            self.kinds.len() - 1
        })
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

/// What lines over stacks look at.
const STACKS: [Tier; 2] = [Tier::Pair, Tier::Stack];

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

/// Nothing known of so many models or runners.
fn unasked(count: usize) -> Vec<Option<Shared>> {
    std::iter::repeat_with(|| None).take(count).collect()
}

/// An estimate that says nothing, for conditions that ask for no figure.
pub(super) static NO_FIGURES: Estimate = Estimate::NOTHING;
