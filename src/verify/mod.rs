//! Measurements held against the estimates: each row predicted, errors and coverage counted. Reads text, opens no file.
//!
//! A row is read (`table`, `bench`), its names become a stack on a phone (`resolve`, `chips`, `models`), the stack is estimated
//! (`predict`), and the differences are counted (`score`).

mod aliases;
pub mod allocations;
mod bench;
mod calibrate;
mod chip_names;
mod chips;
mod conditions;
mod measured;
mod models;
mod predict;
mod report;
mod resolve;
mod score;
mod table;
#[cfg(test)]
mod verify_test;

pub use self::calibrate::calibrate;
pub use self::measured::Measured;
pub use self::report::{json, rows_csv, text};
pub use self::score::{Outcome, Summary};

use crate::catalog::types::Catalog;
use crate::diagnostic::Text;

/// Every row with its prediction or the reason why there is none, and the summary.
#[derive(Debug, Clone)]
pub struct Verification {
    /// In the order of the file.
    pub outcomes: Vec<Outcome>,
    /// Counts and errors.
    pub summary: Summary,
}

/// Reads measurements: the columns of `measurements.csv`, or what `llama-bench -o json|jsonl|csv` writes, measured on
/// `device`.
///
/// # Errors
/// A text that is neither, with line and column; output of `llama-bench` without a device.
pub fn read(text: &str, device: Option<&str>) -> Result<Vec<Measured>, Text> {
    if bench::is_bench(text) {
        let device = device.ok_or_else(|| Text::key("verify.device_missing"))?;
        return bench::read(text, device);
    }
    if bench::is_for_people(text) {
        return Err(Text::key("verify.for_people"));
    }
    table::read(text)
}

/// Predicts each row and compares.
#[must_use]
pub fn verify(catalog: &Catalog, rows: &[Measured]) -> Verification {
    let outcomes = predict::predict(catalog, rows);
    let summary = score::summarize(&outcomes);
    Verification { outcomes, summary }
}
