//! An editor for tests: speaks the protocol to the built server over its standard streams.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::edgeplanc;

/// Longest wait for a message.
const PATIENCE: Duration = Duration::from_secs(600);

/// A running server with its end of the conversation.
pub(crate) struct Client {
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    id: i64,
}

impl Client {
    /// Starts `edgeplanc lsp` in a folder.
    pub(crate) fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut all = vec!["lsp", "--cache"];
        let cache = folder.join("cache");
        let cache = cache.to_str().expect("UTF-8");
        all.push(cache);
        all.extend(arguments);
        let mut command: Command = edgeplanc(folder, &all);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("start");
        let input = child.stdin.take();
        let mut output = BufReader::new(child.stdout.take().expect("stdout"));
        let (sender, messages) = mpsc::channel();
        thread::spawn(move || {
            loop {
                let mut header = String::new();
                if output.read_line(&mut header).expect("header") == 0 {
                    return;
                }
                let length = header.trim().strip_prefix("Content-Length: ");
                let length: usize = length.expect("a length").parse().expect("a number");
                let mut blank = String::new();
                output.read_line(&mut blank).expect("blank");
                assert_eq!(blank, "\r\n");
                let mut body = vec![0; length];
                output.read_exact(&mut body).expect("body");
                let message = serde_json::from_slice(&body).expect("JSON");
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            input,
            messages,
            id: 0,
        }
    }

    /// Sends bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("open");
        input.write_all(bytes).expect("send");
        input.flush().expect("send");
    }

    /// Sends a message.
    pub(crate) fn send(&mut self, message: &Value) {
        let body = message.to_string();
        let framed = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.raw(framed.as_bytes());
    }

    /// Sends a notification.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "calls read best with the JSON in place"
    )]
    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request; its id.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "calls read best with the JSON in place"
    )]
    pub(crate) fn request(&mut self, method: &str, params: Value) -> i64 {
        self.id += 1;
        let id = self.id;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// The next message.
    pub(crate) fn next(&mut self) -> Value {
        self.messages.recv_timeout(PATIENCE).expect("a message")
    }

    /// Messages up to the one that is wanted, which is the last.
    pub(crate) fn until(&mut self, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut seen = Vec::new();
        loop {
            let message = self.next();
            let found = wanted(&message);
            seen.push(message);
            if found {
                return seen;
            }
        }
    }

    /// Asks and waits: the whole response, other messages passed over.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.request(method, params);
        self.until(|message| message["id"] == id && message.get("method").is_none())
            .pop()
            .expect("a response")
    }

    /// Opens a document.
    pub(crate) fn open(&mut self, uri: &str, text: &str) {
        let item = json!({ "uri": uri, "languageId": "edgeplan", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": item }));
    }

    /// Replaces the whole text of a document.
    pub(crate) fn change(&mut self, uri: &str, version: i32, text: &str) {
        let id = json!({ "uri": uri, "version": version });
        let params = json!({ "textDocument": id, "contentChanges": [{ "text": text }] });
        self.notify("textDocument/didChange", params);
    }

    /// The next findings of a document in this version.
    pub(crate) fn findings(&mut self, uri: &str, version: i32) -> Vec<Value> {
        let wanted = |message: &Value| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri
                && message["params"]["version"] == version
        };
        let seen = self.until(wanted);
        let found = seen.last().expect("a message")["params"]["diagnostics"].as_array();
        found.expect("findings").clone()
    }

    /// Goes through the handshake; the answer to `initialize`.
    pub(crate) fn initialize(&mut self, capabilities: &Value) -> Value {
        let params = json!({ "processId": null, "rootUri": null, "capabilities": capabilities });
        let answer = self.ask("initialize", params);
        self.notify("initialized", json!({}));
        answer
    }

    /// Closes the stream and waits for the exit code.
    pub(crate) fn hang_up(mut self) -> i32 {
        self.input = None;
        self.child.wait().expect("finish").code().unwrap_or(-1)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
