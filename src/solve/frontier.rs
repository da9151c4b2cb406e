//! What trades for what: per class and slot the stacks that no other beats on all of the objectives asked for.
//!
//! Only stacks that fit beside some choice for the other slots are on a frontier. Data; it words nothing.

use super::choose::is_kv_reduced;
use super::classes::classes;
use super::figures::{Compared, objective_value};
use super::instance::{Limits, problem};
use super::locked::Locked;
use super::problem::LOCKED;
use super::question::Question;
use super::search::Layout;
use super::shelves::shelves;
use super::space::{Entry, Shelf};
use super::types::{DeviceClass, ObjectiveValue, Slot};
use crate::catalog::types::Catalog;
use crate::estimate::types::Stack;
use crate::rules::RuleSet;
use crate::spec::model::{Objective, Spec};

/// The frontiers of a spec.
#[derive(Debug, Clone, PartialEq)]
pub struct Frontier {
    /// The objectives, in the order asked for.
    pub over: Vec<Objective>,
    /// Per class and slot, in the order of the classes and slots.
    pub fronts: Vec<Front>,
}

/// One slot on one class.
#[derive(Debug, Clone, PartialEq)]
pub struct Front {
    /// Id of the class.
    pub class: String,
    /// The slot.
    pub slot: Slot,
    /// The stacks, best on the first objective first. Empty where the class has no answer.
    pub points: Vec<Point>,
}

/// One stack of a frontier.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The stack.
    pub stack: Stack,
    /// Its KV cache has a smaller type than the runtime takes by itself.
    pub kv_reduced: bool,
    /// Its values, in the order of the objectives asked for.
    pub values: Vec<ObjectiveValue>,
    /// The best compromise: nearest to the point that is best on everything, each objective scaled to the frontier.
    pub knee: bool,
    /// What the spec's own preferences choose.
    pub chosen: bool,
}

/// The frontiers over some objectives; what the preferences choose is decided in ties for what an earlier build chose. Time:
/// the stacks of a slot times the points of its frontier.
#[must_use]
pub fn frontier(
    catalog: &Catalog,
    rules: &RuleSet,
    spec: &Spec,
    over: &[Objective],
    locked: &Locked,
) -> Frontier {
    let mut question = Question::new(catalog, rules, spec);
    question.over = over;
    question.locked = Some(locked);
    let (classes, _) = classes(catalog, spec);
    let mut fronts = Vec::new();
    let all: Vec<&DeviceClass> = classes.iter().collect();
    for (class, shelves) in classes.iter().zip(shelves(&question, &all)) {
        let mut problem = problem(&question, shelves.iter().map(|s| s.entries.as_slice()));
        Limits::of(&question, class, &|_| true, true).apply(&question, &mut problem);
        let layout = Layout::new(&problem);
        let chosen = layout.optimum_among(&problem, |_, _| true);
        for slot in 0..question.slots.len() {
            let own = chosen.as_ref().map(|picks| picks[slot]);
            let fits = |at: usize| {
                layout.is_feasible(&problem, |place, other| place != slot || other == at)
            };
            let places = match own {
                Some(_) => front(&question, &shelves[slot], slot, over, fits),
                None => Vec::new(),
            };
            fronts.push(Front {
                class: class.id.clone(),
                slot: question.slots[slot],
                points: points(&question, class, &shelves[slot], slot, over, &places, own),
            });
        }
    }
    Frontier {
        over: over.to_vec(),
        fronts,
    }
}

