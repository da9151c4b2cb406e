//! One open document: its text, kept in step with the editor's, what was read of it, and the last answer to it.

use std::cell::OnceCell;
use std::sync::Arc;

use gen_lsp_types::{Position, Range, TextDocumentContentChangeEvent};

use super::drift::Edit;
use super::ground::{Governed, Knowledge, Trouble};
use super::position::{Encoding, Lines};
use super::solver::Page;
use super::words::{Word, words};
use crate::diagnostic::Span;
use crate::pipeline::{self, Compilation, Reading};
use crate::solve::{Locked, WhyClass};

/// A document.
pub(super) struct Document {
    /// How findings call it.
    pub(super) name: String,
    /// The version the client gave it.
    pub(super) version: i32,
    /// The number of its state: of text and all that governs it.
    pub(super) turn: u64,
    /// The number of the state it was opened in.
    pub(super) opened: u64,
    /// What it is read and answered with.
    pub(super) knowledge: Arc<Knowledge>,
    /// What an earlier build chose.
    pub(super) locked: Locked,
    /// What is wrong with the files that govern it.
    pub(super) trouble: Option<Arc<Trouble>>,
    /// Its text.
    pub(super) text: String,
    /// The lines of the text.
    pub(super) lines: Lines,
    /// Its findings were not published since the last change.
    pub(super) unpublished: bool,
    /// The last answer, perhaps to an earlier version.
    pub(super) answer: Option<Answer>,
    /// The last answer under another government: its findings stand until there is one under this.
    pub(super) held: Option<Answer>,
    /// What governs it is new and says nothing new about its text: there is nothing to publish before the search.
    pub(super) quiet: bool,
    /// The number of the state whose search a mistake of ours ended.
    pub(super) failed: Option<u64>,
    /// Its plan, where somebody asked for it.
    pub(super) planned: Option<Planned>,
    /// What was changed since the version of that answer.
    pub(super) drift: Vec<Edit>,
    encoding: Encoding,
    read: OnceCell<Read>,
}

/// What was found for one state of a document.
pub(super) struct Answer {
    /// The state it holds for.
    pub(super) turn: u64,
    /// Findings, the spec and its solution.
    pub(super) compilation: Compilation,
    /// How many of the findings are about the text; those of the search follow.
    pub(super) of_text: usize,
    /// How far the limits are away, per class with a choice.
    pub(super) slack: Vec<WhyClass>,
}

/// The plan of one state of a document.
pub(super) struct Planned {
    /// The state it holds for.
    pub(super) turn: u64,
    /// The page; `None` while it is searched.
    pub(super) page: Option<Page>,
}

/// What was read of a text.
pub(super) struct Read {
    /// Statements, findings, and what is asked.
    pub(super) reading: Reading,
    /// Its words by meaning, in order.
    pub(super) words: Vec<Word>,
}

impl Document {
    pub(super) fn new(
        name: String,
        (version, turn): (i32, u64),
        text: String,
        encoding: Encoding,
        governed: Governed,
    ) -> Self {
        Self {
            name,
            version,
            turn,
            opened: turn,
            knowledge: governed.knowledge,
            locked: governed.locked,
            trouble: governed.trouble,
            lines: Lines::new(&text, encoding),
            text,
            unpublished: true,
            answer: None,
            held: None,
            quiet: false,
            failed: None,
            planned: None,
            drift: Vec::new(),
            encoding,
            read: OnceCell::new(),
        }
    }

    /// Takes in changes, in order. Positions outside of the text are taken as its ends.
    pub(super) fn change(
        &mut self,
        (version, turn): (i32, u64),
        changes: Vec<TextDocumentContentChangeEvent>,
    ) {
        for change in changes {
            match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                    let start = self.byte(part.range.start);
                    let end = self.byte(part.range.end).max(start);
                    self.drift.push(Edit::new(start, end, part.text.len()));
                    self.text.replace_range(start..end, &part.text);
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
                    self.drift.push(Edit::between(&self.text, &whole.text));
                    self.text = whole.text;
                }
            }
            self.lines = Lines::new(&self.text, self.encoding);
        }
        self.version = version;
        self.turn = turn;
        self.unpublished = true;
        self.quiet = false;
        self.read = OnceCell::new();
    }

    /// Takes in what governs it now. What was found under another government is gone, but for the words of its findings.
    pub(super) fn govern(&mut self, turn: u64, governed: Governed) {
        self.trouble = governed.trouble;
        if Arc::ptr_eq(&self.knowledge, &governed.knowledge) && self.locked == governed.locked {
            return;
        }
        self.knowledge = governed.knowledge;
        self.locked = governed.locked;
        self.turn = turn;
        self.held = self.answer.take().or_else(|| self.held.take());
        let before = self.read.take();
        let said = |read: &Read| read.reading.diagnostics.clone();
        let knowledge = Arc::clone(&self.knowledge);
        let now = said(self.read(&knowledge));
        self.quiet = !self.unpublished && before.is_some_and(|before| said(&before) == now);
        self.unpublished = true;
    }

    /// The answer to the text as it stands.
    pub(super) fn settle(&mut self, answer: Answer) {
        self.answer = Some(answer);
        self.held = None;
        self.drift.clear();
    }

    /// The plan of the text as it stands, where it was searched.
    pub(super) fn plan(&self) -> Option<&Page> {
        let planned = self.planned.as_ref()?;
        planned.page.as_ref().filter(|_| planned.turn == self.turn)
    }

    /// What the text says; read once per version.
    pub(super) fn read(&self, knowledge: &Knowledge) -> &Read {
        self.read.get_or_init(|| {
            let reading = pipeline::read(
                &self.text,
                &self.name,
                &knowledge.vocabulary,
                &knowledge.overrides,
            );
            let words = words(&reading.tree, &self.text);
            Read { reading, words }
        })
    }

    /// The byte at a position.
    pub(super) fn byte(&self, position: Position) -> usize {
        self.lines.byte(&self.text, position)
    }

    /// The range of a span of this document.
    pub(super) fn range(&self, span: Span) -> Range {
        let span = span.range();
        self.lines.range(&self.text, span.start, span.end)
    }

    /// The word at a byte; of two that touch, the one that begins there.
    pub(super) fn word_at(&self, knowledge: &Knowledge, byte: usize) -> Option<&Word> {
        let words = &self.read(knowledge).words;
        let holds = |word: &&Word| {
            let span = word.span.range();
            span.start <= byte && byte <= span.end
        };
        words.iter().rfind(holds)
    }
}
