//! Pure arithmetic over a stack on a phone: intervals with derivations. Decides nothing.

pub mod types;
