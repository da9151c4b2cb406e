//! Names as typed on a command line become a stack on a phone. Estimates nothing, prints nothing.

use crate::catalog::types::{ArtifactIx, BackendIx, Catalog, DeviceIx, ModelIx, RuntimeIx};
use crate::diagnostic::Text;
use crate::estimate::default_settings;
use crate::estimate::types::{KvType, Load, Phone, Stack};
use crate::quantity::Tokens;

/// What to estimate, by names.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// Model id or name.
    pub model: String,
    /// Quantization id.
    pub quant: String,
    /// Runtime id, name or alias.
    pub runtime: String,
    /// Backend id.
    pub backend: String,
    /// Device id or name.
    pub device: String,
    /// Tokens of context.
    pub context: u64,
    /// KV cache type; the runtime's first when left out.
    pub kv: Option<String>,
    /// Prompt length for TTFT; a quarter of the context when left out.
    pub prompt: Option<u64>,
}

/// Shortest context that makes sense: llama.cpp allocates no less.
const LEAST_CONTEXT: u64 = 256;
/// Longest that is not a slip of the keyboard.
const MOST_CONTEXT: u64 = 16_777_216;

/// Finds every name; the first that is unknown is the error, with the nearest known one.
pub(super) fn resolve(catalog: &Catalog, ask: &Ask) -> Result<(Stack, Phone, Load), Text> {
    let model = ModelIx(find("model", &ask.model, &catalog.models, |it| {
        vec![&it.id, &it.name]
    })?);
    let runtime = RuntimeIx(find("runtime", &ask.runtime, &catalog.runtimes, |it| {
        let mut names = vec![it.id.as_str(), it.name.as_str()];
        names.extend(it.aliases.iter().map(String::as_str));
        names
    })?);
    let backend = BackendIx(find("backend", &ask.backend, &catalog.backends, |it| {
        vec![&it.id, &it.name]
    })?);
    let device = DeviceIx(find("device", &ask.device, &catalog.devices, |it| {
        vec![&it.id, &it.name]
    })?);
    find("quant", &ask.quant, &catalog.quantizations, |it| {
        vec![&it.id, &it.name]
    })?;
    if !(LEAST_CONTEXT..=MOST_CONTEXT).contains(&ask.context) {
        return Err(Text::key("estimate.context_range").arg("given", ask.context.to_string()));
    }
    let artifact = artifact(catalog, ask, model, runtime)?;
    let phone = phone(catalog, device);
    let context = Tokens::new(ask.context);
    let mut settings = default_settings(catalog, model, runtime, backend, &phone, context);
    if let Some(kv) = &ask.kv {
        settings.kv = KvType::parse(kv)
            .ok_or_else(|| Text::key("estimate.unknown_kv").arg("given", kv.as_str()))?;
    }
    let stack = Stack {
        model,
        artifact,
        runtime,
        backend,
        settings,
    };
    let prompt = ask.prompt.unwrap_or(ask.context / 4).clamp(1, ask.context);
    let load = Load {
        prompt: Tokens::new(prompt),
        generate: Tokens::new((ask.context - prompt).clamp(1, 256)),
    };
    Ok((stack, phone, load))
}

/// The phone as it is sold with the least memory.
fn phone(catalog: &Catalog, device: DeviceIx) -> Phone {
    let record = &catalog.devices[device.at()];
    Phone {
        platform: record.platform,
        ram_gib: record.ram_gib.first().copied().unwrap_or(0),
        soc: record.soc,
        device: Some(device),
    }
}

/// The model's file of that quantization in a format the runtime loads; exact sizes first, then by id.
fn artifact(
    catalog: &Catalog,
    ask: &Ask,
    model: ModelIx,
    runtime: RuntimeIx,
) -> Result<ArtifactIx, Text> {
    let formats = &catalog.runtimes[runtime.at()].formats;
    catalog
        .artifacts
        .iter()
        .enumerate()
        .filter(|(_, it)| it.model == model && formats.contains(&it.format))
        .filter(|(_, it)| {
            let quant = &catalog.quantizations[it.quant.at()];
            same(&quant.id, &ask.quant) || same(&quant.name, &ask.quant)
        })
        .min_by_key(|(_, it)| (it.bytes.is_none(), !it.exact, &it.id))
        .and_then(|(at, _)| u32::try_from(at).ok())
        .map(ArtifactIx)
        .ok_or_else(|| {
            Text::key("estimate.no_artifact")
                .arg("model", ask.model.as_str())
                .arg("quant", ask.quant.as_str())
                .arg("runtime", ask.runtime.as_str())
        })
}

/// Names agree when they do apart from case and spaces.
fn same(a: &str, b: &str) -> bool {
    normal(a) == normal(b)
}

fn normal(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

fn find<'a, T>(
    what: &'static str,
    given: &str,
    records: &'a [T],
    names: impl Fn(&'a T) -> Vec<&'a str>,
) -> Result<u32, Text> {
    let wanted = normal(given);
    let known = |record: &'a T| names(record).into_iter().any(|name| normal(name) == wanted);
    if let Some(at) = records.iter().position(known) {
        return u32::try_from(at).map_err(|_| Text::empty());
    }
    let unknown = Text::key("estimate.unknown_name")
        .arg("what", Text::key(what_key(what)))
        .arg("given", given);
    let nearest = records
        .iter()
        .flat_map(names)
        .map(|name| (strsim::damerau_levenshtein(&normal(name), &wanted), name))
        .min();
    Err(match nearest {
        Some((distance, name)) if distance <= wanted.chars().count().max(3) / 2 => {
            unknown.arg("nearest", Text::key("estimate.nearest").arg("name", name))
        }
        _ => unknown.arg("nearest", ""),
    })
}

fn what_key(what: &str) -> &'static str {
    match what {
        "model" => "estimate.what.model",
        "runtime" => "estimate.what.runtime",
        "backend" => "estimate.what.backend",
        "quant" => "estimate.what.quant",
        _ => "estimate.what.device",
    }
}
