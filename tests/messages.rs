//! The message catalogues against each other and against the code that uses them.

use std::collections::BTreeSet;

use edgeplan::diagnostic::codes::CODES;
use edgeplan::diagnostic::{Locale, messages, template};
use edgeplan::spec::facts::FACTS;
use edgeplan::syntax::keywords;

use crate::support::{files, read, relative};

/// Keys that are put together at run time: the prefix, and where the rest comes from.
const COMPOSED: [&str; 4] = ["fact.", "plan.", "lsp.keyword.", "prose.objective."];

/// Areas whose texts are running prose of the plan rather than diagnostics: they may end with a period.
const PROSE: [&str; 2] = ["plan.", "prose."];

fn keys(locale: Locale) -> BTreeSet<&'static str> {
    messages::all(locale).iter().map(|(key, _)| *key).collect()
}

fn placeholders(template: &str) -> BTreeSet<&str> {
    template
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(hole, _)| template::counted(hole).map_or(hole, |(name, ..)| name))
        .collect()
}

/// The contents of all string literals of a Rust source, escapes left as they are; comments are passed over.
fn literals(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut rest = source;
    while let Some(at) = rest.find(['"', '/', '\'']) {
        let tail = &rest[at..];
        if tail.starts_with("//") {
            rest = tail.split_once('\n').map_or("", |(_, after)| after);
        } else if let Some(after) = tail.strip_prefix("'\"'") {
            rest = after;
        } else if let Some(text) = tail.strip_prefix('"') {
            let mut end = 0;
            let bytes = text.as_bytes();
            while end < bytes.len() && bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            let end = end.min(text.len());
            found.insert(text[..end].to_owned());
            rest = text.get(end + 1..).unwrap_or_default();
        } else {
            rest = &tail[1..];
        }
    }
    found
}

#[test]
fn both_languages_have_the_same_keys_and_placeholders() {
    assert_eq!(keys(Locale::En), keys(Locale::ZhCn));
    for (key, english) in messages::all(Locale::En) {
        let chinese = messages::lookup(key, Locale::ZhCn).unwrap();
        assert_eq!(placeholders(english), placeholders(chinese), "{key}");
    }
}

/// Amounts of things, so that there may be one of it.
const COUNTS: [&str; 14] = [
    "admissible",
    "answers",
    "cached",
    "cells",
    "count",
    "given",
    "layers",
    "listed",
    "models",
    "outputs",
    "rows",
    "sequences",
    "stacks",
    "tokens",
];
/// Facts of the guide: they are verified word for word, and what is counted in them is never one.
const GUIDE: &str = "prose.why.";

#[test]
fn english_words_agree_with_their_count() {
    for (key, template) in messages::all(Locale::En) {
        for count in COUNTS {
            let Some((_, after)) = template.split_once(&format!("{{{count}}} ")) else {
                continue;
            };
            let word = after
                .split(|c: char| !c.is_ascii_lowercase())
                .next()
                .unwrap();
            let agrees = after.starts_with(&format!("{{{count}|")) || !word.ends_with('s');
            assert!(agrees || key.starts_with(GUIDE), "{key}: {template}");
        }
    }
}

#[test]
fn every_key_in_the_code_exists() {
    let known = keys(Locale::En);
    for path in files("src", ".rs") {
        let source = read(&path);
        for rest in source.split("Text::key(").skip(1) {
            let Some(text) = rest.trim_start().strip_prefix('"') else {
                continue;
            };
            let key = text.split('"').next().unwrap();
            assert!(
                known.contains(key),
                "{}: no message `{key}`",
                relative(&path)
            );
        }
    }
    for info in CODES {
        assert!(
            known.contains(info.title_key),
            "{}: no message `{}`",
            info.code,
            info.title_key
        );
    }
    for keyword in keywords() {
        let key = format!("lsp.keyword.{keyword}");
        assert!(known.contains(key.as_str()), "no message `{key}`");
    }
    for fact in FACTS {
        let key = format!("fact.{}", fact.path);
        assert!(known.contains(key.as_str()), "no message `{key}`");
    }
}

#[test]
fn every_key_is_used() {
    let mut used = BTreeSet::new();
    for path in files("src", ".rs") {
        used.extend(literals(&read(&path)));
    }
    let templates: Vec<String> = files("templates", "")
        .iter()
        .filter(|path| !relative(path).starts_with("templates/messages/"))
        .map(|path| read(path))
        .collect();
    let unused: Vec<&str> = keys(Locale::En)
        .into_iter()
        .filter(|key| !COMPOSED.iter().any(|prefix| key.starts_with(prefix)))
        .filter(|key| !used.contains(*key))
        .filter(|key| !templates.iter().any(|text| text.contains(key)))
        .collect();
    assert!(unused.is_empty(), "used nowhere: {unused:?}");
}

#[test]
fn chinese_is_chinese() {
    for (key, template) in messages::all(Locale::ZhCn) {
        let mut words = String::new();
        let mut quoted = false;
        let mut hole = false;
        for c in template.chars() {
            match c {
                '`' => quoted = !quoted,
                '{' => hole = true,
                '}' => hole = false,
                c if !quoted && !hole => words.push(c),
                _ => {}
            }
        }
        let english = words
            .split(|c: char| !c.is_ascii_lowercase())
            .any(|word| word.len() >= 4);
        let han = words
            .chars()
            .any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        assert!(han || !english, "{key}: {template}");
    }
}

#[test]
fn diagnostics_do_not_end_with_a_period() {
    for locale in Locale::ALL {
        for (key, template) in messages::all(locale) {
            if PROSE.iter().any(|area| key.starts_with(area)) {
                continue;
            }
            assert!(!template.ends_with(['.', '。']), "{key}: {template}");
        }
    }
}
