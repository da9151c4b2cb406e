//! From byte offsets to lines and columns, clamped so that no span can point outside its file.

use std::ops::Range;

use super::Sources;
use super::source::{FileId, Span};

/// A place as people count: from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1; lines end with `\n`.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// The lines of one text.
#[derive(Debug, Clone)]
pub struct LineIndex<'a> {
    text: &'a str,
    /// Byte and character offset of the start of each line; never empty.
    starts: Vec<(usize, usize)>,
}

impl<'a> LineIndex<'a> {
    /// Reads the text once.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let mut starts = vec![(0, 0)];
        for (chars, (byte, c)) in text.char_indices().enumerate() {
            if c == '\n' {
                starts.push((byte + 1, chars + 1));
            }
        }
        Self { text, starts }
    }

    /// The last offset up to the given one that is inside the text and between two characters.
    #[must_use]
    pub fn clamp(&self, byte: usize) -> usize {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        byte
    }

    /// The line and column of a byte offset.
    #[must_use]
    pub fn position(&self, byte: usize) -> Position {
        let (line, column) = self.locate(byte);
        Position {
            line: line + 1,
            column: column + 1,
        }
    }

    /// The number of characters before a byte offset.
    #[must_use]
    pub fn char_offset(&self, byte: usize) -> usize {
        let (line, column) = self.locate(byte);
        self.starts.get(line).map_or(0, |(_, chars)| chars + column)
    }

    /// The bytes of the lines a span touches, without the last line end.
    #[must_use]
    pub fn lines_of(&self, start: usize, end: usize) -> Range<usize> {
        let (first, _) = self.locate(start);
        let (last, _) = self.locate(end.max(start));
        let from = self.starts.get(first).map_or(0, |(byte, _)| *byte);
        let to = self
            .starts
            .get(last + 1)
            .map_or(self.text.len(), |(byte, _)| byte - 1);
        from..to
    }

    /// Line and column from 0.
    fn locate(&self, byte: usize) -> (usize, usize) {
        let byte = self.clamp(byte);
        let line = self.starts.partition_point(|(start, _)| *start <= byte) - 1;
        let start = self.starts.get(line).map_or(0, |(start, _)| *start);
        let column = self
            .text
            .get(start..byte)
            .map_or(0, |text| text.chars().count());
        (line, column)
    }
}

/// The line indices of all files of a run, made when first needed.
#[derive(Debug)]
pub struct LineIndices<'a> {
    sources: &'a Sources,
    made: Vec<Option<LineIndex<'a>>>,
}

impl<'a> LineIndices<'a> {
    /// None made yet.
    #[must_use]
    pub fn new(sources: &'a Sources) -> Self {
        Self {
            sources,
            made: Vec::new(),
        }
    }

    /// The index of a file; `None` for an id the sources did not give out.
    pub fn of(&mut self, file: FileId) -> Option<&LineIndex<'a>> {
        let source = self.sources.file(file)?;
        let slot = file.0 as usize;
        if self.made.len() <= slot {
            self.made.resize(slot + 1, None);
        }
        let made = self.made.get_mut(slot)?;
        Some(made.get_or_insert_with(|| LineIndex::new(source.text.as_ref())))
    }

    /// File name and position of the start of a span; an unknown file has no name and stands at 1:1.
    pub fn place(&mut self, span: Span) -> (&'a str, Position) {
        let name = self
            .sources
            .file(span.file)
            .map_or("", |file| file.name.as_str());
        let position = self
            .of(span.file)
            .map_or(Position { line: 1, column: 1 }, |index| {
                index.position(span.start as usize)
            });
        (name, position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_offsets_are_clamped() {
        let index = LineIndex::new("ab\n内存 <= 4\n");
        let at = |byte| {
            let p = index.position(byte);
            (p.line, p.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(3), (2, 1));
        assert_eq!(at(5), (2, 1), "inside a character counts as before it");
        assert_eq!(at(6), (2, 2));
        assert_eq!(at(999), (3, 1));
        assert_eq!(index.char_offset(6), 4);
        assert_eq!(index.lines_of(4, 5), 3..14);
        assert_eq!(index.lines_of(0, 4), 0..14);
    }
}
