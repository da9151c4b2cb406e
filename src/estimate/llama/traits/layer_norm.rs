//! Architectures whose norms subtract the mean.

use super::{PLAIN, Traits, unrotated};
use crate::estimate::llama::decoder::{
    Attention, Gate, Habits, Parallel, ParallelNorms, ParallelSum, QkNorm,
};

const NORMED: Traits = Traits {
    habits: Habits {
        layer_norm: true,
        ..PLAIN.habits
    },
    ..PLAIN
};

/// With a network of two matrices.
const UNGATED: Traits = Traits {
    gate: Gate::Alone(1),
    ..NORMED
};

const fn beside(traits: Traits, sum: ParallelSum) -> Traits {
    Traits {
        habits: Habits {
            parallel: Some(Parallel {
                norms: ParallelNorms::One,
                sum,
            }),
            ..traits.habits
        },
        ..traits
    }
}

const fn with_qk_norm(traits: Traits, qk_norm: QkNorm) -> Traits {
    Traits {
        attention: Attention {
            qk_norm,
            ..traits.attention
        },
        ..traits
    }
}

pub(super) fn of(architecture: &str) -> Option<Traits> {
    Some(match architecture {
        "olmo" | "orion" | "dbrx" => NORMED,
        "codeshell" | "starcoder2" => UNGATED,
        "gpt2" | "starcoder" => unrotated(UNGATED),
        "mpt" => with_qk_norm(unrotated(UNGATED), QkNorm::Row),
        "jais" => unrotated(NORMED),
        "nemotron" | "jais2" => Traits {
            gate: Gate::Alone(2),
            ..NORMED
        },
        "bloom" => Traits {
            habits: Habits {
                normed_embedding: true,
                ..NORMED.habits
            },
            ..unrotated(UNGATED)
        },
        "phi2" => Traits {
            attention: Attention {
                scales_query: true,
                ..PLAIN.attention
            },
            ..beside(UNGATED, ParallelSum::AttentionFeed)
        },
        "falcon" => beside(UNGATED, ParallelSum::FeedAttention),
        "gptneox" => beside(UNGATED, ParallelSum::FeedStream),
        "stablelm" => with_qk_norm(beside(NORMED, ParallelSum::FeedBoth), QkNorm::Heads),
        "command-r" => Traits {
            habits: Habits {
                logit_operations: 1,
                ..beside(NORMED, ParallelSum::FeedStream).habits
            },
            ..with_qk_norm(NORMED, QkNorm::Heads)
        },
        "cohere2" => Traits {
            habits: Habits {
                logit_operations: 1,
                ..beside(NORMED, ParallelSum::FeedStream).habits
            },
            full_every: Some(4),
            rotates_windows: true,
            ..NORMED
        },
        _ => return None,
    })
}
