//! All stacks of a class with every line and rule each of them breaks, for asking what can hold together.

use std::collections::BTreeSet;
use std::sync::Mutex;

use rustc_hash::FxHashMap;

use super::answers::Answers;
use super::bits::Bits;
use super::broken::{Broken, broken};
use super::deal::platforms;
use super::instance::{Limits, problem};
use super::parallel::side_by_side;
use super::problem::Problem;
use super::question::Question;
use super::search::Layout;
use super::stop;
use super::types::{ConflictLine, DeviceClass};
use crate::catalog::types::PlatformIx;
use crate::estimate::types::Stack;
use crate::spec::model::{Budget, Spec};

/// All stacks of a class with all they break.
pub(super) struct Field<'q, 'a> {
    pub(super) question: &'q Question<'a>,
    pub(super) class: &'q DeviceClass,
    /// Per slot, all stacks.
    slots: Vec<Broken>,
    /// The problem over all stacks, limits left out.
    base: Problem,
    /// The stacks that can matter to whether constraints hold together: none of them breaks no less than another and costs
    /// no less.
    lean: Vec<Vec<usize>>,
    /// The problem over these alone.
    core: Problem,
    /// One of the answers to earlier questions often answers the next one too.
    found: Mutex<Found>,
}

/// Answers that were found.
struct Found {
    /// What files and instances cost, under the limits at hand.
    scale: Problem,
    /// By places in the lists of the lean stacks.
    answers: Answers,
}

/// Some stacks of a field as a problem of their own, limits left out.
pub(super) struct Extract {
    pub(super) problem: Problem,
    pub(super) layout: Layout,
    /// Per slot and choice, the stack it is.
    pub(super) of: Vec<Vec<usize>>,
}

