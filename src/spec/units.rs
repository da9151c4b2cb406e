//! From a number with a unit as written to a quantity; a missing, unknown or wrong unit names the dimension wanted.

use crate::diagnostic::{Applicability, Code, Diagnostic, Span, Text};
use crate::quantity::{Dimension, Quantity, UNITS, Unit, unit};
use crate::syntax::nearest::nearest;
use crate::syntax::tree::Number;

/// Spellings seen in the wild, and what they mean.
const HABITS: &[(&str, &str)] = &[
    ("G", "GB"),
    ("Gi", "GiB"),
    ("K", "KB"),
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("msec", "ms"),
    ("minutes", "min"),
    ("hour", "h"),
    ("hours", "h"),
    ("tps", "tok/s"),
    ("t/s", "tok/s"),
    ("tok/sec", "tok/s"),
    ("token/s", "tok/s"),
    ("tokens/s", "tok/s"),
    ("percent", "%"),
    ("bits", "bit"),
];

/// A message naming a dimension.
pub(crate) fn dimension(dimension: Dimension) -> Text {
    Text::key(match dimension {
        Dimension::Number => "dimension.number",
        Dimension::Bytes => "dimension.bytes",
        Dimension::Time => "dimension.time",
        Dimension::Rate => "dimension.rate",
        Dimension::Tokens => "dimension.tokens",
        Dimension::Energy => "dimension.energy",
        Dimension::EnergyPerToken => "dimension.energy-per-token",
        Dimension::Power => "dimension.power",
        Dimension::Drain => "dimension.drain",
        Dimension::Share => "dimension.share",
        Dimension::Params => "dimension.params",
        Dimension::Bits => "dimension.bits",
        Dimension::Bandwidth => "dimension.bandwidth",
    })
}

/// The units of a dimension, as a message lists them.
pub(crate) fn units_of(dimension: Dimension) -> String {
    let units: Vec<&str> = UNITS
        .iter()
        .filter(|unit| unit.dimension == dimension)
        .map(|unit| unit.symbol)
        .collect();
    units.join(", ")
}

/// The quantity a literal names, of whatever dimension; a bare number is a plain number.
///
/// # Errors
/// When its unit does not exist.
pub(crate) fn literal(number: &Number) -> Result<Quantity, Box<Diagnostic>> {
    match &number.unit {
        None => Ok(Quantity::new(number.value, Dimension::Number)),
        Some(word) => match unit(&word.text) {
            Some(unit) => Ok(scaled(number.value, unit)),
            None => Err(Box::new(unknown(&word.text, word.span, None))),
        },
    }
}

/// The quantity a literal names where one of dimension `wanted` belongs.
///
/// # Errors
/// When its unit is missing, does not exist or measures something else.
pub(crate) fn expect(number: &Number, wanted: Dimension) -> Result<Quantity, Box<Diagnostic>> {
    let Some(word) = &number.unit else {
        if wanted == Dimension::Number || number.value == 0.0 {
            return Ok(Quantity::new(number.value, wanted));
        }
        return Err(Box::new(missing(number.value, number.span, wanted)));
    };
    let Some(unit) = unit(&word.text) else {
        return Err(Box::new(unknown(&word.text, word.span, Some(wanted))));
    };
    if unit.dimension != wanted {
        return Err(Box::new(wrong(number, word.span, unit, wanted)));
    }
    Ok(scaled(number.value, unit))
}

/// Division where the factor is a fraction keeps `90 %` and `1500 ms` free of rounding noise.
fn scaled(value: f64, unit: &Unit) -> Quantity {
    let value = if unit.factor < 1.0 {
        value / (1.0 / unit.factor).round()
    } else {
        value * unit.factor
    };
    Quantity::new(value, unit.dimension)
}

/// The bytes of `8 GB` said of a phone's memory: phones are sold by powers of 1000 and built by powers of 1024.
/// `None` for units that already mean what they say.
pub(crate) fn phone_ram(value: f64, unit: &str) -> Option<f64> {
    const KIB: f64 = 1024.0;
    match unit {
        "MB" => Some(value * KIB * KIB),
        "GB" => Some(value * KIB * KIB * KIB),
        _ => None,
    }
}

