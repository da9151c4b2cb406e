//! Time from the end of an utterance to its text, and from a sentence to its sound. Holds no constant of its own.

use super::super::calibration::Metric;
use super::super::factors::Rate;
use super::super::parts::file_bytes;
use super::super::trail::{Detail, Trail};
use super::super::types::Figure;
use super::{Timing, bandwidth, quotient, rate_on_soc};
use crate::quantity::{Bytes, BytesPerSecond, Interval, Seconds};

/// Length of an utterance that is planned for (s): a sentence.
const UTTERANCE: f64 = 5.0;
/// Whisper pads every utterance to its window (s).
const WHISPER_WINDOW: f64 = 30.0;
/// Tokens of text in a planned utterance.
const UTTERANCE_TOKENS: u64 = 20;

/// Latency of recognition: the encoder over the audio, then a decoder that reads half the weights a token.
pub(super) fn recognition(case: &Timing) -> Figure<Seconds> {
    let heard = if case.model.family == "whisper" {
        WHISPER_WINDOW
    } else {
        UTTERANCE
    };
    let mut trail = case.detail.trail();
    let encoding = match work(case, Metric::AsrWork, heard, &mut trail) {
        Ok(seconds) => seconds,
        Err(figure) => return figure,
    };
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
    match work(case, Metric::TtsWork, 1.0, &mut trail) {
        Ok(value) => trail.known(value),
        Err(figure) => figure,
    }
}

/// Parameters x operations per parameter and second of audio x seconds, over the arithmetic rate of the chip.
fn work(
    case: &Timing,
    name: Metric,
    seconds: f64,
    trail: &mut Trail,
) -> Result<Interval<Seconds>, Figure<Seconds>> {
    let Some(params) = &case.model.params else {
        return Err(case.detail.unknown("unknown.params", &case.model.id));
    };
    let Some(each) = case.constant(name) else {
        return Err(case.detail.unknown("unknown.speech_work", case.pairing()));
    };
    let (rate, constant) = rate_on_soc(case, Rate::Prefill, trail)?;
    let total = each
        .value
        .map(|each| each * params.value.get() as f64 * seconds);
    let formula = format_args!("{} x {:.0} x {seconds:.0}", params.value, each.value.likely);
    let shown = format_args!(
        "{:.1} ({:.1} – {:.1}) GFLOP",
        total.likely / 1e9,
        total.low / 1e9,
        total.high / 1e9
    );
    trail.line("step.speech_work", formula, shown, each.sources);
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
