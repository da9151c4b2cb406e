//! Where the figures come from, by what rests on them.

use super::super::inline::Inline;
use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, code, link, text};
use crate::plan::types::{Plan, Source};

/// What sources are cited for, in the order they are listed.
const USES: [&str; 8] = [
    "memory",
    "file",
    "model",
    "runtime",
    "licence",
    "challenge",
    "judgement",
    "figure",
];
/// Those a one-page plan lists; the others are counted.
const BRIEF: [&str; 3] = ["memory", "file", "runtime"];
/// Those with so many sources that a full plan names them in one line.
const MANY: [&str; 3] = ["licence", "judgement", "figure"];

pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("sources", voice, false);
    let full = super::full(plan);
    let mut items = Vec::new();
    let mut unlisted = 0;
    for (at, area) in USES.into_iter().enumerate() {
        let first_here = |source: &&Source| {
            let used = |area: &&str| source.used_for.iter().any(|used| used == area);
            used(&area) && !USES[..at].iter().any(used)
        };
        let here: Vec<&Source> = plan.sources.iter().filter(first_here).collect();
        if here.is_empty() {
            continue;
        }
        if !full && !BRIEF.contains(&area) {
            unlisted += here.len();
            continue;
        }
        let head = voice.labelled(&format!("use.{area}"), Vec::new());
        if full && !MANY.contains(&area) {
            let all = here.iter().map(|source| Item::new(item(source, voice)));
            items.push(Item::with(head, all.collect()));
        } else {
            let all = here.into_iter().map(title).collect();
            let mut line = head;
            line.extend(voice.joined("punct.semicolon", all));
            items.push(Item::new(line));
        }
    }
    if unlisted > 0 {
        items.push(Item::new(
            voice.say("sources.more", &[("n", text(unlisted.to_string()))]),
        ));
    }
    section.blocks.push(Block::List(items));
    let digest: String = plan.generated_from.catalog.chars().take(16).collect();
    section.blocks.push(Block::Paragraph(
        voice.say("sources.catalog", &[("digest", code(digest))]),
    ));
    section
}

fn title(source: &Source) -> Vec<Inline> {
    match &source.url {
        Some(url) => link(source.title.clone(), url.clone()),
        None => text(source.title.clone()),
    }
}

fn item(source: &Source, voice: Voice) -> Vec<Inline> {
    voice.say(
        "sources.item",
        &[
            ("id", code(source.id.clone())),
            ("title", title(source)),
            ("kind", voice.say(&format!("source.{}", source.kind), &[])),
        ],
    )
}
