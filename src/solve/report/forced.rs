//! Stacks an author insists on and rules refuse: one error per rule, under the rule's own code.

use super::{Report, over, places};
use crate::diagnostic::{Diagnostic, Sources, Span, Text};
use crate::estimate::types::Stack;
use crate::rules::types::{Rule, Verdict};
use crate::solve::figures::quality;
use crate::solve::types::{Candidate, ClassSolution, ConflictLine, Outcome, Violation};

/// Most rules that are reported one by one for a slot.
const TOLD: usize = 3;
/// The first code of what does not go together; smaller ones are of what does not fit.
const INCOMPATIBLE: u16 = 400;

/// A rule that refuses what fills a slot, on one or more classes.
struct Refusal<'a> {
    rule: &'a Rule,
    verdict: &'a Verdict,
    candidate: &'a Candidate,
    /// The first class, which the figures are of.
    first: &'a ClassSolution,
    conflict: &'a [ConflictLine],
    /// All classes, by id.
    classes: Vec<&'a str>,
}

pub(super) fn diagnostics(report: &Report<'_>, sources: &mut Sources) -> Vec<Diagnostic> {
    let refusals = refusals(report);
    let mut found = Vec::new();
    for slot in &report.solution.slots {
        let mut own: Vec<&Refusal<'_>> = refusals
            .iter()
            .filter(|refusal| refusal.candidate.slot == *slot)
            .collect();
        // Among equals the smaller code comes first: it is the plainer reason.
        own.sort_by(|a, b| {
            let by_gravity = gravity(b).total_cmp(&gravity(a));
            by_gravity.then(a.rule.code.0.cmp(&b.rule.code.0))
        });
        let mut told: Vec<&Refusal<'_>> = Vec::new();
        let mut rest: Vec<&str> = Vec::new();
        for refusal in own {
            let known = told.iter().any(|one| one.rule.code == refusal.rule.code);
            if known || told.len() == TOLD {
                rest.push(&refusal.rule.id);
            } else {
                told.push(refusal);
            }
        }
        for (at, refusal) in told.into_iter().enumerate() {
            let mut finding = diagnostic(report, refusal, sources);
            if at == 0 && !rest.is_empty() {
                let rules = rest.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>();
                finding =
                    finding.note(Text::key("solve.forced.rest").arg("rules", rules.join(", ")));
            }
            found.push(finding);
        }
    }
    found
}

/// Amounts over a limit by how far they are over it; what is no amount weighs as much as a limit missed by half, and
/// what an author may allow weighs least.
fn gravity(refusal: &Refusal<'_>) -> f64 {
    let share = refusal.verdict.overshoot.unwrap_or(0.5);
    if refusal.rule.overridable {
        -1.0 / (1.0 + share)
    } else {
        share
    }
}

fn refusals<'a>(report: &Report<'a>) -> Vec<Refusal<'a>> {
    let mut refusals: Vec<Refusal<'a>> = Vec::new();
    for class in &report.solution.classes {
        let Outcome::Infeasible { conflicts, .. } = &class.outcome else {
            continue;
        };
        let culprits = conflicts.iter().flat_map(|conflict| {
            let culprits = conflict.culprits.iter();
            culprits.map(move |candidate| (conflict, candidate))
        });
        for (conflict, candidate) in culprits {
            for violation in &candidate.violations {
                let Violation::Rule(verdict) = violation else {
                    continue;
                };
                let Some(rule) = report.rules.rule(verdict) else {
                    continue;
                };
                let known = refusals.iter_mut().find(|known| {
                    known.rule.id == rule.id && known.candidate.slot == candidate.slot
                });
                match known {
                    Some(known) if known.classes.last() == Some(&class.class.id.as_str()) => {}
                    Some(known) => known.classes.push(&class.class.id),
                    None => refusals.push(Refusal {
                        rule,
                        verdict,
                        candidate,
                        first: class,
                        conflict: &conflict.lines,
                        classes: vec![&class.class.id],
                    }),
                }
            }
        }
    }
    refusals
}

fn diagnostic(report: &Report<'_>, refusal: &Refusal<'_>, sources: &mut Sources) -> Diagnostic {
    let Refusal {
        rule,
        verdict,
        candidate,
        first,
        ..
    } = refusal;
    let model = &report.catalog.models[candidate.stack.model.at()];
    let mut demands = demands(refusal);
    // A pin says most; its line comes first.
    demands.sort_by_key(|(_, name)| !name.starts_with("pin "));
    let mut places = demands.into_iter();
    let (home, name) = places.next().unwrap_or_else(|| limit_line(report, refusal));
    // Where a model is not what the author insists on, the one judged is of no interest.
    let subject = match report.pinned_model(home) {
        Some(_) => Text::key("solve.forced").arg("model", model.name.as_str()),
        None => Text::key("solve.forced.any"),
    };
    let message = subject
        .arg("class", first.class.id.as_str())
        .arg("message", report.rules.message(verdict));
    let mut found = Diagnostic::error(rule.code, home, message);
    found = found.labelled(match (report.pinned_model(home), &model.params) {
        // Its size says why it does not fit; to what it does not go with, it says nothing.
        (Some(_), Some(params)) if rule.code.0 < INCOMPATIBLE => {
            Text::key("solve.forced.pinned").arg("params", params.value.to_string())
        }
        (Some(_), _) => Text::key("solve.forced.pinned-here"),
        _ if name.starts_with("budget.") => places::limit(verdict, &name),
        _ => Text::key("solve.forced.line").arg("line", name),
    });
    for (span, name) in places {
        found = found.also(span, Text::key("solve.forced.line").arg("line", name));
    }
    if let Some((span, fact)) = places::asked(report, rule, candidate, &first.class)
        && found.labels.iter().all(|label| label.span != span)
    {
        found = found.also(span, places::limit(verdict, fact));
    }
    found = places::with_records(report, found, refusal.record(), sources);
    let rule_span = report.rules.locate(rule.when_span, sources);
    found = found.also(rule_span, rule_label(rule, verdict));
    found.values.extend(places::operands(verdict));
    for note in notes(report, refusal) {
        found = found.note(note);
    }
    found = found.help(report.rules.remedy(verdict));
    if rule.overridable {
        found = found.help(Text::key("solve.forced.allow").arg("code", rule.code.to_string()));
    }
    if let Some(sibling) = sibling(report, first, candidate) {
        found = found.help(sibling);
    }
    found
}

