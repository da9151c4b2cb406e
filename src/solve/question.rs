//! Everything one solve keeps at hand: the catalog, the rules, the spec, and what follows from them once.

use super::lines::{Line, lines};
use super::locked::{Locked, Named};
use super::slots::{residency_groups, slots};
use super::stacks::each_stack;
use super::tiers::Tiers;
use super::types::{Candidate, DeviceClass, Slot, Violation};
use crate::catalog::types::{Catalog, ModelIx, Role};
use crate::estimate::types::{Estimate, Load, Stack};
use crate::estimate::{Estimator, Footprint, Speeds};
use crate::quantity::Tokens;
use crate::rules::RuleSet;
use crate::rules::facts::{Case, StackFacts};
use crate::rules::types::Level;
use crate::spec::model::{Objective, Spec, Task};
use crate::spec::{PASSAGE, QUESTION};

/// A spec asked of a catalog under rules.
pub(super) struct Question<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) rules: &'a RuleSet,
    pub(super) spec: &'a Spec,
    /// What is to be filled.
    pub(super) slots: Vec<Slot>,
    /// Slots in memory together.
    pub(super) groups: Vec<Vec<usize>>,
    /// The hard lines, as written.
    pub(super) lines: Vec<Line<'a>>,
    /// Per slot, the lines that speak of it.
    pub(super) concerns: Vec<Vec<usize>>,
    /// The reject rules by what they need to know.
    pub(super) tiers: Tiers<'a>,
    /// What an earlier build chose.
    pub(super) locked: Option<&'a Locked>,
    /// Objectives to compare by besides those each feature prefers.
    pub(super) over: &'a [Objective],
    /// By feature, whether a line limits the time of its roles together.
    timed: Vec<bool>,
    estimator: Estimator<'a>,
}

impl<'a> Question<'a> {
    pub(super) fn new(catalog: &'a Catalog, rules: &'a RuleSet, spec: &'a Spec) -> Self {
        let slots = slots(spec);
        let lines = lines(spec);
        let concerns = slots
            .iter()
            .map(|slot| {
                (0..lines.len())
                    .filter(|&at| lines[at].concerns(spec, catalog, *slot))
                    .collect()
            })
            .collect();
        let timed = spec.features.iter().enumerate().map(|(at, _)| {
            let own = |line: &&Line<'_>| line.feature == Some(at);
            lines.iter().filter(own).any(Line::limits_time)
        });
        Self {
            timed: timed.collect(),
            over: &[],
            catalog,
            rules,
            spec,
            groups: residency_groups(spec, &slots),
            slots,
            lines,
            concerns,
            tiers: Tiers::new(rules, spec),
            locked: None,
            estimator: Estimator::new(catalog),
        }
    }

    /// The places of a slot's objectives among [`Objective::ALL`], most important first.
    pub(super) fn preference(&self, slot: usize) -> Vec<usize> {
        let feature = &self.spec.features[self.slots[slot].feature];
        let places = feature.prefer.value.iter();
        places
            .filter_map(|wanted| Objective::ALL.iter().position(|one| one == wanted))
            .collect()
    }

    /// The objectives by which the stacks of a slot are compared.
    pub(super) fn compared(&self, slot: Slot) -> impl Iterator<Item = Objective> {
        let preferred = self.spec.features[slot.feature].prefer.value.iter();
        preferred.chain(self.over).copied()
    }

    /// The speeds that lines about a slot look at.
    pub(super) fn speeds_of_lines(&self, slot: usize) -> Speeds {
        let lines = self.concerns[slot].iter();
        let speeds = lines.map(|&line| self.lines[line].speeds);
        speeds.fold(Speeds::NONE, |all, one| all | one)
    }

    /// What an earlier build chose for a slot on a class.
    pub(super) fn before(&self, slot: usize, class: &DeviceClass) -> Option<Named> {
        let slot = self.slots[slot].name(self.spec);
        self.locked?.named(self.catalog, &class.id, slot)
    }

    /// Gives each stack for a slot on the platform of a class, as [`each_stack`] does.
    pub(super) fn each_stack(
        &self,
        slot: usize,
        class: &DeviceClass,
        mine: &dyn Fn(ModelIx) -> bool,
        give: impl FnMut(Stack),
    ) {
        let place = self.slots[slot];
        let context = self.context(place);
        each_stack(self.catalog, place.role, &class.phone, context, mine, give);
    }