/// `8` where `8 GB` is wanted.
pub(crate) fn missing(value: f64, span: Span, wanted: Dimension) -> Diagnostic {
    let message = Text::key("language.unit.missing")
        .arg("number", value.to_string())
        .arg("dimension", dimension(wanted))
        .arg("units", units_of(wanted));
    let mut finding = Diagnostic::error(Code(214), span, message);
    let end = Span {
        start: span.end,
        ..span
    };
    // What comes first is what phones and apps have of that size: no download has thousands of gigabytes.
    let likely: &[&str] = match wanted {
        Dimension::Bytes if value >= 200_000.0 => &["KB"],
        Dimension::Bytes if value > 64.0 => &["MB", "GB"],
        Dimension::Bytes => &["GB", "MB"],
        Dimension::Time if value > 60.0 => &["ms", "s"],
        Dimension::Time => &["s", "ms"],
        Dimension::Rate => &["tok/s"],
        Dimension::Tokens => &["tokens"],
        Dimension::Energy => &["J"],
        Dimension::EnergyPerToken => &["J/token"],
        Dimension::Power => &["W"],
        Dimension::Drain => &["%/h"],
        Dimension::Share => &["%"],
        Dimension::Params if value > 200.0 => &["M", "B"],
        Dimension::Params => &["B", "M"],
        Dimension::Bits => &["bit"],
        Dimension::Bandwidth => &["GB/s"],
        Dimension::Number => &[],
    };
    for symbol in likely {
        let title = Text::key("language.write").arg("what", format!("{value} {symbol}"));
        let edit = format!(" {symbol}");
        finding = finding.fix(Applicability::Suggested, title, end, edit);
    }
    finding
}

fn unknown(written: &str, span: Span, wanted: Option<Dimension>) -> Diagnostic {
    let fits = |unit: &&Unit| wanted.is_none_or(|dimension| unit.dimension == dimension);
    let sure = HABITS
        .iter()
        .find(|(habit, _)| habit.eq_ignore_ascii_case(written))
        .map(|(_, meant)| *meant)
        .or_else(|| {
            let mut same = UNITS
                .iter()
                .filter(fits)
                .filter(|unit| unit.symbol.eq_ignore_ascii_case(written));
            let only = same.next();
            only.filter(|_| same.next().is_none())
                .map(|unit| unit.symbol)
        });
    let message = Text::key("language.unit.unknown").arg("unit", written);
    let finding = Diagnostic::error(Code(213), span, message);
    let write = |symbol: &str| Text::key("language.write").arg("what", symbol);
    let finding = match sure {
        Some(symbol) => finding.fix(Applicability::Automatic, write(symbol), span, symbol),
        None => match nearest(written, UNITS.iter().filter(fits).map(|unit| unit.symbol)) {
            Some(symbol) => finding.fix(Applicability::Suggested, write(symbol), span, symbol),
            None => finding,
        },
    };
    match wanted.filter(|wanted| *wanted != Dimension::Number) {
        None => finding,
        Some(wanted) => finding.help(
            Text::key("language.unit.choices")
                .arg("dimension", dimension(wanted))
                .arg("units", units_of(wanted)),
        ),
    }
}

fn wrong(number: &Number, span: Span, unit: &Unit, wanted: Dimension) -> Diagnostic {
    if wanted == Dimension::Number {
        let message = Text::key("language.unit.needless").arg("unit", unit.symbol);
        let title = Text::key("language.remove");
        return Diagnostic::error(Code(215), span, message).fix(
            Applicability::Suggested,
            title,
            span,
            "",
        );
    }
    let message = Text::key("language.unit.wrong")
        .arg("written", format!("{} {}", number.value, unit.symbol))
        .arg("found", dimension(unit.dimension))
        .arg("dimension", dimension(wanted));
    Diagnostic::error(Code(215), span, message).help(
        Text::key("language.unit.choices")
            .arg("dimension", dimension(wanted))
            .arg("units", units_of(wanted)),
    )
}
