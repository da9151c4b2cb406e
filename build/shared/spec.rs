//! The part of `spec` that reads expressions.

#[path = "../../src/spec/expr.rs"]
pub mod expr;
#[path = "../../src/spec/expr_parse.rs"]
pub mod expr_parse;
#[path = "../../src/spec/facts.rs"]
pub mod facts;
#[path = "../../src/spec/typing.rs"]
mod typing;
#[path = "../../src/spec/units.rs"]
mod units;
