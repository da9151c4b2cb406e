//! Violations and verdicts as reasons with stable ids and operands.

use super::context::{Context, Use};
use super::words::{code, joined, message, plain, rendered, say};
use crate::plan::types::{Finding, Reason, Words};
use crate::rules::eval::Missing;
use crate::rules::types::{Level, Rule, Verdict};
use crate::solve::types::{Candidate, Violation};

/// Why a candidate is out, every reason, in the order they were found.
pub(super) fn reasons(context: &Context<'_>, candidate: &Candidate) -> Vec<Reason> {
    let reasons = candidate.reasons();
    reasons.map(|one| reason(context, one)).collect()
}

fn reason(context: &Context<'_>, violation: &Violation) -> Reason {
    match violation {
        Violation::Rule(verdict) => of_rule(context, verdict),
        Violation::Line {
            span,
            fact,
            value,
            limit,
            overshoot,
            by_width,
        } => Reason {
            id: format!("line.{fact}"),
            code: None,
            text: say(
                "reason.line",
                &[
                    ("line", &plain(context.line_number(*span).to_string())),
                    ("text", &code(context.statement(*span))),
                    ("fact", &code(fact)),
                    ("value", &plain(value)),
                    ("limit", &plain(limit)),
                ],
            ),
            values: vec![((*fact).to_owned(), value.clone())],
            overshoot: overshoot.map(rounded),
            by_width: *by_width,
        },
        Violation::Unknown {
            missing,
            of,
            needed_by,
        } => Reason {
            id: (*missing).to_owned(),
            code: None,
            text: lacking(missing, of, &code(needed_by)),
            values: Vec::new(),
            overshoot: None,
            by_width: false,
        },
    }
}

fn of_rule(context: &Context<'_>, verdict: &Verdict) -> Reason {
    let rule = context.rules.rule(verdict);
    let text = rendered(&context.rules.message(verdict));
    if let Some(rule) = rule {
        context.cite_ids(Use::Judgement, &rule.sources);
    }
    Reason {
        id: rule.map_or_else(String::new, |rule| rule.id.clone()),
        code: rule.map(|rule| rule.code.to_string()),
        text,
        values: verdict
            .values
            .iter()
            .map(|value| (value.name.clone(), value.value.clone()))
            .collect(),
        overshoot: verdict.overshoot.map(rounded),
        by_width: verdict.by_width,
    }
}

/// To four places: what is beyond is noise of the prediction.
fn rounded(share: f64) -> f64 {
    (share * 1e4).round() / 1e4
}

/// Warnings and advice about a chosen stack, warnings first. What the catalog lacks is said once, with the rules that wait for it.
pub(super) fn findings(context: &Context<'_>, candidate: &Candidate) -> Vec<Finding> {
    let level = |verdict: &Verdict| {
        context
            .rules
            .rule(verdict)
            .map_or(Level::Advise, |rule| rule.level)
    };
    let (mut waiting, fired): (Vec<&Verdict>, Vec<&Verdict>) =
        (candidate.remarks.iter()).partition(|verdict| verdict.unknown.is_some());
    let mut remarks = fired;
    remarks.sort_by_key(|verdict| (level(verdict), verdict.rule));
    let mut told = Vec::new();
    for verdict in remarks {
        let here = waiting.extract_if(.., |other| verdict.tells_of(other));
        let here: Vec<&Verdict> = here.collect();
        told.push(Finding {
            severity: level(verdict).severity().id().to_owned(),
            reason: with_waiting(context, of_rule(context, verdict), &here),
            remedy: rendered(&context.rules.remedy(verdict)),
        });
    }
    let mut found = unjudged(context, &waiting);
    found.extend(told);
    found
}

/// A reason that tells what the catalog lacks, with the rules that could not be judged without it.
fn with_waiting(context: &Context<'_>, reason: Reason, waiting: &[&Verdict]) -> Reason {
    let rules = waiting
        .iter()
        .filter_map(|verdict| context.rules.rule(verdict));
    let rules: Vec<&Rule> = rules.collect();
    if rules.is_empty() {
        return reason;
    }
    for rule in &rules {
        context.cite_ids(Use::Judgement, &rule.sources);
    }
    let ids: Vec<Words> = rules.iter().map(|rule| code(&rule.id)).collect();
    let args = [
        ("reason", &reason.text),
        ("needed_by", &joined("punct.names", &ids)),
    ];
    Reason {
        text: say("reason.waiting", &args),
        ..reason
    }
}

/// One warning for each figure that rules could not be judged without.
fn unjudged(context: &Context<'_>, waiting: &[&Verdict]) -> Vec<Finding> {
    let mut figures: Vec<(&Missing, Vec<&Rule>)> = Vec::new();
    for verdict in waiting {
        let (Some(missing), Some(rule)) = (&verdict.unknown, context.rules.rule(verdict)) else {
            continue;
        };
        context.cite_ids(Use::Judgement, &rule.sources);
        match figures.iter_mut().find(|(known, _)| *known == missing) {
            Some((_, rules)) => rules.push(rule),
            None => figures.push((missing, vec![rule])),
        }
    }
    let finding = |(missing, rules): (&Missing, Vec<&Rule>)| {
        let ids: Vec<Words> = rules.iter().map(|rule| code(&rule.id)).collect();
        let of_one = rules.iter().all(|rule| rule.code == rules[0].code);
        Finding {
            severity: Level::Warn.severity().id().to_owned(),
            reason: Reason {
                id: missing.missing.to_owned(),
                code: of_one.then(|| rules[0].code.to_string()),
                text: lacking(missing.missing, &missing.of, &joined("punct.names", &ids)),
                values: Vec::new(),
                overshoot: None,
                by_width: false,
            },
            remedy: say("reason.look_up", &[]),
        }
    };
    figures.into_iter().map(finding).collect()
}

/// What the catalog lacks, and what could not be judged without it.
fn lacking(missing: &str, of: &str, needed_by: &Words) -> Words {
    let args = [
        ("missing", &message(missing)),
        ("of", &plain(of)),
        ("needed_by", needed_by),
    ];
    say("reason.unknown", &args)
}
