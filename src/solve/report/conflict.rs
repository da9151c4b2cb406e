//! Nothing fits: the lines that cannot hold together, each underlined, and the ways out.

use super::over::{self, Over};
use super::ways::spelled;
use super::{Failure, Report, places, written};
use crate::catalog::types::ModelIx;
use crate::diagnostic::{Code, Diagnostic, Sources, Span, Text};
use crate::rules::types::Rule;
use crate::solve::absence::{Absence, absence};
use crate::solve::fills;
use crate::solve::types::{Conflict, ConflictLine, Edit, Violation};

/// Lines that cannot hold together.
const CONFLICT: Code = Code(501);
/// A pinned model is one of them.
const PINNED: Code = Code(502);

pub(super) fn diagnostic(
    report: &Report<'_>,
    failure: &Failure<'_>,
    sources: &mut Sources,
) -> Diagnostic {
    let conflict = failure.conflict;
    let spans: Vec<Span> = written(conflict).collect();
    let pinned = spans.iter().find_map(|span| report.pinned_model(*span));
    // Of several roles, those it is about are named.
    let named = report.solution.slots.len() > 1 && !conflict.slots.is_empty();
    let (code, key) = match (pinned, spans.len()) {
        (Some(_), 1) => (PINNED, "solve.pinned"),
        (Some(_), _) => (PINNED, "solve.pinned.several"),
        (None, 0) => (CONFLICT, "solve.conflict.none"),
        (None, 1) if named => (CONFLICT, "solve.conflict.one-for"),
        (None, 1) => (CONFLICT, "solve.conflict.one"),
        (None, _) if named => (CONFLICT, "solve.conflict.several-for"),
        (None, _) => (CONFLICT, "solve.conflict.several"),
    };
    let model = pinned.and_then(|(_, id)| report.catalog.model(id));
    let spelled_lines = spans
        .iter()
        .map(|span| format!("`{}`", spelled(*span, sources)));
    let message = Text::key(key)
        .arg("model", model.map_or("", |(_, model)| model.name.as_str()))
        .arg("lines", spelled_lines.collect::<Vec<_>>().join(", "))
        .arg("slots", slots(report, conflict))
        .arg("classes", failure.classes.join(", "));
    let lacks = lacking(report, failure, model.map(|(at, _)| at));
    let mut found = match spans.split_first() {
        Some((first, rest)) => {
            let mut found =
                Diagnostic::error(code, *first, message).labelled(label(failure, *first));
            for span in rest {
                found = found.also(*span, label(failure, *span));
            }
            found
        }
        None => match asked(report, failure) {
            Some(span) => {
                Diagnostic::error(code, span, message).labelled(Text::key("solve.place.asked"))
            }
            None => Diagnostic::error(code, nowhere(report, failure, lacks.is_some()), message),
        },
    };
    for line in &failure.limits {
        found = limit(report, failure, found, line, sources);
    }
    // Where there is no stack to judge, none comes near.
    match lacks.or_else(|| nearest(report, failure)) {
        Some(note) => found.note(note),
        None => found,
    }
}

/// Where a conflict without a line stands: at the task that nothing serves, or at the phones.
fn nowhere(report: &Report<'_>, failure: &Failure<'_>, lacks: bool) -> Span {
    let slot = failure.conflict.slots.first().filter(|_| lacks);
    slot.map_or_else(
        || report.home(failure.first),
        |slot| {
            let feature = &report.spec.features[slot.feature];
            feature.task.span.unwrap_or(feature.span)
        },
    )
}

/// What the catalog lacks where it has no stack of the pinned model, or none for a slot.
fn lacking(report: &Report<'_>, failure: &Failure<'_>, pinned: Option<ModelIx>) -> Option<Text> {
    let catalog = report.catalog;
    let phone = &failure.first.class.phone;
    let slots = match failure.conflict.slots.as_slice() {
        [] => report.solution.slots.as_slice(),
        own => own,
    };
    let model = pinned.map(|at| &catalog.models[at.at()]);
    let mut roles = slots.iter().map(|slot| slot.role);
    let (role, lacks) = roles.find_map(|role| {
        let serves = model.is_none_or(|model| fills(model, role));
        let lacks = serves.then(|| absence(catalog, role, phone, pinned))?;
        lacks.map(|lacks| (role, lacks))
    })?;
    let key = match (lacks, model) {
        (Absence::Runtime, _) => "solve.absent.runtime",
        (Absence::File, _) => "solve.absent.file",
        (Absence::Unread, Some(_)) => "solve.absent.unread",
        (Absence::Unread, None) => "solve.absent.unread-any",
    };
    let platform = &catalog.platforms[phone.platform.at()];
    let text = Text::key(key)
        .arg("platform", platform.name.as_str())
        .arg("role", role.id())
        .arg("model", model.map_or("", |model| model.name.as_str()))
        .arg("family", model.map_or("", |model| model.family.as_str()));
    Some(text)
}

