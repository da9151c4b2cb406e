//! The tensors of a decoder, as converters name and order them. Their types are the quantizer's affair.

use super::decoder::{
    AltUp, Attention, Decoder, Dense, Experts, Feed, Gate, Layer, Mixer, Norms, QkNorm, Recurrent,
};
use super::mix;
use crate::gguf::Shaped;

/// What a file holds beside what the graph shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extras {
    /// The embedding serves as output matrix too.
    pub tied: bool,
    /// Factors of the rotation are a tensor (Llama 3): elements.
    pub rope_factors: Option<u64>,
}

/// What the quantizer asks of `decoder`, whose `architecture` is named as in GGUF.
#[must_use]
pub fn facts(architecture: &str, decoder: &Decoder) -> mix::Model {
    let experts = decoder.layers.iter().find_map(|layer| match layer.feed {
        Feed::Experts(experts) | Feed::DenseAndExperts(_, experts) => Some(experts.count),
        Feed::Dense(_) | Feed::ChannelMix(_) | Feed::None => None,
    });
    mix::Model {
        layers: decoder.layers.len() as u64,
        experts: experts.unwrap_or(0),
        grouping: grouping(decoder),
        falcon: architecture == "falcon",
    }
}

/// Query heads to a key-value head, as metadata say of the first block. Those of models with a delta rule have one number
/// of key-value heads for all blocks, whether they attend or not; those of other hybrids list them, 0 where none attends.
fn grouping(decoder: &Decoder) -> u64 {
    let of = |layer: &Layer| {
        let attention = layer.mixer.attention()?;
        attention.heads.checked_div(attention.kv_heads)
    };
    let first = decoder.layers.first();
    let recurs = first.and_then(|layer| layer.mixer.recurrent());
    let grouping = if matches!(recurs, Some(Recurrent::DeltaNet { .. })) {
        decoder.layers.iter().find_map(of)
    } else {
        first.and_then(of)
    };
    grouping.unwrap_or(0)
}

/// A growing list of tensors.
struct List {
    tensors: Vec<Shaped>,
    prefix: String,
}

impl List {
    fn push(&mut self, name: &str, axes: &[u64]) {
        let mut all = [1; 4];
        for (axis, &length) in all.iter_mut().zip(axes) {
            *axis = length;
        }
        self.tensors.push(Shaped {
            name: format!("{}{name}", self.prefix),
            axes: all,
        });
    }

    fn matrix(&mut self, name: &str, columns: u64, rows: u64) {
        self.push(&format!("{name}.weight"), &[columns, rows]);
    }

    fn vector(&mut self, name: &str, length: u64) {
        self.push(&format!("{name}.weight"), &[length]);
    }

    fn bias(&mut self, name: &str, length: u64) {
        self.push(&format!("{name}.bias"), &[length]);
    }
}

/// The tensors of `decoder`.
#[must_use]
pub fn tensors(decoder: &Decoder, extras: Extras) -> Vec<Shaped> {
    let mut list = List {
        tensors: Vec::new(),
        prefix: String::new(),
    };
    let (width, vocab) = (decoder.width, decoder.vocab);
    let short = decoder.layers.iter().any(|layer| {
        matches!(
            layer.mixer.recurrent(),
            Some(Recurrent::ShortConvolution { .. })
        )
    });
    list.matrix("token_embd", width, vocab);
    // LFM2 names its last norm after the embedding.
    list.vector(
        if short {
            "token_embd_norm"
        } else {
            "output_norm"
        },
        width,
    );
    if !extras.tied {
        list.matrix("output", width, vocab);
    }
    if let Some(factors) = extras.rope_factors {
        list.vector("rope_freqs", factors);
    }
    let blocks = decoder.layers.len() as u64;
    if let Some(altup) = decoder.habits.streams {
        list.push("altup_proj.weight", &[width, width, altup.streams - 1]);
        list.push(
            "altup_unembd_proj.weight",
            &[width, width, altup.streams - 1],
        );
    }
    if let Some(own) = decoder.habits.per_layer {
        list.matrix("per_layer_token_embd", own * blocks, vocab);
        list.matrix("per_layer_model_proj", width, own * blocks);
        list.vector("per_layer_proj_norm", own);
    }
    for (at, layer) in decoder.layers.iter().enumerate() {
        list.prefix = format!("blk.{at}.");
        block(&mut list, decoder, layer);
    }
    list.tensors
}

