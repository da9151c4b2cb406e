//! Why not this model: force it into every slot it can fill, and see what breaks or where it loses.

use super::super::choose::objectives;
use super::super::classes::classes;
use super::super::instance::{Limits, problem};
use super::super::locked::Locked;
use super::super::lost::lost;
use super::super::question::Question;
use super::super::search::Layout;
use super::super::shelves::shelves;
use super::super::single::Solved;
use super::super::types::{Candidate, DeviceClass, Foil, Slot, Violation};
use crate::catalog::types::{Catalog, ModelIx};
use crate::estimate::threads;
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

/// Why `model` (a catalog id) was not chosen; `None` when the catalog does not know it.
#[must_use]
pub fn why_not(
    catalog: &Catalog,
    rules: &RuleSet,
    spec: &Spec,
    model: &str,
    locked: &Locked,
) -> Option<WhyNot> {
    let at = catalog.models.iter().position(|known| known.id == model)?;
    let model = ModelIx(at as u32);
    let mut question = Question::new(catalog, rules, spec);
    question.locked = Some(locked);
    let mut answers = Vec::new();
    let (classes, _) = classes(catalog, spec);
    let all: Vec<&DeviceClass> = classes.iter().collect();
    for (class, shelves) in classes.iter().zip(&shelves(&question, &all)) {
        let mut instance = problem(&question, shelves.iter().map(|s| s.entries.as_slice()));
        Limits::of(&question, class, &|_| true, true).apply(&question, &mut instance);
        let layout = Layout::new(&instance);
        let solved = Solved {
            class,
            shelves,
            picks: layout.optimum_among(&instance, |_, _| true),
            problem: instance,
            layout,
        };
        answers.extend((0..question.slots.len()).map(|slot| FoilAnswer {
            class: class.id.clone(),
            slot: question.slots[slot],
            foil: match forced(&question, &solved, slot, model) {
                Foil::Refused(other) => {
                    let nearest = nearest_miss(&question, slot, class, model);
                    Foil::Refused(nearest.map_or(other, Box::new))
                }
                foil => foil,
            },
        }));
    }
    Some(WhyNot { model, answers })
}

/// Of all stacks of a model the one that misses by least: rather by amounts than by what no amount mends, then by the smaller
/// share, then by fewer reasons. The shelves keep any stack that came as far as others.
fn nearest_miss(
    question: &Question<'_>,
    slot: usize,
    class: &DeviceClass,
    model: ModelIx,
) -> Option<Candidate> {
    let mut nearest: Option<(Distance, Candidate)> = None;
    let mine = |at: ModelIx| at == model;
    question.each_stack(slot, class, &mine, |mut stack| {
        stack.settings.threads = threads(question.catalog, &class.phone);
        let candidate = question.candidate(slot, class, stack);
        let distance = Distance::of(&candidate);
        if nearest.as_ref().is_none_or(|(known, _)| distance < *known) {
            nearest = Some((distance, candidate));
        }
    });
    nearest.map(|(_, candidate)| candidate)
}

/// How far a stack is from being admitted; smaller is nearer.
#[derive(PartialEq, PartialOrd)]
struct Distance {
    /// Reasons that no amount mends.
    hard: usize,
    /// The largest share by which an amount is missed.
    share: f64,
    reasons: usize,
}

impl Distance {
    fn of(candidate: &Candidate) -> Self {
        let shares = candidate
            .violations
            .iter()
            .map(|violation| match violation {
                Violation::Rule(verdict) => verdict.overshoot,
                Violation::Line { overshoot, .. } => *overshoot,
                Violation::Unknown { .. } => None,
            });
        Self {
            hard: shares.clone().filter(Option::is_none).count(),
            share: shares.flatten().fold(0.0, f64::max),
            reasons: candidate.violations.len(),
        }
    }
}

/// What becomes of a model in a slot of a class.
pub(in super::super) fn forced(
    question: &Question<'_>,
    solved: &Solved<'_>,
    slot: usize,
    model: ModelIx,
) -> Foil {
    let shelf = &solved.shelves[slot];
    if !super::super::fills(
        &question.catalog.models[model.at()],
        question.slots[slot].role,
    ) {
        return Foil::OtherRole;
    }
    let candidate = |stack| Box::new(question.candidate(slot, solved.class, stack));
    if let Some(stack) = shelf.refused.get(&model) {
        return Foil::Refused(candidate(*stack));
    }
    let mut own = shelf.entries.iter();
    let Some(first) = own.find(|entry| entry.stack.model == model) else {
        return Foil::NoStack;
    };
    let forced = solved.layout.optimum_among(&solved.problem, |place, at| {
        place != slot || solved.shelves[place].entries[at].stack.model == model
    });
    let (Some(forced), Some(best)) = (forced, &solved.picks) else {
        return Foil::Crowded(candidate(first.stack));
    };
    if shelf.entries[best[slot]].stack.model == model {
        return Foil::Chosen;
    }
    let foil = candidate(shelf.entries[forced[slot]].stack);
    let chosen = candidate(shelf.entries[best[slot]].stack);
    let of =
        |candidate: &Candidate| objectives(question, solved.class, solved.shelves, slot, candidate);
    let pairs = of(&chosen).into_iter().zip(of(&foil));
    let both = (solved.shelves, &solved.problem);
    Foil::Loses {
        on: lost(question, solved.class, both, best, &forced),
        wins: pairs
            .filter(|(chosen, foil)| foil.score > chosen.score)
            .collect(),
        candidate: foil,
    }
}
