//! Names as sources write them become ids of the catalog. What the catalog lacks is stood in for by the nearest it has.

use super::aliases::{BACKENDS, Compute, DEFAULTS, ENGINES, SCHEMES, UNSTATED};
use super::chips::chip;
use super::conditions::{LONG_ANSWER, long_run};
use super::measured::Measured;
use super::models::model;
use crate::catalog::types::{Catalog, ModelIx};
use crate::diagnostic::Text;
use crate::estimate::fit::{Observation, file_of, text_params};

const MIB: f64 = 1_048_576.0;
/// Tasks of a published benchmark, and the tokens of their prompt, template included.
const SHORT_TASKS: [&str; 2] = ["short-chat", "task=sustained-generation"];
const SHORT_CHAT: f64 = 21.0;

/// A row with the ids of its stack. Chips and models the catalog lacks are added to it.
///
/// # Errors
/// Why the row cannot be predicted.
pub(super) fn resolve(catalog: &mut Catalog, row: &Measured) -> Result<Observation, Text> {
    let engine = engine(&row.runtime)?;
    let soc = chip(catalog, row)?;
    let apple = catalog
        .socs
        .iter()
        .any(|it| it.id == soc && it.vendor == "Apple");
    let backend = backend(&row.backend, engine, apple)?;
    let quant = quantization(catalog, row, engine)?;
    let model = model(catalog, row)?;
    let (weights_mib, loaded) = weights(catalog, row, (engine, model), &quant);
    Ok(Observation {
        id: row.id.clone(),
        source: String::new(),
        device: row.device.clone(),
        soc,
        model: catalog.models[model.at()].id.clone(),
        quant: quant.id,
        family: quant.family.to_owned(),
        runtime: engine.to_owned(),
        backend: backend.to_owned(),
        prompt: prompt(row),
        weights_mib,
        loaded,
        prefill: row.prefill,
        decode: row.decode,
        ttft: row.ttft,
        load: row.load,
        peak_mb: row.peak_mb,
        power: None,
        fit: Vec::new(),
    })
}

/// Tokens of the prompt, if stated in its column or as `N-token prompt` in the remarks; of a run of many answers, those of
/// the prompt before each.
fn prompt(row: &Measured) -> Option<f64> {
    if long_run(row) {
        let answers = (row.generated? / LONG_ANSWER).max(1.0);
        return row.prompt.map(|sum| sum / answers);
    }
    let short = SHORT_TASKS.iter().any(|task| row.notes.contains(task));
    let short = short.then_some(SHORT_CHAT);
    let stated = row.prompt.filter(|it| *it > 0.0).or(short);
    stated.or_else(|| {
        let (before, _) = row.notes.split_once("-token prompt")?;
        let digits = before.rsplit(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok()
    })
}

/// Letters and digits, in lower case.
pub(super) fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

pub(super) fn because(key: &'static str, given: &str) -> Text {
    Text::key(key).arg("given", given)
}

fn engine(cell: &str) -> Result<&'static str, Text> {
    let name = cell.to_lowercase();
    let found = ENGINES.iter().find(|(part, _)| name.contains(part));
    match found {
        Some((_, id)) if !id.is_empty() => Ok(id),
        _ => Err(because("verify.reason.engine", cell)),
    }
}

