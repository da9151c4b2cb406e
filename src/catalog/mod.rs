//! What the compiler knows of the world: facts with sources, in one graph. Judges nothing.

mod builtin;
pub mod graph;
pub mod load;
mod lookup;
pub mod record;
#[cfg(test)]
mod tests;
pub mod types;

pub use builtin::{builtin, builtin_files};
pub use load::{load, overlay};
pub use types::Catalog;
