//! What one token costs: bytes read while decoding, operations while prefilling. Knows no phone.

use super::super::case::Case;
use super::super::kv;
use super::super::parts::{Parts, parts, table_elements};
use crate::catalog::types::{Architecture, Attention, Format, Model, Role};
use crate::quantity::{Bytes, Interval};

/// What a stack asks of any phone: found once for all phones of a platform.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Demand {
    /// Bytes to generate a token, the context being filled by half; `None` where the file's size is unknown.
    pub(crate) traffic: Option<Traffic>,
    /// Floating point operations to prefill a token; `None` where the number of parameters is unknown.
    pub(crate) operations: Option<f64>,
}

impl Demand {
    /// The demand of a case under its load.
    pub(crate) fn of(case: &Case) -> Self {
        let filled = case.settings().context.get() / 2;
        Self {
            traffic: traffic(case, filled),
            operations: operations(case.model, case.load.prompt.get()),
        }
    }
}

/// Bytes read from DRAM to generate one token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Traffic {
    /// Tokens in the cache.
    pub(crate) filled: u64,
    /// Blocks that take part, and the output matrix.
    pub(crate) weights: Interval<Bytes>,
    /// The part of the cache that is read.
    pub(crate) cache: Bytes,
    /// The whole.
    pub(crate) total: Interval<Bytes>,
}

/// Weights that take part in a token: embeddings are looked up, not streamed; of the experts only the chosen ones.
pub(crate) fn traffic(case: &Case, filled: u64) -> Option<Traffic> {
    let parts = parts(case)?;
    let head = if parts.tied {
        parts.embedding
    } else {
        parts.output
    };
    let blocks = active_blocks(case.model, decoder(case, &parts));
    let weights = blocks + head;
    let cache = case.shape().map_or(Bytes::new(0), |(shape, _)| {
        kv::bytes_read(shape, case.settings().kv, filled)
    });
    Some(Traffic {
        filled,
        weights,
        cache,
        total: weights + Interval::exact(cache),
    })
}

/// The blocks of the decoder, as published or told from the shape: what a bundle adds to it is read once a picture, not
/// once a token.
fn decoder(case: &Case, bundle: &Parts) -> Interval<Bytes> {
    if let Some(published) = &case.artifact.decoder {
        return Interval::exact(published.value);
    }
    if !(case.artifact.bundle && case.artifact.format == Format::Gguf) {
        return bundle.blocks;
    }
    let catalog = case.constants.catalog();
    let alone = catalog.artifacts.iter().find(|it| {
        it.model == case.stack.model
            && it.quant == case.artifact.quant
            && it.format == Format::Gguf
            && !it.bundle
            && it.bytes.is_some()
    });
    let Some(artifact) = alone else {
        let shape = case.shape().and_then(|(shape, _)| decoder_params(shape));
        let bytes = shape.map(|params| Bytes::new((params * case.quant.bits.value / 8.0) as u64));
        return bytes.map_or(bundle.blocks, |bytes| bundle.blocks.map(|it| it.min(bytes)));
    };
    let own = parts(&Case { artifact, ..*case });
    own.map_or(bundle.blocks, |own| own.blocks)
}

/// Parameters of the blocks of a decoder, by its shape: four matrices of attention, three of the feed-forward. `None` of
/// shapes that hold other matrices too.
fn decoder_params(shape: &Architecture) -> Option<f64> {
    let attends = matches!(shape.attention, Attention::Full | Attention::Sliding { .. });
    if !attends || shape.moe.is_some() || shape.per_layer_embedding.is_some() {
        return None;
    }
    let hidden = f64::from(shape.hidden);
    let attention = 2.0 * f64::from(shape.heads + shape.kv_heads) * f64::from(shape.head_dim);
    Some(f64::from(shape.layers) * hidden * (attention + 3.0 * f64::from(shape.ffn)))
}

/// Parameters outside what looks at pictures.
pub(crate) fn text_params(model: &Model) -> Option<f64> {
    let all = model.params.as_ref()?.value.get() as f64;
    let shape = model.arch.as_ref().map(|arch| &arch.value);
    let seeing = shape.filter(|_| model.roles.contains(&Role::Vision));
    let decoder =
        seeing.and_then(|shape| Some(decoder_params(shape)? + table_elements(shape) as f64));
    Some(decoder.map_or(all, |decoder| if decoder < all { decoder } else { all }))
}

fn active_blocks(model: &Model, blocks: Interval<Bytes>) -> Interval<Bytes> {
    let Some(share) = active_share(model) else {
        return blocks;
    };
    blocks.map(|bytes| Bytes::new((bytes.as_f64() * share).round() as u64))
}

/// The share of block weights a token passes through in a mixture of experts.
fn active_share(model: &Model) -> Option<f64> {
    let shape = &model.arch.as_ref()?.value;
    let moe = shape.moe?;
    let all = block_params(model)?;
    let per_layer = 3.0 * f64::from(shape.hidden) * f64::from(moe.expert_ffn);
    let experts = f64::from(moe.experts) * per_layer * f64::from(shape.layers);
    let experts = if experts < all { experts } else { all };
    let chosen = experts * f64::from(moe.top_k) / f64::from(moe.experts.max(1));
    Some((all - experts + chosen) / all)
}

/// Parameters outside embedding, output matrix and per-layer table.
fn block_params(model: &Model) -> Option<f64> {
    let total = model.params.as_ref()?.value.get() as f64;
    let Some(shape) = model.arch.as_ref().map(|arch| &arch.value) else {
        return Some(total);
    };
    let blocks = total - table_elements(shape) as f64;
    Some(if blocks > total / 10.0 {
        blocks
    } else {
        total / 10.0
    })
}

/// Floating point operations to prefill one token of a prompt: two per block weight it passes through, and the
/// attention over what stands before it (half the prompt on average).
pub(crate) fn operations(model: &Model, prompt: u64) -> Option<f64> {
    let weights = block_params(model)? * active_share(model).unwrap_or(1.0);
    let attention = model.arch.as_ref().map_or(0.0, |arch| {
        let shape = &arch.value;
        2.0 * f64::from(shape.layers)
            * f64::from(shape.heads)
            * f64::from(shape.head_dim)
            * prompt as f64
    });
    Some(2.0 * weights + attention)
}
