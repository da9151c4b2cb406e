//! The plan's data, published as `docs/schemas/plan.schema.json` and documented in `docs/reference/plan.md`.
//!
//! Only plain data with names that outlive releases: a field may be added in a minor format version, anything else
//! needs a major one. No type of another station appears here, so they may change freely.

mod advice;
mod asked;
mod bounds;
mod class;
mod fleet;
mod measure;
mod refused;
mod stack;
mod words;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use advice::{Challenge, Check, Remedy, Risk, WhatIf};
pub use asked::{
    Asked, DefaultUsed, Detail, FeatureAsked, LimitAsked, Parameter, PlatformAsked, RamAsked,
};
pub use bounds::{Bound, Step, Swap};
pub use class::{
    Budget, Change, Device, DeviceClass, FeatureLatency, Infeasible, Line, MemorySum, Phase,
    Relaxation, Resident, SlotFigures, SlotMemory,
};
pub use fleet::{Gain, OneForAll};
pub use measure::{Derivation, Estimated, Measure, Unit};
pub use refused::{Considered, Elsewhere, Finding, Oversized, Reason, Refused, RunnerUp};
pub use stack::{
    Dependency, File, License, Model, Quantization, Runtime, Settings, SlotRef, Stack, Tier,
};
pub use words::Words;

/// The format of the plan. Minor: fields were added, ignore those you do not know. Major: read the changelog first.
pub const FORMAT_VERSION: &str = "3.0";

/// An architecture plan for the on-device AI of one app.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// [`FORMAT_VERSION`].
    pub format_version: String,
    /// The spec it was generated from.
    pub generated_from: GeneratedFrom,
    /// How much the prose formats print; the data is always complete.
    pub detail: Detail,
    /// Whether every class of phones has a stack.
    pub feasible: bool,
    /// Languages the spec asks for, the main one first.
    pub locales: Vec<String>,
    /// The answer in three lines.
    pub answer: Vec<Words>,
    /// What the spec asks for, defaults filled in.
    pub asked: Asked,
    /// What to build: classes of phones that get the same stacks, in platform and RAM order.
    pub tiers: Vec<Tier>,
    /// The one stack per slot that is admissible on every class, where there is one.
    pub single: Option<Vec<SlotRef>>,
    /// What the one choice costs against a choice per class; absent where every class has the same, or there is none for all.
    pub one_for_all: Option<OneForAll>,
    /// Classes for which nothing fits.
    pub infeasible: Vec<Infeasible>,
    /// The challenges that weigh most for these stacks, heaviest first; at most three.
    pub challenges: Vec<Challenge>,
    /// How many stacks were judged.
    pub considered: Considered,
    /// Admissible models that lost, and to what.
    pub runners_up: Vec<RunnerUp>,
    /// Better models that only some of the classes get.
    #[serde(default)]
    pub elsewhere: Vec<Elsewhere>,
    /// Models that no class admits, nearest misses first.
    pub refused: Vec<Refused>,
    /// The largest models of the catalog and the sum that rules them out.
    pub oversized: Vec<Oversized>,
    /// What a change of one line would change.
    pub what_if: Vec<WhatIf>,
    /// What may go wrong, and what is not known.
    pub risks: Vec<Risk>,
    /// Measurements to take on real devices before shipping.
    pub checks: Vec<Check>,
    /// Every source a figure of this plan rests on, by id.
    pub sources: Vec<Source>,
}

/// Where the plan comes from: the same three give the same plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GeneratedFrom {
    /// The spec's file name, without folders.
    pub spec: String,
    /// The language version of the spec.
    pub language: u32,
    /// Digest of the catalog.
    pub catalog: String,
}

/// Where a figure was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// The key figures refer to.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Its address, if it has one.
    pub url: Option<String>,
    /// When it was written or seen, as far as known.
    pub date: Option<String>,
    /// `primary`, `measured`, `derived` or `secondary`.
    pub kind: String,
    /// What rests on it, in this order: `memory`, `file`, `model`, `runtime`, `licence`, `judgement`, `challenge`, `figure`.
    pub used_for: Vec<String>,
}
