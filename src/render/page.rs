//! A document without a format: sections of paragraphs and lists. Templates give it the form.

use serde::Serialize;

use super::inline::Inline;

/// A document.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) title: Vec<Inline>,
    /// What stands between title and first section.
    pub(crate) lead: Vec<Vec<Inline>>,
    pub(crate) sections: Vec<Section>,
}

/// A headed part.
#[derive(Debug)]
pub(crate) struct Section {
    /// Anchor, the same in every language.
    pub(crate) id: String,
    pub(crate) title: Vec<Inline>,
    pub(crate) blocks: Vec<Block>,
}

/// A part of a section.
#[derive(Debug)]
pub(crate) enum Block {
    Heading(Vec<Inline>),
    Paragraph(Vec<Inline>),
    List(Vec<Item>),
    Numbered(Vec<Item>),
}

/// An item of a list, with the items under it.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Item {
    pub(crate) text: Vec<Inline>,
    pub(crate) items: Vec<Item>,
    /// What references in the text point to.
    pub(crate) anchor: Option<String>,
}

impl Item {
    /// An item without any under it.
    pub(crate) const fn new(text: Vec<Inline>) -> Self {
        Self {
            text,
            items: Vec::new(),
            anchor: None,
        }
    }

    /// An item with items under it.
    pub(crate) const fn with(text: Vec<Inline>, items: Vec<Self>) -> Self {
        Self {
            text,
            items,
            anchor: None,
        }
    }
}

/// The page with all runs of text written out in one format: what templates see.
#[derive(Debug, Serialize)]
pub(crate) struct Written {
    title: String,
    lead: Vec<String>,
    sections: Vec<WrittenSection>,
}

#[derive(Debug, Serialize)]
struct WrittenSection {
    id: String,
    title: String,
    blocks: Vec<WrittenBlock>,
}

#[derive(Debug, Serialize)]
struct WrittenBlock {
    kind: &'static str,
    text: String,
    items: Vec<WrittenItem>,
}

#[derive(Debug, Serialize)]
struct WrittenItem {
    text: String,
    anchor: String,
    items: Vec<WrittenItem>,
}

/// How a run of text is written.
pub(crate) type Writer = fn(&[Inline]) -> String;

impl Page {
    /// Writes every run of text with `writer`. Sections without blocks disappear.
    pub(crate) fn written(&self, writer: Writer) -> Written {
        let section = |section: &Section| WrittenSection {
            id: section.id.clone(),
            title: writer(&section.title),
            blocks: section
                .blocks
                .iter()
                .map(|block| block.written(writer))
                .collect(),
        };
        Written {
            title: writer(&self.title),
            lead: self.lead.iter().map(|line| writer(line)).collect(),
            sections: self
                .sections
                .iter()
                .filter(|section| !section.blocks.is_empty())
                .map(section)
                .collect(),
        }
    }
}

impl Page {
    /// Numbers the references in the order they are read; returns the ids of their sources in that order.
    pub(crate) fn number_citations(&mut self) -> Vec<String> {
        let mut ids = Vec::new();
        for section in &mut self.sections {
            for block in &mut section.blocks {
                match block {
                    Block::Heading(text) | Block::Paragraph(text) => number(text, &mut ids),
                    Block::List(items) | Block::Numbered(items) => number_items(items, &mut ids),
                }
            }
        }
        ids
    }
}

fn number_items(items: &mut [Item], ids: &mut Vec<String>) {
    for item in items {
        number(&mut item.text, ids);
        number_items(&mut item.items, ids);
    }
}

fn number(text: &mut [Inline], ids: &mut Vec<String>) {
    for inline in text {
        if let Inline::Cite { id, number } = inline {
            let known = ids.iter().position(|seen| seen == id);
            *number = 1 + known.unwrap_or_else(|| {
                ids.push(id.clone());
                ids.len() - 1
            });
        }
    }
}

impl Block {
    fn written(&self, writer: Writer) -> WrittenBlock {
        let (kind, text, items) = match self {
            Self::Heading(text) => ("heading", writer(text), Vec::new()),
            Self::Paragraph(text) => ("paragraph", writer(text), Vec::new()),
            Self::List(items) => ("list", String::new(), written(items, writer)),
            Self::Numbered(items) => ("numbered", String::new(), written(items, writer)),
        };
        WrittenBlock { kind, text, items }
    }
}

fn written(items: &[Item], writer: Writer) -> Vec<WrittenItem> {
    items
        .iter()
        .map(|item| WrittenItem {
            text: writer(&item.text),
            anchor: item.anchor.clone().unwrap_or_default(),
            items: written(&item.items, writer),
        })
        .collect()
}
