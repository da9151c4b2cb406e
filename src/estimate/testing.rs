//! Catalogs of one of everything, for tests of the arithmetic.

use super::calibration::Constants;
use super::case::Case;
use super::trail::Detail;
use super::types::{KvType, Load, Phone, Settings, Stack};
use crate::catalog::types::{
    Architecture, Artifact, ArtifactIx, Attention, Backend, BackendIx, BackendKind, Bilingual,
    Calibration, Catalog, Format, Metric, Model, ModelIx, Origin, Platform, PlatformIx,
    QuantFamily, QuantIx, Quantization, Role, Runtime, RuntimeBackend, RuntimeIx, Soc, SocIx,
    Sourced, WeightResidency,
};
use crate::quantity::{Bytes, BytesPerSecond, Params, Tokens};

const AT: Origin = Origin {
    file: 0,
    start: 0,
    end: 0,
};

/// A figure of no particular source.
pub(crate) fn sourced<T>(value: T) -> Sourced<T> {
    Sourced {
        value,
        sources: Vec::new(),
        at: AT,
    }
}

/// A catalog with one record of each kind, and a stack on it.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) catalog: Catalog,
    pub(crate) stack: Stack,
    pub(crate) phone: Phone,
    pub(crate) load: Load,
}

impl World {
    /// The stack as a case, with its derivations.
    pub(crate) fn case<'a>(&'a self, constants: &'a Constants<'a>) -> Case<'a> {
        let detail = Detail::Derivation;
        Case::new(constants, &self.stack, &self.phone, &self.load, detail)
    }
}

/// Llama 3.2 1B's shape.
pub(crate) fn shape() -> Architecture {
    Architecture {
        layers: 16,
        hidden: 2048,
        ffn: 8192,
        heads: 32,
        kv_heads: 8,
        head_dim: 64,
        vocab: 128_256,
        tied: Some(true),
        attention: Attention::Full,
        moe: None,
        per_layer_embedding: None,
    }
}

/// Llama 3.2 1B Q4_K_M by llama.cpp on the CPU of a phone with 60 GB/s, weights in anonymous memory.
pub(crate) fn world() -> World {
    let settings = Settings {
        context: Tokens::new(4096),
        kv: KvType::F16,
        ubatch: 512,
        threads: 4,
        mmap: true,
        flash_attention: true,
    };
    World {
        catalog: Catalog {
            platforms: vec![platform()],
            backends: vec![backend()],
            runtimes: vec![runtime()],
            socs: vec![soc()],
            quantizations: vec![quantization()],
            models: vec![model()],
            artifacts: vec![artifact()],
            ..Catalog::default()
        },
        stack: Stack {
            model: ModelIx(0),
            artifact: ArtifactIx(0),
            runtime: RuntimeIx(0),
            backend: BackendIx(0),
            settings,
        },
        phone: Phone {
            platform: PlatformIx(0),
            ram_gib: 8,
            soc: Some(SocIx(0)),
            device: None,
        },
        load: Load {
            prompt: Tokens::new(1024),
            generate: Tokens::new(256),
        },
    }
}

fn platform() -> Platform {
    Platform {
        id: "android".into(),
        name: "Android".into(),
        default_os: 13.0,
        latest_os: 17.0,
        budgets: Vec::new(),
        entitlements: Vec::new(),
        app_baseline: sourced(Bytes::mib(230)),
        limits: Vec::new(),
        charges_clean_pages: false,
        sources: Vec::new(),
        at: AT,
    }
}

fn backend() -> Backend {
    Backend {
        id: "cpu".into(),
        name: "CPU".into(),
        kind: BackendKind::Cpu,
        platforms: vec![PlatformIx(0)],
        soc_vendors: Vec::new(),
        gpus: Vec::new(),
        max_allocation: None,
        runs_in_background: true,
        sources: Vec::new(),
        at: AT,
    }
}

