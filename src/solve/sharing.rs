//! Who may share what: the structure that pruning and bounds rest on.
//!
//! What was read off some choices stays right when the search narrows them.

use super::problem::{Choice, Problem};

/// Files and instances that more than one slot could use, and the slots they tie together.
#[derive(Debug, Clone)]
pub(super) struct Shared {
    files: Vec<bool>,
    instances: Vec<bool>,
    component: Vec<usize>,
}

impl Shared {
    /// Reads the structure off all choices of the problem.
    pub(super) fn new(problem: &Problem) -> Self {
        Self::over(problem, |slot| problem.slots[slot].iter())
    }

    /// Reads the structure off the choices of each slot that are left: others must not come back.
    pub(super) fn among<'d>(problem: &Problem, left: impl Fn(usize) -> &'d [usize]) -> Self {
        Self::over(problem, |slot| {
            let left = left(slot).iter();
            left.map(move |&at| &problem.slots[slot][at])
        })
    }

    fn over<'a, I: Iterator<Item = &'a Choice>>(
        problem: &'a Problem,
        choices: impl Fn(usize) -> I,
    ) -> Self {
        let mut component: Vec<usize> = (0..problem.slots.len()).collect();
        let mut mark = |count: usize, key: fn(&Choice) -> usize| {
            let mut owner: Vec<Option<usize>> = vec![None; count];
            let mut shared = vec![false; count];
            for slot in 0..problem.slots.len() {
                for choice in choices(slot) {
                    match owner[key(choice)] {
                        None => owner[key(choice)] = Some(slot),
                        Some(other) if other != slot => {
                            shared[key(choice)] = true;
                            join(&mut component, other, slot);
                        }
                        Some(_) => {}
                    }
                }
            }
            shared
        };
        let files = mark(problem.files.len(), |choice| choice.file);
        let instances = mark(problem.instances.len(), |choice| choice.instance);
        Self {
            files,
            instances,
            component,
        }
    }

    /// Whether another slot could use the file or the instance of this choice.
    pub(super) fn holds(&self, choice: &Choice) -> bool {
        self.files[choice.file] || self.instances[choice.instance]
    }

    /// The number of the slot's component; slots of different components share nothing.
    pub(super) fn component(&self, slot: usize) -> usize {
        self.component[slot]
    }
}

/// Merges two components; slots are few, so renaming is cheap.
fn join(component: &mut [usize], a: usize, b: usize) {
    let (keep, drop) = (
        component[a].min(component[b]),
        component[a].max(component[b]),
    );
    if keep != drop {
        for name in component.iter_mut().filter(|name| **name == drop) {
            *name = keep;
        }
    }
}
