//! The language server: what an editor asks about a spec, answered by the same stations as the command line.
//!
//! One file per feature. It reads and writes protocol messages; the only files it touches are read-only copies of
//! built-in files and plans in a cache folder it is told of. What governs a document it is told too, by a [`Ground`]. It
//! decides nothing about plans.

mod cache;
mod cards;
mod client;
mod completion;
mod definition;
mod diagnostics;
mod dispatch;
mod document;
mod drift;
mod folding;
mod formatting;
mod governing;
mod ground;
mod hints;
mod hover;
mod lenses;
mod open_plan;
mod pending;
mod place;
mod position;
mod quick_fix;
mod refusal;
mod remedy;
mod rename;
mod server;
mod session;
mod solver;
mod symbols;
mod tokens;
mod uri;
mod wire;
mod words;
mod workspace;

#[cfg(test)]
mod laws_test;

pub use ground::{Governed, Ground, Knowledge, SpecsBelow, Trouble};
pub use server::{Ended, serve};
pub use session::Setup;
