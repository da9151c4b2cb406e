//! The KV cache and constant state, per attention variant and runtime. Charges and judges nothing.

use super::case::Case;
use super::trail::Trail;
use super::types::{Figure, KvType};
use crate::catalog::types::{Architecture, Attention, SourceIx};
use crate::quantity::{Bytes, Interval};

/// Tokens llama.cpp rounds a cache up to.
const CELL_PADDING: u64 = 256;

/// Bytes of `elements` cached values; block types need whole blocks of 32.
const fn stored(kv: KvType, elements: u64) -> u64 {
    elements.div_ceil(32) * kv.bytes_per_32()
}

/// Cells a windowed layer of llama.cpp keeps: the window and one batch, whole pages, never more than the context
/// (`swa_full` off, as its command line tools set it).
fn window_cells(window: u64, ubatch: u32, cells: u64) -> u64 {
    (window + u64::from(ubatch))
        .next_multiple_of(CELL_PADDING)
        .min(cells)
}

/// A group of layers whose caches are alike.
struct Group {
    layers: u32,
    cells: u64,
    of: Cached,
}

/// What a layer caches for a token.
#[derive(Clone, Copy)]
enum Cached {
    /// Keys and values per head.
    Heads { kv_heads: u32, head_dim: u32 },
    /// One compressed vector.
    Latent { elements: u32 },
}

impl Group {
    fn attention(layers: u32, cells: u64, kv_heads: u32, head_dim: u32) -> Self {
        Self {
            layers,
            cells,
            of: Cached::Heads { kv_heads, head_dim },
        }
    }

    /// Cached elements per token and layer.
    fn elements(&self) -> u64 {
        match self.of {
            Cached::Heads { kv_heads, head_dim } => 2 * u64::from(kv_heads) * u64::from(head_dim),
            Cached::Latent { elements } => u64::from(elements),
        }
    }

    fn bytes(&self, kv: KvType) -> Bytes {
        let per_token = stored(kv, self.elements());
        Bytes::new(u64::from(self.layers) * self.cells * per_token)
    }

    /// Adds the product to a derivation.
    fn explain(&self, kv: KvType, trail: &mut Trail, sources: &[SourceIx]) {
        let (layers, cells, width, bytes) = (self.layers, self.cells, width(kv), self.bytes(kv));
        let what = "step.kv_layers";
        match self.of {
            Cached::Heads { kv_heads, head_dim } => {
                let formula =
                    format_args!("{layers} x 2 x {kv_heads} x {head_dim} x {width} x {cells}");
                trail.line(what, formula, bytes, sources);
            }
            Cached::Latent { elements } => {
                let formula = format_args!("{layers} x {elements} x {width} x {cells}");
                trail.line(what, formula, bytes, sources);
            }
        }
    }
}

const fn width(kv: KvType) -> &'static str {
    match kv {
        KvType::F16 => "2 B",
        KvType::Q8_0 => "34/32 B",
        KvType::Q4_0 => "18/32 B",
        KvType::Int8 => "1 B",
    }
}

/// Layer groups with windowed layers at `window_cells`, or at the full context when `None`.
fn groups(
    shape: &Architecture,
    cells: u64,
    windowed: Option<u64>,
) -> impl Iterator<Item = Group> + use<> {
    let all = |layers| Group::attention(layers, cells, shape.kv_heads, shape.head_dim);
    let (first, second) = match &shape.attention {
        Attention::Full => (all(shape.layers), None),
        Attention::Sliding {
            global_layers,
            local_layers,
            global_kv_heads,
            global_head_dim,
            ..
        } => (
            Group::attention(
                *global_layers,
                cells,
                global_kv_heads.unwrap_or(shape.kv_heads),
                global_head_dim.unwrap_or(shape.head_dim),
            ),
            Some(Group::attention(
                *local_layers,
                windowed.unwrap_or(cells),
                shape.kv_heads,
                shape.head_dim,
            )),
        ),
        Attention::Hybrid { full_layers, .. } => (all(*full_layers), None),
        Attention::Latent { elements } => {
            let group = Group {
                layers: shape.layers,
                cells,
                of: Cached::Latent {
                    elements: *elements,
                },
            };
            (group, None)
        }
    };
    std::iter::once(first).chain(second)
}

/// Bytes read from the cache by one token at `filled` tokens of context.
pub(crate) fn bytes_read(shape: &Architecture, kv: KvType, filled: u64) -> Bytes {
    let windowed = match shape.attention {
        Attention::Sliding { window, .. } => Some(window.min(filled)),
        _ => None,
    };
    groups(shape, filled, windowed)
        .map(|group| group.bytes(kv))
        .sum()
}

