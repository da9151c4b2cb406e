//! Facts of the spec: what is asked of the feature and of the app.

use super::Value;
use super::stack::{Getter, StackFacts, text};
use crate::quantity::Dimension;

/// Rows for [`super::stack`].
pub(super) const GETTERS: &[Getter] = &[
    ("feature.id", |f| text(&f.case.feature.id)),
    ("feature.task", |f| text(f.case.feature.task.value.id())),
    ("feature.languages", |f| Value::List(languages(f).collect())),
    ("feature.language_count", |f| {
        Value::exact(languages(f).count() as f64, Dimension::Number)
    }),
    ("role", |f| text(f.case.role.id())),
    ("ui", |f| text(&f.case.spec.ui.value)),
    ("offline", |f| Value::Bool(f.case.spec.offline.value)),
    ("commercial", |f| {
        let refused = &f.case.spec.app.non_commercial;
        Value::Bool(!refused.as_ref().is_some_and(|asked| asked.value))
    }),
    ("app.users", |f| match &f.case.spec.app.monthly_users {
        Some(users) => Value::exact(users.value as f64, Dimension::Number),
        None => Value::Nothing,
    }),
    ("app.regions", |f| {
        let regions = &f.case.spec.app.regions;
        Value::List(regions.iter().map(|region| region.value.as_str()).collect())
    }),
    ("input", |f| tokens(f.case.feature.input.value.get())),
    ("output", |f| tokens(f.case.feature.output.value.get())),
    ("context", |f| tokens(f.case.stack.settings.context.get())),
];

fn tokens<'a>(count: u64) -> Value<'a> {
    Value::exact(count as f64, Dimension::Tokens)
}

/// Languages the feature must handle: those listed and both ends of every direction, each once.
pub(super) fn languages<'a>(facts: &'a StackFacts<'_>) -> impl Iterator<Item = &'a str> {
    let feature = facts.case.feature;
    let listed = &feature.languages.value;
    let mut seen: Vec<&str> = listed.iter().map(String::as_str).collect();
    for (from, to) in &feature.directions {
        for language in [from.as_str(), to.as_str()] {
            if !seen.contains(&language) {
                seen.push(language);
            }
        }
    }
    seen.into_iter()
}
