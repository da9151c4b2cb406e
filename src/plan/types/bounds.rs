//! How far the bounds of a spec are away, and at which values the answer changes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use super::{Line, Unit};

/// A bound of the spec, or what the platform grants, on one class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Bound {
    /// What sets it.
    pub line: Line,
    /// The feature it is written for; absent where it holds for all.
    pub feature: Option<String>,
    /// `spec` or `platform`.
    pub set_by: String,
    /// `most` or `least`.
    pub sense: String,
    /// Unit of `limit`, `used`, `slack` and of the values of the steps.
    pub unit: Unit,
    /// The bound.
    #[serde(serialize_with = "number")]
    pub limit: f64,
    /// What the chosen stacks take at the pessimistic end; absent where the bound speaks of none of them.
    #[serde(serialize_with = "maybe")]
    pub used: Option<f64>,
    /// What is left; absent with `used`.
    #[serde(serialize_with = "maybe")]
    pub slack: Option<f64>,
    /// Of the bounds of this class, the one whose loosening changes the answer first, as a share of its value.
    pub binds: bool,
    /// Where the answer changes when the bound is tightened, nearest first. A plan knows the nearest.
    pub tighter: Vec<Step>,
    /// Where the answer changes when this bound alone is loosened, nearest first; none for the
    /// platform's. A plan knows the nearest.
    pub looser: Vec<Step>,
}

/// A value at which the answer changes: here it is this one, one unit of the last place before it is not yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// The value as it would be written.
    pub at: String,
    /// The same in the bound's unit.
    #[serde(serialize_with = "number")]
    pub value: f64,
    /// The change as a share of what is written.
    #[serde(serialize_with = "number")]
    pub change: f64,
    /// Whether anything fits.
    pub feasible: bool,
    /// The stacks that are others than in this plan.
    pub stacks: Vec<Swap>,
}

/// Another stack in the place of one of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Swap {
    /// Feature id.
    pub feature: String,
    /// Role id.
    pub role: String,
    /// Model id.
    pub model: String,
    /// Quantization id.
    pub quantization: String,
    /// Runtime id.
    pub runtime: String,
    /// Backend id.
    pub backend: String,
    /// KV cache type.
    pub kv: String,
    /// What the plan has, for people.
    pub from: String,
    /// What takes its place.
    pub to: String,
}

fn number<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    super::measure::number(value, serializer)
}

fn maybe<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => number(value, serializer),
        None => serializer.serialize_none(),
    }
}
