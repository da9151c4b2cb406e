//! Classes of phones: what they may use, what they will use, how fast they are, or why nothing fits.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Bound, Estimated, Measure, Reason, Words};
use crate::estimate::REQUESTS;

/// A platform with a RAM class, or one named device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeviceClass {
    /// `ios-8gb`, `android-12gb`, or a device id.
    pub id: String,
    /// RAM in GiB, as phones are sold.
    pub ram_gib: u32,
    /// Lowest OS version.
    pub min_os: f64,
    /// The spec names this device.
    pub named: bool,
    /// The phone the figures are for: the slowest of the class whose speed can be predicted.
    pub reference: Option<Device>,
    /// How many phones of the catalog belong to the class.
    pub covers: u32,
    /// Those of them whose speed cannot be predicted, because figures of the chip are not published.
    pub undecided: Vec<String>,
    /// Share of the fleet, 0 to 1.
    pub share: Option<f64>,
    /// The memory sum.
    pub memory: MemorySum,
    /// What the process is charged in each phase of the tier, in their order; the largest is the total of `memory`.
    pub phases: Vec<Measure>,
    /// Speed and energy per stack, in the order of the tier's stacks.
    pub figures: Vec<SlotFigures>,
    /// How long the features take, those of which every role's time is known.
    pub latencies: Vec<FeatureLatency>,
    /// How far each bound is away, and at which values the answer changes: the platform's memory grant where no line limits
    /// memory, then the lines in the order they are written.
    pub bounds: Vec<Bound>,
}

/// A phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Device {
    /// Catalog id.
    pub id: String,
    /// As sold.
    pub name: String,
    /// Its chip, where known.
    pub soc: Option<String>,
}

/// The features that are in memory together at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Phase {
    /// Feature ids.
    pub features: Vec<String>,
    /// What is loaded: each distinct file with what runs it, once.
    pub loads: Vec<Resident>,
    /// What other phases load and this one does not: it is released before this phase begins.
    pub releases: Vec<Resident>,
}

/// A file of weights as one runtime holds it on one backend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Resident {
    /// Model and quantization, for people.
    pub name: String,
    /// Catalog id of the file.
    pub file: String,
    /// Runtime id.
    pub runtime: String,
    /// Backend id.
    pub backend: String,
    /// What it serves, as `feature.role`; several share its weights.
    pub serves: Vec<String>,
}

/// `app + weights + KV + compute`, summed for the fullest phase, against the budget.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MemorySum {
    /// The app itself, before any model.
    pub app: Measure,
    /// What each stack adds.
    pub stacks: Vec<SlotMemory>,
    /// Peak charged to the process.
    pub total: Measure,
    /// What the process may be charged.
    pub budget: Budget,
    /// Budget less the pessimistic end of the total, in bytes; negative when it does not fit, absent without a budget.
    pub slack: Option<i64>,
}

impl MemorySum {
    /// What is left, to find the tightest class: one without a known limit is tight only among its like.
    pub(crate) fn room(&self) -> i64 {
        self.slack
            .unwrap_or_else(|| i64::MAX - self.total.high as i64)
    }
}

/// One stack's part of the memory sum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SlotMemory {
    /// Feature id.
    pub feature: String,
    /// Role id.
    pub role: String,
    /// Weights in the file.
    pub weights: Estimated,
    /// Of which charged to the process.
    pub weights_charged: Estimated,
    /// Clean mapped pages: not charged, but they must fit into physical memory.
    pub mapped: Estimated,
    /// KV cache and constant state.
    pub kv_cache: Estimated,
    /// Compute and output buffers.
    pub compute: Estimated,
}

/// What a process may be charged on a class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Budget {
    /// The smallest of what the platform grants and what the spec allows; absent where neither is known.
    pub bytes: Option<u64>,
    /// `platform`, `spec` or `nobody`: whose limit that is.
    pub set_by: String,
    /// The platform's grant without entitlement.
    pub base: Option<u64>,
    /// With the entitlement.
    pub entitled: Option<u64>,
    /// Above this the store flags the app, without killing it.
    pub store_threshold: Option<u64>,
    /// Sources differ on the grant.
    pub contested: bool,
    /// Remark.
    pub note: Option<Words>,
    /// Source ids.
    pub sources: Vec<String>,
}

/// Speed and energy of one stack on one class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SlotFigures {
    /// Feature id.
    pub feature: String,
    /// Role id.
    pub role: String,
    /// CPU threads on this class.
    pub threads: u32,
    /// Process start to ready, first run excluded.
    pub cold_start: Estimated,
    /// Prompt to first token, model loaded.
    pub ttft: Estimated,
    /// Prefill speed.
    pub prefill: Estimated,
    /// Decode speed at half-filled context.
    pub decode: Estimated,
    /// Prompt to last token.
    pub latency: Estimated,
    /// Energy per generated token.
    pub energy: Estimated,
    /// Battery drain at 20 requests an hour.
    pub battery: Estimated,
}

impl SlotFigures {
    /// Whether the requests of an hour do not fit into it: the drain is then that of an hour without pause.
    #[must_use]
    pub fn never_rests(&self) -> bool {
        match &self.latency {
            Estimated::Known { value, .. } => value.likely * REQUESTS > 3600.0,
            _ => false,
        }
    }
}

/// How long a feature takes from its input to the end of its answer: the roles of its pipeline one after the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FeatureLatency {
    /// Feature id.
    pub feature: String,
    /// The sum of the `latency` of its roles; their ends are added, as what slows one role slows the next.
    pub latency: Measure,
}

/// A class for which nothing fits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Infeasible {
    /// Class id.
    pub id: String,
    /// Platform id.
    pub platform: String,
    /// The platform's or the device's name.
    pub name: String,
    /// RAM in GiB.
    pub ram_gib: u32,
    /// Places without a single admissible stack, as `feature.role`; empty when only sums conflict.
    pub empty_slots: Vec<String>,
    /// Independent conflicts, each a smallest set of lines that cannot hold together; each has to be mended.
    pub conflicts: Vec<Vec<Line>>,
    /// Ways out, cheapest first.
    pub relaxations: Vec<Relaxation>,
    /// The nearest misses on this class: model name, reasons.
    pub nearest: Vec<(String, Vec<Reason>)>,
}

/// A line of the spec, or a limit that is not the spec's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// `memory`, `ttft`, `use runtime`, or a rule id.
    pub name: String,
    /// The words of the spec; absent for limits of the platform.
    pub text: Option<String>,
    /// Its number, from 1.
    pub line: Option<u32>,
}

/// A smallest set of changes that gives every class an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Relaxation {
    /// All of them are needed.
    pub changes: Vec<Change>,
    /// Models it buys on this class, in slot order.
    pub buys: Vec<String>,
    /// Bytes the process would be charged at its peak, pessimistic end.
    pub memory: u64,
    /// Bytes to download, pessimistic end.
    pub download: u64,
}

/// One change of the spec.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// Where.
    pub line: Line,
    /// `value`: another value; `drop`: the line goes; `word`: one word gives way to another; `allow`: `to` is a code to allow.
    pub kind: String,
    /// What stands there; absent where something goes or comes as a whole.
    pub from: Option<String>,
    /// What would do. A value works, and not one step tighter.
    pub to: Option<String>,
}
