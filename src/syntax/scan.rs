//! The lexical skeleton of a text: comments, strings, blocks. Works on text that does not parse.

use std::ops::Range;

/// A block, from the first word of its head to behind its brace or to the end of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// All of it.
    pub(crate) range: Range<usize>,
    /// The opening brace.
    pub(crate) open: usize,
}

/// What a stretch of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// From `#` to the end of its line.
    Comment,
    /// With its quotes; one that is not closed ends with its line.
    Text,
    /// `{`
    Open,
    /// `}`
    Close,
    /// A line end.
    Break,
    /// One other character.
    Other,
}

/// The pieces of a text, in order.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = (Piece, Range<usize>)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let first = rest.chars().next()?;
        let (piece, length) = match first {
            '#' => (Piece::Comment, rest.find('\n').unwrap_or(rest.len())),
            '"' => (Piece::Text, string(rest)),
            '{' => (Piece::Open, 1),
            '}' => (Piece::Close, 1),
            '\n' => (Piece::Break, 1),
            other => (Piece::Other, other.len_utf8()),
        };
        let range = at..at + length;
        at = range.end;
        Some((piece, range))
    })
}

/// The length of the string that a text begins with.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' => return at,
            '"' if !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    text.len()
}

/// The blocks of a text, by place.
#[must_use]
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut head = None;
    for (piece, range) in pieces(text) {
        match piece {
            Piece::Open => {
                open.push(blocks.len());
                blocks.push(Block {
                    range: head.take().unwrap_or(range.start)..text.len(),
                    open: range.start,
                });
            }
            Piece::Close => {
                if let Some(at) = open.pop() {
                    blocks[at].range.end = range.end;
                }
                head = None;
            }
            Piece::Break => head = None,
            Piece::Text => {
                head.get_or_insert(range.start);
            }
            Piece::Other if !text[range.clone()].trim().is_empty() => {
                head.get_or_insert(range.start);
            }
            Piece::Comment | Piece::Other => {}
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_in_strings_and_comments_are_no_blocks() {
        let text = "feature a \"{\" { # }\n  task chat\n}\nbudget {\n";
        let found = blocks(text);
        assert_eq!(found.len(), 2);
        assert_eq!(
            &text[found[0].range.clone()],
            &text[..text.find("\nbudget").expect("budget")]
        );
        assert_eq!(found[1].range.end, text.len(), "not closed");
    }
}
