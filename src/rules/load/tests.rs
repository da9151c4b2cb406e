//! What is reported of bad rule files, and where: the examples of the code pages, and what takes two files.

use super::{load, overlay};
use crate::diagnostic::{Code, codes};

const GOOD: &str = "id: rule
code: EP0308
level: warn
when: >-
  download > 1.2 GB and
  platform.id = \"android\"
message: { en: too large, zh: 过大 }
remedy: { en: split it, zh: 拆分 }
examples:
  fires: [{ download: 2 GB, platform.id: android }]
  passes: [{ download: 2 GB, platform.id: ios }]
";

/// Codes found in one rule file, each with the text underlined.
fn findings(text: &str) -> Vec<(u16, String)> {
    let files = vec![("rules/own/rule.yaml".to_owned(), text.to_owned())];
    let (sources, found) = load(files).err().unwrap_or_default();
    found
        .iter()
        .map(|finding| {
            let place = finding.span().map(|span| sources.text(span).to_owned());
            (finding.code.0, place.unwrap_or_default())
        })
        .collect()
}

/// The first fenced block under a heading of a page.
fn example(page: &str, heading: &str) -> Option<String> {
    let (_, after) = page.split_once(&format!("## {heading}\n\n```yaml rule\n"))?;
    let (text, _) = after.split_once("```")?;
    Some(text.to_owned())
}

#[test]
fn the_pages_fail_and_pass_as_they_say() {
    for number in [740, 741, 744, 745, 746, 747] {
        for locale in crate::diagnostic::Locale::ALL {
            let page = codes::page(Code(number), locale).unwrap_or_default();
            let bad = findings(&example(page, "Fails").unwrap_or_default());
            assert!(!bad.is_empty(), "EP{number:04}");
            assert!(bad.iter().all(|(code, _)| *code == number), "{bad:?}");
            let good = example(page, "Passes").unwrap_or_default();
            assert_eq!(findings(&good), []);
        }
    }
}

#[test]
fn a_mistake_in_a_condition_over_two_lines_is_underlined_in_the_file() {
    let text = GOOD.replace("platform.id =", "platfrom.id =");
    assert!(
        findings(&text)
            .iter()
            .any(|(_, place)| place == "platfrom.id")
    );
    let text = GOOD.replace("1.2 GB", "1.2 s");
    assert!(
        findings(&text)
            .iter()
            .any(|(_, place)| place.contains("1.2 s"))
    );
}

#[test]
fn two_files_of_one_name_are_reported_at_both() {
    let file = |folder: &str| (format!("rules/{folder}/rule.yaml"), GOOD.to_owned());
    let (_, found) = load(vec![file("a"), file("b")]).err().unwrap_or_default();
    let codes: Vec<u16> = found.iter().map(|finding| finding.code.0).collect();
    assert_eq!(codes, [743]);
    assert_eq!(found[0].labels.len(), 2);
}

#[test]
fn a_file_of_ones_own_replaces_the_built_in_rule_of_that_name() {
    let base = vec![("rules/delivery/rule.yaml".to_owned(), GOOD.to_owned())];
    let own = GOOD.replace("1.2 GB", "0.5 GB");
    let rules = overlay(base, vec![("own/rule.yaml".to_owned(), own)]);
    let names = rules.map(|rules| rules.files.into_iter().map(|(name, _)| name).collect());
    let names: Vec<_> = names.unwrap_or_default();
    assert_eq!(names, ["own/rule.yaml"]);
}

#[test]
fn any_text_ends_in_findings_or_rules() {
    for text in [
        "",
        "[",
        "id: 1",
        "- a\n- b",
        "id: &a [*a]",
        "\u{0}",
        "when: |\n",
    ] {
        assert!(!findings(text).is_empty(), "{text:?}");
    }
}
