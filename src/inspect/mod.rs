//! What llama.cpp would allocate for a GGUF file under given settings. Adds up; reads no file, charges no phone.

mod config;
mod import;
#[cfg(test)]
mod inspect_test;
mod json;
mod text;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::estimate::llama::cache::{Caches, caches};
use crate::estimate::llama::decoder::Decoder;
use crate::estimate::llama::placement::{self, Placement, Processor, Target};
use crate::estimate::llama::reading::{self, NoDecoder};
use crate::estimate::llama::run::Run;
use crate::estimate::llama::{Place, compute_bytes, output_bytes};
use crate::gguf::{Header, Kind, Stored};

pub use self::import::{Imported, record};

/// What runs the blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// The CPU.
    Cpu,
    /// Apple's GPU, which reads the mapping itself.
    Metal,
    /// Adreno by `OpenCL`.
    OpenCl,
    /// A GPU by Vulkan.
    Vulkan,
    /// Qualcomm's NPU.
    Hexagon,
}

impl Backend {
    /// As on the command line.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Metal => "metal",
            Self::OpenCl => "opencl",
            Self::Vulkan => "vulkan",
            Self::Hexagon => "hexagon",
        }
    }
}

/// How the file is to be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Settings of the context.
    pub run: Run,
    /// What runs the blocks.
    pub backend: Backend,
    /// Which CPU, for what is repacked.
    pub processor: Processor,
    /// Whether the CPU repacks.
    pub repack: bool,
    /// Whether the file is mapped.
    pub mmap: bool,
}

/// Tensors of one storage type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The type.
    pub kind: Kind,
    /// Tensors.
    pub tensors: u64,
    /// Elements.
    pub elements: u64,
    /// Bytes.
    pub bytes: u64,
}

/// What is allocated beside the weights; known for architectures whose graph is replayed.
#[derive(Debug, Clone, PartialEq)]
pub struct Context {
    /// The decoder.
    pub decoder: Decoder,
    /// Caches and state.
    pub caches: Caches,
    /// Compute buffer of what runs the blocks; `None` where its allocator is not replayed (Hexagon).
    pub compute: Option<u64>,
    /// Compute buffer on the host, where a GPU runs the blocks.
    pub host_compute: Option<u64>,
    /// Logits.
    pub output: u64,
}

/// A file and what it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspection {
    /// `general.architecture`.
    pub architecture: Option<String>,
    /// `general.name`.
    pub name: Option<String>,
    /// Tokens, where the file holds a vocabulary and no weights.
    pub vocabulary: Option<u64>,
    /// Elements of all tensors.
    pub parameters: u64,
    /// Bytes of all tensors.
    pub weights: u64,
    /// Bytes of all parts of the file.
    pub file: u64,
    /// Parts of the file.
    pub parts: u16,
    /// Storage types, largest first.
    pub mix: Vec<Share>,
    /// Where the weights go.
    pub placement: Placement,
    /// How it is run.
    pub setting: Setting,
    /// Caches and buffers, or why they are not known.
    pub context: Result<Context, NoDecoder>,
}

/// Adds up what `header` takes under `setting`.
#[must_use]
pub fn inspect(header: &Header, setting: Setting) -> Inspection {
    let architecture = header.text("general.architecture");
    let target = match setting.backend {
        Backend::Cpu => Target::Cpu {
            processor: setting.processor,
            repack: setting.repack,
        },
        Backend::Metal => Target::Gpu { shares: true },
        Backend::OpenCl | Backend::Vulkan => Target::Gpu { shares: false },
        Backend::Hexagon => Target::Hexagon,
    };
    let output_first = architecture.is_some_and(placement::asks_output_first);
    let mix = mix(header);
    Inspection {
        architecture: architecture.map(str::to_owned),
        name: header.text("general.name").map(str::to_owned),
        vocabulary: header.vocabulary_alone(),
        parameters: mix
            .iter()
            .fold(0, |sum: u64, it| sum.saturating_add(it.elements)),
        weights: mix
            .iter()
            .fold(0, |sum: u64, it| sum.saturating_add(it.bytes)),
        file: header.bytes,
        parts: header.parts,
        mix,
        placement: placement::placed(&loaded(header), target, setting.mmap, output_first),
        setting,
        context: reading::decoder(header).map(|decoder| context(decoder, setting)),
    }
}

/// The tensors that are loaded. Blocks behind the last that only help to predict further tokens are left in the file.
fn loaded(header: &Header) -> Cow<'_, [Stored]> {
    let architecture = header.text("general.architecture").unwrap_or_default();
    let number = |key: &str| header.whole(&format!("{architecture}.{key}"));
    match (number("block_count"), number("nextn_predict_layers")) {
        (Some(blocks), Some(extra)) if extra > 0 => {
            let blocks = blocks.saturating_sub(extra);
            let tensors = header.tensors.iter();
            tensors
                .filter(|it| it.shaped.block().is_none_or(|at| at < blocks))
                .cloned()
                .collect::<Vec<_>>()
                .into()
        }
        _ => Cow::Borrowed(&header.tensors),
    }
}

fn context(decoder: Decoder, setting: Setting) -> Context {
    let run = &setting.run;
    let (compute, host_compute) = match setting.backend {
        Backend::Cpu => (Some(compute_bytes(&decoder, run, Place::Cpu)), None),
        Backend::Hexagon => (None, None),
        Backend::Metal | Backend::OpenCl | Backend::Vulkan => (
            Some(compute_bytes(&decoder, run, Place::Device)),
            Some(compute_bytes(&decoder, run, Place::Host)),
        ),
    };
    Context {
        caches: caches(&decoder, run),
        compute,
        host_compute,
        output: output_bytes(&decoder, run),
        decoder,
    }
}

fn mix(header: &Header) -> Vec<Share> {
    let mut shares: BTreeMap<Kind, Share> = BTreeMap::new();
    for tensor in &header.tensors {
        let share = shares.entry(tensor.kind).or_insert(Share {
            kind: tensor.kind,
            tensors: 0,
            elements: 0,
            bytes: 0,
        });
        share.tensors += 1;
        share.elements = share.elements.saturating_add(tensor.shaped.elements());
        share.bytes = share.bytes.saturating_add(tensor.bytes());
    }
    let mut shares: Vec<Share> = shares.into_values().collect();
    shares.sort_by(|a, b| b.bytes.cmp(&a.bytes).then(a.kind.cmp(&b.kind)));
    shares
}

impl Inspection {
    /// Bits per element over all tensors.
    #[must_use]
    pub fn bits_per_weight(&self) -> f64 {
        if self.parameters == 0 {
            return 0.0;
        }
        self.weights as f64 * 8.0 / self.parameters as f64
    }

    /// Whether llama.cpp refuses to store keys and values differently, as where the cache holds compressed vectors that
    /// are both.
    #[must_use]
    pub fn needs_one_cache_type(&self) -> bool {
        self.context.as_ref().is_ok_and(|context| {
            let layers = &context.decoder.layers;
            let mut heads = layers.iter().filter_map(|it| it.mixer.attention());
            heads.any(|it| it.latent.is_some_and(|latent| latent.absorbed))
        })
    }

    /// All buffers that llama.cpp logs; `None` where one is not known.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        let context = self.context.as_ref().ok()?;
        let parts = [
            self.placement.total(),
            context.caches.keys_and_values(),
            context.caches.state,
            context.compute?,
            context.host_compute.unwrap_or(0),
            context.output,
        ];
        Some(
            parts
                .iter()
                .fold(0, |sum: u64, part| sum.saturating_add(*part)),
        )
    }
}
