//! What each architecture of llama.cpp does its own way, as far as it decides about memory. A table, no arithmetic.
//!
//! What writes over its only input (biases, scales, clamps) takes nothing, and is left out where no tensor shows it.

mod diffusion;
mod encoders;
mod hybrids;
mod layer_norm;
mod mixtures;
mod t5;

use super::decoder::{
    Attention, EmbeddingScale, Gate, Habits, Norms, Parallel, ParallelNorms, ParallelSum, QkNorm,
    Reads, Router, Selects, SharedGate,
};

/// The ways of one architecture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Traits {
    /// Outside the blocks.
    pub(crate) habits: Habits,
    /// What all attention has in common; sizes are filled in.
    pub(crate) attention: Attention,
    /// How dense networks gate.
    pub(crate) gate: Gate,
    /// The activation of dense networks is normed.
    pub(crate) inner_norm: bool,
    /// How mixtures route.
    pub(crate) router: Router,
    /// Whether weights of chosen experts are divided by their sum.
    pub(crate) division: Division,
    /// How the network beside the experts is gated, where it is.
    pub(crate) shared_gate: SharedGate,
    /// Every how many blocks attention is over all tokens, where the file does not say.
    pub(crate) full_every: Option<u32>,
    /// The block of full attention is the first of so many, not the last.
    pub(crate) full_first: bool,
    /// Where blocks have windows, only those rotate queries and keys.
    pub(crate) rotates_windows: bool,
    /// Every how many blocks queries and keys are not rotated.
    pub(crate) unrotated_every: Option<u32>,
    /// Windows in the metadata are ignored (Phi 3).
    pub(crate) ignores_window: bool,
    /// The kind of its recurrent blocks.
    pub(crate) recurrent: Kin,
}

/// Whether weights of chosen experts are divided by their sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Division {
    Always,
    Never,
    /// Where the file says so (`expert_weights_norm`).
    Said,
}

/// Which recurrent block an architecture has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kin {
    None,
    ShortConvolution,
    Mamba,
    Mamba2,
    MambaByHeads,
    DeltaNet,
    Rwkv6,
    Rwkv7,
}

const PLAIN: Traits = Traits {
    habits: Habits {
        embedding: EmbeddingScale::None,
        scales_residual: false,
        scales_norm: false,
        logit_operations: 0,
        squashes_scores: false,
        selects: Selects::LastBlock,
        keeps_hidden: false,
        norms: Norms::Before,
        four_positions: false,
        streams: None,
        per_layer: None,
        tempered: false,
        residual_first: [false, false],
        layer_norm: false,
        learned_positions: false,
        normed_embedding: false,
        normed_output: true,
        encoder: None,
        reads: Reads::Cache,
        cross: None,
        all_outputs: false,
        parallel: None,
        deepstack: 0,
    },
    attention: Attention {
        heads: 0,
        kv_heads: 0,
        key: 0,
        value: 0,
        windowed: false,
        caches: true,
        rotates: true,
        qk_norm: QkNorm::None,
        norm_after_rope: false,
        v_norm: false,
        keys_are_values: false,
        bias: false,
        output_bias: false,
        fused: false,
        scales_query: false,
        tempered: false,
        scores_bias: false,
        gated: false,
        head_gate: false,
        inner_norm: false,
        latent: None,
    },
    gate: Gate::Parallel,
    inner_norm: false,
    router: Router::Softmax,
    division: Division::Always,
    shared_gate: SharedGate::None,
    full_every: None,
    full_first: false,
    rotates_windows: false,
    unrotated_every: None,
    ignores_window: false,
    recurrent: Kin::None,
};

const FOUR_POSITIONS: Traits = with_habits(Habits {
    four_positions: true,
    ..PLAIN.habits
});

const fn with_habits(habits: Habits) -> Traits {
    Traits { habits, ..PLAIN }
}

const fn with_qk_norm(qk_norm: QkNorm) -> Traits {
    Traits {
        attention: Attention {
            qk_norm,
            ..PLAIN.attention
        },
        ..PLAIN
    }
}

const GEMMA: Traits = Traits {
    habits: Habits {
        embedding: EmbeddingScale::Rows,
        norms: Norms::Both,
        ..PLAIN.habits
    },
    attention: Attention {
        qk_norm: QkNorm::Heads,
        scales_query: true,
        ..PLAIN.attention
    },
    full_every: Some(6),
    ..PLAIN
};

const GRANITE: Traits = with_habits(Habits {
    embedding: EmbeddingScale::Number,
    scales_residual: true,
    logit_operations: 1,
    ..PLAIN.habits
});

/// The ways of an architecture by its name in GGUF (`general.architecture`); `None` for those whose graphs are not
/// replayed here.
pub(crate) fn of(architecture: &str) -> Option<Traits> {
    usual(architecture)
        .or_else(|| layer_norm::of(architecture))
        .or_else(|| mixtures::of(architecture))
        .or_else(|| hybrids::of(architecture))
        .or_else(|| encoders::of(architecture))
        .or_else(|| diffusion::of(architecture))
        .or_else(|| t5::of(architecture))
}

