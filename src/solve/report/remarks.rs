//! Findings that do not stop the plan: sums nobody can complete, refusals by an interval's width, budgets below the floor.

use std::collections::BTreeSet;

use super::Report;
use crate::catalog::types::ModelIx;
use crate::diagnostic::{Code, Diagnostic, Severity, Text};
use crate::estimate::types::Figure;
use crate::quantity::Bytes;
use crate::rules::facts::Budgets;
use crate::solve::types::{Candidate, Chosen, Outcome, Slot, Violation};

/// A chosen stack whose memory nobody can add up.
const UNDECIDED: Code = Code(622);
/// A better model is out only because its figures are uncertain.
const BY_WIDTH: Code = Code(623);
/// A memory budget that the app alone fills.
const BELOW_FLOOR: Code = Code(624);

pub(super) fn diagnostics(report: &Report<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    below_floor(report, &mut found);
    let mut told: BTreeSet<(Slot, ModelIx)> = BTreeSet::new();
    for class in &report.solution.classes {
        let Outcome::Feasible(chosen) = &class.outcome else {
            continue;
        };
        for pick in &chosen.picks {
            if told.insert((pick.slot, pick.stack.model)) {
                found.extend(undecided(report, &class.class.id, pick));
            }
        }
        for (slot, pick) in chosen.picks.iter().enumerate() {
            if let Some(better) = by_width(report, chosen, slot, &class.refused)
                && told.insert((pick.slot, better.stack.model))
            {
                found.extend(width(report, &class.class.id, pick, better));
            }
        }
    }
    found
}

/// A budget smaller than what the app takes before any model.
fn below_floor(report: &Report<'_>, found: &mut Vec<Diagnostic>) {
    let Some(span) = report
        .spec
        .budget
        .memory
        .as_ref()
        .and_then(|asked| asked.span)
    else {
        return;
    };
    let tight = report.solution.classes.iter().find_map(|class| {
        let phone = &class.class.phone;
        let platform = &report.catalog.platforms[phone.platform.at()];
        let asked = Budgets::of(report.catalog, report.spec, phone).asked?;
        (asked <= platform.app_baseline.value).then_some((platform, asked))
    });
    if let Some((platform, asked)) = tight {
        let message = Text::key("solve.below-floor")
            .arg("asked", asked.to_string())
            .arg("platform", platform.name.as_str())
            .arg("app", platform.app_baseline.value.to_string());
        found.push(
            Diagnostic::warning(BELOW_FLOOR, span, message)
                .help(Text::key("solve.below-floor.help")),
        );
    }
}

fn undecided(report: &Report<'_>, class: &str, pick: &Candidate) -> Option<Diagnostic> {
    let parts: [(&str, &Figure<Bytes>); 4] = [
        ("weights", &pick.estimate.weights_charged),
        ("kv_cache", &pick.estimate.kv_cache),
        ("compute_buffer", &pick.estimate.compute),
        ("download", &pick.estimate.download),
    ];
    let (part, _) = parts
        .into_iter()
        .find(|(_, figure)| matches!(figure, Figure::Unknown { .. }))?;
    let model = &report.catalog.models[pick.stack.model.at()];
    let runtime = &report.catalog.runtimes[pick.stack.runtime.at()];
    let feature = &report.spec.features[pick.slot.feature];
    let message = Text::key("solve.undecided")
        .arg("model", model.name.as_str())
        .arg("runtime", runtime.name.as_str())
        .arg("part", part)
        .arg("class", class);
    Some(
        Diagnostic::warning(UNDECIDED, feature.span, message)
            .labelled(Text::key("solve.undecided.label").arg("role", pick.slot.role.id()))
            .help(Text::key("solve.undecided.help").arg("part", part)),
    )
}

/// A model of a higher place than the chosen one that only the width of its figures refuses.
fn by_width<'c>(
    report: &Report<'_>,
    chosen: &Chosen,
    slot: usize,
    candidates: &'c [Candidate],
) -> Option<&'c Candidate> {
    let place = |candidate: &Candidate| {
        let model = &report.catalog.models[candidate.stack.model.at()];
        let quality = model.quality_in(candidate.slot.role);
        quality.map(|quality| quality.index)
    };
    let pick = &chosen.picks[slot];
    let current = place(pick)?;
    let narrow = |violation: &Violation| match violation {
        Violation::Rule(verdict) => verdict.by_width,
        Violation::Line { by_width, .. } => *by_width,
        Violation::Unknown { .. } => false,
    };
    candidates
        .iter()
        .filter(|candidate| {
            candidate.slot == pick.slot
                && !candidate.violations.is_empty()
                && candidate.violations.iter().all(narrow)
        })
        .filter_map(|candidate| Some((place(candidate)?, candidate)))
        .filter(|(better, _)| *better > current)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

fn width(
    report: &Report<'_>,
    class: &str,
    pick: &Candidate,
    better: &Candidate,
) -> Option<Diagnostic> {
    let over = super::over::worst_of(better, |_| true)?;
    let name = |candidate: &Candidate| {
        let model = &report.catalog.models[candidate.stack.model.at()];
        model.name.clone()
    };
    let feature = &report.spec.features[pick.slot.feature];
    let message = Text::key("solve.by-width")
        .arg("model", name(better))
        .arg("chosen", name(pick))
        .arg("class", class)
        .arg("fact", over.fact.as_str())
        .arg("value", over.value.as_str())
        .arg("limit", over.limit.as_str());
    Some(
        Diagnostic::new(BY_WIDTH, Severity::Advice, feature.span, message)
            .help(Text::key("solve.by-width.help").arg("fact", over.fact)),
    )
}
