//! When files that govern documents change: what each document is answered with now, and what is wrong with those files.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use gen_lsp_types::{Diagnostic as Published, PublishDiagnosticsParams, Uri};
use serde_json::json;

use super::diagnostics;
use super::document::Document;
use super::ground::Trouble;
use super::position::Lines;
use super::server::Server;
use super::uri;
use crate::diagnostic::{Diagnostic, Locale, Sources};

/// What was told last of files that govern documents.
#[derive(Default)]
pub(super) struct Told {
    /// Findings by the address of the file.
    findings: BTreeMap<String, Vec<Published>>,
    /// Files that cannot be read.
    messages: Vec<String>,
}

impl<W: Write> Server<W> {
    /// Asks the client, once, to say when a file changes that may govern a document.
    pub(super) fn watch(&mut self) -> io::Result<()> {
        if !self.session.client.watches_files || std::mem::replace(&mut self.watching, true) {
            return Ok(());
        }
        let watchers = ["**/edgeplan.toml", "**/*.edgeplan.lock", "**/*.{yaml,yml}"]
            .map(|pattern| json!({ "globPattern": pattern }));
        let registration = json!({
            "id": "governing-files",
            "method": "workspace/didChangeWatchedFiles",
            "registerOptions": { "watchers": watchers },
        });
        let params = json!({ "registrations": [registration] });
        self.call("client/registerCapability", params)
    }

    /// Looks again at what governs the open documents.
    pub(super) fn govern(&mut self) -> io::Result<()> {
        let addresses: Vec<String> = self.session.documents.keys().cloned().collect();
        for address in addresses {
            let governed = self.ground.govern(uri::to_path(&address).as_deref());
            let turn = self.session.turn();
            if let Some(document) = self.session.documents.get_mut(&address) {
                document.govern(turn, governed);
            }
        }
        self.tell_troubles()
    }

    /// Tells what is wrong with governing files, where it is not what was told last.
    pub(super) fn tell_troubles(&mut self) -> io::Result<()> {
        const ERROR: u32 = 1;
        let mut now = Told::default();
        let mut seen: Vec<&Arc<Trouble>> = Vec::new();
        for document in self.session.documents.values() {
            let Some(trouble) = &document.trouble else {
                continue;
            };
            if seen.iter().any(|known| Arc::ptr_eq(known, trouble)) {
                continue;
            }
            seen.push(trouble);
            let locale = self.locale_of(document);
            match trouble.as_ref() {
                Trouble::Failed(text) => now.messages.push(text.render(locale)),
                Trouble::Findings(findings, sources) => {
                    for finding in findings {
                        match self.placed(finding, sources, locale) {
                            Some((uri, shown)) => now.findings.entry(uri).or_default().push(shown),
                            None => now.messages.push(finding.message.render(locale)),
                        }
                    }
                }
            }
        }
        now.messages.dedup();
        let before = std::mem::take(&mut self.told);
        let gone = before.findings.keys();
        let gone: Vec<String> = gone
            .filter(|file| !now.findings.contains_key(*file))
            .cloned()
            .collect();
        for file in gone {
            let nothing = PublishDiagnosticsParams::new(Uri(file), None, Vec::new());
            self.notify("textDocument/publishDiagnostics", nothing)?;
        }
        for (file, findings) in &now.findings {
            if before.findings.get(file) != Some(findings) {
                let params =
                    PublishDiagnosticsParams::new(Uri(file.clone()), None, findings.clone());
                self.notify("textDocument/publishDiagnostics", params)?;
            }
        }
        for message in &now.messages {
            if !before.messages.contains(message) {
                let params = json!({ "type": ERROR, "message": format!("edgeplan: {message}") });
                self.notify("window/showMessage", params)?;
            }
        }
        self.told = now;
        Ok(())
    }

    fn locale_of(&self, document: &Document) -> Locale {
        let asked = self.session.client.locale.or(document.knowledge.locale);
        asked.unwrap_or_default()
    }

    /// A finding in a file of the user, with the address of the file.
    fn placed(
        &self,
        finding: &Diagnostic,
        sources: &Sources,
        locale: Locale,
    ) -> Option<(String, Published)> {
        let span = finding.span()?;
        let file = sources.file(span.file)?;
        let path = Path::new(&file.name).canonicalize().ok()?;
        let lines = Lines::new(&file.text, self.session.client.encoding);
        let bytes = span.range();
        let range = lines.range(&file.text, bytes.start, bytes.end);
        let shown = diagnostics::plain(finding, range, locale);
        Some((uri::of_path(&path).0, shown))
    }
}
