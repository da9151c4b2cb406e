//! Time from the end of an utterance to its text, and from a sentence to its sound. Holds no constant of its own.

use super::super::calibration::Metric;
use super::super::factors::Rate;
use super::super::parts::file_bytes;
use super::super::trail::{Detail, Trail};
use super::super::types::Figure;
use super::{Timing, bandwidth, quotient, rate_on_soc};
use crate::catalog::types::QuantFamily;
use crate::quantity::{Bytes, BytesPerSecond, Interval, Seconds};

/// Length of an utterance that is planned for, heard or spoken (s): a sentence. Plans say it beside such times
/// (`plan.speed.latency_asr` and its like).
const UTTERANCE: f64 = 5.0;
/// Whisper pads every utterance to its window (s).
const WHISPER_WINDOW: f64 = 30.0;
/// Tokens of text in a planned utterance.
const UTTERANCE_TOKENS: u64 = 20;

/// Latency of recognition: the encoder over the audio, then a decoder that reads half the weights a token. A model whose
/// work is stated writes no text token by token: what it writes is part of that work.
pub(super) fn recognition(case: &Timing) -> Figure<Seconds> {
    let heard = if case.model.family == "whisper" {
        WHISPER_WINDOW
    } else {
        UTTERANCE
    };
    let mut trail = case.detail.trail();
    let Some(params) = published_params(case) else {
        return case.detail.unknown("unknown.params", &case.model.id);
    };
    let encoding = match work(case, Metric::AsrWork, (params, heard), &mut trail) {
        Ok(seconds) => seconds,
        Err(figure) => return figure,
    };
    if case.model.work.is_some() {
        trail.line("step.recognition", "", encoding, &[]);
        return trail.known(encoding);
    }
    let Some(weights) = file_bytes(case.artifact) else {
        return case
            .detail
            .unknown("unknown.artifact_bytes", &case.artifact.id);
    };
    let (speed, constant) = match rate_on_soc(case, Rate::Decode, &mut Detail::Figures.trail()) {
        Ok(found) => found,
        Err(figure) => return figure,
    };
    let text = |bytes: Bytes, speed: f64| {
        let read = Bytes::new(bytes.get() / 2 * UTTERANCE_TOKENS);
        read / BytesPerSecond::new(speed)
    };
    let decoding = Interval {
        low: text(weights.low, speed.high),
        likely: text(weights.likely, speed.likely),
        high: text(weights.high, speed.low),
    };
    let formula = format_args!("{UTTERANCE_TOKENS} x {weights} / 2 / {}", bandwidth(speed));
    trail.line("step.transcript", formula, decoding, constant.sources);
    let value = encoding + decoding;
    trail.line("step.recognition", "", value, &[]);
    trail.known(value)
}

/// Latency of speaking one sentence, the whole of it being made before it sounds.
pub(super) fn speaking(case: &Timing) -> Figure<Seconds> {
    let mut trail = case.detail.trail();
    let Some(params) = params_of_voice(case, &mut trail) else {
        return case.detail.unknown("unknown.params", &case.model.id);
    };
    match work(case, Metric::TtsWork, (params, UTTERANCE), &mut trail) {
        Ok(value) => trail.known(value),
        Err(figure) => figure,
    }
}

fn published_params(case: &Timing) -> Option<Interval<f64>> {
    let params = case.model.params.as_ref()?;
    Some(Interval::exact(params.value.get() as f64))
}

/// Parameters of a voice: few publish them, so else those that the plain numbers of the file can be. A bundle holds
/// dictionaries besides.
fn params_of_voice(case: &Timing, trail: &mut Trail) -> Option<Interval<f64>> {
    if let Some(params) = published_params(case) {
        return Some(params);
    }
    let plain = matches!(case.quant.family, QuantFamily::Float | QuantFamily::Int8);
    let bytes = file_bytes(case.artifact).filter(|_| plain)?;
    let least = if case.artifact.bundle { 0.5 } else { 1.0 };
    let bits = case.quant.bits.value;
    let of = |bytes: Bytes| bytes.get() as f64 * 8.0 / bits;
    let params = Interval {
        low: of(bytes.low) * least,
        likely: of(bytes.likely) * least.sqrt(),
        high: of(bytes.high),
    };
    let formula = format_args!("{bytes} x 8 / {bits:.0}");
    let shown = format_args!(
        "{:.0} M ({:.0} M – {:.0} M)",
        params.likely / 1e6,
        params.low / 1e6,
        params.high / 1e6
    );
    trail.line("step.file_params", formula, shown, &[]);
    Some(params)
}

/// Parameters x operations per parameter and second of audio x seconds, over the arithmetic rate of the chip.
fn work(
    case: &Timing,
    name: Metric,
    (params, seconds): (Interval<f64>, f64),
    trail: &mut Trail,
) -> Result<Interval<Seconds>, Figure<Seconds>> {
    let Some(pooled) = case.constant(name) else {
        return Err(case.detail.unknown("unknown.speech_work", case.pairing()));
    };
    let (each, sources) = match &case.model.work {
        Some(own) => {
            // What models differ in is gone; what chips differ in stays: half the width of the logarithm.
            let beside = |end: f64| own.value * (end / pooled.value.likely).sqrt();
            (pooled.value.map(beside), &*own.sources)
        }
        None => (pooled.value, pooled.sources),
    };
    let (rate, constant) = rate_on_soc(case, Rate::Prefill, trail)?;
    let total = Interval {
        low: each.low * params.low * seconds,
        likely: each.likely * params.likely * seconds,
        high: each.high * params.high * seconds,
    };
    let millions = params.likely / 1e6;
    let formula = format_args!("{millions:.0} M x {:.0} x {seconds:.0}", each.likely);
    let shown = format_args!(
        "{:.1} ({:.1} – {:.1}) GFLOP",
        total.likely / 1e9,
        total.low / 1e9,
        total.high / 1e9
    );
    trail.line("step.speech_work", formula, shown, sources);
    let value = quotient(total, rate).map(Seconds::new);
    let formula = format_args!(
        "{:.0} ({:.0} – {:.0}) GFLOP/s",
        rate.likely / 1e9,
        rate.low / 1e9,
        rate.high / 1e9
    );
    trail.line("step.speech_time", formula, value, constant.sources);
    Ok(value)
}
