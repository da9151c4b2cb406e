//! The language server as an editor meets it: sessions under `tests/lsp/`, replayed message for message.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::lsp_client::Client;
use crate::lsp_text;
use crate::support::{assert_snapshot, files, read};

/// A session: steps in order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Session {
    /// What the client says it can do; `editor` for the usual.
    #[serde(default)]
    capabilities: Value,
    /// Further arguments of the command.
    #[serde(default)]
    arguments: Vec<String>,
    /// The client speaks before it has introduced itself.
    #[serde(default)]
    rude: bool,
    steps: Vec<Step>,
}

/// One step; what the server says in return is recorded.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    /// Opens `app.edgeplan` with this text.
    open: Option<String>,
    /// Replaces the first text by the second, as an editor sends key strokes.
    replace: Option<(String, String)>,
    /// Sends a request.
    request: Option<String>,
    /// Sends a notification.
    notify: Option<String>,
    /// Sends these bytes.
    raw: Option<String>,
    /// Applies the edits of the recorded action of that title.
    apply: Option<String>,
    /// The place of a request: a piece of the document with `^` at the cursor.
    at: Option<String>,
    /// Parameters, over those of document and place.
    #[serde(default)]
    params: Value,
    /// Waits for that many publications of findings.
    #[serde(default)]
    published: usize,
    /// Records at most so many items of each list.
    first: Option<usize>,
}

const URI: &str = "file:///app/app.edgeplan";

struct Editor {
    client: Client,
    text: String,
    version: i32,
    /// The last answer to a request for actions.
    actions: Value,
    /// The last findings.
    findings: Value,
    record: String,
}

#[test]
fn how_a_session_ends_shows_in_the_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let mut polite = Client::start(folder.path(), &["--stdio"]);
    polite.initialize(&json!({}));
    polite.ask("shutdown", Value::Null);
    polite.notify("exit", Value::Null);
    assert_eq!(polite.hang_up(), 0);
    let mut hasty = Client::start(folder.path(), &[]);
    hasty.initialize(&json!({}));
    hasty.notify("exit", Value::Null);
    assert_eq!(hasty.hang_up(), 1);
    assert_eq!(Client::start(folder.path(), &[]).hang_up(), 1);
}

#[test]
fn huge_documents_are_answered_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut client = Client::start(folder.path(), &[]);
    client.initialize(&json!({}));
    let one_line = format!(
        "edgeplan 1\nplatform ios\nram 8 GB\nfeature a \"x\"\nprefer {}",
        "memory > ".repeat(40_000)
    );
    let too_long = "# 注释\n".repeat(80_000);
    for (version, text) in [one_line, too_long].iter().enumerate() {
        let uri = format!("file:///huge/{version}.edgeplan");
        let item = json!({ "uri": uri, "languageId": "edgeplan", "version": 1, "text": text });
        client.notify("textDocument/didOpen", json!({ "textDocument": item }));
        let found = client.next();
        assert_eq!(found["method"], "textDocument/publishDiagnostics");
        assert_ne!(found["params"]["diagnostics"], json!([]));
        for method in [
            "semanticTokens/full",
            "foldingRange",
            "documentSymbol",
            "formatting",
        ] {
            let params = json!({
                "textDocument": { "uri": uri },
                "options": { "tabSize": 2, "insertSpaces": true },
            });
            let answer = client.ask(&format!("textDocument/{method}"), params);
            assert!(answer.get("result").is_some(), "{method}: {answer}");
        }
    }
}

#[test]
fn each_request_is_answered_once_whether_it_was_cancelled_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut client = Client::start(folder.path(), &[]);
    client.initialize(&json!({}));
    let item =
        json!({ "uri": URI, "languageId": "edgeplan", "version": 1, "text": "edgeplan 1\n" });
    client.notify("textDocument/didOpen", json!({ "textDocument": item }));
    let mut open = Vec::new();
    for _ in 0..20 {
        let params = json!({ "textDocument": { "uri": URI } });
        let id = client.request("textDocument/documentSymbol", params);
        client.notify("$/cancelRequest", json!({ "id": id }));
        open.push(id);
    }
    while !open.is_empty() {
        let message = client.next();
        if message.get("method").is_some() {
            continue;
        }
        let id = message["id"].as_i64().unwrap();
        let at = open
            .iter()
            .position(|open| *open == id)
            .expect("asked, and not answered yet");
        open.remove(at);
        let code = &message["error"]["code"];
        assert!(code.is_null() || *code == -32800, "{message}");
    }
}

