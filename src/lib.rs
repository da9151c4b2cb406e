//! edgeplan: the compiler for on-device AI plans.
//!
//! Data flows one way, and each module is one station of that way (see `docs/architecture.md`):
//! `syntax -> spec -> catalog -> estimate -> rules -> solve -> plan -> render`, with `cli` on top.
//! `diagnostic` and `quantity` serve all and depend on none. From `syntax` to `render` nothing does IO.

pub mod catalog;
pub mod cli;
pub mod diagnostic;
pub mod estimate;
pub mod pipeline;
pub mod plan;
pub mod quantity;
pub mod render;
pub mod rules;
pub mod solve;
pub mod spec;
pub mod syntax;
pub mod verify;
