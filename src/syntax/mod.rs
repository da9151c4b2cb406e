//! From text to a tree in which every word has its place. Never fails, and knows no names or units.

mod grammar;
pub mod nearest;
mod positions;
mod prepare;
mod reader;
mod recover;
pub mod term;
pub mod tree;
mod wide;
