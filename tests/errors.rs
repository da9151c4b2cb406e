//! Every diagnostic code has four things: a definition, a page per language whose examples do what they say, a
//! snapshot of its report, and a place in the code or in a rule that emits it.

use edgeplan::diagnostic::codes::{self, CODES};
use edgeplan::diagnostic::{Code, Locale};

use crate::support::{assert_snapshot, files, read, relative};

mod examples;

/// The two examples of a page.
struct Page {
    fails: Fence,
    passes: Fence,
}

/// A fenced block: the words after the back-ticks, and the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fence {
    pub(crate) kind: String,
    pub(crate) text: String,
}

/// Reads a page, and fails the test when it has not the form that `docs/errors/README.md` describes.
fn page(code: Code, locale: Locale) -> Page {
    let text = codes::page(code, locale).unwrap_or_else(|| panic!("{code}: no page in {locale}"));
    let at = format!("{code} ({locale})");
    let first = text.lines().next().unwrap_or_default();
    let title = codes::find(code).unwrap().title().render(locale);
    assert_eq!(first, format!("# {code}: {title}"), "{at}: the heading");
    let sections: Vec<&str> = text.split("\n## ").skip(1).collect();
    let [.., fails, passes] = sections.as_slice() else {
        panic!("{at}: a page ends with the sections `## Fails` and `## Passes`");
    };
    Page {
        fails: fence(fails, "Fails", &at),
        passes: fence(passes, "Passes", &at),
    }
}

/// The one fenced block of a section. A block that shows back-ticks is fenced with more of them.
fn fence(section: &str, title: &str, at: &str) -> Fence {
    let mut lines = section.lines();
    let heading = lines.next().unwrap_or_default();
    assert_eq!(heading.trim(), title, "{at}: the heading of the section");
    let opening = lines
        .by_ref()
        .find(|line| line.starts_with("```"))
        .unwrap_or_else(|| panic!("{at}: no fence under `{title}`"));
    let kind = opening.trim_start_matches('`');
    let ticks = &opening[..opening.len() - kind.len()];
    let mut text = String::new();
    for line in lines.by_ref().take_while(|line| *line != ticks) {
        text.push_str(line);
        text.push('\n');
    }
    let more = lines.any(|line| line.starts_with("```"));
    assert!(!more, "{at}: more than one fence under `{title}`");
    Fence {
        kind: kind.trim().to_owned(),
        text,
    }
}

/// The failing example of a code, where it is a spec.
pub(crate) fn failing_spec(code: Code) -> Option<String> {
    let fails = page(code, Locale::En).fails;
    (fails.kind == "edgeplan").then_some(fails.text)
}

#[test]
fn every_page_belongs_to_a_code() {
    for path in files("docs/errors", ".md") {
        let name = relative(&path);
        if name.ends_with("README.md") {
            continue;
        }
        let stem = path.file_stem().unwrap().to_string_lossy();
        assert!(codes::parse(&stem).is_some(), "{name}: no such code");
    }
}

#[test]
fn both_languages_show_the_same_examples() {
    for info in CODES {
        let (english, chinese) = (page(info.code, Locale::En), page(info.code, Locale::ZhCn));
        assert_eq!(english.fails, chinese.fails, "{}", info.code);
        assert_eq!(english.passes, chinese.passes, "{}", info.code);
    }
}

#[test]
fn the_examples_do_what_they_say() {
    let mut wrong = Vec::new();
    let mut reports = Vec::new();
    for info in CODES {
        let page = page(info.code, Locale::En);
        if let Some(report) = examples::report(&page.passes, info.code) {
            wrong.push(format!(
                "{}: the passing example gives it too\n{report}",
                info.code
            ));
        }
        match examples::report(&page.fails, info.code) {
            Some(report) => reports.push((info.code, report)),
            None => wrong.push(format!(
                "{}: the failing example does not give it",
                info.code
            )),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (code, report) in reports {
        assert_snapshot("errors", &code.to_string(), &report);
    }
}

#[test]
fn every_code_is_emitted() {
    let mut emitters = String::new();
    for path in files("src", ".rs") {
        if !relative(&path).ends_with("diagnostic/codes.rs") {
            emitters.push_str(&read(&path));
        }
    }
    for path in files("rules", ".yaml") {
        emitters.push_str(&read(&path));
    }
    for info in CODES {
        let number = info.code.0;
        let mut spelled = vec![info.code.to_string()];
        for before in ["(", " "] {
            for after in [",", ")"] {
                spelled.push(format!("{before}{number}{after}"));
            }
        }
        assert!(
            spelled.iter().any(|text| emitters.contains(text)),
            "{}: nothing emits it",
            info.code
        );
    }
}

#[test]
fn the_list_of_codes_is_public() {
    let list: String = CODES
        .iter()
        .map(|info| {
            format!(
                "{} {} {}\n",
                info.code,
                info.severity.id(),
                info.title().render(Locale::En)
            )
        })
        .collect();
    assert_snapshot("", "codes", &list);
}

#[test]
fn errors_that_may_be_allowed_are_those_of_overridable_rules() {
    let rules = edgeplan::rules::builtin();
    let overridable: std::collections::BTreeSet<Code> = rules
        .rules
        .iter()
        .filter(|rule| rule.overridable)
        .map(|rule| rule.code)
        .filter(|code| code.0 < 600)
        .collect();
    assert!(overridable.iter().eq(codes::OVERRIDABLE.iter()));
}
