//! What holds for any text and any place in it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::client::Client;
use super::dispatch::{self, Reply};
use super::document::Document;
use super::ground::{Governed, Knowledge};
use super::session::Session;
use crate::solve::Locked;
use crate::spec::Overrides;

const URI: &str = "file:///laws.edgeplan";

/// Every feature that needs no search.
const METHODS: [&str; 12] = [
    "textDocument/hover",
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/documentHighlight",
    "textDocument/prepareRename",
    "textDocument/documentSymbol",
    "textDocument/formatting",
    "textDocument/foldingRange",
    "textDocument/semanticTokens/full",
    "textDocument/codeAction",
    "textDocument/codeLens",
];

/// Pieces of specs, whole and broken.
const PIECES: [&str; 24] = [
    "edgeplan 1\n",
    "platform ios >= 17，",
    "feature a \"离线😀\" {\n",
    "}\n",
    "\n",
    "task ",
    "chat",
    "param x = 8 GB\n",
    "ram $x .. ",
    "pin a.model = \"",
    "\"",
    "require model.params <= 4 B\n",
    "# 注释\n",
    "use runtime \"llama.cpp\" |\n",
    "ttft <= ",
    "\\\"",
    "\r\n",
    "expect a.",
    "  ",
    "test \"t\" {\n",
    "set x = 6 GB\n",
    "{",
    "📱",
    "budget {\n memory <= 50 % of ram\n",
];

static KNOWLEDGE: LazyLock<Arc<Knowledge>> = LazyLock::new(|| {
    Arc::new(Knowledge::new(
        Cow::Borrowed(crate::catalog::builtin()),
        Cow::Borrowed(crate::rules::builtin()),
        Overrides::default(),
        None,
    ))
});

fn governed() -> Governed {
    Governed {
        knowledge: Arc::clone(&KNOWLEDGE),
        locked: Locked::default(),
        trouble: None,
    }
}

fn session(text: &str) -> Session {
    let client = Client::new(&Value::Null, None);
    let document = Document::new(
        "laws.edgeplan".to_owned(),
        (1, 1),
        text.to_owned(),
        client.encoding,
        governed(),
    );
    Session {
        cache: PathBuf::from("/nowhere"),
        turns: 1,
        client,
        documents: BTreeMap::from([(URI.to_owned(), document)]),
    }
}

fn spec() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(PIECES.to_vec()), 0..24)
        .prop_map(|pieces| pieces.concat())
}

/// All ranges of an answer, wherever they stand in it.
fn ranges(value: &Value, into: &mut Vec<(u64, u64, u64, u64)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| ranges(item, into)),
        Value::Object(fields) => {
            if let (Some(start), Some(end)) = (fields.get("start"), fields.get("end")) {
                let at = |end: &Value, field: &str| end[field].as_u64().unwrap_or(u64::MAX);
                into.push((
                    at(start, "line"),
                    at(start, "character"),
                    at(end, "line"),
                    at(end, "character"),
                ));
            }
            fields.values().for_each(|item| ranges(item, into));
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_feature_answers_everywhere_within_the_text(text in spec(), line in 0_u32..12, character in 0_u32..40) {
        let session = session(&text);
        let lines: Vec<u64> = text
            .replace("\r\n", "\n")
            .split('\n')
            .map(|line| line.encode_utf16().count() as u64)
            .collect();
        for method in METHODS {
            let params = json!({
                "textDocument": { "uri": URI },
                "position": { "line": line, "character": character },
                "range": { "start": { "line": 0, "character": 0 }, "end": { "line": line, "character": character } },
                "context": { "includeDeclaration": true, "diagnostics": [], "triggerKind": 1 },
                "options": { "tabSize": 2, "insertSpaces": true },
            });
            let answer = dispatch::answer(&session, method, params);
            let result = answer.map_err(|refusal| TestCaseError::fail(format!("{method}: {}", refusal.message)))?;
            let mut found = Vec::new();
            // Definitions may lead into other files.
            if method != "textDocument/definition" {
                let Reply::Now(result, _) = result else {
                    return Err(TestCaseError::fail(format!("{method} waits for a search")));
                };
                ranges(&result, &mut found);
            }
            for (line, start, last, end) in found {
                prop_assert!((line, start) <= (last, end), "{} backwards", method);
                let length = lines.get(usize::try_from(last).unwrap_or(usize::MAX)).copied();
                prop_assert!(length.is_some_and(|length| end <= length), "{}: {}:{} in {:?}", method, last, end, text);
            }
        }
    }

    #[test]
    fn edits_keep_step_with_the_editor(text in spec(), inserted in spec(), from in 0_u32..12, to in 0_u32..12) {
        let mut session = session(&text);
        let document = session.documents.get_mut(URI).expect("open");
        let range = json!({ "start": { "line": from, "character": 1 }, "end": { "line": to, "character": 2 } });
        let change = json!([{ "range": range, "text": inserted }]);
        let changes = serde_json::from_value(change).expect("changes");
        document.change((2, 2), changes);
        let fresh = Document::new(String::new(), (2, 2), document.text.clone(), session.client.encoding, governed());
        for byte in [0, document.text.len() / 2, document.text.len()] {
            let document = &session.documents[URI];
            prop_assert_eq!(document.lines.position(&document.text, byte), fresh.lines.position(&fresh.text, byte));
        }
    }
}
