//! Does independent work side by side, where the system has threads. Results come in the order of the work, whoever
//! finishes first.

use std::iter;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Builder, available_parallelism};

use super::stop;

/// More threads than this have too little to do to be worth their start.
const THREADS: usize = 4;

/// How many pieces to cut work into so that all threads are busy. Where somebody may stop the work, one core is left to
/// them: an editor must see the next key stroke read while the answer to the last one is searched.
pub(super) fn threads() -> usize {
    let cores = available_parallelism().map_or(1, NonZero::get);
    let spared = usize::from(stop::own().is_some());
    cores.saturating_sub(spared).clamp(1, THREADS)
}

/// What `work` makes of every item. Whoever is free takes the next one, as some take far longer than others; the caller's
/// own thread takes its share, so that a single item costs no thread.
pub(super) fn side_by_side<I: Copy + Sync, T: Send>(
    items: &[I],
    work: impl Fn(I) -> T + Sync,
) -> Vec<T> {
    let hands = threads().min(items.len()).max(1);
    let next = AtomicUsize::new(0);
    let hand = || -> Vec<(usize, T)> {
        let taken = iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        let own = taken.map_while(|at| items.get(at).map(|&item| (at, item)));
        own.map(|(at, item)| (at, work(item))).collect()
    };
    let stop = stop::own();
    let mut done: Vec<(usize, T)> = thread::scope(|scope| {
        let start = |_| {
            let (stop, hand) = (stop.clone(), &hand);
            Builder::new().spawn_scoped(scope, move || stop::under(stop, hand))
        };
        // Where no thread is to be had, the others do its work.
        let started: Vec<_> = (1..hands).map(start).filter_map(Result::ok).collect();
        let mut done = hand();
        for thread in started {
            done.extend(thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::side_by_side;

    #[test]
    fn results_are_in_the_order_of_the_work() {
        let items: Vec<usize> = (0..11).rev().collect();
        let tenfold: Vec<usize> = items.iter().map(|item| item * 10).collect();
        assert_eq!(side_by_side(&items, |item| item * 10), tenfold);
        assert_eq!(side_by_side(&[3], |item| item * 10), [30]);
        assert!(side_by_side(&[], |item: u8| item).is_empty());
    }
}
