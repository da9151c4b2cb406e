//! The plan as plain data: what `solve` decided, with every figure, word and source a reader needs.
//!
//! Maps values to values: no IO, no clock, no search. Everything `render` prints is in [`types::Plan`].

mod build;
mod diff;
mod lock;
mod schema;
mod steps;
#[cfg(test)]
pub(crate) mod testing;
pub mod types;

pub use build::build;
pub use diff::{ClassDiff, Diff, FigureDiff, StackDiff, StackName};
pub use lock::{Lock, NoLock};
pub use schema::schema;
pub use steps::{ClassSteps, RamStep, Steps};
