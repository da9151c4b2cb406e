//! What `llama-bench -o json`, `jsonl` or `csv` writes, as rows. A test of a prompt gives a prefill speed, one of
//! generating a decode speed; tests of both at once, or of a prompt behind a filled cache, are rows without a figure.

use serde_json::Value;

use super::measured::Measured;
use crate::diagnostic::Text;

/// A field only `llama-bench` has.
const MARK: &str = "model_filename";

/// What a row says whose speed is of something else than is predicted.
pub(super) const MIXED: &str =
    "llama-bench: prompt and answer timed as one, or a prompt behind others";

/// Whether the text is of `llama-bench`.
pub(super) fn is_bench(text: &str) -> bool {
    let body = body(text);
    let head = body.lines().next().unwrap_or_default();
    body.starts_with(['[', '{']) || head.contains(MARK)
}

/// Whether the text is the table that `llama-bench` prints for people.
pub(super) fn is_for_people(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    lines.any(|line| line.starts_with('|') && line.contains("| model ") && line.contains("t/s |"))
}

/// The text without a byte order mark and without what backends say before the first record, where both streams of
/// `llama-bench` went into one file.
fn body(text: &str) -> &str {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if !text.contains(MARK) {
        return text;
    }
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with(['[', '{']) || line.contains(MARK) {
            return &text[at..];
        }
        at += line.len();
    }
    text
}

/// Reads it.
///
/// # Errors
/// Text that is no JSON or CSV, with line and column; a record without the speed of a test.
pub(super) fn read(text: &str, device: &str) -> Result<Vec<Measured>, Text> {
    let text = body(text);
    let records = if text.starts_with(['[', '{']) {
        json(text)?
    } else {
        csv_records(text)?
    };
    let mut rows = Vec::new();
    for (at, record) in records.iter().enumerate() {
        rows.push(row(record, at + 1, device)?);
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

fn row(record: &Value, at: usize, device: &str) -> Result<Measured, Text> {
    let speed = number(record, "avg_ts").ok_or_else(|| {
        Text::key("verify.field_missing")
            .arg("record", at.to_string())
            .arg("field", "avg_ts")
    })?;
    let prompt = number(record, "n_prompt").unwrap_or(0.0);
    let generated = number(record, "n_gen").unwrap_or(0.0);
    let depth = number(record, "n_depth").unwrap_or(0.0);
    let behind = prompt > 0.0 && depth > 0.0;
    let plain = (prompt > 0.0) != (generated > 0.0) && !behind && speed > 0.0;
    // The backends are those of the build; without layers on them the CPU runs the model.
    let on_cpu = number(record, "n_gpu_layers") == Some(0.0);
    // "qwen3 1.7B Q4_K - Medium": the type names the mix, the file name the model.
    let file = text(record, MARK);
    let stem = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = stem.strip_suffix(".gguf").unwrap_or(stem);
    Ok(Measured {
        id: format!("bench-{at}"),
        device: device.to_owned(),
        model: stem.to_owned(),
        params_b: number(record, "model_n_params").map(|it| it / 1e9),
        quant: format!("{stem} {}", text(record, "model_type")),
        runtime: "llama.cpp".to_owned(),
        backend: match on_cpu {
            true => "CPU".to_owned(),
            false => text(record, "backends").to_owned(),
        },
        prompt: Some(if prompt > 0.0 { prompt } else { depth.max(1.0) }),
        generated: Some(generated).filter(|it| *it > 0.0),
        file_bytes: number(record, "model_size").filter(|it| *it > 0.0),
        prefill: (plain && prompt > 0.0).then_some(speed),
        decode: (plain && generated > 0.0).then_some(speed),
        notes: if plain {
            String::new()
        } else {
            MIXED.to_owned()
        },
        ..Measured::default()
    })
}
