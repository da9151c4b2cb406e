//! Quick fixes: of every kind of finding that a page shows, each fix that is offered mends what it is offered for.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use edgeplan::diagnostic::codes::CODES;
use serde_json::{Value, json};

use crate::errors::failing_spec;
use crate::lsp_client::Client;
use crate::lsp_text::edited;
use crate::support::assert_snapshot;

/// How many findings there are of a code.
fn count(findings: &[Value], code: &str) -> usize {
    let same = findings.iter().filter(|finding| finding["code"] == code);
    same.count()
}

/// The actions for one finding, as an editor asks for them; without the data that some editors do not keep.
fn actions(client: &mut Client, uri: &str, finding: &Value, keeps_data: bool) -> Vec<Value> {
    let mut finding = finding.clone();
    if !keeps_data {
        finding.as_object_mut().unwrap().remove("data");
    }
    let params = json!({
        "textDocument": { "uri": uri },
        "range": finding["range"],
        "context": { "diagnostics": [finding], "only": ["quickfix"] },
    });
    let answer = client.ask("textDocument/codeAction", params);
    answer["result"].as_array().unwrap().clone()
}

#[test]
fn every_fix_of_a_page_is_offered_and_mends_its_finding() {
    let folder = tempfile::tempdir().unwrap();
    let mut client = Client::start(folder.path(), &["--rest", "3600000"]);
    client.initialize(&json!({}));
    // By code: what its fixes are called.
    let mut kinds: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for info in CODES {
        let Some(text) = failing_spec(info.code) else {
            continue;
        };
        let uri = format!("file:///fixes/{}.edgeplan", info.code);
        client.open(&uri, &text);
        let found = client.findings(&uri, 1);
        let mut version = 1;
        for finding in &found {
            let fixes = finding["data"]["fixes"].as_array();
            let fixes = fixes.cloned().unwrap_or_default();
            let offered = actions(&mut client, &uri, finding, true);
            assert_eq!(offered.len(), fixes.len(), "{finding}");
            assert_eq!(
                actions(&mut client, &uri, finding, false).len(),
                offered.len()
            );
            let code = finding["code"].as_str().unwrap();
            for action in &offered {
                assert_eq!(action["kind"], "quickfix");
                let edits = action["edit"]["changes"][&uri].as_array().unwrap();
                let mended = edited(&text, edits);
                client.change(&uri, version + 1, &mended);
                let left = client.findings(&uri, version + 1);
                let title = action["title"].as_str().unwrap();
                assert!(
                    count(&left, code) < count(&found, code),
                    "{code}: `{title}` does not mend it:\n{mended}"
                );
                let sure = if action["isPreferred"] == true {
                    "certain"
                } else {
                    "suggested"
                };
                let kind = format!("{title} ({sure})");
                let known = kinds.entry(code.to_owned()).or_default();
                if !known.contains(&kind) {
                    known.push(kind);
                }
                client.change(&uri, version + 2, &text);
                // What was offered for the text as it was is offered again.
                assert_eq!(client.findings(&uri, version + 2).len(), found.len());
                version += 2;
            }
        }
    }
    let mut list = String::new();
    for (code, titles) in kinds {
        let _ = writeln!(list, "{code} {}", titles.join(" | "));
    }
    assert_snapshot("lsp", "fixes-of-pages", &list);
}

#[test]
fn a_client_that_tells_no_findings_is_served_by_range() {
    let folder = tempfile::tempdir().unwrap();
    let mut client = Client::start(folder.path(), &["--rest", "3600000"]);
    client.initialize(&json!({}));
    let uri = "file:///fixes/ranges.edgeplan";
    client.open(
        uri,
        "edgeplan 1\nplatfrm ios\nfeature chat \"x\"\nram >= 8 gb\n",
    );
    client.findings(uri, 1);
    let mut titles = |lines: (u32, u32), only: Value| -> Vec<String> {
        let params = json!({
            "textDocument": { "uri": uri },
            "range": {
                "start": { "line": lines.0, "character": 0 },
                "end": { "line": lines.1, "character": 99 },
            },
            "context": { "diagnostics": [], "only": only },
        });
        let answer = client.ask("textDocument/codeAction", params);
        let offered = answer["result"].as_array().unwrap().iter();
        let title = |action: &Value| action["kind"].as_str().unwrap().to_owned();
        offered.map(title).collect()
    };
    let (quick, all) = ("quickfix", "source.fixAll.edgeplan");
    assert_eq!(titles((1, 1), json!(["quickfix"])), [quick]);
    assert_eq!(titles((0, 3), json!(["quickfix"])), [quick, quick]);
    assert_eq!(titles((2, 2), json!(["quickfix"])), [""; 0]);
    // A kind stands for those below it, and for nothing else that begins like it.
    assert_eq!(titles((2, 2), json!(["source"])), [all]);
    assert_eq!(titles((2, 2), json!(["source.fixAll"])), [all]);
    assert_eq!(titles((2, 2), json!(["source.fix"])), [""; 0]);
}
