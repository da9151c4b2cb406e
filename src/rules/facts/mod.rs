//! What a condition can ask about: values of facts, and who gives them.
//!
//! `StackFacts` answers for a real stack, `Assigned` for the examples beside a rule. Nothing here judges.

mod asked;
mod assigned;
mod budget;
mod limits;
mod made;
mod phone;
mod stack;
mod support;
mod table;
mod terms;
mod value;

pub use assigned::Assigned;
pub use budget::Budgets;
pub use stack::{Case, StackFacts};
pub use value::{Facts, Value};
