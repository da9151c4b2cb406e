//! What is asked of a whole workspace: the parameters, features and tests of all its specs, open or not.

use std::io::Write;
use std::path::PathBuf;

use gen_lsp_types::{DocumentSymbol, SymbolKind, Uri, WorkspaceSymbolParams};
use lsp_server::ErrorCode;
use serde_json::{Value, json};

use super::document::Document;
use super::refusal::Refusal;
use super::server::Server;
use super::session::View;
use super::symbols::symbols;
use super::uri;

/// An editor shows a list to choose from; nobody reads more.
const MOST: usize = 1000;

impl<W: Write> Server<W> {
    /// The symbols whose name holds the letters of the query in their order, by file and place. Folders are not looked at
    /// while a catalog is read: then those of the open specs must do.
    ///
    /// # Errors
    /// When the parameters are none.
    pub(super) fn find_symbols(&self, params: Value) -> Result<Value, Refusal> {
        let params: WorkspaceSymbolParams = serde_json::from_value(params)
            .map_err(|error| Refusal::new(ErrorCode::InvalidParams, error.to_string()))?;
        let query = params.query.to_lowercase();
        let session = &self.session;
        let mut found = Vec::new();
        for (address, document) in &session.documents {
            take(&mut found, &query, address, document, |uri| {
                session.view(uri)
            });
        }
        for (path, text, governed) in self.governor.specs(&session.client.folders) {
            let address = uri::of_path(&path).0;
            if session.documents.contains_key(&address) {
                continue;
            }
            let name = uri::name(&address);
            let encoding = session.client.encoding;
            let document = Document::new(name, (0, 0), text, encoding, governed);
            take(&mut found, &query, &address, &document, |uri| {
                Some(View {
                    knowledge: &document.knowledge,
                    client: &session.client,
                    cache: &session.cache,
                    uri: uri.clone(),
                    document: &document,
                })
            });
        }
        found.sort_by(|one, other| one.0.cmp(&other.0));
        found.truncate(MOST);
        Ok(found.into_iter().map(|(_, symbol)| symbol).collect())
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

/// Adds the symbols of one document, each with its address and place.
fn take<'v>(
    found: &mut Vec<((String, u32), Value)>,
    query: &str,
    address: &str,
    document: &'v Document,
    view: impl Fn(&Uri) -> Option<View<'v>>,
) {
    let uri = Uri(address.to_owned());
    let Some(view) = view(&uri) else {
        return;
    };
    for symbol in symbols(&view).into_iter().filter(is_declared) {
        if holds(&symbol.name.to_lowercase(), query) {
            let place = (address.to_owned(), symbol.selection_range.start.line);
            let shown = json!({
                "name": symbol.name,
                "kind": symbol.kind,
                "containerName": document.name,
                "location": { "uri": address, "range": symbol.selection_range },
            });
            found.push((place, shown));
        }
    }
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
