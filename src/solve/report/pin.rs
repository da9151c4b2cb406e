//! A pinned model that no phone of a class can run: one report with the spec's line, the file's bytes and the rule.

use super::{Failure, Report, help};
use crate::catalog::types::ModelIx;
use crate::diagnostic::{Code, Diagnostic, Sources, Text};
use crate::estimate::types::Figure;
use crate::quantity::{Bytes, Params};
use crate::solve::types::{Candidate, Violation};

/// The pinned model does not fit.
const PINNED: Code = Code(502);

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
    /// The rule that says so, for rules.
    pub(super) rule: Option<usize>,
}

/// The violation with the largest overshoot.
pub(super) fn worst(candidate: &Candidate) -> Option<Over> {
    let overs = candidate.violations.iter().filter_map(|violation| {
        Some(match violation {
            Violation::Rule(verdict) => {
                let mut values = verdict.values.iter();
                let (fact, limit) = (values.next()?, values.next()?);
                Over {
                    fact: fact.name.clone(),
                    value: fact.value.clone(),
                    limit: limit.value.clone(),
                    share: verdict.overshoot,
                    rule: Some(verdict.rule),
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
                rule: None,
            },
            Violation::Unknown { .. } => return None,
        })
    });
    overs.max_by(|a, b| {
        let share = |over: &Over| over.share.unwrap_or(0.0);
        share(a).total_cmp(&share(b))
    })
}

/// The report, when the failure comes from a pinned model alone and its figures are known.
pub(super) fn diagnostic(
    report: &Report<'_>,
    failure: &Failure<'_>,
    sources: &mut Sources,
) -> Option<Diagnostic> {
    let mut written = failure.conflict.iter().filter_map(|line| line.span);
    let span = written.next()?;
    if written.next().is_some() {
        return None;
    }
    let (feature, id) = report.pinned_model(span)?;
    let candidate = failure.first.candidates.iter().find(|candidate| {
        let model = &report.catalog.models[candidate.stack.model.at()];
        let asked = &report.spec.features[candidate.slot.feature].id;
        model.id == id && asked == feature && !candidate.violations.is_empty()
    })?;
    let over = worst(candidate)?;
    let model = &report.catalog.models[candidate.stack.model.at()];
    let artifact = &report.catalog.artifacts[candidate.stack.artifact.at()];
    let mut found = Diagnostic::error(
        PINNED,
        span,
        Text::key("solve.pinned")
            .arg("model", model.name.as_str())
            .arg("classes", failure.classes.join(", ")),
    );
    let params = model.params.as_ref().map(|params| params.value);
    found = found.labelled(Text::key("solve.pinned.line").arg(
        "params",
        params.map_or_else(unknown, |p: Params| p.to_string()),
    ));
    if let Some(bytes) = &artifact.bytes {
        let text = Text::key("solve.pinned.file")
            .arg("file", artifact.id.as_str())
            .arg("bytes", bytes.value.to_string());
        let span = report.catalog.locate(bytes.at, sources);
        found = found
            .also(span, text)
            .value("artifact.bytes", bytes.value.to_string(), Some(span));
    }
    if let Some(rule) = over.rule.and_then(|rule| report.rules.rules.get(rule)) {
        let span = report.rules.locate(rule.when_span, sources);
        let text = Text::key("solve.pinned.rule")
            .arg("rule", rule.id.as_str())
            .arg("value", over.value.as_str())
            .arg("limit", over.limit.as_str());
        found = found.also(span, text);
    }
    if let Some(Violation::Rule(verdict)) = candidate
        .violations
        .iter()
        .find(|violation| matches!(violation, Violation::Rule(v) if Some(v.rule) == over.rule))
    {
        found.values.extend(verdict.values.iter().cloned());
    }
    found = found.note(sum(report, failure, candidate, &over));
    if let Some(sibling) = sibling(report, failure, candidate) {
        found = found.help(sibling);
    }
    for relaxation in &failure.relaxations {
        found = found.help(help(relaxation, report));
    }
    Some(found)
}

/// The sum, part by part, and by how much it is over.
fn sum(report: &Report<'_>, failure: &Failure<'_>, candidate: &Candidate, over: &Over) -> Text {
    let estimate = &candidate.estimate;
    let platform = failure.first.class.phone.platform;
    let app = &report.catalog.platforms[platform.at()].app_baseline.value;
    let shown = |figure: &Figure<Bytes>| {
        figure
            .value()
            .map_or_else(unknown, |value| value.likely.to_string())
    };
    let share = over.share.unwrap_or(0.0);
    let key = match estimate.mapped.value() {
        Some(mapped) if mapped.high > Bytes::new(0) => "solve.pinned.sum-mapped",
        _ => "solve.pinned.sum",
    };
    Text::key(key)
        .arg("class", failure.first.class.id.as_str())
        .arg("mapped", shown(&estimate.mapped))
        .arg("weights", shown(&estimate.weights_charged))
        .arg("kv", shown(&estimate.kv_cache))
        .arg("compute", shown(&estimate.compute))
        .arg("app", app.to_string())
        .arg("total", over.value.as_str())
        .arg("limit", over.limit.as_str())
        .arg("over", format!("{:.1}", 1.0 + share))
}

fn unknown() -> String {
    "?".to_owned()
}

/// The largest admissible model of the same family or vendor, smaller than the pinned one.
fn sibling(report: &Report<'_>, failure: &Failure<'_>, pinned: &Candidate) -> Option<Text> {
    // With the pin in force every other model is refused by it, so classes without one are of no help: what the
    // relaxations buy, and a sibling refused by the pin alone, both fit.
    let size = |model: ModelIx| {
        let params = report.catalog.models[model.at()].params.as_ref();
        params.map_or(0, |params| params.value.get())
    };
    let of = &report.catalog.models[pinned.stack.model.at()];
    let fits = |candidate: &&Candidate| {
        candidate.violations.len() <= 1
            && candidate
                .violations
                .iter()
                .all(|violation| matches!(violation, Violation::Line { fact, .. } if *fact == "model.id"))
    };
    let kin = |candidate: &&Candidate| {
        let model = &report.catalog.models[candidate.stack.model.at()];
        model.id != of.id && (model.family == of.family || model.vendor == of.vendor)
    };
    let best = failure
        .first
        .candidates
        .iter()
        .filter(|candidate| candidate.slot == pinned.slot)
        .filter(kin)
        .filter(fits)
        .max_by_key(|candidate| {
            (
                size(candidate.stack.model),
                std::cmp::Reverse(candidate.stack.model),
            )
        })?;
    let model = &report.catalog.models[best.stack.model.at()];
    Some(
        Text::key("solve.pinned.sibling")
            .arg("model", model.name.as_str())
            .arg("id", model.id.as_str()),
    )
}
