//! What a model wrote, kept beside the spec, so that a guide can be made again, and judged again, without the model.
//!
//! The lock holds the raw words; what of them stands is decided anew each time. A paragraph is good for the prompt it was
//! written for and for nothing else.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::writer::{Identity, Prompt};
use crate::diagnostic::Locale;

/// The format of the file.
const FORMAT: u32 = 1;

/// All that was written for one spec.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// The spec's file name, without folders.
    pub generated_from: String,
    /// `FORMAT`.
    pub format: u32,
    /// One per language and paragraph, in the order of the guide.
    pub paragraphs: Vec<Written>,
}

/// One paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Language tag.
    pub locale: Locale,
    /// Id of the paragraph.
    pub paragraph: String,
    /// Digest of the prompt and of what wrote it.
    pub key: String,
    /// What wrote it.
    pub writer: Identity,
    /// The words, as they came.
    pub text: String,
}

impl Lock {
    /// Nothing written yet.
    #[must_use]
    pub fn new(spec: &str) -> Self {
        Self {
            generated_from: spec.to_owned(),
            format: FORMAT,
            paragraphs: Vec::new(),
        }
    }

    /// Reads a lock; `None` when it is of another format or no lock at all: then everything is written anew.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let lock: Self = serde_json::from_str(text).ok()?;
        (lock.format == FORMAT).then_some(lock)
    }

    /// As the file holds it.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// What was written for this paragraph and still answers this prompt; of `writer`, or of anyone where that is `None`.
    #[must_use]
    pub fn find(
        &self,
        locale: Locale,
        paragraph: &str,
        prompt: &Prompt,
        writer: Option<&Identity>,
    ) -> Option<&Written> {
        self.paragraphs.iter().find(|written| {
            written.locale == locale
                && written.paragraph == paragraph
                && writer.is_none_or(|writer| *writer == written.writer)
                && written.key == key(prompt, &written.writer)
        })
    }
}

/// The digest a paragraph is kept under.
#[must_use]
pub fn key(prompt: &Prompt, writer: &Identity) -> String {
    let mut hash = Sha256::new();
    let example = prompt.example.as_ref();
    for part in [
        prompt.system.as_str(),
        example.map_or("", |example| &example.user),
        example.map_or("", |example| &example.answer),
        &prompt.user,
        &writer.sha256,
        &writer.engine,
        &writer.arch,
    ] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_good_for_its_prompt_only() {
        let prompt = |user: &str| Prompt {
            system: "s".to_owned(),
            example: None,
            user: user.to_owned(),
            likely: String::new(),
            most_tokens: 9,
        };
        let writer = Identity {
            model: "m.gguf".to_owned(),
            sha256: "00".to_owned(),
            engine: "e".to_owned(),
            arch: "a".to_owned(),
        };
        let mut lock = Lock::new("x.edgeplan");
        lock.paragraphs.push(Written {
            locale: Locale::En,
            paragraph: "p".to_owned(),
            key: key(&prompt("facts"), &writer),
            writer: writer.clone(),
            text: "words".to_owned(),
        });
        let read = Lock::read(&lock.text().unwrap()).unwrap();
        assert_eq!(read, lock);
        assert!(
            read.find(Locale::En, "p", &prompt("facts"), Some(&writer))
                .is_some()
        );
        assert!(read.find(Locale::En, "p", &prompt("other"), None).is_none());
        assert!(
            read.find(Locale::ZhCn, "p", &prompt("facts"), None)
                .is_none()
        );
        assert_eq!(Lock::read("{}"), None);
    }
}
