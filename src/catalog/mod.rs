//! What the compiler knows of the world: facts with sources, in one graph. Judges nothing.

mod builtin;
pub mod gaps;
pub mod graph;
#[cfg(test)]
mod laws;
pub mod load;
mod lookup;
pub mod record;
mod schema;
#[cfg(test)]
mod tests;
pub mod types;

pub use builtin::{builtin, builtin_files};
pub use load::{load, overlay};
pub use schema::schema;
pub use types::Catalog;
