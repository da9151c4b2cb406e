//! The renderers on plans over the built-in catalog, and the words they use.

use std::path::{Path, PathBuf};

use crate::diagnostic::{Locale, messages};
use crate::plan::testing;
use crate::plan::types::Plan;
use crate::solve::{Ask, solve_asked};
use crate::spec::model::{PlatformAsk, Spec};

fn chat() -> Plan {
    planned(&testing::chat())
}

fn planned(spec: &Spec) -> Plan {
    let (catalog, rules) = (crate::catalog::builtin(), crate::rules::builtin());
    let ask = Ask {
        beside: true,
        ..Ask::default()
    };
    let solution = solve_asked(catalog, rules, spec, &ask);
    crate::plan::build(catalog, rules, spec, &solution, &testing::files())
}

#[test]
fn every_format_says_the_plan() {
    let mut plan = chat();
    plan.asked.name = Some("<script>alert(1)</script> **x** {{ 7 * 7 }} | a".to_owned());
    for locale in Locale::ALL {
        let text = super::markdown(&plan, locale).unwrap();
        let version = crate::plan::types::FORMAT_VERSION;
        let head = format!("<!-- edgeplan: generated from chat.edgeplan; format {version} -->");
        assert!(text.starts_with(&format!("{head}\n\n# ")));
        assert!(
            !text.replace("\\<", "").contains("<script"),
            "markup of the user"
        );
        assert!(
            text.lines().all(|line| !line.trim_start().starts_with('|')),
            "a table"
        );
        assert!(text.ends_with('\n') && !text.contains("\n\n\n") && !text.contains(" \n"));
        assert!(text.contains(&plan.tiers[0].stacks[0].model.name));
        let page = super::html(&plan, locale).unwrap();
        assert!(!page.contains("<script") && page.starts_with("<!doctype html>"));
    }
    let marker = |name: &str| {
        let mut named = plan.clone();
        named.generated_from.spec = name.to_owned();
        super::marker(&named)
    };
    assert!(!marker("--><script>.edgeplan")[4..].starts_with("-->"));
    assert_eq!(marker("a--b>.edgeplan"), marker("a-b.edgeplan"));
    assert!(marker("a-b.edgeplan").ends_with(" -->"));
    let json = super::json(&plan).unwrap();
    let read: Plan = serde_json::from_str(&json).unwrap();
    assert!(
        super::json(&read).unwrap() == json,
        "reading and writing change the plan"
    );
}

#[test]
fn a_limit_that_nobody_states_is_said_to_be_unknown() {
    let mut spec = testing::chat();
    spec.platforms = vec![PlatformAsk {
        id: "harmonyos".to_owned(),
        span: spec.platforms[0].span,
        min_os: None,
    }];
    spec.ui.value = "native".to_owned();
    let plan = planned(&spec);
    for class in plan.tiers.iter().flat_map(|tier| &tier.classes) {
        let memory = &class.memory;
        assert_eq!((memory.budget.bytes, memory.slack), (None, None));
        assert_eq!(memory.budget.set_by, "nobody");
    }
    let said = [
        (Locale::En, "What the system grants an app is not known"),
        (Locale::ZhCn, "系统给单个应用的内存上限未知"),
    ];
    for (locale, words) in said {
        let text = super::markdown(&plan, locale).unwrap();
        assert!(text.contains(words));
        assert!(!text.contains("17179869184"), "no limit, as a number");
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Keys handed to the functions that look a message of the plan up, and all other literals.
fn keys_in_code() -> (Vec<String>, Vec<String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root.join("render"), &mut files);
    sources(&root.join("plan"), &mut files);
    let (mut said, mut literals) = (Vec::new(), Vec::new());
    for file in files
        .iter()
        .filter(|file| !file.ends_with("render/tests.rs"))
    {
        let text = std::fs::read_to_string(file).unwrap();
        literals.extend(text.split('"').skip(1).step_by(2).map(str::to_owned));
        for call in ["say(", "labelled(", "word(", "joined("] {
            for rest in text.split(call).skip(1) {
                let key = rest
                    .trim_start()
                    .strip_prefix('"')
                    .and_then(|r| r.split('"').next());
                said.extend(key.map(str::to_owned));
            }
        }
    }
    (said, literals)
}

#[test]
fn no_sentence_is_missing_and_none_is_idle() {
    let (said, literals) = keys_in_code();
    let composed = [
        "default.",
        "dependency.",
        "license.",
        "objective.",
        "residency.",
        "risk.",
        "role.",
        "section.",
        "source.",
        "speed.",
        "use.",
    ];
    let known: Vec<&str> = messages::all(Locale::En)
        .iter()
        .filter_map(|(key, _)| key.strip_prefix("plan."))
        .collect();
    for key in &known {
        let used = literals.iter().any(|used| used == key);
        assert!(
            used || composed.iter().any(|area| key.starts_with(area)),
            "idle: plan.{key}"
        );
    }
    for key in &said {
        assert!(known.contains(&key.as_str()), "missing: plan.{key}");
    }
}
