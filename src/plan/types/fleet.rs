//! One choice for all phones against one per class.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the one choice that every class can run costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OneForAll {
    /// Id of the class that forces it: the first that cannot run what the weakest class would rather have; the weakest class
    /// itself, where all can.
    pub forced_by: String,
    /// Its platform or device with its memory, for people.
    pub forced_by_name: String,
    /// The classes that fare better with a choice of their own.
    pub gains: Vec<Gain>,
    /// The largest share of the fleet that fares better, 0 to 1; absent where the spec gives no shares. A spec gives one share to
    /// all phones of a RAM size, whatever their platform: it counts in full where one of their classes gains.
    pub share: Option<f64>,
    /// The smallest such share: what counts has no class that does not gain. Equal to `share` where the fleet tells them apart.
    pub share_at_least: Option<f64>,
}

/// What a class gains by stacks of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Gain {
    /// Class id.
    pub class: String,
    /// Its platform or device with its memory, for people.
    pub name: String,
    /// Feature id of the first difference.
    pub feature: String,
    /// Role id.
    pub role: String,
    /// The first objective on which its own stacks are better.
    pub objective: String,
    /// Their value.
    pub own: String,
    /// The value of the one choice.
    pub common: String,
}
