//! From a syntax tree to what is asked: names, types, units, defaults and parameters resolved.

mod defaults;
pub mod expr;
pub mod expr_parse;
pub mod facts;
pub mod model;
pub mod resolve;
mod typing;
mod units;
mod vocabulary;

pub use defaults::{Comfort, PASSAGE, QUESTION, comfort};
pub use resolve::{Overrides, Resolved, TOOLKITS, UIS, resolve, selectors, type_names, type_of};
pub use vocabulary::{Name, Vocabulary, find};
