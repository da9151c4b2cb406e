//! The tables that are shipped, held against the estimates; malformed ones; a calibration.

use super::{Verification, calibrate, read, rows_csv, text, verify};
use crate::catalog;
use crate::diagnostic::{Locale, Text, messages};
use crate::verify::measured::Quantity;

const PUBLISHED: &str = include_str!("testdata/measurements.csv");

fn published() -> Verification {
    let rows = read(PUBLISHED, None).unwrap_or_default();
    verify(catalog::builtin(), &rows)
}

#[test]
fn published_measurements_are_predicted() {
    // Most of these rows were fitted: the errors on rows left out stand in the snapshots of `estimate::fit`.
    insta::assert_snapshot!(text(&published(), Locale::En));
}

#[test]
fn each_row_has_its_line_of_predictions() {
    let rows = rows_csv(&published());
    assert_eq!(rows.lines().count(), PUBLISHED.lines().count());
    assert!(rows.starts_with("id,decode_tok_s_low,decode_tok_s_likely,decode_tok_s_high,prefill"));
}

/// Why a text is refused, in English.
fn refusal(text: &str) -> String {
    read(text, None).err().map_or_else(String::new, |why| {
        why.render_with(Locale::En, &messages::lookup)
    })
}

#[test]
fn malformed_tables_are_refused_with_line_and_column() {
    let head = "id,model,quant,runtime,backend,decode_tok_s\n";
    let cases = [
        "",
        "id,model\n1,x\n",
        &format!("{head}1,x,Q4_0,llama.cpp,cpu\n"),
        &format!("{head}1,x,Q4_0,llama.cpp,cpu,fast\n"),
        &format!("{head}1,x,Q4_0,llama.cpp,cpu,-3\n"),
        "[{\"model_filename\": \"x.gguf\"}",
    ];
    let refusals: Vec<String> = cases.iter().map(|case| refusal(case)).collect();
    insta::assert_snapshot!(refusals.join("\n"));
}

#[test]
fn names_of_other_sources_are_understood() {
    let cells = [
        "Galaxy S24,SM8650,Phi-2,Q4_0,llama.cpp,cpu",
        "Nubia Z50,,Qwen2-1.5B,int8 (q8f32),ONNX Runtime,cpu",
        "Galaxy A05s,Snapdragon 680,SmolLM3,Q6_K,LLMFarm,",
        "moto g84,,Gemma 2B,q4f16_1,MLC-LLM,opencl",
        "Honor 20S,Kirin 810,Llama 2 7B,,MNN-LLM,cpu",
        "iPhone 12,,TinyLlama,6-bit,MLX Swift,MPS",
        "Galaxy S26,MT6991,Phi-3-mini,QAT,LiteRT (XNNPACK),gpu",
    ];
    let head = "device,soc,model,quant,runtime,backend,decode_tok_s";
    let rows: Vec<String> = cells.iter().map(|it| format!("{it},10")).collect();
    let rows = read(&format!("{head}\n{}\n", rows.join("\n")), None).unwrap_or_default();
    let verification = verify(catalog::builtin(), &rows);
    let missed: Vec<&str> = verification
        .outcomes
        .iter()
        .filter(|it| it.predicted(Quantity::Decode).is_none())
        .map(|it| it.row.device.as_str())
        .collect();
    assert_eq!(missed, [""; 0]);
}

/// Decode of one model on a chip of that name.
fn decode_on(soc: &str) -> Option<f64> {
    let table = format!(
        "soc,model,quant,runtime,backend,decode_tok_s\n{soc},Qwen3-1.7B,Q4_0,llama.cpp,cpu,10\n"
    );
    let rows = read(&table, None).unwrap_or_default();
    let verification = verify(catalog::builtin(), &rows);
    let outcome = verification.outcomes.first()?;
    outcome.predicted(Quantity::Decode).map(|it| it.likely)
}

#[test]
fn a_faster_bin_is_a_chip_of_its_own() {
    assert_eq!(decode_on("Snapdragon 8 Gen 2"), decode_on("SM8550"));
    assert_ne!(
        decode_on("Snapdragon 8 Gen 1"),
        decode_on("Snapdragon 8+ Gen 1")
    );
    assert_eq!(decode_on("not a chip"), None);
}

