//! What the solver is asked and what it answers: data, no search.

pub use super::bounds::{Bound, Step};
use crate::catalog::types::{DeviceIx, ModelIx, Role};
use crate::diagnostic::{Code, Span};
use crate::estimate::types::{Estimate, Phone, Stack};
use crate::quantity::{Bytes, Interval, Share};
use crate::rules::facts::Case;
use crate::rules::types::Verdict;
use crate::spec::model::{Objective, Spec};

/// One class of phones: a platform with a RAM class, or one named device.
#[derive(Debug, Clone, PartialEq)]
pub struct DeviceClass {
    /// Stable id: `ios-8gb`, `android-12gb`, or the device's id.
    pub id: String,
    /// The phone estimates are made for: for a RAM class, its reference device (the slowest phone of the class whose
    /// chip has a known bandwidth or calibration and that runs the OS floor).
    pub phone: Phone,
    /// A named device rather than a RAM class.
    pub named: bool,
    /// Lowest OS version asked for on this platform.
    pub min_os: f64,
    /// Phones of the catalog in this class.
    pub covers: Vec<DeviceIx>,
    /// Those of them whose speed cannot be predicted, because the chip's figures are unknown.
    pub undecided: Vec<DeviceIx>,
    /// The share the spec gives to the device, or to all phones of this RAM on all its platforms together.
    pub share: Option<Share>,
    /// The words of the spec that ask for it.
    pub asked: Option<Span>,
}

impl DeviceClass {
    /// A stack in a slot of a spec on this class, as rules see it.
    #[must_use]
    pub fn case<'a>(&'a self, spec: &'a Spec, slot: Slot, stack: Stack) -> Case<'a> {
        Case {
            spec,
            feature: &spec.features[slot.feature],
            role: slot.role,
            phone: self.phone,
            covers: &self.covers,
            min_os: self.min_os,
            stack,
        }
    }
}

/// A place to fill: one role of one feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot {
    /// Index of the feature in the spec.
    pub feature: usize,
    /// Role in its pipeline.
    pub role: Role,
}

impl Slot {
    /// As locks and messages call it: `chat.llm`.
    #[must_use]
    pub fn name(self, spec: &Spec) -> String {
        format!("{}.{}", spec.features[self.feature].id, self.role.id())
    }
}

/// Why a stack cannot be chosen.
#[derive(Debug, Clone, PartialEq)]
pub enum Violation {
    /// A reject rule fired.
    Rule(Verdict),
    /// A line of the spec does not hold.
    Line {
        /// The line.
        span: Span,
        /// The fact compared.
        fact: &'static str,
        /// Its value as shown.
        value: String,
        /// What the line allows, as written.
        limit: String,
        /// By how much it is missed, as a share of the limit.
        overshoot: Option<f64>,
        /// Only the interval's width refuses; the likely value would pass.
        by_width: bool,
    },
    /// A figure that a hard limit needs is unknown.
    Unknown {
        /// Message key of the missing figure.
        missing: &'static str,
        /// Whose it is.
        of: String,
        /// The line or rule that needs it.
        needed_by: String,
    },
}

/// A stack for a slot on a class, with everything known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// What it would fill.
    pub slot: Slot,
    /// The stack.
    pub stack: Stack,
    /// Its figures; with their derivations for a stack that is chosen or came second.
    pub estimate: Estimate,
    /// Warnings and advice of rules, for the same.
    pub remarks: Vec<Verdict>,
    /// Why it is out; empty for admissible stacks.
    pub violations: Vec<Violation>,
}

impl Candidate {
    /// Why it is out, each reason once: a rule that holds a line of the spec says nothing that the line, which is nearer to
    /// the reader, does not.
    pub(crate) fn reasons(&self) -> impl Iterator<Item = &Violation> {
        let is_line = |name: &str| {
            let mut all = self.violations.iter();
            all.any(|one| matches!(one, Violation::Line { fact, .. } if *fact == name))
        };
        let is_said = move |violation: &&Violation| match violation {
            Violation::Rule(verdict) => {
                let compared = verdict.values.first();
                verdict.unknown.is_none() && compared.is_some_and(|value| is_line(&value.name))
            }
            Violation::Line { .. } | Violation::Unknown { .. } => false,
        };
        let all = self.violations.iter();
        all.filter(move |violation| !is_said(violation))
    }
}

/// Totals of a chosen set of stacks on one class.
#[derive(Debug, Clone, PartialEq)]
pub struct Totals {
    /// Charged peak over the residency schedule, app baseline included.
    pub memory: Interval<Bytes>,
    /// The same per residency group, in their order.
    pub phases: Vec<Interval<Bytes>>,
    /// What the process may be charged: the smaller of the platform's grant and the spec's budget.
    pub memory_budget: Bytes,
    /// Of which the app's own baseline.
    pub baseline: Bytes,
    /// Distinct files.
    pub download: Interval<Bytes>,
    /// Distinct files and caches.
    pub storage: Interval<Bytes>,
}

