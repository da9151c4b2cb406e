//! From text to a tree in which every word has its place. Never fails, and knows no names or units.

mod format;
mod grammar;
mod layout;
pub mod nearest;
mod parse;
mod placement;
mod positions;
mod prepare;
mod reader;
mod recover;
pub(crate) mod scan;
mod statements;
pub mod term;
pub mod tree;
mod wide;

pub use format::format;
pub use parse::{MAX_BYTES, Parsed, parse};
pub use placement::{is_keyword, keywords, keywords_in};
pub use reader::value_of;
pub use tree::Tree;
