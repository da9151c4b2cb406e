//! The names an expression may use, with their types: the contract between specs, rules and the solver.
//!
//! Adding a fact means a row here and a value in `rules::facts`; a test holds the two together.

use std::sync::LazyLock;

use super::expr::FactId;
use crate::quantity::Dimension;

/// The type of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactType {
    /// A number of this dimension; estimates are intervals.
    Quantity(Dimension),
    /// A name or identifier.
    Text,
    /// Yes or no.
    Bool,
    /// A list of names.
    List,
}

/// One fact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fact {
    /// Dotted path as written.
    pub path: &'static str,
    /// Its type.
    pub kind: FactType,
    /// Other spellings: `model` for `model.id`, `runtime` for `runtime.id`, ...
    pub aliases: &'static [&'static str],
}

const fn q(path: &'static str, dimension: Dimension) -> Fact {
    Fact {
        path,
        kind: FactType::Quantity(dimension),
        aliases: &[],
    }
}

const fn text(path: &'static str) -> Fact {
    Fact {
        path,
        kind: FactType::Text,
        aliases: &[],
    }
}

const fn id(path: &'static str, aliases: &'static [&'static str]) -> Fact {
    Fact {
        path,
        kind: FactType::Text,
        aliases,
    }
}

const fn flag(path: &'static str) -> Fact {
    Fact {
        path,
        kind: FactType::Bool,
        aliases: &[],
    }
}

const fn list(path: &'static str) -> Fact {
    Fact {
        path,
        kind: FactType::List,
        aliases: &[],
    }
}

/// All facts. Documented by `fact.<path>` in the message catalogues.
pub const FACTS: &[Fact] = &[
    // What is asked.
    id("feature.id", &["feature"]),
    text("feature.task"),
    list("feature.languages"),
    q("feature.language_count", Dimension::Number),
    text("role"),
    text("ui"),
    flag("offline"),
    flag("commercial"),
    q("app.users", Dimension::Number),
    list("app.regions"),
    q("input", Dimension::Tokens),
    q("output", Dimension::Tokens),
    q("context", Dimension::Tokens),
    // The phone.
    id("platform.id", &["platform"]),
    q("platform.os", Dimension::Number),
    text("platform.name"),
    q("device.ram", Dimension::Bytes),
    id("device.id", &["device"]),
    flag("device.apple_intelligence"),
    text("device.gemini_nano"),
    flag("device.has_nano"),
    id("soc.id", &["soc"]),
    text("soc.vendor"),
    text("soc.gpu"),
    text("soc.npu"),
    q("soc.bandwidth", Dimension::Bandwidth),
    // The stack.
    id("model.id", &["model"]),
    text("model.name"),
    text("model.vendor"),
    text("model.family"),
    q("model.params", Dimension::Params),
    q("model.active_params", Dimension::Params),
    q("model.context", Dimension::Tokens),
    list("model.languages"),
    q("model.language_count", Dimension::Number),
    list("model.capabilities"),
    flag("model.languages_complete"),
    list("model.unlisted"),
    q("model.unlisted_count", Dimension::Number),
    flag("model.fills_role"),
    flag("model.system"),
    flag("model.streaming"),
    flag("model.moe"),
    q("model.quality", Dimension::Number),
    q("model.vocab", Dimension::Number),
    id("license.id", &["license"]),
    text("license.commercial"),
    q("license.max_users", Dimension::Number),
    text("license.name"),
    q("license.max_revenue", Dimension::Number),
    list("license.excluded_regions"),
    list("license.refused_regions"),
    q("license.refused_count", Dimension::Number),
    flag("license.copyleft"),
    flag("license.gated"),
    id("runtime.id", &["runtime"]),
    text("runtime.engine"),
    text("runtime.name"),
    text("runtime.license"),
    text("runtime.license_commercial"),
    flag("runtime.copyleft"),
    q("runtime.max_revenue", Dimension::Number),
    flag("runtime.deprecated"),
    q("runtime.min_os", Dimension::Number),
    list("runtime.uis"),
    flag("runtime.on_platform"),
    flag("runtime.binds_ui"),
    flag("runtime.reads_format"),
    flag("runtime.runs_family"),
    flag("runtime.fills_role"),
    list("runtime.features"),
    id("backend.id", &["backend"]),
    text("backend.kind"),
    text("backend.name"),
    flag("backend.on_platform"),
    flag("backend.fits_soc"),
    flag("backend.experimental"),
    flag("backend.background"),
    q("backend.max_allocation", Dimension::Bytes),
    id("quant.id", &["quant"]),
    text("quant.family"),
    text("quant.name"),
    q("quant.bits", Dimension::Bits),
    flag("quant.trained"),
    flag("quant.fast"),
    flag("quant.runs"),
    text("artifact.format"),
    flag("artifact.exact"),
    q("artifact.bytes", Dimension::Bytes),
    flag("artifact.fits_soc"),
    text("weights.residency"),
    text("kv.type"),
    flag("kv.supported"),
    flag("settings.mmap"),
    flag("settings.flash_attention"),
    q("settings.threads", Dimension::Number),
    q("settings.ubatch", Dimension::Number),
    // Estimates.
    q("weights", Dimension::Bytes),
    q("weights.charged", Dimension::Bytes),
    q("weights.largest_tensor", Dimension::Bytes),
    q("kv_cache", Dimension::Bytes),
    q("compute_buffer", Dimension::Bytes),
    Fact {
        path: "peak_memory",
        kind: FactType::Quantity(Dimension::Bytes),
        aliases: &["memory"],
    },
    q("mapped_memory", Dimension::Bytes),
    q("app_memory", Dimension::Bytes),
    q("download", Dimension::Bytes),
    q("storage", Dimension::Bytes),
    q("cold_start", Dimension::Time),
    q("ttft", Dimension::Time),
    q("latency", Dimension::Time),
    q("prefill", Dimension::Rate),
    q("decode", Dimension::Rate),
    q("energy", Dimension::EnergyPerToken),
    q("battery", Dimension::Drain),
    // Limits.
    q("budget.memory", Dimension::Bytes),
    q("budget.memory_base", Dimension::Bytes),
    q("budget.memory_entitled", Dimension::Bytes),
    q("budget.memory_asked", Dimension::Bytes),
    flag("budget.memory_contested"),
    q("budget.download", Dimension::Bytes),
    q("budget.storage", Dimension::Bytes),
    q("budget.battery", Dimension::Drain),
    q("store.memory_threshold", Dimension::Bytes),
    q("store.app_size", Dimension::Bytes),
    q("store.base_module", Dimension::Bytes),
    q("store.asset_pack", Dimension::Bytes),
    q("store.install_time", Dimension::Bytes),
    q("store.cellular_prompt", Dimension::Bytes),
];

/// The fact of that path or alias.
#[must_use]
pub fn find(path: &str) -> Option<FactId> {
    let at = NAMES.binary_search_by_key(&path, |(name, _)| name).ok()?;
    Some(NAMES[at].1)
}

/// All spellings, sorted.
static NAMES: LazyLock<Vec<(&'static str, FactId)>> = LazyLock::new(|| {
    let mut names: Vec<(&str, FactId)> = Vec::new();
    for (index, fact) in FACTS.iter().enumerate() {
        let spellings = std::iter::once(&fact.path).chain(fact.aliases);
        names.extend(spellings.map(|name| (*name, FactId(index as u16))));
    }
    names.sort_unstable();
    names
});

/// The row of a fact.
#[must_use]
pub fn fact(id: FactId) -> &'static Fact {
    &FACTS[usize::from(id.0)]
}
