//! The search against a solver that shares no code with it: the same instances as mixed-integer programs, by `microlp`.

use edgeplan::solve::problem::{self, Problem, Resource};
use edgeplan::solve::search::optimum;
use good_lp::{
    Expression, ProblemVariables, ResolutionError, Solution, SolverModel, Variable, constraint,
    microlp, variable,
};

use crate::lcg;

#[path = "../src/solve/random.rs"]
mod random;

/// Instances per run; brute force beside the search covers thousands more, smaller ones.
const SEEDS: u64 = 120;

/// An instance as a program: a 0/1 variable per choice, and flags for what is used.
struct Program<'a> {
    problem: &'a Problem,
    variables: ProblemVariables,
    picks: Vec<Vec<Variable>>,
    files: Vec<Variable>,
    instances: Vec<Variable>,
    /// All of these must be at most zero.
    at_most_zero: Vec<Expression>,
}

impl<'a> Program<'a> {
    fn new(problem: &'a Problem) -> Self {
        let mut variables = ProblemVariables::new();
        let picks: Vec<Vec<Variable>> = problem
            .slots
            .iter()
            .map(|slot| variables.add_vector(variable().binary(), slot.len()))
            .collect();
        let files = variables.add_vector(variable().binary(), problem.files.len());
        let instances = variables.add_vector(variable().binary(), problem.instances.len());
        let mut program = Self {
            problem,
            variables,
            picks,
            files,
            instances,
            at_most_zero: Vec::new(),
        };
        program.link_used();
        program.link_sums();
        program.link_totals();
        program
    }

    /// What is chosen is used.
    fn link_used(&mut self) {
        for (slot, choices) in self.problem.slots.iter().enumerate() {
            for (at, choice) in choices.iter().enumerate() {
                let pick = self.picks[slot][at];
                self.at_most_zero.push(pick - self.files[choice.file]);
                self.at_most_zero
                    .push(pick - self.instances[choice.instance]);
            }
        }
    }

    fn link_sums(&mut self) {
        for limit in &self.problem.sums {
            let loaded = self
                .variables
                .add_vector(variable().binary(), self.problem.instances.len());
            let mut sum = Expression::from(-(limit.limit as f64));
            for &slot in &limit.slots {
                for (at, choice) in self.problem.slots[slot].iter().enumerate() {
                    let pick = self.picks[slot][at];
                    match limit.of {
                        Resource::Time => sum += choice.time as f64 * pick,
                        Resource::Memory => {
                            sum += choice.memory as f64 * pick;
                            self.at_most_zero.push(pick - loaded[choice.instance]);
                        }
                    }
                }
            }
            if limit.of == Resource::Memory {
                for (one, flag) in self.problem.instances.iter().zip(&loaded) {
                    sum += one.memory as f64 * *flag;
                }
            }
            self.at_most_zero.push(sum);
        }
    }

    fn link_totals(&mut self) {
        let mut download = Expression::default();
        let mut storage = Expression::default();
        for (file, flag) in self.problem.files.iter().zip(&self.files) {
            download += file.download as f64 * *flag;
            storage += file.storage as f64 * *flag;
        }
        for (one, flag) in self.problem.instances.iter().zip(&self.instances) {
            storage += one.storage as f64 * *flag;
        }
        for (total, limit) in [
            (download, self.problem.download),
            (storage, self.problem.storage),
        ] {
            if let Some(limit) = limit {
                self.at_most_zero.push(total - limit as f64);
            }
        }
    }

    /// The objectives in order, each to be made as small as it can be.
    fn objectives(&self) -> Vec<Expression> {
        let weighted = |slot: usize, weight: &dyn Fn(usize) -> f64| -> Expression {
            let picks = self.picks[slot].iter().enumerate();
            picks.map(|(at, pick)| weight(at) * *pick).sum()
        };
        let goals = self.problem.goals.iter().map(|goal| {
            weighted(goal.slot, &|at| {
                -(self.problem.slots[goal.slot][at].scores[goal.score] as f64)
            })
        });
        let used = [&self.files, &self.instances].map(|flags| flags.iter().sum::<Expression>());
        let earliest = (0..self.picks.len()).map(|slot| weighted(slot, &|at| at as f64));
        goals.chain(used).chain(earliest).collect()
    }

    /// The best picks, one objective after the other; `None` when there are none.
    fn solve(self) -> Option<Vec<usize>> {
        let objectives = self.objectives();
        let mut settled: Vec<Expression> = Vec::new();
        let mut bests = Vec::new();
        for objective in objectives {
            let mut model = self.variables.clone().minimise(&objective).using(microlp);
            for slot in &self.picks {
                model = model.with(constraint!(slot.iter().sum::<Expression>() == 1.0));
            }
            for amount in self.at_most_zero.iter().chain(&settled) {
                model = model.with(constraint!(amount.clone() <= 0.0));
            }
            let best = match model.solve() {
                Ok(solution) => solution.eval(&objective).round(),
                Err(ResolutionError::Infeasible) => return None,
                Err(other) => panic!("microlp: {other}"),
            };
            settled.push(objective - best);
            bests.push(best);
        }
        // The last objectives are the numbers of the picks.
        let numbers = bests.split_off(bests.len() - self.picks.len());
        Some(numbers.into_iter().map(|number| number as usize).collect())
    }
}

#[test]
fn the_search_agrees_with_a_solver_of_mixed_integer_programs() {
    let (mut feasible, mut infeasible) = (0, 0);
    for seed in 10_000..10_000 + SEEDS {
        let problem = random::instance(seed);
        let expected = if problem.slots.iter().any(Vec::is_empty) {
            None
        } else {
            Program::new(&problem).solve()
        };
        assert_eq!(optimum(&problem), expected, "seed {seed}");
        match expected {
            Some(_) => feasible += 1,
            None => infeasible += 1,
        }
    }
    assert!(
        feasible > 20 && infeasible > 20,
        "{feasible} / {infeasible}"
    );
}
