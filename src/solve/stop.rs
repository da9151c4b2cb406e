//! Ends a search that nobody waits for any more: an editor asks anew at each key stroke.
//!
//! The search asks at its steps whether to go on, and unwinds where it is not: so the many functions in between need not
//! hand on that there is no answer. Whoever starts the search says by what it can be stopped; without that nothing here
//! has an effect, and an answer never depends on it.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

thread_local! {
    /// What may stop the work of this thread.
    static OWN: RefCell<Option<Stop>> = const { RefCell::new(None) };
}

/// Says that an answer is no longer wanted. Clones say the same.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// The answer is not wanted from here on.
    pub fn now(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What a stopped search unwinds with.
struct Stopped;

/// Does work that searches, unless it is stopped before its end: then `None`.
pub fn unless_stopped<T>(stop: &Stop, work: impl FnOnce() -> T) -> Option<T> {
    // What the work leaves half done goes with it.
    let done = catch_unwind(AssertUnwindSafe(|| under(Some(stop.clone()), work)));
    match done {
        Ok(result) => Some(result),
        Err(panic) if panic.is::<Stopped>() => None,
        Err(panic) => resume_unwind(panic),
    }
}

/// Does work that this may stop.
pub(super) fn under<T>(stop: Option<Stop>, work: impl FnOnce() -> T) -> T {
    /// Puts back what was there before, also when the work unwinds.
    struct Before(Option<Stop>);
    impl Drop for Before {
        fn drop(&mut self) {
            OWN.set(self.0.take());
        }
    }
    let _before = Before(OWN.replace(stop));
    work()
}

/// What may stop the work of this thread, for others that do part of it.
pub(super) fn own() -> Option<Stop> {
    OWN.with_borrow(Clone::clone)
}

/// A step of a search; it is the last one when the answer is no longer wanted.
pub(super) fn step() {
    if OWN.with_borrow(|own| own.as_ref().is_some_and(Stop::is_asked)) {
        // Not a panic: nothing is reported.
        resume_unwind(Box::new(Stopped));
    }
}

#[cfg(test)]
mod tests {
    use super::super::parallel::side_by_side;
    use super::{Stop, step, unless_stopped};

    #[test]
    fn work_ends_at_its_next_step_and_only_its_own() {
        let stop = Stop::default();
        assert_eq!(unless_stopped(&stop, step), Some(()));
        let mut steps = 0;
        let ended = unless_stopped(&stop, || {
            for at in 0..10 {
                if at == 3 {
                    stop.now();
                }
                step();
                steps += 1;
            }
        });
        assert_eq!((ended, steps), (None, 3));
        step();
        assert_eq!(unless_stopped(&Stop::default(), step), Some(()));
    }

    #[test]
    fn work_side_by_side_is_stopped_too() {
        for who in 0..3 {
            let stop = Stop::default();
            let ended = unless_stopped(&stop, || {
                side_by_side(&[0, 1, 2], |item| {
                    if item == who {
                        stop.now();
                        step();
                    }
                })
            });
            assert_eq!(ended, None, "{who}");
        }
    }

    #[test]
    #[should_panic(expected = "a mistake")]
    fn a_panic_is_not_taken_for_a_stop() {
        unless_stopped(&Stop::default(), || panic!("a mistake"));
    }
}