/// A tie or a step of the lexicographic comparison, for explanations.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectiveValue {
    /// Which objective.
    pub objective: Objective,
    /// The chosen stack's value, as shown.
    pub value: String,
    /// The same as a number; larger is better.
    pub score: f64,
}

/// The first goal on which one answer is worse than another.
#[derive(Debug, Clone, PartialEq)]
pub struct Loss {
    /// The slot whose stack is worse; it need not be the one in which the answers were made to differ.
    pub slot: Slot,
    /// The value of the better answer.
    pub best: ObjectiveValue,
    /// The value of the other one.
    pub other: ObjectiveValue,
}

/// What was chosen for a class.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// One per slot, in slot order.
    pub picks: Vec<Candidate>,
    /// Sums.
    pub totals: Totals,
    /// Objective values in preference order, per slot.
    pub objectives: Vec<Vec<ObjectiveValue>>,
    /// The best stack that was not chosen, per slot: another model, and why it lost. Empty where nobody asked.
    pub runners_up: Vec<Option<RunnerUp>>,
    /// What each bound does to the answer, where that was asked.
    pub bounds: Vec<Bound>,
}

/// The next best model of a slot.
#[derive(Debug, Clone, PartialEq)]
pub struct RunnerUp {
    /// The stack.
    pub candidate: Candidate,
    /// The first objective on which it loses; `None` when equal on all and later by id.
    pub loses_on: Option<Loss>,
}

/// A line of the spec that takes part in a conflict, with what it asks.
#[derive(Debug, Clone, PartialEq)]
pub struct ConflictLine {
    /// The line; `None` for a limit of the platform rather than of the spec.
    pub span: Option<Span>,
    /// Short name: `memory`, `ttft`, `use runtime`, or a rule id.
    pub name: String,
}

/// Lines that cannot hold together: without any one of them the rest could, as far as they go.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The lines in spec order, then the limits that act in it and are no lines: the platform's grant, rules.
    pub lines: Vec<ConflictLine>,
    /// The slots it leaves empty; none where stacks fit each alone but not together.
    pub slots: Vec<Slot>,
    /// Where the lines leave only stacks that rules refuse: per slot nothing fills, the nearest miss.
    pub culprits: Vec<Candidate>,
}

/// What a way out does at one place of the spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// The line gets another value. It works at this one and not one step tighter.
    Value {
        /// What stands there.
        from: String,
        /// What would do.
        to: String,
    },
    /// The line goes.
    Drop,
    /// One word of the line gives way to another.
    Word {
        /// What stands there.
        from: String,
        /// What would do.
        to: String,
    },
    /// The author takes a rule's decision on himself: `allow` for this code is added.
    Allow(Code),
}

/// One change of a way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The words to change; for [`Edit::Allow`], what the rule is about.
    pub span: Span,
    /// Short name: `memory`, `ttft`, `use runtime`, `languages`, ...
    pub name: String,
    /// What to do with them.
    pub edit: Edit,
}

/// A smallest set of changes that gives every class an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Relaxation {
    /// All of them are needed.
    pub changes: Vec<Change>,
    /// The model it would buy on this class, by slot order; empty where the slot or the class goes.
    pub buys: Vec<String>,
    /// What the process would then be charged at its peak, pessimistic end.
    pub memory: Bytes,
    /// What would then be downloaded, pessimistic end.
    pub download: Bytes,
    /// How much it changes the spec, as the sum over its values; a dropped line counts as doubled. Cheaper ones come first.
    pub cost: f64,
}

/// The answer for one class.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A stack per slot.
    Feasible(Box<Chosen>),
    /// Nothing fits: what cannot hold together, and what would help.
    Infeasible {
        /// Slots without a single admissible candidate; empty when only the sums conflict.
        empty_slots: Vec<Slot>,
        /// Independent minimal conflicts: no line is in two of them. Each has to be mended.
        conflicts: Vec<Conflict>,
        /// At most three, cheapest first; the same changes for every class without an answer.
        relaxations: Vec<Relaxation>,
        /// Whether these are all the conflicts, and every way out was looked at; else the search ended at its limit.
        complete: bool,
    },
}

