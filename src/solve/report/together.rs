//! Remarks on what is in memory at the same time. A store counts the process and not the stack, so rules that hold a
//! stack against a store's memory threshold are asked again with the sum of all that is loaded together.

use super::Report;
use crate::diagnostic::{Code, OperandValue};
use crate::estimate::types::{Estimate, Figure};
use crate::quantity::{Bytes, Interval};
use crate::rules::facts::StackFacts;
use crate::rules::types::{Level, Rule, Verdict};
use crate::solve::choose::instance;
use crate::solve::residency_groups;
use crate::solve::types::{Candidate, Chosen, ClassSolution, Outcome};

/// The fact that tells such a rule from others: what it compares is a figure of the whole process.
const THRESHOLD: &str = "store.memory_threshold";

/// What a rule says of several stacks in memory together on a class.
pub(super) struct Sum<'a> {
    pub(super) rule: &'a Rule,
    /// With the sum in the place of the single stack's memory.
    pub(super) verdict: Verdict,
    pub(super) class: &'a ClassSolution,
    /// In slot order; at least two.
    pub(super) members: Vec<&'a Candidate>,
    /// The app, then each member: the likely figures that make the sum.
    pub(super) addends: Vec<OperandValue>,
}

impl Sum<'_> {
    /// Whether it says of the process what `rule` says of one of its stacks.
    pub(super) fn covers(&self, class: &ClassSolution, rule: &Rule, pick: &Candidate) -> bool {
        self.class.class.id == class.class.id
            && self.rule.id == rule.id
            && self.members.iter().any(|member| member.slot == pick.slot)
    }

    /// Whether the same stacks are meant, on another class.
    pub(super) fn repeats(&self, other: &Self) -> bool {
        let stacks = |sum: &Self| -> Vec<_> {
            let members = sum.members.iter();
            members.map(|member| (member.slot, member.stack)).collect()
        };
        self.rule.id == other.rule.id && stacks(self) == stacks(other)
    }
}

/// All sums of which a rule warns that no `allow` silences.
pub(super) fn sums<'a>(report: &Report<'a>) -> Vec<Sum<'a>> {
    let allowed = |rule: &Rule| {
        let mut allows = report.spec.allows.iter();
        rule.overridable && allows.any(|allow| allow.code == rule.code)
    };
    let mut sums = all(report);
    sums.retain(|sum| !allowed(sum.rule));
    sums
}

/// Whether a rule of the code warns of a sum, silenced or not.
pub(super) fn speaks(report: &Report<'_>, code: Code) -> bool {
    all(report).iter().any(|sum| sum.rule.code == code)
}

fn all<'a>(report: &Report<'a>) -> Vec<Sum<'a>> {
    let groups = residency_groups(report.spec, &report.solution.slots);
    let mut sums = Vec::new();
    for class in &report.solution.classes {
        let Outcome::Feasible(chosen) = &class.outcome else {
            continue;
        };
        for (group, sum) in groups.iter().zip(&chosen.totals.phases) {
            let members = group.iter().filter_map(|&at| chosen.picks.get(at));
            let members: Vec<&Candidate> = members.collect();
            sums.extend(judged(report, class, chosen, &members, *sum));
        }
    }
    sums
}

/// What rules say of `members`, which take `sum` with the app. Nothing where a size is unknown: then no sum is.
fn judged<'a>(
    report: &Report<'a>,
    class: &'a ClassSolution,
    chosen: &Chosen,
    members: &[&'a Candidate],
    sum: Interval<Bytes>,
) -> Vec<Sum<'a>> {
    let unknown = |member: &&Candidate| matches!(member.estimate.peak, Figure::Unknown { .. });
    let Some(first) = members.first().filter(|_| members.len() > 1) else {
        return Vec::new();
    };
    if members.iter().any(unknown) {
        return Vec::new();
    }
    let app = chosen.totals.baseline;
    let estimate = Estimate {
        peak: Figure::Known {
            value: sum.map(|bytes| bytes.saturating_sub(app)),
            steps: Vec::new(),
        },
        ..first.estimate.clone()
    };
    let case = class.class.case(report.spec, first.slot, first.stack);
    let Some(facts) = StackFacts::new(report.catalog, case, &estimate) else {
        return Vec::new();
    };
    let of_process = |verdict: &Verdict| {
        let mut values = verdict.values.iter();
        verdict.unknown.is_none() && values.any(|value| value.name == THRESHOLD)
    };
    let verdicts = report.rules.judge(&facts).into_iter().filter(of_process);
    verdicts
        .filter_map(|verdict| {
            let rule = report.rules.rule(&verdict)?;
            (rule.level != Level::Reject).then(|| Sum {
                rule,
                verdict,
                class,
                addends: addends(report, app, members),
                members: members.to_vec(),
            })
        })
        .collect()
}

/// The app and each stack: what is charged of its weights, where no earlier one has loaded them, its caches and buffers.
fn addends(report: &Report<'_>, app: Bytes, members: &[&Candidate]) -> Vec<OperandValue> {
    let value = |name: String, bytes: Bytes| OperandValue {
        name,
        value: bytes.to_string(),
        span: None,
    };
    let mut addends = vec![value("app_memory".to_owned(), app)];
    for (at, member) in members.iter().enumerate() {
        let of = &member.estimate;
        let mut earlier = members.iter().take(at);
        let loaded = earlier.any(|one| instance(&one.stack) == instance(&member.stack));
        let weights = (!loaded).then_some(&of.weights_charged);
        let parts = [Some(&of.kv_cache), Some(&of.compute), weights];
        let known = parts.into_iter().flatten().filter_map(Figure::value);
        let bytes = known.fold(Bytes::new(0), |sum, part| sum + part.likely);
        let feature = &report.spec.features[member.slot.feature].id;
        let name = format!("{feature}.{}", member.slot.role.id());
        addends.push(value(name, bytes));
    }
    addends
}

#[cfg(test)]
#[path = "together_test.rs"]
mod tests;
