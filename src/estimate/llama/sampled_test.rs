//! Files, settings and places of weights drawn at random over all architectures, against what llama.cpp logged for them
//! (`testdata/README.md`).

use std::collections::BTreeSet;

use serde_json::Value;

use super::held_out_test::{header, mib, recorded, replayed, run_of};
use super::mix::{self, Mix};
use super::placement::{self, Processor, Target};
use super::{inventory, reading};
use crate::gguf::{Header, Shaped, Stored, laid_out};

const SAMPLED: &str = include_str!("../testdata/sampled.jsonl");

/// Log lines have two decimals, and up to three are added up.
const ROUNDING: f64 = 0.0151;

/// The record of a row with as many blocks and tokens as the row says.
fn record(row: &Value) -> Value {
    let mut record = recorded(row["record"].as_str().expect("a record"));
    let name = record["architecture"].as_str().map(str::to_owned);
    let name = name.expect("an architecture");
    if row["blocks"].is_u64() {
        record["blocks"][0][0] = row["blocks"].clone();
        record["metadata"][format!("{name}.block_count")] = row["blocks"].clone();
    }
    record["tokens"] = row["tokens"].clone();
    for tensor in record["tensors"].as_array_mut().expect("tensors") {
        let counts_tokens = matches!(
            tensor[0].as_str(),
            Some(
                "token_embd.weight"
                    | "output.weight"
                    | "output.bias"
                    | "per_layer_token_embd.weight"
            )
        );
        if let Some(axis) = tensor[1].as_array_mut().and_then(|axes| axes.last_mut())
            && counts_tokens
        {
            *axis = row["tokens"].clone();
        }
    }
    record
}

/// The tensors as the row's mix stores them, in as many files as the row says.
fn stored(row: &Value, header: &Header, facts: &mix::Model) -> Vec<Stored> {
    let mix = Mix::from_id(row["mix"].as_str().expect("a mix")).expect("a known mix");
    let shaped: Vec<Shaped> = header.tensors.iter().map(|it| it.shaped.clone()).collect();
    let kinds = mix::kinds(&shaped, facts, mix);
    let files = row["files"].as_u64().expect("files") as usize;
    let each = shaped.len().div_ceil(files);
    let parts = shaped.chunks(each).zip(kinds.chunks(each)).enumerate();
    parts
        .flat_map(|(file, (shaped, kinds))| {
            let mut part = laid_out(shaped.to_vec(), kinds);
            for tensor in &mut part {
                tensor.file = file as u16;
            }
            part
        })
        .collect()
}

#[test]
fn files_and_settings_drawn_at_random_are_what_the_log_prints() {
    let (mut architectures, mut rows, mut wrong) = (BTreeSet::new(), 0, Vec::new());
    for line in SAMPLED.lines() {
        let row: Value = serde_json::from_str(line).expect("a row");
        let header = header(&record(&row));
        let architecture = header.text("general.architecture").expect("a name");
        let decoder = reading::decoder(&header).expect("a decoder");
        let tensors = stored(&row, &header, &inventory::facts(architecture, &decoder));
        let target = Target::Cpu {
            processor: Processor::Avx2,
            repack: row["repack"] == 1,
        };
        let first = placement::asks_output_first(architecture);
        let placed = placement::placed(&tensors, target, row["mmap"] == 1, first);
        let weights = [placed.mapped, placed.cpu, placed.repacked].map(mib);
        let buffers = replayed(&decoder, &run_of(&row["run"]));
        let is: Vec<f64> = weights.into_iter().chain(buffers).collect();
        let logged: Vec<f64> = serde_json::from_value(row["logged"].clone()).expect("sizes");
        if is
            .iter()
            .zip(&logged)
            .any(|(a, b)| (a - b).abs() > ROUNDING)
        {
            wrong.push(format!("{row}: {is:?}"));
        }
        architectures.insert(architecture.to_owned());
        rows += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((architectures.len(), rows), (114, 390));
}
