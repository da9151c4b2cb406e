//! Figures with bounds, units and the way they were reached.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use super::Words;
use crate::quantity::{Dimension, Quantity};

/// The unit of a [`Measure`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Unit {
    /// Bytes.
    #[serde(rename = "B")]
    Bytes,
    /// Seconds.
    #[serde(rename = "s")]
    Seconds,
    /// Tokens per second.
    #[serde(rename = "tok/s")]
    TokensPerSecond,
    /// Joules per generated token, whole phone.
    #[serde(rename = "J/token")]
    JoulesPerToken,
    /// Percent of the battery per hour of use.
    #[serde(rename = "%/h")]
    PercentPerHour,
    /// Tokens.
    #[serde(rename = "tokens")]
    Tokens,
    /// Model parameters.
    #[serde(rename = "params")]
    Params,
}

impl Unit {
    /// A value of this unit for people: the unit chosen by size, few digits.
    #[must_use]
    pub fn show(self, value: f64) -> String {
        let dimension = match self {
            Self::Bytes => Dimension::Bytes,
            Self::Seconds => Dimension::Time,
            Self::TokensPerSecond => Dimension::Rate,
            Self::JoulesPerToken => Dimension::EnergyPerToken,
            Self::PercentPerHour => Dimension::Drain,
            Self::Tokens => Dimension::Tokens,
            Self::Params => Dimension::Params,
        };
        Quantity::new(value, dimension).to_string()
    }
}

/// `low <= likely <= high`; all three are equal where the figure is exact. How to print it is up to the reader.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Measure {
    /// The smaller end.
    #[serde(serialize_with = "number")]
    pub low: f64,
    /// The best single figure.
    #[serde(serialize_with = "number")]
    pub likely: f64,
    /// The larger end.
    #[serde(serialize_with = "number")]
    pub high: f64,
    /// What is counted.
    pub unit: Unit,
}

impl Measure {
    /// Known exactly.
    #[must_use]
    pub const fn exact(value: f64, unit: Unit) -> Self {
        Self {
            low: value,
            likely: value,
            high: value,
            unit,
        }
    }

    /// Whether it is surely nothing.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.low == 0.0 && self.high == 0.0
    }

    /// Whether the bounds meet.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.low == self.high
    }
}

/// Whole numbers without a fraction part, others to four places: the file stays readable and stable.
pub(super) fn number<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < LARGEST_EXACT {
        serializer.serialize_i64(*value as i64)
    } else {
        serializer.serialize_f64((value * 1e4).round() / 1e4)
    }
}

/// One line of arithmetic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Derivation {
    /// Stable id of what is computed (`step.kv_cache`, ...).
    pub id: String,
    /// The same in words.
    pub what: Words,
    /// The arithmetic with its numbers.
    pub formula: String,
    /// The result with its unit.
    pub result: String,
    /// Ids of [`super::Source`]s of the inputs.
    pub sources: Vec<String>,
}

/// A prediction, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Estimated {
    /// Computed.
    Known {
        /// The figure.
        value: Measure,
        /// How, line by line; the last line is the figure.
        derivation: Vec<Derivation>,
    },
    /// An input is not in the catalog; nothing was guessed in its place.
    Unknown {
        /// Stable id of what is missing (`unknown.soc_bandwidth`, ...).
        id: String,
        /// What is missing.
        missing: Words,
        /// The record that lacks it.
        of: String,
    },
    /// The figure has no meaning here, such as the decode speed of an embedding model.
    NotApplicable,
}

impl Estimated {
    /// The figure, if known.
    #[must_use]
    pub const fn value(&self) -> Option<&Measure> {
        match self {
            Self::Known { value, .. } => Some(value),
            _ => None,
        }
    }
}
