//! What governs a document of the language server, and to which text an answer belongs.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::lsp_client::Client;
use crate::lsp_text::position;
use crate::support::run_in;

fn uri_of(path: &Path) -> String {
    format!("file://{}", path.display())
}

const UNKNOWN_RUNTIME: &str =
    "edgeplan 1\nplatform ios\nram 8 GB\nfeature chat \"x\"\nuse runtime \"mine\"\n";

fn open(client: &mut Client, path: &Path, text: &str) {
    client.open(&uri_of(path), text);
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

/// What a hover over the only feature says, once the search has ended.
fn stack_of_the_feature(client: &mut Client, path: &Path, text: &str) -> String {
    let at = text.find("chat").unwrap();
    let params = json!({
        "textDocument": { "uri": uri_of(path) },
        "position": position(text, at + 1),
    });
    loop {
        let answer = client.ask("textDocument/hover", params.clone());
        // Before that, it explains the word.
        let shown = answer["result"]["contents"]["value"].as_str();
        if let Some(table) = shown.filter(|shown| shown.contains("|---|")) {
            return table.to_owned();
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

#[test]
fn a_lock_that_changes_on_the_disk_is_looked_at_again() {
    const SPEC: &str = "edgeplan 1\nplatform flutter\nram 8 GB\nfeature chat \"Chat\"\n";
    let folder = tempfile::tempdir().unwrap();
    let top = folder.path().canonicalize().unwrap();
    let path = top.join("a.edgeplan");
    fs::write(&path, SPEC).unwrap();
    assert_eq!(run_in(&top, &["build", "a.edgeplan"], b"").code, 0);
    let lock = top.join("a.edgeplan.lock");
    let first = fs::read_to_string(&lock).unwrap();
    let mut client = Client::start(&top, &["--rest", "0"]);
    client.initialize(&json!({}));
    open(&mut client, &path, SPEC);
    let before = stack_of_the_feature(&mut client, &path, SPEC);
    // Bindings of one engine tie; the lock decides which it is.
    let bound = first
        .lines()
        .find_map(|line| line.trim().strip_prefix("runtime: "));
    let bound = bound.unwrap();
    let catalog = edgeplan::catalog::builtin();
    let (_, chosen) = catalog.runtime(bound).unwrap();
    assert!(before.contains(&chosen.name), "{before}");
    let twins = catalog.runtimes.iter().filter(|other| {
        other.engine.is_some()
            && other.engine == chosen.engine
            && other.id != chosen.id
            && other.uis.contains(&"flutter".to_owned())
    });
    let mut followed = 0;
    for twin in twins {
        let wish = first.replace(
            &format!("runtime: {bound}\n"),
            &format!("runtime: {}\n", twin.id),
        );
        fs::write(&lock, wish).unwrap();
        let changes = json!({ "changes": [{ "uri": uri_of(&lock), "type": 2 }] });
        client.notify("workspace/didChangeWatchedFiles", changes);
        // Nothing new is said of the text: the one publication is that of the search.
        next_findings(&mut client, &path);
        let now = stack_of_the_feature(&mut client, &path, SPEC);
        followed += usize::from(now.contains(&twin.name));
    }
    assert!(followed > 0, "no twin of {bound} was followed");
    // Without a lock it is as at first.
    fs::remove_file(&lock).unwrap();
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    next_findings(&mut client, &path);
    assert_eq!(stack_of_the_feature(&mut client, &path, SPEC), before);
}

#[test]
fn a_folder_named_on_the_command_line_must_be_right_from_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let top = folder.path().canonicalize().unwrap();
    let rules = top.join("rules");
    fs::create_dir(&rules).unwrap();
    let rule = rules.join("mine.yaml");
    fs::write(&rule, "id: mine\n").unwrap();
    let refused = run_in(&top, &["lsp", "--rules", "rules"], b"");
    assert_eq!(refused.code, 2, "{}", refused.err);
    assert!(refused.err.contains("rules/mine.yaml"), "{}", refused.err);
    fs::remove_file(&rule).unwrap();
    let mut client = Client::start(&top, &["--rules", "rules", "--rest", "3600000"]);
    client.initialize(&json!({}));
    let path = top.join("a.edgeplan");
    open(&mut client, &path, UNKNOWN_RUNTIME);
    assert!(!next_findings(&mut client, &path).0.is_empty());
    // What is wrong later is told in the file.
    fs::write(&rule, "id: mine\n").unwrap();
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    assert!(!next_findings(&mut client, &rule).0.is_empty());
}
