//! A decoder from the header of a GGUF file: hyperparameters as llama.cpp's loaders read them, and which tensors are
//! there. What an architecture needs and a file does not say is an error, not a guess.

use std::collections::BTreeMap;

use super::EMBEDDING;
use super::decoder::{
    AltUp, Attention, Decoder, Dense, Experts, Feed, Gate, Latent, Layer, Mixer, Recurrent, Router,
};
use super::traits::{self, Kin, Traits};
use crate::gguf::{Header, Stored, Value};

/// Largest hyperparameter that is believed.
const LARGEST: u64 = 1 << 24;
/// Most blocks.
const MOST_BLOCKS: u64 = 1 << 10;

/// Why a header gives no decoder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoDecoder {
    /// There is no `general.architecture`.
    NoArchitecture,
    /// The graph of this architecture is not replayed here.
    Unknown(String),
    /// A hyperparameter or tensor is missing or out of range.
    Missing(String),
}

/// A header with its tensors by name.
struct Reading<'a> {
    header: &'a Header,
    architecture: &'a str,
    traits: Traits,
    tensors: BTreeMap<&'a str, &'a Stored>,
    layers: usize,
}

/// The decoder of `header`.
///
/// # Errors
/// See [`NoDecoder`].
pub fn decoder(header: &Header) -> Result<Decoder, NoDecoder> {
    let architecture = header
        .text("general.architecture")
        .ok_or(NoDecoder::NoArchitecture)?;
    let traits = traits::of(architecture)
        .ok_or_else(|| NoDecoder::Unknown(architecture.chars().take(40).collect()))?;
    let mut reading = Reading {
        header,
        architecture,
        traits,
        tensors: header
            .tensors
            .iter()
            .map(|it| (it.shaped.name.as_str(), it))
            .collect(),
        layers: 0,
    };
    let blocks = reading.number("block_count")?;
    let extra = reading.optional("nextn_predict_layers").unwrap_or(0);
    let blocks = blocks.saturating_sub(extra);
    if !(1..=MOST_BLOCKS).contains(&blocks) {
        return Err(reading.missing("block_count"));
    }
    reading.layers = blocks as usize;
    reading.decoder()
}

