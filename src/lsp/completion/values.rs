//! What may stand as the value of a statement or beside a fact.

use super::item::Items;
use super::{names, params};
use crate::diagnostic::Locale;
use crate::lsp::place::Place;
use crate::lsp::session::View;
use crate::quantity::Dimension;
use crate::spec::facts::{self, FactType};
use crate::spec::model::{Objective, Task};
use crate::spec::{UIS, type_names};

/// The values of statements that take a word or an amount.
pub(super) fn values(view: &View<'_>, place: &Place, items: &mut Items<'_>) {
    match place.keyword() {
        "ui" => items.choices(UIS),
        "task" => items.choices(Task::ALL.map(Task::id)),
        "prefer" => items.choices(Objective::ALL.map(Objective::id)),
        "locale" => items.choices(Locale::ALL.map(Locale::tag)),
        "languages" | "language" => languages(view, items),
        "param" if place.before.contains(':') => items.choices(type_names()),
        "memory" if place.block.as_deref() == Some("budget") => {
            amount(view, place, Dimension::Bytes, items);
            if place.before.contains('%') {
                items.choices(["of ram"]);
            } else {
                items.units(Dimension::Share);
            }
        }
        keyword => {
            if let Some(dimension) = dimension(keyword) {
                amount(view, place, dimension, items);
            }
        }
    }
}

/// The languages that models list, as far as their codes have two letters.
fn languages(view: &View<'_>, items: &mut Items<'_>) {
    let models = view.catalog().models.iter();
    let listed = models.filter_map(|model| model.languages.as_ref());
    let codes: std::collections::BTreeSet<&str> = listed
        .flat_map(|languages| &languages.listed)
        .map(String::as_str)
        .filter(|code| code.len() == 2)
        .collect();
    items.choices(codes);
}

/// What a statement's amount measures.
fn dimension(keyword: &str) -> Option<Dimension> {
    Some(match keyword {
        "ram" | "memory" | "download" | "storage" => Dimension::Bytes,
        "ttft" | "latency" | "cold-start" | "cold_start" => Dimension::Time,
        "input" | "output" | "context" => Dimension::Tokens,
        "decode" => Dimension::Rate,
        "confidence" => Dimension::Share,
        "battery" => Dimension::Drain,
        _ => return None,
    })
}

/// Units behind a number, parameters in its place.
fn amount(view: &View<'_>, place: &Place, dimension: Dimension, items: &mut Items<'_>) {
    let digit = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let behind_number = place.words().last().is_some_and(|word| digit(word));
    if behind_number || digit(&place.word) {
        items.units(dimension);
    } else {
        params(view, items, "$");
    }
}

fn fact_of(path: &str) -> Option<&'static facts::Fact> {
    let found = facts::find(path)
        .or_else(|| path.split_once('.').and_then(|(_, rest)| facts::find(rest)))?;
    Some(facts::fact(found))
}

/// What a fact may be compared with.
pub(super) fn of_fact(view: &View<'_>, path: &str, items: &mut Items<'_>) {
    let Some(fact) = fact_of(path) else {
        return;
    };
    match fact.kind {
        FactType::Bool => items.choices(["true", "false"]),
        FactType::Text if fact.path == "feature.task" => items.choices(Task::ALL.map(Task::id)),
        FactType::Text | FactType::List => names::names(view, fact.path, items),
        FactType::Quantity(dimension) => {
            params(view, items, "$");
            items.units(dimension);
        }
    }
}

/// The units a fact is measured in.
pub(super) fn units_of_fact(path: &str, items: &mut Items<'_>) {
    if let Some(FactType::Quantity(dimension)) = fact_of(path).map(|fact| fact.kind) {
        items.units(dimension);
    }
}
