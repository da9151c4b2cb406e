//! The closed list of facts that prose may speak of: rows of names and figures, and statements.
//!
//! Values only. A row says what belongs together: this class of phones, this model in this quantization, run so, with
//! these figures. A statement is a sentence of the plan that prose may shorten but not turn around.

mod attribute;
mod from_findings;
mod from_plan;
mod from_refused;
mod rivals;
mod spellings;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use attribute::Attribute;
pub use from_plan::facts;
pub use rivals::{Fate, Ground, Rival, Value};

pub(crate) use from_findings::findings;
pub(crate) use from_plan::{class_name, feature_name, plain, role_name};

use crate::diagnostic::Locale;
use crate::quantity::{Dimension, Quantity};

/// What a name is a name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// An operating system.
    Platform,
    /// A class of phones, or a device the spec names.
    Class,
    /// The phone whose figures stand for the class.
    Device,
    /// Its chip.
    Chip,
    /// A feature of the app.
    Feature,
    /// A place in a pipeline.
    Role,
    /// A model.
    Model,
    /// A quantization.
    Quantization,
    /// A runtime or binding.
    Runtime,
    /// The engine under a binding.
    Engine,
    /// A backend.
    Backend,
    /// A file format.
    Format,
    /// A licence.
    License,
    /// A version of a runtime.
    Version,
    /// Who made the model.
    Maker,
    /// A type of KV cache.
    Cache,
}

impl Kind {
    /// Whether it says where rather than what runs there.
    #[must_use]
    pub const fn is_place(self) -> bool {
        matches!(
            self,
            Self::Platform | Self::Class | Self::Device | Self::Chip
        )
    }

    /// Whether it says which part of the app.
    #[must_use]
    pub const fn is_purpose(self) -> bool {
        matches!(self, Self::Feature | Self::Role)
    }
}

/// A figure with its bounds, in base units.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The smaller end.
    pub low: f64,
    /// The best single value.
    pub likely: f64,
    /// The larger end.
    pub high: f64,
}

impl Figure {
    /// Known exactly.
    #[must_use]
    pub const fn exact(value: f64) -> Self {
        Self {
            low: value,
            likely: value,
            high: value,
        }
    }

    /// Whether the bounds differ.
    #[must_use]
    pub fn is_interval(self) -> bool {
        self.low != self.high
    }

    /// As the plan prints its likely value.
    #[must_use]
    pub fn shown(self, dimension: Dimension) -> String {
        Quantity::new(self.likely, dimension).to_string()
    }
}

/// What belongs together: one stack on one class of phones.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Row {
    /// Names by kind; further spellings of one thing are in [`Facts::aliases`].
    pub names: BTreeMap<Kind, String>,
    /// Figures.
    pub figures: BTreeMap<Attribute, Figure>,
}

/// A sentence of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Stable id.
    pub id: String,
    /// The sentence.
    pub text: String,
    /// Names it speaks of without saying them: it holds only where they are being spoken of.
    pub about: Vec<String>,
}

/// Everything prose may say, in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// The language of the statements.
    pub locale: Locale,
    /// What belongs together.
    pub rows: Vec<Row>,
    /// Sentences.
    pub statements: Vec<Statement>,
    /// Further spellings: kind, spelling, the name it stands for.
    pub aliases: Vec<(Kind, String, String)>,
    /// Names the catalog knows and this plan does not speak of: they are recognised, to be refused by their name.
    pub others: BTreeSet<String>,
    /// Models that were not chosen.
    pub rivals: Vec<Rival>,
}

impl Facts {
    /// No facts yet.
    #[must_use]
    pub const fn new(locale: Locale) -> Self {
        Self {
            locale,
            rows: Vec::new(),
            statements: Vec::new(),
            aliases: Vec::new(),
            others: BTreeSet::new(),
            rivals: Vec::new(),
        }
    }

    /// The index of the statement of a paragraph's fact.
    #[must_use]
    pub fn statement(&self, paragraph: &str, number: usize) -> Option<usize> {
        let id = format!("{paragraph}.{number}");
        self.statements
            .iter()
            .position(|statement| statement.id == id)
    }
}
