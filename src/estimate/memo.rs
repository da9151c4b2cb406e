//! Remembers answers that many stacks share. Computes none itself.

use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;

/// Answers that were asked for before.
#[derive(Debug)]
pub(super) struct Memo<K, V> {
    known: Mutex<FxHashMap<K, V>>,
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self {
            known: Mutex::default(),
        }
    }
}

impl<K, V> Clone for Memo<K, V> {
    /// A copy that knows nothing yet: what it would know follows from the catalog.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<K: Eq + Hash, V: Clone> Memo<K, V> {
    /// The answer to `key`, found when it is asked for first. Nobody waits for another's work: two threads may both find it.
    pub(super) fn get(&self, key: K, find: impl FnOnce() -> V) -> V {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = known().get(&key) {
            return answer.clone();
        }
        let answer = find();
        known().insert(key, answer.clone());
        answer
    }
}
