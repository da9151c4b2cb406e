//! What governs a document: facts, judgements, and what an earlier build chose. Which files say so is the caller's business.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, Locale, Sources, Text};
use crate::rules::RuleSet;
use crate::solve::Locked;
use crate::spec::{Overrides, Vocabulary};

/// What documents are read and answered with; shared with the thread that searches.
#[derive(Debug)]
pub struct Knowledge {
    pub(super) catalog: Cow<'static, Catalog>,
    pub(super) rules: Cow<'static, RuleSet>,
    pub(super) vocabulary: Vocabulary,
    pub(super) overrides: Overrides,
    pub(super) locale: Option<Locale>,
}

impl Knowledge {
    /// Facts, judgements, values of parameters set from outside the specs, and the language of words where the client
    /// asks for none.
    #[must_use]
    pub fn new(
        catalog: Cow<'static, Catalog>,
        rules: Cow<'static, RuleSet>,
        overrides: Overrides,
        locale: Option<Locale>,
    ) -> Self {
        Self {
            vocabulary: catalog.vocabulary(),
            catalog,
            rules,
            overrides,
            locale,
        }
    }
}

/// What governs one document.
#[derive(Debug, Clone)]
pub struct Governed {
    /// The same one as long as nothing in it changed.
    pub knowledge: Arc<Knowledge>,
    /// What an earlier build of this document chose.
    pub locked: Locked,
    /// Why the knowledge is not what the files of the user ask for.
    pub trouble: Option<Arc<Trouble>>,
}

/// What is wrong with the files that govern documents.
#[derive(Debug)]
pub enum Trouble {
    /// Findings in them.
    Findings(Vec<Diagnostic>, Sources),
    /// They cannot be read.
    Failed(Text),
}

/// Whoever knows what governs documents. Asked when one is opened and when files were saved, never at a key stroke.
pub trait Ground {
    /// What governs the document at this path; for one that is no file, what governs the folder the server runs in.
    fn govern(&mut self, document: Option<&Path>) -> Governed;
}

/// The specs below a folder of the workspace with their texts; what cannot be read is left out.
pub type SpecsBelow = fn(&Path) -> Vec<(PathBuf, String)>;