/// The slots a conflict leaves empty, as a spec names them.
fn slots(report: &Report<'_>, conflict: &Conflict) -> String {
    let slots = conflict.slots.iter().map(|slot| {
        let feature = &report.spec.features[slot.feature];
        format!("`{}.{}`", feature.id, slot.role.id())
    });
    slots.collect::<Vec<_>>().join(", ")
}

/// Where the spec writes what a rule looks at that leaves nothing.
fn asked(report: &Report<'_>, failure: &Failure<'_>) -> Option<Span> {
    let slot = failure.conflict.slots.first()?;
    let feature = &report.spec.features[slot.feature];
    let mut rules = failure
        .limits
        .iter()
        .filter_map(|line| rule(report, &line.name));
    rules.find_map(|rule| places::asked_of(report, rule, feature, &failure.first.class))
}

/// What would do at a line of the conflict, where the cheapest way out that changes it says so.
fn label(failure: &Failure<'_>, span: Span) -> Text {
    let ways = failure.relaxations.iter();
    let mut values = ways.filter_map(|way| {
        way.changes.iter().find_map(|change| match &change.edit {
            Edit::Value { to, .. } if change.span == span => Some((to, way.changes.len())),
            _ => None,
        })
    });
    if let Some((to, changes)) = values.next() {
        let key = match changes {
            1 => "solve.conflict.value",
            _ => "solve.conflict.value-with",
        };
        return Text::key(key).arg("to", to.as_str());
    }
    let mut lines = failure.conflict.lines.iter();
    let line = lines.find(|line| line.span == Some(span));
    Text::key("solve.conflict.line").arg("line", line.map_or("", |line| line.name.as_str()))
}

/// A limit that is not a line of the spec: the platform's grant where it is written, or a rule where it is.
fn limit(
    report: &Report<'_>,
    failure: &Failure<'_>,
    found: Diagnostic,
    line: &ConflictLine,
    sources: &mut Sources,
) -> Diagnostic {
    let class = &failure.first.class;
    let platform = &report.catalog.platforms[class.phone.platform.at()];
    if line.name == "platform.memory" {
        let row = platform
            .budgets
            .iter()
            .filter(|row| row.ram_gib <= class.phone.ram_gib)
            .max_by_key(|row| row.ram_gib);
        let Some(row) = row else { return found };
        let grant = row.entitled.as_ref().unwrap_or(&row.base);
        let text = Text::key("solve.conflict.grant")
            .arg("platform", platform.name.as_str())
            .arg("amount", grant.value.to_string());
        return found
            .value("budget.memory", grant.value.to_string(), None)
            .also(report.catalog.locate(grant.at, sources), text);
    }
    match rule(report, &line.name) {
        Some(rule) => {
            let span = report.rules.locate(rule.when_span, sources);
            let text = Text::key("solve.conflict.rule").arg("rule", rule.id.as_str());
            found.also(span, text)
        }
        None => found,
    }
}

fn rule<'a>(report: &Report<'a>, id: &str) -> Option<&'a Rule> {
    report.rules.rules.iter().find(|rule| rule.id == id)
}

/// The model that came nearest to what the conflict is about: by the fewest violations, then the smallest overshoot. None
/// where several roles miss a limit together: what one of them takes says nothing.
fn nearest(report: &Report<'_>, failure: &Failure<'_>) -> Option<Text> {
    let all = &report.solution.slots;
    let slots = match failure.conflict.slots.as_slice() {
        [] if all.len() > 1 => return None,
        [] => all,
        own => own,
    };
    let refused = failure.first.refused.iter();
    let (candidate, over) = refused
        .filter(|candidate| slots.contains(&candidate.slot))
        .filter_map(|candidate| {
            Some((
                candidate,
                over::worst_of(candidate, |v| concerns(report, failure, v))?,
            ))
        })
        .min_by(|(a, over_a), (b, over_b)| {
            let count = a.violations.len().cmp(&b.violations.len());
            let of = |over: &Over| over.share.unwrap_or(f64::MAX);
            count.then(of(over_a).total_cmp(&of(over_b)))
        })?;
    let model = &report.catalog.models[candidate.stack.model.at()];
    Some(
        Text::key("solve.conflict.nearest")
            .arg("model", model.name.as_str())
            .arg("fact", over.fact)
            .arg("value", over.value)
            .arg("limit", over.limit),
    )
}

/// Whether a violation is of a line of the conflict, or of a rule where it has no lines.
fn concerns(report: &Report<'_>, failure: &Failure<'_>, violation: &Violation) -> bool {
    match violation {
        Violation::Line { span, .. } => written(failure.conflict).any(|line| line == *span),
        Violation::Rule(verdict) => {
            written(failure.conflict).next().is_none()
                && (failure.limits.iter())
                    .any(|line| line.name == report.rules.rules[verdict.rule].id)
        }
        Violation::Unknown { .. } => false,
    }
}
