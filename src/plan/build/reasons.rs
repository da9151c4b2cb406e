//! Violations and verdicts as reasons with stable ids and operands.

use super::context::{Context, Use};
use super::words::{code, message, plain, rendered, say};
use crate::plan::types::{Finding, Reason};
use crate::rules::types::{Level, Verdict};
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
            text: say(
                "reason.unknown",
                &[
                    ("missing", &message(missing)),
                    ("of", &plain(of)),
                    ("needed_by", &code(needed_by)),
                ],
            ),
            values: Vec::new(),
            overshoot: None,
            by_width: false,
        },
    }
}

fn of_rule(context: &Context<'_>, verdict: &Verdict) -> Reason {
    let rule = context.rules.rule(verdict);
    let text = match &verdict.unknown {
        Some(missing) => say(
            "reason.unknown",
            &[
                ("missing", &message(missing.missing)),
                ("of", &plain(&missing.of)),
                ("needed_by", &code(rule.map_or("", |rule| rule.id.as_str()))),
            ],
        ),
        None => rendered(&context.rules.message(verdict)),
    };
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

/// Warnings and advice about a chosen stack, warnings first.
pub(super) fn findings(context: &Context<'_>, candidate: &Candidate) -> Vec<Finding> {
    let level = |verdict: &Verdict| {
        context
            .rules
            .rule(verdict)
            .map_or(Level::Advise, |rule| rule.level)
    };
    let mut remarks: Vec<&Verdict> = candidate.remarks.iter().collect();
    remarks.sort_by_key(|verdict| (level(verdict), verdict.rule));
    remarks
        .into_iter()
        .map(|verdict| Finding {
            severity: level(verdict).severity().id().to_owned(),
            reason: of_rule(context, verdict),
            remedy: rendered(&context.rules.remedy(verdict)),
        })
        .collect()
}
