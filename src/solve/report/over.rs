//! By how much a stack misses its limits: the comparison that speaks for it, and the sum behind a memory figure.

use super::Report;
use crate::diagnostic::{OperandValue, Text};
use crate::estimate::types::Figure;
use crate::quantity::Bytes;
use crate::rules::types::Verdict;
use crate::solve::types::{Candidate, DeviceClass, Violation};
use crate::spec::expr::{CompareOp, Expr, ExprKind};

/// How a candidate misses a limit most.
pub(super) struct Over {
    /// The fact compared.
    pub(super) fact: String,
    /// Its value.
    pub(super) value: String,
    /// The limit.
    pub(super) limit: String,
    /// By how much, as a share of the limit.
    pub(super) share: Option<f64>,
}

/// Of the violations that matter, the one with the largest overshoot.
pub(super) fn worst_of(
    candidate: &Candidate,
    matters: impl Fn(&Violation) -> bool,
) -> Option<Over> {
    let violations = candidate.violations.iter().filter(|one| matters(one));
    let overs = violations.filter_map(|violation| {
        Some(match violation {
            Violation::Rule(verdict) => {
                let mut values = verdict.values.iter();
                let (fact, limit) = (values.next()?, values.next()?);
                Over {
                    fact: fact.name.clone(),
                    value: fact.value.clone(),
                    limit: limit.value.clone(),
                    share: verdict.overshoot,
                }
            }
            Violation::Line {
                fact,
                value,
                limit,
                overshoot,
                ..
            } => Over {
                fact: (*fact).to_owned(),
                value: value.clone(),
                limit: limit.clone(),
                share: *overshoot,
            },
            Violation::Unknown { .. } => return None,
        })
    });
    overs.max_by(|a, b| {
        let share = |over: &Over| over.share.unwrap_or(0.0);
        share(a).total_cmp(&share(b))
    })
}

/// A memory sum, part by part, and by how much it is over the limit.
pub(super) fn sum(
    report: &Report<'_>,
    class: &DeviceClass,
    candidate: &Candidate,
    values: (&str, &str),
    share: f64,
) -> Text {
    let estimate = &candidate.estimate;
    let app = &report.catalog.platforms[class.phone.platform.at()]
        .app_baseline
        .value;
    let shown = |figure: &Figure<Bytes>| {
        figure
            .value()
            .map_or_else(|| "?".to_owned(), |value| value.likely.to_string())
    };
    let key = match estimate.mapped.value() {
        Some(mapped) if mapped.high > Bytes::new(0) => "solve.forced.sum-mapped",
        _ => "solve.forced.sum",
    };
    let (total, limit) = values;
    Text::key(key)
        .arg("class", class.id.as_str())
        .arg("mapped", shown(&estimate.mapped))
        .arg("weights", shown(&estimate.weights_charged))
        .arg("kv", shown(&estimate.kv_cache))
        .arg("compute", shown(&estimate.compute))
        .arg("app", app.to_string())
        .arg("total", total)
        .arg("limit", limit)
        .arg("over", format!("{:.1}", 1.0 + share))
}

/// Facts that are versions: how many times one is another says nothing.
const VERSIONS: [&str; 2] = ["runtime.min_os", "platform.os"];

/// Both sides of the comparison that refuses, and how far they are apart where that means something.
pub(super) fn sides(
    condition: &Expr,
    class: &DeviceClass,
    (value, limit): (&OperandValue, &OperandValue),
    verdict: &Verdict,
) -> Option<Text> {
    let share = verdict.overshoot?;
    if VERSIONS.contains(&value.name.as_str()) {
        return None;
    }
    let text = match (last_order(condition), verdict.by_width) {
        (Some(CompareOp::Less | CompareOp::AtMost), _) => Text::key("solve.forced.short"),
        (_, false) => Text::key("solve.forced.over"),
        (_, true) => Text::key("solve.forced.over-end"),
    };
    let text = text.arg("over", format!("{:.1}", 1.0 + share));
    Some(
        text.arg("class", class.id.as_str())
            .arg("fact", value.name.as_str())
            .arg("value", value.value.as_str())
            .arg("limit", limit.value.as_str()),
    )
}

/// The operator of the last comparison of amounts, which a verdict's operands are of.
fn last_order(condition: &Expr) -> Option<CompareOp> {
    match &condition.kind {
        ExprKind::Compare(
            op @ (CompareOp::Less | CompareOp::AtMost | CompareOp::Greater | CompareOp::AtLeast),
            ..,
        ) => Some(*op),
        ExprKind::Not(inner) => last_order(inner),
        ExprKind::Logic(_, left, right) => last_order(right).or_else(|| last_order(left)),
        _ => None,
    }
}