impl Extract {
    /// Limits are left out in `base` too.
    fn new(base: &Problem, of: Vec<Vec<usize>>) -> Self {
        let slots = base.slots.iter().zip(&of);
        let slots = slots.map(|(choices, of)| of.iter().map(|&at| choices[at]).collect());
        let problem = base.narrowed(slots.collect());
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

/// The fields of some classes, in their order.
pub(super) fn fields<'q, 'a>(
    question: &'q Question<'a>,
    classes: &[&'q DeviceClass],
) -> Vec<Field<'q, 'a>> {
    // Without the spec's budgets, what a rule refuses is the platform's doing; the budgets are lines of their own.
    let bare = Spec {
        budget: Budget::default(),
        ..question.spec.clone()
    };
    let bare = Question::new(question.catalog, question.rules, &bare);
    let platforms = platforms(classes);
    let of = |platform: PlatformIx| {
        let classes = classes.iter().copied();
        classes.filter(move |class| class.phone.platform == platform)
    };
    let slots = 0..question.slots.len();
    let work: Vec<(PlatformIx, usize)> = (platforms.iter())
        .flat_map(|&platform| slots.clone().map(move |slot| (platform, slot)))
        .collect();
    let judged = side_by_side(&work, |(platform, slot)| {
        let classes: Vec<&DeviceClass> = of(platform).collect();
        broken(question, &bare, slot, &classes).into_iter()
    });
    // By platform, then by slot, then by class.
    let mut judged = judged.into_iter();
    let mut rows: Vec<Vec<_>> = (platforms.iter())
        .map(|_| judged.by_ref().take(question.slots.len()).collect())
        .collect();
    let places = classes.iter().map(|class| {
        let platform = platforms.binary_search(&class.phone.platform);
        let row = platform.ok().and_then(|at| rows.get_mut(at));
        let slots = row.into_iter().flatten();
        (*class, slots.filter_map(Iterator::next).collect())
    });
    let places: Vec<(&DeviceClass, Vec<Broken>)> = places.collect();
    let bases = side_by_side(&places.iter().collect::<Vec<_>>(), |(_, slots)| {
        let base = problem(question, slots.iter().map(|slot| slot.entries.as_slice()));
        let lean = lean(&base, slots);
        let core = core(&base, &lean);
        (lean, core, base)
    });
    let fields = places.into_iter().zip(bases);
    let fields = fields.map(|((class, slots), (lean, core, base))| Field {
        question,
        class,
        slots,
        base,
        lean,
        found: Mutex::new(Found {
            scale: core.narrowed(Vec::new()),
            answers: Answers::default(),
        }),
        core,
    });
    fields.collect()
}

impl<'q, 'a> Field<'q, 'a> {
    /// The stack of a slot, by its number.
    pub(super) fn stack(&self, slot: usize, at: usize) -> Stack {
        self.slots[slot].entries[at].stack
    }

    /// The first stack of a slot that has the same figures, by its number.
    pub(super) fn alike(&self, slot: usize, at: usize) -> usize {
        self.slots[slot].alike[at]
    }

    /// Of the stacks of a slot that break none of some lines, and one line for certain or for want of a figure: one of
    /// those with the same figures that break the same.
    pub(super) fn meeting<'f>(
        &'f self,
        slot: usize,
        lines: &'f [usize],
        broken: Option<usize>,
    ) -> impl Iterator<Item = Stack> + 'f {
        let slot = &self.slots[slot];
        let mut seen: BTreeSet<(usize, usize)> = BTreeSet::new();
        let numbers = slot.meeting(lines, broken);
        let unlike = numbers.filter(move |&at| seen.insert((slot.alike[at], slot.of[at])));
        unlike.map(|at| slot.entries[at].stack)
    }

    /// The number of the platform's memory grant among the constraints; lines come before it, rules after it.
    pub(super) fn grant(&self) -> usize {
        self.question.lines.len()
    }

    /// Lines in spec order, the grant, then the rules that refuse any stack at all.
    pub(super) fn constraints(&self) -> Vec<usize> {
        let sets = self.slots.iter().flat_map(|slot| &slot.sets);
        let rules: BTreeSet<usize> = sets
            .flat_map(Bits::iter)
            .filter(|&at| at > self.grant())
            .collect();
        (0..=self.grant()).chain(rules).collect()
    }

    /// Whether the constraints can be met together.
    pub(super) fn holds(&self, active: &BTreeSet<usize>) -> bool {
        let all = self.lean.iter().map(|lean| (0..lean.len()).collect());
        self.holds_among(&all.collect::<Vec<_>>(), active)
    }

    /// Per slot, the stacks that can matter while some constraints stay active, by their places: for many questions about the
    /// others.
    pub(super) fn among(&self, active: &BTreeSet<usize>) -> Vec<Vec<usize>> {
        let active = Bits::from(active);
        let slots = self.lean.iter().zip(&self.slots);
        let kept = slots.map(|(lean, slot)| {
            let keeps = slot.keeps(&active);
            let all = 0..lean.len();
            all.filter(|&at| keeps[slot.of[lean[at]]]).collect()
        });
        kept.collect()
    }

    /// Whether the constraints can be met together by those stacks that can matter while some of them are active.
    pub(super) fn holds_among(&self, some: &[Vec<usize>], active: &BTreeSet<usize>) -> bool {
        stop::step();
        let bits = Bits::from(active);
        let mut left = Vec::with_capacity(some.len());
        for ((some, lean), slot) in some.iter().zip(&self.lean).zip(&self.slots) {
            let keeps = slot.keeps(&bits);
            let some = some.iter().copied();
            let kept: Vec<usize> = some.filter(|&at| keeps[slot.of[lean[at]]]).collect();
            if kept.is_empty() {
                return false;
            }
            left.push(kept);
        }
        let limits = self.limits(active);
        if self.is_found(&left, &limits) {
            return true;
        }
        let Extract {
            mut problem,
            layout,
            of,
        } = Extract::new(&self.core, left);
        limits.apply(self.question, &mut problem);
        let Some(answer) = layout.any(&problem, |_, _| true) else {
            return false;
        };
        let answer = answer.iter().zip(&of);
        let answer = answer.map(|(&at, of)| of[at]).collect();
        if let Ok(mut found) = self.found.lock() {
            found.answers.add(answer);
        }
        true
    }

    /// Whether an answer that was found before is one among these stacks and within these limits.
    fn is_found(&self, left: &[Vec<usize>], limits: &Limits) -> bool {
        let Ok(mut found) = self.found.lock() else {
            return false;
        };
        let Found { scale, answers } = &mut *found;
        limits.apply(self.question, scale);
        answers.holds(scale, &self.core.slots, |slot, at| {
            left[slot].binary_search(&at).is_ok()
        })
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
        let active = Bits::from(active);
        let of = self.slots.iter().map(|slot| {
            let keeps = slot.keeps(&active);
            let all = 0..slot.of.len();
            all.filter(|&at| keeps[slot.of[at]]).collect()
        });
        Extract::new(&self.base, of.collect())
    }

    /// The slots in which every stack breaks some of the constraints by itself.
    pub(super) fn emptied(&self, active: &Bits) -> Vec<usize> {
        let slots = self.slots.iter().enumerate();
        let empty = slots.filter(|(_, slot)| slot.sets.iter().all(|set| set.meets(active)));
        empty.map(|(at, _)| at).collect()
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

impl Broken {
    /// By number of a set, whether a stack that breaks it breaks none of the active constraints.
    fn keeps(&self, active: &Bits) -> Vec<bool> {
        self.sets.iter().map(|set| !set.meets(active)).collect()
    }
}

/// Per slot, the stacks that can matter where only costs count and what they break.
fn lean(base: &Problem, slots: &[Broken]) -> Vec<Vec<usize>> {
    let layout = Layout::new(base);
    let slots = slots.iter().enumerate().map(|(at, slot)| {
        let mut alike: Vec<Vec<usize>> = vec![Vec::new(); slot.sets.len()];
        for (at, &set) in slot.of.iter().enumerate() {
            alike[set].push(at);
        }
        let alike = alike.into_iter().filter(|group| !group.is_empty());
        let lean = alike.flat_map(|group| layout.lean(base, at, group));
        let within = |one: usize, other: usize| {
            let set = |at: usize| &slot.sets[slot.of[at]];
            set(one).is_within(set(other))
        };
        layout.unmatched(base, at, lean.collect(), within)
    });
    slots.collect()
}

/// The problem over some of the choices of each slot, with the files and instances of these alone.
fn core(base: &Problem, some: &[Vec<usize>]) -> Problem {
    let mut core = Problem::default();
    let mut files: FxHashMap<usize, usize> = FxHashMap::default();
    let mut instances: FxHashMap<usize, usize> = FxHashMap::default();
    for (choices, some) in base.slots.iter().zip(some) {
        let own = some.iter().map(|&at| {
            let mut choice = choices[at];
            choice.file = *files.entry(choice.file).or_insert_with(|| {
                core.files.push(base.files[choice.file]);
                core.files.len() - 1
            });
            choice.instance = *instances.entry(choice.instance).or_insert_with(|| {
                core.instances.push(base.instances[choice.instance]);
                core.instances.len() - 1
            });
            choice
        });
        core.slots.push(own.collect());
    }
    core
}
