//! Architectures of mixtures of experts with ways of their own.

use super::{Division, PLAIN, Traits, with_bias, with_qk_norm};
use crate::estimate::llama::decoder::{Attention, Habits, QkNorm, Router, Selects, SharedGate};

pub(super) fn of(architecture: &str) -> Option<Traits> {
    Some(match architecture {
        "ernie4_5-moe" => PLAIN,
        "olmoe" => Traits {
            division: Division::Never,
            ..with_qk_norm(QkNorm::Row)
        },
        "deepseek2" => Traits {
            division: Division::Said,
            ..PLAIN
        },
        "gpt-oss" => Traits {
            habits: Habits {
                selects: Selects::BeforeNorm,
                keeps_hidden: true,
                ..PLAIN.habits
            },
            attention: Attention {
                output_bias: true,
                bias: true,
                ..PLAIN.attention
            },
            router: Router::SoftmaxOfChosen,
            division: Division::Never,
            full_every: Some(2),
            ..PLAIN
        },
        "deepseek" => Traits {
            division: Division::Never,
            ..PLAIN
        },
        "qwen2moe" => Traits {
            division: Division::Never,
            shared_gate: SharedGate::DividedSilu,
            ..with_bias(PLAIN)
        },
        "bailingmoe" => Traits {
            division: Division::Said,
            ..PLAIN
        },
        "bailingmoe2" | "dots1" | "glm4moe" => Traits {
            router: Router::Sigmoid,
            division: Division::Said,
            ..with_qk_norm(QkNorm::Heads)
        },
        "exaone-moe" => Traits {
            division: Division::Said,
            full_every: Some(4),
            rotates_windows: true,
            ..with_qk_norm(QkNorm::Heads)
        },
        "mellum" => Traits {
            full_every: Some(4),
            ..with_qk_norm(QkNorm::Heads)
        },
        "minimax-m2" => with_qk_norm(QkNorm::Row),
        "smallthinker" => Traits {
            full_every: Some(4),
            full_first: true,
            rotates_windows: true,
            ..PLAIN
        },
        // Queries are normed where they are rotated and scaled where not, in place; so the norms are left out.
        "llama4" => Traits {
            router: Router::Sigmoid,
            division: Division::Never,
            full_every: Some(4),
            unrotated_every: Some(4),
            ..PLAIN
        },
        _ => return None,
    })
}
