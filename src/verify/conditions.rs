//! Under what conditions a source measured, where they are not those of an estimate. Data; whatever fits stands.

use super::measured::{Measured, Quantity};

/// Words in the remarks of a row, and the quantity that is not compared for their sake.
const APART: &[(&str, Quantity)] = &[
    // The prompt holds a picture or a sound, whose tokens nobody counted.
    ("VLM", Quantity::Ttft),
    ("task: audio", Quantity::Ttft),
    ("task: vision", Quantity::Ttft),
    // Prompts of a run of ten minutes, added up beside the time of the first.
    ("task=energy", Quantity::Ttft),
    ("continuous generation", Quantity::Ttft),
    ("s sustained", Quantity::Ttft),
    // The first load of all compiles; an estimate is of a later one.
    ("first init", Quantity::Load),
    ("GPU init", Quantity::Load),
    ("task=energy", Quantity::Load),
    ("s sustained", Quantity::Load),
];

/// Engines, in lower case, that count their own start as part of the time to the first token where a GPU runs them.
const STARTS_WITHIN: &[&str] = &["mediapipe"];

/// Words in the remarks of a row that was measured over minutes, without a pause.
const LONG_RUNS: &[&str] = &["s sustained", "continuous generation"];
/// Tokens of each answer in such a run: the published totals are multiples of it.
pub(super) const LONG_ANSWER: f64 = 512.0;

/// Whether the row is of a run of minutes. Its prompt and its tokens are added up over all answers.
pub(super) fn long_run(row: &Measured) -> bool {
    LONG_RUNS.iter().any(|words| row.notes.contains(words))
}

/// Whether the phone was as warm as generating without pause makes it.
pub(super) fn warm(row: &Measured) -> bool {
    long_run(row) || row.notes.contains("hot steady")
}

/// Whether a quantity of the row may be held against an estimate. A computer reads its files from memory or from a drive
/// no phone has, so its loads are none of a phone's.
pub(super) fn comparable(row: &Measured, quantity: Quantity) -> bool {
    let apart = APART
        .iter()
        .any(|(words, of)| *of == quantity && row.notes.contains(words));
    let computer = quantity == Quantity::Load && row.device.starts_with("Mac");
    !apart && !computer
}

/// Whether the first token of the row waited for the engine to start.
pub(super) fn starts_within(row: &Measured) -> bool {
    let engine = row.runtime.to_lowercase();
    STARTS_WITHIN.iter().any(|name| engine.contains(name)) && row.backend.contains("gpu")
}
