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
use super::field::{Field, fields};
use super::instance::{Limits, problem};
use super::marco::{self, Most};
use super::parallel::side_by_side;
use super::question::Question;
use super::quickxplain::correction;
use super::relax::{Place, Way, way};
use super::search;
use super::shelves::{can_fill, shelves};
use super::space::Shelf;
use super::types::{
    Candidate, Change, Conflict, ConflictLine, DeviceClass, Outcome, Relaxation, Slot,
};
use crate::quantity::Bytes;
use crate::spec::model::Spec;

/// How many ways out are offered.
const OFFERED: usize = 3;
/// How many sets of lines get values, smallest sets first.
const TRIED: usize = 6;
/// How far ways out are looked for over all classes together.
const MOST: Most = Most {
    rounds: 64,
    questions: 1024,
};
/// How many lines a way out may change: more are no way out, but another spec.
const CHANGED: usize = 24;
/// How many independent conflicts are told per class: more than a reader can use are not.
pub(super) const CONFLICTS: usize = 8;
/// How many changes besides the lines are tried: each costs as much as a check.
const ASKED: usize = 12;
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
    let classes: Vec<&DeviceClass> = blocked.iter().map(|blocked| blocked.class).collect();
    let judged = judged(question, &classes);
    let (mut ways, all_ways) = if judged.iter().any(|(_, blame)| blame.is_beyond_lines()) {
        beyond(question, &judged)
    } else {
        ways_out(question, &judged)
    };
    ways.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    ways.truncate(OFFERED);
    let mut acting = Acting::new();
    let mut known = Known::default();
    let answers = judged.iter().zip(blocked);
    answers
        .map(|((field, blame), blocked)| {
            let mut independent = blame.independent(field, &mut acting);
            let complete = all_ways && blame.complete && independent.len() <= CONFLICTS;
            independent.truncate(CONFLICTS);
            Outcome::Infeasible {
                empty_slots: empty(question, blocked),
                conflicts: conflicts(question, blocked, independent, field, &mut known),
                relaxations: ways.iter().map(|way| way.on(&field.class.id)).collect(),
                complete,
            }
        })
        .collect()
}

fn empty(question: &Question<'_>, blocked: &Blocked<'_>) -> Vec<Slot> {
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
    field: &Field<'_, '_>,
    known: &mut Known,
) -> Vec<Conflict> {
    independent
        .into_iter()
        .map(|conflict| {
            let lines: Vec<ConflictLine> = conflict.iter().map(|&at| field.line(at)).collect();
            let emptied = field.emptied(&conflict.iter().copied().collect());
            let empty = |at: &usize| blocked.shelves[*at].entries.is_empty();
            // Where sums stand in the way, any slot that has no stack may hold the one that is too large.
            let concerned = match emptied.as_slice() {
                [] => (0..question.slots.len()).filter(empty).collect(),
                _ => emptied.clone(),
            };
            Conflict {
                slots: emptied.into_iter().map(|at| question.slots[at]).collect(),
                culprits: culprits(field, &concerned, &lines, known),
                lines,
            }
        })
        .collect()
}

