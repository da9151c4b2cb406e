//! The writer: a local small language model that puts a paragraph's facts more fluently. It decides nothing; the
//! verifier judges every sentence of it.
//!
//! Without the feature `slm` everything is here but the model itself, and a run that asks for it says how to get it.

#[cfg(feature = "slm")]
mod abreast;
pub mod cost;
#[cfg(feature = "slm")]
mod llama;
#[cfg(any(feature = "slm", test))]
mod lookup;
mod prompt;
#[cfg(feature = "slm")]
mod reasons;
pub mod weights;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use prompt::{Example, Prompt, prompt};

use crate::diagnostic::Text;

/// What wrote a text: the same four and the same prompt give the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Name of the model file.
    pub model: String,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// The crate around llama.cpp, with its version.
    pub engine: String,
    /// Architecture of the machine.
    pub arch: String,
}

/// How far the paragraphs are.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Progress {
    /// Paragraphs that are done.
    pub written: usize,
    /// Tokens generated of all of them.
    pub tokens: usize,
    /// Tokens in a second, while tokens are made.
    pub per_second: f64,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriterError {
    /// This build has no model runtime.
    #[error("built without the feature slm")]
    NotBuilt,
    /// The file cannot be loaded.
    #[error("{0}")]
    Load(String),
    /// The model gave an error while it wrote.
    #[error("{0}")]
    Generate(String),
}

impl WriterError {
    /// In the reader's language.
    #[must_use]
    pub fn text(&self, path: &Path) -> Text {
        let path = path.display().to_string();
        match self {
            Self::NotBuilt => Text::key("prose.writer.not_built"),
            Self::Load(reason) => Text::key("prose.writer.load")
                .arg("path", path)
                .arg("reason", reason.as_str()),
            Self::Generate(reason) => Text::key("prose.writer.generate")
                .arg("path", path)
                .arg("reason", reason.as_str()),
        }
    }
}

/// Something that writes paragraphs.
pub trait Writer {
    /// What it is.
    fn identity(&self) -> &Identity;

    /// Writes a paragraph for each prompt, all of one language. What is written for a prompt depends on that prompt alone.
    /// `progress` is told after each step.
    ///
    /// # Errors
    /// When the model does not go on.
    fn write(
        &mut self,
        prompts: &[Prompt],
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Vec<String>, WriterError>;
}

/// Loads a model.
///
/// # Errors
/// When this build has no model runtime, or the file is no model it can load, with llama.cpp's own reason.
#[cfg(feature = "slm")]
pub fn open(path: &Path) -> Result<Box<dyn Writer>, WriterError> {
    Ok(Box::new(llama::Llama::open(path)?))
}

/// Loads a model: this build cannot.
///
/// # Errors
/// Always.
#[cfg(not(feature = "slm"))]
pub fn open(_: &Path) -> Result<Box<dyn Writer>, WriterError> {
    Err(WriterError::NotBuilt)
}
