//! The part of `rules` that makes the compiled rules: everything but the facts of real stacks.

#[path = "../../src/rules/eval/mod.rs"]
pub mod eval;
#[path = "facts.rs"]
pub mod facts;
#[path = "../../src/rules/load/mod.rs"]
pub mod load;
#[path = "../../src/rules/record.rs"]
pub mod record;
#[path = "../../src/rules/set.rs"]
pub mod set;
#[path = "../../src/rules/template.rs"]
pub mod template;
#[path = "../../src/rules/types.rs"]
pub mod types;
