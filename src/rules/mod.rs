//! Judgements as data: rules and challenges, their conditions and verdicts.

pub mod types;
