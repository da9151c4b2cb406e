//! How long an editor waits from a key stroke to the findings of the text, through the server's own protocol.
//! Run: `cargo bench --bench lsp`. The slowest sample is to stay below 10 ms.

#![allow(
    clippy::expect_used,
    reason = "a benchmark may stop at the first surprise"
)]

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, PipeReader, Read as _, pipe};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use divan::Bencher;
use edgeplan::lsp::{Governed, Ground, Knowledge, Setup, serve};
use edgeplan::solve::Locked;
use edgeplan::spec::Overrides;
use edgeplan::{catalog, rules};
use serde_json::{Value, json};

/// Everything is governed by what is built in.
struct BuiltIn(Arc<Knowledge>);

impl Ground for BuiltIn {
    fn govern(&mut self, _: Option<&Path>) -> Governed {
        Governed {
            knowledge: Arc::clone(&self.0),
            locked: Locked::default(),
            trouble: None,
        }
    }
}

const URI: &str = "file:///bench.edgeplan";

fn main() {
    // Decoded before anything is timed.
    let _ = (catalog::builtin(), rules::builtin());
    divan::main();
}

/// A spec of 500 lines: sixty features with limits, conditions and pins.
fn long_spec() -> String {
    let mut spec = String::from(
        "edgeplan 1\nplatform ios >= 17, android >= 13\nram 8 GB .. 16 GB\nparam budget = 3 GB\n",
    );
    for feature in 0..62 {
        let _ = write!(
            spec,
            "feature f{feature} \"离线摘要 {feature}\" {{\n  task summarize\n  input <= 1500 tokens\n  \
             output <= 300 tokens\n  memory <= $budget\n  require model.params <= 4 B and model.moe = false\n  \
             pin model = \"qwen3-4b-instruct-2507\"\n}}\n"
        );
    }
    spec
}

fn send(output: &mut impl std::io::Write, message: &Value) {
    let body = message.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("send");
}

fn receive(input: &mut BufReader<PipeReader>) -> Value {
    let mut length = String::new();
    input.read_line(&mut length).expect("header");
    let length = length.trim().trim_start_matches("Content-Length: ");
    let mut blank = String::new();
    input.read_line(&mut blank).expect("blank");
    let mut body = vec![0; length.parse().expect("length")];
    input.read_exact(&mut body).expect("body");
    serde_json::from_slice(&body).expect("JSON")
}

#[divan::bench(sample_count = 500, sample_size = 1)]
fn key_stroke_on_500_lines(bencher: Bencher<'_, '_>) {
    let (server_input, mut to_server) = pipe().expect("pipe");
    let (from_server, server_output) = pipe().expect("pipe");
    let setup = Setup {
        ground: Box::new(BuiltIn(Arc::new(Knowledge::new(
            Cow::Borrowed(catalog::builtin()),
            Cow::Borrowed(rules::builtin()),
            Overrides::default(),
            None,
        )))),
        locale: None,
        cache: std::env::temp_dir(),
        // The search is another matter: it never stands between a key stroke and its findings.
        rest: Duration::from_secs(3600),
    };
    thread::spawn(move || serve(server_input, server_output, setup));
    let mut from_server = BufReader::new(from_server);
    send(
        &mut to_server,
        &json!({ "id": 0, "method": "initialize", "params": { "capabilities": {} } }),
    );
    receive(&mut from_server);
    let text = long_spec();
    let line = text.lines().count() - 2;
    let document = json!({ "uri": URI, "languageId": "edgeplan", "version": 0, "text": text });
    let open = json!({ "method": "textDocument/didOpen", "params": { "textDocument": document } });
    send(&mut to_server, &open);
    receive(&mut from_server);
    let mut version = 0;
    bencher.bench_local(|| {
        version += 1;
        // A letter comes and goes in the last pinned name.
        let (end, text) = if version % 2 == 1 { (15, "x") } else { (16, "") };
        let change = json!({
            "range": { "start": { "line": line, "character": 15 }, "end": { "line": line, "character": end } },
            "text": text,
        });
        let params = json!({
            "textDocument": { "uri": URI, "version": version },
            "contentChanges": [change],
        });
        send(
            &mut to_server,
            &json!({ "method": "textDocument/didChange", "params": params }),
        );
        let published = receive(&mut from_server);
        assert_eq!(published["params"]["version"], version);
    });
}
