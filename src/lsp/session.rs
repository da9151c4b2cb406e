//! What the server holds between messages: knowledge, the client, the open documents.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use gen_lsp_types::Uri;

use super::client::Client;
use super::document::{Answer, Document};
use super::drift::Edit;
use super::ground::{Ground, Knowledge, SpecsBelow};
use crate::catalog::Catalog;
use crate::diagnostic::Locale;
use crate::pipeline::has_errors;

/// What a server is started with.
pub struct Setup {
    /// What governs documents.
    pub ground: Box<dyn Ground + Send>,
    /// Lists the specs of a folder.
    pub specs: SpecsBelow,
    /// The language of all words; `None` for the client's.
    pub locale: Option<Locale>,
    /// The folder for copies of built-in files and for plans to be shown.
    pub cache: PathBuf,
    /// How long a document must rest before its answer is searched.
    pub rest: Duration,
}

/// The state of a session.
pub(super) struct Session {
    pub(super) client: Client,
    /// By address.
    pub(super) documents: BTreeMap<String, Document>,
    /// The folder for files to be shown.
    pub(super) cache: PathBuf,
    /// How many states the documents have been in.
    pub(super) turns: u64,
}

impl Session {
    /// A number for the next state of a document, which no other state of any document has. Versions are the client's: it
    /// may start anew when a document is opened again.
    pub(super) const fn turn(&mut self) -> u64 {
        self.turns += 1;
        self.turns
    }

    /// A document with what is needed to answer about it.
    pub(super) fn view(&self, uri: &Uri) -> Option<View<'_>> {
        let document = self.documents.get(&uri.0)?;
        Some(View {
            knowledge: &document.knowledge,
            client: &self.client,
            cache: &self.cache,
            uri: uri.clone(),
            document,
        })
    }
}

/// One document as a feature sees it.
pub(super) struct View<'a> {
    pub(super) knowledge: &'a Knowledge,
    pub(super) client: &'a Client,
    pub(super) cache: &'a Path,
    pub(super) uri: Uri,
    pub(super) document: &'a Document,
}

impl View<'_> {
    /// The catalog.
    pub(super) fn catalog(&self) -> &Catalog {
        &self.knowledge.catalog
    }

    /// The language of words: the client's, else that of the configuration.
    pub(super) fn locale(&self) -> Locale {
        let asked = self.client.locale.or(self.knowledge.locale);
        asked.unwrap_or_default()
    }

    /// The answer to the document as it stands, and no changes. While a mistake in the text keeps any from being looked for: the
    /// last one, and what was changed since.
    pub(super) fn chosen(&self) -> Option<(&Answer, &[Edit])> {
        if let Some(answer) = self.answer() {
            return Some((answer, &[]));
        }
        let reading = &self.document.read(self.knowledge).reading;
        let answer = self.document.answer.as_ref()?;
        has_errors(&reading.diagnostics).then_some((answer, &self.document.drift))
    }

    /// The answer to the document as it stands now, when it was found already.
    pub(super) fn answer(&self) -> Option<&Answer> {
        let answer = self.document.answer.as_ref()?;
        (answer.turn == self.document.turn).then_some(answer)
    }
}
