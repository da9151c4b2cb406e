//! Judgements as data: rules and challenges, their conditions and verdicts.

pub mod eval;
pub mod facts;
pub mod types;
