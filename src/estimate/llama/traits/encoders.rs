//! Architectures that make vectors of texts: they attend to all tokens of a batch and keep no cache.

use super::{Division, GEMMA, PLAIN, Traits, unrotated, with_qk_norm};
use crate::estimate::llama::decoder::{Gate, Habits, Norms, Pooling, QkNorm, Reads};

/// Norms behind each sum, none at the end.
const BERT: Traits = Traits {
    habits: Habits {
        norms: Norms::Sums,
        layer_norm: true,
        normed_embedding: true,
        normed_output: false,
        encoder: Some(Pooling::None),
        reads: Reads::Batch,
        ..PLAIN.habits
    },
    gate: Gate::Alone(1),
    division: Division::Never,
    ..with_qk_norm(QkNorm::Row)
};

const EURO: Traits = Traits {
    habits: Habits {
        encoder: Some(Pooling::None),
        reads: Reads::Batch,
        ..PLAIN.habits
    },
    ..PLAIN
};

pub(super) fn of(architecture: &str) -> Option<Traits> {
    Some(match architecture {
        "bert" | "jina-bert-v2" => unrotated(BERT),
        "jina-bert-v3" | "nomic-bert-moe" => BERT,
        "nomic-bert" => Traits {
            gate: Gate::Parallel,
            ..BERT
        },
        "eurobert" => EURO,
        "llama-embed" => Traits {
            habits: Habits {
                reads: Reads::BatchBesideCache,
                ..EURO.habits
            },
            ..EURO
        },
        "neo-bert" => Traits {
            gate: Gate::Fused,
            ..EURO
        },
        "modern-bert" => Traits {
            habits: Habits {
                layer_norm: true,
                normed_embedding: true,
                encoder: Some(Pooling::Mean),
                reads: Reads::Batch,
                ..PLAIN.habits
            },
            gate: Gate::Fused,
            full_every: Some(3),
            full_first: true,
            ..PLAIN
        },
        "gemma-embedding" => Traits {
            habits: Habits {
                encoder: Some(Pooling::None),
                reads: Reads::Batch,
                ..GEMMA.habits
            },
            ..GEMMA
        },
        _ => return None,
    })
}
