//! The models of a plan that were not chosen: those that were admissible and lost, and those that were refused, with the
//! figures that decided.

use serde::{Deserialize, Serialize};

use super::{Attribute, Figure};
use crate::quantity::Dimension;

/// A model that was not chosen for some classes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rival {
    /// Its name.
    pub model: String,
    /// For which part of the app.
    pub role: String,
    /// On which classes; of a refused one the class where it came nearest.
    pub classes: Vec<String>,
    /// The quantization it was judged in.
    pub quantization: String,
    /// What became of it.
    pub fate: Fate,
}

/// Why a model was not chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Fate {
    /// It was admissible, and another was better.
    Lost {
        /// The other.
        winner: String,
        /// It came right after the other.
        second: bool,
        /// What the other was better on.
        on: Option<String>,
        /// Its own values of it.
        own: Vec<Value>,
        /// Those of the other.
        theirs: Vec<Value>,
    },
    /// It was not admissible.
    Refused(Vec<Ground>),
}

/// A number as the plan prints it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Value {
    /// In base units.
    pub value: f64,
    /// What it measures; a plain number has none.
    pub dimension: Option<Dimension>,
}

/// One reason why a model is not admissible.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ground {
    /// The rule that refused it, or `line.ATTRIBUTE` for a line of the spec.
    pub id: String,
    /// The figure that went too far, and where the limit was.
    pub figure: Option<(Attribute, Figure)>,
    /// The limit.
    pub limit: Option<f64>,
    /// A language, a licence: what the rule named.
    pub named: Option<String>,
    /// The runtime it is about.
    pub by: Option<String>,
}
