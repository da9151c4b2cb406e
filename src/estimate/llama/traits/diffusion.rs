//! Decoders that guess all tokens of a batch at once: they attend to all of them and keep no cache.

use super::{Division, PLAIN, Traits, with_bias, with_qk_norm};
use crate::estimate::llama::decoder::{Habits, QkNorm, Reads};

const fn uncached(traits: Traits) -> Traits {
    Traits {
        habits: Habits {
            reads: Reads::Batch,
            ..traits.habits
        },
        ..traits
    }
}

pub(super) fn of(architecture: &str) -> Option<Traits> {
    Some(match architecture {
        "dream" => uncached(with_bias(PLAIN)),
        "llada" => uncached(PLAIN),
        "llada-moe" => uncached(Traits {
            division: Division::Never,
            ..with_qk_norm(QkNorm::Heads)
        }),
        "rnd1" => uncached(with_qk_norm(QkNorm::Heads)),
        _ => return None,
    })
}
