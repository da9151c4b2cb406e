//! The language from outside: specs that are right, specs that are wrong and say so in `#! EPnnnn` comments, the
//! examples of the code pages, and laws that hold for any text.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use edgeplan::diagnostic::{Diagnostic, FileId};
use edgeplan::spec::{Name, Overrides, Resolved, Vocabulary, resolve};
use edgeplan::syntax::{format, parse};
use proptest::prelude::*;

use crate::support::{files, read, relative};

fn vocabulary() -> Vocabulary {
    let names = |ids: &[&str]| {
        let name = |id: &&str| Name {
            id: (*id).to_owned(),
            spellings: Vec::new(),
        };
        ids.iter().map(name).collect()
    };
    Vocabulary {
        models: names(&["llama-3.3-70b-instruct", "qwen3-4b-instruct-2507"]),
        runtimes: names(&[
            "apple-foundation-models",
            "executorch",
            "llama.cpp",
            "mlx-swift",
        ]),
        devices: Vec::new(),
        ..Vocabulary::default()
    }
}

fn check(text: &str) -> (Vec<Diagnostic>, Resolved) {
    let parsed = parse(text, FileId(0));
    let resolved = resolve(&parsed.tree, &vocabulary(), &Overrides::default());
    let mut all = parsed.diagnostics;
    all.extend(resolved.diagnostics.iter().cloned());
    (all, resolved)
}

fn line_of(text: &str, finding: &Diagnostic) -> usize {
    let start = finding.span().map_or(0, |span| span.start as usize);
    text.get(..start).unwrap_or("").matches('\n').count() + 1
}

#[test]
fn right_specs_resolve_and_format_to_themselves() {
    let folders = ["tests/language/valid", "specs/apps", "specs/infeasible"];
    for path in folders.iter().flat_map(|folder| files(folder, ".edgeplan")) {
        let text = read(&path);
        let (findings, resolved) = check(&text);
        assert!(findings.is_empty(), "{}: {findings:#?}", relative(&path));
        assert!(resolved.spec.is_some(), "{}", relative(&path));
        let once = format(&text).unwrap();
        assert_eq!(format(&once).unwrap(), once, "{}", relative(&path));
        assert_eq!(check(&once).0, [], "{}", relative(&path));
    }
}

