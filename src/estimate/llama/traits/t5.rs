//! T5, whose decoder attends to what its encoder made, and its encoder alone.

use super::{PLAIN, Traits};
use crate::estimate::llama::decoder::{Attention, Habits, Pooling, Reads};

const T5: Traits = Traits {
    habits: Habits {
        all_outputs: true,
        ..PLAIN.habits
    },
    attention: Attention {
        rotates: false,
        scores_bias: true,
        ..PLAIN.attention
    },
    ..PLAIN
};

pub(super) fn of(architecture: &str) -> Option<Traits> {
    Some(match architecture {
        "t5" => T5,
        "t5encoder" => Traits {
            habits: Habits {
                encoder: Some(Pooling::None),
                reads: Reads::BatchBesideCache,
                ..T5.habits
            },
            ..T5
        },
        _ => return None,
    })
}
