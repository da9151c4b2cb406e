//! Records of models and their files.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Figure, Located, Size};
use crate::catalog::types::{Capability, Format, Role, Sha256};

/// How layers keep a cache.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AttentionRecord {
    /// Every layer keeps the whole context.
    Full,
    /// Some layers keep only a window.
    #[serde(rename_all = "snake_case")]
    Sliding {
        /// Tokens a local layer keeps.
        window: u64,
        /// Layers that keep the whole context and own a cache.
        global_layers: u32,
        /// Layers that keep the window and own a cache.
        local_layers: u32,
        /// KV heads of global layers, where they differ.
        #[serde(default)]
        global_kv_heads: Option<u32>,
        /// Head dimension of global layers, where it differs.
        #[serde(default)]
        global_head_dim: Option<u32>,
    },
    /// Some layers attend, the others carry a constant state.
    #[serde(rename_all = "snake_case")]
    Hybrid {
        /// Layers with a KV cache.
        full_layers: u32,
        /// Elements of constant state over all other layers.
        #[serde(default)]
        state_elements: Option<u64>,
    },
    /// One compressed vector per token and layer.
    Latent {
        /// Cached elements per token and layer.
        elements: u32,
    },
}

/// Mixture of experts.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoeRecord {
    /// Experts per layer.
    pub experts: u32,
    /// Experts used per token.
    pub top_k: u32,
    /// Feed-forward size of one expert.
    pub expert_ffn: u32,
}

/// The shape of a decoder.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArchitectureRecord {
    /// Blocks.
    pub layers: Located<u32>,
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
    /// Output matrix shared with the embedding.
    #[serde(default)]
    pub tied: Option<bool>,
    /// How the cache grows.
    pub attention: AttentionRecord,
    /// Experts, if any.
    #[serde(default)]
    pub moe: Option<MoeRecord>,
    /// Width of per-layer embeddings, if any.
    #[serde(default)]
    pub per_layer_embedding: Option<u32>,
    /// Who says so.
    #[serde(default)]
    pub sources: Vec<Located<String>>,
}

/// The languages a model handles.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LanguagesRecord {
    /// ISO 639 codes.
    #[serde(default)]
    pub listed: Vec<Located<String>>,
    /// Whether the list is all there is.
    pub complete: bool,
    /// How many the maker claims.
    #[serde(default)]
    pub count: Option<u32>,
    /// Who says so.
    #[serde(default)]
    pub sources: Vec<Located<String>>,
}

/// A published score.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoreRecord {
    /// Benchmark.
    pub benchmark: String,
    /// As published.
    pub value: f64,
    /// Shots, mode: only equal settings compare.
    #[serde(default)]
    pub setting: Option<String>,
    /// Who says so.
    #[serde(default)]
    pub sources: Vec<Located<String>>,
}

/// A place in the quality order of a role.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QualityRecord {
    /// 0 to 100; only its order within a role is used.
    pub index: Located<f64>,
    /// The scores and the method it comes from.
    pub basis: String,
}

/// A file or bundle of a model.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Container.
    pub format: Format,
    /// How the weights are stored.
    pub quant: Located<String>,
    /// Size on disk and in the download.
    #[serde(default)]
    pub bytes: Option<Figure<Size>>,
    /// The size is to the byte.
    #[serde(default)]
    pub exact: bool,
    /// For derived sizes: the formula.
    #[serde(default)]
    pub derivation: Option<String>,
    /// Extra files that come along are counted in `bytes`.
    #[serde(default)]
    pub bundle: bool,
    /// What of it the decoder takes without its tables, where somebody says so: the rest is looked up or encodes pictures
    /// and sound.
    #[serde(default)]
    pub decoder: Option<Figure<Size>>,
    /// Hub repository it is downloaded from, or the address of the page that has it.
    #[serde(default)]
    pub repo: Option<String>,
    /// File name in the repository, or of the archive its maker releases where there is no repository.
    #[serde(default)]
    pub file: Option<Figure<String>>,
    /// SHA-256 of `file`; of a bundle, of this one file.
    #[serde(default)]
    pub sha256: Option<Figure<Sha256>>,
    /// Chips it was compiled for; empty for any.
    #[serde(default)]
    pub socs: Vec<Located<String>>,
}

/// A file of a model that is described elsewhere.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArtifactRecord {
    /// Whose weights.
    pub model: Located<String>,
    /// The file.
    pub file: FileEntry,
    /// Who says so.
    #[serde(default)]
    pub sources: Vec<Located<String>>,
}

/// A model.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelRecord {
    /// Key used in specs.
    pub id: Located<String>,
    /// Replaces the model of this id, its files included, in the catalog below.
    #[serde(default, rename = "override")]
    pub overrides: bool,
    /// As people write it.
    pub name: String,
    /// Maker.
    pub vendor: String,
    /// Roles it can fill.
    pub roles: Vec<Role>,
    /// The operating system owns it.
    #[serde(default)]
    pub system: bool,
    /// Architecture family as runtimes name it.
    pub family: String,
    /// Its licence, where seen.
    #[serde(default)]
    pub license: Option<Located<String>>,
    /// Hub repository of the original weights.
    #[serde(default)]
    pub repo: Option<String>,
    /// First published.
    #[serde(default)]
    pub released: Option<String>,
    /// All parameters.
    #[serde(default)]
    pub params: Option<Figure<u64>>,
    /// Parameters used per token, where fewer.
    #[serde(default)]
    pub active_params: Option<Figure<u64>>,
    /// Of a speech model: operations per parameter and second of sound.
    #[serde(default)]
    pub work: Option<Figure<u64>>,
    /// Its shape.
    #[serde(default)]
    pub arch: Option<ArchitectureRecord>,
    /// Longest context in tokens.
    #[serde(default)]
    pub context: Option<Figure<u64>>,
    /// Languages.
    #[serde(default)]
    pub languages: Option<LanguagesRecord>,
    /// Abilities.
    #[serde(default)]
    pub capabilities: Vec<Capability>,
    /// Speech: gives partial results while listening.
    #[serde(default)]
    pub streaming: Option<bool>,
    /// Width of the vector it makes.
    #[serde(default)]
    pub embedding_dim: Option<u32>,
    /// Scores.
    #[serde(default)]
    pub scores: Vec<ScoreRecord>,
    /// Place in the quality order of its first role.
    #[serde(default)]
    pub quality: Option<QualityRecord>,
    /// Places in the quality orders of its other roles, by role.
    #[serde(default)]
    pub role_quality: BTreeMap<Role, QualityRecord>,
    /// Remark.
    #[serde(default)]
    pub note: Option<String>,
    /// Its files.
    #[serde(default)]
    pub files: Vec<FileEntry>,
    /// Who says so.
    #[serde(default)]
    pub sources: Vec<Located<String>>,
}
