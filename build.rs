//! Compiles the built-in catalog and rules into the form the command loads at start.

fn main() {}