fn backend(cell: &str, engine: &str, apple: bool) -> Result<&'static str, Text> {
    let name = cell.to_lowercase();
    let stated = BACKENDS.iter().find(|(part, _)| name.contains(part));
    // Where no backend is named an engine runs on what it is made for.
    let own = DEFAULTS.iter().find(|(id, _)| *id == engine);
    let compute = match (stated, own) {
        (Some((_, compute)), _) => *compute,
        (None, Some((_, compute))) if name.trim().is_empty() => *compute,
        (None, None) if name.trim().is_empty() => Compute::Cpu,
        _ => Compute::Unknown,
    };
    let llama = engine == "llama.cpp";
    Ok(match compute {
        Compute::Cpu => "cpu",
        Compute::Metal => "metal",
        Compute::Gpu if apple => "metal",
        Compute::Gpu | Compute::OpenCl if llama => "opencl-adreno",
        Compute::Gpu | Compute::OpenCl => "opencl",
        Compute::Vulkan => "vulkan",
        Compute::Hexagon if llama => "hexagon",
        Compute::NeuralEngine => "coreml",
        Compute::Npu if apple => "coreml",
        Compute::Npu | Compute::Hexagon => "qnn",
        Compute::System | Compute::Unknown => {
            return Err(because("verify.reason.backend", cell));
        }
    })
}

/// A quantization of the catalog, or a scheme of another format.
struct Quant {
    /// Empty for other formats.
    id: String,
    family: &'static str,
    bits: f64,
}

fn quantization(catalog: &Catalog, row: &Measured, engine: &str) -> Result<Quant, Text> {
    let cell = row.quant.to_lowercase();
    if engine == "llama.cpp" {
        let cell = cell
            .replace(" - medium", "_m")
            .replace(" - small", "_s")
            .replace(" - large", "_l");
        let listed = catalog
            .quantizations
            .iter()
            .filter(|it| cell.contains(&it.id))
            .max_by_key(|it| it.id.len())
            .or_else(|| catalog.quantizations.iter().find(|it| it.id == "q4_0"))
            .ok_or_else(|| because("verify.reason.quant", &row.quant))?;
        return Ok(Quant {
            id: listed.id.clone(),
            family: listed.family.id(),
            bits: listed.bits.value,
        });
    }
    let scheme = SCHEMES.iter().find(|(part, ..)| cell.contains(part));
    let unstated = UNSTATED.contains(&cell.trim()).then_some(&SCHEMES[0]);
    let (_, family, bits) = scheme
        .or(unstated)
        .ok_or_else(|| because("verify.reason.quant", &row.quant))?;
    Ok(Quant {
        id: String::new(),
        family,
        bits: *bits,
    })
}

/// Weights in MiB and whether a tied table counts twice in them: as stated, else left to the catalog's file, else by
/// bits per weight.
fn weights(
    catalog: &Catalog,
    row: &Measured,
    (engine, model): (&str, ModelIx),
    quant: &Quant,
) -> (Option<f64>, bool) {
    if let Some(bytes) = row.file_bytes {
        return (Some(bytes / MIB), false);
    }
    if let Some(bytes) = size_after(&row.notes, "weights ") {
        return (Some(bytes / MIB), row.notes.contains("MiB, kv "));
    }
    let markers = ["PTE file ", "PTE ", ".pte ", "model file ", "; model "];
    if let Some(bytes) = markers.iter().find_map(|mark| size_after(&row.notes, mark)) {
        return (Some(bytes / MIB), false);
    }
    let listed = file_of(catalog, engine, model, (&quant.id, quant.family));
    if listed.is_some() {
        return (None, false);
    }
    let params = text_params(&catalog.models[model.at()]);
    let bytes = params.map(|params| params * quant.bits / 8.0);
    (bytes.map(|bytes| bytes / MIB), false)
}

/// Bytes stated after a marker: `1083 MiB`, `0.39 GB`.
fn size_after(notes: &str, marker: &str) -> Option<f64> {
    let (_, rest) = notes.split_once(marker)?;
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
    let value: f64 = rest.get(..end)?.parse().ok()?;
    let unit = rest.get(end..)?.trim_start();
    let scale = [
        ("GiB", 1_073_741_824.0),
        ("MiB", MIB),
        ("GB", 1e9),
        ("MB", 1e6),
    ];
    let (_, scale) = scale.iter().find(|(name, _)| unit.starts_with(name))?;
    Some(value * scale).filter(|bytes| *bytes > 1e6)
}
