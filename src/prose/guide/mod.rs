//! The guide: sections of paragraphs, each a closed list of facts with the text that is ours.
//!
//! The text is deterministic and good by itself; a writer may put it more fluently, sentence by sentence, and the
//! verifier decides what of that stands. Nothing a user wrote in the spec is part of a fact.

mod build;
mod challenges;
mod change;
mod memory;
mod page;
mod rollout;
mod speak;
mod why;

use crate::catalog::types::Catalog;
use crate::diagnostic::Locale;
use crate::plan::types::Plan;
use crate::prose::facts::{self, Facts, Statement};

pub use build::build;
pub use page::{Passage, markdown, passages};

/// A guide without its writer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guide {
    /// Its language.
    pub locale: Locale,
    /// Title, in the user's words: printed, never judged.
    pub title: String,
    /// What the app does, in the user's words: printed, never judged.
    pub lead: String,
    /// Sections in order.
    pub sections: Vec<Section>,
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Stable id: `why`, `memory`, `challenges`, `rollout`, `change`.
    pub id: &'static str,
    /// Heading.
    pub heading: String,
    /// Paragraphs in order.
    pub paragraphs: Vec<Paragraph>,
}

/// A paragraph: one closed list of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// Stable id, such as `memory.android-8gb`.
    pub id: String,
    /// Its facts in order.
    pub facts: Vec<Fact>,
}

/// One fact in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// One sentence or two.
    pub text: String,
    /// A paragraph without it is not complete.
    pub must: bool,
}

impl Paragraph {
    /// The deterministic text.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        let texts: Vec<&str> = self.facts.iter().map(|fact| fact.text.as_str()).collect();
        texts.join(if locale == Locale::En { " " } else { "" })
    }
}

/// The guide of a plan and the facts its prose is judged by.
#[must_use]
pub fn of_plan(plan: &Plan, locale: Locale, catalog: Option<&Catalog>) -> (Guide, Facts) {
    let guide = build(plan, locale);
    let mut facts = facts::facts(plan, locale, catalog);
    for paragraph in guide
        .sections
        .iter()
        .flat_map(|section| &section.paragraphs)
    {
        for (number, fact) in paragraph.facts.iter().enumerate() {
            facts.statements.push(Statement {
                id: format!("{}.{number}", paragraph.id),
                text: fact.text.clone(),
                about: Vec::new(),
            });
        }
    }
    facts::findings(&mut facts, plan);
    (guide, facts)
}
