//! The licences of everything that is compiled in, against the list of `deny.toml`. `cargo deny check` says the same
//! and more where it is installed; this one needs nothing but cargo and no network.

use std::collections::BTreeSet;
use std::process::Command;

use crate::support::{read, root};

fn allowed() -> BTreeSet<String> {
    let text = read(&root().join("deny.toml"));
    let list = text
        .split("allow = [")
        .nth(1)
        .unwrap()
        .split(']')
        .next()
        .unwrap();
    list.split(',')
        .map(|item| item.trim().trim_matches('"').to_owned())
        .filter(|item| !item.is_empty())
        .collect()
}

/// Whether a licence expression can be satisfied by allowed licences. `AND` binds tighter than `OR`; an old `/` is an `OR`.
fn satisfied(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.replace('/', " OR ");
    let tokens: Vec<String> = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let mut at = 0;
    let answer = any(&tokens, &mut at, allowed);
    assert_eq!(at, tokens.len(), "cannot read `{expression}`");
    answer
}

fn any(tokens: &[String], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut answer = all(tokens, at, allowed);
    while tokens.get(*at).is_some_and(|token| token == "OR") {
        *at += 1;
        answer |= all(tokens, at, allowed);
    }
    answer
}

fn all(tokens: &[String], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut answer = one(tokens, at, allowed);
    while tokens.get(*at).is_some_and(|token| token == "AND") {
        *at += 1;
        answer &= one(tokens, at, allowed);
    }
    answer
}

fn one(tokens: &[String], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let first = tokens[*at].clone();
    *at += 1;
    if first == "(" {
        let answer = any(tokens, at, allowed);
        *at += 1;
        return answer;
    }
    if tokens.get(*at).is_some_and(|token| token == "WITH") {
        let name = format!("{first} WITH {}", tokens[*at + 1]);
        *at += 2;
        return allowed.contains(&name);
    }
    allowed.contains(&first)
}

#[test]
fn expressions_are_read_by_their_precedence() {
    let allowed: BTreeSet<String> = ["A", "B", "A WITH x"].map(str::to_owned).into();
    for good in [
        "A",
        "A OR Z",
        "Z/A",
        "(Z OR A) AND B",
        "A AND B OR Z",
        "A WITH x",
    ] {
        assert!(satisfied(good, &allowed), "{good}");
    }
    for bad in ["Z", "A AND Z", "(A OR B) AND Z", "Z OR A AND Z", "B WITH x"] {
        assert!(!satisfied(bad, &allowed), "{bad}");
    }
}

#[test]
fn everything_compiled_in_has_an_allowed_licence() {
    let allowed = allowed();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(["--filter-platform", &host()])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let used: BTreeSet<&str> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|node| node["id"].as_str())
        .collect();
    for package in metadata["packages"].as_array().unwrap() {
        if !used.contains(package["id"].as_str().unwrap()) {
            continue;
        }
        let licence = package["license"].as_str().unwrap_or("none");
        assert!(
            satisfied(licence, &allowed),
            "{}: {licence}",
            package["name"]
        );
    }
}

/// The triple cargo builds for when nothing else is said.
fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().unwrap();
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .unwrap()
        .to_owned()
}
