//! Is there one choice per slot within all limits? Branch and bound on costs alone, exact.
//!
//! Scores play no part here: the search narrows the choices of a slot and asks again.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::problem::{Choice, FileCost, Problem, Resource, SumLimit};
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
    let mut depths = vec![0; order.len()];
    for (depth, &slot) in order.iter().enumerate() {
        depths[slot] = depth;
    }
    let inside = |limit: &SumLimit| {
        let mut inside = vec![false; order.len()];
        (limit.slots.iter()).for_each(|&slot| inside[depths[slot]] = true);
        inside
    };
    let inside: Vec<Vec<bool>> = problem.sums.iter().map(inside).collect();
    let bounds = Bounds::new(problem, domains, shared, (&order, &inside));
    let nothing = Sums {
        sums: vec![0; problem.sums.len()],
        ..Sums::default()
    };
    let tries = order.iter().map(|&slot| {
        let lean = domains[slot].lean.iter();
        lean.map(|&at| Try::of(problem, shared, at, &problem.slots[slot][at]))
            .collect()
    });
    let tries: Vec<Vec<Try<'_>>> = tries.collect();
    let mut search = Search {
        problem,
        tries: &tries,
        inside,
        taken: vec![0; problem.files.len()],
        reached: vec![nothing; order.len() + 1],
        picks: Vec::with_capacity(order.len()),
        order,
        bounds,
        counts,
    };
    if !search.is_within(0) || !search.descend() {
        return None;
    }
    let mut answer = vec![0; domains.len()];
    for (&slot, &at) in search.order.iter().zip(&search.picks) {
        answer[slot] = at;
    }
    Some(answer)
}

/// Costs so far, or the least that is still to come.
#[derive(Debug, Clone, Default)]
struct Sums {
    sums: Vec<u64>,
    download: u64,
    storage: u64,
    files: usize,
    instances: usize,
}

/// A choice the search may try.
struct Try<'a> {
    /// Its number in the slot's list.
    at: usize,
    choice: &'a Choice,
    /// Whether another slot could use its file or its instance.
    shared: bool,
    /// Its memory where it shares nothing.
    memory: u64,
    /// What its file costs.
    file: FileCost,
}

impl<'a> Try<'a> {
    fn of(problem: &Problem, shared: &Shared, at: usize, choice: &'a Choice) -> Self {
        Self {
            at,
            choice,
            shared: shared.holds(choice),
            memory: choice.memory + problem.instances[choice.instance].memory,
            file: problem.files[choice.file],
        }
    }

    /// Whether it goes into some room where its file is not there yet: a quick look, as most do not.
    fn may_fit(&self, room: &Room) -> bool {
        self.file.download <= room.download
            && self.file.storage <= room.storage
            && (self.shared || self.memory <= room.memory)
    }
}

/// What the limits leave to one more choice, bytes.
struct Room {
    memory: u64,
    download: u64,
    storage: u64,
}

struct Search<'a> {
    problem: &'a Problem,
    order: Vec<usize>,
    /// By depth, what can be tried there.
    tries: &'a [Vec<Try<'a>>],
    /// By sum and depth, whether the slot filled there is in the sum.
    inside: Vec<Vec<bool>>,
    bounds: Bounds,
    counts: Counts,
    picks: Vec<usize>,
    /// By file, how many of the slots filled so far take it.
    taken: Vec<usize>,
    /// By depth, the costs of the slots filled before it. Written over as the search goes, which asks millions of times.
    reached: Vec<Sums>,
}

impl<'a> Search<'a> {
    /// Fills the slots from the depth reached on; leaves `picks` filled when it succeeds.
    fn descend(&mut self) -> bool {
        let depth = self.picks.len();
        let Some(tries) = self.tries.get(depth) else {
            return true;
        };
        let is_reused =
            |search: &Self, one: &Try<'_>| one.shared && search.taken[one.choice.file] > 0;
        // What is loaded already costs least: try it first, so that a yes is found soon.
        for one in tries.iter().filter(|one| one.shared) {
            if is_reused(self, one) && self.fill(one, true) {
                return true;
            }
        }
        let room = self.room(depth);
        for one in tries {
            if one.may_fit(&room) && !is_reused(self, one) && self.fill(one, false) {
                return true;
            }
        }
        false
    }

    /// Fills the next slot with a choice and goes on; `reused` says that its file is there already.
    fn fill(&mut self, one: &Try<'_>, reused: bool) -> bool {
        self.add(one.choice, reused);
        if !self.is_within(self.picks.len() + 1) {
            return false;
        }
        self.picks.push(one.at);
        self.taken[one.choice.file] += 1;
        if self.descend() {
            return true;
        }
        self.picks.pop();
        self.taken[one.choice.file] -= 1;
        false
    }

    /// What is left to a choice at a depth.
    fn room(&self, depth: usize) -> Room {
        let (sums, rest) = (&self.reached[depth], &self.bounds.rest[depth + 1]);
        let limits = self.problem.sums.iter().zip(&self.inside);
        let memory = limits.zip(sums.sums.iter().zip(&rest.sums));
        let memory =
            memory.filter(|((limit, inside), _)| limit.of == Resource::Memory && inside[depth]);
        let memory = memory.map(|((limit, _), (sum, rest))| limit.limit.saturating_sub(sum + rest));
        let left = |limit: Option<u64>, sum: u64, rest: u64| {
            limit.map_or(u64::MAX, |limit| limit.saturating_sub(sum + rest))
        };
        Room {
            memory: memory.min().unwrap_or(u64::MAX),
            download: left(self.problem.download, sums.download, rest.download),
            storage: left(self.problem.storage, sums.storage, rest.storage),
        }
    }

