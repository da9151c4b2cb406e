//! Fitted constants as catalog YAML. Rounds to four digits, so that a diff shows changes and not noise.

use std::fmt::Write;

use super::Fitted;

const HEAD: &str = "\
# Written by the fit from measurements.csv; do not edit.
# To write it again: UPDATE_CALIBRATION=1 cargo test --lib estimate::fit
calibrations:
";

/// The file, one record a constant, in the order given.
pub(super) fn write(rows: &[Fitted]) -> String {
    let mut out = HEAD.to_owned();
    for row in rows {
        record(&mut out, row);
    }
    out
}

fn record(out: &mut String, row: &Fitted) {
    let _ = writeln!(out, "  - metric: {}", row.metric.id());
    let keys = [
        ("runtime", row.runtime.as_deref()),
        ("backend", row.backend.as_deref()),
        ("family", row.family.as_deref()),
        ("quant", row.quant.as_deref()),
        ("soc", row.soc.as_deref()),
        ("model", row.model.as_deref()),
    ];
    for (key, value) in keys {
        if let Some(value) = value {
            let _ = writeln!(out, "    {key}: {value}");
        }
    }
    for (key, value) in [
        ("low", row.value.low),
        ("likely", row.value.likely),
        ("high", row.value.high),
    ] {
        let _ = writeln!(out, "    {key}: {}", number(value));
    }
    let _ = writeln!(out, "    n: {}", row.n);
    let _ = writeln!(out, "    sources: [{}]", row.sources.join(", "));
}

/// Four significant digits; large figures in powers of a thousand (`41.2e9`).
fn number(value: f64) -> String {
    let sign = if value < 0.0 { "-" } else { "" };
    let (mut scaled, mut power) = (value.abs(), 0);
    while scaled >= 1000.0 {
        scaled /= 1000.0;
        power += 3;
    }
    let digits = match scaled {
        s if s >= 100.0 => 1,
        s if s >= 10.0 => 2,
        s if s >= 1.0 => 3,
        s if s >= 0.01 => 4,
        _ => 6,
    };
    let text = format!("{scaled:.digits$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let text = if text.contains('.') {
        text.to_owned()
    } else {
        format!("{text}.0")
    };
    if power == 0 {
        format!("{sign}{text}")
    } else {
        format!("{sign}{text}e{power}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_four_digits() {
        assert_eq!(number(41_234_567_890.0), "41.23e9");
        assert_eq!(number(0.000_55), "0.00055");
        assert_eq!(number(4.8), "4.8");
        assert_eq!(number(3.0), "3.0");
    }
}
