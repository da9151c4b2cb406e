//! A guide in prose beside the plan: facts, their deterministic text, and the verifier of every sentence.
//!
//! Prose decides nothing and adds nothing. Facts come from the [`Plan`](crate::plan::types::Plan); a sentence, whoever
//! wrote it, stands only when the verifier finds each of its claims among them.

pub mod compose;
pub mod facts;
pub mod guide;
pub mod lock;
pub mod open;
pub mod read;
pub mod review;
pub mod verify;
pub mod writer;
