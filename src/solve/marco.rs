//! MARCO (Liffiton and others, Constraints 2016): every minimal conflict and every minimal correction.
//!
//! Works on numbers `0..n` and one question, as `quickxplain` does, so it can be proven apart from the solver. A map
//! remembers which subsets are decided; each round asks about a largest undecided one and decides all its sub- or supersets.

use std::cell::Cell;
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

/// How far a search goes before it ends with what it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Most {
    /// Conflicts and corrections together.
    pub rounds: usize,
    /// No round begins after so many questions.
    pub questions: usize,
}

impl Most {
    /// To the end.
    pub const ALL: Self = Self {
        rounds: usize::MAX,
        questions: usize::MAX,
    };
}

/// All minimal conflicts and corrections among `0..n`, or the first of them.
///
/// `holds(set)` answers whether the constraints of `set` can be met together; it must be monotone (a subset of a
/// consistent set is consistent). A round finds one conflict or one correction and asks at most `n + 1` questions for
/// a correction, `O(k log n)` for a conflict of `k` members.
pub fn conflicts(
    n: usize,
    most: Most,
    holds: &mut dyn FnMut(&BTreeSet<usize>) -> bool,
) -> Conflicts {
    let mut map = Map::new(n);
    let mut found = Conflicts::default();
    let asked = Cell::new(0);
    let mut holds = |set: &BTreeSet<usize>| {
        asked.set(asked.get() + 1);
        holds(set)
    };
    let mut seed = map.undecided();
    for _ in 0..most.rounds {
        let Seed::Found(set) = seed else {
            break;
        };
        if holds(&set) {
            let gone = grow(n, set, &mut holds);
            map.add(gone.iter().map(|&at| (at, true)).collect());
            found.corrections.push(gone);
        } else {
            let conflict = shrink(&set, &mut holds);
            map.add(conflict.iter().map(|&at| (at, false)).collect());
            found.conflicts.push(conflict);
        }
        seed = map.undecided();
        if asked.get() >= most.questions {
            break;
        }
    }
    found.complete = seed == Seed::None;
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

/// Steps of one search for an undecided subset. Each is cheap, but there may be exponentially many.
const STEPS: usize = 100_000;

/// What a search for an undecided subset ends with.
#[derive(PartialEq, Eq)]
enum Seed {
    Found(BTreeSet<usize>),
    /// All subsets are decided.
    None,
    /// The search was given up.
    Unknown,
}

/// Which subsets are not yet known to be consistent or not: those that satisfy every clause.
struct Map {
    n: usize,
    /// Each asks for one of its members to be in (`true`) or out (`false`); by the last of its members, where it is decided.
    clauses: Vec<Vec<Vec<(usize, bool)>>>,
    /// There is a clause without members: nothing is undecided.
    closed: bool,
}

impl Map {
    fn new(n: usize) -> Self {
        Self {
            n,
            clauses: vec![Vec::new(); n],
            closed: false,
        }
    }

    /// Adds a clause, its members ascending.
    fn add(&mut self, clause: Vec<(usize, bool)>) {
        match clause.last() {
            Some(&(last, _)) => self.clauses[last].push(clause),
            None => self.closed = true,
        }
    }

    /// An undecided subset that no undecided one contains, as far as trying members in order finds it.
    ///
    /// Members are decided in order, in before out. Where a clause fails, the search jumps back to the last member that
    /// has a part in the failure: what lies between cannot help.
    fn undecided(&self) -> Seed {
        if self.closed {
            return Seed::None;
        }
        // Per member, whether it is in; for one that is out, the earlier members that speak against its being in.
        let mut chosen: Vec<(bool, BTreeSet<usize>)> = Vec::with_capacity(self.n);
        for _ in 0..STEPS {
            let Some(clause) = self.violated(&chosen) else {
                if chosen.len() == self.n {
                    let members = chosen.iter().enumerate();
                    let members = members.filter(|(_, (inside, _))| *inside);
                    return Seed::Found(members.map(|(at, _)| at).collect());
                }
                chosen.push((true, BTreeSet::new()));
                continue;
            };
            let mut against: BTreeSet<usize> = clause.iter().map(|&(at, _)| at).collect();
            loop {
                let Some((inside, known)) = chosen.pop() else {
                    return Seed::None;
                };
                if !against.remove(&chosen.len()) {
                    continue;
                }
                if inside {
                    chosen.push((false, against));
                    break;
                }
                against.extend(known);
            }
        }
        Seed::Unknown
    }

    /// A clause that the member decided last has made impossible.
    fn violated(&self, chosen: &[(bool, BTreeSet<usize>)]) -> Option<&[(usize, bool)]> {
        let last = chosen.len().checked_sub(1)?;
        let fails = |clause: &&Vec<(usize, bool)>| {
            clause.iter().all(|&(at, inside)| chosen[at].0 != inside)
        };
        self.clauses[last].iter().find(fails).map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::super::random::seeded;
    use super::{Conflicts, Most, conflicts};
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

    fn rounds(rounds: usize) -> Most {
        Most {
            rounds,
            ..Most::ALL
        }
    }

    #[test]
    fn all_conflicts_and_corrections_are_found_and_nothing_else() {
        let mut several = 0;
        for seed in 0..400 {
            let mut lcg = seeded(seed);
            let n = 1 + lcg.below(7) as usize;
            let hidden: Vec<BTreeSet<usize>> = (0..lcg.below(5))
                .map(|_| {
                    (0..1 + lcg.below(3))
                        .map(|_| lcg.below(n as u64) as usize)
                        .collect()
                })
                .collect();
            let consistent = |set: &BTreeSet<usize>| !hidden.iter().any(|one| one.is_subset(set));
            let found = conflicts(n, Most::ALL, &mut |set| consistent(set));
            assert_eq!(found, by_brute_force(n, &consistent), "seed {seed}");
            several += usize::from(found.conflicts.len() > 1);
        }
        assert!(several > 100);
    }

    #[test]
    fn a_limit_ends_the_search_and_says_so() {
        // Every pair of ten is a conflict: 45 conflicts and 10 corrections.
        let pairs = |set: &BTreeSet<usize>| set.len() < 2;
        let some = conflicts(10, rounds(7), &mut |set| pairs(set));
        assert!(!some.complete);
        assert_eq!(some.conflicts.len() + some.corrections.len(), 7);
        let all = conflicts(10, rounds(55), &mut |set| pairs(set));
        assert!(all.complete);
        assert_eq!((all.conflicts.len(), all.corrections.len()), (45, 10));
    }

    #[test]
    fn no_round_begins_when_the_questions_are_spent() {
        let mut asked = 0;
        let most = Most {
            questions: 30,
            ..Most::ALL
        };
        let some = conflicts(500, most, &mut |set| {
            asked += 1;
            set.len() < 2
        });
        assert!(!some.complete && !some.conflicts.is_empty());
        // The last round ends what it began.
        assert!(asked < 30 + 501, "{asked}");
    }

    #[test]
    fn members_without_a_part_in_a_failure_are_not_tried_out() {
        // Whichever two of the first three are in, the last is to blame; hundreds of others stand between.
        let n = 400;
        let fails = |set: &BTreeSet<usize>| {
            let first = (0..3).filter(|at| set.contains(at)).count();
            first > 1 || (first == 1 && set.contains(&(n - 1)))
        };
        let found = conflicts(n, Most::ALL, &mut |set| !fails(set));
        assert!(found.complete);
        assert_eq!((found.conflicts.len(), found.corrections.len()), (6, 4));
    }

    #[test]
    fn what_fails_alone_is_the_empty_conflict() {
        let found = conflicts(3, Most::ALL, &mut |_| false);
        assert_eq!(found.conflicts, vec![Vec::<usize>::new()]);
        assert!(found.corrections.is_empty() && found.complete);
    }
}