#[test]
fn each_planted_mistake_is_found_on_its_line() {
    let path = files("tests/language/broken", "slips.edgeplan").remove(0);
    let text = read(&path);
    let mut expected = BTreeSet::new();
    for (index, line) in text.lines().enumerate() {
        for code in line.split("#!").nth(1).unwrap_or("").split_whitespace() {
            expected.insert((index + 1, code.to_owned()));
        }
    }
    // A comment behind an unfinished string would be a part of it.
    let open = text
        .lines()
        .position(|line| line.contains("\"unclosed"))
        .unwrap();
    expected.insert((open + 1, "EP0104".to_owned()));
    let found: BTreeSet<_> = check(&text)
        .0
        .iter()
        .map(|finding| (line_of(&text, finding), finding.code.to_string()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn ten_and_two_mistakes_give_twelve_findings() {
    let path = files("tests/language/broken", "ten-mistakes.edgeplan").remove(0);
    let text = read(&path);
    let mut lines: Vec<_> = check(&text).0.iter().map(|f| line_of(&text, f)).collect();
    lines.sort_unstable();
    assert_eq!(lines, [2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 16, 17]);
}

#[test]
fn pages_of_the_language_fail_and_pass_as_they_say() {
    for path in files("docs/errors", ".md") {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let Some(number) = name.strip_prefix("EP").and_then(|n| n.parse::<u16>().ok()) else {
            continue;
        };
        if !matches!(number, 100..=299 | 601..=619) {
            continue;
        }
        let page = read(&path);
        let examples: Vec<String> = page
            .split("\n## ")
            .skip(1)
            .filter_map(|section| {
                let body = section.split_once("```edgeplan\n")?.1;
                let body = body.rsplit_once("```")?.0;
                Some(body.trim_end_matches('`').to_owned())
            })
            .collect();
        let [fails, passes] = examples.as_slice() else {
            continue;
        };
        let has = |text: &str| check(text).0.iter().any(|f| f.code.to_string() == name);
        // Names of the catalog that the small vocabulary here does not have are checked where the catalog is.
        assert!(
            has(fails) || number == 204,
            "{} does not fail",
            relative(&path)
        );
        assert!(
            check(passes).0.is_empty(),
            "{}: {:?}",
            relative(&path),
            check(passes).0
        );
    }
}

#[test]
fn unclosed_blocks_cost_linear_time() {
    let mut text = "edgeplan 1\n".to_owned();
    for index in 0..3000 {
        writeln!(text, " feature f{index} \"x\" {{\n  ttft <= 2 s").unwrap();
    }
    assert!(parse(&text, FileId(0)).diagnostics.len() >= 64);
    let braces = "{".repeat(20_000);
    assert!(!parse(&braces, FileId(0)).diagnostics.is_empty());
    let closed = "feature a {".repeat(40) + &"} x".repeat(40);
    assert!(!parse(&closed, FileId(0)).diagnostics.is_empty());
}

fn inside(text: &str, findings: &[Diagnostic]) {
    for finding in findings {
        let labels = finding.labels.iter().map(|label| label.span);
        let edits = finding.fixes.iter().flat_map(|fix| &fix.edits);
        for span in labels.chain(edits.map(|edit| edit.span)) {
            assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
        }
    }
}

/// Lines that say something, in any order and mixture.
fn any_line() -> impl Strategy<Value = String> {
    let words = "edgeplan 1|name \"x\"|platform ios >= 17,|android|ram 8 GB .. 16 GB|feature f \"x\" {|}|{|budget {|ttft <= 2 s\
        |require model.params <= 4 B and|not offline|(|)|[|\"|'|“离线”|：|，|＞|８|# note|use runtime \"llama.cpp\" ||expect feasible\
        |test \"t\" {|$x|param x = 8 GB|languages zh -> en|\\|;|```|share 5 %|\t|\r|\u{3000}|。|…";
    let words: Vec<&'static str> = words.split('|').collect();
    proptest::collection::vec(proptest::sample::select(words), 0..6).prop_map(|w| w.join(" "))
}

/// Statements without mistakes, written untidily.
const UNTIDY: [&str; 13] = [
    "offline",
    "confidence   95 %",
    "ui   flutter",
    "prefer quality>memory",
    "# a remark",
    "",
    "forbid model.params>10 B because \"too large\"",
    "require ( offline  or not  model.system )",
    "use runtime \"llama.cpp\"|\"executorch\"   # two",
    "require model.params <=\n   4 B",
    "budget{ memory<=50% of ram\ndownload <= 3GB }",
    "test \"t\"\n{\n\n expect feasible }",
    "device \"a\",   # first\n  \"b\"",
];

fn any_spec() -> impl Strategy<Value = String> {
    proptest::collection::btree_set(0..UNTIDY.len(), 0..8).prop_map(|picks| {
        let head = "edgeplan 1\nplatform ios>=17 ,android\n\n\n\nram 8GB..16 GB\n";
        let mut text = std::format!("{head}feature f \"对话\" {{ task chat }}\n");
        for pick in picks.into_iter().filter_map(|pick| UNTIDY.get(pick)) {
            text.push_str(pick);
            text.push('\n');
        }
        text
    })
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,200}") {
        inside(&text, &check(&text).0);
    }

    #[test]
    fn any_lines_are_read(lines in proptest::collection::vec(any_line(), 0..12)) {
        let text = lines.join("\n");
        inside(&text, &check(&text).0);
        if let Ok(once) = format(&text) {
            prop_assert_eq!(format(&once).unwrap(), once);
        }
    }

    #[test]
    fn formatting_keeps_meaning(text in any_spec()) {
        let (findings, resolved) = check(&text);
        prop_assert!(findings.is_empty(), "{}\n{:?}", text, findings);
        let once = format(&text).unwrap();
        prop_assert_ne!(&once, &text);
        prop_assert_eq!(&format(&once).unwrap(), &once);
        let again = check(&once).1.spec.unwrap();
        let spec = resolved.spec.unwrap();
        prop_assert_eq!(again.ram.value, spec.ram.value);
        prop_assert_eq!(again.demands.len(), spec.demands.len());
        prop_assert_eq!(again.budget.memory.map(|m| m.value), spec.budget.memory.map(|m| m.value));
    }
}

#[test]
fn the_page_of_the_language_names_all_of_it() {
    let page = read(&files("docs/reference", "grammar.md").remove(0));
    let keywords = edgeplan::syntax::keywords();
    let facts = edgeplan::spec::facts::FACTS.iter().map(|fact| fact.path);
    for word in keywords.chain(facts) {
        let named = ["`", "` ", " "]
            .iter()
            .any(|end| page.contains(&std::format!("`{word}{end}")));
        assert!(named, "docs/reference/grammar.md does not name `{word}`");
    }
}