/// Two tests of `llama-bench` on a phone.
fn bench(decode: f64) -> String {
    format!(
        "[{{\"model_filename\": \"Qwen3-1.7B-Q4_0.gguf\", \"model_type\": \"qwen3 1.7B Q4_0\", \"backends\": \"CPU\", \
         \"n_prompt\": 0, \"n_gen\": 128, \"avg_ts\": {decode}}},\n\
         {{\"model_filename\": \"Qwen3-1.7B-Q4_0.gguf\", \"model_type\": \"qwen3 1.7B Q4_0\", \"backends\": \"CPU\", \
         \"n_prompt\": 512, \"n_gen\": 0, \"avg_ts\": 100.0}}]"
    )
}

#[test]
fn own_measurements_narrow_the_interval_and_move_it() -> Result<(), crate::diagnostic::Text> {
    let rows = read(&bench(40.0), Some("Pixel 9"))?;
    let before = verify(catalog::builtin(), &rows);
    let overlay = calibrate(catalog::builtin(), &rows, "Pixel 9")?;
    let files = vec![("own.yaml".to_owned(), overlay)];
    let overlaid = catalog::overlay(catalog::builtin_files(), files);
    let sharpened = overlaid.unwrap_or_else(|_| panic!("the overlay does not load"));
    let after = verify(&sharpened, &rows);
    let of = |it: &Verification| {
        it.outcomes
            .first()
            .and_then(|it| it.predicted(Quantity::Decode))
    };
    let (Some(before), Some(after)) = (of(&before), of(&after)) else {
        panic!("not predicted");
    };
    assert!(after.high / after.low < before.high / before.low);
    assert!((after.likely - 40.0).abs() < (before.likely - 40.0).abs());
    Ok(())
}

/// What a shell writes into one file is read: a byte order mark, what backends say first, tests whose speed is of something
/// else. The table for people is told from one of measurements.
#[test]
fn output_of_llama_bench_is_read_as_shells_save_it() {
    let records = bench(40.0);
    let noise = "ggml_opencl: selecting platform: 'QUALCOMM Snapdragon(TM)'\r\n";
    let plain = read(&records, Some("Pixel 9")).unwrap_or_default();
    assert_eq!(plain.len(), 2);
    for saved in [
        format!("\u{feff}{records}"),
        format!("{noise}{records}"),
        format!("\u{feff}{noise}{noise}{records}\n"),
    ] {
        assert_eq!(read(&saved, Some("Pixel 9")).as_ref(), Ok(&plain));
    }

    let both = records.replace("\"n_gen\": 0", "\"n_gen\": 128");
    let behind = records.replace("\"n_gen\": 0", "\"n_gen\": 0, \"n_depth\": 4096");
    for mixed in [both, behind] {
        let rows = read(&mixed, Some("Pixel 9")).unwrap_or_default();
        assert_eq!(rows.len(), 2, "no row is dropped in silence");
        assert!(rows.iter().all(|row| row.prefill.is_none()));
        let summary = verify(catalog::builtin(), &rows).summary;
        assert_eq!((summary.rows, summary.predicted), (2, 1));
        assert_eq!(summary.reasons, [(Text::key("verify.reason.mixed"), 1)]);
    }

    let unloaded = records.replace("\"CPU\"", "\"Vulkan\", \"n_gpu_layers\": 0");
    assert_eq!(read(&unloaded, Some("Pixel 9")).as_ref(), Ok(&plain));

    let table = "| model           |       size |     params | backend    | threads |          test |                  t/s |\n\
                 | --------------- | ---------: | ---------: | ---------- | ------: | ------------: | -------------------: |\n\
                 | qwen3 1.7B Q4_0 | 891.64 MiB |     1.54 B | CPU        |       4 |         pp512 |         93.10 ± 0.50 |\n";
    assert_eq!(read(table, None), Err(Text::key("verify.for_people")));
}
