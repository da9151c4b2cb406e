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
