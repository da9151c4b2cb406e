//! The stacks of a class that break no rule and no demand and at most one bound: those that moving one bound can bring in.

use super::super::bounded::Bounded;
use super::super::figures::{ordinal, score};
use super::super::gate::Gate;
use super::super::instance::Limits;
use super::super::problem::{KNOWN, LOCKED, SCORES};
use super::super::question::Question;
use super::super::space::{Amounts, Entry, Shelf, amounts, scores};
use super::super::stock::{Kind, Stock};
use super::super::types::DeviceClass;
use crate::estimate::types::{Estimate, Stack};
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
    /// Per slot what its platform offers.
    pub(in crate::solve) stocks: &'k [Stock<'a>],
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
        let slots = slots.map(|(at, shelf)| match known.stocks.get(at) {
            Some(stock) if moves => Opening::new(known, at, stock, &bounded).run(),
            _ => (shelf.entries.clone(), Vec::new()),
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
    stock: &'k Stock<'a>,
    bounded: &'k [Bounded],
    /// Whether some line bounds single stacks of this slot.
    valued: bool,
    gate: Gate<'k, 'a>,
    /// The limits on sizes, one a line.
    sizes: Vec<Limits>,
    /// The scores of the choice, where no other slot can gain by a worse one here.
    beaten: Option<[i64; SCORES]>,
}

/// What the stacks of a kind share.
struct Weighed {
    estimate: Estimate,
    amounts: Amounts,
    scores: [i64; SCORES],
    values: Vec<Option<f64>>,
}

impl<'k, 'a> Opening<'k, 'a> {
    fn new(known: Known<'k, 'a>, at: usize, stock: &'k Stock<'a>, bounded: &'k [Bounded]) -> Self {
        let (question, class) = (known.question, known.class);
        let concerns = &question.concerns[at];
        let sizes = concerns.iter().copied();
        let sizes = sizes.filter(|line| bounded.iter().all(|one| one.line != *line));
        let sizes = sizes.map(|line| Limits::of(question, class, &|at| at == line, false));
        let entries = &known.shelves[at].entries;
        let chosen = entries.iter().find(|one| one.stack == known.picks[at]);
        let alone = known.shelves.len() == 1;
        Self {
            valued: bounded.iter().any(|one| concerns.contains(&one.line)),
            gate: Gate::new(known.bare, at, class, stock),
            sizes: sizes.collect(),
            beaten: chosen.filter(|_| alone).map(|one| one.scores),
            known,
            at,
            stock,
            bounded,
        }
    }

    fn run(self) -> (Vec<Entry>, Vec<Vec<Option<f64>>>) {
        let admissible = &self.known.shelves[self.at].entries;
        // Both lists are in the order of the stock.
        let mut rest = admissible.iter().peekable();
        let own: Vec<Option<&Entry>> = (self.stock.items.iter())
            .map(|item| rest.next_if(|entry| entry.stack == self.gate.placed(item.stack)))
            .collect();
        let mut held = vec![false; self.stock.kinds.len()];
        for (item, own) in self.stock.items.iter().zip(&own) {
            if let (Ok(kind), Some(_)) = (item.verdict, own) {
                held[kind] = true;
            }
        }
        let kinds = self.stock.kinds.iter().zip(held);
        let kinds: Vec<Option<Weighed>> =
            kinds.map(|(kind, held)| self.weigh(kind, held)).collect();
        let mut found = (Vec::new(), Vec::new());
        for (item, own) in self.stock.items.iter().zip(own) {
            let Ok(kind) = item.verdict else { continue };
            let weighed = kinds[kind].as_ref();
            let entry = match (own, weighed) {
                (Some(entry), _) => *entry,
                (None, Some(weighed)) => {
                    let stack = self.gate.placed(item.stack);
                    if self.gate.admit(item, &stack, &weighed.estimate).is_err() {
                        continue;
                    }
                    self.entry(stack, weighed)
                }
                (None, None) => continue,
            };
            found.0.push(entry);
            if self.valued {
                found
                    .1
                    .push(weighed.map_or_else(Vec::new, |one| one.values.clone()));
            }
        }
        found
    }

    /// What is new of a kind: nothing where no bound can bring it in, or where its stacks are held already and no line asks
    /// for values.
    fn weigh(&self, kind: &Kind<'a>, held: bool) -> Option<Weighed> {
        let bare = self.known.bare;
        let stack = self.gate.placed(kind.stack);
        if !held {
            // Where nothing else is compared, what breaks no size is refused by a rule.
            let least = usize::from(!self.valued);
            let broken = self.broken(&amounts(bare, &kind.footprint.estimate));
            if !(least..=1).contains(&broken) || !self.can_win(kind, &stack) {
                return None;
            }
        } else if !self.valued {
            return None;
        }
        let estimate = self.gate.estimate(kind, &stack).ok()?;
        let facts = self.gate.facts(&stack, &estimate)?;
        let concerns = &self.known.question.concerns[self.at];
        let values = self.bounded.iter().map(|bound| {
            let speaks = concerns.contains(&bound.line);
            speaks.then(|| bound.value(&facts)).flatten()
        });
        let values = values.collect();
        let slot = bare.slots[self.at];
        Some(Weighed {
            amounts: amounts(bare, &estimate),
            scores: scores(bare, slot, &stack, &estimate, kind.of.kv_reduced),
            values,
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
    fn can_win(&self, kind: &Kind<'a>, stack: &Stack) -> bool {
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
                    &kind.footprint.estimate,
                    kind.of.kv_reduced,
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
        let Known {
            question, class, ..
        } = self.known;
        let mut scores = weighed.scores;
        if let Some(locked) = question.locked.filter(|it| !it.stacks.is_empty()) {
            scores[LOCKED] = i64::from(locked.holds(question, self.at, class, &stack));
        }
        Entry {
            stack,
            amounts: weighed.amounts,
            scores,
        }
    }
}

/// The best score of [`Objective::Comfort`].
const COMFORTABLE: f64 = 2.0;
