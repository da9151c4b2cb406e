//! What `llama-bench -o json`, `jsonl` or `csv` writes, as rows. A test of a prompt gives a prefill speed, one of
//! generating a decode speed; tests of both at once are left out, for their speed is neither.

use serde_json::Value;

use super::measured::Measured;
use crate::diagnostic::Text;

/// A field only `llama-bench` has.
const MARK: &str = "model_filename";

/// Whether the text is of `llama-bench`.
pub(super) fn is_bench(text: &str) -> bool {
    let start = text.trim_start().chars().next();
    let head = text.lines().next().unwrap_or_default();
    matches!(start, Some('[' | '{')) || head.contains(MARK)
}

/// Reads it.
///
/// # Errors
/// Text that is no JSON or CSV, with line and column; a record without the speed of a test.
pub(super) fn read(text: &str, device: &str) -> Result<Vec<Measured>, Text> {
    let records = if text.trim_start().starts_with(['[', '{']) {
        json(text)?
    } else {
        csv_records(text)?
    };
    let mut rows = Vec::new();
    for (at, record) in records.iter().enumerate() {
        rows.extend(row(record, at + 1, device)?);
    }
    Ok(rows)
}

fn json(text: &str) -> Result<Vec<Value>, Text> {
    let mut out = Vec::new();
    let stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    for value in stream {
        match value.map_err(|error| {
            Text::key("verify.json")
                .arg("line", error.line().to_string())
                .arg("column", error.column().to_string())
        })? {
            Value::Array(values) => out.extend(values),
            value => out.push(value),
        }
    }
    Ok(out)
}

fn csv_records(text: &str) -> Result<Vec<Value>, Text> {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let broken = |line: u64| Text::key("verify.malformed").arg("line", line.to_string());
    let header = reader.headers().map_err(|_| broken(1))?.clone();
    let mut out = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|_| broken(at as u64 + 2))?;
        let fields = header
            .iter()
            .zip(record.iter())
            .map(|(name, cell)| (name.to_owned(), Value::String(cell.to_owned())));
        out.push(Value::Object(fields.collect()));
    }
    Ok(out)
}

/// A number, or a text that is one: CSV quotes everything.
fn number(record: &Value, field: &str) -> Option<f64> {
    match record.get(field)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|value| value.is_finite() && *value >= 0.0)
}

fn text<'a>(record: &'a Value, field: &str) -> &'a str {
    record.get(field).and_then(Value::as_str).unwrap_or("")
}

fn row(record: &Value, at: usize, device: &str) -> Result<Option<Measured>, Text> {
    let speed = number(record, "avg_ts").ok_or_else(|| {
        Text::key("verify.field_missing")
            .arg("record", at.to_string())
            .arg("field", "avg_ts")
    })?;
    let prompt = number(record, "n_prompt").unwrap_or(0.0);
    let generated = number(record, "n_gen").unwrap_or(0.0);
    let depth = number(record, "n_depth").unwrap_or(0.0);
    let one_of_both = (prompt > 0.0) != (generated > 0.0);
    if !one_of_both || speed <= 0.0 {
        return Ok(None);
    }
    // "qwen3 1.7B Q4_K - Medium": the type names the mix, the file name the model.
    let file = text(record, MARK);
    let stem = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = stem.strip_suffix(".gguf").unwrap_or(stem);
    Ok(Some(Measured {
        id: format!("bench-{at}"),
        device: device.to_owned(),
        model: stem.to_owned(),
        params_b: number(record, "model_n_params").map(|it| it / 1e9),
        quant: format!("{stem} {}", text(record, "model_type")),
        runtime: "llama.cpp".to_owned(),
        backend: text(record, "backends").to_owned(),
        prompt: Some(if prompt > 0.0 { prompt } else { depth.max(1.0) }),
        generated: Some(generated).filter(|it| *it > 0.0),
        file_bytes: number(record, "model_size").filter(|it| *it > 0.0),
        prefill: (prompt > 0.0).then_some(speed),
        decode: (generated > 0.0).then_some(speed),
        ..Measured::default()
    }))
}
