//! Why not this model: force it into every slot it can fill, and see what breaks or where it loses.

use super::super::choose::objectives;
use super::super::classes::classes;
use super::super::instance::{Limits, problem};
use super::super::lost::lost;
use super::super::problem::Problem;
use super::super::question::Question;
use super::super::search::Layout;
use super::super::shelves::shelves;
use super::super::space::Shelf;
use super::super::types::{Candidate, DeviceClass, ObjectiveValue, Slot};
use crate::catalog::types::{Catalog, ModelIx};
use crate::rules::RuleSet;
use crate::spec::model::Spec;

/// Why a model was not chosen, class by class and slot by slot.
#[derive(Debug, Clone, PartialEq)]
pub struct WhyNot {
    /// The model.
    pub model: ModelIx,
    /// One per class and slot.
    pub answers: Vec<FoilAnswer>,
}

/// The answer for one slot on one class.
#[derive(Debug, Clone, PartialEq)]
pub struct FoilAnswer {
    /// Id of the class.
    pub class: String,
    /// The slot.
    pub slot: Slot,
    /// What became of the model there.
    pub foil: Foil,
}

/// What becomes of a model that is forced.
#[derive(Debug, Clone, PartialEq)]
pub enum Foil {
    /// It is what was chosen.
    Chosen,
    /// It cannot fill the role at all.
    OtherRole,
    /// No runtime of the platform loads any of its files.
    NoStack,
    /// Its best stack breaks rules or lines.
    Refused(Box<Candidate>),
    /// It fits alone, but not beside what the other slots need at the least.
    Crowded(Box<Candidate>),
    /// It would do, but loses.
    Loses {
        /// Its best stack.
        candidate: Box<Candidate>,
        /// The first goal on which it is worse: the chosen answer's value, then its own. `None` where the two tie on
        /// all goals and the order of ids decides.
        on: Option<(ObjectiveValue, ObjectiveValue)>,
        /// Later objectives of this slot on which it would be better: the chosen value, then its own.
        wins: Vec<(ObjectiveValue, ObjectiveValue)>,
    },
}

/// Why `model` (a catalog id) was not chosen; `None` when the catalog does not know it.
#[must_use]
pub fn why_not(catalog: &Catalog, rules: &RuleSet, spec: &Spec, model: &str) -> Option<WhyNot> {
    let at = catalog.models.iter().position(|known| known.id == model)?;
    let model = ModelIx(at as u32);
    let question = Question::new(catalog, rules, spec);
    let mut answers = Vec::new();
    let (classes, _) = classes(catalog, spec);
    let all: Vec<&DeviceClass> = classes.iter().collect();
    for (class, shelves) in classes.iter().zip(shelves(&question, &all)) {
        let mut instance = problem(&question, shelves.iter().map(|s| s.entries.as_slice()));
        Limits::of(&question, class, &|_| true, true).apply(&question, &mut instance);
        let layout = Layout::new(&instance);
        let force = Force {
            question: &question,
            class,
            shelves: &shelves,
            best: layout.optimum_among(&instance, |_, _| true),
            problem: instance,
            layout,
            model,
        };
        answers.extend((0..question.slots.len()).map(|slot| FoilAnswer {
            class: class.id.clone(),
            slot: question.slots[slot],
            foil: force.in_slot(slot),
        }));
    }
    Some(WhyNot { model, answers })
}

struct Force<'q, 'a> {
    question: &'q Question<'a>,
    class: &'q DeviceClass,
    shelves: &'q [Shelf],
    problem: Problem,
    layout: Layout,
    best: Option<Vec<usize>>,
    model: ModelIx,
}

impl Force<'_, '_> {
    fn in_slot(&self, slot: usize) -> Foil {
        let shelf = &self.shelves[slot];
        let model = &self.question.catalog.models[self.model.at()];
        if !super::super::fills(model, self.question.slots[slot].role) {
            return Foil::OtherRole;
        }
        let candidate = |stack| Box::new(self.question.candidate(slot, self.class, stack));
        if let Some(stack) = shelf.refused.get(&self.model) {
            return Foil::Refused(candidate(*stack));
        }
        let mut own = shelf.entries.iter();
        let Some(first) = own.find(|entry| entry.stack.model == self.model) else {
            return Foil::NoStack;
        };
        let forced = self.layout.optimum_among(&self.problem, |place, at| {
            place != slot || self.shelves[place].entries[at].stack.model == self.model
        });
        let (Some(forced), Some(best)) = (forced, &self.best) else {
            return Foil::Crowded(candidate(first.stack));
        };
        if shelf.entries[best[slot]].stack.model == self.model {
            return Foil::Chosen;
        }
        let foil = candidate(shelf.entries[forced[slot]].stack);
        let chosen = candidate(shelf.entries[best[slot]].stack);
        let of = |candidate: &Candidate| objectives(self.question, self.shelves, slot, candidate);
        let pairs = of(&chosen).into_iter().zip(of(&foil));
        let both = (self.shelves, &self.problem);
        let lost = lost(self.question, self.class, both, best, &forced);
        Foil::Loses {
            on: lost.map(|lost| (lost.best, lost.other)),
            wins: pairs
                .filter(|(chosen, foil)| foil.score > chosen.score)
                .collect(),
            candidate: foil,
        }
    }
}
