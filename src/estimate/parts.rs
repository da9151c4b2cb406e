//! What a weight file is made of: embedding, output matrix, per-layer table, blocks.
//!
//! Sizes come from the file's own bytes; the catalog's shape only says how they divide. Charges nothing.

use super::case::Case;
use super::gguf;
use super::trail::minus;
use crate::catalog::types::{Architecture, Artifact, Format};
use crate::quantity::{Bytes, Interval};

/// The divisions of a weight file. They add up to the file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Parts {
    /// The whole.
    pub(crate) total: Interval<Bytes>,
    /// Token embedding; read one row a token.
    pub(crate) embedding: Interval<Bytes>,
    /// The embedding serves as output matrix too.
    pub(crate) tied: bool,
    /// Separate output matrix; zero when tied.
    pub(crate) output: Interval<Bytes>,
    /// Per-layer embeddings (Gemma 3n, 4); read one row a token and layer.
    pub(crate) per_layer: Interval<Bytes>,
    /// Everything else: what every token reads, all experts included.
    pub(crate) blocks: Interval<Bytes>,
}

const NONE: Interval<Bytes> = Interval {
    low: Bytes::new(0),
    likely: Bytes::new(0),
    high: Bytes::new(0),
};

/// Bytes of the file; an interval when its source rounded it. `None` when nobody published a size.
pub(crate) fn file_bytes(artifact: &Artifact) -> Option<Interval<Bytes>> {
    let bytes = artifact.bytes.as_ref()?.value;
    let slack = if artifact.exact {
        Bytes::new(0)
    } else if artifact.derivation.is_some() {
        // Bits per weight x parameters misses published files by up to 6 % (vocabulary size, mixes).
        Bytes::new(bytes.get() / 16)
    } else {
        Bytes::new(rounding_step(bytes.get()) / 2)
    };
    Some(Interval {
        low: bytes.saturating_sub(slack),
        likely: bytes,
        high: bytes + slack,
    })
}

/// The largest customary step the figure is a whole multiple of: 0.1 GiB, 0.1 GB, 0.01 GB, 0.1 MiB, 1 MB.
/// Products of such steps are rounded to bytes, hence the tolerance of one byte.
fn rounding_step(bytes: u64) -> u64 {
    const STEPS: [(u64, u64); 6] = [
        (1_073_741_824, 10),
        (100_000_000, 1),
        (10_000_000, 1),
        (1_000_000, 1),
        (1_048_576, 10),
        (100_000, 1),
    ];
    STEPS
        .into_iter()
        .find(|&(unit, parts)| {
            let count = (bytes * parts + unit / 2) / unit;
            (count * unit / parts).abs_diff(bytes) <= 1
        })
        .map_or(1_000_000, |(unit, parts)| unit / parts)
}

/// Divides the artifact of `case`; `None` when its size is unknown.
pub(crate) fn parts(case: &Case) -> Option<Parts> {
    let total = file_bytes(case.artifact)?;
    let Some((shape, _)) = case.shape() else {
        return Some(Parts {
            total,
            embedding: NONE,
            tied: false,
            output: NONE,
            per_layer: NONE,
            blocks: total,
        });
    };
    let tied = is_tied(shape);
    let (vocab, width) = (u64::from(shape.vocab), u64::from(shape.hidden));
    let per_layer = shape.per_layer_embedding.map_or(NONE, |per_layer| {
        let width = u64::from(shape.layers) * u64::from(per_layer);
        table(case, true, width, vocab, total)
    });
    let embedding = table(case, tied, width, vocab, total);
    let output = if tied {
        NONE
    } else {
        output(case, width, vocab, total)
    };
    let blocks = at_least(
        minus(total, embedding + output + per_layer),
        least_blocks(case, shape),
    );
    Some(Parts {
        total,
        embedding,
        tied,
        output,
        per_layer,
        blocks,
    })
}

