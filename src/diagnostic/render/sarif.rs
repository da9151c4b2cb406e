//! Findings as SARIF 2.1.0, for code scanning: one run with the rules that fired and a result a finding.

use serde_json::{Value, json};

use super::spot::{self, Spot};
use crate::diagnostic::codes;
use crate::diagnostic::fingerprint::Fingerprints;
use crate::diagnostic::lines::LineIndices;
use crate::diagnostic::{Code, Diagnostic, Fix, Locale, Severity, Sources};

/// Where the format is defined; viewers use it to tell the version.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The findings of several runs as one log, in the order given, with a final line end.
#[must_use]
pub fn sarif(batches: &[(Vec<Diagnostic>, Sources)], locale: Locale) -> String {
    let all = batches.iter().flat_map(|(findings, _)| findings);
    let mut fired: Vec<Code> = all.map(|finding| finding.code).collect();
    fired.sort_unstable();
    fired.dedup();
    let mut fingerprints = Fingerprints::new();
    let mut results = Vec::new();
    for (findings, sources) in batches {
        let mut lines = LineIndices::new(sources);
        for finding in findings {
            let spot = spot::of(finding, &mut lines);
            let path = spot.as_ref().map_or("", |spot| spot.path.as_str());
            let fingerprint = fingerprints.of(finding, path, sources);
            let related = finding.labels.iter().filter(|label| !label.primary);
            let related: Vec<Value> = related
                .map(|label| {
                    let mut place = location(&spot::at(label.span, &mut lines));
                    if !label.text.is_empty() {
                        place["message"] = json!({ "text": super::words(&label.text, locale) });
                    }
                    place
                })
                .collect();
            let fixes = finding.fixes.iter();
            let fixes: Vec<Value> = fixes.map(|one| fix(one, &mut lines, locale)).collect();
            results.push(json!({
                "ruleId": finding.code.to_string(),
                "ruleIndex": fired.binary_search(&finding.code).unwrap_or_default(),
                "level": level(finding.severity),
                "message": { "text": spot::body(finding, locale) },
                "locations": spot.iter().map(location).collect::<Vec<_>>(),
                "relatedLocations": related,
                "partialFingerprints": { "edgeplan/v1": fingerprint },
                "fixes": fixes,
            }));
        }
    }
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "edgeplanc",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": fired.iter().map(|code| rule(*code, locale)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "language": locale.tag(),
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

fn rule(code: Code, locale: Locale) -> Value {
    let mut rule = json!({
        "id": code.to_string(),
        "helpUri": codes::url(code, locale),
    });
    if let Some(info) = codes::find(code) {
        rule["shortDescription"] = json!({ "text": info.title().render(locale) });
        rule["defaultConfiguration"] = json!({ "level": level(info.severity) });
    }
    if let Some(page) = codes::page(code, locale) {
        rule["help"] = json!({ "text": page, "markdown": page });
    }
    rule
}

fn location(spot: &Spot) -> Value {
    let mut place = json!({ "artifactLocation": { "uri": uri(&spot.path) } });
    if let Some(region) = region(spot) {
        place["region"] = region;
    }
    json!({ "physicalLocation": place })
}

fn region(spot: &Spot) -> Option<Value> {
    let (from, to) = spot.region?;
    Some(json!({
        "startLine": from.line,
        "startColumn": from.column,
        "endLine": to.line,
        "endColumn": to.column,
    }))
}

fn fix(fix: &Fix, lines: &mut LineIndices<'_>, locale: Locale) -> Value {
    let mut changes: Vec<(String, Vec<Value>)> = Vec::new();
    for edit in &fix.edits {
        let spot = spot::at(edit.span, lines);
        let replacement = json!({
            "deletedRegion": region(&spot),
            "insertedContent": { "text": edit.replacement },
        });
        match changes.iter_mut().find(|(path, _)| *path == spot.path) {
            Some((_, replacements)) => replacements.push(replacement),
            None => changes.push((spot.path, vec![replacement])),
        }
    }
    let changes = changes.into_iter().map(|(path, replacements)| {
        json!({
            "artifactLocation": { "uri": uri(&path) },
            "replacements": replacements,
        })
    });
    json!({
        "description": { "text": super::words(&fix.title, locale) },
        "artifactChanges": changes.collect::<Vec<_>>(),
    })
}

/// A path as a URI: relative as it is, an absolute one of the `file` scheme.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    if path.starts_with('/') {
        uri.push_str("file://");
    } else if path.as_bytes().get(1) == Some(&b':') {
        uri.push_str("file:///");
    }
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_uri() {
        assert_eq!(uri("specs/a b.edgeplan"), "specs/a%20b.edgeplan");
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
        assert_eq!(uri("/x/内.edgeplan"), "file:///x/%E5%86%85.edgeplan");
    }
}
