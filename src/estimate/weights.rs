//! Where the bytes of a weight file end up: charged to the process, mapped, on disk. No speed here.

use super::case::Case;
use super::parts::{Parts, largest_tensor_elements, parts};
use super::step::{known, minus, step, unknown};
use super::types::{Figure, Step};
use crate::catalog::types::{Format, QuantFamily, SourceIx, WeightResidency};
use crate::quantity::{Bytes, Interval};

/// The weight figures of a case.
#[derive(Debug)]
pub(crate) struct Weights {
    pub(crate) total: Figure<Bytes>,
    pub(crate) charged: Figure<Bytes>,
    pub(crate) mapped: Figure<Bytes>,
    pub(crate) largest_tensor: Figure<Bytes>,
    pub(crate) download: Figure<Bytes>,
    pub(crate) storage: Figure<Bytes>,
}

const NOTHING: Interval<Bytes> = Interval {
    low: Bytes::new(0),
    likely: Bytes::new(0),
    high: Bytes::new(0),
};

/// Weighs the artifact of `case`.
pub(crate) fn weights(case: &Case) -> Weights {
    if case.residency() == WeightResidency::SystemOwned {
        return system_owned();
    }
    let Some(parts) = parts(case) else {
        return unsized_file(case);
    };
    let sources = file_sources(case);
    let file = step("step.weights", file_words(case), &parts.total, sources);
    let (charged, mapped) = placed(case, &parts);
    Weights {
        total: known(parts.total, vec![file.clone()]),
        charged,
        mapped,
        largest_tensor: largest(case, &parts),
        download: known(parts.total, vec![file.clone()]),
        storage: known(parts.total, vec![file]),
    }
}

fn file_sources<'a>(case: &Case<'a>) -> &'a [SourceIx] {
    case.artifact
        .bytes
        .as_ref()
        .map_or(&[], |bytes| bytes.sources.as_slice())
}

fn file_words(case: &Case) -> String {
    let artifact = case.artifact;
    match (&artifact.derivation, artifact.exact) {
        (Some(derivation), _) => derivation.clone(),
        (None, true) => format!("file of {}, to the byte", artifact.id),
        (None, false) => format!("file of {}, rounded by its source", artifact.id),
    }
}

/// The system model is there already: nothing is downloaded and nothing charged to the app.
fn system_owned() -> Weights {
    let nothing = || {
        let line = step("step.system_owned", "held by the system", &NOTHING, &[]);
        known(NOTHING, vec![line])
    };
    Weights {
        total: Figure::NotApplicable,
        charged: nothing(),
        mapped: nothing(),
        largest_tensor: Figure::NotApplicable,
        download: nothing(),
        storage: nothing(),
    }
}

fn unsized_file(case: &Case) -> Weights {
    let missing = || unknown("unknown.artifact_bytes", case.artifact.id.clone());
    Weights {
        total: missing(),
        charged: missing(),
        mapped: missing(),
        largest_tensor: missing(),
        download: missing(),
        storage: missing(),
    }
}

/// Splits the weights into what is charged and what stays a clean mapping.
fn placed(case: &Case, parts: &Parts) -> (Figure<Bytes>, Figure<Bytes>) {
    let mut steps: Vec<Step> = vec![step(
        "step.weights",
        file_words(case),
        &parts.total,
        file_sources(case),
    )];
    let sources = case.row.map_or(&[][..], |row| row.sources.as_slice());
    let (charged, mapped) = match case.residency() {
        WeightResidency::SystemOwned => (NOTHING, NOTHING),
        WeightResidency::Anonymous => {
            let words = "read or repacked into memory of the process: all of it";
            steps.push(step("step.anonymous", words, &parts.total, sources));
            (parts.total, NOTHING)
        }
        WeightResidency::GpuCopied => copied(case, parts, sources, &mut steps),
        WeightResidency::MappedClean => mapped_clean(case, parts, sources, &mut steps),
    };
    // Where the platform counts clean pages as the process's own, mapping saves nothing.
    let (charged, mapped) = if case.platform.charges_clean_pages {
        let all = charged + mapped;
        steps.push(step(
            "step.clean_charged",
            format!(
                "{} counts mapped pages: {charged} + {mapped}",
                case.platform.name
            ),
            &all,
            &case.platform.sources,
        ));
        (all, NOTHING)
    } else {
        (charged, mapped)
    };
    let mapped_line = step("step.mapped", "weights - charged", &mapped, &[]);
    steps.push(step("step.weights_charged", "", &charged, &[]));
    (known(charged, steps), known(mapped, vec![mapped_line]))
}

