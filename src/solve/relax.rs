//! Ways out over the lines of a spec: for each smallest set of lines to change, the smallest values that do.
//!
//! A way out has to do for every class at once. Values move in steps a person would write. The values of a set are
//! loosened by one common factor until all classes have an answer, then each is tightened as far as it goes while the
//! others stay: so every value works, and one step tighter does not.

use std::collections::BTreeSet;

use super::field::Field;
use super::moved::{At, Moved};
use super::scale::Scale;
use super::types::{Change, Edit};

/// What dropping a line counts for in the order of the ways out: as much as doubling a value.
const DROP: f64 = 1.0;
/// The common factor moves in this part of the value written.
const PART: f64 = 0.05;

/// A class with the constraints that are in force on it.
pub(super) struct Place<'p, 'q, 'a> {
    pub(super) field: &'p Field<'q, 'a>,
    pub(super) active: BTreeSet<usize>,
}

/// A way out, with what it leaves on each class.
pub(super) struct Way<'p, 'q, 'a> {
    pub(super) changes: Vec<Change>,
    pub(super) cost: f64,
    moved: Vec<Moved<'p, 'q, 'a>>,
    lines: Vec<Vec<At>>,
}

impl Way<'_, '_, '_> {
    /// What it buys on a class, by its place among those it was made for.
    pub(super) fn buys(&self, class: usize) -> Vec<super::types::Candidate> {
        self.moved[class].buys(&self.lines[class])
    }
}

/// The way out that changes these lines and no others; none where not even dropping them helps.
pub(super) fn way<'p, 'q, 'a>(
    places: &[Place<'p, 'q, 'a>],
    lines: &[usize],
) -> Option<Way<'p, 'q, 'a>> {
    let first = places.first()?;
    let moved = places.iter();
    let moved = moved.map(|place| Moved::new(place.field, &place.active, lines));
    let scales = places.iter().map(|place| {
        let question = place.field.question;
        let lines = lines.iter().map(|&at| &question.lines[at]);
        let scales = lines.map(|line| Scale::of(question, place.field.class, line));
        scales.collect()
    });
    let mut search = Search {
        lines,
        scales: scales.collect(),
        steps: vec![None; lines.len()],
        moved: moved.collect(),
        hardest: 0,
    };
    search.run().then_some(())?;
    let question = first.field.question;
    let mut cost = 0.0;
    let mut changes = Vec::new();
    for (at, &number) in lines.iter().enumerate() {
        let line = &question.lines[number];
        let (edit, change) = match (search.scales[0][at], search.steps[at]) {
            (Some(scale), Some(steps)) => (
                Edit::Value {
                    from: scale.shown(),
                    to: scale.show(steps),
                },
                scale.change(steps),
            ),
            _ => (Edit::Drop, DROP),
        };
        cost += change;
        changes.push(Change {
            span: line.span,
            name: line.name.clone(),
            edit,
        });
    }
    let lines = (0..places.len()).map(|class| search.lines_on(class));
    Some(Way {
        changes,
        cost,
        lines: lines.collect(),
        moved: search.moved,
    })
}

/// The values being tried.
struct Search<'l, 'p, 'q, 'a> {
    lines: &'l [usize],
    /// Per class and line; none where the line has no value.
    scales: Vec<Vec<Option<Scale>>>,
    /// Per line, its value; none where it goes.
    steps: Vec<Option<i64>>,
    moved: Vec<Moved<'p, 'q, 'a>>,
    /// The class that said no last: it is asked first.
    hardest: usize,
}

impl Search<'_, '_, '_, '_> {
    fn run(&mut self) -> bool {
        // With all of them gone there is an answer; a line that no value helps stays gone.
        if !self.works() {
            return false;
        }
        for at in 0..self.lines.len() {
            if let Some(scale) = self.scales[0][at] {
                let loosest = if scale.downwards { 1 } else { i64::MAX / 4 };
                self.steps[at] = Some(loosest);
                if !self.works() {
                    self.steps[at] = None;
                }
            }
        }
        let valued: Vec<usize> = (0..self.lines.len())
            .filter(|&at| self.steps[at].is_some())
            .collect();
        if valued.len() > 1 {
            self.loosen_together(&valued);
        }
        for at in valued {
            self.tighten(at);
            if let (Some(scale), Some(steps)) = (self.scales[0][at], self.steps[at]) {
                self.steps[at] = Some(scale.coarse(steps));
            }
        }
        true
    }

    /// All values by the smallest common factor that does.
    fn loosen_together(&mut self, valued: &[usize]) {
        let loosest = self.steps.clone();
        let mut far = 1;
        while far < i64::MAX / 4 && !self.all_work_at(valued, far) {
            far *= 2;
        }
        let (mut low, mut high) = (far / 2, far);
        while low + 1 < high {
            let middle = low + (high - low) / 2;
            if self.all_work_at(valued, middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        // A `>=` reaches its end before a factor without bound does; what works with all loosest stays.
        if !self.all_work_at(valued, high) {
            self.steps = loosest;
        }
    }

    fn all_work_at(&mut self, valued: &[usize], parts: i64) -> bool {
        for &at in valued {
            let scale = self.scales[0][at];
            self.steps[at] = scale.map(|scale| {
                let whole = scale.start().max(1) as f64 * PART * parts as f64;
                scale.looser((whole.ceil() as i64).max(1)).max(1)
            });
        }
        self.works()
    }

    /// The tightest value of one line that still works while the others stay.
    fn tighten(&mut self, at: usize) {
        let (Some(scale), Some(loose)) = (self.scales[0][at], self.steps[at]) else {
            return;
        };
        let most = (loose - scale.start()).abs();
        let mut far = 1.min(most);
        while far < most && !self.works_with(at, scale.looser(far)) {
            far = (far * 2).min(most);
        }
        // The value written fails whatever the others are: the set would not be minimal.
        let (mut low, mut high) = (far / 2, far);
        while low + 1 < high {
            let middle = low + (high - low) / 2;
            if self.works_with(at, scale.looser(middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        self.steps[at] = Some(scale.looser(high));
    }

    fn works_with(&mut self, at: usize, steps: i64) -> bool {
        self.steps[at] = Some(steps);
        self.works()
    }

    fn works(&mut self) -> bool {
        let count = self.moved.len();
        for turn in 0..count {
            let class = (self.hardest + turn) % count;
            if !self.moved[class].works(&self.lines_on(class)) {
                self.hardest = class;
                return false;
            }
        }
        true
    }

    fn lines_on(&self, class: usize) -> Vec<At> {
        let lines = self.lines.iter().enumerate();
        lines
            .map(|(at, &line)| {
                let scale = self.scales[class][at];
                let value = scale.zip(self.steps[at]);
                (line, value.map(|(scale, steps)| scale.base(steps)))
            })
            .collect()
    }
}
