//! Why nothing fits: minimal conflicts over lines and rules, and ways out.
//!
//! Runs only where the choice has failed, so it may look at everything without stopping early. Conflicts are found class
//! by class; a way out has to do for all classes together.

use std::collections::BTreeSet;

use super::asks::asks;
use super::blame::{Acting, Blame};
use super::bounds::unbound;
use super::choose::totals;
use super::classes::classes;
use super::culprit::{Known, culprits};
use super::field::Field;
use super::instance::{Limits, problem};
use super::marco;
use super::parallel::side_by_side;
use super::question::Question;
use super::relax::{Place, Way, way};
use super::search::Layout;
use super::shelves::shelves;
use super::space::Shelf;
use super::types::{Change, Conflict, ConflictLine, DeviceClass, Outcome, Relaxation};
use crate::quantity::Bytes;
use crate::spec::model::Spec;

/// How many ways out are offered.
const OFFERED: usize = 3;
/// How many sets of lines get values, smallest sets first.
const TRIED: usize = 6;
/// Rounds of MARCO over all classes together.
const ROUNDS: usize = 64;
/// Ways out that also change something besides the lines: each costs as much as all the rest.
const ASKS: usize = 2;

/// A class without a choice.
#[derive(Clone, Copy)]
pub(super) struct Blocked<'c> {
    pub(super) class: &'c DeviceClass,
    pub(super) shelves: &'c [Shelf],
}

/// The answers for all classes without a choice, in their order.
pub(super) fn explain(question: &Question<'_>, blocked: &[Blocked<'_>]) -> Vec<Outcome> {
    if blocked.is_empty() {
        return Vec::new();
    }
    let judged = judged(question, blocked.iter().map(|blocked| blocked.class));
    let mut ways = ways_out(question, &judged);
    if judged.iter().any(|(_, blame)| blame.is_beyond_lines()) {
        ways = beyond(question, &judged);
    }
    ways.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    ways.truncate(OFFERED);
    let mut acting = Acting::new();
    let mut known = Known::default();
    let answers = judged.iter().zip(blocked);
    answers
        .map(|((field, blame), blocked)| Outcome::Infeasible {
            empty_slots: empty(question, blocked),
            conflicts: conflicts(
                question,
                blocked,
                blame.independent(field, &mut acting),
                (field, blame),
                &mut known,
            ),
            relaxations: ways.iter().map(|way| way.on(&field.class.id)).collect(),
        })
        .collect()
}

fn empty(question: &Question<'_>, blocked: &Blocked<'_>) -> Vec<super::types::Slot> {
    let slots = blocked.shelves.iter().zip(&question.slots);
    slots
        .filter(|(shelf, _)| shelf.entries.is_empty())
        .map(|(_, slot)| *slot)
        .collect()
}

fn conflicts(
    question: &Question<'_>,
    blocked: &Blocked<'_>,
    independent: Vec<Vec<usize>>,
    (field, blame): (&Field<'_, '_>, &Blame),
    known: &mut Known,
) -> Vec<Conflict> {
    independent
        .into_iter()
        .map(|conflict| {
            let lines: Vec<ConflictLine> = conflict.iter().map(|&at| field.line(at)).collect();
            let alone = lines.iter().all(|line| line.span.is_none());
            let slots = if alone {
                blame.emptied(field)
            } else {
                Vec::new()
            };
            Conflict {
                slots: slots.into_iter().map(|at| question.slots[at]).collect(),
                culprits: culprits(field, blocked.shelves, &lines, known),
                lines,
            }
        })
        .collect()
}

/// Every class with all its stacks and what is to blame on it.
fn judged<'q, 'a>(
    question: &'q Question<'a>,
    classes: impl Iterator<Item = &'q DeviceClass>,
) -> Vec<(Field<'q, 'a>, Blame)> {
    let classes: Vec<&DeviceClass> = classes.collect();
    side_by_side(&classes, |class| {
        let field = Field::new(question, class);
        let blame = Blame::of(&field);
        (field, blame)
    })
}

/// A way out, with what it buys on each class it leaves.
struct Offer {
    changes: Vec<Change>,
    cost: f64,
    bought: Vec<Bought>,
}

struct Bought {
    class: String,
    models: Vec<String>,
    memory: Bytes,
    download: Bytes,
}

