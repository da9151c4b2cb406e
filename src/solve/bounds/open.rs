//! The stacks of each class that break no rule and no demand and at most one bound: those that moving one bound can bring in.
//!
//! As for the shelves, a file is judged for all classes of a platform at once, and models are dealt out to threads.

use std::borrow::Cow;

use super::super::bounded::Bounded;
use super::super::deal::dealt;
use super::super::judge::Judge;
use super::super::question::Question;
use super::super::space::{Entry, Shelf};
use super::super::split::Taken;
use super::super::types::DeviceClass;
use super::row::{Item, Opened, Row};
use crate::catalog::types::{ArtifactIx, ModelIx};
use crate::estimate::Footprint;
use crate::estimate::types::Stack;
use crate::rules::facts::StackFacts;
use crate::spec::model::{Budget, Spec};

/// Per slot, the stacks with what each line that bounds single stacks compares.
pub(in crate::solve) struct Open<'k> {
    pub(super) entries: Vec<Cow<'k, [Entry]>>,
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

/// What is asked when bounds are moved.
#[derive(Clone, Copy)]
pub(in crate::solve) struct Asked<'k, 'a> {
    /// The question as asked.
    pub(in crate::solve) question: &'k Question<'a>,
    /// The same without bounds.
    pub(in crate::solve) bare: &'k Question<'a>,
}

/// What is known of a class when its bounds are moved.
#[derive(Clone, Copy)]
pub(in crate::solve) struct Known<'k> {
    /// The class.
    pub(in crate::solve) class: &'k DeviceClass,
    /// Per slot what is admissible.
    pub(in crate::solve) shelves: &'k [Shelf],
    /// The choice.
    pub(in crate::solve) picks: &'k [Stack],
}

/// Every class opened, in their order. Of a spec without bounds, what is admissible is all there is.
pub(in crate::solve) fn opened<'k>(asked: Asked<'_, '_>, classes: &[Known<'k>]) -> Vec<Open<'k>> {
    let question = asked.question;
    let bounded = bounded(question);
    let mut slots: Vec<Vec<Vec<Opened>>> = Vec::new();
    if question.lines.iter().any(|line| line.is_bound()) {
        let every: Vec<&DeviceClass> = classes.iter().map(|known| known.class).collect();
        let fill = |slot, own: &[usize], mine: &dyn Fn(ModelIx) -> bool| {
            let rows = own.iter();
            let rows = rows.map(|&at| Row::new(asked, classes[at], slot, &bounded));
            run(question, slot, rows.collect(), mine)
        };
        let (count, models) = (question.slots.len(), question.catalog.models.len());
        slots = dealt(&every, count, models, fill, Vec::extend);
        // Stacks of one file come from one thread, in the order of their ids.
        let all = slots.iter_mut().flatten();
        all.for_each(|slot| slot.sort_by_key(|opened| opened.entry.stack.artifact));
    }
    let mut slots = slots.into_iter();
    let opened = classes.iter().map(|known| {
        let (entries, values) = match slots.next() {
            Some(slots) => {
                let slots = slots.into_iter().map(|slot| {
                    let own = slot.into_iter();
                    let own = own.map(|opened| (opened.entry, opened.values));
                    let (entries, values): (Vec<Entry>, Vec<_>) = own.unzip();
                    (Cow::Owned(entries), values)
                });
                slots.unzip()
            }
            None => {
                let shelves = known.shelves.iter();
                shelves
                    .map(|shelf| (Cow::Borrowed(shelf.entries.as_slice()), Vec::new()))
                    .unzip()
            }
        };
        Open {
            entries,
            bounded: bounded.clone(),
            values,
        }
    });
    opened.collect()
}

/// Opens a slot on classes of one platform.
fn run<'k>(
    question: &Question<'_>,
    at: usize,
    mut rows: Vec<Row<'k, '_>>,
    mine: &dyn Fn(ModelIx) -> bool,
) -> Vec<Vec<Opened>> {
    let Some(first) = rows.first().map(|row| row.class()) else {
        return Vec::new();
    };
    let mut judge = Judge::new(question, at, first);
    let mut stacks: Vec<Item> = Vec::new();
    let mut file: Option<ArtifactIx> = None;
    question.each_stack(at, first, mine, |stack| {
        if file != Some(stack.artifact) {
            file = Some(stack.artifact);
            leave(question, at, first, &judge, (&mut rows, &mut stacks));
        }
        let item = judge.item(&stack);
        if let Ok(kind) = item.verdict {
            rows.iter_mut().for_each(|row| row.meet(&stack));
            let waits = item.waits;
            stacks.push(Item { stack, kind, waits });
        }
    });
    leave(question, at, first, &judge, (&mut rows, &mut stacks));
    rows.into_iter().map(Row::finish).collect()
}

/// Takes in the stacks of the file at hand, before the next one is judged.
fn leave(
    question: &Question<'_>,
    at: usize,
    first: &DeviceClass,
    judge: &Judge<'_, '_>,
    (rows, stacks): (&mut Vec<Row<'_, '_>>, &mut Vec<Item>),
) {
    let mut taken = Taken::default();
    for (kind, of) in judge.kinds().iter().enumerate() {
        let Some(item) = stacks.iter().find(|item| item.kind == kind) else {
            continue;
        };
        // What the classes share of a kind is found where the first of them asks for it.
        let mut footprint: Option<Footprint> = None;
        taken.clear();
        for row in &mut *rows {
            let found = || question.footprint(question.slots[at], first, &item.stack);
            let waits = judge.waiting(item.waits);
            row.weigh(
                item,
                stacks,
                waits,
                of.kv_reduced,
                (&mut footprint, &found, &mut taken),
            );
        }
    }
    rows.iter_mut().for_each(|row| row.take(stacks, judge));
    stacks.clear();
}

impl<'k> Open<'k> {
    /// The choice alone: enough to say how far the bounds are away.
    pub(in crate::solve) fn chosen(question: &Question<'_>, known: &Known<'k>) -> Self {
        let class = known.class;
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
            let own = own.map_or(&[][..], std::slice::from_ref);
            (Cow::Borrowed(own), vec![values.collect()])
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
