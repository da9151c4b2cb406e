//! The estimate of each row in the units of its columns. Reads no names.

use super::bench::MIXED;
use super::conditions::{LONG_ANSWER, comparable, long_run, starts_within, warm};
use super::measured::{Measured, Quantity};
use super::resolve::resolve;
use super::score::Outcome;
use crate::catalog::types::{BackendKind, Catalog, Metric};
use crate::diagnostic::Text;
use crate::estimate::Estimator;
use crate::estimate::fit::{self, Observation};
use crate::estimate::llama::run::Run;
use crate::estimate::llama::{Place, blueprint, compute_bytes};
use crate::estimate::types::{Estimate, Figure, Load, Phone, Stack};
use crate::quantity::{Bytes, Interval, Tokens};

/// Context where a source states none.
const CONTEXT: f64 = 2048.0;
/// A prompt whose length nobody stated, as far as other quantities depend on it.
const PROMPT: f64 = 128.0;
/// Tokens of an answer, where nobody stated them.
const ANSWER: f64 = 64.0;
/// Prompts below this measure the overhead of a call more than the rate.
const SHORT: f64 = 64.0;
const MIB: f64 = 1_048_576.0;
/// What llama.cpp of 2025 reserved for a graph, of what ggml 0.26.0 does, at least: it kept fewer ways to fill a batch.
const EARLIER_RESERVE: f64 = 0.88;

/// Predicts all rows.
pub(super) fn predict(catalog: &Catalog, rows: &[Measured]) -> Vec<Outcome> {
    let mut catalog = catalog.clone();
    let resolved: Vec<Result<Observation, Text>> = rows
        .iter()
        .map(|row| resolve(&mut catalog, row).and_then(|it| plain_decoding(row).map(|()| it)))
        .collect();
    let observations: Vec<Observation> = resolved
        .iter()
        .filter_map(|it| it.as_ref().ok().cloned())
        .collect();
    let built = fit::stacks(&catalog, &observations);
    let sustained = catalog
        .calibrations
        .iter()
        .find(|row| row.metric == Metric::SustainedShare)
        .map(|row| Interval::of(row.low, row.likely, row.high));
    let estimator = Estimator::new(&built.catalog);
    let mut stacks = built.stacks.iter();
    rows.iter()
        .zip(resolved)
        .map(|(row, resolved)| {
            let mut outcome = Outcome::new(row.clone());
            let observation = match resolved {
                Ok(observation) => observation,
                Err(reason) => {
                    outcome.reason = Some(reason);
                    return outcome;
                }
            };
            let Some(Some((stack, phone))) = stacks.next() else {
                outcome.reason = Some(Text::key("verify.reason.stack"));
                return outcome;
            };
            let ids = [&observation.soc, &observation.runtime, &observation.backend];
            outcome.combination = Some(ids.map(Clone::clone));
            fill(
                &mut outcome,
                &estimator,
                &built.catalog,
                &observation,
                (stack, phone),
                sustained,
            );
            outcome
        })
        .collect()
}

/// Speculative decoding and starved runs are not what is predicted.
fn plain_decoding(row: &Measured) -> Result<(), Text> {
    const ODD: [&str; 5] = [
        "specul",
        "spec decoding on",
        "MTP",
        "sparse",
        "memory limited",
    ];
    let notes = &row.notes;
    if notes == MIXED {
        return Err(Text::key("verify.reason.mixed"));
    }
    if ODD.iter().any(|word| notes.contains(word)) {
        return Err(Text::key("verify.reason.odd"));
    }
    Ok(())
}

