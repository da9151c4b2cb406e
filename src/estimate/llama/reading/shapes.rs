//! Whether tensors have the shapes that the hyperparameters ask for, as llama.cpp's loaders check them: a damaged header
//! must not end in a figure. Tensors that no size is taken from are not looked at.

use super::{NoDecoder, Reading};
use crate::estimate::llama::EMBEDDING;
use crate::estimate::llama::decoder::{
    Attention, Decoder, Dense, Experts, Feed, Gate, Mixer, Recurrent,
};

impl Reading<'_> {
    /// The matrices that `decoder` was read from.
    pub(super) fn fits(&self, decoder: &Decoder) -> Result<(), NoDecoder> {
        let Decoder { width, vocab, .. } = *decoder;
        self.shaped(EMBEDDING, &[width, vocab])?;
        self.shaped("output.weight", &[width, vocab])?;
        self.shaped("output_norm.weight", &[width])?;
        for (at, layer) in decoder.layers.iter().take(self.layers).enumerate() {
            let block = Block {
                reading: self,
                at,
                width,
            };
            match &layer.mixer {
                Mixer::Attention(attention) => block.attention(attention)?,
                Mixer::Recurrent(recurrent) => block.recurrent(recurrent)?,
                Mixer::Both(attention, recurrent) => {
                    block.attention(attention)?;
                    block.recurrent(recurrent)?;
                }
                Mixer::Linear => block.has("attn_output", &[width, width])?,
                Mixer::None => {}
            }
            match &layer.feed {
                Feed::Dense(dense) => block.dense(dense)?,
                Feed::Experts(experts) => block.experts(experts)?,
                Feed::DenseAndExperts(dense, experts) => {
                    block.dense(dense)?;
                    block.experts(experts)?;
                }
                Feed::ChannelMix(inner) => {
                    block.has("channel_mix_key", &[width, *inner])?;
                    block.has("channel_mix_value", &[*inner, width])?;
                }
                Feed::None => {}
            }
        }
        Ok(())
    }

    /// Whether a tensor, where it is there, has these axes.
    fn shaped(&self, name: &str, axes: &[u64]) -> Result<(), NoDecoder> {
        let fits = self.tensors.get(name).is_none_or(|tensor| {
            let all = axes.iter().chain(std::iter::repeat(&1));
            tensor.shaped.axes.iter().zip(all).all(|(a, b)| a == b)
        });
        fits.then_some(())
            .ok_or_else(|| NoDecoder::Misshapen(name.into()))
    }
}

/// One block of a file.
struct Block<'a> {
    reading: &'a Reading<'a>,
    at: usize,
    width: u64,
}

impl Block<'_> {
    fn has(&self, name: &str, axes: &[u64]) -> Result<(), NoDecoder> {
        let name = format!("blk.{}.{name}.weight", self.at);
        self.reading.shaped(&name, axes)
    }

    fn attention(&self, it: &Attention) -> Result<(), NoDecoder> {
        let product = |a: u64, b: u64| a.saturating_mul(b);
        if let Some(latent) = it.latent {
            return self.has(
                "attn_output",
                &[product(it.heads, latent.value), self.width],
            );
        }
        let query = product(it.heads, it.key);
        let (key, value) = (product(it.kv_heads, it.key), product(it.kv_heads, it.value));
        let all = query.saturating_add(key).saturating_add(value);
        self.has("attn_qkv", &[self.width, all])?;
        let twins = if it.gated { 2 } else { 1 };
        self.has("attn_q", &[self.width, product(query, twins)])?;
        self.has("attn_k", &[self.width, key])?;
        self.has("attn_v", &[self.width, value])?;
        self.has("attn_output", &[product(it.heads, it.value), self.width])
    }

    fn recurrent(&self, it: &Recurrent) -> Result<(), NoDecoder> {
        let width = self.width;
        match *it {
            Recurrent::ShortConvolution { kernel, width: own } => {
                self.has("shortconv.conv", &[kernel, own])?;
                self.has("shortconv.in_proj", &[width, own.saturating_mul(3)])?;
                self.has("shortconv.out_proj", &[own, width])
            }
            Recurrent::Mamba { inner, .. } | Recurrent::MambaByHeads { inner, .. } => {
                self.has("ssm_in", &[width, inner.saturating_mul(2)])?;
                self.has("ssm_out", &[inner, width])
            }
            Recurrent::Mamba2 { inner, .. } | Recurrent::DeltaNet { inner, .. } => {
                self.has("ssm_out", &[inner, width])
            }
            Recurrent::Rwkv6 { .. } | Recurrent::Rwkv7 { .. } => {
                self.has("time_mix_receptance", &[width, width])?;
                self.has("time_mix_output", &[width, width])
            }
        }
    }

    fn dense(&self, it: &Dense) -> Result<(), NoDecoder> {
        let rows = match it.gate {
            Gate::Fused => it.inner.saturating_mul(2),
            Gate::Parallel | Gate::Alone(_) => it.inner,
        };
        self.has("ffn_up", &[self.width, rows])?;
        self.has("ffn_gate", &[self.width, it.inner])?;
        self.has("ffn_down", &[it.inner, self.width])
    }

    fn experts(&self, it: &Experts) -> Result<(), NoDecoder> {
        let (count, inner) = (it.count, it.inner);
        let width = it.latent.unwrap_or(self.width);
        self.has("ffn_gate_inp", &[self.width, count])?;
        self.has("ffn_gate_exps", &[width, inner, count])?;
        self.has("ffn_up_exps", &[width, inner, count])?;
        self.has("ffn_gate_up_exps", &[width, inner.saturating_mul(2), count])?;
        self.has("ffn_down_exps", &[inner, width, count])
    }
}
