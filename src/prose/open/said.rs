//! What a sentence of figures and names has said so far. Values only.

use super::clause::Scope;
use super::figures::Claim;
use crate::prose::facts::Attribute;
use crate::prose::read::meaning::{Compare, End};

/// Why a sentence is not accepted.
pub(super) type Why = String;

/// What was said so far.
#[derive(Default)]
pub(super) struct Said {
    pub(super) claims: Vec<Claim>,
    /// Figures that words spoke of, and those that numbers stated.
    pub(super) spoken: Vec<Vec<Attribute>>,
    /// An end without a number yet.
    pub(super) waiting: Vec<End>,
    /// A limit that something was held against.
    pub(super) held: Vec<(Scope, Compare, Option<Attribute>)>,
    pub(super) names: bool,
    /// The limit is that without the entitlement.
    pub(super) bare: bool,
    /// A clause before says so, and no figure yet: it is said of what follows.
    pub(super) framed: bool,
    /// Figures in which one of several is the first.
    pub(super) first: Vec<Attribute>,
    /// Something is said of an hour.
    pub(super) hourly: bool,
}
