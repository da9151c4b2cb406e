//! The part of `catalog` that makes the compiled catalog.

#[path = "../../src/catalog/load/mod.rs"]
pub mod load;
#[path = "../../src/catalog/record/mod.rs"]
pub mod record;
#[path = "../../src/catalog/types/mod.rs"]
pub mod types;
