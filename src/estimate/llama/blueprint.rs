//! A decoder from a catalog record: the family's ways and the record's sizes. What the record does not say is `None`.

use super::decoder::{
    AltUp, Attention as Heads, Decoder, DeltaMatrices, Dense, Experts, Feed, Gate, Layer, Mixer,
    Recurrent,
};
use super::traits::{self, Division, Kin, Traits};
use crate::catalog::types::{Architecture, Attention};

/// Families that a record describes wholly. Of others it does not say what decides about the graph (blocks side by side,
/// one matrix for queries, keys and values, networks beside experts); their files do.
const DESCRIBED: [&str; 43] = [
    "apertus",
    "arcee",
    "bitnet",
    "deepseek2",
    "ernie4_5",
    "exaone",
    "exaone4",
    "falcon-h1",
    "gemma",
    "gemma2",
    "gemma3",
    "gemma3n",
    "gemma4",
    "gpt-oss",
    "granite",
    "granitehybrid",
    "granitemoe",
    "hunyuan-dense",
    "internlm2",
    "lfm2",
    "lfm2moe",
    "llama",
    "mamba",
    "mamba2",
    "minicpm",
    "minicpm3",
    "mistral3",
    "nemotron",
    "olmo",
    "olmo2",
    "olmoe",
    "phi3",
    "qwen2",
    "qwen2vl",
    "qwen3",
    "qwen35",
    "qwen35moe",
    "qwen3moe",
    "qwen3tts",
    "seed_oss",
    "smollm3",
    "starcoder2",
    "xverse",
];

/// The name in GGUF of a catalog family; families that runtimes name alike are themselves.
#[must_use]
pub fn gguf_name(family: &str) -> &str {
    match family {
        "mistral" | "mixtral" | "internlm3" | "idefics3" | "smolvlm" => "llama",
        "ministral3" => "mistral3",
        "hunyuan_v1_dense" => "hunyuan-dense",
        "qwen3_5" => "qwen35",
        "qwen3_5moe" => "qwen35moe",
        "llava_qwen2" => "qwen2",
        "lfm2_vl" => "lfm2",
        other => other,
    }
}

/// The decoder of a catalog record of `family`; `None` where the family's graph is not replayed here, or the record
/// lacks what the graph needs (sizes of recurrent and latent blocks).
#[must_use]
pub fn decoder(family: &str, shape: &Architecture) -> Option<Decoder> {
    let name = gguf_name(family);
    if !DESCRIBED.contains(&name) {
        return None;
    }
    let traits = traits::of(name)?;
    let count = u64::from(shape.layers);
    let plan = Plan::of(name, &traits, shape)?;
    let mut habits = traits.habits;
    if shape.per_layer_embedding.is_some() {
        habits.per_layer = shape.per_layer_embedding.map(u64::from);
    }
    if name == "gemma3n" {
        habits.streams = Some(AltUp {
            streams: 4,
            laurel: 64,
            sparse_layers: 10,
        });
    }
    let layers = (0..count)
        .map(|at| plan.layer(name, &traits, shape, at))
        .collect::<Option<Vec<_>>>()?;
    Some(Decoder {
        width: u64::from(shape.hidden),
        vocab: u64::from(shape.vocab),
        window: plan.window,
        habits,
        layers,
    })
}

/// Which blocks attend to what.
struct Plan {
    window: Option<u64>,
    /// Every how many blocks one attends to all tokens.
    full_every: u64,
    /// Blocks that own a cache, from the first.
    owners: u64,
    /// Blocks that attend, where others recur.
    attending: Option<Vec<bool>>,
}

impl Plan {
    fn of(name: &str, traits: &Traits, shape: &Architecture) -> Option<Self> {
        let layers = u64::from(shape.layers);
        let plain = Self {
            window: None,
            full_every: 1,
            owners: layers,
            attending: None,
        };
        match shape.attention {
            Attention::Full => (traits.recurrent == Kin::None).then_some(plain),
            Attention::Sliding { .. } if traits.ignores_window => Some(plain),
            Attention::Sliding {
                window,
                global_layers,
                local_layers,
                ..
            } => {
                let owners = u64::from(global_layers + local_layers);
                let every = match traits.full_every {
                    Some(every) => u64::from(every),
                    None => owners.checked_div(u64::from(global_layers))?,
                };
                let globals = owners / every;
                (globals == u64::from(global_layers)).then_some(Self {
                    window: Some(window),
                    full_every: every,
                    owners,
                    ..plain
                })
            }
            Attention::Hybrid { full_layers, .. } => {
                let attending = attending(name, traits, u64::from(full_layers), layers)?;
                Some(Self {
                    attending: Some(attending),
                    ..plain
                })
            }
            Attention::Latent { .. } => None,
        }
    }