fn fill(
    outcome: &mut Outcome,
    estimator: &Estimator,
    catalog: &Catalog,
    observation: &Observation,
    (stack, phone): (&Stack, &Phone),
    sustained: Option<Interval<f64>>,
) {
    let row = outcome.row.clone();
    let prompt = observation.prompt.unwrap_or(PROMPT).max(1.0);
    let load = Load {
        prompt: Tokens::new(prompt as u64),
        generate: Tokens::new(ANSWER as u64),
    };
    // The cache as it stands in the middle of the answer; the estimate takes half the context for it.
    let answer = if long_run(&row) {
        LONG_ANSWER
    } else {
        row.generated.unwrap_or(ANSWER)
    };
    let filled = prompt + answer / 2.0;
    let mut speed = *stack;
    speed.settings.context = Tokens::new(2 * filled as u64);
    let estimate = estimator.figures(&speed, phone, &load);
    let seconds = estimate.ttft.value().map(|it| it.map(|s| s.get()));
    let decode = estimate.decode.value().map(|it| it.map(|s| s.get()));
    outcome.set(
        Quantity::Decode,
        match (decode, sustained) {
            (Some(cool), Some(share)) if warm(&row) => Some(Interval {
                low: cool.low * share.low,
                likely: cool.likely * share.likely,
                high: cool.high * share.high,
            }),
            (decode, _) => decode,
        },
    );
    let short = observation.prompt.is_some_and(|prompt| prompt < SHORT);
    outcome.set(
        Quantity::Prefill,
        if short {
            seconds.map(|it| Interval {
                low: prompt / it.high,
                likely: prompt / it.likely,
                high: prompt / it.low,
            })
        } else {
            estimate.prefill.value().map(|it| it.map(|s| s.get()))
        },
    );
    let start = estimate.cold_start.value().map(|it| it.map(|s| s.get()));
    let first = match (seconds, start) {
        (Some(first), Some(start)) if starts_within(&row) => Some(first + start),
        (first, _) => first,
    };
    let compared = comparable(&row, Quantity::Ttft) && observation.prompt.is_some();
    outcome.set(Quantity::Ttft, first.filter(|_| compared));
    let compared = comparable(&row, Quantity::Load);
    outcome.set(Quantity::Load, start.filter(|_| compared));
    let mut allocated = *stack;
    allocated.settings.context = Tokens::new(row.context.unwrap_or(CONTEXT).max(filled) as u64);
    let estimate = estimator.figures(&allocated, phone, &load);
    let held = buffers(catalog, &allocated);
    outcome.set(Quantity::PeakMemory, memory(&row, &estimate, held));
}

/// What a log of llama.cpp adds up beside weights and cache: compute buffers as they are reserved, with logits for a whole
/// batch and the host's part of a graph that runs elsewhere, and a tied output matrix beside its embedding. `None` where
/// the graph is not replayed.
fn buffers(catalog: &Catalog, stack: &Stack) -> Option<Interval<f64>> {
    let model = &catalog.models[stack.model.at()];
    let decoder = blueprint::decoder(&model.family, &model.arch.as_ref()?.value)?;
    let run = Run {
        context: stack.settings.context.get(),
        ubatch: u64::from(stack.settings.ubatch),
        ..Run::default()
    };
    let at = |place| compute_bytes(&decoder, &run, place) as f64;
    let whole = at(Place::Cpu);
    let (compute, most) = match catalog.backends[stack.backend.at()].kind {
        BackendKind::Cpu => (whole, whole),
        // What a backend cannot do goes back to the CPU, in the worst case a part of every layer.
        _ => {
            let split = at(Place::Device) + at(Place::Host);
            (split, split + whole)
        }
    };
    let copy = fit::tied_copy(catalog, stack);
    Some(Interval {
        low: compute * EARLIER_RESERVE + copy,
        likely: compute + copy,
        high: most + copy,
    })
}

/// The parts a kind of figure counts, in the unit of the row.
fn memory(
    row: &Measured,
    estimate: &Estimate,
    held: Option<Interval<f64>>,
) -> Option<Interval<f64>> {
    let kind = row.mem_kind.to_lowercase();
    let unit = if kind.contains("mib") || row.notes.contains("RSS in MiB") {
        MIB
    } else {
        1e6
    };
    let sum = |parts: &[&Figure<Bytes>]| {
        let mut total = Interval::exact(0.0);
        for part in parts {
            let value = part.value()?.map(Bytes::as_f64);
            total = Interval {
                low: total.low + value.low,
                likely: total.likely + value.likely,
                high: total.high + value.high,
            };
        }
        Some(total)
    };
    let bytes = if kind.contains("buffers") || kind.contains("breakdown") {
        let held = held?;
        sum(&[&estimate.weights, &estimate.kv_cache])? + held
    } else if kind.contains("footprint") || kind.contains("increase") {
        // What the process is charged for; mapped pages of the file may be counted as they are read.
        let charged = sum(&[&estimate.peak])?;
        let all = sum(&[&estimate.weights, &estimate.kv_cache, &estimate.compute])?;
        Interval {
            low: charged.low,
            likely: charged.likely,
            high: charged.high.max(all.high),
        }
    } else if kind.contains("estimated") || kind.contains("budget") {
        return None;
    } else {
        // Resident pages: the file is read once a token, so all of it stands in memory.
        sum(&[&estimate.weights, &estimate.kv_cache, &estimate.compute])?
    };
    Some(bytes.map(|bytes| bytes / unit))
}
