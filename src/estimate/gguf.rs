//! How GGUF stores the tensors that are not in every block: embedding, output matrix, per-layer table.
//!
//! The rules are those of `llama_model_quantize` (ggml 0.26.0) without an importance matrix. Reads no file.

use crate::catalog::types::QuantFamily;

/// Bytes of one row of `elements` values in a storage type.
fn row_bytes(kind: Kind, elements: u64) -> u64 {
    let (block, bytes) = kind.block();
    elements.div_ceil(block) * bytes
}

/// Storage types that embeddings and output matrices come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    F32,
    F16,
    Q8_0,
    Q6K,
    Q5K,
    Q5_1,
    Q5_0,
    Q4K,
    Q4_1,
    Q4_0,
    Iq4Nl,
    Iq4Xs,
    Iq3S,
    Q3K,
    Q2K,
}

impl Kind {
    /// Elements and bytes of a block.
    const fn block(self) -> (u64, u64) {
        match self {
            Self::F32 => (1, 4),
            Self::F16 => (1, 2),
            Self::Q8_0 => (32, 34),
            Self::Q6K => (256, 210),
            Self::Q5K => (256, 176),
            Self::Q5_1 => (32, 24),
            Self::Q5_0 => (32, 22),
            Self::Q4K => (256, 144),
            Self::Q4_1 => (32, 20),
            Self::Q4_0 | Self::Iq4Nl => (32, 18),
            Self::Iq4Xs => (256, 136),
            Self::Iq3S | Self::Q3K => (256, 110),
            Self::Q2K => (256, 84),
        }
    }

    /// What the quantiser takes instead when a row is no multiple of 256. Embedding and output matrices
    /// of the K family fall back to `Q8_0`.
    const fn for_row(self, row: u64) -> Self {
        let whole = row.is_multiple_of(256);
        match self {
            Self::Q6K | Self::Q5K | Self::Q4K | Self::Q3K | Self::Q2K if !whole => Self::Q8_0,
            Self::Iq4Xs | Self::Iq3S if !whole => Self::Iq4Nl,
            kind => kind,
        }
    }
}

/// Type of most block weights and of the output matrix, by the catalog's quantization id.
fn kinds(quant: &str) -> Option<(Kind, Kind)> {
    Some(match quant {
        "f32" => (Kind::F32, Kind::F32),
        "f16" | "bf16" => (Kind::F16, Kind::F16),
        "q8_0" | "mxfp4" => (Kind::Q8_0, Kind::Q8_0),
        "q6_k" => (Kind::Q6K, Kind::Q6K),
        "q5_k_m" | "q5_k_s" => (Kind::Q5K, Kind::Q6K),
        "q5_1" => (Kind::Q5_1, Kind::Q6K),
        "q5_0" => (Kind::Q5_0, Kind::Q6K),
        "q4_k_m" | "q4_k_s" => (Kind::Q4K, Kind::Q6K),
        "q4_1" => (Kind::Q4_1, Kind::Q6K),
        "q4_0" => (Kind::Q4_0, Kind::Q6K),
        "iq4_nl" => (Kind::Iq4Nl, Kind::Q6K),
        "iq4_xs" => (Kind::Iq4Xs, Kind::Q6K),
        "iq3_s" | "iq3_m" | "iq3_xs" => (Kind::Iq3S, Kind::Q6K),
        "iq2_s" | "iq2_m" => (Kind::Iq3S, Kind::Q5K),
        "iq2_xxs" | "iq2_xs" | "iq1_s" | "iq1_m" => (Kind::Q2K, Kind::Q5K),
        "iq3_xxs" => (Kind::Iq3S, Kind::Q5K),
        "q3_k_s" | "q3_k_m" | "q3_k_l" => (Kind::Q3K, Kind::Q6K),
        "q2_k" | "q2_k_s" => (Kind::Q2K, Kind::Q6K),
        _ => return None,
    })
}

/// Bytes of `rows` x `width` embedding weights: the output type when tied, the base type otherwise.
/// `None` for a quantization whose rules are not known here.
pub(crate) fn embedding_bytes(quant: &str, tied: bool, width: u64, rows: u64) -> Option<u64> {
    let (base, output) = kinds(quant)?;
    let kind = if tied { output } else { base };
    Some(row_bytes(kind.for_row(width), width) * rows)
}

/// The kernel family of the output matrix (the tied embedding where there is no other).
pub(crate) fn output_family(quant: &str, width: u64) -> Option<QuantFamily> {
    let (_, output) = kinds(quant)?;
    Some(match output.for_row(width) {
        Kind::F32 | Kind::F16 => QuantFamily::Float,
        Kind::Q8_0 => QuantFamily::Int8,
        Kind::Q6K | Kind::Q5K | Kind::Q4K => QuantFamily::KQuant,
        Kind::Q3K | Kind::Q2K | Kind::Iq3S => QuantFamily::SubFour,
        Kind::Iq4Xs => QuantFamily::Iq4,
        Kind::Q5_1 | Kind::Q5_0 | Kind::Q4_1 | Kind::Q4_0 | Kind::Iq4Nl => QuantFamily::Legacy4,
    })
}

/// Bytes of a separate output matrix.
pub(crate) fn output_bytes(quant: &str, width: u64, rows: u64) -> Option<u64> {
    let (_, output) = kinds(quant)?;
    Some(row_bytes(output.for_row(width), width) * rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: f64 = 1_048_576.0;

    #[test]
    fn tied_embedding_of_a_k_quant_is_six_bit() {
        // Llama 3.2 1B: 128256 rows of 2048 in Q6_K.
        let bytes = embedding_bytes("q4_k_m", true, 2048, 128_256);
        assert_eq!(bytes, Some(128_256 * 2048 / 256 * 210));
    }

    #[test]
    fn rows_that_do_not_fill_a_block_fall_back() {
        // Gemma 3 270M: 640 is no multiple of 256; its embedding is 178 of 235 MiB.
        let bytes = embedding_bytes("q4_k_m", true, 640, 262_144).map(|b| b as f64 / MIB);
        assert_eq!(bytes, Some(170.0));
    }

    #[test]
    fn untied_embedding_takes_the_base_type() {
        let embedding = embedding_bytes("q4_k_m", false, 4096, 128_256);
        let output = output_bytes("q4_k_m", 4096, 128_256);
        assert_eq!(embedding, Some(128_256 * 4096 / 256 * 144));
        assert_eq!(output, Some(128_256 * 4096 / 256 * 210));
    }

    #[test]
    fn unknown_mixes_are_unknown() {
        assert_eq!(embedding_bytes("mlx-4bit", true, 2048, 1000), None);
    }
}
