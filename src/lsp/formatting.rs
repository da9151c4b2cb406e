//! Formatting: the one way to write a spec, as the command line does it.

use gen_lsp_types::{Range, TextEdit};

use super::session::View;
use crate::syntax;

/// The edits that bring a spec into canonical form; none where it is, or where it has syntax mistakes.
#[must_use]
pub(super) fn format(view: &View<'_>) -> Vec<TextEdit> {
    let text = &view.document.text;
    let Ok(formatted) = syntax::format(text) else {
        return Vec::new();
    };
    changes(text, &formatted)
        .into_iter()
        .map(|(range, lines)| {
            let range = view.document.lines.range(text, range.start, range.end);
            TextEdit::new(range, lines)
        })
        .collect()
}

/// Those of the edits that touch a range of lines: what stands outside of it stays as it is.
#[must_use]
pub(super) fn format_range(view: &View<'_>, asked: Range) -> Vec<TextEdit> {
    // A selection that ends where a line begins does not mean that line.
    let last = match asked.end.character {
        0 => asked.end.line.saturating_sub(1).max(asked.start.line),
        _ => asked.end.line,
    };
    let mut edits = format(view);
    edits.retain(|edit| {
        // Edits replace whole lines.
        let (first, end) = (edit.range.start.line, edit.range.end.line);
        first <= last && asked.start.line < end.max(first + 1)
    });
    edits
}

/// The lines that differ, so that the cursor stays where it is in the others.
fn changes(old: &str, new: &str) -> Vec<(std::ops::Range<usize>, String)> {
    let diff = similar::TextDiff::from_lines(old, new);
    let mut starts = vec![0];
    let mut end = 0;
    for line in (0..diff.old_len()).filter_map(|at| diff.old_slice(at)) {
        end += line.len();
        starts.push(end);
    }
    let ops = diff.ops().iter();
    ops.filter(|op| op.tag() != similar::DiffTag::Equal)
        .map(|op| {
            let (old, new) = (op.old_range(), op.new_range());
            let lines = new.filter_map(|at| diff.new_slice(at)).collect();
            (starts[old.start]..starts[old.end], lines)
        })
        .collect()
}
