//! Architectures with blocks that carry a state.

use super::{Division, GRANITE, Kin, PLAIN, Traits, unrotated, with_qk_norm};
use crate::estimate::llama::decoder::{
    Attention, Gate, Habits, Norms, QkNorm, Router, Selects, SharedGate,
};

const DELTA_NET: Traits = Traits {
    habits: Habits {
        selects: Selects::AfterNorm,
        keeps_hidden: true,
        four_positions: true,
        ..PLAIN.habits
    },
    attention: Attention {
        gated: true,
        qk_norm: QkNorm::Heads,
        ..PLAIN.attention
    },
    shared_gate: SharedGate::Sigmoid,
    full_every: Some(4),
    recurrent: Kin::DeltaNet,
    ..PLAIN
};

pub(super) fn of(architecture: &str) -> Option<Traits> {
    Some(match architecture {
        "granitehybrid" => Traits {
            recurrent: Kin::Mamba2,
            ..GRANITE
        },
        "falcon-h1" => Traits {
            recurrent: Kin::Mamba2,
            ..PLAIN
        },
        "mamba" => Traits {
            recurrent: Kin::Mamba,
            ..PLAIN
        },
        "mamba2" => Traits {
            recurrent: Kin::Mamba2,
            ..PLAIN
        },
        "lfm2" | "lfm2moe" => Traits {
            habits: Habits {
                residual_first: [true, true],
                ..PLAIN.habits
            },
            router: Router::Sigmoid,
            recurrent: Kin::ShortConvolution,
            ..with_qk_norm(QkNorm::Heads)
        },
        "qwen35" | "qwen35moe" => DELTA_NET,
        "qwen3next" => Traits {
            habits: Habits {
                four_positions: false,
                ..DELTA_NET.habits
            },
            ..DELTA_NET
        },
        "jamba" => Traits {
            habits: Habits {
                residual_first: [true, true],
                ..PLAIN.habits
            },
            division: Division::Never,
            recurrent: Kin::Mamba,
            ..unrotated(PLAIN)
        },
        "nemotron_h" | "nemotron_h_moe" => Traits {
            habits: Habits {
                selects: Selects::AfterNorm,
                keeps_hidden: true,
                ..PLAIN.habits
            },
            gate: Gate::Alone(2),
            router: Router::Sigmoid,
            division: Division::Said,
            recurrent: Kin::Mamba2,
            ..unrotated(PLAIN)
        },
        "plamo2" => Traits {
            habits: Habits {
                norms: Norms::Both,
                ..PLAIN.habits
            },
            gate: Gate::Fused,
            recurrent: Kin::MambaByHeads,
            ..with_qk_norm(QkNorm::Heads)
        },
        "rwkv6qwen2" => Traits {
            recurrent: Kin::Rwkv6,
            ..PLAIN
        },
        "arwkv7" => Traits {
            recurrent: Kin::Rwkv7,
            ..PLAIN
        },
        "rwkv6" => rwkv(Kin::Rwkv6),
        "rwkv7" => rwkv(Kin::Rwkv7),
        _ => return None,
    })
}

const fn rwkv(kin: Kin) -> Traits {
    Traits {
        habits: Habits {
            layer_norm: true,
            normed_embedding: true,
            ..PLAIN.habits
        },
        recurrent: kin,
        ..PLAIN
    }
}
