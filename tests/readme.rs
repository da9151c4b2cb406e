//! What the README shows and counts, against what the compiler says and knows.
//!
//! `EDGEPLAN_BLESS=1 cargo test readme` writes the lines anew after a change of facts or words.

use std::fs;

use edgeplan::diagnostic::Locale;
use edgeplan::plan::types::Plan;
use edgeplan::{catalog, rules};

use crate::support::{compile, read, root};

/// The lines between the mark and the next blank line after it are generated.
const MARK: &str = "<!-- answer of specs/chat.edgeplan -->\n";

fn plan(spec: &str) -> Plan {
    let text = read(&root().join(spec));
    compile(&text, spec).plan.expect("a plan")
}

/// The three lines as a quotation.
fn answer() -> String {
    let plan = plan("specs/chat.edgeplan");
    let lines = plan.answer.iter().enumerate();
    lines
        .map(|(at, line)| format!("> {}. {}\n", at + 1, line.get(Locale::En)))
        .collect()
}

/// The counts of what is built in, as the list under "What it knows" words them.
fn counts() -> Vec<String> {
    let (catalog, rules) = (catalog::builtin(), rules::builtin());
    vec![
        format!("{} models", catalog.models.len()),
        format!("{} files", catalog.artifacts.len()),
        format!("{} runtimes", catalog.runtimes.len()),
        format!("{} phones and tablets", catalog.devices.len()),
        format!("{} chips", catalog.socs.len()),
        format!("{} rules", rules.rules.len()),
        format!("{} engineering challenges", rules.challenges.len()),
    ]
}

#[test]
fn the_plan_it_shows_is_the_one_it_gives() {
    let path = root().join("README.md");
    let text = read(&path);
    let (before, after) = text.split_once(MARK).expect("the mark");
    let shown: String = after
        .split_inclusive('\n')
        .take_while(|line| line.starts_with("> "))
        .collect();
    let expected = answer();
    if std::env::var_os("EDGEPLAN_BLESS").is_some() {
        let rest = &after[shown.len()..];
        fs::write(&path, format!("{before}{MARK}{expected}{rest}")).unwrap();
    } else {
        assert_eq!(shown, expected, "run again with EDGEPLAN_BLESS=1");
    }
}

#[test]
fn what_it_counts_is_built_in() {
    let text = read(&root().join("README.md"));
    for count in counts() {
        assert!(text.contains(&count), "README.md does not say: {count}");
    }
}
