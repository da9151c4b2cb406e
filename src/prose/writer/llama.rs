//! llama.cpp as a writer: the model's own chat template, greedy, with fixed batch sizes, so that the same file, crate and
//! architecture give the same words.

use std::num::NonZeroU32;
use std::path::Path;
use std::thread;

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::context::session::{LlamaStateSeqFlags, SeqState};
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::model::{LlamaChatMessage, LlamaModel};
use llama_cpp_2::token::LlamaToken;

use super::abreast::{self, Job, failed};
use super::cost::{BATCH, CONTEXT, SEQUENCES, STEP};
use super::weights::digest;
use super::{Identity, Progress, Prompt, Writer, WriterError, reasons};

/// The crate whose version decides the words.
const ENGINE: &str = "llama-cpp-2 0.1.160";

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

    /// What a prompt comes to in tokens.
    fn job(&self, prompt: &Prompt) -> Result<Job, WriterError> {
        let tokens = self.tokens(prompt)?;
        if tokens.len() + prompt.most_tokens + STEP > CONTEXT as usize {
            return Err(WriterError::Generate(format!(
                "{} tokens are more than the context holds",
                tokens.len()
            )));
        }
        Ok(Job {
            tokens,
            likely: self
                .model
                .vocab()
                .tokenize(prompt.likely.as_bytes(), false, false),
            most: prompt.most_tokens,
        })
    }

    /// What a prompt has in common with a prompt of other facts.
    fn shared(&self, prompt: &Prompt) -> Result<Vec<LlamaToken>, WriterError> {
        let other = |user: &str| {
            self.tokens(&Prompt {
                user: user.to_owned(),
                ..prompt.clone()
            })
        };
        let (one, two) = (other("\u{1}")?, other("-")?);
        let same = one.iter().zip(&two).take_while(|(one, two)| one == two);
        Ok(same.map(|(token, _)| *token).collect())
    }

    /// A context for all sequences.
    fn context(&self) -> Result<LlamaContext<'_>, WriterError> {
        let threads =
            thread::available_parallelism().map_or(1, |n| i32::try_from(n.get()).unwrap_or(1));
        let parameters = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(CONTEXT * SEQUENCES))
            .with_n_seq_max(SEQUENCES)
            .with_kv_unified(false)
            .with_n_batch(BATCH)
            .with_n_ubatch(BATCH)
            .with_n_threads(threads)
            .with_n_threads_batch(threads)
            .with_flash_attention_policy(llama_cpp_sys_2::LLAMA_FLASH_ATTN_TYPE_ENABLED)
            .with_swa_full(false);
        self.model
            .new_context(&self.backend, parameters)
            .map_err(|error| failed(&error))
    }
}

impl Writer for Llama {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn write(
        &mut self,
        prompts: &[Prompt],
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Vec<String>, WriterError> {
        let Some(prompt) = prompts.first() else {
            return Ok(Vec::new());
        };
        let jobs = prompts
            .iter()
            .map(|prompt| self.job(prompt))
            .collect::<Result<Vec<Job>, _>>()?;
        let shared = self.shared(prompt)?;
        let mut prefix = self.prefix.take().filter(|known| known.tokens == shared);
        let mut context = self.context()?;
        let texts = abreast::write(
            &self.model,
            &mut context,
            &jobs,
            &mut |context, job, sequence| {
                let rest = job.tokens.strip_prefix(shared.as_slice());
                let (Some(rest), Ok(place)) = (rest, i32::try_from(sequence)) else {
                    return read(context, &job.tokens, 0, sequence);
                };
                match &prefix {
                    Some(prefix) => {
                        context
                            .state_seq_set(&prefix.state, place)
                            .map_err(|error| failed(&error))?;
                    }
                    None => {
                        read(context, &shared, 0, sequence)?;
                        let state = context
                            .state_seq_get(place, LlamaStateSeqFlags::empty())
                            .map_err(|error| failed(&error))?;
                        prefix = Some(Prefix {
                            tokens: shared.clone(),
                            state,
                        });
                    }
                }
                read(context, rest, shared.len(), sequence)
            },
            progress,
        )?;
        drop(context);
        self.prefix = prefix;
        Ok(texts)
    }
}

/// Reads tokens in batches of the fixed size, the last one asking for a prediction.
fn read(
    context: &mut LlamaContext<'_>,
    tokens: &[LlamaToken],
    from: usize,
    sequence: u32,
) -> Result<(), WriterError> {
    let sequence = i32::try_from(sequence).unwrap_or_default();
    let mut at = from;
    for part in tokens.chunks(BATCH as usize) {
        let mut batch = LlamaBatch::new(part.len(), 1);
        for (index, token) in part.iter().enumerate() {
            let position = i32::try_from(at + index).unwrap_or(i32::MAX);
            batch
                .add(*token, position, &[sequence], index + 1 == part.len())
                .map_err(|error| failed(&error))?;
        }
        context.decode(&mut batch).map_err(|error| failed(&error))?;
        at += part.len();
    }
    Ok(())
}
