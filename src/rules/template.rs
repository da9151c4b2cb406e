//! Texts with `{fact}` placeholders, filled with the figures of a stack.

use super::facts::{Facts, Value};
use crate::catalog::types::Bilingual;
use crate::diagnostic::{Arg, Text};
use crate::spec::facts::find;

/// The names between braces, in order, each once.
#[must_use]
pub fn placeholders(template: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = template;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else {
            break;
        };
        if !names.contains(&name) {
            names.push(name);
        }
        rest = tail;
    }
    names
}

/// The values a text's placeholders have for a stack.
fn arguments(words: &Bilingual, facts: &dyn Facts) -> Vec<(String, Arg)> {
    let mut args: Vec<(String, Arg)> = Vec::new();
    for name in placeholders(&words.en)
        .into_iter()
        .chain(placeholders(&words.zh))
    {
        if args.iter().any(|(known, _)| known == name) {
            continue;
        }
        if let Some(id) = find(name) {
            args.push((name.to_owned(), shown(&facts.value(id))));
        }
    }
    args
}

/// A value in running text: unknown and missing ones in words.
fn shown(value: &Value<'_>) -> Arg {
    match value {
        Value::Unknown { .. } => Arg::Text(Text::key("rules.value.unknown")),
        Value::Nothing => Arg::Text(Text::key("rules.value.nothing")),
        known => Arg::Plain(known.show_likely()),
    }
}

/// A text about a stack.
#[must_use]
pub fn fill(words: &Bilingual, facts: &dyn Facts) -> Text {
    Text::Localised {
        en: words.en.clone(),
        zh: words.zh.clone(),
        args: arguments(words, facts),
    }
}