    fn layer(&self, name: &str, traits: &Traits, shape: &Architecture, at: u64) -> Option<Layer> {
        let windowed = self.window.is_some() && at % self.full_every < self.full_every - 1;
        let (kv_heads, width) = match shape.attention {
            Attention::Sliding {
                global_kv_heads,
                global_head_dim,
                ..
            } if !windowed => (
                global_kv_heads.unwrap_or(shape.kv_heads),
                global_head_dim.unwrap_or(shape.head_dim),
            ),
            _ => (shape.kv_heads, shape.head_dim),
        };
        let rotates = traits
            .unrotated_every
            .is_none_or(|every| !(at + 1).is_multiple_of(u64::from(every)));
        let unrotated =
            name == "granitehybrid" || (name == "exaone4" && self.window.is_some() && !windowed);
        let attention = Heads {
            heads: u64::from(shape.heads),
            kv_heads: u64::from(kv_heads),
            key: u64::from(width),
            value: u64::from(width),
            windowed,
            caches: at < self.owners,
            rotates: rotates && !unrotated,
            ..traits.attention
        };
        let attends = self
            .attending
            .as_ref()
            .is_none_or(|attending| attending.get(at as usize).copied().unwrap_or(false));
        let mixer = if attends {
            Mixer::Attention(attention)
        } else {
            Mixer::Recurrent(recurrent(traits, shape)?)
        };
        Some(Layer {
            mixer,
            feed: feed(name, traits, shape)?,
            scaled: name == "gemma4",
            unnormed: false,
            deepstack: false,
            closes: false,
        })
    }
}

/// Which blocks of a hybrid attend. Short convolutions: spread as in all published LFM2 models, whose order decides
/// about no size but at the ends. The delta rule: every so many.
fn attending(name: &str, traits: &Traits, full: u64, layers: u64) -> Option<Vec<bool>> {
    match traits.recurrent {
        Kin::ShortConvolution => {
            let step = layers.checked_div(full)?.max(1);
            let mut left = full;
            Some(
                (0..layers)
                    .map(|at| {
                        let attends = at % step == step - 1 && left > 0;
                        left -= u64::from(attends);
                        attends
                    })
                    .collect(),
            )
        }
        Kin::DeltaNet => {
            let every = u64::from(traits.full_every?);
            (name.starts_with("qwen35") && layers / every == full)
                .then(|| (0..layers).map(|at| at % every == every - 1).collect())
        }
        // Granite spreads its few attention blocks evenly, the first one half a step in.
        Kin::Mamba2 if name == "granitehybrid" => {
            let step = layers.checked_div(full)?.max(1);
            Some((0..layers).map(|at| at % step == step / 2).collect())
        }
        Kin::None | Kin::Mamba | Kin::Mamba2 | Kin::MambaByHeads | Kin::Rwkv6 | Kin::Rwkv7 => None,
    }
}

/// Taps of the convolution, width of the state, groups and width of a head of a family, by which the size of its state
/// tells the number of channels.
const fn state_of(kin: Kin) -> Option<[u64; 4]> {
    match kin {
        Kin::Mamba2 => Some([4, 128, 1, 64]),
        Kin::DeltaNet => Some([4, 128, 16, 128]),
        Kin::None
        | Kin::ShortConvolution
        | Kin::Mamba
        | Kin::MambaByHeads
        | Kin::Rwkv6
        | Kin::Rwkv7 => None,
    }
}

/// The recurrent block of a record, from the size of its state; `None` where that is of no such block.
fn recurrent(traits: &Traits, shape: &Architecture) -> Option<Recurrent> {
    let Attention::Hybrid {
        full_layers,
        state_elements: Some(elements),
    } = shape.attention
    else {
        return None;
    };
    let blocks = u64::from(shape.layers.checked_sub(full_layers)?);
    let width = u64::from(shape.hidden);
    if traits.recurrent == Kin::ShortConvolution {
        let taps = elements.checked_div(blocks * width)?;
        let kernel = taps + 1;
        return Some(Recurrent::ShortConvolution { kernel, width });
    }
    let [kernel, state, groups, head] = state_of(traits.recurrent)?;
    let each = elements.checked_div(blocks)?;
    let taps = kernel - 1;
    let rest = each.checked_sub(taps * 2 * groups * state)?;
    let inner = rest / (state + taps);
    let whole = inner * (state + taps) == rest && inner.is_multiple_of(head) && inner > 0;
    let heads = inner / head;
    whole.then_some(if traits.recurrent == Kin::Mamba2 {
        Recurrent::Mamba2 {
            kernel,
            inner,
            state,
            heads,
            groups,
            normed: true,
        }
    } else {
        Recurrent::DeltaNet {
            kernel,
            inner,
            state,
            heads,
            groups,
            matrices: DeltaMatrices::Apart,
        }
    })
}

fn feed(name: &str, traits: &Traits, shape: &Architecture) -> Option<Feed> {
    let dense = Dense {
        inner: u64::from(shape.ffn),
        gate: traits.gate,
        bias: false,
        inner_norm: traits.inner_norm,
    };
    let Some(moe) = shape.moe else {
        return Some(Feed::Dense(dense));
    };
    let experts = Experts {
        count: u64::from(moe.experts),
        used: u64::from(moe.top_k),
        inner: u64::from(moe.expert_ffn),
        router: traits.router,
        normalizes: traits.division == Division::Always,
        choice_bias: name == "lfm2moe",
        bias: name == "gpt-oss",
        gate: if name == "gemma4" {
            Gate::Fused
        } else {
            Gate::Parallel
        },
        ..Experts::default()
    };
    match name {
        "gemma4" => Some(Feed::DenseAndExperts(dense, experts)),
        // Their shared networks and leading dense blocks are not in the record.
        "qwen35moe" | "granitemoe" | "granitehybrid" | "deepseek2" => None,
        _ => Some(Feed::Experts(experts)),
    }
}
