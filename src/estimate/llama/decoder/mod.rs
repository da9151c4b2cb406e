//! A decoder as llama.cpp's graphs see it: layer by layer, by the numbers that decide about memory. Holds no weights.

mod feed;
mod recurrent;

pub use self::feed::{Dense, Experts, Feed, Gate, Groups, Router, SharedGate};
pub use self::recurrent::{DeltaMatrices, Recurrent, RwkvRanks};

/// A decoder with all that its graph depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoder {
    /// Model width.
    pub width: u64,
    /// Entries of the vocabulary.
    pub vocab: u64,
    /// Tokens a windowed layer attends to; `None` where llama.cpp keeps one cache for all layers.
    pub window: Option<u64>,
    /// What the whole graph does its own way.
    pub habits: Habits,
    /// The blocks, first to last.
    pub layers: Vec<Layer>,
}

/// How a graph differs from Llama's outside its blocks.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Habits {
    /// How the embedding is scaled before the first block.
    pub embedding: EmbeddingScale,
    /// Blocks scale what they add to the residual stream (Granite, `MiniCPM`).
    pub scales_residual: bool,
    /// The last norm is scaled before the output matrix (`MiniCPM` 3).
    pub scales_norm: bool,
    /// Logits are scaled (Granite), `1`, or squashed by scale, tanh, scale (Gemma), `3` operations.
    pub logit_operations: u8,
    /// Scores are squashed before the softmax (Gemma 2).
    pub squashes_scores: bool,
    /// Where rows without output leave the graph.
    pub selects: Selects,
    /// The hidden state after (or, for gpt-oss, before) the last norm is an output of its own.
    pub keeps_hidden: bool,
    /// Position and mask of the block's first norm.
    pub norms: Norms,
    /// Positions are four numbers a token (multimodal rotary embedding).
    pub four_positions: bool,
    /// Residual streams of `AltUp` (Gemma 3n).
    pub streams: Option<AltUp>,
    /// Width of the per-layer embedding (Gemma 3n, 4).
    pub per_layer: Option<u64>,
    /// Attention temperature is an input (Ministral 3).
    pub tempered: bool,
    /// Sums name the residual stream first (LFM2), behind attention and behind the feed-forward part.
    pub residual_first: [bool; 2],
    /// Norms subtract the mean (`LayerNorm`): their first operation needs memory of its own.
    pub layer_norm: bool,
    /// A learned embedding of positions is added to that of tokens (GPT-2).
    pub learned_positions: bool,
    /// The embedding is normed before the first block (BLOOM).
    pub normed_embedding: bool,
    /// Attention and feed-forward part stand side by side (Falcon, Command R); else one behind the other.
    pub parallel: Option<Parallel>,
    /// The last hidden state is normed (not by BERT, which norms each sum).
    pub normed_output: bool,
    /// Makes vectors instead of logits.
    pub encoder: Option<Pooling>,
    /// What queries attend to.
    pub reads: Reads,
    /// Each block attends to what an encoder made of so many tokens, too (T5).
    pub cross: Option<u64>,
    /// All tokens of a batch get outputs, whatever the settings say (T5).
    pub all_outputs: bool,
    /// Slices beside the embedding that images fill, added behind the first blocks (`DeepStack`, Qwen 3 VL).
    pub deepstack: u64,
}

/// Attention and feed-forward part side by side on one residual stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parallel {
    /// What the two read.
    pub norms: ParallelNorms,
    /// In which order the three parts are added up.
    pub sum: ParallelSum,
}

/// What attention and a feed-forward part beside it read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParallelNorms {
    /// The same norm of the stream.
    One,
    /// A norm each, the one of attention built last (Falcon 40B).
    Two,
    /// A norm each, the one of the feed-forward part behind attention (GPT-NeoX).
    Late,
}

/// How what attention and the feed-forward part make is added to the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParallelSum {
    /// (attention + feed-forward) + stream (Phi 2).
    AttentionFeed,
    /// (feed-forward + attention) + stream (Falcon).
    FeedAttention,
    /// (feed-forward + stream) + attention (Command R, GPT-NeoX).
    FeedStream,
    /// feed-forward + (attention + stream) (`StableLM` 12B).
    FeedBoth,
}

/// How the embedding is scaled before the first block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EmbeddingScale {
    /// Not at all.
    #[default]
    None,
    /// By a number.
    Number,
    /// By a number for each row, so that rows of images stay as they are (Gemma 3).
    Rows,
}

/// Where rows of tokens without output leave the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Selects {
    /// In the last block, behind attention.
    #[default]
    LastBlock,
    /// Behind the blocks, before the last norm.
    BeforeNorm,
    /// Behind the last norm.
    AfterNorm,
}

/// Which norms surround attention and feed-forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Norms {
    /// Before each (Llama).
    #[default]
    Before,
    /// After each (`OLMo` 2, EXAONE 4).
    After,
    /// Before and after each (Gemma 2, 3).
    Both,
    /// After each, over the sum with the stream (BERT).
    Sums,
}

/// How an encoder's hidden states become one vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pooling {
    /// Not at all.
    None,
    /// By their mean.
    Mean,
    /// That of one token is taken.
    Token,
}

