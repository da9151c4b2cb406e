//! The list being made: each item replaces the word at the cursor.

use gen_lsp_types::{
    CompletionItem, CompletionItemKind, CompletionItemTextEdit, InsertTextFormat, Range, TextEdit,
};

use crate::lsp::place::Place;
use crate::lsp::session::View;
use crate::quantity::{Dimension, UNITS};
use crate::syntax::nearest::fold;

pub(super) struct Items<'p> {
    place: &'p Place,
    range: Range,
    /// What the list being written holds already, folded.
    listed: Vec<String>,
    items: Vec<CompletionItem>,
}

impl<'p> Items<'p> {
    pub(super) fn new(view: &View<'_>, place: &'p Place) -> Self {
        let replaced = &place.replaced;
        let range = view
            .document
            .lines
            .range(&view.document.text, replaced.start, replaced.end);
        Self {
            place,
            range,
            listed: place.listed().iter().map(|word| fold(word)).collect(),
            items: Vec::new(),
        }
    }

    /// An item; inside a string only names belong, see [`Self::name`].
    pub(super) fn push(&mut self, label: &str, text: &str, kind: CompletionItemKind, detail: &str) {
        if !self.place.in_string {
            self.add(label, text.to_owned(), kind, detail);
        }
    }

    /// A name of the catalog, which stands in quotes.
    pub(super) fn name(&mut self, label: &str, kind: CompletionItemKind, detail: &str) {
        self.add(label, format!("\"{label}\""), kind, detail);
    }

    fn add(&mut self, label: &str, text: String, kind: CompletionItemKind, detail: &str) {
        let known = self.items.iter().any(|item| item.label == label);
        if known || self.listed.contains(&fold(label)) {
            return;
        }
        // Editors filter by what stands in the replaced range, quote included.
        let filter = self.place.in_string.then(|| text.clone());
        self.items.push(CompletionItem {
            label: label.to_owned(),
            kind: Some(kind),
            detail: (!detail.is_empty()).then(|| detail.to_owned()),
            sort_text: Some(format!("{:04}", self.items.len())),
            filter_text: filter,
            text_edit: Some(CompletionItemTextEdit::TextEdit(TextEdit::new(
                self.range, text,
            ))),
            ..CompletionItem::default()
        });
    }

    /// Values that stand in quotes or without.
    pub(super) fn values<T: AsRef<str>>(&mut self, words: impl IntoIterator<Item = T>) {
        for word in words {
            self.name(word.as_ref(), CompletionItemKind::Value, "");
        }
    }

    /// Words out of a fixed set.
    pub(super) fn choices<T: AsRef<str>>(&mut self, words: impl IntoIterator<Item = T>) {
        for word in words {
            let word = word.as_ref();
            self.push(word, word, CompletionItemKind::EnumMember, "");
        }
    }

    /// The units of a dimension, behind the number being written.
    pub(super) fn units(&mut self, dimension: Dimension) {
        let word = &self.place.word;
        let digits = word
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '_')))
            .unwrap_or(word.len());
        let number = word.get(..digits).unwrap_or_default();
        for unit in UNITS.iter().filter(|unit| unit.dimension == dimension) {
            let text = match number {
                "" => unit.symbol.to_owned(),
                number => format!("{number} {}", unit.symbol),
            };
            self.push(&text, &text, CompletionItemKind::Unit, "");
        }
    }

    /// The last item holds places to jump to.
    pub(super) fn last_is_snippet(&mut self) {
        if let Some(last) = self.items.last_mut() {
            last.insert_text_format = Some(InsertTextFormat::Snippet);
        }
    }

    pub(super) fn done(self) -> Vec<CompletionItem> {
        self.items
    }
}