/// Every class with all its stacks and what is to blame on it.
fn judged<'q, 'a>(
    question: &'q Question<'a>,
    classes: &[&'q DeviceClass],
) -> Vec<(Field<'q, 'a>, Blame)> {
    let fields = fields(question, classes);
    let blames = side_by_side(&fields.iter().collect::<Vec<_>>(), Blame::of);
    fields.into_iter().zip(blames).collect()
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
    /// `picks` is what is chosen then, by class.
    fn new(
        question: &Question<'_>,
        classes: &[&DeviceClass],
        changes: Vec<Change>,
        cost: f64,
        picks: Vec<Vec<Candidate>>,
    ) -> Self {
        let bought = classes.iter().zip(picks).map(|(class, picks)| {
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
            changes,
            cost,
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

/// The cheapest ways out over the lines, where nothing but lines is to blame; and whether all were looked at.
fn ways_out(question: &Question<'_>, judged: &[(Field<'_, '_>, Blame)]) -> (Vec<Offer>, bool) {
    if judged.iter().any(|(_, blame)| blame.is_beyond_lines()) {
        return (Vec::new(), true);
    }
    let mut holds =
        |set: &BTreeSet<usize>| judged.iter().all(|(field, blame)| blame.holds(field, set));
    let mut found = marco::conflicts(question.lines.len(), MOST, &mut holds);
    if found.corrections.is_empty() && !found.complete {
        let one = correction(question.lines.len(), &mut holds);
        found.corrections.extend(one);
    }
    let places: Vec<Place<'_, '_, '_>> = judged
        .iter()
        .map(|(field, blame)| Place {
            field,
            active: (0..field.grant())
                .chain(blame.background.iter().copied())
                .collect(),
        })
        .collect();
    let sets = found.corrections.iter().filter(|set| set.len() <= CHANGED);
    let sets: Vec<&Vec<usize>> = sets.take(TRIED).collect();
    let all = found.complete && (sets.len() == TRIED || sets.len() == found.corrections.len());
    let ways = side_by_side(&sets, |lines| way(&places, lines));
    let mut ways: Vec<Way<'_, '_, '_>> = ways.into_iter().flatten().collect();
    ways.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    ways.truncate(OFFERED);
    let classes: Vec<&DeviceClass> = judged.iter().map(|(field, _)| field.class).collect();
    let offers = side_by_side(&ways.iter().collect::<Vec<_>>(), |way| {
        let bought = (0..classes.len()).map(|at| way.buys(at)).collect();
        Offer::new(question, &classes, way.changes.clone(), way.cost, bought)
    });
    (offers, all)
}

/// Ways out where dropping every line would not help: something else the spec asks for has to change first. And whether all
/// were looked at.
fn beyond(question: &Question<'_>, judged: &[(Field<'_, '_>, Blame)]) -> (Vec<Offer>, bool) {
    let failing = judged.iter().filter(|(_, blame)| blame.is_beyond_lines());
    let failing: Vec<(&str, Vec<Slot>)> = failing
        .map(|(field, blame)| {
            let slots = blame.emptied(field).into_iter();
            let slots = slots.map(|slot| question.slots[slot]);
            (field.class.id.as_str(), slots.collect())
        })
        .collect();
    let mut offers = Vec::new();
    let asks = asks(question, judged);
    let all = asks.len() <= ASKED;
    for ask in asks.into_iter().take(ASKED) {
        if offers.len() == ASKS {
            break;
        }
        let (classes, _) = classes(question.catalog, &ask.spec);
        let fails =
            |class: &DeviceClass| judged.iter().any(|(field, _)| field.class.id == class.id);
        let concerned: Vec<&DeviceClass> = classes
            .iter()
            .filter(|class| ask.everywhere || fails(class))
            .collect();
        if classes.is_empty() {
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
        let bare = without_lines(&ask.spec);
        let bare = Question::new(question.catalog, question.rules, &bare);
        let changed = Question::new(question.catalog, question.rules, &ask.spec);
        if !fills(question, &bare, &concerned, &failing) {
            continue;
        }
        // Most often the change is enough.
        if let Some(picks) = choices(&changed, &concerned) {
            let changes = vec![ask.change];
            offers.push(Offer::new(&changed, &concerned, changes, ask.cost, picks));
            continue;
        }
        if choices(&bare, &concerned).is_none() {
            continue;
        }
        let own = self::judged(&changed, &concerned);
        if let Some(mut offer) = ways_out(&changed, &own).0.into_iter().next() {
            offer.changes.insert(0, ask.change);
            offer.cost += ask.cost;
            offers.push(offer);
        }
    }
    (offers, all)
}

/// A spec without its lines.
fn without_lines(spec: &Spec) -> Spec {
    let mut bare = unbound(spec);
    bare.demands.clear();
    for feature in &mut bare.features {
        feature.demands.clear();
    }
    bare
}

/// Whether something fills those slots that nothing filled, as far as they are still asked for: the first on each platform, for
/// a quick no.
fn fills(
    before: &Question<'_>,
    now: &Question<'_>,
    classes: &[&DeviceClass],
    failing: &[(&str, Vec<Slot>)],
) -> bool {
    let id = |question: &Question<'_>, slot: Slot| question.spec.features[slot.feature].id.clone();
    failing.iter().all(|(class, slots)| {
        let Some(class) = classes.iter().find(|one| one.id == *class) else {
            return true;
        };
        slots.iter().all(|slot| {
            let same = |one: &Slot| one.role == slot.role && id(now, *one) == id(before, *slot);
            let place = now.slots.iter().position(same);
            place.is_none_or(|place| can_fill(now, place, class))
        })
    })
}

/// The best choice on every class, if every class has one.
fn choices(question: &Question<'_>, classes: &[&DeviceClass]) -> Option<Vec<Vec<Candidate>>> {
    let shelves = shelves(question, classes);
    let work: Vec<(&DeviceClass, &[Shelf])> = (classes.iter().copied())
        .zip(shelves.iter().map(Vec::as_slice))
        .collect();
    let chosen = side_by_side(&work, |(class, shelves)| {
        let mut problem = problem(question, shelves.iter().map(|s| s.entries.as_slice()));
        Limits::of(question, class, &|_| true, true).apply(question, &mut problem);
        let picks = search::optimum(&problem)?;
        let picks = picks.iter().zip(shelves).enumerate();
        let picks = picks
            .map(|(slot, (&at, shelf))| question.admitted(slot, class, shelf.entries[at].stack));
        Some(picks.collect())
    });
    chosen.into_iter().collect()
}
