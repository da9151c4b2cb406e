//! The units a spec or a rule may write, and the dynamic quantity an expression computes with.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a number measures. Two quantities compare only within one dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dimension {
    /// A bare number.
    Number,
    /// Bytes of memory, storage or download.
    Bytes,
    /// Seconds.
    Time,
    /// Tokens per second.
    Rate,
    /// Tokens.
    Tokens,
    /// Joules.
    Energy,
    /// Joules per token.
    EnergyPerToken,
    /// Watts.
    Power,
    /// Percent of the battery per hour.
    Drain,
    /// A share of a whole.
    Share,
    /// Model parameters.
    Params,
    /// Bits, of a quantization.
    Bits,
    /// Bytes per second.
    Bandwidth,
}

impl Dimension {
    /// The identifier used in facts tables, JSON and message catalogues (`dimension.bytes`, ...).
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Bytes => "bytes",
            Self::Time => "time",
            Self::Rate => "rate",
            Self::Tokens => "tokens",
            Self::Energy => "energy",
            Self::EnergyPerToken => "energy-per-token",
            Self::Power => "power",
            Self::Drain => "drain",
            Self::Share => "share",
            Self::Params => "params",
            Self::Bits => "bits",
            Self::Bandwidth => "bandwidth",
        }
    }
}

/// One spelling of a unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// As written in a spec.
    pub symbol: &'static str,
    /// What it measures.
    pub dimension: Dimension,
    /// How many base units one of it is.
    pub factor: f64,
}

const fn u(symbol: &'static str, dimension: Dimension, factor: f64) -> Unit {
    Unit {
        symbol,
        dimension,
        factor,
    }
}

/// All units, in the order in which messages list them. Bases: byte, second, token, tok/s, joule, watt,
/// %/h, share 1.0, parameter.
pub const UNITS: &[Unit] = &[
    u("B/s", Dimension::Bandwidth, 1.0),
    u("MB/s", Dimension::Bandwidth, 1e6),
    u("GB/s", Dimension::Bandwidth, 1e9),
    u("KB", Dimension::Bytes, 1e3),
    u("MB", Dimension::Bytes, 1e6),
    u("GB", Dimension::Bytes, 1e9),
    u("TB", Dimension::Bytes, 1e12),
    u("KiB", Dimension::Bytes, 1024.0),
    u("MiB", Dimension::Bytes, 1_048_576.0),
    u("GiB", Dimension::Bytes, 1_073_741_824.0),
    u("ms", Dimension::Time, 1e-3),
    u("s", Dimension::Time, 1.0),
    u("min", Dimension::Time, 60.0),
    u("h", Dimension::Time, 3600.0),
    u("tok/s", Dimension::Rate, 1.0),
    u("tokens", Dimension::Tokens, 1.0),
    u("token", Dimension::Tokens, 1.0),
    u("tok", Dimension::Tokens, 1.0),
    u("J", Dimension::Energy, 1.0),
    u("mWh", Dimension::Energy, 3.6),
    u("J/token", Dimension::EnergyPerToken, 1.0),
    u("mW", Dimension::Power, 1e-3),
    u("W", Dimension::Power, 1.0),
    u("%/h", Dimension::Drain, 1.0),
    u("%", Dimension::Share, 1e-2),
    u("M", Dimension::Params, 1e6),
    u("B", Dimension::Params, 1e9),
    u("bit", Dimension::Bits, 1.0),
];

/// The unit spelled exactly so, if there is one.
#[must_use]
pub fn unit(symbol: &str) -> Option<&'static Unit> {
    UNITS.iter().find(|unit| unit.symbol == symbol)
}

/// A number in the base unit of its dimension.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// In base units (bytes, seconds, ...).
    pub value: f64,
    /// What it measures.
    pub dimension: Dimension,
}

impl Quantity {
    /// A quantity from a number in base units.
    #[must_use]
    pub const fn new(value: f64, dimension: Dimension) -> Self {
        Self { value, dimension }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use super::{
            BatteryDrain, Bytes, BytesPerSecond, JoulesPerToken, Params, Seconds, Share, Tokens,
            TokensPerSecond, Watts,
        };
        let v = self.value;
        match self.dimension {
            Dimension::Number => write!(f, "{v}"),
            Dimension::Bytes => Bytes::new(v.max(0.0).round() as u64).fmt(f),
            Dimension::Time => Seconds::new(v).fmt(f),
            Dimension::Rate => TokensPerSecond::new(v).fmt(f),
            Dimension::Tokens => Tokens::new(v.max(0.0).round() as u64).fmt(f),
            Dimension::Energy => write!(f, "{v:.1} J"),
            Dimension::EnergyPerToken => JoulesPerToken::new(v).fmt(f),
            Dimension::Power => Watts::new(v).fmt(f),
            Dimension::Drain => BatteryDrain::new(v).fmt(f),
            Dimension::Share => Share::new(v).fmt(f),
            Dimension::Params => Params::new(v.max(0.0).round() as u64).fmt(f),
            Dimension::Bits => write!(f, "{v:.2} bit"),
            Dimension::Bandwidth => BytesPerSecond::new(v).fmt(f),
        }
    }
}
