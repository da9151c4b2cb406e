//! What CI servers read: SARIF, annotations, Code Quality, JUnit. SARIF and JUnit against the published schemas, the others
//! against what the documentation of their readers says.

use std::fs;

use serde_json::Value;

use crate::support::{Run, assert_snapshot, read, root, run, run_in};
use crate::{schema, support, xml_schema};

/// A spec with an error of its text, one with a conflict, one that is fine, and one that is not there.
const ARGUMENTS: [&str; 4] = [
    "specs/broken/units.edgeplan",
    "specs/infeasible",
    "specs/chat.edgeplan",
    "specs/no-such.edgeplan",
];

fn check(format: &str, specs: &[&str]) -> Run {
    let mut arguments = vec!["check", "--format", format];
    arguments.extend(specs);
    run(&arguments)
}

/// What a schema of this folder says against a report.
fn faults(schema: &str, report: &Value) -> Vec<String> {
    let schema = read(&root().join("tests/reports").join(schema));
    let schema: Value = serde_json::from_str(&schema).unwrap();
    schema::faults(&schema, report)
}

/// What the published schema of JUnit reports says against one.
fn faults_of_junit(report: &str) -> Vec<String> {
    let schema = read(&root().join("tests/reports/published/junit-10.xsd"));
    xml_schema::faults(&schema, report)
}

/// The standard's own schema, and what is promised beside it.
const SARIF: [&str; 2] = ["published/sarif-2.1.0.json", "sarif.schema.json"];

#[test]
fn sarif_is_what_code_scanning_takes() {
    let ran = check("sarif", &ARGUMENTS);
    assert_eq!(ran.code, 2, "a spec could not be read: {}", ran.err);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    for schema in SARIF {
        assert_eq!(faults(schema, &report), [""; 0], "{schema}");
    }
    let run = &report["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert!(results.len() > 3);
    for result in results {
        let rule = result["ruleIndex"].as_u64().unwrap() as usize;
        let rules = &run["tool"]["driver"]["rules"];
        assert_eq!(rules[rule]["id"], result["ruleId"]);
    }
    // A schema that takes everything would prove nothing.
    let mut damaged = report.clone();
    damaged["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] =
        0.into();
    for schema in SARIF {
        assert!(!faults(schema, &damaged).is_empty(), "{schema}");
    }
    let chinese = support::run(&[
        "check",
        "--format",
        "sarif",
        "--lang",
        "zh-CN",
        ARGUMENTS[0],
    ]);
    let report: Value = serde_json::from_str(&chinese.out).unwrap();
    assert_eq!(faults(SARIF[0], &report), [""; 0]);
}

#[test]
fn a_report_for_a_judge_ends_well_and_one_for_a_runner_does_not() {
    let broken = ["specs/broken/units.edgeplan"];
    let codes =
        ["sarif", "gitlab", "github", "junit", "json"].map(|format| check(format, &broken).code);
    assert_eq!(codes, [0, 0, 1, 1, 1]);
    let fine = check("sarif", &["specs/chat.edgeplan"]);
    assert_eq!((fine.code, fine.err.as_str()), (0, ""));
}

#[test]
fn code_quality_is_what_gitlab_takes() {
    let ran = check("gitlab", &ARGUMENTS);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(faults("gitlab.schema.json", &report), [""; 0]);
    let issues = report.as_array().unwrap();
    let mut fingerprints: Vec<&str> = issues
        .iter()
        .map(|issue| issue["fingerprint"].as_str().unwrap())
        .collect();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), issues.len(), "each issue has its own");
    let mut damaged = report.clone();
    damaged[0]["severity"] = "error".into();
    assert_eq!(faults("gitlab.schema.json", &damaged).len(), 1);
}

#[test]
fn fingerprints_do_not_depend_on_the_language_or_on_lines_above() {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("a.edgeplan");
    let of = |text: &str, lang: &str| {
        fs::write(&spec, text).unwrap();
        let arguments = ["check", "--format", "gitlab", "--lang", lang, "a.edgeplan"];
        let ran = run_in(folder.path(), &arguments, b"");
        let issues: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
        let fingerprints = issues.iter().map(|issue| issue["fingerprint"].to_string());
        fingerprints.collect::<Vec<_>>()
    };
    let text = "edgeplan 1\nplatform ios\nfeature chat \"x\"\nram >= 8\n";
    let before = of(text, "en");
    assert!(!before.is_empty());
    assert_eq!(before, of(text, "zh-CN"));
    assert_eq!(
        before,
        of(&text.replace("platform", "\n# note\nplatform"), "en")
    );
}

#[test]
fn annotations_are_one_command_a_finding() {
    let ran = check("github", &ARGUMENTS);
    assert!(ran.out.lines().count() > 3);
    for line in ran.out.lines() {
        let command = line.strip_prefix("::").unwrap();
        let (properties, message) = command.split_once("::").unwrap();
        let kind = properties.split(' ').next().unwrap();
        assert!(["error", "warning", "notice"].contains(&kind), "{line}");
        assert!(properties.contains("title=EP"), "{line}");
        assert!(!message.is_empty());
    }
    assert_snapshot("reports", "github", &check("github", &ARGUMENTS[..1]).out);
}

