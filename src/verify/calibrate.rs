//! A team's own measurements as an overlay of the catalog: the factor of each chip and engine, brought up to date.
//!
//! The factor known so far is the prior; the mean of the logarithms of measured over predicted is what was seen, with
//! the scatter of rows and of models as its error. Fits no other constant; writes no file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::measured::{Measured, Quantity};
use super::predict::predict;
use super::score::Outcome;
use crate::catalog::types::{Calibration, Catalog};
use crate::diagnostic::Text;
use crate::estimate::factors::{HALF_WIDTH, LEVELS, Rate, key};
use crate::quantity::ln;

/// What one chip with one engine and backend showed.
#[derive(Debug, Default)]
struct Seen {
    logarithms: Vec<f64>,
    models: BTreeSet<String>,
}

/// An overlay for `--catalog DIR` from measurements on one device.
///
/// # Errors
/// No row that could be predicted, or a chip the catalog does not know.
pub fn calibrate(catalog: &Catalog, rows: &[Measured], device: &str) -> Result<String, Text> {
    let outcomes = predict(catalog, rows);
    let mut overlay = Overlay {
        catalog,
        source: source_id(device),
        text: head(device),
    };
    let mut any = false;
    for rate in Rate::ALL {
        let quantity = match rate {
            Rate::Decode => Quantity::Decode,
            Rate::Prefill => Quantity::Prefill,
        };
        for (combination, seen) in gather(&outcomes, quantity) {
            let [soc, ..] = &combination;
            if !catalog.socs.iter().any(|it| &it.id == soc) {
                return Err(Text::key("verify.calibrate_chip").arg("chip", soc.as_str()));
            }
            overlay.record(rate, &combination, &seen);
            any = true;
        }
    }
    if any {
        Ok(overlay.text)
    } else {
        Err(Text::key("verify.calibrate_nothing"))
    }
}

/// The name of the source, from the device's: lower case, letters and digits.
fn source_id(device: &str) -> String {
    let name: String = device
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    format!("own-measurements-{}", name.trim_matches('-'))
}

fn head(device: &str) -> String {
    let plain: String = device
        .chars()
        .filter(|c| !c.is_control() && *c != '"' && *c != '\\')
        .collect();
    format!(
        "# Written by `edgeplanc calibrate`. Use it with `--catalog DIR`.\n\
         sources:\n  - id: {id}\n    title: \"Own measurements on {plain}, set against the estimates\"\n    kind: derived\n\
         calibrations:\n",
        id = source_id(device)
    )
}

fn gather(outcomes: &[Outcome], quantity: Quantity) -> BTreeMap<[String; 3], Seen> {
    let mut groups: BTreeMap<[String; 3], Seen> = BTreeMap::new();
    for outcome in outcomes {
        let (Some(combination), Some(seen), Some(predicted)) = (
            outcome.combination.as_ref(),
            outcome.row.seen(quantity),
            outcome.predicted(quantity),
        ) else {
            continue;
        };
        let group = groups.entry(combination.clone()).or_default();
        group.logarithms.push(ln(seen / predicted.likely));
        group.models.insert(outcome.row.model.clone());
    }
    groups
}

/// Variance of a factor with that half width.
fn variance(half: f64) -> f64 {
    let deviation = half / HALF_WIDTH;
    deviation * deviation
}

fn scale(level: u8, rate: Rate) -> f64 {
    LEVELS
        .iter()
        .find(|(it, _)| *it == level)
        .map_or(0.0, |(_, scales)| scales[rate as usize])
}

/// Where an overlay is written, and as whose.
struct Overlay<'a> {
    catalog: &'a Catalog,
    source: String,
    text: String,
}

impl Overlay<'_> {
    fn record(&mut self, rate: Rate, combination: &[String; 3], seen: &Seen) {
        let catalog = self.catalog;
        let source = &self.source;
        let [soc, runtime, backend] = combination;
        let is = |row: &&Calibration| {
            row.metric == rate.factor()
                && row.soc.is_some_and(|it| &catalog.socs[it.at()].id == soc)
                && row
                    .runtime
                    .is_some_and(|it| &catalog.runtimes[it.at()].id == runtime)
                && row
                    .backend
                    .is_some_and(|it| &catalog.backends[it.at()].id == backend)
                && row.family.is_none()
        };
        let known = catalog.calibrations.iter().rfind(is);
        // A chip nobody measured with this engine is uncertain in all that is its own.
        let unseen: f64 = [
            key::SOC,
            key::SOC | key::BACKEND,
            key::SOC | key::RUNTIME | key::BACKEND,
        ]
        .iter()
        .map(|level| scale(*level, rate) * scale(*level, rate))
        .sum();
        let (before, prior) = known.map_or((0.0, unseen), |row| {
            (row.likely, variance((row.high - row.low) / 2.0))
        });
        let scatter = catalog
            .calibrations
            .iter()
            .find(|row| row.metric == rate.scatter())
            .map_or(0.04, |row| variance(row.likely));
        let n = seen.logarithms.len() as f64;
        let models = seen.models.len() as f64;
        let of_models = scale(key::MODEL, rate) * scale(key::MODEL, rate);
        let error = scatter / n + of_models / models;
        let mean = seen.logarithms.iter().sum::<f64>() / n;
        let weight = prior / (prior + error);
        let value = before + weight * mean;
        let half = HALF_WIDTH * (prior * error / (prior + error)).sqrt();
        let _ = writeln!(
            self.text,
            "  - metric: {metric}\n    runtime: {runtime}\n    backend: {backend}\n    soc: {soc}\n    \
         low: {low:.4}\n    likely: {value:.4}\n    high: {high:.4}\n    n: {count}\n    sources: [{source}]",
            metric = rate.factor().id(),
            low = value - half,
            high = value + half,
            count = seen.logarithms.len(),
        );
    }
}