impl Reading<'_> {
    fn key(&self, key: &str) -> String {
        format!("{}.{key}", self.architecture)
    }

    fn missing(&self, key: &str) -> NoDecoder {
        NoDecoder::Missing(self.key(key))
    }

    fn optional(&self, key: &str) -> Option<u64> {
        self.header
            .whole(&self.key(key))
            .filter(|number| *number <= LARGEST)
    }

    fn number(&self, key: &str) -> Result<u64, NoDecoder> {
        self.optional(key)
            .filter(|number| *number > 0)
            .ok_or_else(|| self.missing(key))
    }

    /// One number for each block.
    fn by_block(&self, key: &str) -> Option<Vec<u64>> {
        self.header
            .wholes(&self.key(key), self.layers)
            .filter(|numbers| numbers.iter().all(|number| *number <= LARGEST))
    }

    fn has(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    /// An axis of a block's tensor.
    fn axis(&self, block: usize, name: &str, axis: usize) -> Result<u64, NoDecoder> {
        let name = format!("blk.{block}.{name}");
        self.tensors
            .get(name.as_str())
            .map(|it| it.shaped.axes[axis])
            .filter(|length| *length <= LARGEST)
            .ok_or(NoDecoder::Missing(name))
    }

    fn decoder(&self) -> Result<Decoder, NoDecoder> {
        let embedding = self
            .tensors
            .get(EMBEDDING)
            .filter(|it| it.shaped.axes[1] <= LARGEST)
            .ok_or_else(|| NoDecoder::Missing(EMBEDDING.into()))?;
        let window = self.window()?;
        let windowed = self.windowed(window)?;
        let layers = (0..self.layers)
            .map(|at| self.layer(at, windowed[at]))
            .collect::<Result<_, _>>()?;
        let mut habits = self.traits.habits;
        habits.per_layer = self
            .optional("embedding_length_per_layer_input")
            .filter(|width| *width > 0);
        if self.architecture == "gemma3n" {
            habits.streams = Some(self.altup()?);
        }
        if self
            .real("attention.temperature_scale")
            .is_some_and(|it| it != 0.0)
        {
            habits.tempered = self.architecture == "mistral3" || self.architecture == "deepseek2";
        }
        if matches!(self.architecture, "gemma3" | "gemma4") {
            let squashes = self
                .real("final_logit_softcapping")
                .is_some_and(|it| it != 0.0);
            habits.logit_operations = if squashes { 3 } else { 0 };
        }
        if self.architecture.starts_with("granite") {
            habits.scales_residual = self.real("residual_scale").is_some_and(|it| it != 0.0);
            let scaled = self.real("embedding_scale").is_some_and(|it| it != 0.0);
            if !scaled {
                habits.embedding = super::decoder::EmbeddingScale::None;
            }
            if self.architecture == "granitehybrid"
                && !self.real("logit_scale").is_some_and(|it| it != 0.0)
            {
                habits.logit_operations = 0;
            }
        }
        Ok(Decoder {
            width: self.number("embedding_length")?,
            vocab: embedding.shaped.axes[1],
            window,
            habits,
            layers,
        })
    }

    fn real(&self, key: &str) -> Option<f64> {
        self.header.real(&self.key(key))
    }

    fn altup(&self) -> Result<AltUp, NoDecoder> {
        let sparse = match self.header.get(&self.key("activation_sparsity_scale")) {
            Some(Value::List(list)) => list
                .entries
                .iter()
                .filter(|it| matches!(it, Value::Real(scale) if scale.is_finite()))
                .count(),
            _ => 10,
        };
        Ok(AltUp {
            streams: self.optional("altup.num_inputs").unwrap_or(4).max(2),
            laurel: self.axis(0, "laurel_l.weight", 1)?,
            sparse_layers: sparse as u32,
        })
    }

    /// The window of the second cache.
    fn window(&self) -> Result<Option<u64>, NoDecoder> {
        if self.traits.ignores_window {
            return Ok(None);
        }
        let said = self
            .optional("attention.sliding_window")
            .filter(|it| *it > 0);
        match self.architecture {
            "gemma2" => Ok(Some(said.unwrap_or(4096))),
            "gemma3n" | "gemma4" | "gpt-oss" => said
                .map(Some)
                .ok_or_else(|| self.missing("attention.sliding_window")),
            "gemma3" | "exaone4" | "olmo2" => Ok(said),
            _ => Ok(None),
        }
    }

    /// Which blocks attend to the window only.
    fn windowed(&self, window: Option<u64>) -> Result<Vec<bool>, NoDecoder> {
        if window.is_none() {
            return Ok(vec![false; self.layers]);
        }
        let key = "attention.sliding_window_pattern";
        let listed = matches!(self.header.get(&self.key(key)), Some(Value::List(_)));
        if listed {
            let pattern = self.by_block(key).ok_or_else(|| self.missing(key))?;
            return Ok(pattern.into_iter().map(|it| it != 0).collect());
        }
        let every = self
            .optional(key)
            .or(self.traits.full_every.map(u64::from))
            .filter(|it| *it > 0)
            .ok_or_else(|| self.missing(key))?;
        Ok((0..self.layers as u64)
            .map(|at| at % every < every - 1)
            .collect())
    }

    fn layer(&self, at: usize, windowed: bool) -> Result<Layer, NoDecoder> {
        Ok(Layer {
            mixer: self.mixer(at, windowed)?,
            feed: self.feed(at)?,
            scaled: self.has(&format!("blk.{at}.layer_output_scale.weight")),
        })
    }

    fn mixer(&self, at: usize, windowed: bool) -> Result<Mixer, NoDecoder> {
        let recurs = match self.traits.recurrent {
            Kin::None => false,
            Kin::Mamba => true,
            Kin::Mamba2 if self.architecture == "mamba2" => true,
            Kin::Mamba2 if self.architecture == "falcon-h1" => {
                let heads = self.attention(at, windowed)?;
                return Ok(Mixer::Both(heads, self.recurrent(at)?));
            }
            Kin::ShortConvolution | Kin::Mamba2 => {
                let key = "attention.head_count_kv";
                self.by_block(key).ok_or_else(|| self.missing(key))?[at] == 0
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

    fn attention(&self, at: usize, windowed: bool) -> Result<Attention, NoDecoder> {
        let heads = self
            .by_block("attention.head_count")
            .ok_or_else(|| self.missing("attention.head_count"))?[at];
        let kv_heads = self
            .by_block("attention.head_count_kv")
            .map_or(heads, |all| all[at]);
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
        let unrotated = self
            .traits
            .unrotated_every
            .is_some_and(|every| (at as u64 + 1).is_multiple_of(u64::from(every)));
        let windows = self.window()?.is_some();
        let exaone = self.architecture == "exaone4" && windows && !windowed;
        let granite = self.architecture == "granitehybrid"
            && !self
                .header
                .truth(&self.key("rope.scaling.finetuned"))
                .unwrap_or(false);
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
            rotates: !(unrotated || exaone || granite),
            keys_are_values: self.architecture == "gemma4" && !named("attn_v.weight"),
            bias: named("attn_q.bias") || named("attn_qkv.bias"),
            output_bias: named("attn_output.bias"),
            fused: named("attn_qkv.weight"),
            latent,
            ..self.traits.attention
        })
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
        if !matches!(self.architecture, "deepseek2" | "minicpm3") {
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
        let groups = self.number("ssm.group_count")?;
        if !inner.is_multiple_of(rank) || !inner.is_multiple_of(groups) {
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
            }
        })
    }

    fn feed(&self, at: usize) -> Result<Feed, NoDecoder> {
        let named = |name: &str| self.has(&format!("blk.{at}.{name}"));
        let dense = named("ffn_up.weight").then(|| self.dense(at)).transpose()?;
        let experts = (named("ffn_up_exps.weight") || named("ffn_gate_up_exps.weight"))
            .then(|| self.experts(at))
            .transpose()?;
        match (dense, experts) {
            (Some(dense), Some(experts)) => Ok(Feed::DenseAndExperts(dense, experts)),
            (Some(dense), None) => Ok(Feed::Dense(dense)),
            (None, Some(experts)) => Ok(Feed::Experts(experts)),
            (None, None) if matches!(self.architecture, "mamba" | "mamba2") => Ok(Feed::None),
            (None, None) => Err(NoDecoder::Missing(format!("blk.{at}.ffn_up.weight"))),
        }
    }

    fn dense(&self, at: usize) -> Result<Dense, NoDecoder> {
        let named = |name: &str| self.has(&format!("blk.{at}.{name}"));
        let rows = self.axis(at, "ffn_up.weight", 1)?;
        let fused = self.traits.gate == Gate::Fused;
        Ok(Dense {
            inner: if fused { rows / 2 } else { rows },
            gate: self.traits.gate,
            bias: named("ffn_up.bias"),
            inner_norm: self.traits.inner_norm,
        })
    }

    fn experts(&self, at: usize) -> Result<Experts, NoDecoder> {
        let named = |name: &str| self.has(&format!("blk.{at}.{name}"));
        let fused = named("ffn_gate_up_exps.weight");
        let count = self.number("expert_count")?;
        let used = self
            .by_block("expert_used_count")
            .map(|all| all[at])
            .filter(|used| (1..=count).contains(used))
            .ok_or_else(|| self.missing("expert_used_count"))?;
        let router = match self.optional("expert_gating_func") {
            Some(2) => Router::Sigmoid,
            Some(3) => Router::SoftmaxOfChosen,
            Some(1) => Router::Softmax,
            _ => self.traits.router,
        };
        let scale = self.real("expert_weights_scale").unwrap_or(0.0);
        let shared = named("ffn_up_shexp.weight")
            .then(|| self.axis(at, "ffn_up_shexp.weight", 1))
            .transpose()?;
        Ok(Experts {
            count,
            used,
            inner: self.axis(at, "ffn_down_exps.weight", 0)?,
            router,
            normalizes: match self.architecture {
                "deepseek2" => self.header.truth(&self.key("expert_weights_norm")) == Some(true),
                _ => self.traits.normalizes,
            },
            scales: scale != 0.0 && (scale - 1.0).abs() > f64::EPSILON,
            choice_bias: named("exp_probs_b.bias"),
            bias: named("ffn_up_exps.bias"),
            fused,
            shared,
            shared_gate: named("ffn_gate_inp_shexp.weight"),
        })
    }
}
