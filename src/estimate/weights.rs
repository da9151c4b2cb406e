//! Where the bytes of a weight file end up: charged to the process, mapped, on disk. No speed here.

use super::case::Case;
use super::gguf;
use super::parts::{Parts, largest_tensor_elements, parts};
use super::trail::{Detail, Trail, minus};
use super::types::Figure;
use crate::catalog::types::{QuantFamily, SourceIx, WeightResidency};
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
        return system_owned(case.detail);
    }
    let Some(parts) = parts(case) else {
        return unsized_file(case);
    };
    let file = || {
        let mut trail = case.detail.trail();
        file_line(case, &parts, &mut trail);
        trail.known(parts.total)
    };
    let (charged, mapped) = placed(case, &parts);
    Weights {
        total: file(),
        charged,
        mapped,
        largest_tensor: largest(case, &parts),
        download: file(),
        storage: file(),
    }
}

/// Which file, how many bytes, and how exactly they are known.
fn file_line(case: &Case, parts: &Parts, trail: &mut Trail) {
    let artifact = case.artifact;
    let (what, formula) = match (&artifact.derivation, artifact.exact) {
        (Some(derivation), _) => ("step.weights_derived", derivation),
        (None, true) => ("step.weights_exact", &artifact.id),
        (None, false) => ("step.weights_rounded", &artifact.id),
    };
    let sources = artifact
        .bytes
        .as_ref()
        .map_or(&[][..], |bytes| bytes.sources.as_slice());
    trail.line(what, formula, parts.total, sources);
}

/// The system model is there already: nothing is downloaded and nothing charged to the app.
fn system_owned(detail: Detail) -> Weights {
    let nothing = || {
        let mut trail = detail.trail();
        trail.line("step.system_owned", "", NOTHING, &[]);
        trail.known(NOTHING)
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
    let missing = || {
        case.detail
            .unknown("unknown.artifact_bytes", &case.artifact.id)
    };
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
    let mut trail = case.detail.trail();
    file_line(case, parts, &mut trail);
    let (charged, mapped) = match case.residency() {
        WeightResidency::SystemOwned => (NOTHING, NOTHING),
        WeightResidency::Anonymous => (anonymous(case, parts, &mut trail), NOTHING),
        WeightResidency::GpuCopied => copied(case, parts, &mut trail),
        WeightResidency::MappedClean => mapped_clean(case, parts, &mut trail),
    };
    // Where the platform counts clean pages as the process's own, mapping saves nothing.
    let (charged, mapped) = if case.platform.charges_clean_pages {
        let all = charged + mapped;
        let formula = format_args!("{charged} + {mapped}");
        let sources = &case.platform.sources;
        trail.line("step.clean_charged", formula, all, sources);
        (all, NOTHING)
    } else {
        (charged, mapped)
    };
    let whole = charged + mapped == parts.total;
    let mut mapping = case.detail.trail();
    if whole {
        let formula = format_args!("{} - {charged}", parts.total);
        mapping.line("step.mapped", formula, mapped, &[]);
    } else {
        mapping.line("step.mapped", "", mapped, &[]);
    }
    trail.line("step.weights_charged", "", charged, &[]);
    (trail.known(charged), mapping.known(mapped))
}

fn row_sources<'a>(case: &Case<'a>) -> &'a [SourceIx] {
    case.row.map_or(&[], |row| row.sources.as_slice())
}

/// Read or repacked into memory of the process: all of it, and a second copy of a tied matrix that is repacked to
/// serve as output.
fn anonymous(case: &Case, parts: &Parts, trail: &mut Trail) -> Interval<Bytes> {
    let sources = row_sources(case);
    trail.line("step.anonymous", "", parts.total, sources);
    if !(parts.tied && repacks_head(case)) {
        return parts.total;
    }
    trail.line("step.tied_copy", "", parts.embedding, sources);
    parts.total + parts.embedding
}

/// Copied into GPU buffers. llama.cpp leaves embeddings on the CPU side and gives the GPU its own copy of a tied one.
fn copied(case: &Case, parts: &Parts, trail: &mut Trail) -> (Interval<Bytes>, Interval<Bytes>) {
    let sources = row_sources(case);
    if !case.is_llama() {
        trail.line("step.gpu_copied", "", parts.total, sources);
        return (parts.total, NOTHING);
    }
    let stays = parts.embedding + parts.per_layer;
    let head = if parts.tied {
        parts.embedding
    } else {
        parts.output
    };
    let copy = parts.blocks + head;
    let formula = format_args!("{} + {head}", parts.blocks);
    trail.line("step.gpu_copied", formula, copy, sources);
    trail.line("step.embedding_mapped", "", stays, sources);
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
    trail: &mut Trail,
) -> (Interval<Bytes>, Interval<Bytes>) {
    let sources = row_sources(case);
    let blocks = repacked_blocks(case, parts);
    let head = match (repacks_head(case), parts.tied) {
        (true, true) => parts.embedding,
        (true, false) => parts.output,
        (false, _) => NOTHING,
    };
    let repacked = blocks + head;
    if repacked == NOTHING {
        trail.line("step.mapped_clean", "", NOTHING, sources);
        return (NOTHING, parts.total);
    }
    let formula = format_args!("{blocks} + {head}");
    trail.line("step.repacked", formula, repacked, sources);
    // The copy of a tied matrix leaves its original mapped: the lookup still reads it.
    let moved = if parts.tied { blocks } else { repacked };
    (repacked, minus(parts.total, moved))
}

fn repacks(case: &Case, family: QuantFamily) -> bool {
    case.row.is_some_and(|row| row.repacks.contains(&family))
}

/// Whether the output matrix is of a type the CPU backend repacks.
fn repacks_head(case: &Case) -> bool {
    let Some((shape, _)) = case.shape().filter(|_| case.is_llama()) else {
        return false;
    };
    gguf::output_family(&case.quant.id, u64::from(shape.hidden))
        .is_some_and(|family| repacks(case, family))
}

/// The part of the block weights the CPU backend copies into the layout of its kernels.
fn repacked_blocks(case: &Case, parts: &Parts) -> Interval<Bytes> {
    if !repacks(case, case.quant.family) {
        return NOTHING;
    }
    let Some((shape, _)) = case.shape() else {
        return Interval {
            low: Bytes::new(0),
            ..parts.blocks
        };
    };
    if !(case.is_llama() && case.quant.family == QuantFamily::KQuant && shape.hidden % 256 != 0) {
        return parts.blocks;
    }
    // Rows of `hidden` fall back to Q5_0, which has no repacked kernel; what is left is ffn_down.
    let query = u64::from(shape.heads) * u64::from(shape.head_dim);
    let value = u64::from(shape.kv_heads) * u64::from(shape.head_dim);
    let ffn = u64::from(shape.ffn);
    let down = parts.blocks.likely.get() / (3 * ffn + 2 * query + 2 * value) * ffn;
    Interval {
        low: Bytes::new(down).min(parts.blocks.low),
        likely: Bytes::new(down),
        high: parts.blocks.high,
    }
}

/// The largest single tensor, at the width of the embedding or of the average weight, whichever is larger.
fn largest(case: &Case, parts: &Parts) -> Figure<Bytes> {
    let (Some((shape, sources)), Some(params)) = (case.shape(), &case.model.params) else {
        return case.detail.unknown("unknown.architecture", &case.model.id);
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
    let formula = format_args!("max({elements} x {average:.2} B, {table})");
    let mut trail = case.detail.trail();
    trail.line("step.largest_tensor", formula, value, sources);
    trail.known(value)
}
