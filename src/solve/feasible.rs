//! Is there one choice per slot within all limits? Branch and bound on costs alone, exact.
//!
//! Scores play no part here: the search narrows the choices of a slot and asks again.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::problem::{Choice, Problem, Resource};
use super::sharing::Shared;

/// Limits besides those of the problem, for the last ties.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    /// At most so many distinct files.
    pub files: Option<usize>,
    /// At most so many distinct instances.
    pub instances: Option<usize>,
}

/// The choices of one slot that can still matter, cheapest first; numbers into the slot's list.
#[derive(Debug, Clone)]
pub(super) struct Domain {
    /// All choices that are left.
    pub all: Vec<usize>,
    /// Those of them that no other one makes superfluous where only costs count.
    pub lean: Vec<usize>,
}

/// What the choices of each slot cost by themselves, and their order by it; made once, as narrowing asks often.
#[derive(Debug, Clone)]
pub(super) struct Prices {
    /// Per slot and choice: memory, time, download, storage, nothing shared.
    full: Vec<Vec<[u64; 4]>>,
    /// Per slot, all choices by price, then file, instance and number; sorted when it is asked for first.
    order: Vec<OnceLock<Vec<usize>>>,
}

impl Prices {
    pub(super) fn new(problem: &Problem) -> Self {
        let full: Vec<Vec<[u64; 4]>> = problem
            .slots
            .iter()
            .map(|choices| choices.iter().map(|one| price(problem, one)).collect())
            .collect();
        Self {
            order: vec![OnceLock::new(); full.len()],
            full,
        }
    }

    /// All choices of a slot, cheapest first.
    pub(super) fn order(&self, problem: &Problem, slot: usize) -> &[usize] {
        let all = || (0..self.full[slot].len()).collect();
        self.order[slot].get_or_init(|| self.sorted(problem, slot, all()))
    }

    /// Whether one choice of a slot costs no more than another where neither shares anything.
    pub(super) fn is_no_dearer(&self, slot: usize, one: usize, other: usize) -> bool {
        let full = &self.full[slot];
        let mut costs = full[one].iter().zip(&full[other]);
        costs.all(|(one, other)| one <= other)
    }

    /// Some choices of a slot, cheapest first.
    pub(super) fn sorted(&self, problem: &Problem, slot: usize, some: Vec<usize>) -> Vec<usize> {
        let (choices, full) = (&problem.slots[slot], &self.full[slot]);
        // Memory decides nearly always: by it alone first, then what ties.
        let mut order: Vec<(u64, usize)> = some.into_iter().map(|at| (full[at][0], at)).collect();
        order.sort_unstable();
        for tied in order.chunk_by_mut(|a, b| a.0 == b.0) {
            tied.sort_unstable_by_key(|&(_, at)| {
                (full[at], choices[at].file, choices[at].instance, at)
            });
        }
        order.into_iter().map(|(_, at)| at).collect()
    }
}

/// The price of a choice that shares nothing.
fn price(problem: &Problem, choice: &Choice) -> [u64; 4] {
    let file = &problem.files[choice.file];
    let instance = &problem.instances[choice.instance];
    [
        choice.memory + instance.memory,
        choice.time,
        file.download,
        file.storage + instance.storage,
    ]
}

impl Domain {
    /// Prunes `all`, which come cheapest first. `shared` says whether another slot could use the same file or instance.
    ///
    /// A choice `b` goes when some `a` never costs more: the same file and instance with no more of its own, or, where
    /// nobody can share `b`'s file and instance, any `a` whose full price is no higher than `b`'s.
    pub(super) fn new(
        problem: &Problem,
        prices: &Prices,
        slot: usize,
        all: Vec<usize>,
        shared: &Shared,
    ) -> Self {
        let choices = &problem.slots[slot];
        let no_dearer = |a: &[u64], b: &[u64]| a.iter().zip(b).all(|(a, b)| a <= b);
        let mut lean: Vec<usize> = Vec::new();
        let mut twins: BTreeMap<(usize, usize), Vec<[u64; 2]>> = BTreeMap::new();
        let mut frontier: Vec<[u64; 4]> = Vec::new();
        for &at in &all {
            let choice = &choices[at];
            let cost = prices.full[slot][at];
            let dear = frontier.iter().any(|kept| no_dearer(kept, &cost));
            if shared.holds(choice) {
                let own = [choice.memory, choice.time];
                let kept = twins.entry((choice.file, choice.instance)).or_default();
                if kept.iter().any(|kept| no_dearer(kept, &own)) {
                    continue;
                }
                kept.push(own);
            } else if dear {
                continue;
            }
            if !dear {
                frontier.push(cost);
            }
            lean.push(at);
        }
        Self { all, lean }
    }
}