#[test]
fn junit_counts_what_it_holds() {
    let ran = check("junit", &ARGUMENTS);
    let report = roxmltree::Document::parse(&ran.out).unwrap();
    let root = report.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    let count = |name: &str| {
        report
            .descendants()
            .filter(|n| n.has_tag_name(name))
            .count()
    };
    let said = |name: &str| root.attribute(name).unwrap().parse::<usize>().unwrap();
    assert_eq!(count("testcase"), said("tests"));
    assert_eq!(count("failure"), said("failures"));
    assert!(said("tests") > said("failures"), "one of the specs is fine");
    assert_eq!(faults_of_junit(&ran.out), [""; 0]);
    let damaged = ran.out.replacen("<testcase name=", "<testcase title=", 1);
    assert_eq!(faults_of_junit(&damaged).len(), 2);
    assert_snapshot(
        "reports",
        "junit",
        &check("junit", &[ARGUMENTS[0], ARGUMENTS[2]]).out,
    );
}

#[test]
fn a_build_reports_too() {
    let folder = tempfile::tempdir().unwrap();
    let spec = "edgeplan 1\nplatform ios\nfeature chat \"x\"\nram >= 8 GB\n";
    fs::write(folder.path().join("a.edgeplan"), spec).unwrap();
    let build = |format: &str| {
        let arguments = ["build", "--check", "--message-format", format, "a.edgeplan"];
        run_in(folder.path(), &arguments, b"")
    };
    let sarif = build("sarif");
    let report: Value = serde_json::from_str(&sarif.out).unwrap();
    assert_eq!(faults(SARIF[0], &report), [""; 0]);
    assert_eq!(sarif.code, 0, "{}", sarif.err);
    let github = build("github");
    assert_eq!(github.code, 3);
    assert!(github.out.contains("::error file=a.plan.md,title=EP0805::"));
}

const TESTED: &str = "edgeplan 1
platform ios
param min_ram = 8 GB
feature chat \"Chat <&> \\\"x\\\"\"
ram >= $min_ram
pin chat.model = \"llama-3.2-3b-instruct\"

test \"fits\" {
  expect feasible
}
test \"is fast <enough>\" {
  expect chat.decode >= 500 tok/s
}
test \"fits a small phone\" {
  set min_ram = 1 GB
  expect feasible
}
";

#[test]
fn a_failed_expectation_says_what_was_found_and_why() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.edgeplan"), TESTED).unwrap();
    let ran = run_in(
        folder.path(),
        &["test", "--junit", "out/results.xml", "a.edgeplan"],
        b"",
    );
    assert_eq!(ran.code, 1, "{}", ran.err);
    let report = fs::read_to_string(folder.path().join("out/results.xml")).unwrap();
    let parsed = roxmltree::Document::parse(&report).unwrap();
    assert_eq!(parsed.root_element().attribute("tests"), Some("3"));
    assert_eq!(faults_of_junit(&report), [""; 0]);
    let said = format!("{}\n--\n{}\n--\n{report}", ran.out, ran.err);
    assert_snapshot("reports", "test", &said);
}

#[test]
fn a_mistake_in_one_test_hides_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let spec = TESTED.replace(
        "expect feasible\n}\ntest \"is",
        "expect feasable\n}\ntest \"is",
    );
    let ran = |spec: &str| {
        fs::write(folder.path().join("a.edgeplan"), spec).unwrap();
        run_in(folder.path(), &["test", "a.edgeplan"], b"")
    };
    let one = ran(&spec);
    assert_eq!(one.code, 1);
    assert!(one.out.contains("1 passed, 2 failed"), "{}", one.out);
    assert!(
        one.out.contains("chat.decode >= 500 tok/s: "),
        "{}",
        one.out
    );
    // What is wrong outside of the tests, or with their ends, is no matter of one.
    for broken in [
        spec.replace("platform ios", "platfrm ios"),
        spec.replace("small phone\" {", "small phone\""),
        format!("{spec}foo\n"),
    ] {
        let none = ran(&broken);
        assert_eq!(none.code, 1, "{}", none.err);
        assert!(none.out.contains("0 passed, 0 failed"), "{}", none.out);
    }
}

#[test]
fn what_programs_read_of_a_test_holds_its_findings_alone() {
    const TESTED: &str = "edgeplan 1\nplatform ios\nfeature chat \"Chat\"\nram 8 GB\n\ntest \"small\" {\n  expect chat.download <= 1 MB\n}\n";
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.edgeplan"), TESTED).unwrap();
    let run = |format: &str| {
        let done = run_in(
            folder.path(),
            &["test", "--message-format", format, "a.edgeplan"],
            b"",
        );
        assert_eq!(done.err, "", "{format}");
        (done.code, done.out)
    };
    let (code, out) = run("json");
    assert_eq!(code, 1);
    let findings: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(findings[0]["code"], "EP0812");
    assert_eq!(findings[0]["line"], 7);
    let (code, out) = run("github");
    assert_eq!(code, 1);
    assert!(out.starts_with("::error file=a.edgeplan,line=7,"), "{out}");
    let (_, out) = run("junit");
    assert!(out.starts_with("<?xml"), "{out}");
}