    /// The context a slot's model is opened with.
    pub(super) fn context(&self, slot: Slot) -> Tokens {
        let asked = self.spec.features[slot.feature].context.value;
        match slot.role {
            // What is turned into vectors are passages, not the prompt they end up in.
            Role::Embed => asked.min(PASSAGE),
            _ => asked,
        }
    }

    /// Whether the time of a slot's stack enters a sum that is limited.
    pub(super) fn is_timed(&self, slot: Slot) -> bool {
        self.timed[slot.feature]
    }

    /// The case of a stack in a slot on a class.
    pub(super) fn case<'c>(&self, slot: Slot, class: &'c DeviceClass, stack: Stack) -> Case<'c>
    where
        'a: 'c,
    {
        class.case(self.spec, slot, stack)
    }

    /// The figures of a stack, without their derivations.
    pub(super) fn figures(&self, slot: Slot, class: &DeviceClass, stack: &Stack) -> Estimate {
        let load = self.load(slot);
        self.estimator.figures(stack, &class.phone, &load)
    }

    /// What a stack takes, which all phones of the class's platform share.
    pub(super) fn footprint(&self, slot: Slot, class: &DeviceClass, stack: &Stack) -> Footprint {
        let load = self.load(slot);
        self.estimator.footprint(stack, &class.phone, &load)
    }

    /// Puts speeds on the class into a footprint of the same stack.
    pub(super) fn complete(
        &self,
        footprint: &mut Footprint,
        slot: Slot,
        class: &DeviceClass,
        stack: &Stack,
        asked: Speeds,
    ) {
        let load = self.load(slot);
        self.estimator
            .complete(footprint, stack, &class.phone, &load, asked);
    }

    fn load(&self, slot: Slot) -> Load {
        let feature = &self.spec.features[slot.feature];
        let input = feature.input.value;
        Load {
            // Passages were embedded long before: while somebody waits, the question is.
            prompt: match (slot.role, feature.task.value) {
                (Role::Embed, Task::Rag) => input.min(QUESTION),
                _ => input,
            },
            generate: feature.output.value,
        }
    }

    /// A stack with its figures that nothing keeps out; for the many that are compared but not chosen.
    pub(super) fn admitted(&self, at: usize, class: &DeviceClass, stack: Stack) -> Candidate {
        let slot = self.slots[at];
        let load = self.load(slot);
        Candidate {
            slot,
            stack,
            estimate: self.estimator.outline(&stack, &class.phone, &load),
            remarks: Vec::new(),
            violations: Vec::new(),
        }
    }

    /// The same for a stack that is out, with all that keeps it out.
    pub(super) fn contender(&self, at: usize, class: &DeviceClass, stack: Stack) -> Candidate {
        let mut candidate = self.admitted(at, class, stack);
        let slot = candidate.slot;
        let case = self.case(slot, class, stack);
        let mut violations = Vec::new();
        if let Some(facts) = StackFacts::new(self.catalog, case, &candidate.estimate) {
            let rules = self.tiers.refusals(slot.role, &facts).into_iter();
            let verdicts = rules.filter_map(|rule| self.rules.verdict(rule, &facts));
            violations.extend(verdicts.map(Violation::Rule));
            for &line in &self.concerns[at] {
                violations.extend(self.lines[line].violation(&facts));
            }
        }
        candidate.violations = violations;
        candidate
    }

    /// A stack with everything there is to say of it: figures, all violations, all remarks.
    pub(super) fn candidate(&self, at: usize, class: &DeviceClass, stack: Stack) -> Candidate {
        let slot = self.slots[at];
        let load = self.load(slot);
        let estimate = self.estimator.estimate(&stack, &class.phone, &load);
        let mut violations = Vec::new();
        let mut remarks = Vec::new();
        if let Some(facts) = StackFacts::new(self.catalog, self.case(slot, class, stack), &estimate)
        {
            for verdict in self.rules.judge(&facts) {
                let rule = &self.rules.rules[verdict.rule];
                if self.tiers.is_silenced(verdict.rule) {
                    continue;
                }
                if verdict.unknown.is_none() && rule.level == Level::Reject {
                    violations.push(Violation::Rule(verdict));
                } else {
                    remarks.push(verdict);
                }
            }
            for &line in &self.concerns[at] {
                violations.extend(self.lines[line].violation(&facts));
            }
        }
        Candidate {
            slot,
            stack,
            estimate,
            remarks,
            violations,
        }
    }
}
