//! The storage types of ggml (ggml 0.26.0): number, name, block. Knows no tensor.

use std::fmt::{self, Display, Formatter};

/// How the elements of a tensor are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are ggml's own")]
pub enum Kind {
    F32,
    F16,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q8_1,
    Q2K,
    Q3K,
    Q4K,
    Q5K,
    Q6K,
    Q8K,
    Iq2Xxs,
    Iq2Xs,
    Iq3Xxs,
    Iq1S,
    Iq4Nl,
    Iq3S,
    Iq2S,
    Iq4Xs,
    I8,
    I16,
    I32,
    I64,
    F64,
    Iq1M,
    Bf16,
    Tq1_0,
    Tq2_0,
    Mxfp4,
    Nvfp4,
    Q1_0,
    Q2_0,
}

/// Number in GGUF, name, elements and bytes of a block.
const TABLE: [(Kind, u32, &str, u64, u64); 35] = [
    (Kind::F32, 0, "F32", 1, 4),
    (Kind::F16, 1, "F16", 1, 2),
    (Kind::Q4_0, 2, "Q4_0", 32, 18),
    (Kind::Q4_1, 3, "Q4_1", 32, 20),
    (Kind::Q5_0, 6, "Q5_0", 32, 22),
    (Kind::Q5_1, 7, "Q5_1", 32, 24),
    (Kind::Q8_0, 8, "Q8_0", 32, 34),
    (Kind::Q8_1, 9, "Q8_1", 32, 36),
    (Kind::Q2K, 10, "Q2_K", 256, 84),
    (Kind::Q3K, 11, "Q3_K", 256, 110),
    (Kind::Q4K, 12, "Q4_K", 256, 144),
    (Kind::Q5K, 13, "Q5_K", 256, 176),
    (Kind::Q6K, 14, "Q6_K", 256, 210),
    (Kind::Q8K, 15, "Q8_K", 256, 292),
    (Kind::Iq2Xxs, 16, "IQ2_XXS", 256, 66),
    (Kind::Iq2Xs, 17, "IQ2_XS", 256, 74),
    (Kind::Iq3Xxs, 18, "IQ3_XXS", 256, 98),
    (Kind::Iq1S, 19, "IQ1_S", 256, 50),
    (Kind::Iq4Nl, 20, "IQ4_NL", 32, 18),
    (Kind::Iq3S, 21, "IQ3_S", 256, 110),
    (Kind::Iq2S, 22, "IQ2_S", 256, 82),
    (Kind::Iq4Xs, 23, "IQ4_XS", 256, 136),
    (Kind::I8, 24, "I8", 1, 1),
    (Kind::I16, 25, "I16", 1, 2),
    (Kind::I32, 26, "I32", 1, 4),
    (Kind::I64, 27, "I64", 1, 8),
    (Kind::F64, 28, "F64", 1, 8),
    (Kind::Iq1M, 29, "IQ1_M", 256, 56),
    (Kind::Bf16, 30, "BF16", 1, 2),
    (Kind::Tq1_0, 34, "TQ1_0", 256, 54),
    (Kind::Tq2_0, 35, "TQ2_0", 256, 66),
    (Kind::Mxfp4, 39, "MXFP4", 32, 17),
    (Kind::Nvfp4, 40, "NVFP4", 64, 36),
    (Kind::Q1_0, 41, "Q1_0", 128, 18),
    (Kind::Q2_0, 42, "Q2_0", 64, 18),
];

impl Kind {
    /// All types, in the order of their numbers.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.0)
    }

    const fn row(self) -> &'static (Self, u32, &'static str, u64, u64) {
        &TABLE[self as usize]
    }

    /// The type of a number as GGUF writes it; `None` for numbers that were withdrawn or are not known here.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        TABLE.iter().find(|row| row.1 == number).map(|row| row.0)
    }

    /// The type of a name in any case: `q4_K`, `f16`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        TABLE
            .iter()
            .find(|row| row.2.eq_ignore_ascii_case(name))
            .map(|row| row.0)
    }

    /// The number in GGUF.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.row().1
    }

    /// As ggml writes it, in capitals.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().2
    }

    /// Elements of a block.
    #[must_use]
    pub const fn block(self) -> u64 {
        self.row().3
    }

    /// Bytes of a block, scales included.
    #[must_use]
    pub const fn block_bytes(self) -> u64 {
        self.row().4
    }

    /// Whether a block holds more than one element.
    #[must_use]
    pub const fn is_quantized(self) -> bool {
        self.block() > 1
    }

    /// Bytes of a row of `elements`; what does not fill a block still takes one.
    #[must_use]
    pub const fn row_bytes(self, elements: u64) -> u64 {
        elements
            .div_ceil(self.block())
            .saturating_mul(self.block_bytes())
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_names() {
        for kind in Kind::all() {
            assert_eq!(kind.row().0, kind);
            assert_eq!(Kind::from_number(kind.number()), Some(kind));
            assert_eq!(Kind::from_name(kind.name()), Some(kind));
        }
    }

    #[test]
    fn scales_count() {
        assert_eq!(Kind::Q8_0.row_bytes(256), 272);
        assert_eq!(Kind::Q4_0.row_bytes(256), 144);
        assert_eq!(Kind::Q6K.row_bytes(2048), 1680);
    }
}
