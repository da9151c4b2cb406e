//! The stacks of one slot on one class that moving one bound can bring in.

use super::super::bounded::Bounded;
use super::super::figures::{Compared, ordinal, score};
use super::super::gate::Gate;
use super::super::instance::Limits;
use super::super::judge::Judge;
use super::super::locked::{Named, held};
use super::super::problem::{KNOWN, LOCKED, SCORES};
use super::super::space::{Amounts, Entry, amounts, scores};
use super::super::split::Taken;
use super::super::types::DeviceClass;
use super::open::{Asked, Known};
use crate::catalog::types::ArtifactIx;
use crate::estimate::Footprint;
use crate::estimate::types::{Estimate, Stack};
use crate::spec::model::Objective;

/// A stack that can be part of an answer when one bound moves.
pub(super) struct Opened {
    pub(super) entry: Entry,
    /// By line that bounds single stacks; empty where none bounds those of the slot.
    pub(super) values: Vec<Option<f64>>,
}

/// A stack of the file at hand that nothing of the platform refuses.
pub(super) struct Item {
    pub(super) stack: Stack,
    pub(super) kind: usize,
    pub(super) waits: usize,
}

/// What the stacks of a kind share.
struct Weighed {
    estimate: Estimate,
    amounts: Amounts,
    scores: [i64; SCORES],
    values: Vec<Option<f64>>,
}

/// A footprint that is found when it is asked for first, how, and the halves of rules that are known of it.
type Found<'f> = (
    &'f mut Option<Footprint>,
    &'f dyn Fn() -> Footprint,
    &'f mut Taken,
);

/// One slot being opened on one class.
pub(super) struct Row<'k, 'a> {
    asked: Asked<'k, 'a>,
    class: &'k DeviceClass,
    at: usize,
    bounded: &'k [Bounded],
    /// Whether some line bounds single stacks of this slot.
    valued: bool,
    gate: Gate<'k, 'a>,
    /// The limits on sizes, one a line.
    sizes: Vec<Limits>,
    /// The scores of the choice, where no other slot can gain by a worse one here.
    beaten: Option<[i64; SCORES]>,
    /// What an earlier build chose.
    locked: Option<Named>,
    /// What is admissible of the file at hand and was not met yet, in the order of the stacks; and the file.
    rest: (&'k [Entry], Option<ArtifactIx>),
    /// All that is admissible, by file.
    admissible: &'k [Entry],
    /// By open stack of the file at hand, the same as an admissible one.
    own: Vec<Option<Entry>>,
    /// By kind of the file at hand.
    kinds: Vec<Option<Weighed>>,
    opened: Vec<Opened>,
}

impl<'k, 'a> Row<'k, 'a> {
    pub(super) fn new(
        asked: Asked<'k, 'a>,
        known: Known<'k>,
        at: usize,
        bounded: &'k [Bounded],
    ) -> Self {
        let (question, class) = (asked.question, known.class);
        let concerns = &question.concerns[at];
        let sizes = concerns.iter().copied();
        let sizes = sizes.filter(|line| bounded.iter().all(|one| one.line != *line));
        let sizes = sizes.map(|line| Limits::of(question, class, &|at| at == line, false));
        let entries = &known.shelves[at].entries;
        let chosen = entries.iter().find(|one| one.stack == known.picks[at]);
        let alone = known.shelves.len() == 1;
        Self {
            valued: bounded.iter().any(|one| concerns.contains(&one.line)),
            gate: Gate::new(asked.bare, at, class).besides(question.speeds_of_lines(at)),
            sizes: sizes.collect(),
            beaten: chosen.filter(|_| alone).map(|one| one.scores),
            locked: question.before(at, class),
            rest: (&[], None),
            admissible: entries,
            own: Vec::new(),
            kinds: Vec::new(),
            opened: Vec::new(),
            asked,
            class,
            at,
            bounded,
        }
    }

    pub(super) const fn class(&self) -> &'k DeviceClass {
        self.class
    }

    pub(super) fn finish(self) -> Vec<Opened> {
        self.opened
    }

    /// Sees the next open stack, which is taken in with its file.
    pub(super) fn meet(&mut self, stack: &Stack) {
        let stack = self.gate.placed(*stack);
        if self.rest.1 != Some(stack.artifact) {
            let file = |entry: &Entry| entry.stack.artifact;
            let start = (self.admissible).partition_point(|entry| file(entry) < stack.artifact);
            let rest = &self.admissible[start..];
            let end = rest.partition_point(|entry| file(entry) == stack.artifact);
            self.rest = (&rest[..end], Some(stack.artifact));
        }
        // Both lists are in the same order, and what is admissible is open.
        let next = self.rest.0.split_first();
        let own = next.filter(|(entry, _)| entry.stack == stack);
        if let Some((_, rest)) = own {
            self.rest.0 = rest;
        }
        self.own.push(own.map(|(entry, _)| *entry));
    }

