//! Random instances for the proofs: a seed gives the same one everywhere.

use super::lcg::Lcg;
use super::problem::{Choice, FileCost, Goal, InstanceCost, Problem, Resource, SCORES, SumLimit};

/// A stream whose first numbers differ between neighbouring seeds.
pub(super) fn seeded(seed: u64) -> Lcg {
    let mut lcg = Lcg(seed.wrapping_mul(2_654_435_769).wrapping_add(1));
    lcg.below(2);
    lcg
}

/// A small instance: up to four slots in features, shared files and instances, budgets that bind or break.
pub(super) fn instance(seed: u64) -> Problem {
    let mut lcg = seeded(seed);
    let slots = 1 + lcg.below(4) as usize;
    let files = 2 + lcg.below(5) as usize;
    let instances = files * 2;
    let span = 2 + lcg.below(6);
    let problem_slots: Vec<Vec<Choice>> = (0..slots)
        .map(|_| {
            (0..lcg.below(9))
                .map(|_| {
                    let file = lcg.below(files as u64) as usize;
                    let mut scores = [0; SCORES];
                    for score in scores.iter_mut().take(3) {
                        *score = lcg.below(span) as i64;
                    }
                    Choice {
                        file,
                        instance: file * 2 + lcg.below(2) as usize,
                        memory: lcg.below(12),
                        time: lcg.below(10),
                        scores,
                    }
                })
                .collect()
        })
        .collect();
    let together = 1 + lcg.below(slots as u64) as usize;
    let mut sums = vec![SumLimit {
        of: Resource::Memory,
        slots: (0..together).collect(),
        limit: 10 + lcg.below(50),
    }];
    sums.extend((together..slots).map(|slot| SumLimit {
        of: Resource::Memory,
        slots: vec![slot],
        limit: 5 + lcg.below(30),
    }));
    if lcg.below(2) == 0 {
        sums.push(SumLimit {
            of: Resource::Time,
            slots: (0..slots).collect(),
            limit: 4 + lcg.below(20),
        });
    }
    let width = 1 + lcg.below(2) as usize;
    let goals = (0..slots)
        .step_by(width)
        .flat_map(|first| {
            (0..3).flat_map(move |score| {
                (first..(first + width).min(slots)).map(move |slot| Goal { slot, score })
            })
        })
        .collect();
    let budget = |lcg: &mut Lcg| (lcg.below(2) == 0).then(|| 10 + lcg.below(60));
    Problem {
        files: (0..files)
            .map(|_| FileCost {
                download: lcg.below(25),
                storage: lcg.below(25),
            })
            .collect(),
        instances: (0..instances)
            .map(|_| InstanceCost {
                memory: lcg.below(25),
                storage: lcg.below(6),
            })
            .collect(),
        slots: problem_slots,
        sums,
        download: budget(&mut lcg),
        storage: budget(&mut lcg),
        goals,
    }
}
