//! Judgements as data: rules and challenges, their conditions and verdicts.

mod builtin;
mod coverage;
mod dead;
pub mod eval;
pub mod facts;
mod level;
mod load;
pub mod record;
#[cfg(test)]
mod reference;
pub mod schema;
mod set;
pub mod template;
pub mod types;

pub use builtin::{builtin, builtin_files};
pub use coverage::{Coverage, Gap, coverage};
pub use dead::dead;
pub use level::{SetLevel, Unsettable};
pub use load::{load, overlay};
pub use set::RuleSet;
