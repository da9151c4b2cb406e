//! Findings of the last search while the next one is on its way: moved with the text, dropped where it was touched.
//!
//! Without this they would vanish at each key stroke and come back a moment later.

use crate::diagnostic::{Diagnostic, FileId, Label, Span};

/// One change of a text: bytes `start..end` became `length` others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edit {
    start: usize,
    end: usize,
    length: usize,
}

impl Edit {
    /// Bytes `start..end` become `length` others.
    pub(super) const fn new(start: usize, end: usize, length: usize) -> Self {
        Self { start, end, length }
    }

    /// What turned one text into another: all between the beginning and the end that both share.
    pub(super) fn between(old: &str, new: &str) -> Self {
        let same = |pairs: &mut dyn Iterator<Item = (u8, u8)>| {
            pairs.take_while(|(one, other)| one == other).count()
        };
        let shortest = old.len().min(new.len());
        let head = same(&mut old.bytes().zip(new.bytes()));
        let tail = same(&mut old.bytes().rev().zip(new.bytes().rev())).min(shortest - head);
        Self {
            start: head,
            end: old.len() - tail,
            length: new.len() - tail - head,
        }
    }

    fn moved(self, span: Span) -> Option<Span> {
        let (start, end) = (span.start as usize, span.end as usize);
        if end < self.start || (end == self.start && self.start < self.end) {
            return Some(span);
        }
        if start < self.end || (start == self.end && self.start == self.end) {
            return None;
        }
        let by = |at: usize| at - self.end + self.start + self.length;
        Some(Span::new(span.file, by(start), by(end)))
    }
}

/// Where a span of an earlier text stands now; `None` when it was touched.
#[must_use]
pub(super) fn moved(span: Span, edits: &[Edit]) -> Option<Span> {
    edits.iter().try_fold(span, |span, edit| edit.moved(span))
}

/// The finding where its words stand now; `None` when one of them was touched. Its fixes do not come along: nobody has
/// tried them on the new text.
#[must_use]
pub(super) fn carried(finding: &Diagnostic, edits: &[Edit], file: FileId) -> Option<Diagnostic> {
    let moved = |span: Span| match span.file == file {
        true => moved(span, edits),
        false => Some(span),
    };
    let labels: Option<Vec<Label>> = finding
        .labels
        .iter()
        .map(|label| {
            Some(Label {
                span: moved(label.span)?,
                ..label.clone()
            })
        })
        .collect();
    Some(Diagnostic {
        labels: labels?,
        fixes: Vec::new(),
        ..finding.clone()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FILE: FileId = FileId(0);

    #[test]
    fn what_was_touched_is_dropped() {
        let word = Span::new(FILE, 4, 8);
        for (edit, moved) in [
            (Edit::new(0, 1, 3), Some((6, 10))),
            (Edit::new(9, 9, 1), Some((4, 8))),
            (Edit::new(8, 9, 0), Some((4, 8))),
            (Edit::new(8, 8, 1), None),
            (Edit::new(4, 4, 1), None),
            (Edit::new(5, 6, 0), None),
            (Edit::new(0, 5, 0), None),
        ] {
            let expected = moved.map(|(start, end)| Span::new(FILE, start, end));
            assert_eq!(edit.moved(word), expected, "{edit:?}");
        }
    }

    proptest! {
        #[test]
        fn a_word_that_is_carried_still_says_the_same(
            before in "[ab]{0,6}", after in "[ab]{0,6}", old in "[ab]{0,6}", start in 0_usize..6, length in 1_usize..4,
        ) {
            let text = format!("{before}{old}{after}");
            let end = (start + length).min(text.len());
            prop_assume!(start < end);
            let new = format!("{before}{after}");
            let edit = Edit::between(&text, &new);
            if let Some(span) = edit.moved(Span::new(FILE, start, end)) {
                prop_assert_eq!(&new[span.range()], &text[start..end]);
            }
        }
    }
}
