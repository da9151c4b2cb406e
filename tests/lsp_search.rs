//! The search of the language server: no key stroke waits for one, none goes on for a text that is gone, and what waits for its
//! answer is answered in the end.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::lsp_client::Client;

const URI: &str = "file:///search/a.edgeplan";

const FITS: &str = "edgeplan 1\nplatform ios\nram 8 GB\nfeature chat \"x\"\n";

/// How long a search of a spec in four lines may take on a slow machine, and far less than the one of [`endless`].
const SOON: Duration = Duration::from_secs(60);

const CANCELLED: i64 = -32800;
const FAILED: i64 = -32803;

/// A spec without mistakes whose search takes minutes: sixty features that nothing can do.
fn endless() -> String {
    let mut spec = "edgeplan 1\nplatform ios >= 17, android >= 13\nram 8 GB .. 16 GB\n".to_owned();
    for feature in 0..60 {
        let _ = write!(
            spec,
            "feature f{feature} \"Notes\" {{\n  task summarize\n  memory <= 900 MB\n  \
             pin model = \"qwen3-4b-instruct-2507\"\n}}\n"
        );
    }
    spec
}

fn start(folder: &tempfile::TempDir) -> Client {
    let mut client = Client::start(folder.path(), &["--rest", "0"]);
    client.initialize(&json!({ "window": { "showDocument": { "support": true } } }));
    client
}

fn open_plan(client: &mut Client) -> i64 {
    let params = json!({ "command": "edgeplan.openPlan", "arguments": [URI] });
    client.request("workspace/executeCommand", params)
}

/// Waits for the response to a request.
fn response(client: &mut Client, id: i64) -> Value {
    let is_it = |message: &Value| message["id"] == id && message.get("method").is_none();
    client.until(is_it).pop().unwrap()
}

#[test]
fn a_key_stroke_ends_the_search_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut client = start(&folder);
    client.open(URI, &endless());
    assert_eq!(client.findings(URI, 1), [] as [Value; 0]);
    // The search is under way.
    std::thread::sleep(Duration::from_millis(500));
    let began = Instant::now();
    client.change(URI, 2, &endless().replacen("900", "901", 1));
    client.findings(URI, 2);
    client.change(URI, 3, FITS);
    client.findings(URI, 3);
    // The findings of the third text, a second time: those of its search.
    client.findings(URI, 3);
    let took = began.elapsed();
    assert!(took < SOON, "{took:?}");
}

#[test]
fn a_plan_that_is_asked_for_during_a_search_comes_with_its_end() {
    let folder = tempfile::tempdir().unwrap();
    // Without a rest: the command begins the search at once.
    let mut client = Client::start(folder.path(), &["--rest", "3600000"]);
    client.initialize(&json!({ "window": { "showDocument": { "support": true } } }));
    client.open(URI, FITS);
    let asked = open_plan(&mut client);
    let symbols = client.request(
        "textDocument/documentSymbol",
        json!({ "textDocument": { "uri": URI } }),
    );
    let seen = client.until(|message| message["id"] == asked && message.get("result").is_some());
    let place = |wanted: &dyn Fn(&Value) -> bool| seen.iter().position(wanted);
    let outline = place(&|message| message["id"] == symbols && message.get("result").is_some());
    let show = place(&|message| message["method"] == "window/showDocument");
    assert!(
        outline < show && show.is_some(),
        "the outline does not wait: {seen:?}"
    );
    let plan = seen.last().unwrap()["result"].as_str().unwrap();
    let plan = std::fs::read_to_string(plan.strip_prefix("file://").unwrap()).unwrap();
    assert!(plan.contains("\n# x: "), "{plan}");
}

#[test]
fn other_requests_are_answered_while_the_plan_of_a_large_spec_is_searched() {
    let mut spec = "edgeplan 1\nplatform android, ios\nram 8 GB\n".to_owned();
    for feature in 0..120 {
        let _ = write!(spec, "feature f{feature} \"x\" {{\n  task chat\n}}\n");
    }
    let folder = tempfile::tempdir().unwrap();
    let mut client = start(&folder);
    client.open(URI, &spec);
    client.findings(URI, 1);
    client.findings(URI, 1);
    // The answer is there; the plan takes far longer.
    let plan = open_plan(&mut client);
    let began = Instant::now();
    let outline = json!({ "textDocument": { "uri": URI } });
    let asked = client.request("textDocument/documentSymbol", outline);
    let seen = client.until(|message| message["id"] == asked && message.get("result").is_some());
    let took = began.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert!(seen.iter().all(|message| message["id"] != plan), "{seen:?}");
    client.notify("$/cancelRequest", json!({ "id": plan }));
    assert_eq!(response(&mut client, plan)["error"]["code"], CANCELLED);
}

#[test]
fn what_waits_for_a_search_is_answered_when_it_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut client = start(&folder);
    client.open(URI, &endless());
    let cancelled = open_plan(&mut client);
    client.notify("$/cancelRequest", json!({ "id": cancelled }));
    assert_eq!(response(&mut client, cancelled)["error"]["code"], CANCELLED);
    // With a mistake in the text there is nothing to wait for.
    let broken = open_plan(&mut client);
    client.change(URI, 2, "edgeplan 1\nplatfrm ios\n");
    assert_eq!(response(&mut client, broken)["error"]["code"], FAILED);
    // A text that is mended meanwhile gets the plan of the text as it is then.
    client.change(URI, 3, &endless());
    let mended = open_plan(&mut client);
    client.change(URI, 4, FITS);
    let answer = response(&mut client, mended);
    assert!(answer["result"].is_string(), "{answer}");
    client.change(URI, 5, &endless());
    let closed = open_plan(&mut client);
    client.notify(
        "textDocument/didClose",
        json!({ "textDocument": { "uri": URI } }),
    );
    assert!(response(&mut client, closed)["error"].is_object());
    client.open(URI, &endless());
    let down = open_plan(&mut client);
    let shutdown = client.request("shutdown", Value::Null);
    assert_eq!(response(&mut client, down)["error"]["code"], CANCELLED);
    assert_eq!(response(&mut client, shutdown)["result"], Value::Null);
    client.notify("exit", Value::Null);
    assert_eq!(client.hang_up(), 0);
}
