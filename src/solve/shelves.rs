//! The shelf of every slot on every class: all stacks judged, file after file.
//!
//! A file is judged for all phones of a platform at once; models are dealt out to threads.

use std::cmp::Reverse;

use super::deal::dealt;
use super::gate::{Gate, Weighed};
use super::judge::Judge;
use super::locked::{Named, held};
use super::looks::Stage;
use super::problem::LOCKED;
use super::question::Question;
use super::space::{Entry, Shelf};
use super::split::Taken;
use super::types::DeviceClass;
use crate::catalog::types::{ArtifactIx, ModelIx};
use crate::estimate::types::Stack;

/// How far a stack came, nearer ones being larger, smaller files among equals first; and the stack.
type Furthest = ((Stage, Reverse<u64>), Stack);

/// By class, then by slot.
pub(super) fn shelves(question: &Question<'_>, classes: &[&DeviceClass]) -> Vec<Vec<Shelf>> {
    let fill = |slot, own: &[usize], mine: &dyn Fn(ModelIx) -> bool| {
        let of: Vec<&DeviceClass> = own.iter().map(|&at| classes[at]).collect();
        filled(question, slot, &of, mine)
    };
    let (slots, models) = (question.slots.len(), question.catalog.models.len());
    let mut all = dealt(classes, slots, models, fill, Shelf::merge);
    for shelf in all.iter_mut().flatten() {
        // Stacks of one file come from one thread, in the order of their ids.
        shelf.entries.sort_by_key(|entry| entry.stack.artifact);
    }
    all
}

/// Whether any stack can fill a slot on a class.
pub(super) fn can_fill(question: &Question<'_>, slot: usize, class: &DeviceClass) -> bool {
    let shelves = filled(question, slot, &[class], &|_| true);
    shelves.iter().any(|shelf| !shelf.entries.is_empty())
}

/// The shelves of a slot on classes of one platform.
fn filled(
    question: &Question<'_>,
    at: usize,
    classes: &[&DeviceClass],
    mine: &dyn Fn(ModelIx) -> bool,
) -> Vec<Shelf> {
    let Some(first) = classes.first() else {
        return Vec::new();
    };
    let slot = question.slots[at];
    let mut judge = Judge::new(question, at, first);
    let mut rows: Vec<Row<'_, '_>> = classes
        .iter()
        .map(|class| Row::new(question, at, class))
        .collect();
    // By kind of the file at hand, then by class.
    let mut weighed: Vec<Vec<Result<Weighed, Stage>>> = Vec::new();
    let mut file: Option<ArtifactIx> = None;
    // Of the file at hand, how far stacks came that were refused for their model or runner alone.
    let mut early: Vec<Stage> = Vec::new();
    let mut taken = Taken::default();
    let mut judged = 0;
    question.each_stack(at, first, mine, |stack| {
        judged += 1;
        if file != Some(stack.artifact) {
            file = Some(stack.artifact);
            weighed.clear();
            early.clear();
        }
        let item = judge.item(&stack);
        if let Err(stage) = item.verdict
            && stage < Stage::Stack
        {
            // Phones make of them all what they make of the first.
            if early.contains(&stage) {
                return;
            }
            early.push(stage);
        }
        if let Ok(kind) = item.verdict
            && kind == weighed.len()
        {
            let reduced = judge.kinds()[kind].kv_reduced;
            taken.clear();
            let mut footprint = question.footprint(slot, first, &stack);
            let waits = judge.waiting(item.waits);
            let rows = rows.iter_mut();
            let weigh = rows.map(|row| {
                let found = (&mut footprint, &mut taken);
                row.gate.weigh(&stack, waits, reduced, found)
            });
            weighed.push(weigh.collect());
        }
        let waits = judge.waiting(item.waits);
        for (class, row) in rows.iter_mut().enumerate() {
            row.meet(&stack);
            match item.verdict {
                Ok(kind) => {
                    let verdict = row.gate.judge(&stack, waits, &weighed[kind][class]);
                    row.put(&stack, verdict);
                }
                // A phone refuses it there at the latest, which is of no interest where another came further.
                Err(stage) if row.is_nearer(&stack, stage) => {
                    let stage = row.gate.earlier(&stack, waits, stage);
                    row.put(&stack, Err(stage));
                }
                Err(_) => {}
            }
        }
    });
    let rows = rows.into_iter().map(|row| Shelf {
        judged,
        ..row.finish(judge.refusing())
    });
    rows.collect()
}

/// The shelf of one class while it is filled.
struct Row<'q, 'a> {
    question: &'q Question<'a>,
    gate: Gate<'q, 'a>,
    shelf: Shelf,
    /// What an earlier build chose.
    locked: Option<Named>,
    /// The model at hand, whether it has an entry, and the stack of it that came furthest.
    model: Option<(ModelIx, bool, Option<Furthest>)>,
}

impl<'q, 'a> Row<'q, 'a> {
    fn new(question: &'q Question<'a>, at: usize, class: &'q DeviceClass) -> Self {
        Self {
            question,
            gate: Gate::new(question, at, class),
            shelf: Shelf::default(),
            locked: question.before(at, class),
            model: None,
        }
    }

    /// Comes to the next stack; those of a model follow one another.
    fn meet(&mut self, stack: &Stack) {
        let model = self.model.as_ref();
        if model.is_none_or(|(model, ..)| *model != stack.model) {
            self.close();
            self.model = Some((stack.model, false, None));
        }
    }

    /// Whether a refused stack came further than all of its model before, none of which has an entry.
    fn is_nearer(&self, stack: &Stack, stage: Stage) -> bool {
        match &self.model {
            Some((_, false, Some((furthest, _)))) => self.rank(stack, stage) > *furthest,
            Some((_, admitted, _)) => !admitted,
            None => false,
        }
    }

    /// How far a refused stack came.
    fn rank(&self, stack: &Stack, stage: Stage) -> (Stage, Reverse<u64>) {
        let file = &self.question.catalog.artifacts[stack.artifact.at()];
        let size = file.bytes.as_ref().map_or(u64::MAX, |it| it.value.get());
        (stage, Reverse(size))
    }

    /// Takes in the verdict over the stack met last.
    fn put(&mut self, stack: &Stack, verdict: Result<Entry, Stage>) {
        match verdict {
            Ok(mut entry) => {
                entry.scores[LOCKED] = held(self.locked, &entry.stack);
                self.shelf.entries.push(entry);
                if let Some((_, admitted, _)) = &mut self.model {
                    *admitted = true;
                }
            }
            Err(stage) if self.is_nearer(stack, stage) => {
                let found = (self.rank(stack, stage), self.gate.placed(*stack));
                if let Some((.., furthest)) = &mut self.model {
                    *furthest = Some(found);
                }
            }
            Err(_) => {}
        }
    }

    /// Leaves the model at hand.
    fn close(&mut self) {
        if let Some((model, false, Some((_, stack)))) = self.model.take() {
            self.shelf.refused.insert(model, stack);
        }
    }

    /// The shelf; `refusing` are the lines that refused stacks on any class.
    fn finish(mut self, refusing: impl Iterator<Item = usize>) -> Shelf {
        self.close();
        self.shelf.refusing = refusing.chain(self.gate.refusing()).collect();
        self.shelf
    }
}

#[cfg(test)]
#[path = "shelves_tests.rs"]
mod tests;