impl<'a> Refusal<'a> {
    fn record(&self) -> places::Judged<'a> {
        places::Judged {
            rule: self.rule,
            verdict: self.verdict,
            candidate: self.candidate,
            class: &self.first.class,
        }
    }
}

/// Where no demand stands against the limit: the line that sets it.
fn limit_line(report: &Report<'_>, refusal: &Refusal<'_>) -> (Span, String) {
    let mut written = refusal.conflict.iter();
    let line = written.find_map(|line| Some((line.span?, line.name.clone())));
    line.unwrap_or_else(|| (report.home(refusal.first), String::new()))
}

/// The lines of the conflict that ask for the stack; budgets are limits, and get labels of their own.
fn demands(refusal: &Refusal<'_>) -> Vec<(Span, String)> {
    refusal
        .conflict
        .iter()
        .filter(|line| !line.name.starts_with("budget."))
        .filter_map(|line| Some((line.span?, line.name.clone())))
        .collect()
}

/// What a label at a rule's condition says: its name, and both sides where two amounts are compared.
pub(super) fn rule_label(rule: &Rule, verdict: &Verdict) -> Text {
    let text = match (verdict.overshoot, verdict.values.as_slice()) {
        (Some(_), [value, limit, ..]) => Text::key("solve.forced.rule")
            .arg("value", value.value.as_str())
            .arg("limit", limit.value.as_str()),
        _ => Text::key("solve.forced.rule-name"),
    };
    text.arg("rule", rule.id.as_str())
}

/// The arithmetic, and where else the rule refuses.
fn notes(report: &Report<'_>, refusal: &Refusal<'_>) -> Vec<Text> {
    let mut notes = Vec::new();
    let class = &refusal.first.class;
    let values = &refusal.verdict.values;
    if let (Some(share), [value, limit, ..]) = (refusal.verdict.overshoot, values.as_slice()) {
        let facts = places::facts(&refusal.rule.when);
        let sides = (value.value.as_str(), limit.value.as_str());
        if facts.contains(&"peak_memory") {
            notes.push(over::sum(report, class, refusal.candidate, sides, share));
        } else {
            notes.extend(over::sides(
                &refusal.rule.when,
                class,
                (value, limit),
                refusal.verdict,
            ));
        }
    }
    let stack = &refusal.candidate.stack;
    let catalog = report.catalog;
    notes.push(
        Text::key("solve.forced.stack")
            .arg(
                "artifact",
                catalog.artifacts[stack.artifact.at()].id.as_str(),
            )
            .arg(
                "runtime",
                catalog.runtimes[stack.runtime.at()].name.as_str(),
            )
            .arg(
                "backend",
                catalog.backends[stack.backend.at()].name.as_str(),
            ),
    );
    if let Some((_, others)) = refusal.classes.split_first()
        && !others.is_empty()
    {
        notes.push(Text::key("solve.forced.classes").arg("classes", others.join(", ")));
    }
    notes
}

/// The best model of the same family or vendor that only the demands keep out.
fn sibling(report: &Report<'_>, class: &ClassSolution, forced: &Candidate) -> Option<Text> {
    let of = &report.catalog.models[forced.stack.model.at()];
    // With a pin in force every other model is refused by it: one that nothing else refuses fits.
    let only_pinned = |candidate: &&Candidate| {
        candidate.violations.iter().all(
            |violation| matches!(violation, Violation::Line { fact, .. } if *fact == "model.id"),
        )
    };
    let kin = |stack: &Stack| {
        let model = &report.catalog.models[stack.model.at()];
        model.id != of.id && (model.family == of.family || model.vendor == of.vendor)
    };
    let same_vendor = |stack: &Stack| report.catalog.models[stack.model.at()].vendor == of.vendor;
    let refused = class.refused.iter().filter(only_pinned);
    let refused = refused.map(|candidate| (candidate.slot, candidate.stack));
    let best = class
        .admitted
        .iter()
        .copied()
        .chain(refused)
        .filter(|(slot, _)| *slot == forced.slot)
        .map(|(_, stack)| stack)
        .filter(kin)
        .max_by(|a, b| {
            let worth = |one: &Stack| quality(report.catalog, one, forced.slot.role, false);
            let by_vendor = same_vendor(a).cmp(&same_vendor(b));
            let by_worth = by_vendor.then(worth(a).total_cmp(&worth(b)));
            by_worth.then(b.model.cmp(&a.model))
        })?;
    let model = &report.catalog.models[best.model.at()];
    Some(
        Text::key("solve.forced.sibling")
            .arg("model", model.name.as_str())
            .arg("id", model.id.as_str()),
    )
}