/// The cache that is allocated for the case's context.
pub(crate) fn kv_cache(case: &Case) -> Figure<Bytes> {
    let Some((shape, sources)) = case.shape() else {
        return Figure::NotApplicable;
    };
    let settings = case.settings();
    let (kv, asked) = (settings.kv, settings.context.get());
    let cells = if case.is_llama() {
        asked.next_multiple_of(CELL_PADDING)
    } else {
        asked
    };
    let window = match shape.attention {
        Attention::Sliding { window, .. } => Some(window),
        _ => None,
    };
    let windowed = window.map(|window| {
        if case.is_llama() {
            window_cells(window, settings.ubatch, cells)
        } else {
            window.min(cells)
        }
    });
    let mut trail = case.detail.trail();
    if cells != asked {
        let formula = format_args!("{asked} -> {CELL_PADDING} x {}", cells / CELL_PADDING);
        trail.line("step.cells", formula, cells, &[]);
    }
    let mut total = Bytes::new(0);
    for group in groups(shape, cells, windowed) {
        total = total + group.bytes(kv);
        group.explain(kv, &mut trail, sources);
    }
    let state = match constant_state(case, shape, &mut trail) {
        Ok(state) => state,
        Err(figure) => return figure,
    };
    let mut value = Interval::exact(total) + state;
    // Only llama.cpp's handling of windows was seen in its logs; others may keep the whole context.
    if window.is_some() && !case.is_llama() {
        let full: Bytes = groups(shape, cells, None)
            .map(|group| group.bytes(kv))
            .sum();
        value.high = full + state.high;
        let formula = format_args!("{} + {}", full, state.high);
        trail.line("step.kv_full", formula, value.high, &[]);
    }
    trail.line("step.kv_cache", "", value, &[]);
    trail.known(value)
}

/// Layers whose state is a matrix per head (state-space, delta rule); short convolutions do not count.
pub(crate) fn recurrent_layers(shape: &Architecture) -> u32 {
    match shape.attention {
        Attention::Hybrid {
            full_layers,
            state_elements: Some(elements),
        } => {
            let without_cache = shape.layers.saturating_sub(full_layers);
            // Blocks that attend and recur in parallel (Falcon H1) all count.
            let stateful = if without_cache == 0 {
                shape.layers
            } else {
                without_cache
            };
            let convolutions = u64::from(stateful) * u64::from(shape.hidden) * 16;
            if elements > convolutions { stateful } else { 0 }
        }
        _ => 0,
    }
}

/// State of recurrent and convolution layers: four bytes an element, as llama.cpp keeps it.
fn constant_state(
    case: &Case,
    shape: &Architecture,
    trail: &mut Trail,
) -> Result<Interval<Bytes>, Figure<Bytes>> {
    match shape.attention {
        Attention::Hybrid {
            state_elements: Some(elements),
            ..
        } => {
            let bytes = Bytes::new(elements * 4);
            let formula = format_args!("{elements} x 4 B");
            trail.line("step.state", formula, bytes, &[]);
            Ok(Interval::exact(bytes))
        }
        Attention::Hybrid { full_layers, .. } => {
            if shape.layers < full_layers {
                return Err(case.detail.unknown("unknown.architecture", &case.model.id));
            }
            // Short convolutions keep 2 values a channel, state-space layers up to 256: the end of the interval.
            let channels = u64::from(shape.layers - full_layers) * u64::from(shape.hidden);
            let state = Interval {
                low: Bytes::new(channels * 2 * 4),
                likely: Bytes::new(channels * 2 * 4),
                high: Bytes::new(channels * 256 * 4),
            };
            let formula = format_args!(
                "{} x {} x (2 – 256) x 4 B",
                shape.layers - full_layers,
                shape.hidden
            );
            trail.line("step.state", formula, state, &[]);
            Ok(state)
        }
        _ => Ok(Interval::exact(Bytes::new(0))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_padded_with_one_batch() {
        // Gemma 3 1B at 8192 and ubatch 512: 1024 cells a local layer.
        assert_eq!(window_cells(512, 512, 8192), 1024);
        assert_eq!(window_cells(512, 128, 8192), 768);
        assert_eq!(window_cells(4096, 512, 2048), 2048);
    }

    #[test]
    fn block_types_carry_their_scales() {
        assert_eq!(stored(KvType::F16, 256), 512);
        assert_eq!(stored(KvType::Q8_0, 256), 272);
        assert_eq!(stored(KvType::Q4_0, 256), 144);
    }
}
