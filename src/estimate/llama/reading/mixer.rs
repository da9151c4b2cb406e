//! What looks back at earlier tokens, block by block.

use super::{NoDecoder, Reading};
use crate::estimate::llama::decoder::{
    Attention, DeltaMatrices, Latent, Mixer, QkNorm, Recurrent, RwkvRanks,
};
use crate::estimate::llama::traits::Kin;

impl Reading<'_> {
    pub(super) fn mixer(&self, at: usize, windowed: bool) -> Result<Mixer, NoDecoder> {
        let recurs = match self.traits.recurrent {
            Kin::None if self.architecture == "deci" => {
                let heads = self.heads(at)?;
                match heads {
                    (0, _) => return Ok(Mixer::None),
                    (_, 0) => return Ok(Mixer::Linear),
                    _ => false,
                }
            }
            Kin::None => false,
            Kin::Rwkv6 | Kin::Rwkv7 => true,
            Kin::Mamba if self.architecture == "mamba" => true,
            Kin::Mamba2 if self.architecture == "mamba2" => true,
            Kin::Mamba2 if self.only_feeds(at) => return Ok(Mixer::None),
            Kin::Mamba2 if self.architecture == "falcon-h1" => {
                let heads = self.attention(at, windowed)?;
                return Ok(Mixer::Both(heads, self.recurrent(at)?));
            }
            Kin::ShortConvolution | Kin::Mamba | Kin::Mamba2 | Kin::MambaByHeads => {
                let key = "attention.head_count_kv";
                self.by_block(key).ok_or_else(|| self.missing(key))?[at] == 0
            }
            Kin::DeltaNet if self.says_which_recur() => {
                let key = "attention.recurrent_layers";
                self.by_block(key).ok_or_else(|| self.missing(key))?[at] != 0
            }
            Kin::DeltaNet => {
                let every = self
                    .optional("full_attention_interval")
                    .or(self.traits.full_every.map(u64::from))
                    .unwrap_or(4)
                    .max(1);
                !(at as u64 + 1).is_multiple_of(every)
            }
        };
        if recurs {
            self.recurrent(at).map(Mixer::Recurrent)
        } else {
            self.attention(at, windowed).map(Mixer::Attention)
        }
    }

    /// Whether the file lists the recurrent blocks, as loaders of Qwen 3 Next and 3.5 look for.
    fn says_which_recur(&self) -> bool {
        let key = self.key("attention.recurrent_layers");
        self.header.get(&key).is_some()
    }

    /// Query heads and key-value heads of a block.
    fn heads(&self, at: usize) -> Result<(u64, u64), NoDecoder> {
        let heads = self
            .by_block("attention.head_count")
            .ok_or_else(|| self.missing("attention.head_count"))?[at];
        let kv_heads = self
            .by_block("attention.head_count_kv")
            .map_or(heads, |all| all[at]);
        Ok((heads, kv_heads))
    }

    /// Whether a block of Nemotron H has a feed-forward part and nothing else.
    fn only_feeds(&self, at: usize) -> bool {
        self.architecture.starts_with("nemotron_h")
            && self
                .by_block("feed_forward_length")
                .is_some_and(|all| all[at] > 0)
    }

    fn attention(&self, at: usize, windowed: bool) -> Result<Attention, NoDecoder> {
        let (heads, kv_heads) = self.heads(at)?;
        if heads == 0 || kv_heads == 0 {
            return Err(self.missing("attention.head_count"));
        }
        let even = self.number("embedding_length")? / heads;
        let local = |key: &str, name: &str| {
            windowed
                .then(|| self.optional(&format!("{key}_swa")))
                .flatten()
                .or_else(|| self.optional(key))
                .filter(|it| *it > 0)
                .ok_or_else(|| self.missing(name))
        };
        let key = local("attention.key_length", "attention.key_length").unwrap_or(even);
        let value = local("attention.value_length", "attention.value_length").unwrap_or(even);
        let named = |name: &str| self.has(&format!("blk.{at}.{name}"));
        let windows = self.window()?.is_some();
        let rotates = self.rotates(at, windows, windowed);
        // Granite rotates unless the file says that they were not trained to.
        let granite = self.architecture.starts_with("granite")
            && self.header.truth(&self.key("rope.scaling.finetuned")) == Some(false);
        let latent = self.latent(at, heads)?;
        let (key, value, kv_heads) = match latent {
            Some(latent) if latent.absorbed => (latent.rank + latent.rope, latent.rank, 1),
            Some(latent) => (latent.key, latent.value, heads),
            None => (key, value, kv_heads),
        };
        Ok(Attention {
            heads,
            kv_heads,
            key,
            value,
            windowed,
            caches: self.caches(at),
            rotates: rotates && !granite && self.in_rope_pattern(at),
            head_gate: self.traits.attention.head_gate && named("attn_gate.weight"),
            tempered: self.architecture == "llama4" && windows && !rotates,
            qk_norm: if named("attn_q_norm.weight") {
                self.traits.attention.qk_norm
            } else {
                QkNorm::None
            },
            keys_are_values: self.architecture == "gemma4" && !named("attn_v.weight"),
            bias: named("attn_q.bias") || named("attn_qkv.bias"),
            output_bias: named("attn_output.bias"),
            fused: named("attn_qkv.weight"),
            latent,
            ..self.traits.attention
        })
    }

    /// Whether a block rotates queries and keys.
    fn rotates(&self, at: usize, windows: bool, windowed: bool) -> bool {
        let every = match self.architecture {
            "llama4" if !windows => Some(self.layers as u64),
            _ => self.traits.unrotated_every.map(u64::from),
        };
        let skips = every.is_some_and(|every| (at as u64 + 1).is_multiple_of(every));
        let global = self.traits.rotates_windows && windows && !windowed;
        // Baichuan 13B has biases by distance instead; its loader knows it by the number of blocks.
        let biased = self.architecture == "baichuan" && self.layers != 32;
        self.traits.attention.rotates && !(skips || global || biased)
    }

    /// Whether a list by block, where the file has one, lets the block rotate (Granite with windows).
    fn in_rope_pattern(&self, at: usize) -> bool {
        if self.architecture != "granite_swa" {
            return true;
        }
        let pattern = self.by_block("attention.rope_pattern");
        pattern.is_none_or(|pattern| pattern[at] != 0)
    }

    /// Whether a block writes a cache of its own.
    fn caches(&self, at: usize) -> bool {
        let shared = match self.architecture {
            "gemma3n" => self.layers.saturating_sub(20) as u64,
            "gemma4" => self.optional("attention.shared_kv_layers").unwrap_or(0),
            _ => 0,
        };
        (at as u64) < (self.layers as u64).saturating_sub(shared)
    }

    fn latent(&self, at: usize, heads: u64) -> Result<Option<Latent>, NoDecoder> {
        if !matches!(self.architecture, "deepseek2" | "minicpm3" | "plm") {
            return Ok(None);
        }
        let absorbed = self.has(&format!("blk.{at}.attn_k_b.weight"));
        let (key, value) = if absorbed {
            (
                self.number("attention.key_length_mla")?,
                self.number("attention.value_length_mla")?,
            )
        } else {
            let even = self.number("embedding_length")? / heads;
            (
                self.optional("attention.key_length").unwrap_or(even),
                self.optional("attention.value_length").unwrap_or(even),
            )
        };
        Ok(Some(Latent {
            query_rank: if self.has(&format!("blk.{at}.attn_q_a.weight")) {
                Some(self.axis(at, "attn_q_a.weight", 1)?)
            } else {
                None
            },
            rank: self.number("attention.kv_lora_rank")?,
            rope: self.number("rope.dimension_count")?,
            absorbed,
            key,
            value,
        }))
    }

    fn recurrent(&self, at: usize) -> Result<Recurrent, NoDecoder> {
        if self.traits.recurrent == Kin::ShortConvolution {
            return Ok(Recurrent::ShortConvolution {
                kernel: self.number("shortconv.l_cache")?,
                width: self.number("embedding_length")?,
            });
        }
        if matches!(self.traits.recurrent, Kin::Rwkv6 | Kin::Rwkv7) {
            return self.rwkv(at);
        }
        let kernel = self.number("ssm.conv_kernel")?;
        let inner = self.number("ssm.inner_size")?;
        let state = self.number("ssm.state_size")?;
        let rank = self.number("ssm.time_step_rank")?;
        if self.traits.recurrent == Kin::Mamba {
            return Ok(Recurrent::Mamba {
                kernel,
                inner,
                state,
                rank,
                normed: self.has(&format!("blk.{at}.ssm_dt_norm.weight"))
                    || self.header.truth(&self.key("ssm.dt_b_c_rms")) == Some(true),
            });
        }
        if self.traits.recurrent == Kin::MambaByHeads {
            if !inner.is_multiple_of(rank) {
                return Err(self.missing("ssm.inner_size"));
            }
            return Ok(Recurrent::MambaByHeads {
                kernel,
                inner,
                state,
                heads: rank,
                rank: self.axis(at, "ssm_dt.weight", 0)?,
            });
        }
        let groups = self.number("ssm.group_count")?;
        let repeats = self.traits.recurrent == Kin::DeltaNet && !rank.is_multiple_of(groups);
        if !inner.is_multiple_of(rank) || !inner.is_multiple_of(groups) || repeats {
            return Err(self.missing("ssm.inner_size"));
        }
        Ok(if self.traits.recurrent == Kin::Mamba2 {
            Recurrent::Mamba2 {
                kernel,
                inner,
                state,
                heads: rank,
                groups,
                normed: self.has(&format!("blk.{at}.ssm_norm.weight")),
            }
        } else {
            Recurrent::DeltaNet {
                kernel,
                inner,
                state,
                heads: rank,
                groups,
                matrices: match self.architecture {
                    "qwen3next" if self.has(&format!("blk.{at}.ssm_in.weight")) => {
                        DeltaMatrices::ByGroups
                    }
                    "qwen3next" => DeltaMatrices::Shared,
                    _ => DeltaMatrices::Apart,
                },
            }
        })
    }

    fn rwkv(&self, at: usize) -> Result<Recurrent, NoDecoder> {
        let width = self.number("embedding_length")?;
        let head = self.number("wkv.head_size")?;
        if !width.is_multiple_of(head) {
            return Err(self.missing("wkv.head_size"));
        }
        let named = |name: &str| self.has(&format!("blk.{at}.{name}"));
        let mixes_channels = named("channel_mix_key.weight");
        let looks_back = if mixes_channels { 2 } else { 1 };
        if self.optional("token_shift_count").unwrap_or(2) != looks_back {
            return Err(self.missing("token_shift_count"));
        }
        if self.traits.recurrent == Kin::Rwkv6 {
            return Ok(Recurrent::Rwkv6 {
                width,
                head,
                mix: self.axis(at, "time_mix_w1.weight", 1)? / 5,
                decay: self.axis(at, "time_mix_decay_w1.weight", 1)?,
                fused: named("time_mix_lerp_fused.weight"),
                kv_heads: (!named("time_mix_first.weight"))
                    .then(|| self.rwkv_kv_heads(width / head))
                    .transpose()?,
            });
        }
        Ok(Recurrent::Rwkv7 {
            width,
            head,
            ranks: RwkvRanks {
                decay: self.axis(at, "time_mix_w1.weight", 1)?,
                rate: self.axis(at, "time_mix_a1.weight", 1)?,
                value: self.axis(at, "time_mix_v1.weight", 1)?,
                gate: named("time_mix_g1.weight")
                    .then(|| self.axis(at, "time_mix_g1.weight", 1))
                    .transpose()?,
            },
            normed: named("time_mix_ln.weight"),
            mixes_channels,
        })
    }

    /// Heads of keys and values of a decoder that was taught to recur; where the file has none, those of queries.
    fn rwkv_kv_heads(&self, heads: u64) -> Result<u64, NoDecoder> {
        let key = "attention.head_count_kv";
        match self.optional(key) {
            None | Some(0) => Ok(heads),
            Some(kv_heads) if heads.is_multiple_of(kv_heads) => Ok(kv_heads),
            Some(_) => Err(self.missing(key)),
        }
    }
}
