//! Lines that change nothing: memory bounds no process can reach, preferences that have no meaning for what is asked or for
//! the phones it is asked for.

use super::Report;
use crate::diagnostic::{Code, Diagnostic, Span, Text};
use crate::estimate::types::Estimate;
use crate::quantity::Bytes;
use crate::rules::facts::Budgets;
use crate::solve::figures::Measure;
use crate::solve::types::{Candidate, ClassSolution, Outcome};
use crate::spec::model::{Feature, Objective};

/// A memory bound that the platform's grant always undercuts.
const IDLE_BOUND: Code = Code(626);
/// A preference without meaning for the feature.
const IDLE_PREFERENCE: Code = Code(627);

pub(super) fn diagnostics(report: &Report<'_>) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = bounds(report).collect();
    for (at, feature) in report.spec.features.iter().enumerate() {
        found.extend(preferences(report, at, feature));
    }
    found
}

/// Memory lines at or above what the platform grants on every class.
fn bounds<'r>(report: &'r Report<'_>) -> impl Iterator<Item = Diagnostic> + 'r {
    let budget = report.spec.budget.memory.as_ref();
    let budget = budget.and_then(|asked| asked.span).map(|span| (span, None));
    let own = report.spec.features.iter().filter_map(|feature| {
        let asked = feature.memory.as_ref()?;
        Some((asked.span?, Some(asked.value)))
    });
    let lines = budget.into_iter().chain(own);
    lines.filter_map(|(span, asked)| idle_bound(report, span, asked))
}

/// `asked` is the line's amount, where it is the same on every class.
fn idle_bound(report: &Report<'_>, span: Span, asked: Option<Bytes>) -> Option<Diagnostic> {
    let mut widest: Option<(&ClassSolution, Bytes)> = None;
    for class in &report.solution.classes {
        let limits = Budgets::of(report.catalog, report.spec, &class.class.phone);
        let grant = limits.entitled.or(limits.base)?;
        if asked.or(limits.asked)? < grant {
            return None;
        }
        if widest.is_none_or(|(_, known)| grant > known) {
            widest = Some((class, grant));
        }
    }
    let (class, grant) = widest?;
    let message = Text::key("solve.idle-bound")
        .arg("grant", grant.to_string())
        .arg("class", class.class.id.as_str());
    let found = Diagnostic::warning(IDLE_BOUND, span, message);
    Some(found.help(Text::key("solve.idle-bound.help")))
}

/// Written objectives that none of the feature's models has a figure for, and a store's threshold where none is set.
fn preferences<'r>(
    report: &'r Report<'_>,
    at: usize,
    feature: &'r Feature,
) -> impl Iterator<Item = Diagnostic> + 'r {
    let classes = report.solution.classes.iter();
    let stored = classes.clone().any(|class| {
        let limits = Budgets::of(report.catalog, report.spec, &class.class.phone);
        limits.store.is_some()
    });
    let candidates = classes.flat_map(|class| {
        let chosen = match &class.outcome {
            Outcome::Feasible(chosen) => chosen.picks.as_slice(),
            Outcome::Infeasible { .. } => &[],
        };
        chosen.iter().chain(&class.refused)
    });
    let own: Vec<&Candidate> = candidates
        .filter(|candidate| candidate.slot.feature == at)
        .collect();
    let span = feature.prefer.span.filter(|_| !own.is_empty());
    let idle = feature.prefer.value.iter().copied();
    idle.filter(move |objective| match objective {
        Objective::Store => !stored,
        _ => own
            .iter()
            .all(|candidate| is_void(*objective, &candidate.estimate)),
    })
    .filter_map(move |objective| {
        let message = match objective {
            Objective::Store => Text::key("solve.idle-preference-store"),
            _ => Text::key("solve.idle-preference")
                .arg("objective", objective.id())
                .arg("feature", feature.id.as_str()),
        };
        let found = Diagnostic::warning(IDLE_PREFERENCE, span?, message);
        Some(found.help(Text::key("solve.idle-preference.help").arg("objective", objective.id())))
    })
}

/// Whether an objective has no meaning for a stack.
fn is_void(objective: Objective, estimate: &Estimate) -> bool {
    Measure::of(objective, estimate).is_some_and(|measure| measure.is_void())
}
