//! The walk-through of the tutorial in both languages, replayed: the editor's part against the language server, the rest in a shell. A page shows
//! what was said, so the page is the snapshot.
//!
//! `EDGEPLAN_BLESS=1 cargo test tutorial` writes the pages anew after a change of words or facts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::lsp_client::Client;
use crate::lsp_text::{edited, position};
use crate::support::{read, root};

const URI: &str = "file:///walk/chat.edgeplan";

/// More changes than the page's mistakes need.
const MOST_CHANGES: usize = 10;

/// An editor that takes each change the server offers.
struct Editor {
    client: Client,
    text: String,
    version: i32,
}

impl Editor {
    fn open(folder: &Path, language: &str, text: &str) -> Self {
        let mut client = Client::start(folder, &["--lang", language]);
        let actions = json!({ "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix"] } } });
        client.initialize(&json!({ "textDocument": { "codeAction": actions } }));
        let item = json!({ "uri": URI, "languageId": "edgeplan", "version": 1, "text": text });
        client.notify("textDocument/didOpen", json!({ "textDocument": item }));
        Self {
            client,
            text: text.to_owned(),
            version: 1,
        }
    }

    /// The errors of the version that is open.
    fn errors(&mut self) -> Vec<Value> {
        let version = self.version;
        let published = self.client.until(|message| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["version"] == version
        });
        let last = published.last().unwrap();
        let found = last["params"]["diagnostics"].as_array().unwrap();
        let errors = found.iter().filter(|one| one["severity"] == 1);
        errors.cloned().collect()
    }

    /// The first change offered for a finding: its title and its edits.
    fn fix(&mut self, finding: &Value) -> Option<(String, Vec<Value>)> {
        let params = json!({
            "textDocument": { "uri": URI },
            "range": finding["range"],
            "context": { "diagnostics": [finding] },
        });
        let answer = self.client.ask("textDocument/codeAction", params);
        let action = answer["result"].as_array()?.first()?;
        let edits = action["edit"]["changes"][URI].as_array()?;
        Some((action["title"].as_str()?.to_owned(), edits.clone()))
    }

    /// What is shown once the answer is there.
    fn seen(&mut self) -> Seen {
        // The findings come again with it.
        assert_eq!(self.errors(), [] as [Value; 0]);
        let document = json!({ "uri": URI });
        let place = position(&self.text, self.text.find("download").unwrap());
        let params = json!({ "textDocument": document, "position": place });
        let hover = self.client.ask("textDocument/hover", params);
        let hover = hover["result"]["contents"]["value"].as_str().unwrap();
        let line = |line: &Value, shown: &Value| {
            let line = line["line"].as_u64().unwrap() + 1;
            format!("{line}: {}\n", shown.as_str().unwrap().trim())
        };
        let end = json!({ "line": 99, "character": 0 });
        let all = json!({ "start": { "line": 0, "character": 0 }, "end": end });
        let params = json!({ "textDocument": document, "range": all });
        let hints = self.client.ask("textDocument/inlayHint", params);
        let hints = hints["result"].as_array().unwrap().iter();
        let params = json!({ "textDocument": document });
        let lenses = self.client.ask("textDocument/codeLens", params);
        let lenses = lenses["result"].as_array().unwrap().iter();
        Seen {
            hover: format!("{}\n", hover.trim_end()),
            hints: hints
                .map(|one| line(&one["position"], &one["label"]))
                .collect(),
            lenses: lenses
                .map(|one| line(&one["range"]["start"], &one["command"]["title"]))
                .collect(),
        }
    }

    /// Makes edits and tells the server.
    fn apply(&mut self, edits: &[Value]) {
        self.text = edited(&self.text, edits);
        self.version += 1;
        let id = json!({ "uri": URI, "version": self.version });
        let change = json!([{ "text": self.text }]);
        let params = json!({ "textDocument": id, "contentChanges": change });
        self.client.notify("textDocument/didChange", params);
    }
}

/// What the editor shows of a text with mistakes, the text after every change was taken, and what is shown of that.
struct Mended {
    mistakes: String,
    text: String,
    seen: Seen,
}

/// What the editor shows of a text in order.
#[derive(Default)]
struct Seen {
    /// Over the word `download`.
    hover: String,
    /// Behind lines.
    hints: String,
    /// Above lines.
    lenses: String,
}

