//! Predictions against what was measured. Reports errors; fits nothing.

pub mod allocations;
