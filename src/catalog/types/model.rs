//! Models and their files.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Format, LicenseIx, ModelIx, Origin, QuantIx, Sha256, SocIx, SourceIx, Sourced};
use crate::quantity::{Bytes, Params, Tokens};

/// What a model does in a pipeline.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Speech to text.
    Asr,
    /// Text generation.
    Llm,
    /// Text to text in another language.
    Translate,
    /// Text to speech.
    Tts,
    /// Text to vector.
    Embed,
    /// Image and text to text.
    Vision,
    /// Image to text.
    Ocr,
}

impl Role {
    /// As written in specs and plans.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Asr => "asr",
            Self::Llm => "llm",
            Self::Translate => "translate",
            Self::Tts => "tts",
            Self::Embed => "embed",
            Self::Vision => "vision",
            Self::Ocr => "ocr",
        }
    }
}

/// How layers keep a cache.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attention {
    /// Every layer keeps the whole context.
    Full,
    /// Some layers keep only a window.
    Sliding {
        /// Tokens a local layer keeps.
        window: u64,
        /// Layers that keep the whole context and own a cache.
        global_layers: u32,
        /// Layers that keep the window and own a cache.
        local_layers: u32,
        /// KV heads of global layers, where they differ.
        global_kv_heads: Option<u32>,
        /// Head dimension of global layers, where it differs.
        global_head_dim: Option<u32>,
    },
    /// Some layers attend, the others carry a constant state.
    Hybrid {
        /// Layers with a KV cache.
        full_layers: u32,
        /// Elements of constant state over all other layers, where known.
        state_elements: Option<u64>,
    },
    /// Latent attention: one compressed vector per token and layer.
    Latent {
        /// Cached elements per token and layer.
        elements: u32,
    },
}

/// Mixture of experts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Moe {
    /// Experts per layer.
    pub experts: u32,
    /// Experts used per token.
    pub top_k: u32,
    /// Feed-forward size of one expert.
    pub expert_ffn: u32,
}

/// The shape of a decoder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Architecture {
    /// Blocks.
    pub layers: u32,
    /// Model width.
    pub hidden: u32,
    /// Feed-forward width.
    pub ffn: u32,
    /// Query heads.
    pub heads: u32,
    /// Key-value heads.
    pub kv_heads: u32,
    /// Width of one head.
    pub head_dim: u32,
    /// Vocabulary size.
    pub vocab: u32,
    /// Output matrix shared with the embedding, where known.
    pub tied: Option<bool>,
    /// How the cache grows.
    pub attention: Attention,
    /// Experts, if any.
    pub moe: Option<Moe>,
    /// Width of per-layer embeddings (Gemma 3n, 4), if any; their table has `vocab` rows per layer.
    pub per_layer_embedding: Option<u32>,
}

/// What a model can do, beyond its role.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Follows instructions in dialogue.
    Chat,
    /// Shortens texts.
    Summarization,
    /// Rephrases texts.
    Rewriting,
    /// Calls tools.
    FunctionCalling,
    /// Translates.
    Translation,
    /// Transcribes speech.
    Asr,
    /// Reads images.
    Vision,
    /// Thinks before answering: answers are long and slow.
    Reasoning,
    /// Reads text in images.
    Ocr,
    /// Makes vectors.
    Embedding,
    /// Speaks.
    Tts,
    /// Translates speech.
    SpeechTranslation,
}

impl Capability {
    /// As written in catalog files and rules.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Summarization => "summarization",
            Self::Rewriting => "rewriting",
            Self::FunctionCalling => "function-calling",
            Self::Translation => "translation",
            Self::Asr => "asr",
            Self::Vision => "vision",
            Self::Reasoning => "reasoning",
            Self::Ocr => "ocr",
            Self::Embedding => "embedding",
            Self::Tts => "tts",
            Self::SpeechTranslation => "speech-translation",
        }
    }
}

/// The languages a model handles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Languages {
    /// ISO 639-1 codes, sorted, when the maker lists them; may be partial, see `complete`.
    pub listed: Vec<String>,
    /// Whether the list is all there is.
    pub complete: bool,
    /// How many the maker claims.
    pub count: Option<u32>,
    /// Who says so.
    pub sources: Vec<SourceIx>,
    /// Where it stands.
    pub at: Origin,
}

