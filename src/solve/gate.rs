//! Asks of the stacks of a slot what only a class of phones can answer: its chips, its limits, memory, and speed last.
//!
//! Starts from a [`Stock`], where everything else is answered. The answers are those of asking each stack alone.

use super::lines::Line;
use super::question::Question;
use super::space::{Amounts, Entry, amounts, scores};
use super::stock::{Item, Kind, NO_FIGURES, Stock};
use super::tiers::{Filter, Stage, Tier};
use super::types::{DeviceClass, Slot};
use crate::estimate::threads;
use crate::estimate::types::{Estimate, Stack};
use crate::rules::eval::Kleene;
use crate::rules::facts::{Budgets, Case, StackFacts};
use crate::solve::problem::SCORES;

/// Judges the stacks of one slot for one class.
pub(super) struct Gate<'q, 'a> {
    question: &'q Question<'a>,
    stock: &'q Stock<'a>,
    at: usize,
    slot: Slot,
    class: &'q DeviceClass,
    budgets: Budgets,
    threads: u32,
    /// By filter, whether it can refuse any stack on the phone.
    alive: Vec<bool>,
}

/// A kind of stacks that nothing refuses, by what its bindings share.
pub(super) struct Weighed {
    /// Kept only where its stacks have questions of their own: thousands of estimates cost more to store than to find.
    estimate: Option<Box<Estimate>>,
    amounts: Amounts,
    scores: [i64; SCORES],
}

impl<'q, 'a> Gate<'q, 'a> {
    pub(super) fn new(
        question: &'q Question<'a>,
        at: usize,
        class: &'q DeviceClass,
        stock: &'q Stock<'a>,
    ) -> Self {
        let mut gate = Self {
            question,
            stock,
            at,
            slot: question.slots[at],
            class,
            budgets: Budgets::of(question.catalog, question.spec, &class.phone),
            threads: threads(question.catalog, &class.phone),
            alive: Vec::new(),
        };
        let first = stock.items.first();
        if let Some(facts) = first.and_then(|item| gate.facts(&item.stack, &NO_FIGURES)) {
            let filters = question.tiers.filters.iter();
            let alive = filters.map(|filter| filter.is_alive(&facts));
            gate.alive = alive.collect();
        }
        gate
    }

    /// What all stacks of a kind share, or how far they come.
    pub(super) fn weigh(&self, kind: &Kind<'a>) -> Result<Weighed, Stage> {
        let stack = self.placed(kind.stack);
        let estimate = self.estimate(kind, &stack)?;
        Ok(Weighed {
            amounts: amounts(self.question, &estimate),
            scores: scores(
                self.question,
                self.slot,
                &stack,
                &estimate,
                kind.of.kv_reduced,
            ),
            estimate: (!self.is_shared(kind.of.waits)).then(|| Box::new(estimate)),
        })
    }

    /// The figures of a kind on this phone, or how far its stacks come; `stack` is the one it is known by, placed.
    pub(super) fn estimate(&self, kind: &Kind<'a>, stack: &Stack) -> Result<Estimate, Stage> {
        let facts = self
            .facts(stack, &kind.footprint.estimate)
            .ok_or(Stage::Model)?;
        self.pass(kind.of.waits, true, Tier::Memory, &facts)?;
        let estimate = self
            .question
            .complete(&kind.footprint, self.slot, self.class, stack);
        self.pass(kind.of.waits, true, Tier::Speed, &facts.with(&estimate))?;
        Ok(estimate)
    }

    /// A stack as an entry for the search, or how far it came; `kinds` are what [`Gate::weigh`] said of them.
    pub(super) fn judge(
        &self,
        item: &Item,
        kinds: &[Result<Weighed, Stage>],
    ) -> Result<Entry, Stage> {
        let stack = self.placed(item.stack);
        let weighed = match item.verdict {
            Ok(kind) => kinds[kind].as_ref().map_err(|stage| *stage)?,
            Err(stage) => return Err(self.earlier(item, stage)),
        };
        if let Some(estimate) = &weighed.estimate {
            self.admit(item, &stack, estimate)?;
        }
        Ok(Entry {
            stack,
            amounts: weighed.amounts,
            scores: weighed.scores,
        })
    }

    /// Asks what bindings of one engine do not share; `stack` is the item's, placed.
    pub(super) fn admit(
        &self,
        item: &Item,
        stack: &Stack,
        estimate: &Estimate,
    ) -> Result<(), Stage> {
        let facts = self.facts(stack, estimate).ok_or(Stage::Model)?;
        self.pass(item.waits, false, Tier::Memory, &facts)?;
        self.pass(item.waits, false, Tier::Speed, &facts)
    }

    /// The stack with the threads of this phone.
    pub(super) fn placed(&self, mut stack: Stack) -> Stack {
        stack.settings.threads = self.threads;
        stack
    }

    /// The facts of a placed stack.
    pub(super) fn facts<'f>(&self, stack: &Stack, estimate: &'f Estimate) -> Option<StackFacts<'f>>
    where
        'a: 'f,
        'q: 'f,
    {
        let case: Case<'f> = self.question.case(self.slot, self.class, *stack);
        StackFacts::within(self.question.catalog, case, estimate, self.budgets)
    }

    /// Asks the filters that wait and the lines, those that end with `last` or, for memory, before it.
    fn pass(
        &self,
        waits: usize,
        shared: bool,
        last: Tier,
        facts: &StackFacts<'_>,
    ) -> Result<(), Stage> {
        let due = |tier: Tier| (tier == Tier::Speed) == (last == Tier::Speed);
        let fires = |filter: &Filter<'_>| filter.fires_from(Tier::Placed, facts);
        for &at in &self.stock.waits[waits] {
            let filter = &self.question.tiers.filters[at];
            let asked = filter.shared == shared && due(filter.last);
            if asked && self.alive[at] && fires(filter) {
                return Err(filter.stage);
            }
        }
        let unmet = |line: &&Line<'_>| {
            let asked = line.shared == shared && due(line.tier) && !line.tier.is_of_platform();
            asked && line.broken(facts) != Kleene::False
        };
        if self.lines().any(|line| unmet(&line)) {
            return Err(Stage::Figures);
        }
        Ok(())
    }

    /// The lines that speak of the slot.
    fn lines(&self) -> impl Iterator<Item = &'q Line<'a>> {
        let lines = self.question.concerns[self.at].iter();
        lines.map(|&line| &self.question.lines[line])
    }

    /// Whether bindings of one engine share all answers that are still open.
    fn is_shared(&self, waits: usize) -> bool {
        let filters = &self.question.tiers.filters;
        let mut waiting = self.stock.waits[waits].iter();
        waiting.all(|&at| filters[at].shared) && self.lines().all(|line| line.shared)
    }

    /// How far a refused stack comes on this phone, which may refuse it sooner.
    fn earlier(&self, item: &Item, stage: Stage) -> Stage {
        let filters = &self.question.tiers.filters;
        let mut sooner = self.stock.waits[item.waits]
            .iter()
            .filter(|&&at| filters[at].stage < stage && self.alive[at])
            .peekable();
        if sooner.peek().is_none() {
            return stage;
        }
        let stack = self.placed(item.stack);
        let Some(facts) = self.facts(&stack, &NO_FIGURES) else {
            return Stage::Model;
        };
        let fires = sooner.find(|&&at| filters[at].holds(Tier::Placed, &facts));
        fires.map_or(stage, |&at| filters[at].stage)
    }
}
