//! Between byte offsets and the positions of the protocol: lines from 0, columns in the units the client asked for.

use std::cell::Cell;

use gen_lsp_types::{Position, Range};

/// The unit of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// Code units of UTF-16, the protocol's default.
    #[default]
    Utf16,
}

impl Encoding {
    fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
        }
    }
}

/// The lines of one text.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    starts: Vec<usize>,
    encoding: Encoding,
    /// The last answer, as (line, byte, column): positions are mostly asked for in order, and a file may be one line.
    last: Cell<(usize, usize, usize)>,
}

impl Lines {
    /// Reads a text once.
    #[must_use]
    pub(super) fn new(text: &str, encoding: Encoding) -> Self {
        let mut starts = vec![0];
        let bytes = text.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            let lone_return = *byte == b'\r' && bytes.get(at + 1) != Some(&b'\n');
            if *byte == b'\n' || lone_return {
                starts.push(at + 1);
            }
        }
        Self {
            starts,
            encoding,
            last: Cell::new((0, 0, 0)),
        }
    }

    /// The position of a byte of the text that this was made of; clamped to it and to whole characters.
    #[must_use]
    pub(super) fn position(&self, text: &str, byte: usize) -> Position {
        let mut byte = byte.min(text.len());
        while !text.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= byte) - 1;
        let (last_line, last_byte, last_column) = self.last.get();
        let (from, column) = if last_line == line && last_byte <= byte {
            (last_byte, last_column)
        } else {
            (self.starts[line], 0)
        };
        let passed = text.get(from..byte).unwrap_or_default();
        let width = |c| self.encoding.width(c);
        let column = column + passed.chars().map(width).sum::<usize>();
        self.last.set((line, byte, column));
        Position::new(line as u32, column as u32)
    }

    /// The byte of a position; one behind the end of its line stands at that end.
    #[must_use]
    pub(super) fn byte(&self, text: &str, position: Position) -> usize {
        let line = position.line as usize;
        let Some(&start) = self.starts.get(line) else {
            return text.len();
        };
        let end = self.starts.get(line + 1).copied().unwrap_or(text.len());
        let content = text.get(start..end).unwrap_or_default();
        let content = content.trim_end_matches(['\n', '\r']);
        let mut left = position.character as usize;
        for (at, c) in content.char_indices() {
            let width = self.encoding.width(c);
            if left < width {
                return start + at;
            }
            left -= width;
        }
        start + content.len()
    }

    /// The range of bytes `start..end`.
    #[must_use]
    pub(super) fn range(&self, text: &str, start: usize, end: usize) -> Range {
        let from = self.position(text, start);
        Range::new(from, self.position(text, end.max(start)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn columns_count_what_the_client_counts() {
        let text = "a内😀b\r\nx";
        let utf16 = Lines::new(text, Encoding::Utf16);
        let utf8 = Lines::new(text, Encoding::Utf8);
        let at = text.find('b').expect("b");
        assert_eq!(utf16.position(text, at), Position::new(0, 4));
        assert_eq!(utf8.position(text, at), Position::new(0, 8));
        assert_eq!(utf16.byte(text, Position::new(0, 99)), at + 1);
        assert_eq!(
            utf16.byte(text, Position::new(0, 3)),
            4,
            "inside a character"
        );
        assert_eq!(utf16.byte(text, Position::new(9, 0)), text.len());
        assert_eq!(utf16.position(text, 999), Position::new(1, 1));
    }

    proptest! {
        #[test]
        fn positions_come_back(text in "[a内😀\n\r]{0,40}", at in 0_usize..200) {
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                let lines = Lines::new(&text, encoding);
                let position = lines.position(&text, at);
                let byte = lines.byte(&text, position);
                prop_assert!(text.is_char_boundary(byte));
                let again = lines.position(&text, byte);
                // The second half of a line end belongs to the line before it.
                prop_assert!(again == position || text[..byte].ends_with('\r') || text[byte..].starts_with('\r'));
            }
        }
    }
}