/// Those with one way of their own or none, dense or not.
fn usual(architecture: &str) -> Option<Traits> {
    Some(match architecture {
        "llama" | "ernie4_5" | "baichuan" | "deci" | "exaone" | "internlm2" | "pangu-embedded"
        | "nanbeige" | "qwen" | "seed_oss" | "xverse" => PLAIN,
        "mistral3" => PLAIN,
        "qwen2" => with_bias(PLAIN),
        "qwen2vl" => with_bias(FOUR_POSITIONS),
        "paddleocr" | "qwen3tts" => FOUR_POSITIONS,
        "qwen3" | "qwen3moe" => with_qk_norm(QkNorm::Heads),
        "smollm3" => Traits {
            unrotated_every: Some(4),
            ..PLAIN
        },
        "arcee" => Traits {
            gate: Gate::Alone(2),
            ..PLAIN
        },
        "apertus" => Traits {
            gate: Gate::Alone(1),
            ..with_qk_norm(QkNorm::Heads)
        },
        "refact" => unrotated(PLAIN),
        "chatglm" => Traits {
            gate: Gate::Fused,
            ..PLAIN
        },
        "glm4" => Traits {
            gate: Gate::Fused,
            ..with_habits(Habits {
                norms: Norms::Both,
                ..PLAIN.habits
            })
        },
        "openelm" => Traits {
            habits: Habits {
                residual_first: [true, false],
                ..PLAIN.habits
            },
            ..with_qk_norm(QkNorm::Heads)
        },
        "plamo" => with_habits(Habits {
            parallel: Some(Parallel {
                norms: ParallelNorms::One,
                sum: ParallelSum::FeedAttention,
            }),
            ..PLAIN.habits
        }),
        "plamo3" => Traits {
            habits: Habits {
                norms: Norms::Both,
                ..PLAIN.habits
            },
            gate: Gate::Fused,
            full_every: Some(8),
            ..with_qk_norm(QkNorm::Heads)
        },
        "plm" => Traits {
            gate: Gate::Alone(2),
            ..PLAIN
        },
        "qwen3vl" | "qwen3vlmoe" => Traits {
            habits: FOUR_POSITIONS.habits,
            ..with_qk_norm(QkNorm::Heads)
        },
        "phi3" | "phimoe" => Traits {
            habits: Habits {
                residual_first: [false, true],
                ..PLAIN.habits
            },
            attention: Attention {
                fused: true,
                scales_query: true,
                ..PLAIN.attention
            },
            gate: Gate::Fused,
            ignores_window: true,
            ..PLAIN
        },
        "hunyuan-dense" | "hunyuan_vl" | "hunyuan-moe" | "maincoder" => Traits {
            attention: Attention {
                qk_norm: QkNorm::Heads,
                norm_after_rope: true,
                ..PLAIN.attention
            },
            ..PLAIN
        },
        "olmo2" => Traits {
            habits: Habits {
                norms: Norms::After,
                ..PLAIN.habits
            },
            full_every: Some(4),
            ..with_qk_norm(QkNorm::Row)
        },
        "exaone4" => Traits {
            habits: Habits {
                norms: Norms::After,
                ..PLAIN.habits
            },
            rotates_windows: true,
            full_every: Some(4),
            ..with_qk_norm(QkNorm::Heads)
        },
        "granite" | "granitemoe" | "granite_swa" | "minicpm" => GRANITE,
        "spark2_5" => Traits {
            attention: Attention {
                head_gate: true,
                ..PLAIN.attention
            },
            ..PLAIN
        },
        "minicpm3" => with_habits(Habits {
            embedding: EmbeddingScale::Number,
            scales_residual: true,
            scales_norm: true,
            ..PLAIN.habits
        }),
        "bitnet" => Traits {
            attention: Attention {
                inner_norm: true,
                ..PLAIN.attention
            },
            inner_norm: true,
            ..PLAIN
        },
        "gemma" => Traits {
            habits: Habits {
                embedding: EmbeddingScale::Number,
                ..PLAIN.habits
            },
            attention: Attention {
                scales_query: true,
                ..PLAIN.attention
            },
            ..PLAIN
        },
        "gemma2" => Traits {
            habits: Habits {
                embedding: EmbeddingScale::Number,
                logit_operations: 3,
                squashes_scores: true,
                ..GEMMA.habits
            },
            attention: Attention {
                qk_norm: QkNorm::None,
                ..GEMMA.attention
            },
            full_every: Some(2),
            ..GEMMA
        },
        "gemma3" => GEMMA,
        "gemma3n" => Traits {
            habits: Habits {
                logit_operations: 3,
                selects: Selects::BeforeNorm,
                ..GEMMA.habits
            },
            attention: Attention {
                scales_query: false,
                v_norm: true,
                ..GEMMA.attention
            },
            full_every: Some(5),
            ..GEMMA
        },
        "gemma4" => Traits {
            habits: Habits {
                logit_operations: 3,
                selects: Selects::AfterNorm,
                keeps_hidden: true,
                ..GEMMA.habits
            },
            attention: Attention {
                scales_query: false,
                v_norm: true,
                ..GEMMA.attention
            },
            full_every: None,
            ..GEMMA
        },
        _ => return None,
    })
}

const fn with_bias(traits: Traits) -> Traits {
    Traits {
        attention: Attention {
            bias: true,
            ..traits.attention
        },
        ..traits
    }
}

const fn unrotated(traits: Traits) -> Traits {
    Traits {
        attention: Attention {
            rotates: false,
            ..traits.attention
        },
        ..traits
    }
}
