//! Asks of the stacks of a slot what only a class of phones can answer: its chips, its limits, memory, and speed last.
//!
//! Starts from what [`super::judge`] left open. The answers are those of asking each stack alone.

use std::cell::Cell;
use std::ops::BitOr;

use super::figures::{Compared, speeds};
use super::judge::NO_FIGURES;
use super::lines::Line;
use super::looks::{Stage, Tier};
use super::problem::SCORES;
use super::question::Question;
use super::space::{Amounts, Entry, amounts, scores};
use super::split::{Half, Of, Taken};
use super::types::{DeviceClass, Slot};
use crate::estimate::types::{Estimate, Stack};
use crate::estimate::{Footprint, Speeds, threads};
use crate::rules::eval::Kleene;
use crate::rules::facts::{Budgets, Case, StackFacts};

/// Judges the stacks of one slot for one class.
pub(super) struct Gate<'q, 'a> {
    question: &'q Question<'a>,
    slot: Slot,
    class: &'q DeviceClass,
    budgets: Budgets,
    threads: u32,
    /// Lines that speak of the slot and look at the phone or later, by number, and whether one refused a stack.
    lines: Vec<(usize, &'q Line<'a>, Cell<bool>)>,
    /// Speeds that are asked for besides.
    besides: Speeds,
    /// What is known of the phone, once there is a stack to ask with.
    phone: Option<Alive>,
}

/// What a phone makes of the filters.
struct Alive {
    /// By filter, whether it can refuse any stack on the phone.
    filters: Vec<bool>,
    /// By filter that comes apart, the phone's half.
    gives: Vec<Option<Half>>,
    /// The speeds that somebody will ask for.
    speeds: Speeds,
}

/// A kind of stacks that nothing refuses, by what its bindings share.
pub(super) struct Weighed {
    /// Kept only where its stacks have questions of their own.
    estimate: Option<Box<Estimate>>,
    amounts: Amounts,
    scores: [i64; SCORES],
}

impl<'q, 'a> Gate<'q, 'a> {
    pub(super) fn new(question: &'q Question<'a>, at: usize, class: &'q DeviceClass) -> Self {
        let lines = question.concerns[at].iter();
        Self {
            question,
            slot: question.slots[at],
            class,
            budgets: Budgets::of(question.catalog, question.spec, &class.phone),
            threads: threads(question.catalog, &class.phone),
            lines: lines
                .map(|&at| (at, &question.lines[at], Cell::new(false)))
                .filter(|(_, line, _)| !line.tier.is_of_platform())
                .collect(),
            besides: Speeds::NONE,
            phone: None,
        }
    }

    /// The same where some speeds are wanted whatever the question asks.
    pub(super) const fn besides(mut self, speeds: Speeds) -> Self {
        self.besides = speeds;
        self
    }

    /// What all stacks of a kind share, or how far they come. `footprint` is the kind's; its speeds are left as this phone's.
    pub(super) fn weigh(
        &mut self,
        stack: &Stack,
        waits: &[usize],
        kv_reduced: bool,
        (footprint, taken): (&mut Footprint, &mut Taken),
    ) -> Result<Weighed, Stage> {
        let stack = self.placed(*stack);
        self.estimate(&stack, waits, (footprint, taken))?;
        let estimate = &footprint.estimate;
        Ok(Weighed {
            amounts: amounts(self.question, self.slot, estimate),
            scores: scores(
                self.question,
                Compared {
                    slot: self.slot,
                    class: self.class,
                    stack: &stack,
                    estimate,
                    kv_reduced,
                },
            ),
            estimate: (!self.is_shared(waits)).then(|| Box::new(estimate.clone())),
        })
    }

    /// Puts the speeds of a kind on this phone into its footprint, or says how far its stacks come; `stack` is placed.
    pub(super) fn estimate(
        &mut self,
        stack: &Stack,
        waits: &[usize],
        (footprint, taken): (&mut Footprint, &mut Taken),
    ) -> Result<(), Stage> {
        self.meet(stack).ok_or(Stage::Model)?;
        let facts = self.facts(stack, &NO_FIGURES).ok_or(Stage::Model)?;
        let sized = facts.with(&footprint.estimate);
        self.pass(waits, true, Tier::Memory, &sized, taken)?;
        let speeds = self.speeds(stack);
        (self.question).complete(footprint, self.slot, self.class, stack, speeds);
        let timed = facts.with(&footprint.estimate);
        self.pass(waits, true, Tier::Speed, &timed, taken)
    }

    /// Asks what bindings of one engine do not share; `stack` is placed.
    pub(super) fn admit(
        &self,
        stack: &Stack,
        waits: &[usize],
        estimate: &Estimate,
    ) -> Result<(), Stage> {
        let facts = self.facts(stack, estimate).ok_or(Stage::Model)?;
        let mut taken = Taken::default();
        self.pass(waits, false, Tier::Memory, &facts, &mut taken)?;
        self.pass(waits, false, Tier::Speed, &facts, &mut taken)
    }