/// A published score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Benchmark name.
    pub benchmark: String,
    /// Value as published.
    pub value: f64,
    /// Shots, mode: only equal settings compare.
    pub setting: Option<String>,
    /// Who says so.
    pub sources: Vec<SourceIx>,
}

/// A model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Key used in specs.
    pub id: String,
    /// As people write it.
    pub name: String,
    /// Maker.
    pub vendor: String,
    /// Roles it can fill.
    pub roles: Vec<Role>,
    /// The operating system owns it (Apple Foundation Models, Gemini Nano).
    pub system: bool,
    /// Architecture family as runtimes name it: `qwen3`, `gemma3`, ...
    pub family: String,
    /// Its licence, where seen.
    pub license: Option<LicenseIx>,
    /// Hub repository of the original weights.
    pub repo: Option<String>,
    /// First published.
    pub released: Option<String>,
    /// All parameters.
    pub params: Option<Sourced<Params>>,
    /// Parameters used per token, where fewer (MoE, per-layer embeddings).
    pub active_params: Option<Sourced<Params>>,
    /// Of a speech model: operations per parameter and second of sound, where they are known for it alone. Of a recogniser
    /// it is known where no decoder writes token by token: then it is all the model does.
    pub work: Option<Sourced<f64>>,
    /// Its shape, where known.
    pub arch: Option<Sourced<Architecture>>,
    /// Longest context.
    pub context: Option<Sourced<Tokens>>,
    /// Languages.
    pub languages: Option<Languages>,
    /// Abilities.
    pub capabilities: Vec<Capability>,
    /// Speech: gives partial results while listening, where known.
    pub streaming: Option<bool>,
    /// Width of the vector it makes (embedding models).
    pub embedding_dim: Option<u32>,
    /// Scores.
    pub scores: Vec<Score>,
    /// The place in the quality order of its first role, higher is better, and what it rests on; `None` where no
    /// published score supports one. Ask [`Model::quality_in`].
    pub quality: Option<Quality>,
    /// The same for its other roles, as far as known.
    pub role_quality: Vec<(Role, Quality)>,
    /// Remark.
    pub note: Option<String>,
    /// Who says so.
    pub sources: Vec<SourceIx>,
    /// Where it stands.
    pub at: Origin,
}

impl Model {
    /// The place in the quality order of `role`, where one is known.
    #[must_use]
    pub fn quality_in(&self, role: Role) -> Option<&Quality> {
        if self.roles.first() == Some(&role) {
            return self.quality.as_ref();
        }
        self.role_quality
            .iter()
            .find(|(other, _)| *other == role)
            .map(|(_, quality)| quality)
    }
}

/// A place in the quality order of one role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// 0 to 100; only its order within a role is used.
    pub index: f64,
    /// The scores and the method it comes from, in words.
    pub basis: String,
}

/// A file (or bundle) of one model at one quantization, for one format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Artifact {
    /// `model/format/quant`, unique; a trailing `-2` tells twins apart.
    pub id: String,
    /// Whose weights.
    pub model: ModelIx,
    /// How stored.
    pub quant: QuantIx,
    /// In which container.
    pub format: Format,
    /// Size on disk and in the download, where known.
    pub bytes: Option<Sourced<Bytes>>,
    /// The size is to the byte; else rounded by its source or derived.
    pub exact: bool,
    /// For derived sizes: the formula in words.
    pub derivation: Option<String>,
    /// Extra files that must come along (vision projector), already in `bytes` when `true`.
    pub bundle: bool,
    /// Bytes of the decoder without its tables, where published.
    pub decoder: Option<Sourced<Bytes>>,
    /// Hub repository it is downloaded from, or the address of the page that has it.
    pub repo: Option<String>,
    /// File name inside the repository, or of the released archive, where a source lists it.
    pub file: Option<Sourced<String>>,
    /// What `file` must hash to, where somebody publishes it; of a bundle, this one file and none that comes along.
    pub sha256: Option<Sourced<Sha256>>,
    /// Only runs on these SoCs (context binaries); empty for any.
    pub socs: Vec<SocIx>,
    /// Where it stands.
    pub at: Origin,
}