fn table(
    case: &Case,
    tied: bool,
    width: u64,
    rows: u64,
    total: Interval<Bytes>,
) -> Interval<Bytes> {
    let exact = (case.artifact.format == Format::Gguf)
        .then(|| gguf::embedding_bytes(&case.quant.id, tied, width, rows))
        .flatten();
    capped(
        exact.map_or_else(|| converted(case, width * rows), exactly),
        total,
    )
}

fn output(case: &Case, width: u64, rows: u64, total: Interval<Bytes>) -> Interval<Bytes> {
    let exact = (case.artifact.format == Format::Gguf)
        .then(|| gguf::output_bytes(&case.quant.id, width, rows))
        .flatten();
    capped(
        exact.map_or_else(|| converted(case, width * rows), exactly),
        total,
    )
}

fn exactly(bytes: u64) -> Interval<Bytes> {
    Interval::exact(Bytes::new(bytes))
}

/// Converters of other formats keep tables between the nominal width and 8 bits (16 for float files).
fn converted(case: &Case, elements: u64) -> Interval<Bytes> {
    let bits = case.quant.bits.value;
    let bytes = |bits: f64| Bytes::new((elements as f64 * bits / 8.0).round() as u64);
    Interval {
        low: bytes(bits),
        likely: bytes(bits),
        high: bytes(if bits < 8.0 { 8.0 } else { bits }),
    }
}

/// Mixes of widths stay above three quarters of the nominal one: the bytes the blocks have at least.
fn least_blocks(case: &Case, shape: &Architecture) -> Bytes {
    let params = case.model.params.as_ref().map_or(0, |it| it.value.get());
    let blocks = params.saturating_sub(table_elements(shape)) as f64;
    Bytes::new((blocks * case.quant.bits.value * 0.75 / 8.0).round() as u64)
}

/// Raises the low end, never above the likely value.
fn at_least(part: Interval<Bytes>, least: Bytes) -> Interval<Bytes> {
    Interval {
        low: part.low.max(least.min(part.likely)),
        ..part
    }
}

/// A part is never larger than nine tenths of its file: a shape that says so belongs to another file.
fn capped(part: Interval<Bytes>, total: Interval<Bytes>) -> Interval<Bytes> {
    let cap = Bytes::new(total.low.get() / 10 * 9);
    part.map(|bytes| bytes.min(cap))
}

/// The largest single tensor by parameter count, in elements: embedding, per-layer table, or one block's experts.
pub(crate) fn largest_tensor_elements(shape: &Architecture) -> u64 {
    let vocab = u64::from(shape.vocab);
    let hidden = u64::from(shape.hidden);
    let per_layer = per_layer_elements(shape);
    let feed_forward = shape.moe.map_or_else(
        || u64::from(shape.ffn) * hidden,
        |moe| u64::from(moe.experts) * u64::from(moe.expert_ffn) * hidden,
    );
    (vocab * hidden).max(per_layer).max(feed_forward)
}

/// Elements of embedding, output matrix and per-layer table.
pub(crate) fn table_elements(shape: &Architecture) -> u64 {
    let table = u64::from(shape.vocab) * u64::from(shape.hidden);
    let tables = if is_tied(shape) { table } else { 2 * table };
    tables + per_layer_elements(shape)
}

/// Where nobody says whether the output matrix is separate, small models share it.
fn is_tied(shape: &Architecture) -> bool {
    shape.tied.unwrap_or(true)
}

fn per_layer_elements(shape: &Architecture) -> u64 {
    shape.per_layer_embedding.map_or(0, |width| {
        u64::from(shape.vocab) * u64::from(shape.layers) * u64::from(width)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_seen_in_the_figure() {
        assert_eq!(rounding_step(2_576_980_378), 107_374_182); // 2.4 GiB
        assert_eq!(rounding_step(2_400_000_000), 100_000_000);
        assert_eq!(rounding_step(2_410_000_000), 10_000_000);
        assert_eq!(rounding_step(640_889_651), 104_857); // 611.2 MiB
    }
}
