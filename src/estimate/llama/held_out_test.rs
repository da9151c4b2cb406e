//! Architectures that were replayed from llama.cpp's source alone, against what llama.cpp then logged for them
//! (`testdata/README.md`), and a log that somebody else published.

use std::collections::BTreeSet;

use serde_json::Value;

use super::decoder::Decoder;
use super::run::Run;
use super::{Place, blueprint, cache, compute_bytes, output_bytes, reading};
use crate::catalog::builtin;
use crate::diagnostic::Locale;
use crate::estimate::llama::placement::Processor;
use crate::gguf::testing::Writer;
use crate::gguf::{Header, Kind, Stored};
use crate::inspect::{Backend, Setting, inspect};

const HEADERS: &str = include_str!("../testdata/held_out.jsonl");

/// More architectures, and settings that no other row has.
const MORE: [(&str, [usize; 2]); 3] = [
    (include_str!("../testdata/held_out_2.jsonl"), [85, 500]),
    (include_str!("../testdata/settings.jsonl"), [15, 405]),
    (include_str!("../testdata/held_out_3.jsonl"), [36, 288]),
];

fn whole(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The record that `reference` names: file, colon, line from 0.
pub(super) fn recorded(reference: &str) -> Value {
    let (file, line) = reference.split_once(':').expect("file:line");
    let records = match file {
        "held_out.jsonl" => HEADERS,
        "held_out_2.jsonl" => MORE[0].0,
        "settings.jsonl" => MORE[1].0,
        "held_out_3.jsonl" => MORE[2].0,
        other => panic!("no {other}"),
    };
    let record = records.lines().nth(line.parse().expect("a line"));
    serde_json::from_str(record.expect("a record")).expect("JSON")
}

/// The header of a file with these metadata and tensors; tensors of one axis are floats of 32 bits.
pub(super) fn header(record: &Value) -> Header {
    let mut writer = Writer::default();
    for (key, value) in record["metadata"].as_object().into_iter().flatten() {
        writer = match value {
            Value::String(text) => writer.text(key, text),
            Value::Bool(truth) => writer.truth(key, *truth),
            Value::Number(number) if number.is_u64() => writer.number(key, whole(value) as u32),
            Value::Number(number) => writer.real(key, number.as_f64().unwrap_or_default() as f32),
            Value::Array(list) if list.iter().all(Value::is_boolean) => {
                let truths: Vec<bool> = list.iter().filter_map(Value::as_bool).collect();
                writer.truths(key, &truths)
            }
            list => {
                let numbers: Vec<u32> = items(list).iter().map(|it| whole(it) as u32).collect();
                writer.numbers(key, &numbers)
            }
        };
    }
    let tokens = vec!["x"; whole(&record["tokens"]) as usize];
    writer = writer.texts("tokenizer.ggml.tokens", &tokens);
    for tensor in items(&record["tensors"]) {
        writer = with_tensor(writer, "", tensor);
    }
    let mut block = 0;
    for group in items(&record["blocks"]) {
        for _ in 0..whole(&group[0]) {
            for tensor in items(&group[1]) {
                writer = with_tensor(writer, &format!("blk.{block}."), tensor);
            }
            block += 1;
        }
    }
    writer.header()
}

fn with_tensor(writer: Writer, prefix: &str, tensor: &Value) -> Writer {
    let axes: Vec<u64> = items(&tensor[1]).iter().map(whole).collect();
    let kind = if axes.len() == 1 {
        Kind::F32
    } else {
        Kind::F16
    };
    let name = tensor[0].as_str().unwrap_or_default();
    writer.tensor(&format!("{prefix}{name}"), &axes, kind)
}

fn kind(value: &Value) -> Kind {
    let name = value.as_str().unwrap_or_default().to_uppercase();
    Kind::from_name(&name).expect("a kind")
}

/// A row of [`MORE`]: context, batches, types of keys and values, flash attention, sequences, one cache for all, full
/// windows, outputs.
pub(super) fn run_of(row: &Value) -> Run {
    let outputs = whole(&row[9]);
    Run {
        context: whole(&row[0]),
        batch: whole(&row[1]),
        ubatch: whole(&row[2]),
        keys: kind(&row[3]),
        values: kind(&row[4]),
        flash: whole(&row[5]) == 1,
        sequences: whole(&row[6]),
        unified: whole(&row[7]) == 1,
        full_windows: whole(&row[8]) == 1,
        outputs: (outputs > 0).then_some(outputs),
    }
}

#[test]
fn further_architectures_and_settings_are_what_the_log_prints() {
    for (records, counts) in MORE {
        let (mut shapes, mut rows, mut wrong) = (0, 0, Vec::new());
        for line in records.lines() {
            let (record, decoder) = read(line);
            let name = &record["architecture"];
            shapes += 1;
            for row in items(&record["logged"]) {
                rows += 1;
                let run = run_of(row);
                let is = replayed(&decoder, &run);
                let logged = items(row)[10..].iter().filter_map(Value::as_f64);
                let off = |(is, logged): (f64, f64)| (is - logged).abs() > 0.0101;
                if is.into_iter().zip(logged).any(off) {
                    wrong.push(format!("{name} {row}: {is:?}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!([shapes, rows], counts);
    }
}

/// A record and what is read of its header.
fn read(line: &str) -> (Value, Decoder) {
    let record: Value = serde_json::from_str(line).expect("a record");
    match reading::decoder(&header(&record)) {
        Ok(decoder) => (record, decoder),
        Err(reason) => panic!("{}: {reason:?}", record["architecture"]),
    }
}

/// Caches, state, compute and output buffers in MiB, as the log has them.
pub(super) fn replayed(decoder: &Decoder, run: &Run) -> [f64; 4] {
    let caches = cache::caches(decoder, run);
    [
        caches.keys_and_values(),
        caches.state,
        compute_bytes(decoder, run, Place::Cpu),
        output_bytes(decoder, run),
    ]
    .map(mib)
}

pub(super) fn mib(bytes: u64) -> f64 {
    bytes as f64 / 1_048_576.0
}

#[test]
fn architectures_nobody_measured_before_are_what_the_log_prints() {
    let (mut architectures, mut rows) = (0, 0);
    for line in HEADERS.lines() {
        let (record, decoder) = read(line);
        let name = &record["architecture"];
        architectures += 1;
        for row in items(&record["logged"]) {
            let kind = kind(&row[2]);
            let run = Run {
                context: whole(&row[0]),
                ubatch: whole(&row[1]),
                keys: kind,
                values: kind,
                flash: whole(&row[3]) == 1,
                ..Run::default()
            };
            for (is, logged) in replayed(&decoder, &run).into_iter().zip(&items(row)[4..]) {
                let logged = logged.as_f64().unwrap_or(f64::NAN);
                // The log has two decimals.
                assert!((is - logged).abs() < 0.0101, "{name} {row}: {is}");
            }
            rows += 1;
        }
    }
    assert_eq!((architectures, rows), (16, 64));
}

/// Each number of the metadata of each architecture missing, none, and absurd: an answer or a reason, no panic.
#[test]
fn damaged_metadata_ends_in_an_answer() {
    let mut seen = BTreeSet::new();
    let run = Run {
        ubatch: 64,
        ..Run::default()
    };
    for line in MORE[0].0.lines() {
        let mut record: Value = serde_json::from_str(line).expect("a record");
        if !seen.insert(record["architecture"].to_string()) {
            continue;
        }
        record["tokens"] = Value::from(2);
        let keys: Vec<String> = record["metadata"]
            .as_object()
            .map(|keys| keys.keys().cloned().collect())
            .unwrap_or_default();
        for key in keys.iter().filter(|key| *key != "general.architecture") {
            for absurd in [None, Some(0_u32), Some(1 << 24)] {
                let mut damaged = record.clone();
                if let Some(metadata) = damaged["metadata"].as_object_mut() {
                    match absurd {
                        Some(number) => metadata.insert(key.clone(), Value::from(number)),
                        None => metadata.remove(key),
                    };
                }
                if let Ok(decoder) = reading::decoder(&header(&damaged)) {
                    let bytes = [
                        cache::caches(&decoder, &run).keys_and_values(),
                        compute_bytes(&decoder, &run, Place::Cpu),
                        output_bytes(&decoder, &run),
                    ];
                    assert!(bytes[1] > 0, "{key} {absurd:?}");
                }
            }
        }
    }
    assert_eq!(seen.len(), 67);
}

/// A tensor's shape, type or place damaged, or the tensor gone, one class of tensor after the other in each architecture: an
/// answer or a reason. Axes that sizes are taken from give a reason.
#[test]
fn damaged_tensors_end_in_an_answer() {
    let setting = Setting {
        run: Run {
            ubatch: 64,
            ..Run::default()
        },
        backend: Backend::Cpu,
        processor: Processor::Arm,
        repack: true,
        mmap: true,
    };
    let (mut architectures, mut classes) = (BTreeSet::new(), 0);
    for line in MORE.iter().flat_map(|(records, _)| records.lines()) {
        let mut record: Value = serde_json::from_str(line).expect("a record");
        if !architectures.insert(record["architecture"].to_string()) {
            continue;
        }
        record["tokens"] = Value::from(2);
        let whole = header(&record);
        let mut seen = BTreeSet::new();
        for (at, tensor) in whole.tensors.iter().enumerate() {
            let name = tensor.shaped.name.as_str();
            let class = name.trim_start_matches(|c: char| c != '.').to_owned();
            let class = class.trim_start_matches(|c: char| !c.is_alphabetic());
            if !seen.insert(class.to_owned()) {
                continue;
            }
            classes += 1;
            for damage in damages(tensor) {
                let mut damaged = whole.clone();
                let shape = damage.as_ref().map(|it| it.shaped.clone());
                match damage {
                    Some(other) => damaged.tensors[at] = other,
                    None => drop(damaged.tensors.remove(at)),
                }
                let answer = inspect(&damaged, setting);
                assert!(!answer.text(Locale::En).is_empty());
                let reshaped = shape.is_some_and(|it| it != tensor.shaped);
                if reshaped && DECIDES.iter().any(|it| class.starts_with(it)) {
                    assert!(answer.context.is_err(), "{name} {record}");
                }
            }
        }
    }
    assert!(architectures.len() > 70 && classes > 1000, "{classes}");
}

/// Tensors that sizes are taken from in every block that has them.
const DECIDES: [&str; 5] = [
    "attn_output.weight",
    "ffn_down.weight",
    "ffn_down_exps.weight",
    "ffn_up_exps.weight",
    "ssm_out.weight",
];

/// The tensor with each of its axes none, one, twice as long and absurd, of another type, elsewhere, and not there.
fn damages(tensor: &Stored) -> Vec<Option<Stored>> {
    let mut all = vec![
        None,
        Some(Stored {
            kind: Kind::I8,
            ..tensor.clone()
        }),
        Some(Stored {
            offset: u64::MAX,
            ..tensor.clone()
        }),
    ];
    for axis in 0..4 {
        let length = tensor.shaped.axes[axis];
        for other in [0, 1, length * 2, 1 << 39, u64::MAX] {
            let mut damaged = tensor.clone();
            damaged.shaped.axes[axis] = other;
            all.push(Some(damaged));
        }
    }
    all
}

/// Caches of a catalog model and the compute buffer of its blocks on a GPU, in whole MiB: full, windowed, state, compute.
const PUBLISHED: [(&str, [u64; 4]); 2] = [
    ("gemma-4-e2b-it", [24, 12, 0, 519]),
    ("qwen3.5-2b", [48, 0, 19, 489]),
];

/// llama.cpp b9025 on an Apple M4, context 4096, physical batch 512: table F.2 of source `bench-qvac-metal-baseline`. Its
/// graphs are older than those replayed, by which compute buffers differ a little.
#[test]
fn buffers_on_a_gpu_are_those_of_a_published_log() {
    let run = Run::default();
    for (id, [full, windowed, state, compute]) in PUBLISHED {
        let model = builtin().models.iter().find(|it| it.id == id);
        let shape = model.and_then(|it| it.arch.as_ref().map(|arch| (&it.family, &arch.value)));
        let decoder = shape.and_then(|(family, shape)| blueprint::decoder(family, shape));
        let decoder = decoder.expect("a decoder");
        let caches = cache::caches(&decoder, &run);
        let is = [caches.full, caches.windowed, caches.state].map(|bytes| mib(bytes).round());
        assert_eq!(is, [full, windowed, state].map(|mib| mib as f64), "{id}");
        let is = mib(compute_bytes(&decoder, &run, Place::Device));
        assert!((is / compute as f64 - 1.0).abs() < 0.01, "{id}: {is} MiB");
    }
}
