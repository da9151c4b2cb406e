//! The columns of `measurements.csv` as rows. Unknown columns are ignored, missing ones read as empty.

use std::collections::HashMap;

use super::measured::Measured;
use crate::diagnostic::Text;

/// Columns a table must have to be one of measurements.
const NEEDED: [&str; 4] = ["model", "quant", "runtime", "backend"];
/// Columns of which one at least must be there.
const MEASURED: [&str; 5] = [
    "decode_tok_s",
    "prefill_tok_s",
    "ttft_s",
    "load_s",
    "peak_mem_mb",
];

/// Reads the table.
///
/// # Errors
/// A malformed line, a missing column, a figure that is none: with line and column.
pub(super) fn read(text: &str) -> Result<Vec<Measured>, Text> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| malformed(&error))?.clone();
    let columns: HashMap<&str, usize> = header
        .iter()
        .enumerate()
        .map(|(at, name)| (name.trim(), at))
        .collect();
    for name in NEEDED {
        if !columns.contains_key(name) {
            return Err(Text::key("verify.column_missing").arg("column", name));
        }
    }
    if !MEASURED.iter().any(|name| columns.contains_key(name)) {
        return Err(Text::key("verify.column_missing").arg("column", MEASURED.join(", ")));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| malformed(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        rows.push(measured(&Line {
            columns: &columns,
            record: &record,
            line,
        })?);
    }
    Ok(rows)
}

fn malformed(error: &csv::Error) -> Text {
    let line = error.position().map_or(1, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => Text::key("verify.cells")
            .arg("line", line.to_string())
            .arg("expected", expected_len.to_string())
            .arg("given", len.to_string()),
        _ => Text::key("verify.malformed").arg("line", line.to_string()),
    }
}

struct Line<'a> {
    columns: &'a HashMap<&'a str, usize>,
    record: &'a csv::StringRecord,
    line: u64,
}

impl Line<'_> {
    fn text(&self, column: &str) -> &str {
        let at = self.columns.get(column);
        at.and_then(|at| self.record.get(*at)).unwrap_or("").trim()
    }

    fn number(&self, column: &str) -> Result<Option<f64>, Text> {
        let text = self.text(column);
        if text.is_empty() {
            return Ok(None);
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() && value >= 0.0 => Ok(Some(value)),
            _ => Err(Text::key("verify.not_a_number")
                .arg("line", self.line.to_string())
                .arg("column", column)
                .arg("given", text)),
        }
    }
}

fn measured(line: &Line) -> Result<Measured, Text> {
    let text = |column: &str| line.text(column).to_owned();
    let mut id = text("id");
    if id.is_empty() {
        id = line.line.to_string();
    }
    Ok(Measured {
        id,
        device: text("device"),
        soc: text("soc"),
        model: text("model"),
        params_b: line.number("params_b")?,
        quant: text("quant"),
        runtime: text("runtime"),
        backend: text("backend"),
        prompt: line.number("prompt_tokens")?,
        generated: line.number("gen_tokens")?,
        context: line.number("context")?,
        file_bytes: None,
        prefill: line.number("prefill_tok_s")?,
        decode: line.number("decode_tok_s")?,
        ttft: line.number("ttft_s")?,
        load: line.number("load_s")?,
        peak_mb: line.number("peak_mem_mb")?,
        mem_kind: text("mem_kind"),
        notes: text("notes"),
    })
}
