//! Findings for programs: one JSON array of objects. Fields are added, never renamed or removed.

use serde::Serialize;

use crate::diagnostic::lines::LineIndices;
use crate::diagnostic::{Applicability, Diagnostic, Locale, Sources, Span};

#[derive(Serialize)]
struct Finding<'a> {
    code: String,
    severity: &'static str,
    #[serde(flatten)]
    place: Option<Place<'a>>,
    message: String,
    labels: Vec<LabelView<'a>>,
    values: Vec<ValueView<'a>>,
    fixes: Vec<FixView<'a>>,
    notes: Vec<String>,
    helps: Vec<String>,
    url: String,
}

/// Lines and columns from 1, columns in characters; `start` and `end` in bytes.
#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct LabelView<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: String,
    primary: bool,
}

#[derive(Serialize)]
struct ValueView<'a> {
    name: &'a str,
    value: &'a str,
    #[serde(flatten)]
    place: Option<Place<'a>>,
}

#[derive(Serialize)]
struct FixView<'a> {
    title: String,
    applicability: &'static str,
    edits: Vec<EditView<'a>>,
}

#[derive(Serialize)]
struct EditView<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    replacement: &'a str,
}

/// The findings of several runs, each with its files, as one JSON array in the order given, with a final line end.
#[must_use]
pub fn json(batches: &[(Vec<Diagnostic>, Sources)], locale: Locale) -> String {
    let mut findings: Vec<Finding<'_>> = Vec::new();
    for (diagnostics, sources) in batches {
        let mut lines = LineIndices::new(sources);
        for diagnostic in diagnostics {
            findings.push(finding(diagnostic, &mut lines, locale));
        }
    }
    // Strings, numbers and arrays only: serialization has no way to fail.
    let mut text = serde_json::to_string_pretty(&findings).unwrap_or_else(|_| "[]".to_owned());
    text.push('\n');
    text
}

fn finding<'a>(
    diagnostic: &'a Diagnostic,
    lines: &mut LineIndices<'a>,
    locale: Locale,
) -> Finding<'a> {
    Finding {
        code: diagnostic.code.to_string(),
        severity: diagnostic.severity.id(),
        place: diagnostic.span().map(|span| place(span, lines)),
        message: diagnostic.message.render(locale),
        labels: diagnostic
            .labels
            .iter()
            .map(|label| LabelView {
                place: place(label.span, lines),
                text: label.text.render(locale),
                primary: label.primary,
            })
            .collect(),
        values: diagnostic
            .values
            .iter()
            .map(|value| ValueView {
                name: &value.name,
                value: &value.value,
                place: value.span.map(|span| place(span, lines)),
            })
            .collect(),
        fixes: diagnostic
            .fixes
            .iter()
            .map(|fix| FixView {
                title: fix.title.render(locale),
                applicability: match fix.applicability {
                    Applicability::Automatic => "automatic",
                    Applicability::Suggested => "suggested",
                },
                edits: fix
                    .edits
                    .iter()
                    .map(|edit| EditView {
                        place: place(edit.span, lines),
                        replacement: &edit.replacement,
                    })
                    .collect(),
            })
            .collect(),
        notes: diagnostic.notes.iter().map(|n| n.render(locale)).collect(),
        helps: diagnostic.helps.iter().map(|h| h.render(locale)).collect(),
        url: super::super::codes::url(diagnostic.code, locale),
    }
}

fn place<'a>(span: Span, lines: &mut LineIndices<'a>) -> Place<'a> {
    let (file, from) = lines.place(span);
    let clamp = |lines: &mut LineIndices<'a>, byte: u32| {
        lines
            .of(span.file)
            .map_or(0, |index| index.clamp(byte as usize))
    };
    let start = clamp(lines, span.start);
    let end = clamp(lines, span.end).max(start);
    let to = lines
        .of(span.file)
        .map_or(from, |index| index.position(end));
    Place {
        file,
        line: from.line,
        column: from.column,
        end_line: to.line,
        end_column: to.column,
        start,
        end,
    }
}
