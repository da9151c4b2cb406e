//! How well the constants predict what they were not fitted on: whole devices and whole sources left out in turn.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::constants;
use super::observation::{Observation, read};
use super::sample::{self, Stacks};
use super::{Fitted, statistics};
use crate::catalog;
use crate::catalog::types::{
    BackendIx, Calibration, Catalog, Metric, ModelIx, Origin, QuantFamily, QuantIx, RuntimeIx,
    SocIx,
};
use crate::estimate::estimate;
use crate::estimate::factors::Rate;
use crate::estimate::types::{Figure, Phone, Stack};
use crate::quantity::TokensPerSecond;

const TABLE: &str = include_str!("../../../catalog/calibration/measurements.csv");

/// The constants as the catalog would hold them.
fn calibrations(catalog: &Catalog, fitted: &[Fitted]) -> Vec<Calibration> {
    let at = |found: Option<usize>| found.and_then(|at| u32::try_from(at).ok());
    let families = [
        ("float", QuantFamily::Float),
        ("legacy4", QuantFamily::Legacy4),
        ("int8", QuantFamily::Int8),
        ("k-quant", QuantFamily::KQuant),
        ("sub-four", QuantFamily::SubFour),
        ("group4", QuantFamily::Group4),
    ];
    fitted
        .iter()
        .map(|row| Calibration {
            metric: row.metric,
            runtime: at(row
                .runtime
                .as_ref()
                .and_then(|id| catalog.runtimes.iter().position(|it| &it.id == id)))
            .map(RuntimeIx),
            backend: at(row
                .backend
                .as_ref()
                .and_then(|id| catalog.backends.iter().position(|it| &it.id == id)))
            .map(BackendIx),
            family: families
                .iter()
                .find(|(id, _)| row.family.as_deref() == Some(id))
                .map(|(_, family)| *family),
            quant: at(row
                .quant
                .as_ref()
                .and_then(|id| catalog.quantizations.iter().position(|it| &it.id == id)))
            .map(QuantIx),
            model: at(row
                .model
                .as_ref()
                .and_then(|id| catalog.models.iter().position(|it| &it.id == id)))
            .map(ModelIx),
            soc: at(row
                .soc
                .as_ref()
                .and_then(|id| catalog.socs.iter().position(|it| &it.id == id)))
            .map(SocIx),
            low: row.value.low,
            likely: row.value.likely,
            high: row.value.high,
            n: u32::try_from(row.n).unwrap_or(u32::MAX),
            sources: Vec::new(),
            at: Origin {
                file: 0,
                start: 0,
                end: 0,
            },
        })
        .collect()
}

/// Errors of one metric over the rows that were left out.
#[derive(Default)]
struct Score {
    errors: Vec<f64>,
    covered: usize,
    unknown: usize,
}

impl Score {
    fn add(&mut self, figure: &Figure<TokensPerSecond>, seen: f64) {
        let Some(value) = figure.value() else {
            self.unknown += 1;
            return;
        };
        self.errors.push((value.likely.get() / seen - 1.0).abs());
        self.covered += usize::from(value.low.get() <= seen && seen <= value.high.get());
    }

    fn line(&mut self) -> String {
        let n = self.errors.len();
        if n == 0 {
            return format!("unknown {}", self.unknown);
        }
        let median = statistics::median(&mut self.errors) * 100.0;
        let covered = 100.0 * self.covered as f64 / n as f64;
        format!(
            "n {n}, median error {median:.0} %, inside the interval {covered:.0} %, unknown {}",
            self.unknown
        )
    }
}

/// What the fit had seen of a row's stack.
fn regime(others: &[sample::Sample], stack: &Stack, phone: &Phone) -> &'static str {
    let any = |seen: &dyn Fn(&sample::Sample) -> bool| others.iter().any(seen);
    let engine = |it: &sample::Sample| it.runtime == stack.runtime && it.backend == stack.backend;
    let chip = |it: &sample::Sample| Some(it.soc) == phone.soc;
    if any(&|it| engine(it) && chip(it)) {
        "chip and engine seen together"
    } else if any(&engine) && any(&chip) {
        "chip and engine seen apart"
    } else if any(&engine) {
        "chip not seen"
    } else {
        "engine not seen"
    }
}

/// Leaves out each group of rows in turn, fits on the others, predicts the group.
fn cross_validate(group: impl Fn(&Observation) -> String) -> String {
    let rows = read(TABLE);
    let builtin = catalog::builtin();
    let Stacks {
        mut catalog,
        stacks,
    } = sample::stacks(builtin, &rows);
    let by_hand: Vec<Calibration> = builtin
        .calibrations
        .iter()
        .filter(|row| builtin.files[usize::from(row.at.file)].ends_with("physical.yaml"))
        .cloned()
        .collect();
    let samples = sample::samples(builtin, &rows);
    let overheads = constants::overheads(&samples);
    let widenings: Vec<Fitted> = constants::all(builtin, &samples, &overheads, true)
        .into_iter()
        .filter(|row| is_widening(row.metric))
        .collect();
    let groups: BTreeSet<String> = rows.iter().map(&group).collect();
    let mut scores: BTreeMap<(&str, String), Score> = BTreeMap::new();
    for left_out in groups {
        let others: Vec<sample::Sample> = samples
            .iter()
            .filter(|it| group(&it.seen) != left_out)
            .cloned()
            .collect();
        let mut fitted = constants::all(builtin, &others, &overheads, false);
        fitted.retain(|row| !is_widening(row.metric));
        fitted.extend(widenings.iter().cloned());
        catalog.calibrations = calibrations(builtin, &fitted);
        catalog.calibrations.extend(by_hand.iter().cloned());
        for (row, stack) in rows.iter().zip(&stacks) {
            let (Some((stack, phone)), true) = (stack, group(row) == left_out) else {
                continue;
            };
            let predicted = estimate(&catalog, stack, phone, &sample::load(row));
            let engine = format!("{} {}", row.runtime, row.backend);
            let regime = regime(&others, stack, phone);
            for (metric, seen, figure) in [
                ("decode", row.decode, &predicted.decode),
                ("prefill", row.prefill, &predicted.prefill),
            ] {
                let (Some(seen), true) = (seen, row.serves(metric)) else {
                    continue;
                };
                let keys = [
                    "all".to_owned(),
                    format!("all, {regime}"),
                    format!("engine {engine}"),
                    format!("chip {}", row.soc),
                ];
                for key in keys {
                    scores.entry((metric, key)).or_default().add(figure, seen);
                }
            }
        }
    }
    let mut out = String::new();
    for ((metric, engine), score) in &mut scores {
        let _ = writeln!(out, "{metric}, {engine}: {}", score.line());
    }
    out
}

#[test]
fn errors_on_devices_left_out() {
    insta::assert_snapshot!(cross_validate(|row| row.device.clone()));
}

#[test]
fn errors_on_sources_left_out() {
    insta::assert_snapshot!(cross_validate(|row| row.source.clone()));
}

#[test]
fn errors_on_models_left_out() {
    insta::assert_snapshot!(cross_validate(|row| row.model.clone()));
}

fn is_widening(metric: Metric) -> bool {
    Rate::ALL.iter().any(|rate| rate.widening() == metric)
}