fn block(list: &mut List, decoder: &Decoder, layer: &Layer) {
    let (width, habits) = (decoder.width, decoder.habits);
    if !matches!(habits.norms, Norms::After | Norms::Sums) {
        list.vector("attn_norm", width);
    }
    match &layer.mixer {
        Mixer::Attention(it) => attention(list, decoder, it),
        Mixer::Recurrent(it) => recurrent(list, width, it),
        Mixer::Both(heads, state) => {
            attention(list, decoder, heads);
            recurrent(list, width, state);
        }
        Mixer::Linear => list.matrix("attn_output", width, width),
        Mixer::None => {}
    }
    if layer.feed == Feed::None {
        return;
    }
    if habits.norms != Norms::After {
        list.vector("ffn_norm", width);
    }
    if habits.norms != Norms::Before {
        list.vector("post_attention_norm", width);
        list.vector("post_ffw_norm", width);
    }
    match &layer.feed {
        Feed::Dense(it) => dense(list, width, it),
        Feed::Experts(it) => experts(list, width, it),
        Feed::DenseAndExperts(one, many) => {
            dense(list, width, one);
            experts(list, width, many);
            list.push("ffn_gate_inp.scale", &[width]);
            for name in ["post_ffw_norm_1", "pre_ffw_norm_2", "post_ffw_norm_2"] {
                list.vector(name, width);
            }
        }
        // No record is of such a block: what its file holds is read from the file.
        Feed::ChannelMix(_) | Feed::None => {}
    }
    if let Some(own) = habits.per_layer {
        list.matrix("inp_gate", width, own);
        list.matrix("proj", own, width);
        list.vector("post_norm", width);
    }
    if let Some(it) = habits.streams {
        streams(list, width, it);
    }
    if layer.scaled {
        list.vector("layer_output_scale", 1);
    }
}

fn streams(list: &mut List, width: u64, altup: AltUp) {
    let count = altup.streams;
    list.matrix("altup_correct_coef", count, count);
    list.vector("altup_correct_scale", width);
    list.matrix("altup_predict_coef", count, count * count);
    list.matrix("altup_router", width, count);
    list.vector("altup_router_norm", width);
    list.matrix("laurel_l", width, altup.laurel);
    list.matrix("laurel_r", altup.laurel, width);
    list.vector("laurel_post_norm", width);
}

fn attention(list: &mut List, decoder: &Decoder, it: &Attention) {
    let width = decoder.width;
    // Gemma 3n's files hold keys and values of all blocks, though some read an earlier block's cache.
    let stores = it.caches || decoder.habits.streams.is_some();
    let (query, key, value) = (
        it.heads * it.key,
        it.kv_heads * it.key,
        it.kv_heads * it.value,
    );
    if let Some(latent) = it.latent {
        match latent.query_rank {
            Some(rank) => {
                list.matrix("attn_q_a", width, rank);
                list.vector("attn_q_a_norm", rank);
                list.matrix("attn_q_b", rank, it.heads * latent.key);
            }
            None => list.matrix("attn_q", width, it.heads * latent.key),
        }
        list.matrix("attn_kv_a_mqa", width, latent.rank + latent.rope);
        list.vector("attn_kv_a_norm", latent.rank);
        let plain = latent.key.saturating_sub(latent.rope);
        if latent.absorbed {
            list.push("attn_k_b.weight", &[plain, latent.rank, it.heads]);
            list.push("attn_v_b.weight", &[latent.rank, latent.value, it.heads]);
        } else {
            list.matrix("attn_kv_b", latent.rank, it.heads * (plain + latent.value));
        }
        list.matrix("attn_output", it.heads * latent.value, width);
        return;
    }
    if it.fused {
        list.matrix("attn_qkv", width, query + key + value);
    } else {
        let gates = if it.gated { 2 } else { 1 };
        list.matrix("attn_q", width, query * gates);
        if stores {
            list.matrix("attn_k", width, key);
            if !it.keys_are_values {
                list.matrix("attn_v", width, value);
            }
        }
        if it.bias {
            list.bias("attn_q", query);
            list.bias("attn_k", key);
            list.bias("attn_v", value);
        }
    }
    list.matrix("attn_output", it.heads * it.value, width);
    if it.output_bias {
        list.bias("attn_output", width);
    }
    if it.inner_norm {
        list.vector("attn_sub_norm", it.heads * it.value);
    }
    match it.qk_norm {
        QkNorm::None => {}
        QkNorm::Heads => {
            list.vector("attn_q_norm", it.key);
            if stores {
                list.vector("attn_k_norm", it.key);
            }
        }
        QkNorm::Row => {
            list.vector("attn_q_norm", query);
            list.vector("attn_k_norm", key);
        }
    }
}

