//! MARCO (Liffiton and others, Constraints 2016): every minimal conflict and every minimal correction.
//!
//! Works on numbers `0..n` and one question, as `quickxplain` does, so it can be proven apart from the solver. A map
//! remembers which subsets are decided; each round asks about a largest undecided one and decides all its sub- or supersets.

use std::collections::BTreeSet;

use super::quickxplain::minimal_conflict;

/// What stands against what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conflicts {
    /// Minimal conflicts, each ascending; shorter ones first, then by their members.
    pub conflicts: Vec<Vec<usize>>,
    /// Minimal corrections: what must go, and nothing less, so that the rest can be met. Ordered alike.
    pub corrections: Vec<Vec<usize>>,
    /// Whether these are all there are; else the search ended at its limit.
    pub complete: bool,
}

/// All minimal conflicts and corrections among `0..n`, or the first `most` rounds of them.
///
/// `holds(set)` answers whether the constraints of `set` can be met together; it must be monotone (a subset of a
/// consistent set is consistent). A round finds one conflict or one correction and asks at most `n + 1` questions for
/// a correction, `O(k log n)` for a conflict of `k` members.
pub fn conflicts(
    n: usize,
    most: usize,
    holds: &mut dyn FnMut(&BTreeSet<usize>) -> bool,
) -> Conflicts {
    let mut map = Map::new(n);
    let mut found = Conflicts::default();
    for _ in 0..most {
        let Some(seed) = map.undecided() else {
            found.complete = true;
            break;
        };
        if holds(&seed) {
            let gone = grow(n, seed, holds);
            map.clauses
                .push(gone.iter().map(|&at| (at, true)).collect());
            found.corrections.push(gone);
        } else {
            let conflict = shrink(&seed, holds);
            map.clauses
                .push(conflict.iter().map(|&at| (at, false)).collect());
            found.conflicts.push(conflict);
        }
    }
    found.complete = found.complete || map.undecided().is_none();
    let by_size = |a: &Vec<usize>, b: &Vec<usize>| a.len().cmp(&b.len()).then_with(|| a.cmp(b));
    found.conflicts.sort_by(by_size);
    found.corrections.sort_by(by_size);
    found
}

/// What a largest consistent superset of `seed` leaves out.
fn grow(
    n: usize,
    mut seed: BTreeSet<usize>,
    holds: &mut dyn FnMut(&BTreeSet<usize>) -> bool,
) -> Vec<usize> {
    let mut gone = Vec::new();
    for at in 0..n {
        if seed.insert(at) && !holds(&seed) {
            seed.remove(&at);
            gone.push(at);
        }
    }
    gone
}

/// A minimal conflict inside an inconsistent set.
fn shrink(seed: &BTreeSet<usize>, holds: &mut dyn FnMut(&BTreeSet<usize>) -> bool) -> Vec<usize> {
    let members: Vec<usize> = seed.iter().copied().collect();
    let inner = minimal_conflict(members.len(), &mut |set| {
        holds(&set.iter().map(|&at| members[at]).collect())
    });
    let inner = inner.unwrap_or_default();
    inner.into_iter().map(|at| members[at]).collect()
}

/// Which subsets are not yet known to be consistent or not: those that satisfy every clause.
struct Map {
    n: usize,
    /// Each asks for one of its members to be in (`true`) or out (`false`).
    clauses: Vec<Vec<(usize, bool)>>,
}

impl Map {
    fn new(n: usize) -> Self {
        Self {
            n,
            clauses: Vec::new(),
        }
    }

    /// An undecided subset that no undecided one contains, as far as trying members in order finds it.
    fn undecided(&self) -> Option<BTreeSet<usize>> {
        let mut chosen = Vec::with_capacity(self.n);
        self.extend(&mut chosen).then(|| {
            let members = chosen.iter().enumerate();
            members
                .filter(|(_, inside)| **inside)
                .map(|(at, _)| at)
                .collect()
        })
    }

