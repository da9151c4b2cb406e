//! Compute, output and runtime buffers. llama.cpp's are replayed, or follow a closed form where its graph of a family is
//! not; other engines are calibrated.
//!
//! Two sizes differ by far: what llama.cpp reserves (room for the logits of a whole batch) and what is touched when
//! only the last token asks for logits. The CPU and Metal are charged for touched pages, other GPUs for the reserve.

use super::calibration::{self, Metric};
use super::case::Case;
use super::llama::Place;
use super::types::Figure;
use crate::catalog::types::{Architecture, Attention, BackendKind, SourceIx, WeightResidency};
use crate::quantity::{Bytes, Interval, Share};

/// Settings that shape llama.cpp's graph.
#[derive(Debug, Clone, Copy)]
struct Graph {
    /// Cells of full layers.
    cells: u64,
    /// Cells of windowed layers, if there are any.
    window_cells: Option<u64>,
    /// Tokens in one physical batch.
    ubatch: u64,
    /// Tokens of a batch that get logits: 1 when touched, the batch when reserved.
    outputs: u64,
    /// Flash attention.
    flash_attention: bool,
    /// The graph runs on a GPU with memory of its own: masks and the rows around the output stay on the host.
    on_device: bool,
}

/// Bytes of llama.cpp's compute buffer in closed form, found by regression on its own logs: the mask, and the
/// largest of three points of the graph (output matrix, attention, feed-forward).
///
/// Within 5 % of ggml 0.26.0 in 96 % of 307 measured settings on the CPU; on Adreno's OpenCL it gives what llama.rn
/// logged for large vocabularies to the byte.
fn llama_buffer(shape: &Architecture, altup: bool, graph: &Graph) -> Bytes {
    let batch = graph.ubatch;
    let row = u64::from(shape.hidden) * batch * 4;
    let query = u64::from(shape.heads) * u64::from(shape.head_dim) * batch * 4;
    let mask_width = if graph.flash_attention { 2 } else { 4 };
    let mask = (graph.cells + graph.window_cells.unwrap_or(0)) * batch * mask_width;
    let scores = if graph.flash_attention {
        0
    } else {
        graph.cells * batch * u64::from(shape.heads) * 4
    };
    let outputs = graph.outputs.min(batch);
    let logits = u64::from(shape.vocab) * outputs * 4;
    let at_attention = scores + 2 * row + 3 * query;
    let in_blocks = mask + at_attention.max(at_feed_forward(shape, altup, row, batch));
    let at_output = if graph.on_device {
        logits + row
    } else {
        mask + logits + row * 11 / 2
    };
    Bytes::new(at_output.max(in_blocks))
}

/// The feed-forward point: gate, up and their product beside five rows; experts keep one of each per chosen expert.
fn at_feed_forward(shape: &Architecture, altup: bool, row: u64, batch: u64) -> u64 {
    if let Some(moe) = shape.moe {
        let chosen = u64::from(moe.top_k);
        let activation = chosen * u64::from(moe.expert_ffn) * batch * 4;
        return (3 * activation + 5 * row).max(activation + 2 * chosen * row + 3 * row);
    }
    let activation = u64::from(shape.ffn) * batch * 4;
    // Gemma 3n carries four residual streams and its per-layer inputs through the whole graph.
    let streams = if altup {
        let inputs = shape.per_layer_embedding.map_or(0, u64::from);
        row * 31 / 4 + inputs * u64::from(shape.layers) * batch * 4
    } else {
        0
    };
    3 * activation + 5 * row + streams
}

/// Process and vocabulary tables of llama.cpp, by vocabulary size: 5th, 50th, 95th percentile of resident memory
/// minus the sum of buffers (llama.cpp, ggml 0.26.0, 16 shapes).
pub(crate) fn overhead(vocab: u32) -> Interval<Bytes> {
    let (low, likely, high) = match vocab {
        0..=40_000 => (8, 10, 14),
        40_001..=100_000 => (20, 23, 29),
        _ => (42, 48, 57),
    };
    Interval {
        low: Bytes::mib(low),
        likely: Bytes::mib(likely),
        high: Bytes::mib(high),
    }
}

/// The case's graph with logits for `outputs` tokens of a batch.
fn llama_graph(case: &Case, shape: &Architecture, outputs: u64, on_device: bool) -> Bytes {
    let settings = case.settings();
    let cells = settings.context.get().next_multiple_of(256);
    let ubatch = u64::from(settings.ubatch);
    let window_cells = match shape.attention {
        Attention::Sliding { window, .. } => {
            Some((window + ubatch).next_multiple_of(256).min(cells))
        }
        _ => None,
    };
    let graph = Graph {
        cells,
        window_cells,
        ubatch,
        outputs,
        flash_attention: settings.flash_attention,
        on_device,
    };
    llama_buffer(shape, case.model.family == "gemma3n", &graph)
}