/// Searches one choice per slot within all limits; the answer holds numbers into each slot's list.
pub(super) fn feasible(
    problem: &Problem,
    domains: &[Domain],
    shared: &Shared,
    counts: Counts,
) -> Option<Vec<usize>> {
    let mut order: Vec<usize> = (0..domains.len()).collect();
    order.sort_by_key(|&slot| (domains[slot].lean.len(), slot));
    let bounds = Bounds::new(problem, domains, shared, &order);
    let mut search = Search {
        problem,
        domains,
        order,
        bounds,
        counts,
        picks: Vec::with_capacity(domains.len()),
    };
    let start = Sums {
        sums: vec![0; problem.sums.len()],
        download: 0,
        storage: 0,
        files: 0,
        instances: 0,
    };
    if !search.descend(&start) {
        return None;
    }
    let mut answer = vec![0; domains.len()];
    for (&slot, &at) in search.order.iter().zip(&search.picks) {
        answer[slot] = at;
    }
    Some(answer)
}

/// Costs so far, or the least that is still to come.
#[derive(Debug, Clone)]
struct Sums {
    sums: Vec<u64>,
    download: u64,
    storage: u64,
    files: usize,
    instances: usize,
}

struct Search<'a> {
    problem: &'a Problem,
    domains: &'a [Domain],
    order: Vec<usize>,
    bounds: Bounds,
    counts: Counts,
    picks: Vec<usize>,
}

impl Search<'_> {
    /// Fills the slots from the depth reached on; leaves `picks` filled when it succeeds.
    fn descend(&mut self, sums: &Sums) -> bool {
        let depth = self.picks.len();
        if !self.within(sums, &self.bounds.rest[depth]) {
            return false;
        }
        let Some(&slot) = self.order.get(depth) else {
            return true;
        };
        // What is loaded already costs least: try it first, so that a yes is found soon.
        for reuse in [true, false] {
            for index in 0..self.domains[slot].lean.len() {
                let at = self.domains[slot].lean[index];
                let (sums, reused) = self.add(sums, slot, at);
                if reused != reuse {
                    continue;
                }
                self.picks.push(at);
                if self.descend(&sums) {
                    return true;
                }
                self.picks.pop();
            }
        }
        false
    }

    /// The sums with one more choice, and whether it uses a file that is there already.
    fn add(&self, before: &Sums, slot: usize, at: usize) -> (Sums, bool) {
        let choice = &self.problem.slots[slot][at];
        let mut sums = before.clone();
        let earlier = || {
            self.order
                .iter()
                .zip(&self.picks)
                .map(|(&slot, &at)| (slot, &self.problem.slots[slot][at]))
        };
        let reused = earlier().any(|(_, other)| other.file == choice.file);
        if !reused {
            let file = &self.problem.files[choice.file];
            sums.files += 1;
            sums.download += file.download;
            sums.storage += file.storage;
        }
        let instance = &self.problem.instances[choice.instance];
        if !earlier().any(|(_, other)| other.instance == choice.instance) {
            sums.instances += 1;
            sums.storage += instance.storage;
        }
        for (row, limit) in self.problem.sums.iter().enumerate() {
            if !limit.slots.contains(&slot) {
                continue;
            }
            if limit.of == Resource::Time {
                sums.sums[row] += choice.time;
                continue;
            }
            sums.sums[row] += choice.memory;
            let loaded = earlier().any(|(other_slot, other)| {
                other.instance == choice.instance && limit.slots.contains(&other_slot)
            });
            if !loaded {
                sums.sums[row] += instance.memory;
            }
        }
        (sums, reused)
    }

    /// Whether the sums and the least that must be added stay within every limit.
    fn within(&self, sums: &Sums, rest: &Sums) -> bool {
        let problem = self.problem;
        problem
            .sums
            .iter()
            .zip(sums.sums.iter().zip(&rest.sums))
            .all(|(limit, (sum, rest))| sum + rest <= limit.limit)
            && problem
                .download
                .is_none_or(|limit| sums.download + rest.download <= limit)
            && problem
                .storage
                .is_none_or(|limit| sums.storage + rest.storage <= limit)
            && self
                .counts
                .files
                .is_none_or(|limit| sums.files + rest.files <= limit)
            && self
                .counts
                .instances
                .is_none_or(|limit| sums.instances + rest.instances <= limit)
    }
}

