//! What may stand as the value of a statement or beside a fact.

use super::item::Items;
use super::{names, params};
use crate::diagnostic::Locale;
use crate::lsp::place::Place;
use crate::lsp::session::View;
use crate::quantity::Dimension;
use crate::spec::facts::{self, FactType};
use crate::spec::model::{Objective, Task};
use crate::spec::{UIS, type_names, type_of};
use crate::syntax::tree::{ValueKind, Word};

/// The values of statements that take a word or an amount.
pub(super) fn values(view: &View<'_>, place: &Place, items: &mut Items<'_>) {
    match place.keyword() {
        "ui" => items.choices(UIS),
        "task" => items.choices(Task::ALL.map(Task::id)),
        "prefer" => items.choices(Objective::ALL.map(Objective::id)),
        "locale" => items.choices(Locale::ALL.map(Locale::tag)),
        "languages" | "language" => {
            items.choices(names::languages(view.catalog()));
            params(view, items, "$", Wanted::of(place));
        }
        "region" | "regions" => items.choices(names::regions(view.catalog())),
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

/// What a parameter must be to stand at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Whatever it is.
    Any,
    /// An amount.
    Amount(Dimension),
    /// One of these types.
    Types(&'static [&'static str]),
}

impl Wanted {
    /// What is wanted at a place.
    pub(super) fn of(place: &Place) -> Self {
        const WORDS: Wanted = Wanted::Types(&["text", "language"]);
        let keyword = place.keyword();
        if matches!(keyword, "require" | "forbid" | "expect") {
            return match place.subject().and_then(fact_of).map(|fact| fact.kind) {
                Some(FactType::Quantity(dimension)) => Self::Amount(dimension),
                Some(FactType::Text | FactType::List) => WORDS,
                Some(FactType::Bool) => Self::Types(&["flag"]),
                None => Self::Any,
            };
        }
        match keyword {
            "languages" | "language" | "locale" => WORDS,
            "platform" | "users" => Self::Amount(Dimension::Number),
            "memory" if place.block.as_deref() == Some("budget") => Self::Any,
            _ => dimension(keyword).map_or(Self::Any, Self::Amount),
        }
    }

    /// Whether a parameter of that declaration will do; one whose type is not known may.
    pub(super) fn takes(self, declared: Option<&Word>, default: Option<&ValueKind>) -> bool {
        let Some((name, dimension)) = type_of(declared, default) else {
            return true;
        };
        match self {
            Self::Any => true,
            Self::Amount(wanted) => dimension == Some(wanted),
            Self::Types(names) => names.contains(&name),
        }
    }
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
        params(view, items, "$", Wanted::Amount(dimension));
    }
}

fn fact_of(path: &str) -> Option<&'static facts::Fact> {
    let found = facts::find(path)
        .or_else(|| path.split_once('.').and_then(|(_, rest)| facts::find(rest)))?;
    Some(facts::fact(found))
}

/// What a fact may be compared with.
pub(super) fn of_fact(view: &View<'_>, place: &Place, path: &str, items: &mut Items<'_>) {
    let Some(fact) = fact_of(path) else {
        return;
    };
    match fact.kind {
        FactType::Bool => items.choices(["true", "false"]),
        FactType::Text | FactType::List => {
            names::names(view, fact.path, items);
            if place.bracket().is_none() {
                params(view, items, "$", Wanted::of(place));
            }
        }
        FactType::Quantity(dimension) => {
            params(view, items, "$", Wanted::of(place));
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
