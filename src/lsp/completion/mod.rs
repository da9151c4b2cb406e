//! What can stand at the cursor: words of the language by context, names of the catalog with what matters of them.

mod item;
mod names;
mod values;

use std::collections::BTreeSet;

use gen_lsp_types::{CompletionItem, CompletionItemKind};

use self::item::Items;
use self::values::Wanted;
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
        params(view, &mut items, "$", Wanted::of(&place));
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
        "platform" if place.before.trim_end().ends_with(">=") => versions(view, place, items),
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
            expectation(view, place, &words, items);
        }
        "resident" if words.len() == 1 => items.choices(["with"]),
        "resident" => feature_ids(view, "", items),
        "set" if words.len() == 1 => params(view, items, "", Wanted::Any),
        "allow" if words.len() == 1 => allowable(view, items),
        "allow" if words.len() == 2 => items.choices(["because "]),
        "ram" if place.block.as_deref() == Some("fleet") => fleet(place, items),
        _ => values::values(view, place, items),
    }
}

/// `expect feasible on ram 8 GB`, `expect chat.model = "..." on device "..."`.
fn expectation(view: &View<'_>, place: &Place, words: &[&str], items: &mut Items<'_>) {
    match words {
        [.., "on"] => {
            items.choices(["ram "]);
            names::names(view, "device.id", items);
        }
        [.., "on", "device"] => names::names(view, "device.id", items),
        [.., "on", "ram"] => {
            let budgets = view.catalog().platforms.iter().flat_map(|it| &it.budgets);
            let sizes: BTreeSet<u32> = budgets.map(|budget| budget.ram_gib).collect();
            items.choices(sizes.iter().map(|gib| format!("{gib} GB")));
        }
        [_, "feasible" | "infeasible"] => items.choices(["on "]),
        _ => {
            if words.len() == 1 && !place.word.contains('.') {
                items.choices(["feasible", "infeasible"]);
            }
            condition(view, place, true, items);
        }
    }
}

/// The versions of a platform that the catalog names: the one that counts where a spec names none, and the newest.
fn versions(view: &View<'_>, place: &Place, items: &mut Items<'_>) {
    let Some(platform) = place.subject().and_then(|id| view.catalog().platform(id)) else {
        return;
    };
    let (_, platform) = platform;
    for version in [platform.default_os, platform.latest_os] {
        items.choices([version.to_string()]);
    }
    params(view, items, "$", Wanted::of(place));
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
    if let Some(path) = place.subject() {
        values::of_fact(view, place, path, items);
        return;
    }
    if place.in_string || place.bracket().is_some() || last == "because" {
        return;
    }
    if last.ends_with(['"', ']']) || matches!(last, "true" | "false") {
        joints(with_features, items);
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
        joints(with_features, items);
        return;
    }
    let tree = &view.document.read(view.knowledge).reading.tree;
    let of_feature = place.word.split_once('.').map(|(feature, _)| feature);
    let of_feature =
        of_feature.filter(|id| with_features && features(tree).iter().any(|own| own == *id));
    for fact in FACTS {
        let words = messages::lookup(&format!("fact.{}", fact.path), view.locale());
        let mut fact_at = |path: &str| {
            let words = words.unwrap_or_default();
            items.push(path, path, CompletionItemKind::Property, words);
        };
        match of_feature {
            None => fact_at(fact.path),
            // What is the same for all features is no fact of one.
            Some(_) if is_of_all(fact.path) => {}
            Some(feature) => {
                for alias in fact.aliases {
                    fact_at(&format!("{feature}.{alias}"));
                }
                fact_at(&format!("{feature}.{}", fact.path));
            }
        }
    }
    if of_feature.is_some() {
        return;
    }
    if with_features {
        feature_ids(view, ".", items);
    }
    items.choices(["not"]);
}

/// What joins a condition with what follows it.
fn joints(is_expected: bool, items: &mut Items<'_>) {
    items.choices(["and", "or"]);
    items.choices([if is_expected { "on" } else { "because" }]);
}

/// Facts about the phone, the app or the feature itself: a choice for a feature does not change them.
fn is_of_all(path: &str) -> bool {
    let head = path.split('.').next().unwrap_or_default();
    matches!(head, "feature" | "app" | "platform" | "device" | "soc")
        || matches!(path, "offline" | "commercial" | "ui")
}

fn feature_ids(view: &View<'_>, behind: &str, items: &mut Items<'_>) {
    let tree = &view.document.read(view.knowledge).reading.tree;
    for feature in features(tree) {
        let text = format!("{feature}{behind}");
        items.push(&feature, &text, CompletionItemKind::Class, "");
    }
}

/// The parameters that may stand here, with their declarations.
fn params(view: &View<'_>, items: &mut Items<'_>, sign: &str, wanted: Wanted) {
    let tree = &view.document.read(view.knowledge).reading.tree;
    for statement in &tree.statements {
        if let StatementKind::Param {
            name,
            declared,
            default,
        } = &statement.kind
            && wanted.takes(declared.as_ref(), default.as_ref().map(|value| &value.kind))
        {
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
