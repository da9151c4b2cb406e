//! Deals the models of the catalog out to threads, each of which fills all slots on all classes from its own. Judges no stack.
//!
//! The classes of one platform are filled together, so that what they share of a file is found once and kept only while it
//! is at hand. Whoever comes to a model first takes it, as some have far more files than others. The answer is the same for
//! any number of threads.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::parallel::{side_by_side, threads};
use super::types::DeviceClass;
use crate::catalog::types::{ModelIx, PlatformIx};

/// What is found by class, then by slot. `fill` is asked about a slot on the classes of one platform, by their numbers, and
/// about those of `models` that are a thread's own; `merge` joins what two threads found in one place. Stacks of one file
/// come from one thread; files come in no order.
pub(super) fn dealt<T: Send>(
    classes: &[&DeviceClass],
    slots: usize,
    models: usize,
    fill: impl Fn(usize, &[usize], &dyn Fn(ModelIx) -> bool) -> Vec<T> + Sync,
    merge: impl Fn(&mut T, T),
) -> Vec<Vec<T>> {
    let platforms = platforms(classes);
    let untaken = || (0..models).map(|_| AtomicUsize::new(NOBODY)).collect();
    let deals: Vec<Vec<AtomicUsize>> = (0..platforms.len() * slots).map(|_| untaken()).collect();
    let turns: Vec<usize> = (0..threads()).collect();
    let hands = side_by_side(&turns, |turn| {
        let mut all: Vec<Vec<T>> = classes.iter().map(|_| Vec::with_capacity(slots)).collect();
        let mut deals = deals.iter();
        for &platform in &platforms {
            let here = |at: &usize| classes[*at].phone.platform == platform;
            let own: Vec<usize> = (0..classes.len()).filter(here).collect();
            for (slot, deal) in (0..slots).zip(deals.by_ref()) {
                let mine = |model: ModelIx| is_own(&deal[model.at()], turn);
                for (&at, found) in own.iter().zip(fill(slot, &own, &mine)) {
                    all[at].push(found);
                }
            }
        }
        all
    });
    let merged = hands.into_iter().reduce(|mut all, hand| {
        let places = all.iter_mut().flatten().zip(hand.into_iter().flatten());
        places.for_each(|(place, other)| merge(place, other));
        all
    });
    merged.unwrap_or_default()
}

/// The owner of a model that nobody came to yet.
const NOBODY: usize = usize::MAX;

/// Whether a model belongs to a thread, which takes it where nobody has.
fn is_own(owner: &AtomicUsize, thread: usize) -> bool {
    let taken = owner.compare_exchange(NOBODY, thread, Ordering::Relaxed, Ordering::Relaxed);
    taken.map_or_else(|owner| owner == thread, |_| true)
}

/// The platforms of some classes, each once, in order.
pub(super) fn platforms(classes: &[&DeviceClass]) -> Vec<PlatformIx> {
    let mut platforms: Vec<PlatformIx> = classes.iter().map(|class| class.phone.platform).collect();
    platforms.sort_unstable();
    platforms.dedup();
    platforms
}
