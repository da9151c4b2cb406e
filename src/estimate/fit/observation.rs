//! Rows of `catalog/calibration/measurements.csv` as typed values. Reads text; opens no file, judges no row.

use std::collections::BTreeMap;

/// A published measurement, its columns as `catalog/calibration/README.md` describes them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Observation {
    /// Row id.
    pub(crate) id: String,
    /// Source id.
    pub(crate) source: String,
    /// Device as its source names it.
    pub(crate) device: String,
    /// SoC id.
    pub(crate) soc: String,
    /// Model id.
    pub(crate) model: String,
    /// GGUF quantization id; empty for other formats.
    pub(crate) quant: String,
    /// Quantization family id.
    pub(crate) family: String,
    /// Engine id.
    pub(crate) runtime: String,
    /// Backend id.
    pub(crate) backend: String,
    /// Prompt length, if stated.
    pub(crate) prompt: Option<f64>,
    /// Weights in MiB, if stated.
    pub(crate) weights_mib: Option<f64>,
    /// The weights are what was loaded (a tied embedding counted twice), not the file.
    pub(crate) loaded: bool,
    /// Prefill speed.
    pub(crate) prefill: Option<f64>,
    /// Decode speed.
    pub(crate) decode: Option<f64>,
    /// Time to first token (s).
    pub(crate) ttft: Option<f64>,
    /// Load time (s).
    pub(crate) load: Option<f64>,
    /// Peak memory (MB, 10^6).
    pub(crate) peak_mb: Option<f64>,
    /// Power of the phone (W).
    pub(crate) power: Option<f64>,
    /// Constants this row may be fitted on.
    pub(crate) fit: Vec<String>,
}

impl Observation {
    /// Whether the row may be used for a constant.
    #[must_use]
    pub(crate) fn serves(&self, use_: &str) -> bool {
        self.fit.iter().any(|name| name == use_)
    }
}

/// Reads the table; cells hold no commas or quotes. Unknown columns are ignored, missing ones read as empty.
#[must_use]
pub(super) fn read(text: &str) -> Vec<Observation> {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    lines
        .filter(|line| !line.is_empty())
        .map(|line| observation(&names.iter().copied().zip(line.split(',')).collect()))
        .collect()
}

fn observation(cells: &BTreeMap<&str, &str>) -> Observation {
    let text = |name: &str| cells.get(name).copied().unwrap_or_default().to_owned();
    let number = |name: &str| cells.get(name).and_then(|cell| cell.parse::<f64>().ok());
    Observation {
        id: text("id"),
        source: text("source"),
        device: text("device"),
        soc: text("soc"),
        model: text("model"),
        quant: text("quant"),
        family: text("family"),
        runtime: text("runtime"),
        backend: text("backend"),
        prompt: number("prompt"),
        weights_mib: number("weights_mib"),
        loaded: text("weights_kind") == "loaded",
        prefill: number("prefill_tok_s"),
        decode: number("decode_tok_s"),
        ttft: number("ttft_s"),
        load: number("load_s"),
        peak_mb: number("peak_mem_mb"),
        power: number("power_w"),
        fit: text("fit").split(' ').map(str::to_owned).collect(),
    }
}
