//! One estimate as text or JSON, for the `estimate` command. Adds nothing to the figures.

mod ask;
mod json;
#[cfg(test)]
mod report_test;
mod text;

pub use self::ask::Ask;

use super::estimate;
use super::types::{Estimate, Figure, Load, Phone, Stack, Step};
use crate::catalog::types::Catalog;
use crate::diagnostic::{Locale, Text};
use crate::quantity::{Bytes, Interval};

/// An estimate with the stack and phone it is for.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    stack: Stack,
    phone: Phone,
    load: Load,
    estimate: Estimate,
}

/// Estimates what `ask` names.
///
/// # Errors
/// A name that the catalog does not know, with the nearest it does; a context out of range; no such file.
pub fn report(catalog: &Catalog, ask: &Ask) -> Result<Report, Text> {
    let (stack, phone, load) = ask::resolve(catalog, ask)?;
    let estimate = estimate(catalog, &stack, &phone, &load);
    Ok(Report {
        stack,
        phone,
        load,
        estimate,
    })
}

impl Report {
    /// The derivations, line by line, ending in a line feed.
    #[must_use]
    pub fn text(&self, catalog: &Catalog, locale: Locale) -> String {
        text::write(self, catalog, locale)
    }

    /// The same as data: figures by name, each with its ends, unit and steps.
    #[must_use]
    pub fn json(&self, catalog: &Catalog, locale: Locale) -> serde_json::Value {
        json::value(self, catalog, locale)
    }

    /// The figures in the order both forms show them.
    fn lines(&self) -> Vec<Line<'_>> {
        let it = &self.estimate;
        vec![
            Line::bytes("weights", "figure.weights", &it.weights),
            Line::bytes(
                "weights_charged",
                "figure.weights_charged",
                &it.weights_charged,
            ),
            Line::bytes("mapped_memory", "figure.mapped", &it.mapped),
            Line::bytes("kv_cache", "figure.kv_cache", &it.kv_cache),
            Line::bytes("compute_buffer", "figure.compute", &it.compute),
            Line::bytes("peak_memory", "figure.peak", &it.peak),
            Line::bytes(
                "largest_tensor",
                "figure.largest_tensor",
                &it.largest_tensor,
            ),
            Line::bytes("download", "figure.download", &it.download),
            Line::bytes("storage", "figure.storage", &it.storage),
            Line::of(
                "cold_start",
                "figure.cold_start",
                "s",
                &it.cold_start,
                |v| v.get(),
            ),
            Line::of("prefill", "figure.prefill", "tok/s", &it.prefill, |v| {
                v.get()
            }),
            Line::of("ttft", "figure.ttft", "s", &it.ttft, |v| v.get()),
            Line::of("decode", "figure.decode", "tok/s", &it.decode, |v| v.get()),
            Line::of("latency", "figure.latency", "s", &it.latency, |v| v.get()),
            Line::of("energy", "figure.energy", "J/token", &it.energy, |v| {
                v.get()
            }),
            Line::of("battery", "figure.battery", "%/h", &it.battery, |v| v.get()),
        ]
    }
}

/// A figure with its kind taken off.
struct Line<'a> {
    /// Path of the fact, the key in JSON.
    fact: &'static str,
    /// Message key of its name.
    name: &'static str,
    unit: &'static str,
    state: State<'a>,
}

enum State<'a> {
    Known {
        numbers: Interval<f64>,
        shown: String,
        steps: &'a [Step],
    },
    Unknown {
        missing: &'static str,
        of: &'a str,
    },
    NotApplicable,
}

impl<'a> Line<'a> {
    fn bytes(fact: &'static str, name: &'static str, figure: &'a Figure<Bytes>) -> Self {
        Self::of(fact, name, "B", figure, Bytes::as_f64)
    }

    fn of<T: Copy + PartialOrd + std::fmt::Display>(
        fact: &'static str,
        name: &'static str,
        unit: &'static str,
        figure: &'a Figure<T>,
        number: impl Fn(T) -> f64,
    ) -> Self {
        let state = match figure {
            Figure::Known { value, steps } => State::Known {
                numbers: value.map(number),
                shown: value.to_string(),
                steps,
            },
            Figure::Unknown { missing, of } => State::Unknown { missing, of },
            Figure::NotApplicable => State::NotApplicable,
        };
        Self {
            fact,
            name,
            unit,
            state,
        }
    }
}
