//! What the formats of other people's programs share: where a finding stands, under which path, and all it says as plain text.

use crate::diagnostic::lines::{LineIndices, Position};
use crate::diagnostic::{Diagnostic, Locale, Span, Text};

/// A place in a file.
pub(super) struct Spot {
    /// The file's path, with `/`, without a leading `./`.
    pub(super) path: String,
    /// First and one past the last character; `None` for the file as a whole.
    pub(super) region: Option<(Position, Position)>,
}

/// Where a finding stands. One without a place is about the file its message names as `path`.
pub(super) fn of(diagnostic: &Diagnostic, lines: &mut LineIndices<'_>) -> Option<Spot> {
    match diagnostic.span() {
        Some(span) => Some(at(span, lines)),
        None => diagnostic.message.argument("path").map(|name| Spot {
            path: path(name),
            region: None,
        }),
    }
}

/// The place of a span.
pub(super) fn at(span: Span, lines: &mut LineIndices<'_>) -> Spot {
    let (name, start) = lines.place(span);
    let end = lines
        .of(span.file)
        .map_or(start, |index| index.position(span.end as usize))
        .max(start);
    Spot {
        path: path(name),
        region: Some((start, end)),
    }
}

/// A file's name as reports spell it.
pub(super) fn path(name: &str) -> String {
    let name = if cfg!(windows) {
        name.replace('\\', "/")
    } else {
        name.to_owned()
    };
    name.trim_start_matches("./").to_owned()
}

/// All a finding says, one thing a line: message, words under the place, arithmetic, notes, fixes, helps.
pub(super) fn body(diagnostic: &Diagnostic, locale: Locale) -> String {
    let mut body = super::words(&diagnostic.message, locale);
    let mut line = |head: &str, text: &str| {
        body.push('\n');
        body.push_str(head);
        body.push_str(": ");
        body.push_str(text);
    };
    for value in &diagnostic.values {
        line(&value.name, &value.value);
    }
    let told = [
        ("render.note", &diagnostic.notes),
        ("render.help", &diagnostic.helps),
    ];
    let titles: Vec<Text> = diagnostic
        .fixes
        .iter()
        .map(|fix| fix.title.clone())
        .collect();
    for (key, texts) in [("render.fix", &titles)].into_iter().chain(told) {
        let head = Text::key(key).render(locale);
        for text in texts {
            line(&head, &super::words(text, locale));
        }
    }
    body
}
