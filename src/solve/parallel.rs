//! Does independent work side by side, where the system has threads. Results come in the order of the work, whoever
//! finishes first.

use std::panic::resume_unwind;
use std::thread::{self, Builder};

use super::stop;

/// What `work` makes of every item. The caller's own thread does the last one, so that a single item costs no thread.
pub(super) fn side_by_side<I: Copy + Send, T: Send>(
    items: &[I],
    work: impl Fn(I) -> T + Sync,
) -> Vec<T> {
    let Some((&own, others)) = items.split_last() else {
        return Vec::new();
    };
    let work = &work;
    let stop = stop::own();
    thread::scope(|scope| {
        let start = |&item| {
            let stop = stop.clone();
            let task = move || stop::under(stop, || work(item));
            (item, Builder::new().spawn_scoped(scope, task))
        };
        let started: Vec<_> = others.iter().map(start).collect();
        let own = work(own);
        let finish = |(item, handle): (I, std::io::Result<thread::ScopedJoinHandle<'_, T>>)| {
            match handle {
                Ok(handle) => handle.join().unwrap_or_else(|panic| resume_unwind(panic)),
                // No thread is to be had: the work is done here.
                Err(_) => work(item),
            }
        };
        let mut done: Vec<T> = started.into_iter().map(finish).collect();
        done.push(own);
        done
    })
}

#[cfg(test)]
mod tests {
    use super::side_by_side;

    #[test]
    fn results_are_in_the_order_of_the_work() {
        assert_eq!(side_by_side(&[3, 1, 2], |item| item * 10), [30, 10, 20]);
        assert!(side_by_side(&[], |item: u8| item).is_empty());
    }
}
