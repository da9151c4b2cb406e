//! Which row answers for which fact: the table over all getters. Reads no figure itself.

use std::sync::LazyLock;

use super::stack::{Getter, StackFacts};
use super::{Facts, Value, asked, limits, made, phone, support, terms};
use crate::spec::expr::FactId;
use crate::spec::facts::FACTS;

/// All rows, wherever they stand.
fn rows() -> impl Iterator<Item = &'static Getter> {
    [
        asked::GETTERS,
        phone::GETTERS,
        support::GETTERS,
        terms::GETTERS,
        made::GETTERS,
        limits::GETTERS,
    ]
    .into_iter()
    .flatten()
}

/// The rows in the order of [`FACTS`].
static TABLE: LazyLock<Vec<Option<&'static Getter>>> = LazyLock::new(|| {
    FACTS
        .iter()
        .map(|fact| rows().find(|(path, _)| *path == fact.path))
        .collect()
});

impl Facts for StackFacts<'_> {
    fn value(&self, fact: FactId) -> Value<'_> {
        match TABLE.get(usize::from(fact.0)) {
            Some(Some((_, read))) => read(self),
            _ => Value::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_has_exactly_one_row_and_every_row_is_a_fact() {
        let mut rows: Vec<&str> = rows().map(|(path, _)| *path).collect();
        rows.sort_unstable();
        let mut facts: Vec<&str> = FACTS.iter().map(|fact| fact.path).collect();
        facts.sort_unstable();
        assert_eq!(rows, facts);
    }
}
