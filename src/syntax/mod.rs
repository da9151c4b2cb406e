//! From text to a tree in which every word has its place. Never fails, and knows no names or units.

mod grammar;
pub mod nearest;
mod parse;
mod placement;
mod positions;
mod prepare;
mod reader;
mod recover;
mod statements;
pub mod term;
pub mod tree;
mod wide;

pub use parse::{KEYWORDS, MAX_BYTES, Parsed, parse};
pub use reader::value_of;
pub use tree::Tree;
