//! The HTML page of every plan: well-formed, complete in itself, every reference with its target.

use std::collections::BTreeSet;

use edgeplan::diagnostic::Locale;
use edgeplan::render;

use crate::support::{compile, files, read, relative};

/// Elements without an end tag.
const VOID: [&str; 2] = ["!doctype", "meta"];
/// What would make a browser fetch something.
const FETCHES: [&str; 7] = [
    "<script", "<link", "<img", "<iframe", " src=", "@import", "url(",
];

/// Tags in order, each with its attributes as written; comments are left out.
fn tags(page: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some((_, tail)) = rest.split_once('<') {
        if let Some(comment) = tail.strip_prefix("!--") {
            rest = comment.split_once("-->").expect("a comment ends").1;
            continue;
        }
        let (tag, after) = tail.split_once('>').expect("a tag ends");
        found.push(tag);
        rest = after;
    }
    found
}

/// What is wrong with the nesting, if anything.
fn nesting(page: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    for tag in tags(page) {
        let name = tag.split_whitespace().next().unwrap_or(tag);
        if let Some(closed) = name.strip_prefix('/') {
            let last = open.pop();
            if last != Some(closed) {
                return Some(format!("</{closed}> ends {last:?}"));
            }
        } else if !VOID.contains(&name) {
            open.push(name);
        }
    }
    (!open.is_empty()).then(|| format!("never closed: {open:?}"))
}

/// The values of an attribute, in order.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    tags(page)
        .into_iter()
        .filter_map(|tag| tag.split_once(start.as_str())?.1.split('"').next())
        .collect()
}

#[test]
fn pages_are_sound() {
    let mut wrong = Vec::new();
    for path in files("specs", ".edgeplan") {
        let spec = relative(&path);
        let Some(plan) = compile(&read(&path), &spec).plan else {
            continue;
        };
        for locale in Locale::ALL {
            let page = render::html(&plan, locale).unwrap();
            let mut say = |what: String| wrong.push(format!("{spec}, {locale}: {what}"));
            if let Some(what) = nesting(&page) {
                say(what);
            }
            let ids = values(&page, "id");
            let distinct: BTreeSet<&str> = ids.iter().copied().collect();
            if distinct.len() < ids.len() {
                say("an id stands twice".to_owned());
            }
            for target in values(&page, "href") {
                let known = target
                    .strip_prefix('#')
                    .map_or(target.starts_with("https://"), |id| distinct.contains(id));
                if !known {
                    say(format!("leads nowhere: {target}"));
                }
            }
            for fetch in FETCHES.into_iter().filter(|fetch| page.contains(fetch)) {
                say(format!("fetches: {fetch}"));
            }
            if values(&page, "lang") != [locale.tag()] {
                say("not the language of the page".to_owned());
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_check_sees_what_is_wrong() {
    assert!(nesting("<p><b></p></b>").is_some());
    assert!(nesting("<ul><li></ul>").is_some());
    assert!(nesting("<p>").is_some());
    assert!(nesting("<!-- <p> --><p lang=\"en\"><meta charset=\"utf-8\"></p>").is_none());
}
