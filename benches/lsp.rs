//! How long an editor waits from a key stroke to the findings of the text, through the server's own protocol: while the
//! server rests, and while it searches the answer to the state before. Run: `cargo bench --bench lsp`. It fails when of a
//! hundred key strokes more than one waits for 10 ms.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark may stop at the first surprise, and says what it measured"
)]

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Read as _, pipe};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

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

/// Key strokes of one run.
const STROKES: usize = 1000;
/// What at most one of a hundred may take longer than.
const GOAL: Duration = Duration::from_millis(10);

fn main() -> ExitCode {
    // Decoded before anything is timed.
    let _ = (catalog::builtin(), rules::builtin());
    let never = Duration::from_secs(3600);
    let mut kept = true;
    for (what, rest, pause) in [
        ("at rest", never, Duration::ZERO),
        // Faster than anybody types, and long enough for a search to be well under way.
        (
            "while a search runs",
            Duration::ZERO,
            Duration::from_millis(20),
        ),
    ] {
        let mut waits = key_strokes(rest, pause);
        waits.sort_unstable();
        let at = |percent: usize| waits[(waits.len() * percent / 100).min(waits.len() - 1)];
        println!(
            "key stroke to findings, 500 lines, {what}: median {:.2?}, 99th percentile {:.2?}, slowest {:.2?}",
            at(50),
            at(99),
            at(100)
        );
        kept &= at(99) < GOAL;
    }
    if kept {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
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

/// A server that searches once a document has rested for this long, with the spec open.
fn open(rest: Duration, text: &str) -> (PipeWriter, BufReader<PipeReader>) {
    let (server_input, mut to_server) = pipe().expect("pipe");
    let (from_server, server_output) = pipe().expect("pipe");
    let setup = Setup {
        ground: Box::new(BuiltIn(Arc::new(Knowledge::new(
            Cow::Borrowed(catalog::builtin()),
            Cow::Borrowed(rules::builtin()),
            Overrides::default(),
            None,
        )))),
        specs: |_| Vec::new(),
        locale: None,
        cache: std::env::temp_dir(),
        rest,
    };
    thread::spawn(move || serve(server_input, server_output, setup));
    let mut from_server = BufReader::new(from_server);
    send(
        &mut to_server,
        &json!({ "id": 0, "method": "initialize", "params": { "capabilities": {} } }),
    );
    receive(&mut from_server);
    let document = json!({ "uri": URI, "languageId": "edgeplan", "version": 0, "text": text });
    let open = json!({ "method": "textDocument/didOpen", "params": { "textDocument": document } });
    send(&mut to_server, &open);
    receive(&mut from_server);
    (to_server, from_server)
}

/// How long each key stroke waits for the findings of its text.
fn key_strokes(rest: Duration, pause: Duration) -> Vec<Duration> {
    let text = long_spec();
    let line = text.lines().count() - 5;
    let (mut to_server, mut from_server) = open(rest, &text);
    let strokes = (1..=STROKES).map(|version| {
        // A digit comes and goes in a limit near the end: the text stays one that is searched.
        let (end, text) = if version % 2 == 1 { (15, "1") } else { (16, "") };
        let change = json!({
            "range": { "start": { "line": line, "character": 15 }, "end": { "line": line, "character": end } },
            "text": text,
        });
        let params = json!({
            "textDocument": { "uri": URI, "version": version },
            "contentChanges": [change],
        });
        thread::sleep(pause);
        let began = Instant::now();
        send(
            &mut to_server,
            &json!({ "method": "textDocument/didChange", "params": params }),
        );
        // An answer to an earlier state may come in between.
        while receive(&mut from_server)["params"]["version"] != version {}
        began.elapsed()
    });
    strokes.collect()
}