/// One class, solved.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassSolution {
    /// The class.
    pub class: DeviceClass,
    /// The answer.
    pub outcome: Outcome,
    /// The preferred stack of every model with an admissible one. By slot, then by id of the model.
    pub admitted: Vec<(Slot, Stack)>,
    /// The nearest miss of every other model that could fill a slot, with all it violates. By slot, then by id of the model.
    pub refused: Vec<Candidate>,
    /// How many stacks were judged.
    pub judged: usize,
    /// How many of them are admissible, each by itself.
    pub admissible: usize,
    /// Bounds and `forbid` lines without which the same ones would be, all of these lines taken away at once.
    pub unused: Vec<Unused>,
}

/// A line that refuses nothing on a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unused {
    /// The line.
    pub span: Span,
    /// What it is.
    pub kind: UnusedKind,
}

/// What a line is that refuses nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnusedKind {
    /// A budget for files, with what the largest stacks of all slots take together; less than half of the budget.
    Size(Bytes),
    /// A bound on a speed, a time or the drain of the battery.
    Bound,
    /// A `forbid`.
    Forbid,
}

/// Something wrong with the classes a spec asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum ClassIssue {
    /// No RAM class of the platform lies in the asked range.
    NoClass {
        /// The platform's name.
        platform: String,
        /// Classes there are, GiB.
        known: Vec<u32>,
        /// The `ram` line, or the platform's when it is a default.
        span: Span,
    },
    /// A named device runs an operating system the spec does not ask for.
    OtherPlatform {
        /// The device's name.
        device: String,
        /// Its platform's name.
        platform: String,
        /// The `device` line.
        span: Span,
    },
    /// A named device whose memory the catalog does not know.
    UnknownMemory {
        /// The device's name.
        device: String,
        /// The `device` line.
        span: Span,
    },
    /// A line of the fleet names phones the spec does not plan for.
    IdleShare {
        /// The line.
        span: Span,
    },
}

/// One stack per slot for all classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Single {
    /// Candidates of the weakest class, per slot.
    pub picks: Vec<Candidate>,
    /// Id of the class that forces it: the first that cannot run what the weakest one would rather have; the weakest itself,
    /// where all can.
    pub forced_by: String,
    /// Classes that fare better with stacks of their own, in the order of the classes.
    pub gains: Vec<Gain>,
}

/// What a class gains by stacks of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Gain {
    /// Id of the class.
    pub class: String,
    /// The slot in which the first difference is.
    pub slot: Slot,
    /// The first objective on which its own stacks are better, with their value.
    pub own: ObjectiveValue,
    /// The value of the one stack for all.
    pub common: ObjectiveValue,
}

/// What becomes of a model that is forced.
#[derive(Debug, Clone, PartialEq)]
pub enum Foil {
    /// It is what was chosen.
    Chosen,
    /// It cannot fill the role at all.
    OtherRole,
    /// No runtime of the platform loads any of its files.
    NoStack,
    /// Its best stack breaks rules or lines.
    Refused(Box<Candidate>),
    /// It fits alone, but not beside what the other slots need at the least.
    Crowded(Box<Candidate>),
    /// It would do, but loses.
    Loses {
        /// Its best stack.
        candidate: Box<Candidate>,
        /// The first goal on which it is worse. `None` where the two tie on all goals and the order of ids decides.
        on: Option<Loss>,
        /// Later objectives of this slot on which it would be better: the chosen value, then its own.
        wins: Vec<(ObjectiveValue, ObjectiveValue)>,
    },
}

/// A better model that another class gets and this one does not.
#[derive(Debug, Clone, PartialEq)]
pub struct Elsewhere {
    /// Id of the class that goes without it.
    pub class: String,
    /// In which slot.
    pub slot: Slot,
    /// The model.
    pub model: ModelIx,
    /// Id of a class that gets it.
    pub given_to: String,
    /// What becomes of it here.
    pub foil: Foil,
}

/// The answer to a spec.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// Slots in feature and pipeline order.
    pub slots: Vec<Slot>,
    /// Per class, in platform, RAM, name order.
    pub classes: Vec<ClassSolution>,
    /// One stack (model and quantization) per slot that is admissible on every class of each platform, if there is one.
    pub single: Option<Single>,
    /// What classes miss of what others get, where that was asked. By class, then by slot.
    pub elsewhere: Vec<Elsewhere>,
    /// What is wrong with the classes asked for.
    pub issues: Vec<ClassIssue>,
}

impl Solution {
    /// The ways out, which do for every class without an answer, with the first of these; `None` where all have one.
    pub(crate) fn ways_out(&self) -> Option<(&DeviceClass, &[Relaxation])> {
        self.classes.iter().find_map(|class| match &class.outcome {
            Outcome::Infeasible { relaxations, .. } => Some((&class.class, &**relaxations)),
            Outcome::Feasible(_) => None,
        })
    }
}