/// Everything but weights and cache.
pub(crate) fn compute(case: &Case, weights: Option<Interval<Bytes>>) -> Figure<Bytes> {
    if case.residency() == WeightResidency::SystemOwned {
        return Figure::NotApplicable;
    }
    match (case.is_llama(), case.shape()) {
        (true, Some((shape, sources))) => llama(case, shape, sources),
        _ => calibrated(case, weights),
    }
}

fn llama(case: &Case, shape: &Architecture, sources: &[SourceIx]) -> Figure<Bytes> {
    let settings = case.settings();
    let ubatch = u64::from(settings.ubatch);
    let cells = settings.context.get().next_multiple_of(256);
    let charged_in_full =
        case.backend.kind != BackendKind::Cpu && case.residency() == WeightResidency::GpuCopied;
    let outputs = if charged_in_full { ubatch } else { 1 };
    let place = if charged_in_full {
        Place::Device
    } else {
        Place::Cpu
    };
    let replayed = case.constants.buffers.compute(case, outputs, place);
    let buffer = replayed.unwrap_or_else(|| llama_graph(case, shape, outputs, charged_in_full));
    // A replayed reserve is exact. What is touched of one is not logged, and the closed form has an error of its own.
    let spread = if replayed.is_some() && charged_in_full {
        Interval::exact(buffer)
    } else {
        Interval {
            low: buffer.scaled(Share::new(0.95)),
            likely: buffer,
            high: buffer.scaled(Share::new(1.05)),
        }
    };
    let mut trail = case.detail.trail();
    let formula = format_args!(
        "ubatch {ubatch}, n_ctx {cells}, flash_attn {}",
        u8::from(settings.flash_attention)
    );
    let what = if charged_in_full {
        "step.compute_reserved"
    } else {
        "step.compute_touched"
    };
    trail.line(what, formula, spread, sources);
    let logits = Bytes::new(u64::from(shape.vocab) * 4);
    let formula = format_args!("{} x 4 B", shape.vocab);
    trail.line("step.output_buffer", formula, logits, sources);
    let tables = overhead(shape.vocab);
    let formula = format_args!("n_vocab {}", shape.vocab);
    trail.line("step.runtime_overhead", formula, tables, &[]);
    let value = spread + Interval::exact(logits) + tables;
    trail.line("step.compute", "", value, &[]);
    trail.known(value)
}

/// Engines whose buffers no closed form is known for: a share of the weights, measured, plus a fixed part where the
/// runtime's makers publish one.
fn calibrated(case: &Case, weights: Option<Interval<Bytes>>) -> Figure<Bytes> {
    let Some(weights) = weights else {
        return case
            .detail
            .unknown("unknown.artifact_bytes", &case.artifact.id);
    };
    let Some(share) = calibration::find(case, Metric::WorkingMemoryShare) else {
        return case
            .detail
            .unknown("unknown.working_memory", case.pairing());
    };
    let fixed = calibration::find(case, Metric::WorkingMemoryFixed);
    // An engine with a published fixed part (whisper.cpp) keeps its activations in 16 bits however weights are stored.
    let floats = case.model.params.as_ref().filter(|_| fixed.is_some());
    let base = floats.map_or(weights, |params| {
        Interval::exact(Bytes::new(params.value.get() * 2))
    });
    let part = Interval {
        low: base.low.scaled(Share::new(share.value.low)),
        likely: base.likely.scaled(Share::new(share.value.likely)),
        high: base.high.scaled(Share::new(share.value.high)),
    };
    let mut trail = case.detail.trail();
    let portion = share.value.map(Share::new);
    let what = "step.working_memory";
    match floats {
        Some(params) => {
            let formula = format_args!("2 B x {} x {portion}", params.value);
            trail.line(what, formula, part, share.sources);
        }
        None => {
            let formula = format_args!("{weights} x {portion}");
            trail.line(what, formula, part, share.sources);
        }
    }
    let mut value = part;
    if let Some(fixed) = fixed {
        let bytes = fixed.value.map(|bytes| Bytes::new(bytes.round() as u64));
        value = value + bytes;
        let formula = format_args!("n = {}", fixed.n);
        trail.line("step.working_fixed", formula, bytes, fixed.sources);
    }
    trail.line("step.compute", "", value, &[]);
    trail.known(value)
}
