//! Facts given by hand, for the examples beside a rule.

#[path = "../../src/rules/facts/assigned.rs"]
mod assigned;
#[path = "../../src/rules/facts/value.rs"]
mod value;

pub use assigned::Assigned;
pub use value::{Facts, Value};
