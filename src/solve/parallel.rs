//! Does independent work side by side, where the system has threads. Results come in the order of the work, whoever
//! finishes first.

use std::panic::resume_unwind;
use std::thread::{self, Builder, available_parallelism};

use super::stop;

/// More threads than this have too little to do to be worth their start.
const THREADS: usize = 4;

/// How many pieces to cut work into so that all threads are busy.
pub(super) fn threads() -> usize {
    available_parallelism().map_or(1, |it| it.get().min(THREADS))
}

/// What `work` makes of every item. Items are dealt out to threads in turn; the caller's own thread takes its share, so
/// that a single item costs no thread.
pub(super) fn side_by_side<I: Copy + Sync, T: Send>(
    items: &[I],
    work: impl Fn(I) -> T + Sync,
) -> Vec<T> {
    let hands = threads().min(items.len()).max(1);
    let work = &work;
    let stop = stop::own();
    let hand = |turn: usize| -> Vec<T> {
        let own = items.iter().skip(turn).step_by(hands);
        own.map(|&item| work(item)).collect()
    };
    let mut dealt: Vec<_> = thread::scope(|scope| {
        let start = |turn| {
            let (stop, hand) = (stop.clone(), &hand);
            let task = move || stop::under(stop, || hand(turn));
            let thread = Builder::new().spawn_scoped(scope, task);
            (turn, thread)
        };
        let started: Vec<_> = (1..hands).map(start).collect();
        let mut done = vec![hand(0)];
        done.extend(started.into_iter().map(|(turn, thread)| match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            // No thread is to be had: the work is done here.
            Err(_) => hand(turn),
        }));
        done.into_iter().map(Vec::into_iter).collect()
    });
    let turns = (0..items.len()).filter_map(|at| dealt[at % hands].next());
    turns.collect()
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
