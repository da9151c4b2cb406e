//! Fits the edits of fixes to the text they are for: who offers one knows words and their places, not the lines around them.

use crate::diagnostic::{Diagnostic, Edit, FileId, Span};

/// Fits the edits of this file: what is all that stands on its lines goes with its line end, what begins a new line goes
/// behind the comment of the line it follows, and line ends are those of the text.
pub(super) fn fit(text: &str, file: FileId, findings: &mut [Diagnostic]) {
    let ends_with_return = text.contains("\r\n");
    let fixes = findings.iter_mut().flat_map(|finding| &mut finding.fixes);
    for edit in fixes.flat_map(|fix| &mut fix.edits) {
        if edit.span.file == file {
            edit.span = fitted(text, edit);
            if ends_with_return && edit.replacement.contains('\n') {
                let plain = edit.replacement.replace("\r\n", "\n");
                edit.replacement = plain.replace('\n', "\r\n");
            }
        }
    }
}

fn fitted(text: &str, edit: &Edit) -> Span {
    let range = edit.span.range();
    let (Some(before), Some(after)) = (text.get(..range.start), text.get(range.end..)) else {
        return edit.span;
    };
    if edit.replacement.is_empty() && !range.is_empty() {
        return with_its_line(edit.span, before, after);
    }
    let rest = after.split('\n').next().unwrap_or_default();
    let begins_line = range.is_empty() && edit.replacement.starts_with('\n');
    let remark = rest.trim_start();
    if begins_line && (remark.is_empty() || remark.starts_with('#')) {
        let end = range.end + rest.trim_end().len();
        return Span::new(edit.span.file, end, end);
    }
    edit.span
}

/// What goes when these words do: their lines with the line end, where nothing else stands there.
pub(crate) fn removed(text: &str, span: Span) -> Span {
    let range = span.range();
    match (text.get(..range.start), text.get(range.end..)) {
        (Some(before), Some(after)) => with_its_line(span, before, after),
        _ => span,
    }
}

fn with_its_line(span: Span, before: &str, after: &str) -> Span {
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line_end = after.find('\n').map_or(after.len(), |at| at + 1);
    if before[line_start..].trim().is_empty() && after[..line_end].trim().is_empty() {
        Span::new(span.file, line_start, span.end as usize + line_end)
    } else {
        span
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Applicability, Code, Sources, Text};

    #[test]
    fn edits_fit_the_lines_around_them() {
        // A text, the place of an edit in it, what it puts there, and what comes of it.
        const CASES: [(&str, &str, &str, &str); 6] = [
            ("a\n  b\nc", "b", "", "a\nc"),
            ("a\n  b # c\n", "b", "", "a\n   # c\n"),
            ("a\r\nb\r\n", "b", "", "a\r\n"),
            ("a # b\nc\n", "", "\nd", "a # b\nd\nc\n"),
            ("a # b\r\nc\r\n", "", "\nd", "a # b\r\nd\r\nc\r\n"),
            ("a }\n", "", "\nd", "a\nd }\n"),
        ];
        for (text, place, by, wanted) in CASES {
            let file = Sources::new().add("a", text);
            let start = if place.is_empty() {
                1
            } else {
                text.find(place).unwrap()
            };
            let span = Span::new(file, start, start + place.len());
            let finding = Diagnostic::error(Code(1), span, Text::empty());
            let finding = finding.fix(Applicability::Suggested, Text::empty(), span, by);
            let mut all = [finding];
            fit(text, file, &mut all);
            let edit = &all[0].fixes[0].edits[0];
            let mut edited = text.to_owned();
            edited.replace_range(edit.span.range(), &edit.replacement);
            assert_eq!(edited, wanted);
        }
    }
}