/// Copied into GPU buffers. llama.cpp leaves embeddings on the CPU side and gives the GPU its own copy of a tied one.
fn copied(
    case: &Case,
    parts: &Parts,
    sources: &[SourceIx],
    steps: &mut Vec<Step>,
) -> (Interval<Bytes>, Interval<Bytes>) {
    if !case.is_llama() {
        let words = "copied into GPU buffers: all of it";
        steps.push(step("step.gpu_copied", words, &parts.total, sources));
        return (parts.total, NOTHING);
    }
    let stays = parts.embedding + parts.per_layer;
    let head = if parts.tied {
        parts.embedding
    } else {
        parts.output
    };
    let copy = parts.blocks + head;
    steps.push(step(
        "step.gpu_copied",
        format!("blocks {} + output matrix {head}", parts.blocks),
        &copy,
        sources,
    ));
    steps.push(step(
        "step.embedding_mapped",
        format!("embeddings stay on the CPU side: {stays}"),
        &stays,
        sources,
    ));
    if case.settings().mmap {
        (copy, stays)
    } else {
        (copy + stays, NOTHING)
    }
}

/// Mapped from the file; what the CPU backend repacks is copied out of the mapping.
fn mapped_clean(
    case: &Case,
    parts: &Parts,
    sources: &[SourceIx],
    steps: &mut Vec<Step>,
) -> (Interval<Bytes>, Interval<Bytes>) {
    let repacks = case
        .row
        .is_some_and(|row| row.repacks.contains(&case.quant.family));
    if !repacks {
        let words = "mapped from the file: clean pages, not charged";
        steps.push(step("step.mapped_clean", words, &NOTHING, sources));
        return (NOTHING, parts.total);
    }
    let repacked = repacked(case, parts);
    steps.push(step(
        "step.repacked",
        "block weights copied into the layout of the kernels; the embedding stays mapped",
        &repacked,
        sources,
    ));
    (repacked, minus(parts.total, repacked))
}

/// The part of the weights the CPU backend repacks: matrices in the blocks, and a separate output matrix.
fn repacked(case: &Case, parts: &Parts) -> Interval<Bytes> {
    let all = parts.blocks + parts.output;
    let Some((shape, _)) = case.shape() else {
        return Interval {
            low: NOTHING.low,
            ..all
        };
    };
    let k_quant = case.quant.family == QuantFamily::KQuant;
    if case.artifact.format == Format::Gguf && k_quant && shape.hidden % 256 != 0 {
        // Rows of `hidden` fall back to Q5_0, which has no repacked kernel: what is left is ffn_down, a third of
        // the feed-forward.
        let feed_forward = 3 * u64::from(shape.ffn);
        let query = u64::from(shape.heads) * u64::from(shape.head_dim);
        let value = u64::from(shape.kv_heads) * u64::from(shape.head_dim);
        let per_row = feed_forward + 2 * query + 2 * value;
        let down = Bytes::new(parts.blocks.likely.get() / per_row * u64::from(shape.ffn));
        return Interval {
            low: down.min(all.low),
            likely: down,
            high: all.high,
        };
    }
    all
}

/// The largest single tensor, at the width of the embedding or of the average weight, whichever is larger.
fn largest(case: &Case, parts: &Parts) -> Figure<Bytes> {
    let (Some((shape, sources)), Some(params)) = (case.shape(), &case.model.params) else {
        return unknown("unknown.architecture", case.model.id.clone());
    };
    let elements = largest_tensor_elements(shape);
    let table = parts.embedding.likely.max(parts.per_layer.likely);
    let average = parts.total.likely.as_f64() / params.value.get().max(1) as f64;
    let by_average = Bytes::new((elements as f64 * average).round() as u64);
    let value = Interval {
        low: table.min(by_average),
        likely: table.max(by_average).min(parts.total.likely),
        high: table.max(by_average).min(parts.total.high),
    };
    let formula = format!("{elements} elements at {average:.2} B, or the embedding table {table}");
    known(
        value,
        vec![step("step.largest_tensor", formula, &value, sources)],
    )
}
