//! What can stand at the cursor: words of the language by context, names of the catalog with what matters of them.

mod item;
mod names;
mod values;

use gen_lsp_types::{CompletionItem, CompletionItemKind};

use self::item::Items;
use super::place::{Place, place};
use super::session::View;
use super::words::features;
use crate::diagnostic::{Severity, codes, messages};
use crate::quantity::Dimension;
use crate::spec::facts::FACTS;
use crate::spec::{TOOLKITS, selectors};
use crate::syntax::keywords_in;
use crate::syntax::tree::StatementKind;

/// The completions at a byte.
#[must_use]
pub(super) fn completions(view: &View<'_>, at: usize) -> Vec<CompletionItem> {
    let Some(place) = place(&view.document.text, at) else {
        return Vec::new();
    };
    let mut items = Items::new(view, &place);
    if place.word.starts_with('$') {
        params(view, &mut items, "$");
    } else if place.keyword().is_empty() && !place.in_string {
        keywords(view, &place, &mut items);
    } else {
        statement(view, &place, &mut items);
    }
    items.done()
}

/// The statements that may stand in this block.
fn keywords(view: &View<'_>, place: &Place, items: &mut Items<'_>) {
    for keyword in keywords_in(place.block.as_deref()) {
        let words = messages::lookup(&format!("lsp.keyword.{keyword}"), view.locale());
        let block = matches!(*keyword, "budget" | "fleet");
        let alone = matches!(
            *keyword,
            "offline" | "commercial" | "non-commercial" | "exclusive"
        );
        let text = match *keyword {
            _ if block && view.client.snippets => format!("{keyword} {{\n  $0\n}}"),
            _ if alone => (*keyword).to_owned(),
            _ => format!("{keyword} "),
        };
        items.push(
            keyword,
            &text,
            CompletionItemKind::Keyword,
            words.unwrap_or_default(),
        );
        if block && view.client.snippets {
            items.last_is_snippet();
        }
    }
}

/// What may follow the words before the cursor.
fn statement(view: &View<'_>, place: &Place, items: &mut Items<'_>) {
    let words = place.words();
    match place.keyword() {
        "platform" => {
            names::names(view, "platform.id", items);
            items.choices(TOOLKITS);
        }
        "device" if place.block.as_deref() == Some("fleet") && words.len() > 1 => {
            fleet(place, items);
        }
        "device" => names::names(view, "device.id", items),
        "use" | "forbid" => selection(view, place, &words, items),
        "pin" if !place.before.contains('=') => pinned(view, items),
        "pin" => {
            let fact = pinned_fact(&words);
            names::names(view, fact, items);
        }
        "require" => condition(view, place, false, items),
        "expect" => {
            if words.len() == 1 {
                items.choices(["feasible", "infeasible"]);
            }
            if words.last() == Some(&"on") || place.in_string {
                names::names(view, "device.id", items);
            } else {
                condition(view, place, true, items);
            }
        }
        "resident" if words.len() == 1 => items.choices(["with"]),
        "resident" => feature_ids(view, "", items),
        "set" if words.len() == 1 => params(view, items, ""),
        "allow" if words.len() == 1 => allowable(view, items),
        "ram" if place.block.as_deref() == Some("fleet") => fleet(place, items),
        _ => values::values(view, place, items),
    }
}

/// `8 GB share 55 %`: units behind numbers, `share` in between.
fn fleet(place: &Place, items: &mut Items<'_>) {
    let digit = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let behind_number = place.words().last().is_some_and(|word| digit(word));
    match (
        behind_number || digit(&place.word),
        place.before.contains("share"),
    ) {
        (true, true) => items.units(Dimension::Share),
        (true, false) => items.units(Dimension::Bytes),
        (false, true) => {}
        (false, false) => items.choices(["share"]),
    }
}

