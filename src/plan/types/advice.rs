//! Challenges, what-ifs, risks and checks: what a builder must know beyond the choice.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Words;

/// An engineering challenge of the chosen stacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Challenge {
    /// Stable id.
    pub id: String,
    /// `memory`, `latency`, `thermal`, `lifecycle`, `delivery`, `privacy`, `quality`, `compatibility`, `licence`, `safety`.
    pub area: String,
    /// Heading.
    pub title: Words,
    /// Why it matters here, with this plan's figures.
    pub problem: Words,
    /// Steps, in order.
    pub remedies: Vec<Remedy>,
    /// The heaviest stack it was found on: class id, feature, role.
    pub found_on: (String, String, String),
    /// Source ids.
    pub sources: Vec<String>,
}

/// A step against a challenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Remedy {
    /// What to do.
    pub text: Words,
    /// API names, options, manifest entries.
    pub apis: Vec<String>,
}

/// What a change of one line would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WhatIf {
    /// Stable id of the kind: `single-stack`, `larger-class`, `smaller-class`, `relax-line`, `without-entitlement`.
    pub id: String,
    /// The change and its effect.
    pub text: Words,
}

/// Something that may go wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Risk {
    /// Stable id of the kind.
    pub id: String,
    /// In words.
    pub text: Words,
}

/// A measurement to take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// Stable id of the kind.
    pub id: String,
    /// What to measure and what must come out.
    pub text: Words,
    /// With which tool: command lines, instruments, APIs.
    pub tools: Vec<String>,
}
