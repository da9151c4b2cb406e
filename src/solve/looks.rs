//! What a condition looks at: the first moment at which it can be asked, and the speeds it needs. Asks nothing itself.

use crate::estimate::Speeds;
use crate::spec::expr::Expr;
use crate::spec::facts::fact;

/// What a condition looks at, in the order of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    /// The spec and the platform.
    Spec,
    /// The model as well.
    Model,
    /// The runtime and the backend as well, but no model.
    Runner,
    /// The model and the runner.
    Pair,
    /// The whole stack, without figures.
    Stack,
    /// The phone: from here on no two classes share an answer.
    Phone,
    /// The phone with the stack.
    Placed,
    /// What the stack takes.
    Memory,
    /// How fast it is.
    Speed,
}

/// How many there are.
pub(super) const TIERS: usize = 9;

impl Tier {
    /// Tiers that all classes of a platform share.
    pub(super) fn is_of_platform(self) -> bool {
        self < Self::Phone
    }
}

/// How far a stack came before it was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Refused for its model.
    Model,
    /// Refused for its runtime or backend, or for the phone alone.
    Runner,
    /// Refused as a stack, whatever its figures.
    Stack,
    /// Refused for its figures, or by a line of the spec.
    Figures,
}

/// All tiers, in order.
pub(super) const ORDER: [Tier; TIERS] = [
    Tier::Spec,
    Tier::Model,
    Tier::Runner,
    Tier::Pair,
    Tier::Stack,
    Tier::Phone,
    Tier::Placed,
    Tier::Memory,
    Tier::Speed,
];

/// The speeds a fact is, or all of them where it is none by name.
fn speeds(path: &str) -> Speeds {
    match path {
        "prefill" => Speeds::PREFILL,
        "ttft" => Speeds::TTFT,
        "decode" => Speeds::DECODE,
        "latency" => Speeds::LATENCY,
        "energy" => Speeds::ENERGY,
        "battery" => Speeds::BATTERY,
        "cold_start" => Speeds::COLD_START,
        _ => Speeds::ALL,
    }
}

/// What a condition looks at.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Looks {
    model: bool,
    runtime: bool,
    backend: bool,
    stack: bool,
    phone: bool,
    memory: bool,
    speed: bool,
    speeds: Speeds,
}

impl Looks {
    /// What `condition` looks at.
    pub(super) fn of(condition: &Expr) -> Self {
        let mut looks = Self::default();
        for id in condition.facts() {
            looks.see(fact(id).path);
        }
        looks
    }

    /// What a fact is about.
    pub(super) fn at(path: &str) -> Self {
        let mut looks = Self::default();
        looks.see(path);
        looks
    }

    /// The first tier at which all of it is known.
    pub(super) const fn tier(self) -> Tier {
        let runner = self.runtime || self.backend;
        if self.speed {
            Tier::Speed
        } else if self.memory {
            Tier::Memory
        } else if self.phone {
            if self.model || runner || self.stack {
                Tier::Placed
            } else {
                Tier::Phone
            }
        } else if self.stack {
            Tier::Stack
        } else if self.model && runner {
            Tier::Pair
        } else if self.model {
            Tier::Model
        } else if runner {
            Tier::Runner
        } else {
            Tier::Spec
        }
    }

    /// Whether it looks at the phone, whatever else it looks at.
    pub(super) const fn is_of_phone(self) -> bool {
        self.phone
    }

    /// The speeds among it.
    pub(super) const fn speeds(self) -> Speeds {
        self.speeds
    }

    /// Whether bindings of one engine share the answer.
    pub(super) const fn is_shared(self) -> bool {
        !self.runtime
    }

    /// The stage at which it refuses: never before the runner is known, unless it speaks of the model.
    pub(super) const fn stage(self) -> Stage {
        let runner = self.runtime || self.backend;
        if self.memory || self.speed {
            Stage::Figures
        } else if self.stack || (self.model && runner) {
            Stage::Stack
        } else if self.model {
            Stage::Model
        } else {
            Stage::Runner
        }
    }

    /// A fact that is not told apart here counts as one of speed: asked last, of everything, never shared.
    fn see(&mut self, path: &str) {
        match path {
            // Whether the chips of all phones of the class can do it.
            "backend.fits_soc" | "artifact.fits_soc" | "settings.threads" => self.phone = true,
            // What the runtime does with this very file or model.
            "runtime.reads_format" => self.stack = true,
            "runtime.runs_family" => self.model = true,
            "weights.residency" => {
                self.stack = true;
                return;
            }
            "weights"
            | "weights.charged"
            | "weights.largest_tensor"
            | "kv_cache"
            | "compute_buffer"
            | "peak_memory"
            | "mapped_memory"
            | "app_memory"
            | "download"
            | "storage" => {
                self.memory = true;
                return;
            }
            _ => {}
        }
        match path.split('.').next().unwrap_or(path) {
            "model" | "license" => self.model = true,
            "runtime" => self.runtime = true,
            "backend" => self.backend = true,
            "quant" | "artifact" | "kv" | "settings" => self.stack = true,
            "device" | "soc" | "budget" | "store" => self.phone = true,
            "feature" | "role" | "ui" | "offline" | "commercial" | "app" | "input" | "output"
            | "context" | "platform" => {}
            _ => {
                self.speed = true;
                self.speeds = self.speeds | speeds(path);
            }
        }
    }
}
