//! Every spec under `specs/`, compiled in-process: its findings and its plan against `snapshots/specs/`.
//!
//! Snapshots are named by the spec's path, so a new spec never renames the snapshots of another.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use edgeplan::diagnostic::render::{Style, human};
use edgeplan::diagnostic::{Locale, Sources};
use edgeplan::render;

use crate::support::{assert_snapshot, compile, files, read, relative, root};

/// What the compiler says of one spec: pairs of the snapshot's ending and its text.
fn said(path: &Path) -> Vec<(String, String)> {
    let compiled = compile(&read(path), &relative(path));
    let mut said = Vec::new();
    if !compiled.diagnostics.is_empty() {
        for locale in Locale::ALL {
            let style = Style {
                locale,
                color: false,
            };
            let text = human(&compiled.diagnostics, &compiled.sources, style);
            said.push((format!("findings.{locale}"), text));
        }
    }
    if let (Some(plan), Some(spec)) = (&compiled.plan, &compiled.spec) {
        for locale in &spec.locales.value {
            said.push((
                format!("plan.{locale}.md"),
                render::markdown(plan, *locale).unwrap(),
            ));
        }
        // The data is long, and what it says is in the Markdown too: a few of them show its shape.
        if path.parent() == Some(&root().join("specs")) {
            said.push(("plan.json".to_owned(), render::json(plan).unwrap()));
        }
    }
    said
}

/// The folder under `snapshots/` and the name of a spec's snapshots.
fn place(spec: &str) -> (String, String) {
    let stem = spec.trim_end_matches(".edgeplan");
    match stem.rsplit_once('/') {
        Some((folder, name)) => (folder.to_owned(), name.to_owned()),
        None => (String::new(), stem.to_owned()),
    }
}

#[test]
fn every_spec_gives_what_it_gave() {
    let mut changed = Vec::new();
    for path in files("specs", ".edgeplan") {
        let spec = relative(&path);
        let (folder, name) = place(&spec);
        for (ending, text) in said(&path) {
            let compare = || assert_snapshot(&folder, &format!("{name}.{ending}"), &text);
            if catch_unwind(AssertUnwindSafe(compare)).is_err() {
                changed.push(format!("{spec}: {ending}"));
            }
        }
    }
    assert!(changed.is_empty(), "changed:\n{}", changed.join("\n"));
}

#[test]
fn every_snapshot_belongs_to_a_spec() {
    for path in files("snapshots/specs", ".snap") {
        let name = relative(&path);
        let stem = name.trim_start_matches("snapshots/");
        let mut spec = stem.to_owned();
        let known = loop {
            let Some((shorter, _)) = spec.rsplit_once('.') else {
                break false;
            };
            spec = shorter.to_owned();
            if root().join(format!("{spec}.edgeplan")).is_file() {
                break true;
            }
        };
        assert!(known, "{name}: no such spec");
    }
}

/// Folders say how their specs end: `broken` ones have errors in their text, `infeasible` ones ask for too much, all
/// others give a plan.
#[test]
fn specs_end_as_their_folder_says() {
    let mut otherwise = Vec::new();
    for path in files("specs", ".edgeplan") {
        let spec = relative(&path);
        let compiled = compile(&read(&path), &spec);
        let ends = (compiled.solution.is_some(), compiled.plan.is_some());
        let expected = match spec.split('/').nth(1) {
            Some("broken") => (false, false),
            Some("infeasible") => (true, false),
            _ => (true, true),
        };
        if ends != expected {
            let findings = brief(&compiled.diagnostics, &compiled.sources);
            otherwise.push(format!("{spec}: {ends:?}\n{findings}"));
        }
    }
    assert!(otherwise.is_empty(), "{}", otherwise.join("\n"));
}

fn brief(findings: &[edgeplan::diagnostic::Diagnostic], sources: &Sources) -> String {
    edgeplan::diagnostic::render::short(findings, sources, Locale::En)
}
