//! What llama.cpp allocates for caches and carried states. Charges and judges nothing.

use super::decoder::{Attention, Decoder, Reads};
use super::run::Run;

/// Bytes of one model's caches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Caches {
    /// The cache of layers that keep the whole context.
    pub full: u64,
    /// The second cache, of layers that keep a window; 0 where there is none.
    pub windowed: u64,
    /// State of recurrent and convolution layers.
    pub state: u64,
    /// Cells of a full layer, over all sequences.
    pub cells: u64,
    /// Cells of a windowed layer, over all sequences.
    pub window_cells: u64,
    /// Layers with a full cache.
    pub full_layers: u64,
    /// Layers with a windowed cache.
    pub windowed_layers: u64,
    /// Layers with a state.
    pub state_layers: u64,
}

impl Caches {
    /// Keys and values over all layers.
    #[must_use]
    pub const fn keys_and_values(&self) -> u64 {
        self.full.saturating_add(self.windowed)
    }
}

/// Bytes of one layer for `cells`: rows of keys and, but for latent attention, of values.
fn layer_bytes(decoder: &Decoder, attention: &Attention, run: &Run, cells: u64) -> u64 {
    let keys = run
        .keys
        .row_bytes(attention.kv_heads.saturating_mul(attention.key));
    let latent = attention.latent.is_some_and(|latent| latent.absorbed);
    // Without flash attention values are stored transposed, all layers as wide as the widest.
    let width = if run.flash {
        attention.kv_heads.saturating_mul(attention.value)
    } else {
        decoder.widest_value()
    };
    let values = if latent {
        0
    } else {
        run.values.row_bytes(width)
    };
    keys.saturating_add(values)
        .saturating_mul(cells)
        .saturating_mul(run.streams())
}

/// The caches of `decoder` under `run`.
#[must_use]
pub fn caches(decoder: &Decoder, run: &Run) -> Caches {
    if decoder.habits.reads == Reads::Batch {
        return Caches::default();
    }
    let cells = run.cells();
    let window_cells = decoder.window.map_or(cells, |it| run.window_cells(it));
    let mut caches = Caches {
        cells: cells.saturating_mul(run.streams()),
        window_cells: window_cells.saturating_mul(run.streams()),
        ..Caches::default()
    };
    let stateless = !decoder.recurs();
    for layer in &decoder.layers {
        // The cache has a place for every block of a decoder without state; padded values take it up even where a
        // block does not attend (Nemotron 51B).
        if stateless && !run.flash && layer.mixer.attention().is_none() {
            let bytes = layer_bytes(decoder, &Attention::default(), run, cells);
            caches.full = caches.full.saturating_add(bytes);
        }
        if let Some(attention) = layer.mixer.attention().filter(|it| it.caches) {
            if decoder.window.is_some() && attention.windowed {
                let bytes = layer_bytes(decoder, attention, run, window_cells);
                caches.windowed = caches.windowed.saturating_add(bytes);
                caches.windowed_layers += 1;
            } else {
                let bytes = layer_bytes(decoder, attention, run, cells);
                caches.full = caches.full.saturating_add(bytes);
                caches.full_layers += 1;
            }
        }
        if let Some(recurrent) = layer.mixer.recurrent() {
            let elements = recurrent
                .convolution_state()
                .saturating_add(recurrent.carried_state());
            let bytes = elements.saturating_mul(4 * run.sequences.max(1));
            caches.state = caches.state.saturating_add(bytes);
            caches.state_layers += 1;
        }
    }
    caches
}
