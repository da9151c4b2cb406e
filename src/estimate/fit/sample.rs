//! A measurement beside what the arithmetic says of its stack: bytes, operations, layers. Fits nothing.

use super::files::file_of;
use super::observation::Observation;
use crate::catalog::types::{
    Artifact, ArtifactIx, BackendIx, Bilingual, Catalog, Format, ModelIx, Origin, QuantFamily,
    QuantIx, Quantization, RuntimeIx, SocIx, Sourced,
};
use crate::estimate::arithmetic::Arithmetic;
use crate::estimate::calibration::Constants;
use crate::estimate::case::Case;
use crate::estimate::kv;
use crate::estimate::parts;
use crate::estimate::speed::traffic;
use crate::estimate::trail::Detail;
use crate::estimate::types::{KvType, Load, Phone, Settings, Stack};
use crate::quantity::{Bytes, Tokens};

/// Context filled while a row without a stated prompt was measured.
const TYPICAL_FILL: f64 = 256.0;

/// One measurement with its features.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub(super) seen: Observation,
    pub(super) soc: SocIx,
    pub(super) model: ModelIx,
    pub(super) runtime: RuntimeIx,
    pub(super) backend: BackendIx,
    pub(super) family: QuantFamily,
    /// Peak DRAM bandwidth of the SoC (B/s).
    pub(super) peak_bandwidth: Option<f64>,
    /// Bytes read to generate one token.
    pub(super) bytes: f64,
    /// Operations to prefill one token.
    pub(super) operations: f64,
    /// What matrix units and the width of the type make of the arithmetic rate.
    pub(super) arithmetic: f64,
    /// Blocks.
    pub(super) layers: f64,
    /// Blocks with a recurrent state instead of a cache.
    pub(super) recurrent: f64,
    /// Bytes of the file.
    pub(super) file: f64,
}

/// Measured stacks beside the catalog that holds their files.
pub(crate) struct Stacks {
    /// The catalog, each row's file added.
    pub(crate) catalog: Catalog,
    /// One a row; `None` for rows of models, chips, runtimes or backends the catalog lacks.
    pub(crate) stacks: Vec<Option<(Stack, Phone)>>,
}

/// Builds the stack of every row.
pub(crate) fn stacks(catalog: &Catalog, rows: &[Observation]) -> Stacks {
    let mut catalog = catalog.clone();
    let stacks = rows.iter().map(|row| stack(&mut catalog, row)).collect();
    Stacks { catalog, stacks }
}

/// Looks the rows up in `catalog`; rows it lacks a record for are left out.
pub(super) fn samples(catalog: &Catalog, rows: &[Observation]) -> Vec<Sample> {
    let Stacks { catalog, stacks } = stacks(catalog, rows);
    rows.iter()
        .zip(stacks)
        .filter_map(|(row, stack)| {
            let (stack, phone) = stack?;
            sample(&catalog, row, &stack, &phone)
        })
        .collect()
}

fn position<T>(items: &[T], is: impl Fn(&T) -> bool) -> Option<u32> {
    items
        .iter()
        .position(is)
        .and_then(|at| u32::try_from(at).ok())
}

/// A stack as measured, its weights an artifact that is added to the catalog.
fn stack(catalog: &mut Catalog, row: &Observation) -> Option<(Stack, Phone)> {
    let model = ModelIx(position(&catalog.models, |model| {
        model.id.eq_ignore_ascii_case(&row.model)
    })?);
    let soc = SocIx(position(&catalog.socs, |soc| soc.id == row.soc)?);
    let runtime = RuntimeIx(position(&catalog.runtimes, |it| it.id == row.runtime)?);
    let backend = BackendIx(position(&catalog.backends, |it| it.id == row.backend)?);
    let family = family(&row.family)?;
    let platform = catalog.backends[backend.at()].platforms.first().copied()?;
    let listed = file_of(catalog, &row.runtime, model, (&row.quant, &row.family)).cloned();
    let bytes = weight_bytes(catalog, row, model, (family, listed.as_ref()))?;
    // Rows of other formats name no quantization: their family tells them apart.
    let stored = position(&catalog.quantizations, |it| {
        it.id == row.quant && (!it.id.is_empty() || it.family == family)
    });
    let quant = QuantIx(stored.or_else(|| u32::try_from(catalog.quantizations.len()).ok())?);
    let format = if row.quant.is_empty() {
        Format::Pte
    } else {
        Format::Gguf
    };
    if stored.is_none() {
        catalog.quantizations.push(quantization(row, family));
    }
    let artifact = ArtifactIx(u32::try_from(catalog.artifacts.len()).ok()?);
    catalog
        .artifacts
        .push(artifact_of(row, (model, quant, format), bytes, listed));
    let prompt = row.prompt.unwrap_or(TYPICAL_FILL);
    let settings = Settings {
        context: Tokens::new(2 * prompt as u64),
        kv: KvType::F16,
        ubatch: 512,
        threads: 4,
        mmap: true,
        flash_attention: true,
    };
    let stack = Stack {
        model,
        artifact,
        runtime,
        backend,
        settings,
    };
    let phone = Phone {
        platform,
        ram_gib: 8,
        soc: Some(soc),
        device: None,
    };
    Some((stack, phone))
}

