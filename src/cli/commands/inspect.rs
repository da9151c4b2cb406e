//! `edgeplanc inspect`: what llama.cpp would allocate for a GGUF file, buffer by buffer.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::cli::format::Format;
use crate::cli::models;
use crate::diagnostic::Text;
use crate::estimate::llama::placement::Processor;
use crate::estimate::llama::run::Run;
use crate::gguf::Kind;
use crate::inspect::{self, Backend, Setting};

/// Say what a GGUF file holds and what llama.cpp would allocate for it
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// The file, or any part of a split one; only its header is read
    file: PathBuf,
    /// Context over all sequences, in tokens
    #[arg(long, value_name = "TOKENS", default_value_t = 4096, value_parser = tokens)]
    context: u64,
    /// Storage of keys and values: f32, f16, bf16, q8_0, q5_1, q5_0, q4_1, q4_0, iq4_nl
    #[arg(long, value_name = "TYPE", default_value = "f16", value_parser = cache_kind)]
    kv: Kind,
    /// Storage of keys alone
    #[arg(long, value_name = "TYPE", value_parser = cache_kind)]
    kv_k: Option<Kind>,
    /// Storage of values alone
    #[arg(long, value_name = "TYPE", value_parser = cache_kind)]
    kv_v: Option<Kind>,
    /// Tokens of a logical batch
    #[arg(long, value_name = "TOKENS", default_value_t = 2048, value_parser = tokens)]
    batch: u64,
    /// Tokens of a physical batch
    #[arg(long, value_name = "TOKENS", default_value_t = 512, value_parser = tokens)]
    ubatch: u64,
    /// Tokens of a batch that may ask for logits [default: all]
    #[arg(long, value_name = "N", value_parser = tokens)]
    outputs: Option<u64>,
    /// Sequences side by side
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = sequences)]
    sequences: u64,
    /// Flash attention; `auto` is on, as llama.cpp turns it on wherever the backend can
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    flash_attn: Flash,
    /// Windowed layers keep the whole context
    #[arg(long)]
    swa_full: bool,
    /// All sequences share one cache
    #[arg(long)]
    kv_unified: bool,
    /// What runs the blocks
    #[arg(long, value_enum, value_name = "BACKEND", default_value_t)]
    runtime_backend: RuntimeBackend,
    /// The CPU, which decides what is repacked
    #[arg(long, value_enum, value_name = "CPU", default_value_t)]
    processor: Cpu,
    /// Do not copy weights into the layout of the CPU's kernels
    #[arg(long)]
    no_repack: bool,
    /// Read the file into memory instead of mapping it
    #[arg(long)]
    no_mmap: bool,
    /// Format of the answer
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,
}

/// Whether attention is fused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Flash {
    /// Wherever the backend can
    #[default]
    Auto,
    /// Always
    On,
    /// Never
    Off,
}

/// What runs the blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum RuntimeBackend {
    /// The CPU
    #[default]
    Cpu,
    /// Apple's GPU
    Metal,
    /// Adreno by OpenCL
    Opencl,
    /// A GPU by Vulkan
    Vulkan,
    /// Qualcomm's NPU
    Hexagon,
}

/// A CPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Cpu {
    /// Arm with dot products, as in phones
    #[default]
    Arm,
    /// x86-64 with AVX2
    Avx2,
    /// x86-64 with AVX-512
    Avx512,
}

fn tokens(text: &str) -> Result<u64, String> {
    bounded(text, 1 << 26)
}

/// As many as llama.cpp takes.
fn sequences(text: &str) -> Result<u64, String> {
    bounded(text, 256)
}

fn bounded(text: &str, most: u64) -> Result<u64, String> {
    text.parse()
        .ok()
        .filter(|number| (1..=most).contains(number))
        .ok_or_else(|| format!("a whole number from 1 to {most}"))
}

fn cache_kind(text: &str) -> Result<Kind, String> {
    const CACHES: [Kind; 9] = [
        Kind::F32,
        Kind::F16,
        Kind::Bf16,
        Kind::Q8_0,
        Kind::Q5_1,
        Kind::Q5_0,
        Kind::Q4_1,
        Kind::Q4_0,
        Kind::Iq4Nl,
    ];
    Kind::from_name(text)
        .filter(|kind| CACHES.contains(kind))
        .ok_or_else(|| "one of f32, f16, bf16, q8_0, q5_1, q5_0, q4_1, q4_0, iq4_nl".to_owned())
}

impl Inspect {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let flash = self.flash_attn != Flash::Off;
        let values = self.kv_v.unwrap_or(self.kv);
        if !flash && values.is_quantized() {
            return Err(Failure::Said(
                Text::key("inspect.quantized_values").arg("kind", values.name()),
            ));
        }
        let header = models::header(&self.file, console)?;
        let setting = Setting {
            run: Run {
                context: self.context,
                batch: self.batch,
                ubatch: self.ubatch,
                outputs: self.outputs,
                sequences: self.sequences,
                unified: self.kv_unified,
                keys: self.kv_k.unwrap_or(self.kv),
                values,
                flash,
                full_windows: self.swa_full,
            },
            backend: match self.runtime_backend {
                RuntimeBackend::Cpu => Backend::Cpu,
                RuntimeBackend::Metal => Backend::Metal,
                RuntimeBackend::Opencl => Backend::OpenCl,
                RuntimeBackend::Vulkan => Backend::Vulkan,
                RuntimeBackend::Hexagon => Backend::Hexagon,
            },
            processor: match self.processor {
                Cpu::Arm => Processor::Arm,
                Cpu::Avx2 => Processor::Avx2,
                Cpu::Avx512 => Processor::Avx512,
            },
            repack: !self.no_repack,
            mmap: !self.no_mmap,
        };
        let inspection = inspect::inspect(&header, setting);
        let (keys, values) = (setting.run.keys, setting.run.values);
        if keys != values && inspection.needs_one_cache_type() {
            return Err(Failure::Said(
                Text::key("inspect.latent_types")
                    .arg("keys", keys.name())
                    .arg("values", values.name()),
            ));
        }
        let answer = match self.format {
            Format::Text => inspection.text(console.locale),
            Format::Json => format!("{:#}\n", inspection.json(console.locale)),
        };
        console.out(&answer)?;
        Ok(Exit::Done)
    }
}
