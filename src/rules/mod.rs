//! Judgements as data: rules and challenges, their conditions and verdicts.

pub mod eval;
pub mod facts;
mod set;
pub mod template;
pub mod types;

pub use set::RuleSet;
