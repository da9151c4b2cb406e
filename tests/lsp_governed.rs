//! What governs a document of the language server, and to which text an answer belongs.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::lsp_client::Client;

fn uri_of(path: &Path) -> String {
    format!("file://{}", path.display())
}

const UNKNOWN_RUNTIME: &str =
    "edgeplan 1\nplatform ios\nram 8 GB\nfeature chat \"x\"\nuse runtime \"mine\"\n";

fn open(client: &mut Client, path: &Path, text: &str) {
    let item = json!({ "uri": uri_of(path), "languageId": "edgeplan", "version": 1, "text": text });
    client.notify("textDocument/didOpen", json!({ "textDocument": item }));
}

/// The next findings of a file: their codes and the first message.
fn next_findings(client: &mut Client, path: &Path) -> (Vec<String>, String) {
    let uri = uri_of(path);
    let seen = client.until(|message| message["params"]["uri"] == uri.as_str());
    let found = seen.last().unwrap()["params"]["diagnostics"].clone();
    let found = found.as_array().unwrap().clone();
    let codes = found
        .iter()
        .map(|one| one["code"].as_str().unwrap().to_owned());
    let first = found.first().map(|one| one["message"].as_str().unwrap());
    (codes.collect(), first.unwrap_or_default().to_owned())
}

#[test]
fn each_document_is_governed_by_the_configuration_above_it() {
    let folder = tempfile::tempdir().unwrap();
    let top = folder.path().canonicalize().unwrap();
    for name in ["here/deep", "there"] {
        fs::create_dir_all(top.join(name)).unwrap();
    }
    let config = top.join("here/edgeplan.toml");
    fs::write(&config, "lang = \"zh-CN\"\n").unwrap();
    let mut client = Client::start(&top, &["--rest", "3600000"]);
    client.initialize(&json!({}));
    let (here, there) = (
        top.join("here/deep/a.edgeplan"),
        top.join("there/b.edgeplan"),
    );
    open(&mut client, &here, UNKNOWN_RUNTIME);
    let (codes, chinese) = next_findings(&mut client, &here);
    assert!(!codes.is_empty());
    assert!(!chinese.is_ascii(), "{chinese}");
    open(&mut client, &there, UNKNOWN_RUNTIME);
    let (same, english) = next_findings(&mut client, &there);
    assert_eq!(same, codes);
    assert!(english.is_ascii(), "{english}");
    // A mistake in the configuration shows there, and what governed before goes on.
    fs::write(&config, "lang = \"zh-CN\"\nlangg = 1\n").unwrap();
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    assert_eq!(next_findings(&mut client, &config).0.len(), 1);
    // Mended, the finding goes, and its document is read anew.
    fs::write(&config, "lang = \"en\"\n").unwrap();
    let saved = json!({ "textDocument": { "uri": uri_of(&here) } });
    client.notify("textDocument/didSave", saved);
    assert_eq!(next_findings(&mut client, &config).0, [""; 0]);
    let (same, now) = next_findings(&mut client, &here);
    assert_eq!((same, now), (codes, english));
}

#[test]
fn an_answer_to_a_document_that_was_closed_is_not_that_of_its_next_opening() {
    let folder = tempfile::tempdir().unwrap();
    let top = folder.path().canonicalize().unwrap();
    let path = top.join("a.edgeplan");
    let mut client = Client::start(&top, &["--rest", "0"]);
    client.initialize(&json!({}));
    let fits = "edgeplan 1\nplatform ios\nram 8 GB\nfeature chat \"x\"\n";
    let never = format!("{fits}pin chat.model = \"llama-3.3-70b-instruct\"\n");
    // Both openings have version 1.
    open(&mut client, &path, &never);
    let id = json!({ "textDocument": { "uri": uri_of(&path) } });
    client.notify("textDocument/didClose", id);
    open(&mut client, &path, fits);
    let errors = |message: &Value| {
        let found = message["params"]["diagnostics"].as_array();
        found.is_some_and(|all| all.iter().any(|one| one["severity"] == 1))
    };
    // Until the hints of the second text are there, no error of the first was shown.
    loop {
        let params = json!({
            "textDocument": { "uri": uri_of(&path) },
            "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } },
        });
        let asked = client.request("textDocument/inlayHint", params);
        let seen = client.until(|message| message["id"] == asked);
        let after_closing = seen
            .iter()
            .filter(|message| message["params"]["version"] == 1);
        for message in after_closing {
            assert!(!errors(message), "{message}");
        }
        if seen.last().unwrap()["result"] != json!([]) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}
