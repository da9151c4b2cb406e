//! What the client can do, as far as it matters here.

use std::path::PathBuf;

use gen_lsp_types::{MarkupContent, MarkupKind};
use serde_json::Value;

use super::position::Encoding;
use super::uri;
use super::workspace::folders_of;
use crate::diagnostic::Locale;

/// A client.
#[derive(Debug, Clone, Default)]
pub(super) struct Client {
    /// The unit of columns both agreed on.
    pub(super) encoding: Encoding,
    /// The language of its words, where it asks for one that is known.
    pub(super) locale: Option<Locale>,
    /// Shows Markdown when hovering.
    markdown: bool,
    /// Expands snippets.
    pub(super) snippets: bool,
    /// Opens a document on request.
    pub(super) shows_documents: bool,
    /// Asks again for inlay hints when told to.
    pub(super) refreshes_hints: bool,
    /// Asks again for code lenses when told to.
    pub(super) refreshes_lenses: bool,
    /// The folders of the workspace.
    pub(super) folders: Vec<PathBuf>,
    /// Watches files for the server.
    pub(super) watches_files: bool,
}

impl Client {
    /// Reads the parameters of `initialize`; what is missing or odd counts as not there. A language that the command
    /// line fixed goes before the client's.
    #[must_use]
    pub(super) fn new(params: &Value, fixed: Option<Locale>) -> Self {
        let can = |path: &str| params.pointer(&format!("/capabilities/{path}"));
        let flag = |path: &str| can(path).and_then(Value::as_bool).unwrap_or(false);
        let offers = |path: &str, word: &str| {
            can(path)
                .and_then(Value::as_array)
                .is_some_and(|list| list.iter().any(|item| item == word))
        };
        let own = params.get("locale").and_then(Value::as_str);
        let encoding = if offers("general/positionEncodings", "utf-8") {
            Encoding::Utf8
        } else {
            Encoding::Utf16
        };
        let mut folders = folders_of(&params["workspaceFolders"]);
        if folders.is_empty() {
            let root = params["rootUri"].as_str().and_then(uri::to_path);
            folders.extend(root);
        }
        Self {
            encoding,
            folders,
            locale: fixed.or(own.and_then(Locale::parse)),
            markdown: offers("textDocument/hover/contentFormat", "markdown"),
            snippets: flag("textDocument/completion/completionItem/snippetSupport"),
            shows_documents: flag("window/showDocument/support"),
            refreshes_hints: flag("workspace/inlayHint/refreshSupport"),
            refreshes_lenses: flag("workspace/codeLens/refreshSupport"),
            watches_files: flag("workspace/didChangeWatchedFiles/dynamicRegistration"),
        }
    }

    /// Markdown for clients that show it, else the same without its marks.
    #[must_use]
    pub(super) fn markup(&self, markdown: String) -> MarkupContent {
        if self.markdown {
            MarkupContent::new(MarkupKind::Markdown, markdown)
        } else {
            let plain = markdown.replace(['`', '*'], "").replace("### ", "");
            MarkupContent::new(MarkupKind::PlainText, plain)
        }
    }
}