impl Offer {
    fn new(question: &Question<'_>, classes: &[&DeviceClass], way: &Way<'_, '_, '_>) -> Self {
        let bought = classes.iter().enumerate().map(|(at, class)| {
            let picks = way.buys(at);
            let totals = totals(question, class, &picks);
            let models = picks.iter().map(|pick| pick.stack.model.at());
            Bought {
                class: class.id.clone(),
                models: models
                    .map(|model| question.catalog.models[model].id.clone())
                    .collect(),
                memory: totals.memory.high,
                download: totals.download.high,
            }
        });
        Self {
            changes: way.changes.clone(),
            cost: way.cost,
            bought: bought.collect(),
        }
    }

    fn on(&self, class: &str) -> Relaxation {
        let bought = self.bought.iter().find(|bought| bought.class == class);
        Relaxation {
            changes: self.changes.clone(),
            cost: self.cost,
            buys: bought.map_or_else(Vec::new, |bought| bought.models.clone()),
            memory: bought.map_or(Bytes::new(0), |bought| bought.memory),
            download: bought.map_or(Bytes::new(0), |bought| bought.download),
        }
    }
}

/// The cheapest ways out over the lines, where nothing but lines is to blame.
fn ways_out(question: &Question<'_>, judged: &[(Field<'_, '_>, Blame)]) -> Vec<Offer> {
    if judged.iter().any(|(_, blame)| blame.is_beyond_lines()) {
        return Vec::new();
    }
    let found = marco::conflicts(question.lines.len(), ROUNDS, &mut |set| {
        judged.iter().all(|(field, blame)| blame.holds(field, set))
    });
    let places: Vec<Place<'_, '_, '_>> = judged
        .iter()
        .map(|(field, blame)| Place {
            field,
            active: (0..field.grant())
                .chain(blame.background.iter().copied())
                .collect(),
        })
        .collect();
    let sets: Vec<&Vec<usize>> = found.corrections.iter().take(TRIED).collect();
    let ways = side_by_side(&sets, |lines| way(&places, lines));
    let mut ways: Vec<Way<'_, '_, '_>> = ways.into_iter().flatten().collect();
    ways.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    ways.truncate(OFFERED);
    let classes: Vec<&DeviceClass> = judged.iter().map(|(field, _)| field.class).collect();
    side_by_side(&ways.iter().collect::<Vec<_>>(), |way| {
        Offer::new(question, &classes, way)
    })
}

/// Ways out where dropping every line would not help: something else the spec asks for has to change first.
fn beyond(question: &Question<'_>, judged: &[(Field<'_, '_>, Blame)]) -> Vec<Offer> {
    let failing: BTreeSet<&str> = judged.iter().map(|(f, _)| f.class.id.as_str()).collect();
    let mut offers = Vec::new();
    for ask in asks(question, judged) {
        if offers.len() == ASKS {
            break;
        }
        let (all, _) = classes(question.catalog, &ask.spec);
        let concerned: Vec<&DeviceClass> = all
            .iter()
            .filter(|class| ask.everywhere || failing.contains(class.id.as_str()))
            .collect();
        if all.is_empty() || !holds_without_lines(question, &ask.spec, &concerned) {
            continue;
        }
        if concerned.is_empty() {
            offers.push(Offer {
                changes: vec![ask.change],
                cost: ask.cost,
                bought: Vec::new(),
            });
            continue;
        }
        let changed = Question::new(question.catalog, question.rules, &ask.spec);
        let own = self::judged(&changed, concerned.into_iter());
        if let Some(mut offer) = ways_out(&changed, &own).into_iter().next() {
            offer.changes.insert(0, ask.change);
            offer.cost += ask.cost;
            offers.push(offer);
        }
    }
    offers
}

/// Whether a spec could be met if it had no lines. Quick: it stops at the first refusal of a stack.
fn holds_without_lines(question: &Question<'_>, spec: &Spec, classes: &[&DeviceClass]) -> bool {
    let mut bare = unbound(spec);
    bare.demands.clear();
    for feature in &mut bare.features {
        feature.demands.clear();
    }
    let bare = Question::new(question.catalog, question.rules, &bare);
    let shelves = shelves(&bare, classes);
    classes.iter().zip(shelves).all(|(class, shelves)| {
        let mut problem = problem(&bare, shelves.iter().map(|s| s.entries.as_slice()));
        Limits::of(&bare, class, &|_| true, true).apply(&bare, &mut problem);
        Layout::new(&problem).is_feasible(&problem, |_, _| true)
    })
}
