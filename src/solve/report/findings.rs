//! What rules remark on the chosen stacks: warnings and advice under the rule's own code, one per rule and feature, and
//! the limits that a missing figure leaves open.

use super::together::{self, Sum};
use super::{Report, forced, places};
use crate::diagnostic::{Code, Diagnostic, Sources, Text};
use crate::rules::eval::Missing;
use crate::rules::types::{Rule, Verdict};
use crate::solve::types::{Candidate, ClassSolution, Outcome};

/// A rule that nobody can decide, for want of a figure.
const UNDECIDED: Code = Code(622);

/// A remark, with the classes it holds on.
struct Remark<'a> {
    rule: &'a Rule,
    verdict: &'a Verdict,
    candidate: &'a Candidate,
    /// The sum it speaks of, where that is of several stacks.
    sum: Option<&'a Sum<'a>>,
    /// The first class, which the figures are of.
    first: &'a ClassSolution,
    /// All classes, by id.
    classes: Vec<&'a str>,
}

/// Nothing where some class has no answer: what is wrong there comes first.
pub(super) fn diagnostics(report: &Report<'_>, sources: &mut Sources) -> Vec<Diagnostic> {
    let classes = &report.solution.classes;
    let failed = |class: &ClassSolution| matches!(class.outcome, Outcome::Infeasible { .. });
    if classes.iter().any(failed) {
        return Vec::new();
    }
    let sums = together::sums(report);
    let remarks = remarks(report, &sums);
    let mut found = Vec::new();
    for remark in &remarks {
        match &remark.verdict.unknown {
            // The rule that tells of the lack says which others wait for it.
            Some(_) if remarks.iter().any(|other| other.tells_of(remark)) => {}
            Some(missing) => found.push(undecided(report, remark, missing, sources)),
            None => {
                let waiting = remarks.iter().filter(|other| remark.tells_of(other));
                let waiting: Vec<&str> = waiting.map(|other| other.rule.id.as_str()).collect();
                let said = said(report, remark, sources);
                found.push(match waiting.is_empty() {
                    true => said,
                    false => said
                        .note(Text::key("solve.remark.waiting").arg("rules", waiting.join(", "))),
                });
            }
        }
    }
    found
}

impl Remark<'_> {
    /// Whether it tells that a figure is unknown which another rule waits for on the same stack.
    fn tells_of(&self, other: &Self) -> bool {
        self.candidate.slot == other.candidate.slot && self.verdict.tells_of(other.verdict)
    }
}

fn remarks<'a>(report: &Report<'a>, sums: &'a [Sum<'a>]) -> Vec<Remark<'a>> {
    let mut remarks = of_sums(sums);
    for class in &report.solution.classes {
        let Outcome::Feasible(chosen) = &class.outcome else {
            continue;
        };
        for candidate in &chosen.picks {
            for verdict in &candidate.remarks {
                let Some(rule) = report.rules.rule(verdict) else {
                    continue;
                };
                // What is said of the process need not be said of a stack in it.
                if sums.iter().any(|sum| sum.covers(class, rule, candidate)) {
                    continue;
                }
                let known = remarks.iter_mut().find(|known| {
                    known.sum.is_none()
                        && known.rule.id == rule.id
                        && known.candidate.slot.feature == candidate.slot.feature
                        && known.verdict.unknown == verdict.unknown
                });
                match known {
                    Some(known) if known.classes.contains(&class.class.id.as_str()) => {}
                    Some(known) => known.classes.push(&class.class.id),
                    None => remarks.push(Remark {
                        rule,
                        verdict,
                        candidate,
                        sum: None,
                        first: class,
                        classes: vec![&class.class.id],
                    }),
                }
            }
        }
    }
    remarks.sort_by_key(|remark| (remark.candidate.slot.feature, remark.rule.code));
    remarks
}

