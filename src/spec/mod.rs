//! From a syntax tree to what is asked: names, types, units, defaults and parameters resolved.

pub mod expr;
pub mod expr_parse;
pub mod facts;
pub mod model;
mod typing;
mod units;
mod vocabulary;

pub use vocabulary::{Name, Vocabulary};
