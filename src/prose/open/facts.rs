//! What the open reader knows of a plan: one line for each stack on each class, models that were not chosen, statements, and every
//! name. Values only.

use std::collections::{BTreeMap, BTreeSet};

use super::coordinates::Coordinate;
use super::sayings::Saying;
use crate::diagnostic::Locale;
use crate::prose::facts::{Attribute, Figure, Kind};
use crate::quantity::Dimension;

/// Everything a free sentence about a plan may be held against.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    pub(super) lines: Vec<Line>,
    pub(super) rivals: Vec<Rival>,
    pub(super) gains: Vec<Gain>,
    /// Spellings in lower case, and what each may stand for; nothing for names that the plan does not hold.
    pub(super) names: BTreeMap<String, Vec<Named>>,
    /// Words the user gave, with the features they are of; all features where they are the app's.
    pub(super) own: BTreeMap<String, BTreeSet<usize>>,
    pub(super) features: usize,
    /// Roles and platforms of the plan, by id.
    pub(super) roles: BTreeSet<String>,
    /// The language of the facts.
    pub(super) locale: Locale,
    /// What the plan says of problems and remedies.
    pub(super) told: Vec<Statement>,
    /// The same and more, with the rows they hold on.
    pub(super) sayings: Vec<Saying>,
    /// What its stacks take in.
    pub(super) coordinates: Vec<Coordinate>,
    /// Its limits, as the spec writes them.
    pub(super) limits: Vec<String>,
}

impl Open {
    /// What the plan says of problems, remedies, limits and checks.
    pub(crate) fn sayings(&self) -> &[Saying] {
        &self.sayings
    }

    /// What of its code free sentences may hold: packages with their versions, and the lines of the spec.
    pub(crate) fn code(&self) -> impl Iterator<Item = &str> {
        let packages = self.coordinates.iter().flat_map(Coordinate::code);
        packages.chain(self.limits.iter().map(String::as_str))
    }
}

/// One stack on one class.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// Index of the class.
    pub(super) class: usize,
    pub(super) platform: String,
    pub(super) ram: u32,
    /// The spec names the device.
    pub(super) named: bool,
    pub(super) feature: usize,
    pub(super) role: String,
    pub(super) names: BTreeMap<Kind, String>,
    pub(super) figures: BTreeMap<Attribute, Figure>,
    /// What is on or off: `flash-on`, `mmap-off`.
    pub(super) switches: BTreeSet<&'static str>,
}

/// What a spelling stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Named {
    pub(super) kind: Kind,
    pub(super) name: String,
}

/// What one choice for all phones would cost a class.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gain {
    pub(super) class: usize,
    pub(super) feature: usize,
    pub(super) role: String,
    pub(super) objective: String,
    pub(super) own: Vec<Number>,
    pub(super) common: Vec<Number>,
}

/// A number as the plan prints it, with what it measures.
pub(super) type Number = (f64, Dimension);

/// A model that some classes do not get.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rival {
    pub(super) model: String,
    pub(super) feature: Option<usize>,
    pub(super) role: String,
    /// The classes this is said of.
    pub(super) classes: BTreeSet<usize>,
    /// The one of them that its values are of.
    pub(super) at: Option<usize>,
    /// Names of its stack: quantization, runtime, backend.
    pub(super) with: BTreeSet<String>,
    pub(super) figures: Vec<(Attribute, Figure)>,
    pub(super) fate: Fate,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fate {
    /// It fits, and another was better.
    Lost {
        winner: String,
        second: bool,
        on: Option<String>,
        own: Vec<Number>,
        theirs: Vec<Number>,
    },
    /// It was refused.
    Refused(Vec<Ground>),
}

/// One reason of a refusal.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ground {
    pub(super) id: String,
    /// What the rule names: a language, a licence, an app toolkit, a runtime.
    pub(super) named: Vec<String>,
    pub(super) figure: Option<(Attribute, Figure)>,
    pub(super) limit: Option<Number>,
    /// How far beyond the limit, as a share of it.
    pub(super) beyond: Option<f64>,
    /// Only the pessimistic end breaks the rule: a measurement may decide otherwise.
    pub(super) by_width: bool,
}

/// A statement of the plan on a problem or a remedy.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Statement {
    /// Its rule.
    pub(super) of: String,
    pub(super) text: String,
    /// API names, options and manifest entries of a remedy.
    pub(super) apis: Vec<String>,
    /// Classes it holds on.
    pub(super) classes: BTreeSet<usize>,
    /// Models it is of; none where it is of the whole plan.
    pub(super) models: BTreeSet<String>,
    /// It holds wherever it is told: nothing need be named.
    pub(super) anywhere: bool,
}
