//! What was looked at and not chosen, with the arithmetic.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Words;

/// How much was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Considered {
    /// Stacks judged, over all classes and slots.
    pub stacks: u64,
    /// Of which admissible.
    pub admissible: u64,
    /// Distinct models among them.
    pub models: u64,
    /// Classes of phones.
    pub classes: u64,
}

/// Why something is out, or what to mind about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// Stable id: a rule's, `line.<fact>`, or `unknown.<figure>`.
    pub id: String,
    /// The diagnostic code, for rules.
    pub code: Option<String>,
    /// In words.
    pub text: Words,
    /// The operands: name, value.
    pub values: Vec<(String, String)>,
    /// By how much the limit is missed, as a share of it.
    pub overshoot: Option<f64>,
    /// Only the interval's width refuses: the likely value would pass, and a measurement would settle it.
    pub by_width: bool,
}

/// A warning or a piece of advice about a chosen stack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// `warning` or `advice`.
    pub severity: String,
    /// What.
    pub reason: Reason,
    /// What to do.
    pub remedy: Words,
}

/// An admissible model that lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunnerUp {
    /// Class ids on which it came second.
    pub classes: Vec<String>,
    /// Feature id.
    pub feature: String,
    /// Role id.
    pub role: String,
    /// Model name.
    pub model: String,
    /// Quantization name.
    pub quantization: String,
    /// The winner's model name.
    pub winner: String,
    /// The objective it lost on; absent when equal on all, and later by id.
    pub loses_on: Option<String>,
    /// Feature and role that get worse by it, where that is another place than its own.
    #[serde(default)]
    pub loses_in: Option<(String, String)>,
    /// Winner's value and its own, as shown.
    pub values: Option<(String, String)>,
}

/// A better model that some classes get and others do not, and what it lacks on the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Elsewhere {
    /// Feature id.
    pub feature: String,
    /// Role id.
    pub role: String,
    /// Model id.
    pub model: String,
    /// Model name.
    pub name: String,
    /// The quantization of its best stack on the first of the classes, which may be another than the one the others get; absent
    /// where it is refused or finds no room.
    pub quantization: Option<String>,
    /// Id of a class that gets it.
    pub given_to: String,
    /// Ids of the classes that do not, for one reason.
    pub classes: Vec<String>,
    /// Name of the model they get.
    pub winner: String,
    /// The objective it loses on; absent where it is refused or finds no room.
    pub loses_on: Option<String>,
    /// Feature and role that get worse by it, where that is another place than its own.
    pub loses_in: Option<(String, String)>,
    /// Winner's value and its own on the first of the classes, as shown.
    pub values: Option<(String, String)>,
    /// Why its nearest stack is refused on the first of the classes; empty where it loses, or fits alone but not beside the
    /// other features.
    pub reasons: Vec<Reason>,
}

/// A model that no class admits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Refused {
    /// Feature id.
    pub feature: String,
    /// Role id.
    pub role: String,
    /// Model id.
    pub model: String,
    /// Model name.
    pub name: String,
    /// The stack that came nearest: quantization, runtime, backend.
    pub nearest: String,
    /// On which class.
    pub class: String,
    /// Why that stack is out, every reason.
    pub reasons: Vec<Reason>,
}

/// A model beyond any phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Oversized {
    /// Model id.
    pub model: String,
    /// Model name.
    pub name: String,
    /// Parameters.
    pub params: u64,
    /// Its smallest known file, or the arithmetic where none is on record.
    pub smallest: String,
    /// Bytes of it.
    pub bytes: u64,
    /// The largest class.
    pub class: String,
    /// What a process may be charged there.
    pub budget: u64,
    /// Its physical memory.
    pub ram: u64,
    /// Source ids.
    pub sources: Vec<String>,
}
