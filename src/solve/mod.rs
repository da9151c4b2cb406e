//! From candidates to the choice, proven optimal; explains what it rejects.

pub mod types;
