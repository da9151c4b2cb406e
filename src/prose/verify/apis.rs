//! API names, options and tools in a sentence: where they stand. Judges nothing.

use std::ops::Range;

use crate::prose::read::atom::overlap;
use crate::prose::read::fold::{fold, is_han};
use crate::prose::read::names::ends;

/// An API by its number, and where a sentence has its parts.
pub(super) type Named = (usize, Vec<Range<usize>>);

/// Those of some APIs that a part of a sentence names, in the order of the sentence, each with its places.
pub(super) fn named(apis: &[String], text: &str, within: &Range<usize>) -> Vec<Named> {
    let folded = fold(text);
    let mut found: Vec<Named> = Vec::new();
    for (at, api) in apis.iter().enumerate() {
        let mut from = 0;
        let mut spans = Vec::new();
        for piece in pieces(api) {
            let Some(start) = find(&folded.text, &piece, from) else {
                spans.clear();
                break;
            };
            from = start + piece.len();
            spans.push(folded.origin(start)..folded.origin(from));
        }
        if spans.first().is_some_and(|span| overlap(span, within)) {
            found.push((at, spans));
        }
    }
    found.sort_by_key(|(_, spans)| spans.first().map_or(0, |span| span.start));
    found
}

/// The parts of an API that stand in a sentence one after the other: `load_mode` and `MMAP` of `load_mode = MMAP`.
fn pieces(api: &str) -> Vec<String> {
    let api = fold(api).text;
    let apart = |c: char| c.is_whitespace() || matches!(c, '=' | '"' | '<' | '>');
    let pieces = api.split(apart).map(|piece| piece.trim_end_matches("()"));
    pieces
        .filter(|piece| !piece.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Where a piece stands by itself in a text.
fn find(text: &str, piece: &str, from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(found) = text.get(at..)?.find(piece) {
        let start = at + found;
        let before = text[..start].chars().next_back();
        let joined = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        let begins = before.is_none_or(|c| is_han(c) || !joined(c));
        let rest = &text[start..];
        let called = rest
            .get(piece.len()..)
            .is_some_and(|rest| rest.starts_with("()"));
        if begins && (called || ends(rest, piece.len())) {
            return Some(start);
        }
        at = start + rest.chars().next().map_or(1, char::len_utf8);
    }
    None
}
