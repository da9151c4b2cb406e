//! Finds the measured constant that fits a case best. Fits nothing: that is `fit`'s work.

use super::case::Case;
use crate::catalog::types::{Calibration, SourceIx};
use crate::quantity::Interval;

/// Names of the measured constants, the only place they are spelled.
pub(crate) mod metric {
    /// Bytes of weights and cache read per second while decoding, on one SoC (B/s).
    pub(crate) const DECODE_BANDWIDTH: &str = "decode-bandwidth";
    /// The same as a share of the SoC's peak DRAM bandwidth, over all SoCs.
    pub(crate) const DECODE_BANDWIDTH_SHARE: &str = "decode-bandwidth-share";
    /// Decode speed of a model the system owns, of which nothing else is known (tok/s).
    pub(crate) const SYSTEM_DECODE: &str = "system-decode";
    /// Its prefill speed (tok/s).
    pub(crate) const SYSTEM_PREFILL: &str = "system-prefill";
    /// Time per token and layer that does not depend on bytes: launches of kernels, synchronisation (s).
    pub(crate) const LAYER_OVERHEAD: &str = "layer-overhead";
    /// The same for a layer with a recurrent state, which many backends hand back to the CPU (s).
    pub(crate) const RECURRENT_OVERHEAD: &str = "recurrent-overhead";
    /// Arithmetic rate of the prefill on one SoC: 2 x active block parameters x tok/s (FLOP/s).
    pub(crate) const PREFILL_RATE: &str = "prefill-rate";
    /// The same per byte/s of peak DRAM bandwidth, over all SoCs (FLOP/B).
    pub(crate) const PREFILL_RATE_PER_BANDWIDTH: &str = "prefill-rate-per-bandwidth";
    /// Time to first token that the prefill rate does not explain (s).
    pub(crate) const CALL_OVERHEAD: &str = "call-overhead";
    /// Bytes of the file made ready per second while loading (B/s).
    pub(crate) const LOAD_RATE: &str = "load-rate";
    /// Load time that does not depend on the file: kernels, delegates, caches warm (s).
    pub(crate) const LOAD_FIXED: &str = "load-fixed";
    /// Power of the whole phone while generating without pause (W).
    pub(crate) const POWER: &str = "power";
    /// Speed of generating without pause, as a share of the speed of a cool phone.
    pub(crate) const SUSTAINED_SHARE: &str = "sustained-share";
    /// Working memory as a share of the weights.
    pub(crate) const WORKING_MEMORY_SHARE: &str = "working-memory-share";
    /// Working memory that does not depend on the weights (B).
    pub(crate) const WORKING_MEMORY_FIXED: &str = "working-memory-fixed";
    /// Operations per parameter to recognise one second of audio (FLOP).
    pub(crate) const ASR_WORK: &str = "asr-work";
    /// Operations per parameter to speak one sentence of about three seconds (FLOP).
    pub(crate) const TTS_WORK: &str = "tts-work";
    /// Energy a full battery holds (Wh).
    pub(crate) const BATTERY_PACK: &str = "battery-pack";
}

/// A constant as used in a derivation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Constant<'a> {
    /// 5th percentile, median, 95th percentile.
    pub(crate) value: Interval<f64>,
    /// Measurements behind it.
    pub(crate) n: u32,
    /// Measured on this very SoC.
    pub(crate) own_soc: bool,
    /// Who measured.
    pub(crate) sources: &'a [SourceIx],
}

/// The most specific row of `metric` that holds for the case: SoC before runtime before backend before family.
pub(crate) fn find<'a>(case: &Case<'a>, metric: &str) -> Option<Constant<'a>> {
    case.catalog
        .calibrations
        .iter()
        .filter(|row| row.metric == metric)
        .filter_map(|row| rank(case, row).map(|rank| (rank, row)))
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, row)| Constant {
            value: Interval::of(row.low, row.likely, row.high),
            n: row.n,
            own_soc: row.soc.is_some(),
            sources: &row.sources,
        })
}

/// How closely a row fits; `None` when it is about something else.
fn rank(case: &Case, row: &Calibration) -> Option<u8> {
    let fit = |asked: bool, matches: bool, weight: u8| match (asked, matches) {
        (false, _) => Some(0),
        (true, true) => Some(weight),
        (true, false) => None,
    };
    let soc = fit(row.soc.is_some(), row.soc == case.phone.soc, 8)?;
    let runtime = fit(row.runtime.is_some(), row.runtime == Some(case.engine), 4)?;
    let backend = fit(
        row.backend.is_some(),
        row.backend == Some(case.stack.backend),
        2,
    )?;
    let family = fit(
        row.family.is_some(),
        row.family == Some(case.quant.family),
        1,
    )?;
    Some(soc + runtime + backend + family)
}
