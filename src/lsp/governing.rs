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
use super::ground::{Governed, Ground, SpecsBelow, Trouble};
use super::position::{Encoding, Lines};
use super::server::Server;
use super::uri;
use super::workspace::{self, Declared};
use crate::diagnostic::{Diagnostic, Locale, Sources};

/// What was told last of files that govern documents.
#[derive(Default)]
pub(super) struct Told {
    /// Findings by the address of the file.
    findings: BTreeMap<String, Vec<Published>>,
    /// Files that cannot be read.
    messages: Vec<String>,
}

/// What was found to govern the open documents.
pub(super) struct Found {
    /// The last state of any document before the look: who opened one later looked by itself, at newer files.
    since: u64,
    /// By address.
    governed: Vec<(String, Governed)>,
}

/// What was read beside the loop.
pub(super) enum Report {
    /// What governs the open documents.
    Governed(Found),
    /// What the specs below the folders of the workspace declare.
    Listed(Vec<Declared>),
}

/// Reads files beside the loop: what governs documents, and specs that nobody opened.
pub(super) struct Governor {
    ground: Arc<Mutex<Box<dyn Ground + Send>>>,
    specs: SpecsBelow,
    report: Arc<dyn Fn(Report) + Send + Sync>,
    /// It is reading.
    busy: bool,
    /// Files changed since it began to read.
    again: bool,
    /// It is walking folders.
    listing: bool,
}

impl Governor {
    pub(super) fn new(
        (ground, specs): (Box<dyn Ground + Send>, SpecsBelow),
        report: impl Fn(Report) + Send + Sync + 'static,
    ) -> Self {
        Self {
            ground: Arc::new(Mutex::new(ground)),
            specs,
            report: Arc::new(report),
            busy: false,
            again: false,
            listing: false,
        }
    }

    /// What governs a document that is opened: without that nothing can be said of it.
    pub(super) fn of(&self, address: &str) -> Governed {
        let mut ground = self.ground.lock().unwrap_or_else(PoisonError::into_inner);
        ground.govern(uri::to_path(address).as_deref())
    }

    /// Begins to list what the specs below these folders declare, unless it does so already; it is reported.
    pub(super) fn list(&mut self, folders: Vec<PathBuf>, encoding: Encoding) {
        if std::mem::replace(&mut self.listing, true) {
            return;
        }
        let (specs, report) = (self.specs, Arc::clone(&self.report));
        thread::spawn(move || {
            let read = || {
                // One folder may stand in another.
                let specs = folders.iter().flat_map(|folder| specs(folder)).collect();
                workspace::declared_in(&specs, encoding)
            };
            let listed = catch_unwind(AssertUnwindSafe(read)).unwrap_or_default();
            report(Report::Listed(listed));
        });
    }

    /// Begins to look at what governs these documents, whose last state is `since`; what is found is reported.
    fn look(&mut self, addresses: Vec<String>, since: u64) {
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
            let governed = catch_unwind(AssertUnwindSafe(read)).unwrap_or_default();
            report(Report::Governed(Found { since, governed }));
        });
    }

    /// It has listed.
    pub(super) const fn has_listed(&mut self) {
        self.listing = false;
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
        self.governor.look(addresses, self.session.turns);
    }

    /// Takes in what was found.
    pub(super) fn governed(&mut self, found: Found) -> io::Result<()> {
        for (address, governed) in found.governed {
            let turn = self.session.turn();
            let document = self.session.documents.get_mut(&address);
            if let Some(document) = document.filter(|document| document.opened <= found.since) {
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
