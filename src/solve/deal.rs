//! Deals the models of the catalog out to threads, each of which fills all slots on all classes from its own. Judges no stack.
//!
//! The classes of one platform are filled together, so that what they share of a file is found once and kept only while it
//! is at hand. The answer is the same for any number of threads.

use super::parallel::{side_by_side, threads};
use super::types::DeviceClass;
use crate::catalog::types::{ModelIx, PlatformIx};

/// What is found by class, then by slot. `fill` is asked about a slot on the classes of one platform, by their numbers, and
/// about those models that are a thread's own; `merge` joins what two threads found in one place. Stacks of one file come
/// from one thread; files come in no order.
pub(super) fn dealt<T: Send>(
    classes: &[&DeviceClass],
    slots: usize,
    fill: impl Fn(usize, &[usize], &dyn Fn(ModelIx) -> bool) -> Vec<T> + Sync,
    merge: impl Fn(&mut T, T),
) -> Vec<Vec<T>> {
    let threads = threads();
    let turns: Vec<usize> = (0..threads).collect();
    let hands = side_by_side(&turns, |turn| {
        let mine = |model: ModelIx| model.at() % threads == turn;
        hand(classes, slots, &|slot, own| fill(slot, own, &mine))
    });
    let merged = hands.into_iter().reduce(|mut all, hand| {
        let places = all.iter_mut().flatten().zip(hand.into_iter().flatten());
        places.for_each(|(place, other)| merge(place, other));
        all
    });
    merged.unwrap_or_default()
}

/// What one thread finds.
fn hand<T>(
    classes: &[&DeviceClass],
    slots: usize,
    fill: &dyn Fn(usize, &[usize]) -> Vec<T>,
) -> Vec<Vec<T>> {
    let mut all: Vec<Vec<T>> = classes.iter().map(|_| Vec::with_capacity(slots)).collect();
    for platform in platforms(classes) {
        let here = |at: &usize| classes[*at].phone.platform == platform;
        let own: Vec<usize> = (0..classes.len()).filter(here).collect();
        for slot in 0..slots {
            for (&at, found) in own.iter().zip(fill(slot, &own)) {
                all[at].push(found);
            }
        }
    }
    all
}

/// The platforms of some classes, each once, in order.
pub(super) fn platforms(classes: &[&DeviceClass]) -> Vec<PlatformIx> {
    let mut platforms: Vec<PlatformIx> = classes.iter().map(|class| class.phone.platform).collect();
    platforms.sort_unstable();
    platforms.dedup();
    platforms
}