/// Per depth, the least that the slots still empty must add, whatever is chosen.
struct Bounds {
    rest: Vec<Sums>,
}

/// The cheapest figures of one slot, each by itself.
#[derive(Clone, Copy)]
struct Least {
    own: u64,
    time: u64,
    memory: u64,
    download: u64,
    storage: u64,
}

impl Bounds {
    /// Slots of one component may share everything, so a component pays its dearest slot once; and nothing
    /// beside the slots' own memory where an earlier slot of the component may have paid already.
    fn new(problem: &Problem, domains: &[Domain], shared: &Shared, order: &[usize]) -> Self {
        let least: Vec<Least> = domains
            .iter()
            .enumerate()
            .map(|(slot, domain)| Least::of(problem, slot, &domain.lean))
            .collect();
        let rest = (0..=order.len())
            .map(|depth| {
                let (before, after) = order.split_at(depth);
                let all = |_: &usize| true;
                let total = |inside: &dyn Fn(&usize) -> bool, figure: &dyn Fn(&Least) -> u64| {
                    let mut paid: Vec<u64> = vec![0; domains.len()];
                    for &slot in after.iter().filter(|slot| inside(slot)) {
                        let component = shared.component(slot);
                        let known = before
                            .iter()
                            .any(|other| inside(other) && shared.component(*other) == component);
                        if !known {
                            paid[component] = paid[component].max(figure(&least[slot]));
                        }
                    }
                    paid.iter().sum::<u64>()
                };
                let sums = problem
                    .sums
                    .iter()
                    .map(|limit| {
                        let inside = |slot: &usize| limit.slots.contains(slot);
                        let members = after.iter().filter(|slot| inside(slot));
                        if limit.of == Resource::Time {
                            return members.map(|&slot| least[slot].time).sum();
                        }
                        let own: u64 = members.map(|&slot| least[slot].own).sum();
                        own + total(&inside, &|least| least.memory - least.own)
                    })
                    .collect();
                Sums {
                    sums,
                    download: total(&all, &|least| least.download),
                    storage: total(&all, &|least| least.storage),
                    files: total(&all, &|_| 1) as usize,
                    instances: total(&all, &|_| 1) as usize,
                }
            })
            .collect();
        Self { rest }
    }
}

impl Least {
    fn of(problem: &Problem, slot: usize, lean: &[usize]) -> Self {
        let start = Self {
            own: u64::MAX,
            time: u64::MAX,
            memory: u64::MAX,
            download: u64::MAX,
            storage: u64::MAX,
        };
        if lean.is_empty() {
            // No choice at all: the search fails at this slot whatever the bound says.
            return Self {
                own: 0,
                time: 0,
                memory: 0,
                download: 0,
                storage: 0,
            };
        }
        lean.iter().fold(start, |least, &at| {
            let choice = &problem.slots[slot][at];
            let file = &problem.files[choice.file];
            let instance = &problem.instances[choice.instance];
            Self {
                own: least.own.min(choice.memory),
                time: least.time.min(choice.time),
                memory: least.memory.min(choice.memory + instance.memory),
                download: least.download.min(file.download),
                storage: least.storage.min(file.storage + instance.storage),
            }
        })
    }
}
