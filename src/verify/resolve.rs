//! Names as sources write them become ids of the catalog. What the catalog lacks is stood in for by the nearest it has.

use super::aliases::{BACKENDS, Compute, ENGINES, MATRIX_UNITS, SCHEMES, SERIES};
use super::conditions::{LONG_ANSWER, long_run};
use super::measured::Measured;
use crate::catalog::types::{Catalog, Format, Model, ModelIx, Origin, Role, Soc, Sourced};
use crate::diagnostic::Text;
use crate::estimate::fit::Observation;
use crate::quantity::{BytesPerSecond, Params};

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
    let (weights_mib, loaded) = weights(catalog, row, model, &quant);
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

fn because(key: &'static str, given: &str) -> Text {
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
    let compute = BACKENDS
        .iter()
        .find(|(part, _)| name.contains(part))
        .map_or(Compute::Unknown, |(_, compute)| *compute);
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

/// The chip's name without its maker, and without what stands in brackets.
fn chip_name(cell: &str) -> String {
    let bare = cell.split('(').next().unwrap_or(cell).to_lowercase();
    let mut name = plain(&bare);
    for maker in [
        "apple",
        "qualcomm",
        "google",
        "mediatek",
        "samsung",
        "huawei",
        "hisilicon",
    ] {
        if let Some(rest) = name.strip_prefix(maker) {
            name = rest.to_owned();
        }
    }
    name.trim_end_matches("bionic").to_owned()
}

/// The chip by its column, then by the device. Of two chips a source names, the first with a published bandwidth.
fn chip(catalog: &mut Catalog, row: &Measured) -> Result<String, Text> {
    let mut known: Vec<&Soc> = row
        .soc
        .split(" or ")
        .filter_map(|cell| known_chip(catalog, cell))
        .collect();
    known.sort_by_key(|soc| soc.bandwidth.is_none());
    if let Some(soc) = known.first() {
        return Ok(soc.id.clone());
    }
    if let Some(id) = chip_of_device(catalog, &row.device) {
        return Ok(id);
    }
    for cell in [&row.soc, &row.device] {
        let name = chip_name(cell);
        let series = SERIES.iter().find(|(start, ..)| name.starts_with(start));
        if let Some((_, vendor, gigabytes)) = series {
            return Ok(stand_in(catalog, cell, vendor, gigabytes * 1e9));
        }
    }
    let given = if row.soc.is_empty() {
        &row.device
    } else {
        &row.soc
    };
    Err(because("verify.reason.chip", given))
}

/// The chip whose name the cell begins with; of several the one with the longest name.
fn known_chip<'a>(catalog: &'a Catalog, cell: &str) -> Option<&'a Soc> {
    let wanted = chip_name(cell);
    let named = |soc: &Soc| chip_name(&soc.name);
    let exact = catalog
        .socs
        .iter()
        .find(|soc| named(soc) == wanted || plain(&soc.id) == wanted);
    exact.filter(|_| !wanted.is_empty())
}

fn chip_of_device(catalog: &Catalog, cell: &str) -> Option<String> {
    let wanted = plain(cell);
    let device = catalog
        .devices
        .iter()
        .filter(|it| {
            let name = plain(&it.name);
            !wanted.is_empty()
                && (name == wanted || plain(&it.id) == wanted || wanted.ends_with(&name))
        })
        .max_by_key(|it| it.name.len())?;
    Some(catalog.socs[device.soc?.at()].id.clone())
}

/// Adds a chip of a known series, placed by it.
fn stand_in(catalog: &mut Catalog, cell: &str, vendor: &str, bandwidth: f64) -> String {
    let id = format!("series {}", chip_name(cell));
    if !catalog.socs.iter().any(|it| it.id == id) {
        catalog.socs.push(Soc {
            id: id.clone(),
            name: cell.to_owned(),
            vendor: vendor.to_owned(),
            gpu: None,
            matrix_units: MATRIX_UNITS
                .iter()
                .any(|start| chip_name(cell).starts_with(start)),
            npu: None,
            bandwidth: None,
            placed: Some(Sourced::unsourced(BytesPerSecond::new(bandwidth))),
            memory_type: None,
            released: None,
            note: None,
            sources: Vec::new(),
            at: Origin::NOWHERE,
        });
    }
    id
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
    let (_, family, bits) = scheme.ok_or_else(|| because("verify.reason.quant", &row.quant))?;
    Ok(Quant {
        id: String::new(),
        family,
        bits: *bits,
    })
}