#[test]
fn sessions_go_as_recorded() {
    for path in files("tests/lsp", ".yaml") {
        let session: Session = serde_yaml::from_str(&read(&path)).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let folder = tempfile::tempdir().unwrap();
        let record = replay(&session, folder.path());
        assert_snapshot("lsp", &name, &record);
    }
}

fn replay(session: &Session, folder: &Path) -> String {
    let arguments: Vec<&str> = session.arguments.iter().map(String::as_str).collect();
    let mut editor = Editor {
        client: Client::start(folder, &arguments),
        text: String::new(),
        version: 0,
        actions: Value::Null,
        findings: json!([]),
        record: String::new(),
    };
    if !session.rude {
        let usual = json!({
            "general": { "positionEncodings": ["utf-16"] },
            "textDocument": {
                "hover": { "contentFormat": ["markdown"] },
                "completion": { "completionItem": { "snippetSupport": true } },
            },
            "window": { "showDocument": { "support": true } },
        });
        let own = &session.capabilities;
        let answer = editor
            .client
            .initialize(if own.is_null() { &usual } else { own });
        if !own.is_null() {
            editor.log("<-", &answer, None);
        }
    }
    for step in &session.steps {
        editor.step(step);
    }
    let cache = folder.join("cache");
    let record = editor.record;
    let record = record.replace(&uri_of(&cache), "CACHE");
    let _ = fs::remove_dir_all(cache);
    without_keys(&record)
}

fn uri_of(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// Names of cached files hold a digest of their content.
fn without_keys(record: &str) -> String {
    let mut parts = record.split("CACHE/builtin/");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (_, rest) = part.split_once('/').unwrap_or(("", part));
        let _ = write!(text, "CACHE/builtin/KEY/{rest}");
    }
    text
}

impl Editor {
    fn log(&mut self, direction: &str, message: &Value, first: Option<usize>) {
        let mut shown = message.clone();
        if let Some(object) = shown.as_object_mut() {
            object.remove("jsonrpc");
        }
        shorten(&mut shown, first.unwrap_or(usize::MAX));
        let text = serde_json::to_string_pretty(&shown).unwrap();
        let _ = writeln!(self.record, "{direction} {text}");
    }

    fn step(&mut self, step: &Step) {
        if let Some(text) = &step.open {
            self.text.clone_from(text);
            self.version = 1;
            let item = json!({ "uri": URI, "languageId": "edgeplan", "version": 1, "text": text });
            self.client
                .notify("textDocument/didOpen", json!({ "textDocument": item }));
            let _ = writeln!(self.record, "== opened\n{}\n==", text.trim_end());
        }
        if let Some((old, new)) = &step.replace {
            let start = self.text.find(old.as_str()).expect("the text to replace");
            let edit = json!({
                "range": { "start": self.position(start), "end": self.position(start + old.len()) },
                "newText": new,
            });
            let _ = writeln!(self.record, "== {old:?} becomes {new:?}");
            self.change(&[edit]);
        }
        if let Some(title) = &step.apply {
            let actions = self.actions.as_array().expect("actions");
            let action = actions
                .iter()
                .find(|action| action["title"] == title.as_str());
            let edits = action.expect("the action")["edit"]["changes"][URI].clone();
            let _ = writeln!(self.record, "== applied: {title}");
            self.change(edits.as_array().expect("edits"));
            let _ = writeln!(self.record, "{}\n==", self.text.trim_end());
        }
        if let Some(bytes) = &step.raw {
            let _ = writeln!(self.record, "-> {bytes:?}");
            self.client.raw(bytes.as_bytes());
        }
        if let Some(method) = &step.notify {
            let _ = writeln!(self.record, "-> {method} {}", step.params);
            self.client.notify(method, step.params.clone());
        }
        if let Some(method) = &step.request {
            self.request(method, step);
        } else if step.raw.is_some() && step.published == 0 {
            let answer = self.client.next();
            self.log("<-", &answer, step.first);
        }
        for _ in 0..step.published {
            let is_findings =
                |message: &Value| message["method"] == "textDocument/publishDiagnostics";
            for message in self.client.until(is_findings) {
                if is_findings(&message) {
                    self.findings = message["params"]["diagnostics"].clone();
                }
                self.log("<-", &message, step.first);
            }
        }
    }

