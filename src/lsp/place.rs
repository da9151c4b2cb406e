//! Where the cursor stands in a text that may be half written: in which block, behind which words.

use std::ops::Range;

use crate::syntax::is_keyword;
use crate::syntax::scan::{Piece, pieces};

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The keyword of the block around it.
    pub(super) block: Option<String>,
    /// The statement up to the word being written, line breaks as blanks, without comments.
    pub(super) before: String,
    /// The word being written, up to the cursor; of a string, without its quote.
    pub(super) word: String,
    /// What a completion replaces: the word with what belongs to it behind the cursor.
    pub(super) replaced: Range<usize>,
    /// The word is a string.
    pub(super) in_string: bool,
}

/// The place at a byte of a text; `None` inside a comment.
#[must_use]
pub(super) fn place(text: &str, at: usize) -> Option<Place> {
    let before = text.get(..at)?;
    let mut heads: Vec<String> = Vec::new();
    let mut statement = String::new();
    let mut string = None;
    for (piece, range) in pieces(before) {
        string = None;
        let part = &before[range.clone()];
        match piece {
            Piece::Comment if range.end == at => return None,
            Piece::Comment => {}
            Piece::Open => heads.push(std::mem::take(&mut statement)),
            Piece::Close => {
                heads.pop();
                statement.clear();
            }
            Piece::Break if goes_on(&statement) && !begins_statement(&text[range.end..]) => {
                statement.push(' ');
            }
            Piece::Break => statement.clear(),
            Piece::Text => {
                let closed = part.len() > 1 && part.ends_with('"') && !part.ends_with("\\\"");
                if range.end == at && !closed {
                    string = Some(range.start);
                } else {
                    statement.push_str(part);
                }
            }
            Piece::Other => statement.push_str(part),
        }
    }
    let block = heads.last().map(|head| first_word(head).to_owned());
    let after = text.get(at..).unwrap_or_default();
    if let Some(start) = string {
        let word = before.get(start + 1..).unwrap_or_default().to_owned();
        let line = after.split('\n').next().unwrap_or_default();
        let end = line.find('"').map_or(at, |quote| at + quote + 1);
        return Some(Place {
            block,
            before: statement,
            word,
            replaced: start..end,
            in_string: true,
        });
    }
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$');
    let word_start = statement.rfind(|c| !part(c)).map_or(0, |last| {
        last + statement[last..].chars().next().map_or(1, char::len_utf8)
    });
    let word = statement.split_off(word_start);
    let behind = after.find(|c| !part(c)).unwrap_or(after.len());
    Some(Place {
        block,
        before: statement,
        replaced: at - word.len()..at + behind,
        word,
        in_string: false,
    })
}

impl Place {
    /// The words before the cursor.
    pub(super) fn words(&self) -> Vec<&str> {
        self.before.split_whitespace().collect()
    }

    /// What stands in the list being written: in the brackets that are open, else in the statement.
    pub(super) fn listed(&self) -> Vec<String> {
        let list = match (self.bracket(), self.keyword()) {
            (Some(open), _) => &self.before[open + 1..],
            (
                None,
                "platform" | "device" | "languages" | "language" | "prefer" | "region" | "regions"
                | "locale" | "use" | "forbid",
            ) if !self.before.contains("->") => &self.before,
            _ => return Vec::new(),
        };
        let mut listed = Vec::new();
        let mut bare = String::new();
        for (piece, range) in pieces(list) {
            match piece {
                Piece::Text => listed.push(list[range].trim_matches('"').to_owned()),
                _ => bare.push_str(&list[range]),
            }
        }
        let words = bare.split(|c: char| c.is_whitespace() || matches!(c, ',' | '|' | '>'));
        listed.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
        listed
    }

    /// The bracket that is open.
    pub(super) fn bracket(&self) -> Option<usize> {
        let open = self.before.rfind('[')?;
        (!self.before[open..].contains(']')).then_some(open)
    }

    /// The path whose value is being written: what stands before the last operator, where nothing stands behind that.
    pub(super) fn subject(&self) -> Option<&str> {
        let before = match self.bracket() {
            // Behind a comma or at the beginning of the list.
            Some(open) if self.before[open + 1..].trim().is_empty() => &self.before[..open],
            Some(open) if self.before.trim_end().ends_with(',') => &self.before[..open],
            Some(_) => return None,
            None => &self.before,
        };
        let before = before.trim_end();
        let path = before
            .strip_suffix(" in")
            .or_else(|| before.strip_suffix(" has"))
            .unwrap_or_else(|| before.trim_end_matches(['<', '>', '=', '!']));
        let path = path.trim_end();
        if path.len() == before.len() {
            return None;
        }
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let start = path.rfind(|c| !part(c)).map_or(0, |last| {
            last + path[last..].chars().next().map_or(1, char::len_utf8)
        });
        Some(&path[start..])
    }

    /// The keyword of the statement; empty while it is being written.
    pub(super) fn keyword(&self) -> &str {
        first_word(&self.before)
    }
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

/// A line does not go on where the next one begins a statement.
fn begins_statement(text: &str) -> bool {
    let text = text.trim_start();
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')));
    is_keyword(&text[..end.unwrap_or(text.len())])
}

/// A line that ends so goes on in the next.
fn goes_on(statement: &str) -> bool {
    let statement = statement.trim_end();
    statement.ends_with([',', '|', '<', '>', '=', '+', '*', '/'])
        || statement.ends_with("..")
        || [" and", " or", " not", " in", " has", " -"]
            .iter()
            .any(|word| statement.ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `|` in the text is the cursor.
    fn at(text: &str) -> Option<(Option<String>, String, String, bool)> {
        let cursor = text.find('|').expect("cursor");
        let text = text.replacen('|', "", 1);
        let place = place(&text, cursor)?;
        Some((place.block, place.before, place.word, place.in_string))
    }

    fn some(
        block: &str,
        before: &str,
        word: &str,
        in_string: bool,
    ) -> Option<(Option<String>, String, String, bool)> {
        let block = (!block.is_empty()).then(|| block.to_owned());
        Some((block, before.to_owned(), word.to_owned(), in_string))
    }

    #[test]
    fn the_statement_and_the_block_are_found() {
        assert_eq!(at("edgeplan 1\nplat|"), some("", "", "plat", false));
        assert_eq!(
            at("feature a {\n  task |"),
            some("feature", "  task ", "", false)
        );
        assert_eq!(at("feature a {\n}\nui |"), some("", "ui ", "", false));
        assert_eq!(
            at("device \"iPhone 1|"),
            some("", "device ", "iPhone 1", true)
        );
        assert_eq!(
            at("device \"a\",\n  \"P|\""),
            some("", "device \"a\",   ", "P", true)
        );
        assert_eq!(at("pin a =\nallow |"), some("", "allow ", "", false));
        assert_eq!(at("device \"a\"|"), some("", "device \"a\"", "", false));
        assert_eq!(at("ram >= $min|_ram"), some("", "ram >= ", "$min", false));
        assert_eq!(at("ui native # na|"), None);
        assert_eq!(at("ui native # 内\nfea|"), some("", "", "fea", false));
    }
}
