//! The tensors of a GGUF file: names, shapes, types, places. Reads no file.

use super::Kind;

/// A tensor without a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shaped {
    /// As in the file: `blk.0.attn_q.weight`.
    pub name: String,
    /// Elements along the four axes, the first one contiguous; 1 where there are fewer.
    pub axes: [u64; 4],
}

impl Shaped {
    /// Axes that are longer than 1, the first always counted.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.axes
            .iter()
            .rposition(|&axis| axis > 1)
            .map_or(1, |at| at + 1)
    }

    /// Elements.
    #[must_use]
    pub fn elements(&self) -> u64 {
        self.axes
            .iter()
            .fold(1, |product: u64, &axis| product.saturating_mul(axis))
    }

    /// The block it belongs to, if any.
    #[must_use]
    pub fn block(&self) -> Option<u64> {
        let (number, _) = self.name.strip_prefix("blk.")?.split_once('.')?;
        number.parse().ok()
    }
}

/// A tensor as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Name and shape.
    pub shaped: Shaped,
    /// How its elements are stored.
    pub kind: Kind,
    /// Bytes from the start of the data of its file.
    pub offset: u64,
    /// Which file of a split model, from 0.
    pub file: u16,
}

impl Stored {
    /// Bytes of its data, without padding.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let axes = self.shaped.axes;
        self.kind
            .row_bytes(axes[0])
            .saturating_mul(axes[1])
            .saturating_mul(axes[2])
            .saturating_mul(axes[3])
    }
}

/// Bytes between tensors of a file, where it does not say.
pub const ALIGNMENT: u64 = 32;

/// Lays `shaped` tensors of `kinds` out one after the other, as a writer does.
#[must_use]
pub fn laid_out(shaped: Vec<Shaped>, kinds: &[Kind]) -> Vec<Stored> {
    let mut offset: u64 = 0;
    shaped
        .into_iter()
        .zip(kinds)
        .map(|(shaped, &kind)| {
            let tensor = Stored {
                shaped,
                kind,
                offset,
                file: 0,
            };
            let end = offset.saturating_add(tensor.bytes());
            offset = end.div_ceil(ALIGNMENT).saturating_mul(ALIGNMENT);
            tensor
        })
        .collect()
}