    fn request(&mut self, method: &str, step: &Step) {
        let mut params = json!({ "textDocument": { "uri": URI } });
        if let Some(at) = &step.at {
            let cursor = at.find('^').expect("a cursor");
            let piece = at.replacen('^', "", 1);
            let start = self.text.find(&piece).expect("the place");
            params["position"] = self.position(start + cursor);
        }
        if method == "textDocument/codeAction" {
            params["context"] = json!({ "diagnostics": self.findings });
            params["range"] =
                json!({ "start": self.position(0), "end": self.position(self.text.len()) });
        }
        if let Some(own) = step.params.as_object() {
            for (key, value) in own {
                params[key] = value.clone();
            }
        }
        let _ = writeln!(
            self.record,
            "-> {method} {}",
            step.at.as_deref().unwrap_or_default()
        );
        let id = self.client.request(method, params);
        let is_answer = |message: &Value| message["id"] == id && message.get("method").is_none();
        for message in self.client.until(is_answer) {
            if is_answer(&message) && method == "textDocument/codeAction" {
                self.actions = message["result"].clone();
                for action in message["result"].as_array().into_iter().flatten() {
                    let _ = writeln!(self.record, "   {}: {}", action["kind"], action["title"]);
                }
            } else if is_answer(&message) && method == "textDocument/semanticTokens/full" {
                self.log_tokens(&message["result"]["data"]);
            } else {
                self.log("<-", &message, step.first);
            }
        }
    }

    /// Tokens as the words they colour.
    fn log_tokens(&mut self, data: &Value) {
        let numbers: Vec<usize> = serde_json::from_value(data.clone()).unwrap();
        let (mut line, mut column) = (0, 0);
        for token in numbers.chunks(5) {
            column = if token[0] > 0 {
                token[1]
            } else {
                column + token[1]
            };
            line += token[0];
            let start = self.byte(&json!({ "line": line, "character": column }));
            let end = self.byte(&json!({ "line": line, "character": column + token[2] }));
            let declared = if token[4] == 1 { ", declaration" } else { "" };
            let _ = writeln!(
                self.record,
                "   {}: {}{declared}",
                &self.text[start..end],
                token[3]
            );
        }
    }

    /// Edits the document from its end to its beginning, and tells the server.
    fn change(&mut self, edits: &[Value]) {
        let in_order = lsp_text::last_first(edits).into_iter();
        let changes: Vec<Value> = in_order
            .map(|edit| json!({ "range": edit["range"], "text": edit["newText"] }))
            .collect();
        self.text = lsp_text::edited(&self.text, edits);
        self.version += 1;
        let id = json!({ "uri": URI, "version": self.version });
        let params = json!({ "textDocument": id, "contentChanges": changes });
        self.client.notify("textDocument/didChange", params);
    }

    fn position(&self, byte: usize) -> Value {
        lsp_text::position(&self.text, byte)
    }

    fn byte(&self, position: &Value) -> usize {
        lsp_text::byte(&self.text, position)
    }
}

/// Long lists and files outside of the document in few words: what stands in the catalog is not this test's business.
fn shorten(value: &mut Value, first: usize) {
    match value {
        Value::Array(items) => {
            let more = items.len().saturating_sub(first);
            items.truncate(first);
            if more > 0 {
                items.push(json!(format!("... and {more} more")));
            }
            for item in items {
                shorten(item, first);
            }
        }
        Value::Object(fields) => {
            let uri = fields.get("uri").and_then(Value::as_str);
            if let Some(path) = uri.and_then(|uri| uri.strip_prefix("file://"))
                && path.contains("/cache/builtin/")
            {
                let file = fs::read_to_string(path).unwrap();
                let line = fields["range"]["start"]["line"].as_u64().unwrap();
                let line = file.lines().nth(usize::try_from(line).unwrap());
                fields.insert("range".to_owned(), json!(line));
            }
            if fields.contains_key("start") && fields.contains_key("end") {
                let at =
                    |end: &str| format!("{}:{}", fields[end]["line"], fields[end]["character"]);
                *value = json!(format!("{}-{}", at("start"), at("end")));
                return;
            }
            for item in fields.values_mut() {
                shorten(item, first);
            }
        }
        _ => {}
    }
}
