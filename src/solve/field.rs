//! All stacks of a class with every line and rule each of them breaks, for asking what can hold together.

use std::collections::{BTreeMap, BTreeSet};

use super::instance::{Limits, problem};
use super::judge::{Alike, Judge};
use super::problem::Problem;
use super::question::Question;
use super::search::Layout;
use super::space::{Entry, amounts, scores};
use super::stacks::stacks;
use super::tiers::Tier;
use super::types::{ConflictLine, DeviceClass};
use crate::estimate::types::{Estimate, Stack};
use crate::rules::eval::Kleene;
use crate::rules::facts::{Case, StackFacts};
use crate::rules::types::Rule;
use crate::spec::facts::fact;
use crate::spec::model::{Budget, Spec};

/// All stacks of a class with all they break.
pub(super) struct Field<'q, 'a> {
    pub(super) question: &'q Question<'a>,
    pub(super) class: &'q DeviceClass,
    /// Per slot, all stacks.
    pub(super) entries: Vec<Vec<Entry>>,
    /// Per slot and stack, the number of the set of constraints it breaks by itself.
    broken: Vec<Vec<usize>>,
    /// Those sets, ascending each.
    sets: Vec<Vec<usize>>,
    /// The problem over all stacks, limits left out.
    base: Problem,
    /// The stacks that can matter to whether constraints hold together: of those that break the same, the cheapest.
    lean: Vec<Vec<usize>>,
}

/// Some stacks of a field as a problem of their own, limits left out.
pub(super) struct Extract {
    pub(super) problem: Problem,
    pub(super) layout: Layout,
    /// Per slot and choice, the stack it is.
    pub(super) of: Vec<Vec<usize>>,
}

impl Extract {
    fn new(base: &Problem, of: Vec<Vec<usize>>) -> Self {
        let slots = base.slots.iter().zip(&of);
        let slots = slots.map(|(choices, of)| of.iter().map(|&at| choices[at]).collect());
        let problem = Problem {
            slots: slots.collect(),
            files: base.files.clone(),
            instances: base.instances.clone(),
            goals: base.goals.clone(),
            ..Problem::default()
        };
        Self {
            layout: Layout::new(&problem),
            problem,
            of,
        }
    }

    /// The problem under limits.
    pub(super) fn under(&self, limits: &Limits, question: &Question<'_>) -> Problem {
        let mut problem = self.problem.clone();
        limits.apply(question, &mut problem);
        problem
    }
}

impl<'q, 'a> Field<'q, 'a> {
    pub(super) fn new(question: &'q Question<'a>, class: &'q DeviceClass) -> Self {
        // Without the spec's budgets, what a rule refuses is the platform's doing; the budgets are lines of their own.
        let bare = Spec {
            budget: Budget::default(),
            ..question.spec.clone()
        };
        let mut numbers: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        let mut entries = Vec::new();
        let mut broken = Vec::new();
        for at in 0..question.slots.len() {
            let (stacks, breaks): (Vec<Entry>, Vec<usize>) = judged(question, at, class, &bare)
                .map(|(entry, mut breaks)| {
                    breaks.sort_unstable();
                    breaks.dedup();
                    let next = numbers.len();
                    (entry, *numbers.entry(breaks).or_insert(next))
                })
                .unzip();
            entries.push(stacks);
            broken.push(breaks);
        }
        let mut sets = vec![Vec::new(); numbers.len()];
        for (set, at) in numbers {
            sets[at] = set;
        }
        let base = problem(question, entries.iter().map(Vec::as_slice));
        let lean = lean(&base, &broken, sets.len());
        Self {
            question,
            class,
            entries,
            broken,
            sets,
            base,
            lean,
        }
    }