/// Stated weights, or the catalog's file of that quantization, or nominal bits x parameters.
fn weight_bytes(
    catalog: &Catalog,
    row: &Observation,
    model: ModelIx,
    (family, listed): (QuantFamily, Option<&Artifact>),
) -> Option<u64> {
    let shape = catalog.models[model.at()]
        .arch
        .as_ref()
        .map(|arch| &arch.value)?;
    if let Some(mib) = row.weights_mib {
        let stated = (mib * 1_048_576.0) as u64;
        let twice = row.loaded && shape.tied.unwrap_or(true);
        let table = if twice {
            crate::estimate::gguf::embedding_bytes(
                &row.quant,
                true,
                u64::from(shape.hidden),
                u64::from(shape.vocab),
            )?
        } else {
            0
        };
        return Some(stated.saturating_sub(table));
    }
    if let Some(bytes) = listed.and_then(|artifact| artifact.bytes.as_ref()) {
        return Some(bytes.value.get());
    }
    let params = traffic::text_params(&catalog.models[model.at()])?;
    Some((params * nominal_bits(family) / 8.0) as u64)
}

/// Bytes a tied output matrix takes beside its embedding, as a llama.cpp log adds them up; zero where it is separate.
pub(crate) fn tied_copy(catalog: &Catalog, stack: &Stack) -> f64 {
    let artifact = &catalog.artifacts[stack.artifact.at()];
    let quant = &catalog.quantizations[artifact.quant.at()].id;
    let arch = catalog.models[stack.model.at()].arch.as_ref();
    arch.map(|arch| &arch.value)
        .filter(|shape| artifact.format == Format::Gguf && shape.tied.unwrap_or(true))
        .and_then(|shape| {
            let (width, rows) = (u64::from(shape.hidden), u64::from(shape.vocab));
            crate::estimate::gguf::embedding_bytes(quant, true, width, rows)
        })
        .map_or(0.0, |bytes| bytes as f64)
}

/// Bits per weight with scales, where a source names the scheme but no size.
const fn nominal_bits(family: QuantFamily) -> f64 {
    match family {
        QuantFamily::Float => 16.0,
        QuantFamily::Int8 => 8.5,
        _ => 4.5,
    }
}

fn family(id: &str) -> Option<QuantFamily> {
    Some(match id {
        "float" => QuantFamily::Float,
        "legacy4" => QuantFamily::Legacy4,
        "int8" => QuantFamily::Int8,
        "k-quant" => QuantFamily::KQuant,
        "sub-four" => QuantFamily::SubFour,
        "group4" => QuantFamily::Group4,
        "iq4" => QuantFamily::Iq4,
        "mxfp4" => QuantFamily::Mxfp4,
        "ternary" => QuantFamily::Ternary,
        _ => return None,
    })
}

fn quantization(row: &Observation, family: QuantFamily) -> Quantization {
    Quantization {
        id: row.quant.clone(),
        name: row.quant.clone(),
        family,
        kernels_of: None,
        formats: Vec::new(),
        bits: Sourced::unsourced(nominal_bits(family)),
        kld: None,
        trained: false,
        summary: Bilingual {
            en: String::new(),
            zh: String::new(),
        },
        at: Origin::NOWHERE,
    }
}

fn artifact_of(
    row: &Observation,
    (model, quant, format): (ModelIx, QuantIx, Format),
    bytes: u64,
    listed: Option<Artifact>,
) -> Artifact {
    Artifact {
        id: row.id.clone(),
        model,
        quant,
        format,
        bytes: Some(Sourced::unsourced(Bytes::new(bytes))),
        exact: true,
        derivation: None,
        bundle: false,
        decoder: listed.and_then(|it| it.decoder),
        repo: None,
        file: None,
        sha256: None,
        socs: Vec::new(),
        at: Origin::NOWHERE,
    }
}

/// The request a row was measured with.
pub(super) fn load(row: &Observation) -> Load {
    Load {
        prompt: Tokens::new(row.prompt.unwrap_or(TYPICAL_FILL) as u64),
        generate: Tokens::new(64),
    }
}

fn sample(catalog: &Catalog, row: &Observation, stack: &Stack, phone: &Phone) -> Option<Sample> {
    let load = load(row);
    let prompt = load.prompt.get();
    let constants = Constants::new(catalog);
    let case = Case::new(&constants, stack, phone, &load, Detail::Figures);
    let (shape, _) = case.shape()?;
    let soc = phone.soc?;
    Some(Sample {
        soc,
        model: stack.model,
        runtime: stack.runtime,
        backend: stack.backend,
        family: case.quant.family,
        peak_bandwidth: case.peak_bandwidth().map(|(peak, _)| peak.value.get()),
        bytes: traffic::traffic(&case, prompt)?.total.likely.as_f64(),
        operations: traffic::operations(case.model, prompt)?,
        arithmetic: Arithmetic::of(&case).likely(),
        layers: f64::from(shape.layers),
        recurrent: f64::from(kv::recurrent_layers(shape)),
        file: parts::file_bytes(case.artifact)?.likely.as_f64(),
        seen: row.clone(),
    })
}
