//! What an accepted sentence rests on.

use std::collections::BTreeSet;

use crate::prose::facts::Attribute;

/// A figure of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// Index of the row.
    pub row: usize,
    /// Which of its figures.
    pub attribute: Attribute,
}

/// The facts behind a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grounds {
    /// Statements it shortens, by index.
    pub statements: BTreeSet<usize>,
    /// Statements it says word for word.
    pub exact: BTreeSet<usize>,
    /// Figures.
    pub cells: BTreeSet<Cell>,
    /// Rows whose names it puts together.
    pub rows: BTreeSet<usize>,
}

impl Grounds {
    /// Takes in what a part of the sentence rests on.
    pub fn add(&mut self, other: Self) {
        self.exact.extend(other.exact);
        self.statements.extend(other.statements);
        self.cells.extend(other.cells);
        self.rows.extend(other.rows);
    }

    /// Whether it rests on nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
            && self.exact.is_empty()
            && self.cells.is_empty()
            && self.rows.is_empty()
    }
}
