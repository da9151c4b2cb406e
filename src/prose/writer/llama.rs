//! llama.cpp as a writer: the model's own chat template, greedy, with fixed batch sizes, so that the same file, crate and
//! architecture give the same words.

use std::num::NonZeroU32;
use std::path::Path;
use std::thread;
use std::time::Instant;

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::context::session::{LlamaStateSeqFlags, SeqState};
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::model::{LlamaChatMessage, LlamaModel};
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;

use super::cost::{BATCH, CONTEXT};
use super::weights::digest;
use super::{Identity, Progress, Prompt, Writer, WriterError, lookup, reasons};

/// The crate whose version decides the words.
const ENGINE: &str = "llama-cpp-2 0.1.160";

/// Tokens guessed at once, at most.
const GUESS: usize = 7;

/// A loaded model.
pub(super) struct Llama {
    identity: Identity,
    backend: LlamaBackend,
    model: LlamaModel,
    /// The state after what all paragraphs of a language share.
    prefix: Option<Prefix>,
}

struct Prefix {
    tokens: Vec<LlamaToken>,
    state: SeqState,
}

impl Llama {
    /// Loads a model file.
    pub(super) fn open(path: &Path) -> Result<Self, WriterError> {
        let unreadable = |error: std::io::Error| WriterError::Load(error.to_string());
        let sha256 = digest(path).map_err(unreadable)?;
        reasons::listen();
        let failed =
            |error: &dyn std::fmt::Display| WriterError::Load(reasons::last(&error.to_string()));
        let backend = LlamaBackend::init().map_err(|error| failed(&error))?;
        let parameters = LlamaModelParams::default();
        let model = LlamaModel::load_from_file(&backend, path, &parameters)
            .map_err(|error| failed(&error))?;
        let name = path.file_name().unwrap_or_default();
        Ok(Self {
            identity: Identity {
                model: name.to_string_lossy().into_owned(),
                sha256,
                engine: ENGINE.to_owned(),
                arch: std::env::consts::ARCH.to_owned(),
            },
            backend,
            model,
            prefix: None,
        })
    }

    /// The prompt in the model's own template, as tokens.
    fn tokens(&self, prompt: &Prompt) -> Result<Vec<LlamaToken>, WriterError> {
        let failed = |error: &dyn std::fmt::Display| WriterError::Generate(error.to_string());
        let template = self
            .model
            .chat_template(None)
            .map_err(|error| failed(&error))?;
        let message = |role: &str, content: &str| {
            LlamaChatMessage::new(role.to_owned(), content.to_owned())
                .map_err(|error| failed(&error))
        };
        let mut messages = vec![message("system", &prompt.system)?];
        if let Some(example) = &prompt.example {
            messages.push(message("user", &example.user)?);
            messages.push(message("assistant", &example.answer)?);
        }
        messages.push(message("user", &prompt.user)?);
        let text = self
            .model
            .apply_chat_template(&template, &messages, true)
            .map_err(|error| failed(&error))?;
        Ok(self.model.vocab().tokenize(text.as_bytes(), true, true))
    }

    /// How many tokens of a prompt it shares with a prompt of other facts.
    fn shared(&self, prompt: &Prompt, tokens: &[LlamaToken]) -> Result<usize, WriterError> {
        let other = self.tokens(&Prompt {
            user: "\u{1}".to_owned(),
            ..prompt.clone()
        })?;
        Ok(tokens
            .iter()
            .zip(&other)
            .take_while(|(one, other)| one == other)
            .count())
    }
}