fn mended(folder: &Path, language: &str, text: &str) -> Mended {
    let mut editor = Editor::open(folder, language, text);
    let mut shown = String::new();
    let mut errors = editor.errors();
    for error in &errors {
        let start = &error["range"]["start"];
        let at = |name: &str| start[name].as_u64().unwrap() + 1;
        let message = error["message"].as_str().unwrap().lines().next().unwrap();
        let code = error["code"].as_str().unwrap();
        shown.push_str(&format!(
            "{}:{} {code} {message}\n",
            at("line"),
            at("character")
        ));
        let (title, _) = editor.fix(error).expect("a change for each mistake");
        shown.push_str(&format!("    {title}\n"));
    }
    assert!(errors.len() > 1);
    for _ in 0..MOST_CHANGES {
        let Some(error) = errors.first() else {
            break;
        };
        let (_, edits) = editor.fix(error).expect("a change");
        editor.apply(&edits);
        errors = editor.errors();
    }
    assert_eq!(errors, [] as [Value; 0], "every change was taken");
    Mended {
        mistakes: shown,
        seen: editor.seen(),
        text: editor.text,
    }
}

/// A shell with the command and a git identity at hand: what it printed, and the exit code when it is not 0.
fn shell(folder: &Path, locale: &str, line: &str) -> String {
    let command = PathBuf::from(env!("CARGO_BIN_EXE_edgeplanc"));
    let mut path = command.parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap());
    let mut shell = Command::new("bash");
    // The locale is the command's alone: a shell complains about one that is not installed.
    let script =
        format!("set -o pipefail\nedgeplanc() {{ env LC_ALL={locale} edgeplanc \"$@\"; }}\n{line}");
    shell.args(["-c", &script]);
    for role in ["AUTHOR", "COMMITTER"] {
        shell.env(format!("GIT_{role}_NAME"), "a");
        shell.env(format!("GIT_{role}_EMAIL"), "a@example.com");
    }
    let done = shell
        .current_dir(folder)
        .env("PATH", path)
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    let mut said = String::from_utf8(done.stdout).unwrap();
    said.push_str(&String::from_utf8(done.stderr).unwrap());
    if !done.status.success() {
        said.push_str(&format!("[{}]\n", done.status.code().unwrap_or(-1)));
    }
    said
}

#[cfg(unix)]
#[test]
fn the_walk_through_of_the_tutorial_is_what_happens() {
    replay("docs/tutorial/walk-through.md", "en", "C");
}

#[cfg(unix)]
#[test]
fn the_chinese_walk_through_is_what_happens_too() {
    replay(
        "docs/tutorial/walk-through.zh-CN.md",
        "zh-CN",
        "zh_CN.UTF-8",
    );
}

/// Does what a page says, in a language of the editor and a locale of the shell, and holds the page against it.
#[cfg(unix)]
fn replay(page: &str, language: &str, locale: &str) {
    let page = root().join(page);
    let text = read(&page);
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    shell(folder, locale, "git init --quiet .");
    let spec = folder.join("chat.edgeplan");
    let (mut shown, mut seen) = (String::new(), Seen::default());
    let mut happened = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        happened.push_str(line);
        happened.push('\n');
        let Some(kind) = line.strip_prefix("```") else {
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let block = block
            .iter()
            .map(|line| format!("{line}\n"))
            .collect::<String>();
        match kind {
            "edgeplan typed" => {
                let mended = mended(folder, language, &block);
                (shown, seen) = (mended.mistakes, mended.seen);
                fs::write(&spec, mended.text).unwrap();
                happened.push_str(&block);
            }
            "text editor" => happened.push_str(&shown),
            "text hover" => happened.push_str(&seen.hover),
            "text hints" => happened.push_str(&seen.hints),
            "text lens" => happened.push_str(&seen.lenses),
            "edgeplan mended" => happened.push_str(&read(&spec)),
            "console" => {
                for command in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
                    happened.push_str(&format!("$ {command}\n{}", shell(folder, locale, command)));
                }
            }
            other => panic!("no way to replay `{other}`"),
        }
        happened.push_str("```\n");
    }
    if std::env::var_os("EDGEPLAN_BLESS").is_some() {
        fs::write(&page, &happened).unwrap();
    }
    assert_eq!(read(&page), happened, "run again with EDGEPLAN_BLESS=1");
    assert!(happened.contains("[3]"), "CI says no");
}