fn runtime() -> Runtime {
    Runtime {
        id: "llama.cpp".into(),
        name: "llama.cpp".into(),
        aliases: Vec::new(),
        version: None,
        version_date: None,
        license: None,
        engine: None,
        deprecated: false,
        floors: Vec::new(),
        formats: vec![Format::Gguf],
        roles: vec![Role::Llm],
        families: Vec::new(),
        backends: vec![RuntimeBackend {
            backend: BackendIx(0),
            platform: PlatformIx(0),
            quantizations: Vec::new(),
            fast_quantizations: Vec::new(),
            residency: WeightResidency::Anonymous,
            repacks: Vec::new(),
            kv_types: vec!["f16".into(), "q8_0".into()],
            experimental: false,
            sources: Vec::new(),
            at: AT,
        }],
        uis: Vec::new(),
        dependencies: Vec::new(),
        features: Vec::new(),
        limits: Vec::new(),
        sources: Vec::new(),
        at: AT,
    }
}

/// A constant of every stack, or of one family.
pub(crate) fn constant(metric: Metric, likely: f64, family: Option<QuantFamily>) -> Calibration {
    Calibration {
        metric,
        runtime: None,
        backend: None,
        family,
        quant: None,
        model: None,
        soc: None,
        low: likely,
        likely,
        high: likely,
        n: 1,
        sources: Vec::new(),
        at: AT,
    }
}

/// A world whose backend was measured, with `more` constants.
pub(crate) fn measured(more: &[Calibration]) -> World {
    let mut world = world();
    for metric in [Metric::DecodeFactor, Metric::PrefillFactor] {
        let mean = constant(metric, -0.7, None);
        let backend = Calibration {
            backend: Some(world.stack.backend),
            likely: if metric == Metric::PrefillFactor {
                2.0
            } else {
                0.0
            },
            ..mean.clone()
        };
        world.catalog.calibrations.extend([mean, backend]);
    }
    world.catalog.calibrations.extend_from_slice(more);
    world
}

/// Whether two figures are the same to 2 %.
pub(crate) fn near(a: f64, b: f64) -> bool {
    (a / b - 1.0).abs() < 0.02
}

fn soc() -> Soc {
    Soc {
        id: "chip".into(),
        name: "Chip".into(),
        vendor: "Maker".into(),
        gpu: None,
        matrix_units: false,
        npu: None,
        bandwidth: Some(sourced(BytesPerSecond::new(60e9))),
        placed: None,
        memory_type: None,
        released: None,
        note: None,
        sources: Vec::new(),
        at: AT,
    }
}

fn quantization() -> Quantization {
    Quantization {
        id: "q4_k_m".into(),
        name: "Q4_K_M".into(),
        family: QuantFamily::KQuant,
        kernels_of: None,
        formats: vec![Format::Gguf],
        bits: sourced(4.85),
        kld: None,
        trained: false,
        summary: Bilingual {
            en: String::new(),
            zh: String::new(),
        },
        at: AT,
    }
}

fn model() -> Model {
    Model {
        id: "model".into(),
        name: "Model".into(),
        vendor: "Maker".into(),
        roles: vec![Role::Llm],
        system: false,
        family: "llama".into(),
        license: None,
        repo: None,
        released: None,
        params: Some(sourced(Params::new(1_235_814_432))),
        active_params: None,
        work: None,
        arch: Some(sourced(shape())),
        context: None,
        languages: None,
        capabilities: Vec::new(),
        streaming: None,
        embedding_dim: None,
        scores: Vec::new(),
        quality: None,
        role_quality: Vec::new(),
        note: None,
        sources: Vec::new(),
        at: AT,
    }
}

fn artifact() -> Artifact {
    Artifact {
        id: "model/gguf/q4_k_m".into(),
        model: ModelIx(0),
        quant: QuantIx(0),
        format: Format::Gguf,
        bytes: Some(sourced(Bytes::new(807_694_464))),
        exact: true,
        derivation: None,
        bundle: false,
        decoder: None,
        repo: None,
        file: None,
        sha256: None,
        socs: Vec::new(),
        at: AT,
    }
}