    /// Sets the costs of the next depth to those with one more choice; `reused` says that its file is there already.
    fn add(&mut self, choice: &Choice, reused: bool) {
        let Self {
            problem,
            order,
            inside,
            picks,
            reached,
            ..
        } = self;
        let earlier = || {
            let picks = order.iter().zip(picks.iter());
            picks.map(|(&slot, &at)| &problem.slots[slot][at])
        };
        let depth = picks.len();
        let (known, next) = reached.split_at_mut(depth + 1);
        let (Some(before), Some(next)) = (known.last(), next.first_mut()) else {
            return;
        };
        let (file, instance) = (
            problem.files[choice.file],
            problem.instances[choice.instance],
        );
        let mine = |other: &Choice| other.instance == choice.instance;
        let loaded = earlier().any(mine);
        let unless = |there: bool, cost: u64| if there { 0 } else { cost };
        next.files = before.files + usize::from(!reused);
        next.instances = before.instances + usize::from(!loaded);
        next.download = before.download + unless(reused, file.download);
        next.storage =
            before.storage + unless(reused, file.storage) + unless(loaded, instance.storage);
        for (row, limit) in problem.sums.iter().enumerate() {
            let inside = &inside[row];
            let more = match limit.of {
                _ if !inside[depth] => 0,
                Resource::Time => choice.time,
                Resource::Memory => {
                    let mut beside = earlier().zip(inside);
                    let there = loaded && beside.any(|(other, inside)| *inside && mine(other));
                    choice.memory + unless(there, instance.memory)
                }
            };
            next.sums[row] = before.sums[row] + more;
        }
    }

    /// Whether the costs before a depth and the least that must be added stay within every limit.
    fn is_within(&self, depth: usize) -> bool {
        let problem = self.problem;
        let (sums, rest) = (&self.reached[depth], &self.bounds.rest[depth]);
        let mut limits = problem.sums.iter().zip(sums.sums.iter().zip(&rest.sums));
        let within = |cost: u64, limit: Option<u64>| limit.is_none_or(|limit| cost <= limit);
        let count = |cost: usize, limit: Option<usize>| limit.is_none_or(|limit| cost <= limit);
        limits.all(|(limit, (sum, rest))| sum + rest <= limit.limit)
            && within(sums.download + rest.download, problem.download)
            && within(sums.storage + rest.storage, problem.storage)
            && count(sums.files + rest.files, self.counts.files)
            && count(sums.instances + rest.instances, self.counts.instances)
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
    fn new(
        problem: &Problem,
        domains: &[Domain],
        shared: &Shared,
        (order, inside): (&[usize], &[Vec<bool>]),
    ) -> Self {
        let least: Vec<Least> = domains
            .iter()
            .enumerate()
            .map(|(slot, domain)| Least::of(problem, slot, &domain.lean))
            .collect();
        let all = vec![true; order.len()];
        // A component pays at the first of its slots in the order, and the most that any of them must.
        let total = |inside: &[bool], figure: &dyn Fn(&Least) -> u64| {
            let mut paid: Vec<(Option<usize>, u64)> = vec![(None, 0); domains.len()];
            for (depth, &slot) in order.iter().enumerate().filter(|(depth, _)| inside[*depth]) {
                let (first, most) = &mut paid[shared.component(slot)];
                first.get_or_insert(depth);
                *most = (*most).max(figure(&least[slot]));
            }
            let mut each = vec![0; order.len()];
            for (first, most) in paid {
                if let Some(depth) = first {
                    each[depth] += most;
                }
            }
            from_depth(&each)
        };
        let own = |inside: &[bool], figure: &dyn Fn(&Least) -> u64| {
            let each = order.iter().zip(inside);
            let each = each.map(|(&slot, inside)| if *inside { figure(&least[slot]) } else { 0 });
            from_depth(&each.collect::<Vec<u64>>())
        };
        let sums = problem.sums.iter().zip(inside).map(|(limit, inside)| {
            if limit.of == Resource::Time {
                return own(inside, &|least| least.time);
            }
            let shared = total(inside, &|least| least.memory - least.own);
            let own = own(inside, &|least| least.own);
            own.iter()
                .zip(shared)
                .map(|(own, more)| own + more)
                .collect()
        });
        let sums: Vec<Vec<u64>> = sums.collect();
        let download = total(&all, &|least| least.download);
        let storage = total(&all, &|least| least.storage);
        let loads = total(&all, &|_| 1);
        let rest = (0..=order.len()).map(|depth| Sums {
            sums: sums.iter().map(|sum| sum[depth]).collect(),
            download: download[depth],
            storage: storage[depth],
            files: loads[depth] as usize,
            instances: loads[depth] as usize,
        });
        Self {
            rest: rest.collect(),
        }
    }
}

/// The sums of what is added from each depth on.
fn from_depth(each: &[u64]) -> Vec<u64> {
    let mut rest = vec![0; each.len() + 1];
    for (depth, more) in each.iter().enumerate().rev() {
        rest[depth] = rest[depth + 1] + more;
    }
    rest
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
