//! What the server holds between messages: knowledge, the client, the open documents.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use gen_lsp_types::Uri;

use super::client::Client;
use super::document::Document;
use super::solver::Answer;
use crate::catalog::Catalog;
use crate::diagnostic::Locale;
use crate::rules::RuleSet;
use crate::spec::{Overrides, Vocabulary};

/// What a server is started with.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The facts.
    pub catalog: Cow<'static, Catalog>,
    /// The judgements.
    pub rules: Cow<'static, RuleSet>,
    /// Values of parameters set from outside the specs.
    pub overrides: Overrides,
    /// The language of all words; `None` for the client's.
    pub locale: Option<Locale>,
    /// The folder for copies of built-in files and for plans to be shown.
    pub cache: PathBuf,
    /// How long a document must rest before its answer is searched.
    pub rest: Duration,
}

/// What does not change while the server runs; shared with the thread that searches.
pub(super) struct Knowledge {
    pub(super) catalog: Cow<'static, Catalog>,
    pub(super) rules: Cow<'static, RuleSet>,
    pub(super) vocabulary: Vocabulary,
    pub(super) overrides: Overrides,
    pub(super) cache: PathBuf,
}

impl Knowledge {
    pub(super) fn new(setup: Setup) -> Self {
        Self {
            vocabulary: setup.catalog.vocabulary(),
            catalog: setup.catalog,
            rules: setup.rules,
            overrides: setup.overrides,
            cache: setup.cache,
        }
    }
}

/// The state of a session.
pub(super) struct Session {
    pub(super) knowledge: Arc<Knowledge>,
    pub(super) client: Client,
    /// By address.
    pub(super) documents: BTreeMap<String, Document>,
}

impl Session {
    /// A document with what is needed to answer about it.
    pub(super) fn view(&self, uri: &Uri) -> Option<View<'_>> {
        let document = self.documents.get(&uri.0)?;
        Some(View {
            knowledge: &self.knowledge,
            client: &self.client,
            uri: uri.clone(),
            document,
        })
    }
}

/// One document as a feature sees it.
pub(super) struct View<'a> {
    pub(super) knowledge: &'a Knowledge,
    pub(super) client: &'a Client,
    pub(super) uri: Uri,
    pub(super) document: &'a Document,
}

impl View<'_> {
    /// The catalog.
    pub(super) fn catalog(&self) -> &Catalog {
        &self.knowledge.catalog
    }

    /// The language of words.
    pub(super) const fn locale(&self) -> Locale {
        self.client.locale
    }

    /// The answer to the document as it stands now, when it was found already.
    pub(super) fn answer(&self) -> Option<&Answer> {
        let answer = self.document.answer.as_ref()?;
        (answer.version == self.document.version).then_some(answer)
    }
}
