//! From candidates to the choice, proven optimal; explains what it rejects.

mod classes;
mod feasible;
#[cfg(test)]
mod lcg;
pub mod problem;
pub mod quickxplain;
pub mod search;
mod sharing;
mod slots;
pub mod types;
