//! Inlay hints: what was chosen for each feature, how far each limit is away, and whether it fits.

use std::collections::BTreeMap;

use gen_lsp_types::{InlayHint, Label, Position, Range};

use super::document::Answer;
use super::drift::moved;
use super::session::View;
use crate::catalog::Catalog;
use crate::diagnostic::{Span, Text};
use crate::solve::types::{Candidate, Outcome};
use crate::solve::{Slack, WhyClass};
use crate::syntax::tree::StatementKind;

/// Most stacks that are named behind a feature.
const NAMED: usize = 2;

/// The hints inside a range; none until the answer to the text as it stands is found. While a line is unfinished, those of
/// the answer before stay where their lines are.
#[must_use]
pub(super) fn hints(view: &View<'_>, range: Range) -> Vec<InlayHint> {
    let Some((answer, edits)) = view.chosen() else {
        return Vec::new();
    };
    let text = &view.document.text;
    let mut hints = Vec::new();
    for (span, worst) in worst(answer) {
        if let Some(span) = moved(span, edits) {
            hints.push((span.end as usize, limit(view, worst)));
        }
    }
    let mut heads = heads(view);
    // Features are told by their number, which holds only where none came or went.
    let spec = answer.compilation.spec.as_ref();
    if spec.is_some_and(|spec| spec.features.len() != heads.len()) {
        heads.clear();
    }
    for (index, end) in heads.into_iter().enumerate() {
        let mut label = chosen(answer, view.catalog(), index);
        if index == 0
            && !label.is_empty()
            && let Some(fits) = memory(answer).filter(|slack| slack.span.is_none())
        {
            label = format!("{label} · {}", fitting(view, fits));
        }
        hints.push((end, label));
    }
    hints.sort_by_key(|(at, _)| *at);
    hints
        .into_iter()
        .filter(|(_, label)| !label.is_empty())
        .map(|(at, label)| hint(view.document.lines.position(text, at), label))
        .filter(|hint| inside(hint.position, range))
        .collect()
}

fn inside(position: Position, range: Range) -> bool {
    let key = |position: Position| (position.line, position.character);
    key(range.start) <= key(position) && key(position) <= key(range.end)
}

fn hint(position: Position, label: String) -> InlayHint {
    InlayHint {
        position,
        label: Label::String(label),
        padding_left: Some(true),
        kind: None,
        text_edits: None,
        tooltip: None,
        padding_right: None,
        data: None,
    }
}

/// The ends of the heads of the features, in order.
fn heads(view: &View<'_>) -> Vec<usize> {
    let statements = &view.document.read(view.knowledge).reading.tree.statements;
    statements
        .iter()
        .filter(|statement| matches!(statement.kind, StatementKind::Feature { .. }))
        .map(|statement| statement.span.end as usize)
        .collect()
}

/// The stacks chosen for a feature: model and quantization of each role, the classes' different ones side by side.
fn chosen(answer: &Answer, catalog: &Catalog, feature: usize) -> String {
    let Some(solution) = &answer.compilation.solution else {
        return String::new();
    };
    let mut stacks: Vec<String> = Vec::new();
    for class in &solution.classes {
        let Outcome::Feasible(chosen) = &class.outcome else {
            continue;
        };
        let own = chosen
            .picks
            .iter()
            .filter(|pick| pick.slot.feature == feature);
        let names: Vec<String> = own.map(|pick| name(catalog, pick)).collect();
        let stack = names.join(" + ");
        if !stacks.contains(&stack) {
            stacks.push(stack);
        }
    }
    let more = stacks.len().saturating_sub(NAMED);
    stacks.truncate(NAMED);
    let mut label = stacks.join(" | ");
    if more > 0 {
        label.push_str(&format!(" | +{more}"));
    }
    label
}

/// Model and quantization of a stack.
pub(super) fn name(catalog: &Catalog, pick: &Candidate) -> String {
    let model = catalog.model_at(pick.stack.model);
    let quant = catalog.quantization_at(catalog.artifact_at(pick.stack.artifact).quant);
    if model.system {
        return model.name.clone();
    }
    format!("{} {}", model.name, quant.name)
}

/// The tightest memory of all classes.
fn memory(answer: &Answer) -> Option<&Slack> {
    let all = answer.slack.iter().flat_map(|class| &class.slack);
    all.filter(|slack| slack.name == "memory")
        .min_by(|a, b| a.share.total_cmp(&b.share))
}

/// Per line with a limit the class on which it is tightest.
fn worst(answer: &Answer) -> BTreeMap<Span, (&WhyClass, &Slack)> {
    let mut worst: BTreeMap<Span, (&WhyClass, &Slack)> = BTreeMap::new();
    for class in &answer.slack {
        let slots = class.slots.iter().flat_map(|slot| &slot.slack);
        for slack in slots.chain(&class.slack) {
            let Some(span) = slack.span else { continue };
            let known = worst.get(&span);
            if known.is_none_or(|(_, known)| slack.share < known.share) {
                worst.insert(span, (class, slack));
            }
        }
    }
    worst
}

fn limit(view: &View<'_>, (class, slack): (&WhyClass, &Slack)) -> String {
    if slack.name == "memory" {
        return fitting(view, slack);
    }
    Text::key("lsp.hint.worst")
        .arg("used", slack.used.as_str())
        .arg("class", class.class.as_str())
        .render(view.locale())
}

/// `fits: 2.94 / 3.50 GiB`.
fn fitting(view: &View<'_>, slack: &Slack) -> String {
    let unit = |text: &str| text.rsplit_once(' ').map(|(_, unit)| unit.to_owned());
    let mut used = slack.used.as_str();
    if unit(used) == unit(&slack.limit) {
        used = used.rsplit_once(' ').map_or(used, |(number, _)| number);
    }
    Text::key("lsp.hint.fits")
        .arg("used", used)
        .arg("limit", slack.limit.as_str())
        .render(view.locale())
}
