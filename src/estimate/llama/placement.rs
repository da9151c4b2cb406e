//! Where llama.cpp puts the bytes of a file: mapped, copied, repacked, on the GPU. Charges nothing.

use crate::gguf::Kind;
use crate::gguf::Stored;

/// The processor whose kernels decide what is repacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Processor {
    /// x86-64 with AVX2.
    Avx2,
    /// x86-64 with AVX-512.
    Avx512,
    /// Arm with dot products or 8-bit matrix products (all phones since 2018).
    Arm,
}

/// What runs the blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// The CPU; `repack` copies matrices into the layout of its kernels.
    Cpu {
        /// Which kernels.
        processor: Processor,
        /// Whether they are used (llama.cpp's default).
        repack: bool,
    },
    /// Qualcomm's NPU, which takes matrices of the types its kernels know; the CPU keeps the rest.
    Hexagon,
    /// A GPU with all blocks on it. With `shares`, it reads the mapping itself (Metal).
    Gpu {
        /// Reads the mapped file in place.
        shares: bool,
    },
}

/// Bytes of a model by buffer, as llama.cpp logs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Placement {
    /// `CPU_Mapped`: the span of the file from the first to the last tensor that stays there.
    pub mapped: u64,
    /// `CPU`: read into memory of the process.
    pub cpu: u64,
    /// `CPU_REPACK`: copied into the layout of the kernels.
    pub repacked: u64,
    /// The GPU's buffer: a copy, or the span it maps.
    pub device: u64,
}

impl Placement {
    /// All buffers.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.mapped
            .saturating_add(self.cpu)
            .saturating_add(self.repacked)
            .saturating_add(self.device)
    }
}

/// The rows a kernel takes at a time, for types that `processor` repacks.
const fn interleave(processor: Processor, kind: Kind) -> Option<u64> {
    match (processor, kind) {
        (
            Processor::Avx2 | Processor::Avx512,
            Kind::Q4_0 | Kind::Q4K | Kind::Iq4Nl | Kind::Mxfp4,
        )
        | (Processor::Avx512, Kind::Q2K)
        | (Processor::Arm, Kind::Q4K | Kind::Q5K | Kind::Q6K) => Some(8),
        (Processor::Arm, Kind::Q4_0 | Kind::Iq4Nl | Kind::Mxfp4 | Kind::Q8_0) => Some(4),
        _ => None,
    }
}

/// Whether the tensor is a matrix that activations are multiplied by. Rows of embeddings are looked up.
fn is_multiplied(tensor: &Stored) -> bool {
    let name = tensor.shaped.name.as_str();
    let dimensions = tensor.shaped.dimensions();
    let experts = name.contains("_exps.");
    let looked_up = matches!(name, "token_embd.weight" | "per_layer_token_embd.weight");
    let small = ["_norm.", "conv1d", "shortconv.conv", "rope_"];
    name.ends_with(".weight")
        && !looked_up
        && !small.iter().any(|part| name.contains(part))
        && (dimensions == 2 || (dimensions == 3 && experts))
}

/// Whether the embedding's rows serve as output matrix.
#[must_use]
pub fn is_tied(tensors: &[Stored]) -> bool {
    !tensors.iter().any(|it| it.shaped.name == "output.weight")
}

/// Whether llama.cpp's loader of an architecture asks for the output matrix before the embedding: without a mapping, a
/// matrix that is both is then read twice.
#[must_use]
pub fn asks_output_first(architecture: &str) -> bool {
    matches!(architecture, "gemma3n" | "gemma4")
}

/// Bytes of each buffer for `tensors` on `target`; with `mmap`, what is not copied stays in the mapping.
/// `output_first`: see [`asks_output_first`].
#[must_use]
pub fn placed(tensors: &[Stored], target: Target, mmap: bool, output_first: bool) -> Placement {
    let tied = is_tied(tensors);
    let mut placement = Placement::default();
    let mut stays: Vec<&Stored> = Vec::new();
    let mut moved: Vec<&Stored> = Vec::new();
    for tensor in tensors {
        let name = tensor.shaped.name.as_str();
        match target {
            Target::Cpu { processor, repack } => {
                let repacked = repack
                    && is_multiplied(tensor)
                    && interleave(processor, tensor.kind)
                        .is_some_and(|rows| tensor.shaped.axes[1].is_multiple_of(rows));
                let into = if repacked { &mut moved } else { &mut stays };
                into.push(tensor);
                if tied && name == "token_embd.weight" {
                    let again = repack
                        && interleave(processor, tensor.kind)
                            .is_some_and(|rows| tensor.shaped.axes[1].is_multiple_of(rows));
                    // The embedding stays for its rows; as output matrix it is repacked once more, or, where the
                    // loader asks for the output first, read once more.
                    if again {
                        moved.push(tensor);
                    } else if output_first && !mmap {
                        stays.push(tensor);
                    }
                }
            }
            Target::Hexagon => {
                let takes = matches!(tensor.kind, Kind::Q4_0 | Kind::Q8_0 | Kind::Mxfp4);
                let into = if takes && is_multiplied(tensor) {
                    &mut moved
                } else {
                    &mut stays
                };
                into.push(tensor);
            }
            Target::Gpu { .. } => {
                let host = matches!(name, "token_embd.weight" | "per_layer_token_embd.weight");
                let into = if host { &mut stays } else { &mut moved };
                into.push(tensor);
                if tied && name == "token_embd.weight" {
                    moved.push(tensor);
                }
            }
        }
    }
    if mmap {
        placement.mapped = span(&stays);
    } else {
        placement.cpu = sum(&stays);
    }
    match target {
        Target::Cpu { .. } => placement.repacked = sum(&moved),
        Target::Gpu { shares } if shares && mmap => placement.device = span(&moved),
        Target::Gpu { .. } | Target::Hexagon => placement.device = sum(&moved),
    }
    placement
}

/// Bytes from the first to the last of `tensors`, file by file.
fn span(tensors: &[&Stored]) -> u64 {
    let mut files: Vec<(u16, u64, u64)> = Vec::new();
    for tensor in tensors {
        let (start, end) = (tensor.offset, tensor.offset.saturating_add(tensor.bytes()));
        match files.iter_mut().find(|file| file.0 == tensor.file) {
            Some(file) => {
                file.1 = file.1.min(start);
                file.2 = file.2.max(end);
            }
            None => files.push((tensor.file, start, end)),
        }
    }
    files.iter().fold(0, |total: u64, (_, start, end)| {
        total.saturating_add(end - start)
    })
}

/// Bytes of `tensors` one after the other.
fn sum(tensors: &[&Stored]) -> u64 {
    tensors.iter().fold(0, |total: u64, tensor| {
        let padded = tensor.bytes().div_ceil(32).saturating_mul(32);
        total.saturating_add(padded)
    })
}
