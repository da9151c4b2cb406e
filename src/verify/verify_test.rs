//! The tables that are shipped, held against the estimates; malformed ones; a calibration.

use super::{Verification, calibrate, read, rows_csv, text, verify};
use crate::catalog;
use crate::diagnostic::{Locale, messages};
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
