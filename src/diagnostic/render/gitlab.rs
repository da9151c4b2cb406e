//! Findings as a Code Quality report of GitLab: an array of issues, each with a fingerprint by which the merge request tells
//! new ones from those that were there before.

use serde::Serialize;

use super::spot::{self, Spot};
use crate::diagnostic::fingerprint::Fingerprints;
use crate::diagnostic::lines::LineIndices;
use crate::diagnostic::{Diagnostic, Locale, Severity, Sources};

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
    content: Content,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

#[derive(Serialize)]
struct Content {
    body: String,
}

/// The findings of several runs as one report, in the order given, with a final line end.
#[must_use]
pub fn gitlab(batches: &[(Vec<Diagnostic>, Sources)], locale: Locale) -> String {
    let mut fingerprints = Fingerprints::new();
    let mut issues = Vec::new();
    for (diagnostics, sources) in batches {
        let mut lines = LineIndices::new(sources);
        for diagnostic in diagnostics {
            // A report has no issue without a path; a finding about no file is one about the folder of the run.
            let spot = spot::of(diagnostic, &mut lines).unwrap_or(Spot {
                path: ".".to_owned(),
                region: None,
            });
            let (begin, end) = spot
                .region
                .map_or((1, 1), |(from, to)| (from.line, to.line));
            issues.push(Issue {
                description: super::words(&diagnostic.message, locale),
                check_name: diagnostic.code.to_string(),
                fingerprint: fingerprints.of(diagnostic, &spot.path, sources),
                severity: match diagnostic.severity {
                    Severity::Error => "critical",
                    Severity::Warning => "minor",
                    Severity::Advice => "info",
                },
                location: Location {
                    path: spot.path,
                    lines: Lines { begin, end },
                },
                content: Content {
                    body: spot::body(diagnostic, locale),
                },
            });
        }
    }
    // Strings, numbers and arrays only: serialization has no way to fail.
    let mut text = serde_json::to_string_pretty(&issues).unwrap_or_else(|_| "[]".to_owned());
    text.push('\n');
    text
}
