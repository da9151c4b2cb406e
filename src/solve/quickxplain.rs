//! QuickXplain (Junker, AAAI 2004): a minimal conflict, preferring to blame what comes last.
//!
//! Works on numbers `0..n` in order of preference and one question, so it can be proven apart from the solver.

use std::collections::BTreeSet;

/// The minimal conflict among `0..n` that the order prefers, ascending.
///
/// `holds(set)` answers whether the constraints of `set` can be met together; it must be monotone (a subset of a
/// consistent set is consistent). Returns `None` when everything can be met, and the empty conflict when not even
/// nothing can. No member can be left out of the result without making it consistent.
pub fn minimal_conflict(
    n: usize,
    holds: &mut dyn FnMut(&BTreeSet<usize>) -> bool,
) -> Option<Vec<usize>> {
    let all: Vec<usize> = (0..n).collect();
    if holds(&all.iter().copied().collect()) {
        return None;
    }
    let mut background = BTreeSet::new();
    let mut found = explain(&mut background, false, &all, holds);
    found.sort_unstable();
    Some(found)
}

/// The part of `candidates` that, with `background`, is in conflict. `grown` says that the background changed
/// since it was last found consistent.
fn explain(
    background: &mut BTreeSet<usize>,
    grown: bool,
    candidates: &[usize],
    holds: &mut dyn FnMut(&BTreeSet<usize>) -> bool,
) -> Vec<usize> {
    if grown && !holds(background) {
        return Vec::new();
    }
    if let [only] = candidates {
        // A single candidate is to blame unless the background fails alone, which only the first call may not know.
        return if !grown && !holds(background) {
            Vec::new()
        } else {
            vec![*only]
        };
    }
    if candidates.is_empty() {
        return Vec::new();
    }
    let (first, second) = candidates.split_at(candidates.len() / 2);
    let mut with_first = background.clone();
    with_first.extend(first);
    let mut late = explain(&mut with_first, !first.is_empty(), second, holds);
    let mut with_late = background.clone();
    with_late.extend(&late);
    let early = explain(&mut with_late, !late.is_empty(), first, holds);
    late.extend(early);
    late
}

/// A smallest-in-order correction: what must go so that the rest can be met, keeping earlier constraints first.
/// Returns the numbers to drop, ascending; `None` when nothing helps because the background itself fails.
pub fn correction(n: usize, holds: &mut dyn FnMut(&BTreeSet<usize>) -> bool) -> Option<Vec<usize>> {
    let mut kept = BTreeSet::new();
    if !holds(&kept) {
        return None;
    }
    let mut dropped = Vec::new();
    for constraint in 0..n {
        kept.insert(constraint);
        if !holds(&kept) {
            kept.remove(&constraint);
            dropped.push(constraint);
        }
    }
    Some(dropped)
}

#[cfg(test)]
mod tests {
    use super::super::random::seeded;
    use super::{correction, minimal_conflict};
    use std::collections::BTreeSet;

    /// Random monotone questions: a set is inconsistent when it holds one of a few hidden conflicts.
    fn hidden(seed: u64) -> (usize, Vec<BTreeSet<usize>>) {
        let mut lcg = seeded(seed);
        let n = 1 + lcg.below(9) as usize;
        let conflicts = (0..lcg.below(4))
            .map(|_| {
                (0..1 + lcg.below(4))
                    .map(|_| lcg.below(n as u64) as usize)
                    .collect()
            })
            .collect();
        (n, conflicts)
    }

    #[test]
    fn conflicts_are_minimal_and_real() {
        let mut found_some = 0;
        for seed in 0..500 {
            let (n, conflicts) = hidden(seed);
            let consistent = |set: &BTreeSet<usize>| !conflicts.iter().any(|c| c.is_subset(set));
            match minimal_conflict(n, &mut |set| consistent(set)) {
                None => assert!(conflicts.is_empty(), "seed {seed}"),
                Some(found) => {
                    found_some += 1;
                    let found: BTreeSet<usize> = found.into_iter().collect();
                    assert!(!consistent(&found), "seed {seed}: not a conflict");
                    for member in &found {
                        let mut without = found.clone();
                        without.remove(member);
                        assert!(consistent(&without), "seed {seed}: not minimal");
                    }
                }
            }
        }
        assert!(found_some > 200);
    }

    #[test]
    fn a_background_that_fails_alone_blames_nobody() {
        assert_eq!(minimal_conflict(1, &mut |_| false), Some(Vec::new()));
        assert_eq!(minimal_conflict(5, &mut |_| false), Some(Vec::new()));
        assert_eq!(correction(3, &mut |_| false), None);
    }

    #[test]
    fn corrections_restore_consistency_and_are_minimal() {
        for seed in 0..500 {
            let (n, conflicts) = hidden(seed);
            let consistent = |set: &BTreeSet<usize>| !conflicts.iter().any(|c| c.is_subset(set));
            let dropped = correction(n, &mut |set| consistent(set)).unwrap_or_default();
            let mut rest: BTreeSet<usize> = (0..n).filter(|at| !dropped.contains(at)).collect();
            assert!(consistent(&rest), "seed {seed}");
            for back in dropped {
                rest.insert(back);
                assert!(!consistent(&rest), "seed {seed}: dropped too much");
                rest.remove(&back);
            }
        }
    }
}
