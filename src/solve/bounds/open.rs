//! The stacks of a class that break no rule and no demand and at most one bound: those that moving one bound can bring in.

use super::super::bounded::Bounded;
use super::super::figures::{ordinal, score};
use super::super::gate::Gate;
use super::super::instance::Limits;
use super::super::judge::Judge;
use super::super::locked::Named;
use super::super::problem::{KNOWN, LOCKED, SCORES};
use super::super::question::Question;
use super::super::space::{Amounts, Entry, Shelf, amounts, scores};
use super::super::split::Taken;
use super::super::stacks::each_stack;
use super::super::types::DeviceClass;
use crate::catalog::types::ArtifactIx;
use crate::estimate::types::{Estimate, Stack};
use crate::estimate::{Footprint, Speeds};
use crate::rules::facts::StackFacts;
use crate::spec::model::{Budget, Objective, Spec};

/// Per slot, the stacks with what each line that bounds single stacks compares.
pub(in crate::solve) struct Open {
    pub(super) entries: Vec<Vec<Entry>>,
    pub(super) bounded: Vec<Bounded>,
    /// By slot, stack and line of `bounded`, where the line speaks of the slot.
    pub(super) values: Vec<Vec<Vec<Option<f64>>>>,
}

/// A spec without its bounds: what it names and forbids stays.
pub(in crate::solve) fn unbound(spec: &Spec) -> Spec {
    let mut bare = Spec {
        budget: Budget::default(),
        ..spec.clone()
    };
    for feature in &mut bare.features {
        (feature.ttft, feature.decode, feature.latency) = (None, None, None);
        (feature.cold_start, feature.memory) = (None, None);
    }
    bare
}

/// What is known of a class when its bounds are moved.
#[derive(Clone, Copy)]
pub(in crate::solve) struct Known<'k, 'a> {
    /// The question as asked.
    pub(in crate::solve) question: &'k Question<'a>,
    /// The same without bounds.
    pub(in crate::solve) bare: &'k Question<'a>,
    /// The class.
    pub(in crate::solve) class: &'k DeviceClass,
    /// Per slot what is admissible.
    pub(in crate::solve) shelves: &'k [Shelf],
    /// The choice.
    pub(in crate::solve) picks: &'k [Stack],
}

impl Open {
    /// Of a spec with bounds, or of one without: then what is admissible is all there is.
    pub(super) fn new(known: Known<'_, '_>) -> Self {
        let question = known.question;
        let bounded = bounded(question);
        let moves = question.lines.iter().any(|line| line.is_bound());
        let slots = known.shelves.iter().enumerate();
        let slots = slots.map(|(at, shelf)| {
            if moves {
                Opening::new(known, at, &bounded).run()
            } else {
                (shelf.entries.clone(), Vec::new())
            }
        });
        let (entries, values) = slots.unzip();
        Self {
            entries,
            bounded,
            values,
        }
    }

    /// The choice alone: enough to say how far the bounds are away.
    pub(super) fn chosen(known: Known<'_, '_>) -> Self {
        let (question, class) = (known.question, known.class);
        let bounded = bounded(question);
        let slots = known.shelves.iter().zip(known.picks).enumerate();
        let slots = slots.map(|(at, (shelf, pick))| {
            let slot = question.slots[at];
            let own = shelf.entries.iter().find(|entry| entry.stack == *pick);
            let estimate = question.figures(slot, class, pick);
            let case = question.case(slot, class, *pick);
            let facts = StackFacts::new(question.catalog, case, &estimate);
            let values = bounded.iter().map(|bound| {
                let speaks = question.concerns[at].contains(&bound.line);
                speaks.then(|| bound.value(facts.as_ref()?)).flatten()
            });
            (own.copied().into_iter().collect(), vec![values.collect()])
        });
        let (entries, values) = slots.unzip();
        Self {
            entries,
            bounded,
            values,
        }
    }
}

/// The lines that bound single stacks. Sums of sizes are the search's business.
fn bounded(question: &Question<'_>) -> Vec<Bounded> {
    let lines = 0..question.lines.len();
    lines
        .filter_map(|at| Bounded::of(question, at))
        .filter(|bound| !bound.is_sum_of_sizes())
        .collect()
}

/// One slot being opened.
struct Opening<'k, 'a> {
    known: Known<'k, 'a>,
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
    entries: Vec<Entry>,
    values: Vec<Vec<Option<f64>>>,
}

/// A stack of the file at hand that nothing of the platform refuses.
struct Item {
    stack: Stack,
    kind: usize,
    waits: usize,
    /// The same as an admissible one.
    own: Option<Entry>,
}

/// What the stacks of a kind share.
struct Weighed {
    estimate: Estimate,
    amounts: Amounts,
    scores: [i64; SCORES],
    values: Vec<Option<f64>>,
}

impl<'k, 'a> Opening<'k, 'a> {
    fn new(known: Known<'k, 'a>, at: usize, bounded: &'k [Bounded]) -> Self {
        let (question, class) = (known.question, known.class);
        let concerns = &question.concerns[at];
        let sizes = concerns.iter().copied();
        let sizes = sizes.filter(|line| bounded.iter().all(|one| one.line != *line));
        let sizes = sizes.map(|line| Limits::of(question, class, &|at| at == line, false));
        let entries = &known.shelves[at].entries;
        let chosen = entries.iter().find(|one| one.stack == known.picks[at]);
        let alone = known.shelves.len() == 1;
        let speeds = concerns.iter().map(|&line| question.lines[line].speeds);
        let speeds = speeds.fold(Speeds::NONE, |all, one| all | one);
        Self {
            valued: bounded.iter().any(|one| concerns.contains(&one.line)),
            gate: Gate::new(known.bare, at, class).besides(speeds),
            sizes: sizes.collect(),
            beaten: chosen.filter(|_| alone).map(|one| one.scores),
            locked: (question.locked).and_then(|locked| locked.named(question, at, class)),
            known,
            at,
            bounded,
            entries: Vec::new(),
            values: Vec::new(),
        }
    }

