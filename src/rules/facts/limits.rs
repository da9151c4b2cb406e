//! Facts of limits: the platform's grant, the spec's budgets, the stores.

use super::Value;
use super::stack::{Getter, StackFacts};
use crate::quantity::{Bytes, Dimension};

/// Rows for [`super::stack`].
pub(super) const GETTERS: &[Getter] = &[
    ("budget.memory", |f| granted(f, f.budgets.memory)),
    ("budget.memory_base", |f| granted(f, f.budgets.base)),
    ("budget.memory_entitled", |f| match f.budgets.entitled {
        Some(entitled) => bytes(Some(entitled)),
        None if f.platform().entitlements.is_empty() => Value::Nothing,
        None => granted(f, None),
    }),
    ("budget.memory_asked", |f| bytes(f.budgets.asked)),
    ("budget.memory_contested", |f| {
        Value::Bool(f.budgets.contested)
    }),
    ("budget.download", |f| {
        let asked = f.case.spec.budget.download.as_ref();
        bytes(asked.map(|asked| asked.value))
    }),
    ("budget.storage", |f| {
        let asked = f.case.spec.budget.storage.as_ref();
        bytes(asked.map(|asked| asked.value))
    }),
    ("budget.battery", |f| match &f.case.spec.budget.battery {
        Some(asked) => Value::exact(asked.value, Dimension::Drain),
        None => Value::Nothing,
    }),
    ("store.memory_threshold", |f| bytes(f.budgets.store)),
    ("store.app_size", |f| limit(f, "app-size")),
    ("store.base_module", |f| limit(f, "base-module")),
    ("store.asset_pack", |f| limit(f, "asset-pack")),
    ("store.install_time", |f| limit(f, "install-time")),
    ("store.cellular_prompt", |f| limit(f, "cellular-download")),
];

/// A limit that may not be set: nothing then exceeds it.
fn bytes<'a>(limit: Option<Bytes>) -> Value<'a> {
    limit.map_or(Value::Nothing, |bytes| {
        Value::exact(bytes.as_f64(), Dimension::Bytes)
    })
}

/// A grant that surely exists, even where the catalog does not know it.
fn granted<'a>(facts: &'a StackFacts<'_>, grant: Option<Bytes>) -> Value<'a> {
    Value::or_unknown(
        grant.map(|bytes| Value::exact(bytes.as_f64(), Dimension::Bytes)),
        "unknown.memory_budget",
        &facts.platform().id,
    )
}

fn limit<'a>(facts: &StackFacts<'_>, id: &str) -> Value<'a> {
    bytes(facts.platform().limit(id).map(|limit| limit.bytes.value))
}