/// Words that tell versions of one model apart which run alike.
const TAILS: [&str; 8] = [
    "",
    "instruct",
    "it",
    "chat",
    "instruct2507",
    "2507",
    "instructv03",
    "thinking",
];

/// Words of models that do not generate text, which this does not predict.
const SPEECH: [&str; 10] = [
    "whisper",
    "moonshine",
    "kokoro",
    "melo",
    "parakeet",
    "zipformer",
    "vits",
    "piper",
    "sdm",
    "diffusion",
];

fn model(catalog: &mut Catalog, row: &Measured) -> Result<ModelIx, Text> {
    let name = row.model.split(" (").next().unwrap_or(&row.model);
    let wanted = plain(name);
    if SPEECH.iter().any(|word| wanted.contains(word)) {
        return Err(because("verify.reason.speech", &row.model));
    }
    let index = |at: Option<usize>| at.and_then(|at| u32::try_from(at).ok()).map(ModelIx);
    let shaped = |it: &Model| it.arch.is_some() && it.params.is_some();
    for tail in TAILS {
        let full = format!("{wanted}{tail}");
        let is = |it: &Model| shaped(it) && (plain(&it.id) == full || plain(&it.name) == full);
        if let Some(found) = index(catalog.models.iter().position(is)) {
            return Ok(found);
        }
    }
    // A file name holds the model's name and more.
    let within = catalog
        .models
        .iter()
        .enumerate()
        .filter(|(_, it)| shaped(it) && agrees(it, row.params_b))
        .filter(|(_, it)| {
            let name = plain(&it.id);
            name.len() > 6 && wanted.starts_with(&name)
        })
        .max_by_key(|(_, it)| it.id.len())
        .map(|(at, _)| at);
    if let Some(found) = index(within) {
        return Ok(found);
    }
    let params = row
        .params_b
        .filter(|it| *it > 0.0)
        .or_else(|| size_in(name))
        .ok_or_else(|| because("verify.reason.model", &row.model))?;
    like(catalog, &row.model, params * 1e9)
        .ok_or_else(|| because("verify.reason.model", &row.model))
}

/// Whether a stated size is that of the model, rounding aside.
fn agrees(model: &Model, params_b: Option<f64>) -> bool {
    let Some(params) = &model.params else {
        return false;
    };
    let billions = params.value.get() as f64 / 1e9;
    params_b.is_none_or(|stated| (stated / billions - 1.0).abs() < 0.3)
}

/// Billions of parameters as a name gives them: `1.5B`, `360M`.
fn size_in(name: &str) -> Option<f64> {
    let lower = name.to_lowercase();
    lower
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
        .find_map(|word| {
            let (digits, unit) = word.split_at_checked(word.len().checked_sub(1)?)?;
            let value: f64 = digits.parse().ok()?;
            match unit {
                "b" => Some(value),
                "m" => Some(value / 1000.0),
                _ => None,
            }
        })
}

/// Adds a model of that size with the shape of the nearest dense one.
fn like(catalog: &mut Catalog, name: &str, params: f64) -> Option<ModelIx> {
    let id = format!("like {}", plain(name));
    let known = catalog.models.iter().position(|it| it.id == id);
    let at = if let Some(at) = known {
        at
    } else {
        let distance = |it: &Model| {
            let size = it.params.as_ref()?.value.get() as f64;
            let arch = &it.arch.as_ref()?.value;
            let dense = arch.moe.is_none() && arch.per_layer_embedding.is_none();
            (dense && it.roles.contains(&Role::Llm)).then(|| {
                if size > params {
                    size / params
                } else {
                    params / size
                }
            })
        };
        let nearest = catalog
            .models
            .iter()
            .filter_map(|it| Some((distance(it)?, it)))
            .min_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)))?
            .1;
        let mut model = nearest.clone();
        model.id = id;
        name.clone_into(&mut model.name);
        model.params = Some(Sourced::unsourced(Params::new(params as u64)));
        catalog.models.push(model);
        catalog.models.len() - 1
    };
    u32::try_from(at).ok().map(ModelIx)
}

/// Weights in MiB and whether a tied table counts twice in them: as stated, else left to the catalog's file, else by
/// bits per weight.
fn weights(
    catalog: &Catalog,
    row: &Measured,
    model: ModelIx,
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
    let listed = catalog.artifacts.iter().any(|it| {
        it.format == Format::Gguf
            && it.model == model
            && it.bytes.is_some()
            && catalog.quantizations[it.quant.at()].id == quant.id
    });
    if listed {
        return (None, false);
    }
    let params = catalog.models[model.at()].params.as_ref();
    let bytes = params.map(|params| params.value.get() as f64 * quant.bits / 8.0);
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