fn recurrent(list: &mut List, width: u64, it: &Recurrent) {
    match *it {
        Recurrent::ShortConvolution { kernel, width: own } => {
            list.matrix("shortconv.conv", kernel, own);
            list.matrix("shortconv.in_proj", width, own * 3);
            list.matrix("shortconv.out_proj", own, width);
        }
        Recurrent::Mamba {
            kernel,
            inner,
            state,
            rank,
            ..
        } => {
            list.matrix("ssm_in", width, inner * 2);
            list.matrix("ssm_conv1d", kernel, inner);
            list.bias("ssm_conv1d", inner);
            list.matrix("ssm_x", inner, rank + 2 * state);
            list.matrix("ssm_dt", rank, inner);
            list.bias("ssm_dt", inner);
            list.push("ssm_a", &[state, inner]);
            list.push("ssm_d", &[inner]);
            list.matrix("ssm_out", inner, width);
        }
        Recurrent::Mamba2 {
            kernel,
            inner,
            state,
            heads,
            groups,
            normed,
        } => {
            let channels = inner + 2 * groups * state;
            list.matrix("ssm_in", width, inner + channels + heads);
            list.matrix("ssm_conv1d", kernel, channels);
            list.bias("ssm_conv1d", channels);
            list.bias("ssm_dt", heads);
            list.push("ssm_a", &[1, heads]);
            list.push("ssm_d", &[1, heads]);
            if normed {
                list.matrix("ssm_norm", inner / groups, groups);
            }
            list.matrix("ssm_out", inner, width);
        }
        // No record is of such a block: what its file holds is read from the file.
        Recurrent::MambaByHeads { .. } | Recurrent::Rwkv6 { .. } | Recurrent::Rwkv7 { .. } => {}
        Recurrent::DeltaNet {
            kernel,
            inner,
            state,
            heads,
            groups,
            ..
        } => {
            let channels = inner + 2 * groups * state;
            list.matrix("attn_qkv", width, channels);
            list.matrix("attn_gate", width, inner);
            list.matrix("ssm_conv1d", kernel, channels);
            list.bias("ssm_dt", heads);
            list.push("ssm_a", &[heads]);
            list.matrix("ssm_beta", width, heads);
            list.matrix("ssm_alpha", width, heads);
            list.vector("ssm_norm", inner / heads);
            list.matrix("ssm_out", inner, width);
        }
    }
}

fn dense(list: &mut List, width: u64, it: &Dense) {
    let inner = it.inner;
    match it.gate {
        Gate::Parallel => {
            list.matrix("ffn_gate", width, inner);
            list.matrix("ffn_up", width, inner);
        }
        Gate::Fused => list.matrix("ffn_up", width, inner * 2),
        Gate::Alone(_) => list.matrix("ffn_up", width, inner),
    }
    list.matrix("ffn_down", inner, width);
    if it.inner_norm {
        list.vector("ffn_sub_norm", inner);
    }
}

fn experts(list: &mut List, width: u64, it: &Experts) {
    let (count, inner) = (it.count, it.inner);
    list.matrix("ffn_gate_inp", width, count);
    if it.gate == Gate::Fused {
        list.push("ffn_gate_up_exps.weight", &[width, inner * 2, count]);
    } else if it.gate == Gate::Parallel {
        list.push("ffn_gate_exps.weight", &[width, inner, count]);
    }
    list.push("ffn_down_exps.weight", &[inner, width, count]);
    if it.gate != Gate::Fused {
        list.push("ffn_up_exps.weight", &[width, inner, count]);
    }
    if it.bias {
        list.bias("ffn_gate_inp", count);
        list.push("ffn_gate_exps.bias", &[inner, count]);
        list.push("ffn_down_exps.bias", &[width, count]);
        list.push("ffn_up_exps.bias", &[inner, count]);
    }
    if it.choice_bias {
        list.bias("exp_probs_b", count);
    }
    if let Some(shared) = it.shared {
        list.matrix("ffn_gate_shexp", width, shared);
        list.matrix("ffn_up_shexp", width, shared);
        list.matrix("ffn_down_shexp", shared, width);
    }
}
