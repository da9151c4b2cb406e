//! When files that govern documents change: what each document is answered with now, and what is wrong with those files.
//!
//! Files are read on a thread of their own: a catalog takes a while, and what governed before goes on until it is there.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use gen_lsp_types::{Diagnostic as Published, PublishDiagnosticsParams, Uri};
use serde_json::json;

use super::diagnostics;
use super::document::Document;
use super::ground::{Governed, Ground, Trouble};
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

/// What governs these documents, by their addresses.
pub(super) type Found = Vec<(String, Governed)>;

/// Reads what governs documents, beside the loop.
pub(super) struct Governor {
    ground: Arc<Mutex<Box<dyn Ground + Send>>>,
    report: Arc<dyn Fn(Found) + Send + Sync>,
    /// It is reading.
    busy: bool,
    /// Files changed since it began to read.
    again: bool,
}

impl Governor {
    pub(super) fn new(
        ground: Box<dyn Ground + Send>,
        report: impl Fn(Found) + Send + Sync + 'static,
    ) -> Self {
        Self {
            ground: Arc::new(Mutex::new(ground)),
            report: Arc::new(report),
            busy: false,
            again: false,
        }
    }

    /// What governs a document that is opened: without that nothing can be said of it.
    pub(super) fn of(&self, address: &str) -> Governed {
        let mut ground = self.ground.lock().unwrap_or_else(PoisonError::into_inner);
        ground.govern(uri::to_path(address).as_deref())
    }

    /// The specs below these folders with what governs them; none while it reads something else.
    pub(super) fn specs(&self, folders: &[PathBuf]) -> Vec<(PathBuf, String, Governed)> {
        let Ok(mut ground) = self.ground.try_lock() else {
            return Vec::new();
        };
        let specs = folders.iter().flat_map(|folder| ground.specs(folder));
        let specs: Vec<(PathBuf, String)> = specs.collect();
        let governed = specs.into_iter().map(|(path, text)| {
            let governed = ground.govern(Some(&path));
            (path, text, governed)
        });
        governed.collect()
    }

    /// Begins to look at what governs these documents; what is found is reported.
    fn look(&mut self, addresses: Vec<String>) {
        if std::mem::replace(&mut self.busy, true) {
            self.again = true;
            return;
        }
        let (ground, report) = (Arc::clone(&self.ground), Arc::clone(&self.report));
        thread::spawn(move || {
            let read = || {
                let mut ground = ground.lock().unwrap_or_else(PoisonError::into_inner);
                let found = addresses.into_iter().map(|address| {
                    let governed = ground.govern(uri::to_path(&address).as_deref());
                    (address, governed)
                });
                found.collect()
            };
            // A mistake of ours must not end the service: what governed before goes on.
            report(catch_unwind(AssertUnwindSafe(read)).unwrap_or_default());
        });
    }

    /// It has read; says whether to look again.
    fn is_done(&mut self) -> bool {
        self.busy = false;
        std::mem::take(&mut self.again)
    }
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
    pub(super) fn govern(&mut self) {
        let addresses = self.session.documents.keys().cloned().collect();
        self.governor.look(addresses);
    }

    /// Takes in what was found.
    pub(super) fn governed(&mut self, found: Found) -> io::Result<()> {
        for (address, governed) in found {
            let turn = self.session.turn();
            if let Some(document) = self.session.documents.get_mut(&address) {
                document.govern(turn, governed);
                let turn = document.turn;
                self.planner.forget(&address, turn);
            }
        }
        if self.governor.is_done() {
            self.govern();
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

    /// The language of words about a document.
    pub(super) fn locale_of(&self, document: &Document) -> Locale {
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