/// `use runtime "a" | "b"`, `forbid license "x" because "..."`, `forbid model.params > 10 B`.
fn selection(view: &View<'_>, place: &Place, words: &[&str], items: &mut Items<'_>) {
    let kind = words.get(1).copied().unwrap_or_default();
    let selected = selectors().find(|(word, _)| *word == kind);
    match selected {
        None if words.len() == 1 => {
            items.choices(selectors().map(|(word, _)| word));
            if place.keyword() == "forbid" {
                condition(view, place, false, items);
            }
        }
        None => condition(view, place, false, items),
        Some(_) if words.contains(&"because") => {}
        Some((_, fact)) => {
            let wants_name =
                place.in_string || words.len() == 2 || place.before.trim_end().ends_with('|');
            if wants_name {
                names::names(view, fact, items);
            } else {
                items.choices(["because"]);
            }
        }
    }
}

/// `diary.model`, and inside a feature `model`.
fn pinned(view: &View<'_>, items: &mut Items<'_>) {
    const PINNED: [&str; 4] = ["model", "quant", "runtime", "backend"];
    let tree = &view.document.read(view.knowledge).reading.tree;
    for feature in features(tree) {
        items.choices(PINNED.map(|what| format!("{feature}.{what}")));
    }
    items.choices(PINNED);
}

fn pinned_fact(words: &[&str]) -> &'static str {
    let path = words.get(1).copied().unwrap_or_default();
    let last = path.trim_end_matches('=').rsplit('.').next();
    selectors()
        .find(|(word, _)| Some(*word) == last)
        .map_or("", |(_, fact)| fact)
}

/// A condition: facts, behind a feature's name too where that means something, and what a comparison may hold.
fn condition(view: &View<'_>, place: &Place, with_features: bool, items: &mut Items<'_>) {
    let words = place.words();
    let last = words.last().copied().unwrap_or_default();
    let compared = |word: &str| matches!(word, "<" | "<=" | ">" | ">=" | "=" | "!=" | "in" | "has");
    let behind_operator = compared(last) || last.ends_with(['=', '<', '>']);
    if behind_operator || place.in_string {
        if let Some(path) = words
            .iter()
            .rev()
            .find(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()))
        {
            values::of_fact(view, path, items);
        }
        return;
    }
    let number = last.starts_with(|c: char| c.is_ascii_digit())
        || place.word.starts_with(|c: char| c.is_ascii_digit());
    if number {
        if let Some(path) = words
            .iter()
            .rev()
            .find(|word| word.contains('.') || crate::spec::facts::find(word).is_some())
        {
            values::units_of_fact(path, items);
        }
        items.choices(["and", "or", "because"]);
        return;
    }
    for fact in FACTS {
        let words = messages::lookup(&format!("fact.{}", fact.path), view.locale());
        items.push(
            fact.path,
            fact.path,
            CompletionItemKind::Property,
            words.unwrap_or_default(),
        );
    }
    if with_features {
        feature_ids(view, ".", items);
    }
    items.choices(["not"]);
}

fn feature_ids(view: &View<'_>, behind: &str, items: &mut Items<'_>) {
    let tree = &view.document.read(view.knowledge).reading.tree;
    for feature in features(tree) {
        let text = format!("{feature}{behind}");
        items.push(&feature, &text, CompletionItemKind::Class, "");
    }
}

/// The parameters, with their declarations.
fn params(view: &View<'_>, items: &mut Items<'_>, sign: &str) {
    let tree = &view.document.read(view.knowledge).reading.tree;
    for statement in &tree.statements {
        if let StatementKind::Param { name, .. } = &statement.kind {
            let text = format!("{sign}{}", name.text);
            let line = view.document.text.get(statement.span.range());
            items.push(
                &text,
                &text,
                CompletionItemKind::Variable,
                line.unwrap_or_default(),
            );
        }
    }
}

/// The findings that may be silenced.
fn allowable(view: &View<'_>, items: &mut Items<'_>) {
    for info in codes::CODES {
        if info.severity != Severity::Error {
            let code = info.code.to_string();
            let text = format!("{code} because ");
            let title = info.title().render(view.locale());
            items.push(&code, &text, CompletionItemKind::Event, &title);
        }
    }
}