/// What queries attend to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reads {
    /// The tokens so far, by a cache.
    #[default]
    Cache,
    /// All tokens of a batch; there is no cache (BERT, and diffusion models as `LLaDA`).
    Batch,
    /// All tokens of a batch; a cache is set aside that nobody reads (Llama as an encoder).
    BatchBesideCache,
}

/// The extra residual streams of Gemma 3n.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AltUp {
    /// Streams.
    pub streams: u64,
    /// Width of the low-rank residual (`LAuReL`).
    pub laurel: u64,
    /// First blocks whose feed-forward keeps only the largest activations.
    pub sparse_layers: u32,
}

/// One block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layer {
    /// What looks back at earlier tokens.
    pub mixer: Mixer,
    /// What follows.
    pub feed: Feed,
    /// The block's output is scaled once more (Gemma 4).
    pub scaled: bool,
    /// Attention reads the stream without a norm (`ModernBERT`'s first block).
    pub unnormed: bool,
    /// A slice of the input is added to the block's output (`DeepStack`).
    pub deepstack: bool,
    /// The block's output is normed as the last one's is (Nanbeige, which runs its blocks several times).
    pub closes: bool,
}

/// What looks back at earlier tokens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mixer {
    /// Attention.
    Attention(Attention),
    /// A state that is carried from token to token.
    Recurrent(Recurrent),
    /// Attention and a state side by side (Falcon H1).
    Both(Attention, Recurrent),
    /// One matrix in the place of attention (Nemotron 51B).
    Linear,
    /// None (blocks of Nemotron H that only feed forward).
    None,
}

impl Mixer {
    /// The attention, if any.
    #[must_use]
    pub const fn attention(&self) -> Option<&Attention> {
        match self {
            Self::Attention(attention) | Self::Both(attention, _) => Some(attention),
            Self::Recurrent(_) | Self::Linear | Self::None => None,
        }
    }

    /// The state, if any.
    #[must_use]
    pub const fn recurrent(&self) -> Option<&Recurrent> {
        match self {
            Self::Recurrent(recurrent) | Self::Both(_, recurrent) => Some(recurrent),
            Self::Attention(_) | Self::Linear | Self::None => None,
        }
    }
}

/// Attention of one block.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Attention {
    /// Query heads.
    pub heads: u64,
    /// Key-value heads.
    pub kv_heads: u64,
    /// Width of a key.
    pub key: u64,
    /// Width of a value.
    pub value: u64,
    /// Attends to the window only.
    pub windowed: bool,
    /// Writes a cache of its own; else reads that of an earlier block.
    pub caches: bool,
    /// Rotates queries and keys by position.
    pub rotates: bool,
    /// Norm of queries and keys.
    pub qk_norm: QkNorm,
    /// Queries and keys are normed after they are rotated (Hunyuan).
    pub norm_after_rope: bool,
    /// Values are normed (Gemma 3n, 4).
    pub v_norm: bool,
    /// There is no matrix of values: keys serve (Gemma 4).
    pub keys_are_values: bool,
    /// Queries, keys and values have a bias.
    pub bias: bool,
    /// The output has a bias.
    pub output_bias: bool,
    /// One matrix makes queries, keys and values (Phi 3).
    pub fused: bool,
    /// Queries are scaled before the scores (Gemma, Phi 3).
    pub scales_query: bool,
    /// Queries are scaled by position where [`Habits::tempered`] does not say so for all blocks (Llama 4).
    pub tempered: bool,
    /// Scores get a bias by distance, for which flash attention has no place (T5).
    pub scores_bias: bool,
    /// Heads are gated by a sigmoid of the query's twin (Qwen 3.5).
    pub gated: bool,
    /// Each head is gated by a number (Spark 2.5).
    pub head_gate: bool,
    /// The result is normed before the output matrix (`BitNet`).
    pub inner_norm: bool,
    /// Multi-head latent attention.
    pub latent: Option<Latent>,
}

/// Norm of queries and keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QkNorm {
    /// None.
    #[default]
    None,
    /// Head by head.
    Heads,
    /// The whole row (`OLMo` 2).
    Row,
}

/// Multi-head latent attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latent {
    /// Width of the compressed query; `None` where it is not compressed.
    pub query_rank: Option<u64>,
    /// Width of the compressed key and value.
    pub rank: u64,
    /// Part of a key that is rotated.
    pub rope: u64,
    /// The cache holds the compressed vector (`DeepSeek`); else the decompressed heads (`MiniCPM` 3).
    pub absorbed: bool,
    /// Width of a key and of a value once decompressed.
    pub key: u64,
    /// Width of a value once decompressed.
    pub value: u64,
}

impl Decoder {
    /// Values a cached row holds at most, over all blocks: what rows are padded to where values are stored
    /// transposed.
    #[must_use]
    pub fn widest_value(&self) -> u64 {
        self.layers
            .iter()
            .filter_map(|layer| layer.mixer.attention())
            .map(|attention| attention.kv_heads.saturating_mul(attention.value))
            .max()
            .unwrap_or(0)
    }

    /// Whether any block attends.
    #[must_use]
    pub fn attends(&self) -> bool {
        self.layers
            .iter()
            .any(|layer| layer.mixer.attention().is_some())
    }

    /// Whether any block carries a state.
    #[must_use]
    pub fn recurs(&self) -> bool {
        self.layers
            .iter()
            .any(|layer| layer.mixer.recurrent().is_some())
    }
}