impl Writer for Llama {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn write(
        &mut self,
        prompt: &Prompt,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<String, WriterError> {
        let failed = |error: &dyn std::fmt::Display| {
            WriterError::Generate(reasons::last(&error.to_string()))
        };
        let tokens = self.tokens(prompt)?;
        let shared = self
            .shared(prompt, &tokens)?
            .min(tokens.len().saturating_sub(1));
        if tokens.len() + prompt.most_tokens > CONTEXT as usize {
            return Err(WriterError::Generate(format!(
                "{} tokens are more than the context holds",
                tokens.len()
            )));
        }
        let threads =
            thread::available_parallelism().map_or(1, |n| i32::try_from(n.get()).unwrap_or(1));
        let parameters = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(CONTEXT))
            .with_n_batch(BATCH)
            .with_n_ubatch(BATCH)
            .with_n_threads(threads)
            .with_n_threads_batch(threads)
            .with_flash_attention_policy(llama_cpp_sys_2::LLAMA_FLASH_ATTN_TYPE_ENABLED)
            .with_swa_full(false);
        let mut context = self
            .model
            .new_context(&self.backend, parameters)
            .map_err(|error| failed(&error))?;
        let (first, rest) = tokens.split_at(shared);
        match &self.prefix {
            Some(prefix) if prefix.tokens == first => {
                context
                    .state_seq_set(&prefix.state, 0)
                    .map_err(|error| failed(&error))?;
            }
            _ => {
                read(&mut context, first, 0)?;
                let state = context
                    .state_seq_get(0, LlamaStateSeqFlags::empty())
                    .map_err(|error| failed(&error))?;
                self.prefix = Some(Prefix {
                    tokens: first.to_vec(),
                    state,
                });
            }
        }
        read(&mut context, rest, shared)?;
        generate(
            &self.model,
            &mut context,
            tokens,
            prompt.most_tokens,
            progress,
        )
    }
}

/// Reads tokens in batches of the fixed size, the last one asking for a prediction.
fn read(
    context: &mut LlamaContext<'_>,
    tokens: &[LlamaToken],
    from: usize,
) -> Result<(), WriterError> {
    let mut at = from;
    for part in tokens.chunks(BATCH as usize) {
        step(context, part, at, false)?;
        at += part.len();
    }
    Ok(())
}

/// Reads one batch. Predictions are made for its last token, or for all of them.
fn step(
    context: &mut LlamaContext<'_>,
    tokens: &[LlamaToken],
    from: usize,
    all: bool,
) -> Result<(), WriterError> {
    let failed =
        |error: &dyn std::fmt::Display| WriterError::Generate(reasons::last(&error.to_string()));
    let mut batch = LlamaBatch::new(tokens.len(), 1);
    for (index, token) in tokens.iter().enumerate() {
        let predicts = all || index + 1 == tokens.len();
        let position = i32::try_from(from + index).unwrap_or(i32::MAX);
        batch
            .add(*token, position, &[0], predicts)
            .map_err(|error| failed(&error))?;
    }
    context.decode(&mut batch).map_err(|error| failed(&error))
}

/// Takes the likeliest token again and again until the model ends its turn. Several are tried at once where the prompt or
/// the answer has said the like before: reading a guess of eight costs less than making eight tokens one by one.
fn generate(
    model: &LlamaModel,
    context: &mut LlamaContext<'_>,
    prompt: Vec<LlamaToken>,
    most: usize,
    progress: &mut dyn FnMut(Progress),
) -> Result<String, WriterError> {
    let failed =
        |error: &dyn std::fmt::Display| WriterError::Generate(reasons::last(&error.to_string()));
    let mut sampler = LlamaSampler::greedy();
    let vocabulary = model.vocab();
    let mut bytes = Vec::new();
    let start = Instant::now();
    // A recurrent state cannot be taken back, so nothing is guessed there.
    let guesses = if model.is_recurrent() || model.is_hybrid() {
        0
    } else {
        GUESS
    };
    let first = prompt.len();
    let mut said = prompt;
    let mut next = sampler.sample(context, -1);
    while !vocabulary.is_eog(next) && said.len() - first < most {
        said.push(next);
        let at = said.len() - 1;
        let guess = lookup::draft(&said, guesses.min(most - (said.len() - first)));
        let tried = [&[next], guess].concat();
        step(context, &tried, at, true)?;
        for index in 0..tried.len() {
            next = sampler.sample(context, i32::try_from(index).unwrap_or(-1));
            match tried.get(index + 1) {
                Some(guessed) if *guessed == next && !vocabulary.is_eog(next) => said.push(next),
                _ => break,
            }
        }
        if tried.len() > 1 {
            // What was guessed wrongly is forgotten.
            let end = u32::try_from(said.len()).ok();
            context
                .clear_kv_cache_seq(Some(0), end, None)
                .map_err(|error| failed(&error))?;
        }
        for token in &said[at..] {
            bytes.extend(vocabulary.token_to_piece(*token, false, None));
        }
        let tokens = said.len() - first;
        progress(Progress {
            tokens,
            per_second: tokens as f64 / start.elapsed().as_secs_f64().max(1e-9),
        });
    }
    Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
}