/// The entries that no other feasible one beats, best on the first objective first. Of those alike on all of them the one
/// that the feature's preferences put first, then the one an earlier build chose.
fn front(
    question: &Question<'_>,
    shelf: &Shelf,
    slot: usize,
    over: &[Objective],
    fits: impl Fn(usize) -> bool,
) -> Vec<usize> {
    let places: Vec<usize> = over.iter().filter_map(|one| place(*one)).collect();
    let scores = |at: usize| {
        places
            .iter()
            .map(move |&score| shelf.entries[at].scores[score])
    };
    let preference = question.preference(slot);
    let mut order: Vec<usize> = (0..shelf.entries.len()).collect();
    order.sort_by(|&a, &b| {
        let liked = |at: usize| {
            let places = preference.iter().chain(&[LOCKED]);
            places.map(move |&score| shelf.entries[at].scores[score])
        };
        let by_scores = scores(b).cmp(scores(a));
        by_scores
            .then_with(|| liked(b).cmp(liked(a)))
            .then(a.cmp(&b))
    });
    // Whoever beats an entry comes before it in this order.
    let mut front: Vec<usize> = Vec::new();
    for at in order {
        let beaten = front.iter().any(|&known| {
            scores(known)
                .zip(scores(at))
                .all(|(known, own)| known >= own)
        });
        if !beaten && fits(at) {
            front.push(at);
        }
    }
    front
}

fn place(objective: Objective) -> Option<usize> {
    Objective::ALL.iter().position(|one| *one == objective)
}

fn points(
    question: &Question<'_>,
    class: &DeviceClass,
    shelf: &Shelf,
    slot: usize,
    over: &[Objective],
    front: &[usize],
    chosen: Option<usize>,
) -> Vec<Point> {
    let value = |entry: &Entry, objective: Objective| {
        let of = question.slots[slot];
        let estimate = question.figures(of, class, &entry.stack);
        let one = Compared {
            slot: of,
            class,
            stack: &entry.stack,
            estimate: &estimate,
            kv_reduced: is_kv_reduced(&shelf.entries, &entry.stack),
        };
        objective_value(question, one, objective)
    };
    let mut points: Vec<Point> = front
        .iter()
        .map(|&at| {
            let entry = &shelf.entries[at];
            Point {
                stack: entry.stack,
                kv_reduced: is_kv_reduced(&shelf.entries, &entry.stack),
                values: over.iter().map(|one| value(entry, *one)).collect(),
                knee: false,
                chosen: chosen == Some(at),
            }
        })
        .collect();
    if let Some(knee) = knee(&points) {
        points[knee].knee = true;
    }
    points
}

/// The point nearest to the one that is best on everything; none where fewer than three leave nothing between the ends.
fn knee(points: &[Point]) -> Option<usize> {
    if points.len() < 3 {
        return None;
    }
    let count = points[0].values.len();
    let mut distance = vec![0.0; points.len()];
    for objective in 0..count {
        let scaled = scaled(points, objective);
        for (sum, scaled) in distance.iter_mut().zip(scaled) {
            *sum += (1.0 - scaled) * (1.0 - scaled);
        }
    }
    let order = |a: &usize, b: &usize| distance[*a].total_cmp(&distance[*b]).then(a.cmp(b));
    (0..points.len()).min_by(order)
}

/// An objective over the frontier, 0 at its worst and 1 at its best. Quality is an order: its places are evenly apart.
fn scaled(points: &[Point], objective: usize) -> Vec<f64> {
    let value = |point: &Point| point.values[objective].score;
    let is_order = points[0].values[objective].objective == Objective::Quality;
    let mut levels: Vec<f64> = points.iter().map(value).filter(|v| v.is_finite()).collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    let (Some(&low), Some(&high)) = (levels.first(), levels.last()) else {
        return vec![1.0; points.len()];
    };
    let scale = |point: &Point| {
        let own = value(point);
        if !own.is_finite() {
            0.0
        } else if levels.len() == 1 {
            1.0
        } else if is_order {
            levels.partition_point(|level| *level < own) as f64 / (levels.len() - 1) as f64
        } else {
            (own - low) / (high - low)
        }
    };
    points.iter().map(scale).collect()
}

#[cfg(test)]
#[path = "frontier_tests.rs"]
mod tests;
