//! Reports in the XML that CI servers read as test results (JUnit): suites of cases, each passed or failed. Writes what it is
//! given; what counts as a case is the caller's business.

use super::spot;
use crate::diagnostic::lines::LineIndices;
use crate::diagnostic::{Diagnostic, Locale, Severity, Sources};

/// The cases of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suite {
    /// The file.
    pub name: String,
    /// In order.
    pub cases: Vec<Case>,
    /// What was said beside the cases; may be empty.
    pub output: String,
}

/// One case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What is shown in a list.
    pub name: String,
    /// Why it failed; `None` when it passed.
    pub failure: Option<Failed>,
}

/// Why a case failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The kind of failure: a diagnostic code, or `expect`.
    pub kind: String,
    /// One line.
    pub message: String,
    /// All that is known.
    pub text: String,
}

/// The findings of several runs: one suite a file, one failed case an error. A file without errors is one case that passed; what
/// is less grave than an error is output of its suite.
#[must_use]
pub fn junit(batches: &[(Vec<Diagnostic>, Sources)], locale: Locale) -> String {
    let suites: Vec<Suite> = batches
        .iter()
        .map(|(findings, sources)| suite(findings, sources, locale))
        .collect();
    xml("edgeplanc", &suites)
}

fn suite(findings: &[Diagnostic], sources: &Sources, locale: Locale) -> Suite {
    let mut lines = LineIndices::new(sources);
    let mut cases = Vec::new();
    let (errors, others): (Vec<_>, Vec<_>) = findings
        .iter()
        .partition(|finding| finding.severity == Severity::Error);
    for finding in &errors {
        let spot = spot::of(finding, &mut lines);
        let message = super::words(&finding.message, locale);
        let body = spot::body(finding, locale);
        // The format has no place for lines, so the text says where.
        let (name, text) = match spot.and_then(|spot| Some((spot.path, spot.region?.0))) {
            Some((path, at)) => (
                format!("{} line {}", finding.code, at.line),
                format!("{path}:{}:{}: {body}", at.line, at.column),
            ),
            None => (finding.code.to_string(), body),
        };
        cases.push(Case {
            name,
            failure: Some(Failed {
                kind: finding.code.to_string(),
                message,
                text,
            }),
        });
    }
    if cases.is_empty() {
        cases.push(Case {
            name: "check".to_owned(),
            failure: None,
        });
    }
    let named = sources
        .iter()
        .next()
        .map(|(_, file)| spot::path(&file.name));
    let first = findings.first().and_then(|one| spot::of(one, &mut lines));
    let name = named.or(first.map(|spot| spot.path)).unwrap_or_default();
    let others: Vec<Diagnostic> = others.into_iter().cloned().collect();
    Suite {
        name,
        cases,
        output: super::short(&others, sources, locale),
    }
}

/// A whole report. It holds no times: the same input gives the same bytes.
#[must_use]
pub fn xml(name: &str, suites: &[Suite]) -> String {
    let failures = |suite: &Suite| suite.cases.iter().filter(|c| c.failure.is_some()).count();
    let total: usize = suites.iter().map(|suite| suite.cases.len()).sum();
    let failed: usize = suites.iter().map(failures).sum();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"{}\" tests=\"{total}\" failures=\"{failed}\" errors=\"0\">\n",
        clean(name)
    );
    for suite in suites {
        let file = clean(&suite.name);
        out.push_str(&format!(
            "  <testsuite name=\"{file}\" file=\"{file}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"0\">\n",
            suite.cases.len(),
            failures(suite)
        ));
        for case in &suite.cases {
            let head = format!(
                "    <testcase name=\"{}\" classname=\"{file}\"",
                clean(&case.name)
            );
            match &case.failure {
                None => out.push_str(&format!("{head}/>\n")),
                Some(failed) => out.push_str(&format!(
                    "{head}>\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>\n",
                    clean(&failed.kind),
                    clean(&failed.message),
                    clean(&failed.text)
                )),
            }
        }
        if !suite.output.is_empty() {
            out.push_str(&format!(
                "    <system-out>{}</system-out>\n",
                clean(&suite.output)
            ));
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// Text fit for content and attributes: escaped, and without the characters that XML 1.0 has no way to hold.
fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => clean.push_str("&amp;"),
            '<' => clean.push_str("&lt;"),
            '>' => clean.push_str("&gt;"),
            '"' => clean.push_str("&quot;"),
            // Bare, a reader would turn them into spaces in attributes.
            '\t' | '\n' | '\r' => clean.push_str(&format!("&#{};", u32::from(c))),
            ' '..='\u{fffd}' | '\u{10000}'.. => clean.push(c),
            _ => clean.push('\u{fffd}'),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_holds_any_text_and_counts_its_cases() {
        let odd = "a<b & \"c\" ]]> \u{1} \u{ffff} 内存";
        let suites = [Suite {
            name: odd.to_owned(),
            cases: vec![
                Case {
                    name: "fine".to_owned(),
                    failure: None,
                },
                Case {
                    name: odd.to_owned(),
                    failure: Some(Failed {
                        kind: "expect".to_owned(),
                        message: odd.to_owned(),
                        text: odd.to_owned(),
                    }),
                },
            ],
            output: odd.to_owned(),
        }];
        let report = xml("test", &suites);
        let parsed = roxmltree::Document::parse(&report).unwrap();
        let root = parsed.root_element();
        assert_eq!(root.attribute("tests"), Some("2"));
        assert_eq!(root.attribute("failures"), Some("1"));
        let failure = parsed
            .descendants()
            .find(|node| node.has_tag_name("failure"));
        let shown = "a<b & \"c\" ]]> \u{fffd} \u{fffd} 内存";
        assert_eq!(failure.and_then(|node| node.text()), Some(shown));
    }
}
