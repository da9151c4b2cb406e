//! A decoder from the header of a GGUF file: hyperparameters as llama.cpp's loaders read them, and which tensors are
//! there. What an architecture needs and a file does not say is an error, not a guess.

mod feed;
mod mixer;
mod shapes;

use std::collections::BTreeMap;

use super::EMBEDDING;
use super::decoder::{AltUp, Decoder, EmbeddingScale, Habits, Layer, ParallelNorms, Pooling};
use super::traits::{self, Traits};
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
    /// A tensor has another shape than the hyperparameters ask for.
    Misshapen(String),
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
            .map(|it| (bare(architecture, &it.shaped.name), it))
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

/// The name of a tensor without the half of T5 that it belongs to. The graph whose memory is set aside is the decoder's.
fn bare<'a>(architecture: &str, name: &'a str) -> &'a str {
    let half = match architecture {
        "t5" => "dec.",
        "t5encoder" => "enc.",
        _ => "",
    };
    name.strip_prefix(half).unwrap_or(name)
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
        let habits = self.habits()?;
        let layers = (0..self.layers)
            .map(|at| self.layer(at, windowed[at], habits.deepstack))
            .collect::<Result<_, _>>()?;
        let layers = self.looped(layers)?;
        let decoder = Decoder {
            width: self.number("embedding_length")?,
            vocab: embedding.shaped.axes[1],
            window,
            habits,
            layers,
        };
        self.fits(&decoder)?;
        Ok(decoder)
    }

    /// The blocks as often as they run: Nanbeige's run several times, each time with a cache of their own.
    fn looped(&self, mut layers: Vec<Layer>) -> Result<Vec<Layer>, NoDecoder> {
        let times = self.optional("num_loops").unwrap_or(1);
        if self.architecture != "nanbeige" || times == 1 {
            return Ok(layers);
        }
        if times == 0 || times.saturating_mul(layers.len() as u64) > MOST_BLOCKS {
            return Err(self.missing("num_loops"));
        }
        let skips = self.header.truth(&self.key("skip_loop_final_norm")) == Some(true);
        if let Some(last) = layers.last_mut() {
            last.closes = !skips;
        }
        let mut all = layers.repeat(times as usize);
        if let Some(last) = all.last_mut() {
            last.closes = false;
        }
        Ok(all)
    }

    /// The ways of the architecture where metadata and tensors decide about them.
    fn habits(&self) -> Result<Habits, NoDecoder> {
        let mut habits = self.traits.habits;
        self.beside(&mut habits)?;
        self.positions(&mut habits)?;
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
        if self.architecture == "t5" {
            habits.cross = Some(self.number("context_length")?);
            // The cache has a place for each block of the encoder; llama.cpp fails where the decoder has others.
            let key = "decoder_block_count";
            let blocks = self.optional(key).unwrap_or(self.layers as u64);
            if blocks != self.layers as u64 {
                return Err(self.missing(key));
            }
        }
        if self.architecture.starts_with("granite") {
            habits.scales_residual = self.real("residual_scale").is_some_and(|it| it != 0.0);
            let scaled = self.real("embedding_scale").is_some_and(|it| it != 0.0);
            if !scaled {
                habits.embedding = EmbeddingScale::None;
            }
            if self.architecture == "granitehybrid"
                && !self.real("logit_scale").is_some_and(|it| it != 0.0)
            {
                habits.logit_operations = 0;
            }
        }
        habits.logit_operations += u8::from(self.has("output.bias"));
        Ok(habits)
    }

    /// Whether attention and feed-forward part stand side by side, and what they read.
    fn beside(&self, habits: &mut Habits) -> Result<(), NoDecoder> {
        match self.architecture {
            "gptneox" => {
                let key = "use_parallel_residual";
                let beside = self
                    .header
                    .truth(&self.key(key))
                    .ok_or_else(|| self.missing(key))?;
                habits.parallel = habits.parallel.filter(|_| beside);
                if let Some(parallel) = &mut habits.parallel {
                    parallel.norms = ParallelNorms::Late;
                }
            }
            "stablelm" if self.has("blk.0.ffn_norm.weight") => habits.parallel = None,
            "falcon" if self.has("blk.0.attn_norm_2.weight") => {
                if let Some(parallel) = &mut habits.parallel {
                    parallel.norms = ParallelNorms::Two;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// What is known of positions, and what lies beside the embedding.
    fn positions(&self, habits: &mut Habits) -> Result<(), NoDecoder> {
        if let Some(pooling) = &mut habits.encoder {
            match self.optional("pooling_type") {
                Some(0) => *pooling = Pooling::None,
                Some(1) => *pooling = Pooling::Mean,
                Some(2..=4) => *pooling = Pooling::Token,
                _ => {}
            }
        }
        habits.learned_positions = self.has("position_embd.weight");
        if matches!(self.architecture, "glm4" | "glm4moe" | "hunyuan_vl") {
            let sections = self.header.wholes(&self.key("rope.dimension_sections"), 4);
            habits.four_positions = sections.is_some_and(|it| it[0] > 0 && it[1] > 0);
        }
        if matches!(self.architecture, "qwen3vl" | "qwen3vlmoe") {
            let key = "n_deepstack_layers";
            habits.deepstack = self.optional(key).unwrap_or(0);
            if habits.deepstack > self.layers as u64 {
                return Err(self.missing(key));
            }
        }
        Ok(())
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
            "cohere2" | "exaone-moe" | "gemma-embedding" | "gemma3n" | "gemma4" | "gpt-oss" => said
                .map(Some)
                .ok_or_else(|| self.missing("attention.sliding_window")),
            "granite_swa" | "spark2_5" => said
                .map(Some)
                .ok_or_else(|| self.missing("attention.sliding_window")),
            "gemma3" | "exaone4" | "olmo2" | "mellum" | "modern-bert" | "plamo3" => Ok(said),
            // Their loaders set the window, whatever the file says.
            "smallthinker" => Ok(said.map(|_| 4096)),
            "llama4" => {
                let none = self.optional("attention.sliding_window") == Some(0);
                Ok((!none).then_some(8192))
            }
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
        let full = if self.traits.full_first { 0 } else { every - 1 };
        Ok((0..self.layers as u64)
            .map(|at| at % every != full)
            .collect())
    }

    fn layer(&self, at: usize, windowed: bool, deepstack: u64) -> Result<Layer, NoDecoder> {
        Ok(Layer {
            mixer: self.mixer(at, windowed)?,
            feed: self.feed(at)?,
            scaled: self.has(&format!("blk.{at}.layer_output_scale.weight")),
            unnormed: self.architecture == "modern-bert"
                && !self.has(&format!("blk.{at}.attn_norm.weight")),
            deepstack: (at as u64) < deepstack,
            closes: false,
        })
    }
}