    /// A stack of a kind as an entry for the search, or how far it came.
    pub(super) fn judge(
        &self,
        stack: &Stack,
        waits: &[usize],
        weighed: &Result<Weighed, Stage>,
    ) -> Result<Entry, Stage> {
        let weighed = weighed.as_ref().map_err(|stage| *stage)?;
        let stack = self.placed(*stack);
        if let Some(estimate) = &weighed.estimate {
            self.admit(&stack, waits, estimate)?;
        }
        Ok(Entry {
            stack,
            amounts: weighed.amounts,
            scores: weighed.scores,
        })
    }

    /// How far a refused stack comes on this phone, which may refuse it sooner.
    pub(super) fn earlier(&mut self, stack: &Stack, waits: &[usize], stage: Stage) -> Stage {
        let filters = &self.question.tiers.filters;
        let sooner = |at: &usize| filters[*at].stage < stage;
        if !waits.iter().any(sooner) {
            return stage;
        }
        let stack = self.placed(*stack);
        let (Some(()), Some(facts)) = (self.meet(&stack), self.facts(&stack, &NO_FIGURES)) else {
            return Stage::Model;
        };
        let fires = |at: &usize| {
            sooner(at) && self.is_alive(*at) && filters[*at].holds(Tier::Placed, &facts)
        };
        let first = waits.iter().copied().find(fires);
        first.map_or(stage, |at| filters[at].stage)
    }

    /// The stack with the threads of this phone.
    pub(super) fn placed(&self, mut stack: Stack) -> Stack {
        stack.settings.threads = self.threads;
        stack
    }

    /// Learns what the phone makes of the filters, with the first stack there is; `None` where the catalog lacks it.
    fn meet(&mut self, stack: &Stack) -> Option<()> {
        if self.phone.is_none() {
            let facts = self.facts(stack, &NO_FIGURES)?;
            let filters = self.question.tiers.filters.iter();
            let alive: Vec<bool> = filters.map(|filter| filter.is_alive(&facts)).collect();
            let filters = self.question.tiers.filters.iter();
            let gives = filters.map(|filter| filter.split?.half(Of::Phone, &facts));
            let gives = gives.collect();
            let filters = self.question.tiers.filters.iter().zip(&alive);
            let asked = filters
                .filter(|(_, alive)| **alive)
                .map(|(filter, _)| filter.speeds);
            let asked = asked.chain(self.lines.iter().map(|(_, line, _)| line.speeds));
            let compared = self.question.compared(self.slot).map(speeds);
            self.phone = Some(Alive {
                speeds: asked.chain(compared).fold(self.besides, BitOr::bitor),
                filters: alive,
                gives,
            });
        }
        Some(())
    }

    /// The speeds that somebody will ask of a placed stack.
    pub(super) fn speeds(&mut self, stack: &Stack) -> Speeds {
        self.meet(stack);
        self.phone.as_ref().map_or(Speeds::ALL, |it| it.speeds)
    }

    fn is_alive(&self, filter: usize) -> bool {
        let phone = self.phone.as_ref();
        phone.is_none_or(|phone| phone.filters[filter])
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

    /// Whether a filter that waited refuses a placed stack of the kind whose halves are taken.
    pub(super) fn fires(&self, at: usize, facts: &StackFacts<'_>, taken: &mut Taken) -> bool {
        if !self.is_alive(at) {
            return false;
        }
        let filter = &self.question.tiers.filters[at];
        let given = self.phone.as_ref().and_then(|phone| phone.gives[at]);
        let halves = filter.split.zip(given).and_then(|(split, given)| {
            let taken = taken.half(at, || split.half(Of::Kind, facts))?;
            Some(split.holds(&taken, &given))
        });
        halves.unwrap_or_else(|| filter.fires_from(Tier::Placed, facts))
    }

    /// Asks the filters that wait and the lines, those that end with `last` or, for memory, before it.
    fn pass(
        &self,
        waits: &[usize],
        shared: bool,
        last: Tier,
        facts: &StackFacts<'_>,
        taken: &mut Taken,
    ) -> Result<(), Stage> {
        let due = |tier: Tier| (tier == Tier::Speed) == (last == Tier::Speed);
        for &at in waits {
            let filter = &self.question.tiers.filters[at];
            let asked = filter.shared == shared && due(filter.last);
            if asked && self.fires(at, facts, taken) {
                return Err(filter.stage);
            }
        }
        let mut unmet = false;
        for (_, line, refused) in &self.lines {
            let asked = line.shared == shared && due(line.tier);
            // Once the stack is out, only a line that refused nothing yet is of interest.
            if asked && !(unmet && refused.get()) && line.broken(facts) != Kleene::False {
                refused.set(true);
                unmet = true;
            }
        }
        if unmet { Err(Stage::Figures) } else { Ok(()) }
    }

    /// The numbers of the lines that refused a stack which nothing before them did.
    pub(super) fn refusing(&self) -> impl Iterator<Item = usize> {
        let lines = self.lines.iter().filter(|(.., refused)| refused.get());
        lines.map(|(at, ..)| *at)
    }

    /// Whether bindings of one engine share all answers that are still open.
    fn is_shared(&self, waits: &[usize]) -> bool {
        let filters = &self.question.tiers.filters;
        let mut lines = self.lines.iter();
        waits.iter().all(|&at| filters[at].shared) && lines.all(|(_, line, _)| line.shared)
    }
}
