//! The text of a document on the editor's side: positions of the protocol, counted in another way than the server does, and edits.

use serde_json::{Value, json};

/// The position of a byte, in UTF-16.
pub(crate) fn position(text: &str, byte: usize) -> Value {
    let before = &text[..byte];
    let line = before.matches('\n').count();
    let last = before.rsplit('\n').next().unwrap_or_default();
    json!({ "line": line, "character": last.encode_utf16().count() })
}

/// The byte at a position.
pub(crate) fn byte(text: &str, position: &Value) -> usize {
    let (line, column) = place(position);
    let lines = text.split_inclusive('\n').take(line);
    let start: usize = lines.map(str::len).sum();
    let units: Vec<u16> = text[start..].encode_utf16().take(column).collect();
    start + String::from_utf16(&units).expect("whole characters").len()
}

/// Edits in the order in which they can be made one after another: the last in the text first.
pub(crate) fn last_first(edits: &[Value]) -> Vec<Value> {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| std::cmp::Reverse(place(&edit["range"]["start"])));
    edits
}

/// The text after edits, of which none touches another.
pub(crate) fn edited(text: &str, edits: &[Value]) -> String {
    let mut text = text.to_owned();
    for edit in last_first(edits) {
        let start = byte(&text, &edit["range"]["start"]);
        let end = byte(&text, &edit["range"]["end"]);
        text.replace_range(start..end, edit["newText"].as_str().expect("text"));
    }
    text
}

fn place(position: &Value) -> (usize, usize) {
    let at = |name: &str| usize::try_from(position[name].as_u64().expect("a number"));
    (at("line").expect("small"), at("character").expect("small"))
}
