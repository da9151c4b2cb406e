//! Numbers with dimensions: bytes never meet tokens.
//!
//! Every station uses these types; this one depends on none of them and does no IO. Arithmetic is
//! limited to `+ - * /`, so that the same input gives the same bits on every machine.

mod grouped;
mod interval;
mod kinds;
mod logarithm;
mod unit;

pub use grouped::grouped;
pub use interval::Interval;
pub use kinds::{
    BatteryDrain, Bytes, BytesPerSecond, JoulesPerToken, Params, Seconds, Share, Tokens,
    TokensPerSecond, Watts,
};
pub use logarithm::{exp, ln};
pub use unit::{Dimension, Quantity, UNITS, Unit, unit};
