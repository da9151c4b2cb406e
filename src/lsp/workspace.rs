//! What is asked of a whole workspace: the parameters, features and tests of all its specs, open or not.
//!
//! Folders are walked on a thread: a workspace may hold more files than anybody waits for.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::PathBuf;

use gen_lsp_types::{DocumentSymbol, SymbolKind, WorkspaceSymbolParams};
use lsp_server::{ErrorCode, RequestId};
use serde_json::{Value, json};

use super::position::{Encoding, Lines};
use super::refusal::Refusal;
use super::server::Server;
use super::symbols::{outline, symbols};
use super::uri;
use crate::diagnostic::FileId;
use crate::syntax;

/// An editor shows a list to choose from; nobody reads more.
const MOST: usize = 1000;

/// A request for symbols.
pub(super) struct Sought {
    id: RequestId,
    /// In small letters.
    query: String,
}

/// Something with a name of its own in a spec.
pub(super) struct Declared {
    /// The address of the spec.
    address: String,
    line: u32,
    /// Its name in small letters.
    name: String,
    /// As the client is told of it.
    shown: Value,
}

impl<W: Write> Server<W> {
    /// Seeks the symbols whose name holds the letters of the query in their order. Requests that come while the folders are
    /// walked are answered with the same walk: an editor asks anew at each letter.
    pub(super) fn seek(&mut self, id: RequestId, params: Value) -> io::Result<()> {
        let query = match serde_json::from_value::<WorkspaceSymbolParams>(params) {
            Ok(params) => params.query.to_lowercase(),
            Err(error) => {
                let refusal = Refusal::new(ErrorCode::InvalidParams, error.to_string());
                return self.respond(id, Err(refusal));
            }
        };
        self.sought.push(Sought { id, query });
        let client = &self.session.client;
        if client.folders.is_empty() {
            return self.listed(&[]);
        }
        self.governor.list(client.folders.clone(), client.encoding);
        Ok(())
    }

    /// Answers with what the specs on the disk declare, and the open ones as they stand in the editor.
    pub(super) fn listed(&mut self, listed: &[Declared]) -> io::Result<()> {
        let documents = &self.session.documents;
        // Clients write addresses in ways of their own.
        let as_ours = |address: &String| Some(uri::of_path(&uri::to_path(address)?).0);
        let opened: BTreeSet<String> = documents.keys().filter_map(as_ours).collect();
        let closed = listed.iter().filter(|one| !opened.contains(&one.address));
        let views = documents.keys().filter_map(|address| {
            let view = self.session.view(&address.as_str().into())?;
            Some(declared(address, &view.document.name, symbols(&view)))
        });
        let open: Vec<Declared> = views.flatten().collect();
        let mut all: Vec<&Declared> = closed.chain(&open).collect();
        all.sort_by(|one, other| (&one.address, one.line).cmp(&(&other.address, other.line)));
        let answers = self.sought.iter().map(|sought| {
            let found = all.iter().filter(|one| holds(&one.name, &sought.query));
            let shown = found.take(MOST).map(|one| one.shown.clone());
            (sought.id.clone(), shown.collect::<Value>())
        });
        let answers: Vec<(RequestId, Value)> = answers.collect();
        self.sought.clear();
        for (id, found) in answers {
            self.respond(id, Ok(found))?;
        }
        Ok(())
    }

    /// Refuses the request for symbols that the client does not want answered any more; all of them, without an id.
    pub(super) fn unseek(&mut self, id: Option<&RequestId>) -> io::Result<()> {
        let all = std::mem::take(&mut self.sought);
        let is_gone = |sought: &Sought| id.is_none_or(|id| *id == sought.id);
        let (gone, left) = all.into_iter().partition::<Vec<_>, _>(is_gone);
        self.sought = left;
        for Sought { id, .. } in gone {
            let cancelled = Refusal::new(ErrorCode::RequestCanceled, "cancelled");
            self.respond(id, Err(cancelled))?;
        }
        Ok(())
    }

    /// Takes in that folders were added to the workspace or taken out of it.
    pub(super) fn change_folders(&mut self, params: &Value) {
        let folders = &mut self.session.client.folders;
        let gone = folders_of(&params["event"]["removed"]);
        folders.retain(|folder| !gone.contains(folder));
        folders.extend(folders_of(&params["event"]["added"]));
    }
}

/// The folders on the disk of a list of workspace folders.
pub(super) fn folders_of(list: &Value) -> Vec<PathBuf> {
    let list = list.as_array().into_iter().flatten();
    let addresses = list.filter_map(|folder| folder["uri"].as_str());
    addresses.filter_map(uri::to_path).collect()
}

/// What specs on the disk declare.
pub(super) fn declared_in(specs: &BTreeMap<PathBuf, String>, encoding: Encoding) -> Vec<Declared> {
    let all = specs.iter().flat_map(|(path, text)| {
        let address = uri::of_path(path).0;
        let tree = syntax::parse(text, FileId(0)).tree;
        let symbols = outline(text, &Lines::new(text, encoding), &tree);
        declared(&address, &uri::name(&address), symbols)
    });
    all.collect()
}

/// What has a name of its own in the outline of a spec.
fn declared(address: &str, spec: &str, outline: Vec<DocumentSymbol>) -> Vec<Declared> {
    let named = outline.into_iter().filter(is_declared);
    let all = named.map(|symbol| Declared {
        address: address.to_owned(),
        line: symbol.selection_range.start.line,
        name: symbol.name.to_lowercase(),
        shown: json!({
            "name": symbol.name,
            "kind": symbol.kind,
            "containerName": spec,
            "location": { "uri": address, "range": symbol.selection_range },
        }),
    });
    all.collect()
}

/// Parameters, features and tests have names of their own; what else is in an outline is the same in every spec.
fn is_declared(symbol: &DocumentSymbol) -> bool {
    matches!(
        symbol.kind,
        SymbolKind::Variable | SymbolKind::Class | SymbolKind::Method
    )
}

/// Whether the letters stand in a name, in their order.
fn holds(name: &str, letters: &str) -> bool {
    let mut rest = name.chars();
    letters.chars().all(|letter| rest.any(|own| own == letter))
}
