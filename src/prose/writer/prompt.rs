//! What the model is asked: one paragraph at a time, from a closed list of facts.
//!
//! All but the last message is the same for every paragraph of a language, so it is read once. Nothing a user wrote in the
//! spec is part of a prompt.

use crate::diagnostic::{Locale, messages};
use crate::prose::guide::Paragraph;

/// The messages of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// What to do; the same for all paragraphs of a language.
    pub system: String,
    /// How it is done, on facts of no plan; the same for all paragraphs of a language.
    pub example: Option<Example>,
    /// The facts.
    pub user: String,
    /// What the answer is likely to repeat. It is no part of the request, and changes how fast the words come, not which.
    pub likely: String,
    /// The most tokens an answer may have.
    pub most_tokens: usize,
}

/// A request with the answer it should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The facts.
    pub user: String,
    /// The paragraph.
    pub answer: String,
}

/// The request for a paragraph.
#[must_use]
pub fn prompt(paragraph: &Paragraph, locale: Locale) -> Prompt {
    let word = |key: &str| messages::lookup(key, locale).unwrap_or_default().to_owned();
    let mut facts = String::new();
    for fact in &paragraph.facts {
        facts.push_str("- ");
        facts.push_str(&fact.text);
        facts.push('\n');
    }
    Prompt {
        system: word("prose.prompt.system"),
        example: Some(Example {
            user: word("prose.prompt.example"),
            answer: word("prose.prompt.answer"),
        }),
        user: facts.trim_end().to_owned(),
        likely: paragraph.text(locale),
        // A paragraph is about as long as its facts; a token is at least two bytes of them.
        most_tokens: facts.len() / 2 + 48,
    }
}