    fn run(mut self) -> (Vec<Entry>, Vec<Vec<Option<f64>>>) {
        let Known {
            question, class, ..
        } = self.known;
        let slot = question.slots[self.at];
        let context = question.spec.features[slot.feature].context.value;
        // Both lists are in the same order.
        let mut rest = self.known.shelves[self.at].entries.iter().peekable();
        let mut judge = Judge::new(question, self.at, class);
        let mut file: Vec<Item> = Vec::new();
        let mut at: Option<ArtifactIx> = None;
        let all = &|_| true;
        each_stack(
            question.catalog,
            slot.role,
            &class.phone,
            context,
            all,
            |stack| {
                if at != Some(stack.artifact) {
                    at = Some(stack.artifact);
                    self.leave(&judge, &mut file);
                }
                let item = judge.item(stack);
                let stack = self.gate.placed(stack);
                let own = rest.next_if(|entry| entry.stack == stack).copied();
                if let Ok(kind) = item.verdict {
                    let waits = item.waits;
                    file.push(Item {
                        stack,
                        kind,
                        waits,
                        own,
                    });
                }
            },
        );
        self.leave(&judge, &mut file);
        (self.entries, self.values)
    }

    /// Takes in the stacks of the file at hand, before the next one is judged.
    fn leave(&mut self, judge: &Judge<'_, '_>, file: &mut Vec<Item>) {
        let mut kinds: Vec<Option<Weighed>> = Vec::with_capacity(judge.kinds().len());
        for (kind, of) in judge.kinds().iter().enumerate() {
            let mut stacks = file.iter().filter(|item| item.kind == kind);
            let held = stacks.clone().any(|item| item.own.is_some());
            let first = stacks.next();
            kinds.push(first.and_then(|item| {
                let waits = judge.waiting(item.waits);
                self.weigh(&item.stack, waits, of.kv_reduced, held)
            }));
        }
        for item in file.drain(..) {
            let weighed = kinds[item.kind].as_ref();
            let entry = match (item.own, weighed) {
                (Some(entry), _) => entry,
                (None, Some(weighed)) => {
                    let waits = judge.waiting(item.waits);
                    let admitted = self.gate.admit(&item.stack, waits, &weighed.estimate);
                    if admitted.is_err() {
                        continue;
                    }
                    self.entry(item.stack, weighed)
                }
                (None, None) => continue,
            };
            self.entries.push(entry);
            if self.valued {
                let values = weighed.map_or_else(Vec::new, |one| one.values.clone());
                self.values.push(values);
            }
        }
    }

    /// What is new of a kind: nothing where no bound can bring it in, or where its stacks are held already and no line asks
    /// for values.
    fn weigh(
        &mut self,
        stack: &Stack,
        waits: &[usize],
        kv_reduced: bool,
        held: bool,
    ) -> Option<Weighed> {
        let Known {
            question, class, ..
        } = self.known;
        if held && !self.valued {
            return None;
        }
        let slot = question.slots[self.at];
        let mut footprint = question.footprint(slot, class, stack);
        if !held {
            // Where nothing else is compared, what breaks no size is refused by a rule.
            let least = usize::from(!self.valued);
            let broken = self.broken(&amounts(question, slot, &footprint.estimate));
            if !(least..=1).contains(&broken) || !self.can_win(&footprint, kv_reduced, stack) {
                return None;
            }
        }
        let found = (&mut footprint, &mut Taken::default());
        self.gate.estimate(stack, waits, found).ok()?;
        let estimate = footprint.estimate;
        let facts = self.gate.facts(stack, &estimate)?;
        let concerns = &question.concerns[self.at];
        let values = self.bounded.iter().map(|bound| {
            let speaks = concerns.contains(&bound.line);
            speaks.then(|| bound.value(&facts)).flatten()
        });
        Some(Weighed {
            values: values.collect(),
            amounts: amounts(question, slot, &estimate),
            scores: scores(question, slot, stack, &estimate, kv_reduced),
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
        let bare = self.known.bare;
        let goals = |score: &usize| (*score, beaten[*score]);
        let order = bare.preference(self.at);
        for (goal, known) in std::iter::once(&KNOWN).chain(&order).map(goals) {
            let best = match Objective::ALL.get(goal) {
                Some(
                    objective @ (Objective::Quality
                    | Objective::Memory
                    | Objective::Download
                    | Objective::Storage),
                ) => ordinal(score(
                    bare,
                    bare.slots[self.at],
                    stack,
                    &footprint.estimate,
                    kv_reduced,
                    *objective,
                )),
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
        scores[LOCKED] = i64::from(self.locked.is_some_and(|locked| locked.is(&stack)));
        Entry {
            stack,
            amounts: weighed.amounts,
            scores,
        }
    }
}

/// The best score of [`Objective::Comfort`].
const COMFORTABLE: f64 = 2.0;
