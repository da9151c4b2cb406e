//! One line a finding: `file:line:column: error[EP0301]: message`, for editors and `grep`.

use std::fmt::Write as _;

use crate::diagnostic::lines::LineIndices;
use crate::diagnostic::{Diagnostic, Locale, Sources};

/// The findings, one line each, in the order given. The severity is not translated: programs look for it.
#[must_use]
pub fn short(diagnostics: &[Diagnostic], sources: &Sources, locale: Locale) -> String {
    let mut lines = LineIndices::new(sources);
    let mut out = String::new();
    for diagnostic in diagnostics {
        if let Some(span) = diagnostic.span() {
            let (name, at) = lines.place(span);
            let _ = write!(out, "{name}:{}:{}: ", at.line, at.column);
        }
        let message = super::words(&diagnostic.message, locale).replace('\n', " ");
        let _ = writeln!(
            out,
            "{}[{}]: {message}",
            diagnostic.severity.id(),
            diagnostic.code
        );
    }
    out
}
