//! The values of one bound at which the answer of a class changes.
//!
//! Tightening takes choices away. The answer stays while it fits, so it changes at the first value below what it takes. Loosening
//! adds choices: once another answer is better, it or a better one stays so, and bisection finds where that begins.

use super::super::scale::Scale;
use super::Step;
use super::ground::{Ground, Limit};

/// How far a value can be moved, in steps of its scale.
const FARTHEST: i64 = i64::MAX / 4;

/// One bound that moves, all others standing still.
pub(super) struct Stairs<'g, 'q, 'a> {
    ground: &'g Ground<'q, 'a>,
    limit: Limit,
    scale: Scale,
}

type Answer = Option<Vec<usize>>;

impl<'g, 'q, 'a> Stairs<'g, 'q, 'a> {
    pub(super) const fn new(ground: &'g Ground<'q, 'a>, limit: Limit, scale: Scale) -> Self {
        Self {
            ground,
            limit,
            scale,
        }
    }

    fn at(&self, steps: i64) -> Answer {
        let value = self.scale.base(steps);
        self.ground.answer(Some((self.limit, value)))
    }

    /// The changes on the way to tighter values, until nothing fits.
    pub(super) fn down(&self, answer: &[usize], most: usize) -> Vec<Step> {
        let mut found = Vec::new();
        let mut now = answer.to_vec();
        while found.len() < most {
            let Some((steps, next)) = self.next_down(&now) else {
                break;
            };
            found.push(self.step(steps, next.as_deref()));
            match next {
                Some(next) => now = next,
                None => break,
            }
        }
        found
    }

    /// The loosest value at which an answer no longer fits, and what does then.
    fn next_down(&self, now: &[usize]) -> Option<(i64, Answer)> {
        let used = self.scale.place(self.ground.used(self.limit, now)?);
        let (mut steps, by) = if self.scale.downwards {
            (used.floor() as i64 + 1, 1)
        } else {
            (used.ceil() as i64 - 1, -1)
        };
        while steps >= 1 {
            let next = self.at(steps);
            if next.as_deref() != Some(now) {
                return Some((steps, next));
            }
            // What is taken lies on a step, but for the last bit.
            steps += by;
        }
        None
    }

    /// The changes on the way to looser values.
    pub(super) fn up(&self, answer: &[usize], most: usize) -> Vec<Step> {
        let mut found = Vec::new();
        let (mut now, mut from) = (answer.to_vec(), self.scale.start());
        while found.len() < most {
            let Some((steps, next)) = self.next_up(&now, from) else {
                break;
            };
            found.push(self.step(steps, Some(&next)));
            (now, from) = (next, steps);
        }
        found
    }

    /// The tightest value beyond `from` at which the answer is another one.
    fn next_up(&self, now: &[usize], from: i64) -> Option<(i64, Vec<usize>)> {
        let out = |distance: i64| {
            if self.scale.downwards {
                from.saturating_sub(distance).max(1)
            } else {
                from.saturating_add(distance)
            }
        };
        let changed = |distance: i64| self.at(out(distance)).filter(|next| next != now);
        let most = if self.scale.downwards {
            from - 1
        } else {
            FARTHEST
        };
        let best = (most > 0).then(|| changed(most)).flatten()?;
        // The answer without the bound says where to look first: at what it takes.
        let (mut near, mut far) = (0, self.reach(&best, from).min(most));
        if changed(far).is_none() {
            (near, far) = (far, most);
        }
        while near + 1 < far {
            let middle = near + (far - near) / 2;
            match changed(middle) {
                Some(found) => far = self.reach(&found, from).clamp(near + 1, middle),
                None => near = middle,
            }
        }
        // What an answer takes may lie on a step, but for the last bit.
        loop {
            match changed(far) {
                Some(found) => return Some((out(far), found)),
                None if far < most => far += 1,
                None => return None,
            }
        }
    }

    /// How far from a value an answer begins to fit.
    fn reach(&self, answer: &[usize], from: i64) -> i64 {
        let Some(used) = self.ground.used(self.limit, answer) else {
            return FARTHEST;
        };
        let used = self.scale.place(used);
        let steps = if self.scale.downwards {
            from.saturating_sub(used.floor() as i64)
        } else {
            (used.ceil() as i64).saturating_sub(from)
        };
        steps.max(1)
    }

    fn step(&self, steps: i64, picks: Option<&[usize]>) -> Step {
        Step {
            at: self.scale.show(steps),
            value: self.scale.base(steps),
            change: self.scale.change(steps),
            picks: picks.map(|picks| self.ground.stacks(picks)),
        }
    }
}