    /// The stacks of a slot that break none of some lines, and one line for certain or for want of a figure.
    pub(super) fn meeting<'f>(
        &'f self,
        slot: usize,
        lines: &'f [usize],
        broken: Option<usize>,
    ) -> impl Iterator<Item = Stack> + 'f {
        let meets = move |set: &usize| {
            let set = &self.sets[*set];
            !lines.iter().any(|line| set.contains(line))
                && broken.is_none_or(|line| set.contains(&line))
        };
        let stacks = self.entries[slot].iter().zip(&self.broken[slot]);
        stacks
            .filter(move |(_, set)| meets(set))
            .map(|(entry, _)| entry.stack)
    }

    /// The number of the platform's memory grant among the constraints; lines come before it, rules after it.
    pub(super) fn grant(&self) -> usize {
        self.question.lines.len()
    }

    /// Lines in spec order, the grant, then the rules that refuse any stack at all.
    pub(super) fn constraints(&self) -> Vec<usize> {
        let all = self.sets.iter().flatten();
        let rules: BTreeSet<usize> = all.copied().filter(|&at| at > self.grant()).collect();
        (0..=self.grant()).chain(rules).collect()
    }

    /// Whether the constraints can be met together.
    pub(super) fn holds(&self, active: &BTreeSet<usize>) -> bool {
        self.holds_among(&self.lean, active)
    }

    /// Per slot, the stacks that can matter while some constraints stay active: for many questions about the others.
    pub(super) fn among(&self, active: &BTreeSet<usize>) -> Vec<Vec<usize>> {
        let keeps = self.keeps(active);
        let slots = self.lean.iter().zip(&self.broken);
        let kept = slots.map(|(lean, broken)| {
            let lean = lean.iter().copied();
            lean.filter(|&at| keeps[broken[at]]).collect()
        });
        kept.collect()
    }

    /// Whether the constraints can be met together by some of the stacks.
    pub(super) fn holds_among(&self, some: &[Vec<usize>], active: &BTreeSet<usize>) -> bool {
        let keeps = self.keeps(active);
        let mut left = Vec::with_capacity(some.len());
        for (slot, broken) in some.iter().zip(&self.broken) {
            let kept: Vec<usize> = slot
                .iter()
                .copied()
                .filter(|&at| keeps[broken[at]])
                .collect();
            if kept.is_empty() {
                return false;
            }
            left.push(kept);
        }
        let extract = Extract::new(&self.base, left);
        let problem = extract.under(&self.limits(active), self.question);
        extract.layout.is_feasible(&problem, |_, _| true)
    }

    /// The limits that belong to the active constraints.
    pub(super) fn limits(&self, active: &BTreeSet<usize>) -> Limits {
        Limits::of(
            self.question,
            self.class,
            &|line| active.contains(&line),
            active.contains(&self.grant()),
        )
    }

    /// The stacks that break none of the active constraints by themselves.
    pub(super) fn kept(&self, active: &BTreeSet<usize>) -> Extract {
        let keeps = self.keeps(active);
        let of = self.broken.iter().map(|broken| {
            let all = 0..broken.len();
            all.filter(|&at| keeps[broken[at]]).collect()
        });
        Extract::new(&self.base, of.collect())
    }

    /// By number of a set, whether a stack that breaks it breaks none of the active constraints.
    fn keeps(&self, active: &BTreeSet<usize>) -> Vec<bool> {
        let free = |set: &Vec<usize>| !set.iter().any(|one| active.contains(one));
        self.sets.iter().map(free).collect()
    }

    /// A constraint as the report names it.
    pub(super) fn line(&self, at: usize) -> ConflictLine {
        let question = self.question;
        match question.lines.get(at) {
            Some(line) => ConflictLine {
                span: Some(line.span),
                name: line.name.clone(),
            },
            None if at == self.grant() => ConflictLine {
                span: None,
                name: "platform.memory".to_owned(),
            },
            None => ConflictLine {
                span: None,
                name: question.rules.rules[at - self.grant() - 1].id.clone(),
            },
        }
    }
}

/// Of the stacks of a slot that break the same, those that can matter where only costs count.
fn lean(base: &Problem, broken: &[Vec<usize>], sets: usize) -> Vec<Vec<usize>> {
    let layout = Layout::new(base);
    let slots = broken.iter().enumerate().map(|(slot, broken)| {
        let mut alike: Vec<Vec<usize>> = vec![Vec::new(); sets];
        for (at, &set) in broken.iter().enumerate() {
            alike[set].push(at);
        }
        let alike = alike.into_iter().filter(|group| !group.is_empty());
        let lean = alike.flat_map(|group| layout.lean(base, slot, group));
        lean.collect()
    });
    slots.collect()
}

/// The stacks of a slot in their order, with all that each breaks.
fn judged<'q, 'a>(
    question: &'q Question<'a>,
    at: usize,
    class: &'q DeviceClass,
    bare: &'q Spec,
) -> impl Iterator<Item = (Entry, Vec<usize>)> {
    let slot = question.slots[at];
    let context = question.spec.features[slot.feature].context.value;
    let all = stacks(question.catalog, slot.role, &class.phone, context);
    let mut judge = Judge::new(question, at, class);
    // What bindings of one engine share: the figures of the file at hand.
    let mut figures: Vec<(Stack, Alike<'a>, Estimate)> = Vec::new();
    all.into_iter().map(move |stack| {
        let of = Alike::new(question.catalog, class, &stack, false, 0);
        if figures
            .first()
            .is_some_and(|(first, ..)| first.artifact != stack.artifact)
        {
            figures.clear();
        }
        let known = figures.iter().position(|(_, known, _)| *known == of);
        let known = known.unwrap_or_else(|| {
            figures.push((stack, of, question.figures(slot, class, &stack)));
            figures.len() - 1
        });
        let estimate = &figures[known].2;
        let entry = Entry {
            stack,
            amounts: amounts(question, slot, estimate),
            scores: scores(question, slot, &stack, estimate, false),
        };
        let case = question.case(slot, class, stack);
        (entry, breaks(&mut judge, at, &case, estimate, bare))
    })
}

/// The constraints a stack breaks by itself.
fn breaks(
    judge: &mut Judge<'_, '_>,
    at: usize,
    case: &Case<'_>,
    estimate: &Estimate,
    bare: &Spec,
) -> Vec<usize> {
    let question = judge.question;
    let grant = question.lines.len();
    let free = Case {
        spec: bare,
        ..*case
    };
    let (Some(facts), Some(platform)) = (
        StackFacts::new(question.catalog, *case, estimate),
        StackFacts::new(question.catalog, free, estimate),
    ) else {
        return vec![grant];
    };
    let lines = question.concerns[at].iter().copied();
    let broken = |line: usize| question.lines[line].broken(&facts) != Kleene::False;
    let mut breaks: Vec<usize> = lines.filter(|&line| broken(line)).collect();
    for &filter in judge.open(&case.stack, &platform) {
        let filter = &question.tiers.filters[filter];
        if filter.fires_from(Tier::Stack, &platform) {
            breaks.push(if is_grant(filter.rule) {
                grant
            } else {
                grant + 1 + filter.at
            });
        }
    }
    breaks
}

/// Whether a rule says what the grant says: that the process may not take so much memory.
fn is_grant(rule: &Rule) -> bool {
    let facts = rule.when.facts();
    let names = |path: &str| facts.iter().any(|id| fact(*id).path == path);
    names("peak_memory") && names("budget.memory")
}
