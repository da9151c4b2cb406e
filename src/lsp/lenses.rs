//! The lens above a spec that opens its plan.

use gen_lsp_types::{CodeLens, Command};
use serde_json::json;

use super::open_plan;
use super::session::View;
use crate::diagnostic::{Span, Text};
use crate::pipeline::has_errors;

/// One lens, on the first statement; none while the spec has mistakes or no plan.
#[must_use]
pub(super) fn lenses(view: &View<'_>) -> Vec<CodeLens> {
    let reading = &view.document.read(view.knowledge).reading;
    let refused = view
        .answer()
        .is_some_and(|answer| answer.compilation.has_errors());
    if refused || has_errors(&reading.diagnostics) {
        return Vec::new();
    }
    let title = match view
        .answer()
        .and_then(|answer| answer.compilation.solution.as_ref())
    {
        Some(solution) => {
            let count = solution.classes.len().to_string();
            Text::key("lsp.lens.open").arg("classes", count)
        }
        None => Text::key("lsp.lens.open-unknown"),
    };
    let first = reading.tree.statements.first();
    let span = first.map_or(Span::new(reading.tree.file, 0, 0), |first| first.span);
    vec![CodeLens {
        range: view.document.range(span),
        command: Some(Command {
            title: title.render(view.locale()),
            command: open_plan::COMMAND.to_owned(),
            arguments: Some(vec![json!(view.uri)]),
            tooltip: None,
        }),
        data: None,
    }]
}
