//! Findings as workflow commands of GitHub Actions: `::error file=...,line=...,title=EP0301::message`. The runner turns each
//! into an annotation at the line.

use std::fmt::Write as _;

use super::spot;
use crate::diagnostic::lines::LineIndices;
use crate::diagnostic::{Diagnostic, Locale, Severity, Sources};

/// The findings of several runs, one command a line, in the order given.
#[must_use]
pub fn github(batches: &[(Vec<Diagnostic>, Sources)], locale: Locale) -> String {
    let mut out = String::new();
    for (diagnostics, sources) in batches {
        let mut lines = LineIndices::new(sources);
        for diagnostic in diagnostics {
            let command = match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Advice => "notice",
            };
            let _ = write!(out, "::{command} ");
            if let Some(spot) = spot::of(diagnostic, &mut lines) {
                let _ = write!(out, "file={},", property(&spot.path));
                if let Some((from, to)) = spot.region {
                    let _ = write!(out, "line={},endLine={},", from.line, to.line);
                    // The runner takes columns only for a stretch of one line.
                    if from.line == to.line {
                        let _ = write!(out, "col={},endColumn={},", from.column, to.column);
                    }
                }
            }
            let message = data(&spot::body(diagnostic, locale));
            let _ = writeln!(out, "title={}::{message}", diagnostic.code);
        }
    }
    out
}

/// Text after `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Span, Text};

    #[test]
    fn nothing_in_a_finding_can_end_the_command_or_a_property() {
        let mut sources = Sources::new();
        let file = sources.add("a,b:c%.edgeplan", "ram >= 8 GB\n");
        let span = Span::new(file, 0, 3);
        let message = Text::plain("100 %\n::error::not this");
        let findings = vec![Diagnostic::warning(Code(301), span, message)];
        assert_eq!(
            github(&[(findings, sources)], Locale::En),
            "::warning file=a%2Cb%3Ac%25.edgeplan,line=1,endLine=1,col=1,endColumn=4,title=EP0301::100 %25%0A::error::not this\n"
        );
    }
}
