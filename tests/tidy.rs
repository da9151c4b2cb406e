//! House rules that a compiler does not check.

use std::collections::BTreeSet;
use std::fs;

use crate::support::{files, read, relative, root};

/// Longest source file, in lines.
const MAX_LINES: usize = 500;

/// Longest line of prose in a source file, in characters.
const MAX_COLUMNS: usize = 160;

fn sources() -> Vec<(String, String)> {
    ["src", "tests", "build", "benches"]
        .iter()
        .flat_map(|folder| files(folder, ".rs"))
        .chain([root().join("build.rs")])
        .map(|path| (relative(&path), read(&path)))
        .collect()
}

#[test]
fn files_are_small_and_say_what_they_are_for() {
    for (name, text) in sources() {
        let lines = text.lines().count();
        assert!(
            lines <= MAX_LINES,
            "{name}: {lines} lines; split it by noun"
        );
        assert!(text.starts_with("//! "), "{name}: no `//!` head");
        for (index, line) in text.lines().enumerate() {
            let columns = line.chars().count();
            assert!(
                columns <= MAX_COLUMNS,
                "{name}:{}: {columns} columns",
                index + 1
            );
        }
    }
}

#[test]
fn half_of_the_files_fit_on_a_few_screens() {
    let mut lengths: Vec<usize> = sources()
        .iter()
        .map(|(_, text)| text.lines().count())
        .collect();
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median <= 200, "median {median} lines");
}

/// Words that have no place in the product's sources; tests may use some of them.
#[test]
fn nothing_is_left_undone() {
    for (name, text) in sources() {
        if name == "tests/tidy.rs" {
            continue;
        }
        for word in ["TODO", "FIXME", "XXX", "todo!(", "unimplemented!(", "dbg!("] {
            assert!(!text.contains(word), "{name}: {word}");
        }
        if !name.starts_with("src/") {
            continue;
        }
        let product = text.split("#[cfg(test)]").next().unwrap_or_default();
        for word in [".unwrap()", ".expect(", "println!(", "eprintln!("] {
            let in_tests = ["tests.rs", "test.rs", "testing.rs"]
                .iter()
                .any(|ending| name.ends_with(ending));
            assert!(in_tests || !product.contains(word), "{name}: {word}");
        }
    }
}

/// A folder imports only from those before it.
#[test]
fn data_flows_one_way() {
    const STATIONS: [&str; 11] = [
        "syntax", "spec", "catalog", "estimate", "rules", "solve", "plan", "render", "prose",
        "lsp", "cli",
    ];
    for (name, text) in sources() {
        let Some(path) = name.strip_prefix("src/") else {
            continue;
        };
        let own = path.split('/').next().unwrap_or_default();
        let Some(rank) = STATIONS.iter().position(|station| *station == own) else {
            if own == "diagnostic" || own == "quantity" {
                for station in STATIONS {
                    assert!(!imports(&text, station), "{name} imports {station}");
                }
            }
            continue;
        };
        for later in &STATIONS[rank + 1..] {
            assert!(
                !imports(&text, later),
                "{name} imports {later}, which comes after it"
            );
        }
    }
}

fn imports(text: &str, station: &str) -> bool {
    text.lines()
        .map(str::trim_start)
        .filter(|line| !line.starts_with("//"))
        .any(|line| line.contains(&format!("crate::{station}::")))
}

#[test]
fn every_test_file_is_named_in_main() {
    let main = read(&root().join("tests/main.rs"));
    let named: BTreeSet<&str> = main
        .lines()
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
        .collect();
    for entry in fs::read_dir(root().join("tests")).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.extension().is_some_and(|ending| ending == "rs") && stem != "main" {
            assert!(
                named.contains(stem.as_str()),
                "tests/{stem}.rs is never run"
            );
        }
    }
}

#[test]
fn the_command_reference_is_what_the_command_says() {
    generated(
        "docs/reference/cli.md",
        &edgeplan::cli::reference::markdown(),
    );
}

#[test]
fn the_reference_of_the_configuration_is_what_the_reader_takes() {
    generated(
        "docs/reference/config.md",
        &edgeplan::cli::config::reference(),
    );
}

/// Compares a committed file with what makes it; `UPDATE_GENERATED=1 cargo test` writes it.
fn generated(name: &str, text: &str) {
    let path = root().join(name);
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed.replace("\r\n", "\n") == text,
        "{name} is out of date: UPDATE_GENERATED=1 cargo test writes it"
    );
}