/// Once for the same stacks, with the figures of the first class.
fn of_sums<'a>(sums: &'a [Sum<'a>]) -> Vec<Remark<'a>> {
    let mut remarks: Vec<Remark<'a>> = Vec::new();
    for sum in sums {
        let Some(&candidate) = sum.members.first() else {
            continue;
        };
        let known = remarks
            .iter_mut()
            .find(|known| known.sum.is_some_and(|it| it.repeats(sum)));
        match known {
            Some(known) => known.classes.push(&sum.class.class.id),
            None => remarks.push(Remark {
                rule: sum.rule,
                verdict: &sum.verdict,
                candidate,
                sum: Some(sum),
                first: sum.class,
                classes: vec![&sum.class.class.id],
            }),
        }
    }
    remarks
}

fn said(report: &Report<'_>, remark: &Remark<'_>, sources: &mut Sources) -> Diagnostic {
    let Remark { rule, verdict, .. } = remark;
    let message = Text::key("solve.remark")
        .arg("stack", who(report, remark))
        .arg("message", report.rules.message(verdict));
    let mut found = placed(report, remark, rule.code, message, sources);
    found.severity = rule.level.severity();
    found.values.extend(places::operands(verdict));
    if let Some(sum) = remark.sum {
        found.values.extend(sum.addends.iter().cloned());
    }
    found.help(report.rules.remedy(verdict))
}

fn undecided(
    report: &Report<'_>,
    remark: &Remark<'_>,
    missing: &Missing,
    sources: &mut Sources,
) -> Diagnostic {
    let message = Text::key("solve.undecided.rule")
        .arg("stack", stack(report, remark.candidate))
        .arg("missing", Text::key(missing.missing))
        .arg("of", missing.of.as_str())
        .arg("rule", remark.rule.id.as_str());
    placed(report, remark, UNDECIDED, message, sources)
        .help(Text::key("solve.undecided.rule-help").arg("of", missing.of.as_str()))
}

/// A warning at the line that sets what the rule compares, else at the feature; with the rule and the classes.
fn placed(
    report: &Report<'_>,
    remark: &Remark<'_>,
    code: Code,
    message: Text,
    sources: &mut Sources,
) -> Diagnostic {
    let Remark {
        rule,
        verdict,
        candidate,
        first,
        ..
    } = remark;
    let feature = &report.spec.features[candidate.slot.feature];
    let mut found = match places::asked(report, rule, candidate, &first.class) {
        Some((span, fact)) => {
            Diagnostic::warning(code, span, message).labelled(places::limit(verdict, fact))
        }
        None => Diagnostic::warning(code, feature.span, message).labelled(match remark.sum {
            Some(_) => Text::key("solve.remark.together"),
            None => Text::key("solve.remark.role").arg("role", candidate.slot.role.id()),
        }),
    };
    let span = report.rules.locate(rule.when_span, sources);
    found = found.also(span, forced::rule_label(rule, verdict));
    if remark.classes.len() < report.solution.classes.len() {
        found.note(Text::key("solve.remark.classes").arg("classes", remark.classes.join(", ")))
    } else {
        found
    }
}

/// The stack, or all that are in memory together.
fn who(report: &Report<'_>, remark: &Remark<'_>) -> Text {
    let others = remark
        .sum
        .map_or(&[][..], |sum| sum.members.get(1..).unwrap_or(&[]));
    let first = stack(report, remark.candidate);
    others.iter().fold(first, |all, other| {
        Text::key("solve.remark.sum")
            .arg("all", all)
            .arg("other", stack(report, other))
    })
}

/// A stack in a few words.
fn stack(report: &Report<'_>, candidate: &Candidate) -> Text {
    let catalog = report.catalog;
    let stack = &candidate.stack;
    let model = &catalog.models[stack.model.at()];
    let runtime = &catalog.runtimes[stack.runtime.at()];
    if model.system {
        return Text::Plain(model.name.clone());
    }
    Text::key("solve.remark.stack")
        .arg("model", model.name.as_str())
        .arg("runtime", runtime.name.as_str())
}
