//! Ways out in words: every change in the spec's own spelling, and the plan it buys.

use super::Report;
use crate::diagnostic::{Sources, Span, Text};
use crate::solve::types::{Change, Edit, Relaxation};

/// The ways out as helps; they do for every class without an answer, and the plan shown is that of the first.
pub(super) fn helps(report: &Report<'_>, sources: &Sources) -> Vec<Text> {
    match report.solution.ways_out() {
        None => Vec::new(),
        Some((_, [])) => vec![Text::key("solve.conflict.no-way-out")],
        Some((class, ways)) => {
            let ways = ways.iter();
            ways.map(|way| help(way, &class.id, report, sources))
                .collect()
        }
    }
}

fn help(relaxation: &Relaxation, class: &str, report: &Report<'_>, sources: &Sources) -> Text {
    let mut changes = relaxation.changes.iter().map(|one| change(one, sources));
    let first = changes.next().unwrap_or_else(Text::empty);
    let text = changes.fold(first, |text, next| {
        Text::key("solve.way-out.and")
            .arg("changes", text)
            .arg("change", next)
    });
    let mut bought: Vec<&str> = Vec::new();
    for id in &relaxation.buys {
        let model = report.catalog.models.iter().find(|model| model.id == *id);
        let name = model.map_or(id.as_str(), |model| model.name.as_str());
        if !bought.contains(&name) {
            bought.push(name);
        }
    }
    if bought.is_empty() {
        return text;
    }
    Text::key("solve.way-out.buys")
        .arg("change", text)
        .arg("models", bought.join(" + "))
        .arg("class", class)
        .arg("memory", relaxation.memory.to_string())
        .arg("download", relaxation.download.to_string())
}

fn change(change: &Change, sources: &Sources) -> Text {
    let line = spelled(change.span, sources);
    match &change.edit {
        Edit::Value { to, .. } => Text::key("solve.way-out.value")
            .arg("line", line)
            .arg("to", to.as_str()),
        Edit::Drop => Text::key("solve.way-out.drop").arg(
            "line",
            match change.name.as_str() {
                "feature" | "device" | "platform" => format!("{} {line}", change.name),
                _ => line,
            },
        ),
        Edit::Word { from, to } => Text::key("solve.way-out.word")
            .arg("line", line)
            .arg("from", from.as_str())
            .arg("to", to.as_str()),
        Edit::Allow(code) => Text::key("solve.way-out.allow").arg("code", code.to_string()),
    }
}

/// The words at a span, on one line.
pub(super) fn spelled(span: Span, sources: &Sources) -> String {
    let words: Vec<&str> = sources.text(span).split_whitespace().collect();
    words.join(" ")
}