    /// Decides the next member, in before out; steps back where a clause can no longer be met.
    fn extend(&self, chosen: &mut Vec<bool>) -> bool {
        if self.is_violated(chosen) {
            return false;
        }
        if chosen.len() == self.n {
            return true;
        }
        for inside in [true, false] {
            chosen.push(inside);
            if self.extend(chosen) {
                return true;
            }
            chosen.pop();
        }
        false
    }

    fn is_violated(&self, chosen: &[bool]) -> bool {
        self.clauses.iter().any(|clause| {
            clause
                .iter()
                .all(|&(at, inside)| chosen.get(at).is_some_and(|&is| is != inside))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::lcg::Lcg;
    use super::{Conflicts, conflicts};
    use std::collections::BTreeSet;

    /// All subsets of `0..n`, as sets.
    fn subsets(n: usize) -> impl Iterator<Item = BTreeSet<usize>> {
        (0u32..1 << n).map(move |bits| (0..n).filter(|at| bits >> at & 1 == 1).collect())
    }

    /// By definition: a conflict fails and every set with one member less holds; a correction likewise from the other side.
    fn by_brute_force(n: usize, holds: &dyn Fn(&BTreeSet<usize>) -> bool) -> Conflicts {
        let without = |set: &BTreeSet<usize>, at: usize| {
            let mut less = set.clone();
            less.remove(&at);
            less
        };
        let rest = |gone: &BTreeSet<usize>| (0..n).filter(|at| !gone.contains(at)).collect();
        let mut found = Conflicts {
            complete: true,
            ..Conflicts::default()
        };
        for set in subsets(n) {
            let list = || set.iter().copied().collect::<Vec<usize>>();
            if !holds(&set) && set.iter().all(|&at| holds(&without(&set, at))) {
                found.conflicts.push(list());
            }
            if holds(&rest(&set)) && set.iter().all(|&at| !holds(&rest(&without(&set, at)))) {
                found.corrections.push(list());
            }
        }
        found.conflicts.sort_by_key(|set| (set.len(), set.clone()));
        found
            .corrections
            .sort_by_key(|set| (set.len(), set.clone()));
        found
    }

    #[test]
    fn all_conflicts_and_corrections_are_found_and_nothing_else() {
        let mut several = 0;
        for seed in 0..400 {
            let mut lcg = Lcg::new(seed);
            let n = 1 + lcg.below(7) as usize;
            let hidden: Vec<BTreeSet<usize>> = (0..lcg.below(5))
                .map(|_| {
                    (0..1 + lcg.below(3))
                        .map(|_| lcg.below(n as u64) as usize)
                        .collect()
                })
                .collect();
            let consistent = |set: &BTreeSet<usize>| !hidden.iter().any(|one| one.is_subset(set));
            let found = conflicts(n, usize::MAX, &mut |set| consistent(set));
            assert_eq!(found, by_brute_force(n, &consistent), "seed {seed}");
            several += usize::from(found.conflicts.len() > 1);
        }
        assert!(several > 100);
    }

    #[test]
    fn a_limit_ends_the_search_and_says_so() {
        // Every pair of ten is a conflict: 45 conflicts and 10 corrections.
        let pairs = |set: &BTreeSet<usize>| set.len() < 2;
        let some = conflicts(10, 7, &mut |set| pairs(set));
        assert!(!some.complete);
        assert_eq!(some.conflicts.len() + some.corrections.len(), 7);
        let all = conflicts(10, 55, &mut |set| pairs(set));
        assert!(all.complete);
        assert_eq!((all.conflicts.len(), all.corrections.len()), (45, 10));
    }

    #[test]
    fn what_fails_alone_is_the_empty_conflict() {
        let found = conflicts(3, usize::MAX, &mut |_| false);
        assert_eq!(found.conflicts, vec![Vec::<usize>::new()]);
        assert!(found.corrections.is_empty() && found.complete);
    }
}