    /// Takes in the open stacks of the file at hand, whose kinds are weighed.
    pub(super) fn take(&mut self, stacks: &[Item], judge: &Judge<'_, '_>) {
        for (item, own) in stacks.iter().zip(std::mem::take(&mut self.own)) {
            let weighed = self.kinds[item.kind].as_ref();
            let entry = match (own, weighed) {
                (Some(entry), _) => entry,
                (None, Some(weighed)) => {
                    let stack = self.gate.placed(item.stack);
                    let waits = judge.waiting(item.waits);
                    let admitted = self.gate.admit(&stack, waits, &weighed.estimate);
                    if admitted.is_err() {
                        continue;
                    }
                    self.entry(stack, weighed)
                }
                (None, None) => continue,
            };
            let values = weighed.filter(|_| self.valued);
            let values = values.map_or_else(Vec::new, |one| one.values.clone());
            self.opened.push(Opened { entry, values });
        }
        self.kinds.clear();
    }

    /// Weighs the next kind of the file at hand, of which `item` is the first stack.
    pub(super) fn weigh(
        &mut self,
        item: &Item,
        stacks: &[Item],
        waits: &[usize],
        kv_reduced: bool,
        found: Found<'_>,
    ) {
        let mut own = stacks.iter().zip(&self.own);
        let held = own.any(|(other, own)| other.kind == item.kind && own.is_some());
        let stack = self.gate.placed(item.stack);
        let weighed = self.weighed(&stack, waits, kv_reduced, held, found);
        self.kinds.push(weighed);
    }

    /// What is new of a kind: nothing where no bound can bring it in, or where its stacks are held already and no line asks
    /// for values.
    fn weighed(
        &mut self,
        stack: &Stack,
        waits: &[usize],
        kv_reduced: bool,
        held: bool,
        (footprint, find, taken): Found<'_>,
    ) -> Option<Weighed> {
        let question = self.asked.question;
        if held && !self.valued {
            return None;
        }
        let slot = question.slots[self.at];
        let footprint = footprint.get_or_insert_with(find);
        if !held {
            // Where nothing else is compared, what breaks no size is refused by a rule.
            let least = usize::from(!self.valued);
            let broken = self.broken(&amounts(question, slot, &footprint.estimate));
            if !(least..=1).contains(&broken) || !self.can_win(footprint, kv_reduced, stack) {
                return None;
            }
        }
        self.gate.estimate(stack, waits, (footprint, taken)).ok()?;
        let estimate = footprint.estimate.clone();
        let facts = self.gate.facts(stack, &estimate)?;
        let concerns = &question.concerns[self.at];
        let values = self.bounded.iter().map(|bound| {
            let speaks = concerns.contains(&bound.line);
            speaks.then(|| bound.value(&facts)).flatten()
        });
        Some(Weighed {
            values: values.collect(),
            amounts: amounts(question, slot, &estimate),
            scores: scores(
                question,
                Compared {
                    slot,
                    class: self.class,
                    stack,
                    estimate: &estimate,
                    kv_reduced,
                },
            ),
            estimate,
        })
    }

    /// How many lines on sizes a stack breaks by itself.
    fn broken(&self, amounts: &Amounts) -> usize {
        let memory = amounts.own + amounts.weights;
        let breaks = |limits: &&Limits| {
            let features = limits.features.iter();
            limits.memory.is_some_and(|most| memory > most)
                || limits.download.is_some_and(|most| amounts.download > most)
                || limits.storage.is_some_and(|most| amounts.storage > most)
                || features.map(|(.., most)| *most).any(|most| memory > most)
        };
        self.sizes.iter().filter(breaks).count()
    }

    /// Whether a kind may be better than the choice. What needs a phone's speed is taken at its best.
    fn can_win(&self, footprint: &Footprint, kv_reduced: bool, stack: &Stack) -> bool {
        let Some(beaten) = &self.beaten else {
            return true;
        };
        let bare = self.asked.bare;
        let goals = |score: &usize| (*score, beaten[*score]);
        let order = bare.preference(self.at);
        for (goal, known) in std::iter::once(&KNOWN).chain(&order).map(goals) {
            let best = match Objective::ALL.get(goal) {
                Some(
                    objective @ (Objective::Quality
                    | Objective::Memory
                    | Objective::Download
                    | Objective::Storage
                    | Objective::Store),
                ) => {
                    let one = Compared {
                        slot: bare.slots[self.at],
                        class: self.class,
                        stack,
                        estimate: &footprint.estimate,
                        kv_reduced,
                    };
                    ordinal(score(bare, one, *objective))
                }
                Some(Objective::Comfort) => ordinal(COMFORTABLE),
                Some(_) => i64::MAX,
                None => 1,
            };
            if best != known {
                return best > known;
            }
        }
        true
    }

    fn entry(&self, stack: Stack, weighed: &Weighed) -> Entry {
        let mut scores = weighed.scores;
        scores[LOCKED] = held(self.locked, &stack);
        Entry {
            stack,
            amounts: weighed.amounts,
            scores,
        }
    }
}

/// The best score of [`Objective::Comfort`].
const COMFORTABLE: f64 = 2.0;
