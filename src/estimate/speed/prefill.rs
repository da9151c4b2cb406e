//! Prompt processing, time to first token, whole answers. Holds no constant of its own.

use super::super::calibration::Metric;
use super::super::factors::Rate;
use super::super::trail::{Trail, reason};
use super::super::types::Figure;
use super::decode::decode_speed;
use super::{Timing, basis, generates, of_system, plays, rate_on_soc, share, speech};
use crate::catalog::types::{Role, WeightResidency};
use crate::quantity::{Interval, Seconds, TokensPerSecond};

/// Prefill speed at the load's prompt length; `decode` is the decode speed, where it was asked for.
pub(crate) fn prefill(
    case: &Timing,
    decode: Option<Interval<TokensPerSecond>>,
) -> Figure<TokensPerSecond> {
    // Nobody says how long what is embedded is: without a length there is no time, least of all none.
    let embeds = plays(case, Role::Embed) && case.load.prompt.get() > 0;
    if !generates(case) && !embeds {
        return Figure::NotApplicable;
    }
    if case.residency() == WeightResidency::SystemOwned {
        return of_system(case, Metric::SystemPrefill);
    }
    let prompt = case.load.prompt.get();
    let Some(work) = case.demand.operations else {
        return case.detail.unknown("unknown.params", &case.model.id);
    };
    let mut trail = case.detail.trail();
    let sources = case
        .model
        .params
        .as_ref()
        .map_or(&[][..], |params| &params.sources);
    trail.line(
        "step.work_per_token",
        format_args!("{prompt} tokens"),
        format_args!("{:.2} GFLOP", work / 1e9),
        sources,
    );
    let (rate, product) = match rate_on_soc(case, Rate::Prefill, &mut trail) {
        Ok(found) => found,
        Err(figure) => return figure,
    };
    trail.line(
        if product.own {
            "step.prefill_rate_own"
        } else {
            "step.prefill_rate_pooled"
        },
        share(&product),
        format_args!(
            "{:.0} ({:.0} – {:.0}) GFLOP/s",
            rate.likely / 1e9,
            rate.low / 1e9,
            rate.high / 1e9
        ),
        product.sources,
    );
    let decode = decode.or_else(|| decode_speed(case));
    let value = passes(case, work, (rate, decode), &mut trail);
    trail.line("step.prefill", "", value, &[]);
    trail.known(value)
}

/// Tokens of the prompt per second. An engine takes them in passes of so many tokens, a shorter prompt being filled up; each
/// pass takes its arithmetic, and reads the weights at least once, which takes as long as a token of `decode`.
fn passes(
    case: &Timing,
    work: f64,
    (rate, decode): (Interval<f64>, Option<Interval<TokensPerSecond>>),
    trail: &mut Trail,
) -> Interval<TokensPerSecond> {
    let prompt = case.load.prompt.get().max(1) as f64;
    let batch = case.constant(Metric::PrefillBatch);
    let (size, count) = batch.map_or((prompt, 1.0), |batch| {
        let size = batch.value.likely;
        (size, (prompt / size).ceil())
    });
    if let Some(batch) = batch {
        let formula = format_args!("{prompt} tokens in passes of {size}");
        trail.line("step.prefill_passes", formula, count, batch.sources);
    }
    let reading = decode.map_or(Interval::exact(0.0), |decode| {
        decode.map(|speed| 1.0 / speed.get())
    });
    let speed = |rate: f64, reading: f64| {
        TokensPerSecond::new(prompt / (count * (size * work / rate).max(reading)))
    };
    Interval {
        low: speed(rate.low, reading.high),
        likely: speed(rate.likely, reading.likely),
        high: speed(rate.high, reading.low),
    }
}

/// Time from a prompt to its first token, the model being loaded.
pub(crate) fn ttft(case: &Timing, prefill: &Figure<TokensPerSecond>) -> Figure<Seconds> {
    let Figure::Known { value: speed, .. } = prefill else {
        return reason(prefill).unwrap_or(Figure::NotApplicable);
    };
    let prompt = case.load.prompt;
    let mut trail = case.detail.trail();
    let reading = speed.map(|speed| prompt / speed);
    trail.line(
        "step.prompt_time",
        format_args!("{prompt} / {speed}"),
        reading,
        &[],
    );
    let mut value = reading;
    if let Some(overhead) = case.constant(Metric::CallOverhead) {
        let fixed = overhead.value.map(Seconds::new);
        trail.line(
            "step.call_overhead",
            basis(&overhead),
            fixed,
            overhead.sources,
        );
        value = value + fixed;
    }
    trail.line("step.ttft", "", value, &[]);
    trail.known(value)
}

/// Time from a prompt to the last token of its answer; to the vector, the text or the sound where there are no tokens.
pub(crate) fn latency(
    case: &Timing,
    ttft: &Figure<Seconds>,
    decode: &Figure<TokensPerSecond>,
) -> Figure<Seconds> {
    if !generates(case) {
        return match case.model.roles.first() {
            Some(Role::Asr) => speech::recognition(case),
            Some(Role::Tts) => speech::speaking(case),
            Some(Role::Embed) => ttft.clone(),
            _ => Figure::NotApplicable,
        };
    }
    let (Figure::Known { value: first, .. }, Figure::Known { value: speed, .. }) = (ttft, decode)
    else {
        return reason(ttft)
            .or_else(|| reason(decode))
            .unwrap_or(Figure::NotApplicable);
    };
    let rest = speed.map(|speed| case.load.generate / speed);
    let value = *first + rest;
    let formula = format_args!("{first} + {} / {speed}", case.load.generate);
    let mut trail = case.detail.trail();
    trail.line("step.latency", formula, value, &[]);
    trail.known(value)
}
