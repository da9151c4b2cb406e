//! What the compiler knows of the world: facts with sources, in one graph. Judges nothing.

pub mod types;
