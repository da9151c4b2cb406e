//! What the language server reads beside its loop: specs that nobody opened, and what governs those that are open.

use std::borrow::Cow;
use std::fs;
use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Read, Write, pipe};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use edgeplan::diagnostic::{Locale, Text};
use edgeplan::lsp::{Governed, Ground, Knowledge, Setup, Trouble, serve};
use edgeplan::solve::Locked;
use edgeplan::spec::Overrides;
use edgeplan::{catalog, rules};
use serde_json::{Value, json};

use crate::lsp_client::Client;

fn address(path: &Path) -> String {
    format!("file://{}", path.display())
}

#[test]
fn symbols_of_a_workspace_are_those_of_all_its_specs() {
    let folder = tempfile::tempdir().unwrap();
    let top = folder.path().canonicalize().unwrap();
    let below = top.join("below");
    fs::create_dir(&below).unwrap();
    fs::write(top.join("a.edgeplan"), "feature chat \"x\"\n").unwrap();
    let closed = "param limit = 3\nfeature notes \"x\"\nram 8 GB\n";
    fs::write(below.join("b.edgeplan"), closed).unwrap();
    fs::write(below.join("bad.edgeplan"), b"feature \xff\n").unwrap();
    let mut client = Client::start(&top, &["--rest", "3600000"]);
    client.initialize(&json!({}));
    // As it stands in the editor, not on the disk; and with an escape that needs not be.
    let open = address(&top.join("%61.edgeplan"));
    client.open(&open, "feature talk \"x\"\n");
    let mut change = |added: &[&Path], removed: &[&Path], asked: &[(&str, &[(&str, &str)])]| {
        let all = |paths: &[&Path]| {
            let all = paths
                .iter()
                .map(|path| json!({ "uri": address(path), "name": "x" }));
            all.collect::<Value>()
        };
        let event = json!({ "added": all(added), "removed": all(removed) });
        let params = json!({ "event": event });
        client.notify("workspace/didChangeWorkspaceFolders", params);
        for (query, wanted) in asked {
            let answer = client.ask("workspace/symbol", json!({ "query": query }));
            let found = answer["result"].as_array().unwrap();
            let found = found.iter().map(|one| {
                let file = one["location"]["uri"].as_str().unwrap();
                let file = file.rsplit('/').next().unwrap();
                (file, one["name"].as_str().unwrap())
            });
            assert_eq!(found.collect::<Vec<_>>(), *wanted, "{query}");
        }
    };
    change(&[], &[], &[("", &[("%61.edgeplan", "talk")])]);
    // One folder stands in the other.
    let both: [&Path; 2] = [&top, &below];
    let all = [
        ("%61.edgeplan", "talk"),
        ("b.edgeplan", "limit"),
        ("b.edgeplan", "notes"),
    ];
    change(
        &both,
        &[],
        &[("", &all), ("LT", &all[1..2]), ("nt", &all[2..])],
    );
    change(&[], &both, &[("", &all[..1])]);
}

/// Says something else of each look. The second one goes on until it is told to end.
struct Scripted {
    looks: usize,
    english: Arc<Knowledge>,
    chinese: Arc<Knowledge>,
    begun: Sender<()>,
    end: Receiver<()>,
}

impl Ground for Scripted {
    fn govern(&mut self, _: Option<&Path>) -> Governed {
        self.looks += 1;
        if self.looks == 2 {
            self.begun.send(()).unwrap();
            self.end.recv().unwrap();
        }
        let knowledge = match self.looks {
            2 => &self.chinese,
            _ => &self.english,
        };
        Governed {
            knowledge: Arc::clone(knowledge),
            locked: Locked::default(),
            trouble: (self.looks > 3).then(|| Arc::new(Trouble::Failed(Text::plain("seen")))),
        }
    }
}

const URI: &str = "file:///files/a.edgeplan";

/// A client of a server in this process.
struct Session {
    to: PipeWriter,
    from: BufReader<PipeReader>,
}

impl Session {
    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.to, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    }

    fn tell(&mut self, method: &str, document: &Value) {
        let params = json!({ "textDocument": document });
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn open(&mut self) {
        let text = "edgeplan 1\nplatform ios\nuse runtime \"mine\"\n";
        let item = json!({ "uri": URI, "languageId": "edgeplan", "version": 1, "text": text });
        self.tell("textDocument/didOpen", &item);
    }

    /// The messages up to the next one of this method.
    fn until(&mut self, method: &str) -> Vec<Value> {
        let mut seen = Vec::new();
        loop {
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                assert_ne!(self.from.read_line(&mut head).unwrap(), 0, "{seen:?}");
            }
            let length = head.trim().rsplit(' ').next().unwrap();
            let mut body = vec![0; length.parse().unwrap()];
            self.from.read_exact(&mut body).unwrap();
            let message: Value = serde_json::from_slice(&body).unwrap();
            let is_last = message["method"] == method;
            seen.push(message);
            if is_last {
                return seen;
            }
        }
    }
}

fn is_english(messages: &[Value]) -> bool {
    let found = messages.iter().flat_map(|message| {
        let found = message["params"]["diagnostics"].as_array();
        found.into_iter().flatten()
    });
    found
        .into_iter()
        .all(|one| one["message"].as_str().unwrap().is_ascii())
}

#[test]
fn a_document_that_is_opened_again_is_not_governed_by_a_look_from_before() {
    const PUBLISHED: &str = "textDocument/publishDiagnostics";
    let knowledge = |locale| {
        let (catalog, rules) = (catalog::builtin(), rules::builtin());
        let (catalog, rules) = (Cow::Borrowed(catalog), Cow::Borrowed(rules));
        let overrides = Overrides::default();
        Arc::new(Knowledge::new(catalog, rules, overrides, Some(locale)))
    };
    let (begun, has_begun) = channel();
    let (ends, end) = channel();
    let ground = Scripted {
        looks: 0,
        english: knowledge(Locale::En),
        chinese: knowledge(Locale::ZhCn),
        begun,
        end,
    };
    let setup = Setup {
        ground: Box::new(ground),
        specs: |_| Vec::new(),
        locale: None,
        cache: std::env::temp_dir(),
        rest: Duration::from_secs(3600),
    };
    let (input, to) = pipe().unwrap();
    let (from, output) = pipe().unwrap();
    let server = thread::spawn(move || serve(input, output, setup));
    let from = BufReader::new(from);
    let mut session = Session { to, from };
    let params = json!({ "capabilities": {} });
    session.send(&json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params }));
    session.open();
    assert!(is_english(&session.until(PUBLISHED)));
    let id = json!({ "uri": URI });
    session.tell("textDocument/didSave", &id);
    has_begun.recv().unwrap();
    session.tell("textDocument/didClose", &id);
    session.until(PUBLISHED);
    session.open();
    // Time enough for the opening to be taken in; without it the test passes too, and shows nothing.
    thread::sleep(Duration::from_millis(300));
    ends.send(()).unwrap();
    assert!(is_english(&session.until(PUBLISHED)));
    session.tell("textDocument/didSave", &id);
    let seen = session.until("window/showMessage");
    assert!(is_english(&seen), "{seen:?}");
    drop(session);
    server.join().unwrap().unwrap();
}
