//! Nothing fits: the lines that cannot hold together, each underlined, and the ways out.

use super::{Failure, Report, help};
use crate::diagnostic::{Code, Diagnostic, Sources, Text};
use crate::rules::types::Rule;
use crate::solve::types::ConflictLine;

/// Lines that cannot hold together.
const CONFLICT: Code = Code(501);
/// A pinned model is one of them.
const PINNED: Code = Code(502);

pub(super) fn diagnostic(
    report: &Report<'_>,
    failure: &Failure<'_>,
    sources: &mut Sources,
) -> Diagnostic {
    let mut written = failure.conflict.iter().filter_map(|line| line.span);
    let primary = written.next().unwrap_or_else(|| report.home(failure.first));
    let count = failure.conflict.iter().filter(|line| line.span.is_some());
    let mut spans = failure.conflict.iter().filter_map(|line| line.span);
    let pinned = spans.find_map(|span| report.pinned_model(span));
    let (code, key) = match (pinned, count.count()) {
        (Some(_), 1) => (PINNED, "solve.pinned"),
        (Some(_), _) => (PINNED, "solve.pinned.several"),
        (None, 0) => (CONFLICT, "solve.conflict.none"),
        (None, 1) => (CONFLICT, "solve.conflict.one"),
        (None, _) => (CONFLICT, "solve.conflict.several"),
    };
    let model = pinned.and_then(|(_, id)| report.catalog.model(id));
    let mut found = Diagnostic::error(
        code,
        primary,
        Text::key(key)
            .arg("model", model.map_or("", |(_, model)| model.name.as_str()))
            .arg("classes", failure.classes.join(", ")),
    );
    let mut first = true;
    for line in failure.conflict {
        found = match line.span {
            Some(_) if first => {
                first = false;
                found.labelled(label(line))
            }
            Some(span) => found.also(span, label(line)),
            None => limit(report, failure, found, line, sources),
        };
    }
    if let Some(note) = nearest(report, failure) {
        found = found.note(note);
    }
    for relaxation in &failure.relaxations {
        found = found.help(help(relaxation, report));
    }
    if failure.relaxations.is_empty() {
        found = found.help(Text::key("solve.conflict.no-way-out"));
    }
    found
}

fn label(line: &ConflictLine) -> Text {
    Text::key("solve.conflict.line").arg("line", line.name.as_str())
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

/// The model that came nearest to fitting, by the fewest violations and the smallest overshoot.
fn nearest(report: &Report<'_>, failure: &Failure<'_>) -> Option<Text> {
    let refused = failure.first.candidates.iter();
    let (candidate, worst) = refused
        .filter(|candidate| !candidate.violations.is_empty())
        .map(|candidate| (candidate, super::over::worst(candidate)))
        .min_by(|(a, over_a), (b, over_b)| {
            let count = a.violations.len().cmp(&b.violations.len());
            let of = |worst: &Option<super::over::Over>| {
                worst
                    .as_ref()
                    .and_then(|over| over.share)
                    .unwrap_or(f64::MAX)
            };
            count.then(of(over_a).total_cmp(&of(over_b)))
        })?;
    let over = worst?;
    let model = &report.catalog.models[candidate.stack.model.at()];
    Some(
        Text::key("solve.conflict.nearest")
            .arg("model", model.name.as_str())
            .arg("fact", over.fact)
            .arg("value", over.value)
            .arg("limit", over.limit),
    )
}
