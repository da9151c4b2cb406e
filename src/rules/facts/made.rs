//! Facts of the estimate: what the stack needs and how fast it runs.

use super::Value;
use super::stack::{Getter, StackFacts};
use crate::estimate::types::Figure;
use crate::quantity::{Bytes, Dimension, Interval, Tokens};
use crate::rules::eval::narrow;

/// Rows for [`super::stack`].
pub(super) const GETTERS: &[Getter] = &[
    ("weights", |f| bytes(f, &f.estimate.weights)),
    ("weights.charged", |f| bytes(f, &f.estimate.weights_charged)),
    ("weights.largest_tensor", |f| {
        bytes(f, &f.estimate.largest_tensor)
    }),
    ("kv_cache", |f| bytes(f, &f.estimate.kv_cache)),
    ("compute_buffer", |f| bytes(f, &f.estimate.compute)),
    ("peak_memory", |f| match bytes(f, &f.estimate.peak) {
        Value::Quantity(stack, dimension) => {
            let app = f.platform().app_baseline.value.as_f64();
            Value::Quantity(stack + Interval::exact(app), dimension)
        }
        other => other,
    }),
    ("mapped_memory", |f| bytes(f, &f.estimate.mapped)),
    ("app_memory", |f| {
        Value::exact(f.platform().app_baseline.value.as_f64(), Dimension::Bytes)
    }),
    ("download", |f| bytes(f, &f.estimate.download)),
    ("storage", |f| bytes(f, &f.estimate.storage)),
    ("cold_start", |f| {
        figure(f, &f.estimate.cold_start, Dimension::Time, |s| s.get())
    }),
    ("ttft", |f| {
        figure(f, &f.estimate.ttft, Dimension::Time, |s| s.get())
    }),
    ("latency", |f| {
        figure(f, &f.estimate.latency, Dimension::Time, |s| s.get())
    }),
    ("prefill", |f| {
        figure(f, &f.estimate.prefill, Dimension::Rate, |r| r.get())
    }),
    ("decode", |f| {
        figure(f, &f.estimate.decode, Dimension::Rate, |r| r.get())
    }),
    ("energy", |f| {
        figure(f, &f.estimate.energy, Dimension::EnergyPerToken, |e| {
            e.get()
        })
    }),
    ("battery", |f| {
        figure(f, &f.estimate.battery, Dimension::Drain, |d| d.get())
    }),
];

/// A figure narrowed to the spec's confidence.
fn figure<'a, T: Copy + PartialOrd>(
    facts: &'a StackFacts<'_>,
    figure: &'a Figure<T>,
    dimension: Dimension,
    read: impl Fn(T) -> f64,
) -> Value<'a> {
    match figure {
        Figure::Known { value, .. } => {
            let plain = value.map(read);
            Value::Quantity(narrow(plain, facts.case.spec.confidence.value), dimension)
        }
        Figure::Unknown { missing, of } => Value::Unknown { missing, of },
        Figure::NotApplicable => Value::Nothing,
    }
}

fn bytes<'a>(facts: &'a StackFacts<'_>, of: &'a Figure<Bytes>) -> Value<'a> {
    figure(facts, of, Dimension::Bytes, Bytes::as_f64)
}

/// A count of tokens the catalog may not hold.
pub(super) fn tokens<'a>(count: Option<Tokens>, missing: &'static str, of: &'a str) -> Value<'a> {
    Value::or_unknown(
        count.map(|count| Value::exact(count.get() as f64, Dimension::Tokens)),
        missing,
        of,
    )
}
