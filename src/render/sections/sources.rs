//! Where the figures come from: what the text refers to by number, and how much more the data names.

use super::super::inline::Inline;
use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, code, link, text};
use crate::plan::types::{Plan, Source};

/// The sources `cited`, in the order of their numbers.
pub(super) fn section(plan: &Plan, cited: &[String], voice: Voice) -> Section {
    let mut section = super::section("sources", voice);
    let known = |id: &String| plan.sources.iter().find(|source| source.id == *id);
    let items: Vec<Item> = cited
        .iter()
        .enumerate()
        .map(|(at, id)| Item {
            text: known(id).map_or_else(|| text(id.clone()), |source| item(source, voice)),
            items: Vec::new(),
            anchor: Some(format!("source-{}", at + 1)),
        })
        .collect();
    if !items.is_empty() {
        section.blocks.push(Block::Numbered(items));
    }
    let digest: String = plan.generated_from.catalog.chars().take(16).collect();
    let more = plan.sources.len().saturating_sub(cited.len());
    section.blocks.push(Block::Paragraph(voice.say(
        "sources.catalog",
        &[("digest", code(digest)), ("n", text(more.to_string()))],
    )));
    section
}

fn item(source: &Source, voice: Voice) -> Vec<Inline> {
    let title = match &source.url {
        Some(url) => link(source.title.clone(), url.clone()),
        None => text(source.title.clone()),
    };
    let kind = voice.say(&format!("source.{}", source.kind), &[]);
    voice.say("sources.item", &[("title", title), ("kind", kind)])
}
