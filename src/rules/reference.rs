//! `docs/reference/rules.md`, made from the built-in rules and held to them. Only tests use it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::builtin;
use super::types::{Level, Rule};

/// The folder a rule's file stands in.
fn area(rule: &Rule) -> &'static str {
    let file = builtin().files.get(rule.id_span.file.0 as usize);
    let name = file.map_or("", |(name, _)| name.as_ref());
    match name.split('/').nth(1) {
        Some("delivery") => "Delivery",
        Some("licence") => "Licences",
        Some("memory") => "Memory",
        Some("model") => "Models",
        Some("runtime") => "Runtimes and backends",
        Some("speed") => "Speed, heat and battery",
        _ => "System models",
    }
}

/// The condition as it is written in the rule's file, on one line.
fn condition(rule: &Rule) -> String {
    let file = builtin().files.get(rule.when_span.file.0 as usize);
    let text = file.and_then(|(_, text)| text.get(rule.when_span.range()));
    let words: Vec<&str> = text.unwrap_or_default().split_whitespace().collect();
    words.join(" ")
}

fn page() -> String {
    let mut areas: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in &builtin().rules {
        areas.entry(area(rule)).or_default().push(rule);
    }
    let mut page = String::from(HEAD);
    for (area, rules) in areas {
        let _ = write!(page, "\n## {area}\n");
        for rule in rules {
            let level = match rule.level {
                Level::Reject => "rejects",
                Level::Warn => "warns",
                Level::Advise => "advises",
            };
            let allow = if rule.overridable {
                ", `allow` may silence it"
            } else {
                ""
            };
            let _ = write!(
                page,
                "\n### `{}`\n\n**{}**, {level}{allow}",
                rule.id, rule.code
            );
            if !rule.roles.is_empty() {
                let _ = write!(page, "; looks at {}", rule.roles.join(", "));
            }
            let _ = write!(page, ".\n\n- When: `{}`\n", condition(rule));
            let _ = writeln!(page, "- Says: {}", rule.message.en);
            let _ = writeln!(page, "- Remedy: {}", rule.remedy.en);
            let _ = writeln!(page, "- Rests on: {}", rule.sources.join(", "));
        }
    }
    let _ = write!(page, "\n## Challenges\n\n{CHALLENGES}\n\n");
    for challenge in &builtin().challenges {
        let _ = writeln!(
            page,
            "- **{}** (`{}`, {})",
            challenge.title.en, challenge.id, challenge.area
        );
    }
    page
}

const HEAD: &str = "# Rules

Every built-in rule with its condition, made from the files under [`rules/`](../../rules). How rules are judged and how to write one
of your own is in [Rules](../concepts/rules.md).
";

const CHALLENGES: &str = "A plan shows those that matter most for its stack, three at first, with steps and API names. Each is a file under
[`rules/challenges/`](../../rules/challenges).";

/// With `UPDATE_REFERENCE=1` the page is written anew.
#[test]
fn the_page_lists_the_rules_that_are_built_in() -> std::io::Result<()> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference/rules.md");
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        std::fs::write(path, page())?;
    }
    assert_eq!(
        std::fs::read_to_string(path)?,
        page(),
        "run again with UPDATE_REFERENCE=1"
    );
    Ok(())
}
