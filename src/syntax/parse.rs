//! One parse, every mistake: walks the pairs of a file, builds the tree, and turns what no statement fits into findings.

use std::ops::Range;

use pest::Parser;

use super::grammar::{Grammar, Pair, Rule};
use super::nearest::nearest;
use super::placement::{self, is_keyword, keywords, keywords_in};
use super::prepare::prepare;
use super::reader::Reader;
use super::recover::{first_word, unexpected};
use super::statements::simple;
use super::tree::{Block, Statement, StatementKind, Tree, Word};
use crate::diagnostic::{Applicability, Code, Diagnostic, FileId, Span, Text};

/// The largest spec that is read, in bytes.
pub const MAX_BYTES: usize = 1 << 19;

/// What a text says, and what is wrong with how it says it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The statements that were understood.
    pub tree: Tree,
    /// Every syntax mistake, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a spec. Never fails: what cannot be understood is reported, and the rest is read all the same.
#[must_use]
pub fn parse(text: &str, file: FileId) -> Parsed {
    let mut tree = Tree {
        file,
        length: text.len(),
        statements: Vec::new(),
        comments: Vec::new(),
        damaged: false,
    };
    if text.len() > MAX_BYTES {
        let message = Text::key("language.too-large").arg("limit", (MAX_BYTES / 1024).to_string());
        let finding = Diagnostic::error(Code(108), Span::new(file, 0, 0), message);
        tree.damaged = true;
        return Parsed {
            tree,
            diagnostics: vec![finding],
        };
    }
    let prepared = prepare(text, file, 0);
    let mut walk = Walk {
        reader: Reader::new(&prepared.text, prepared.positions, prepared.findings),
        damaged: false,
        version_lost: false,
        inside: None,
    };
    match Grammar::parse(Rule::file, &prepared.text) {
        Ok(pairs) => {
            for pair in pairs.clone().flatten() {
                if pair.as_rule() == Rule::comment {
                    tree.comments.push(walk.reader.span(&pair));
                }
            }
            let entries = pairs.flat_map(Pair::into_inner);
            tree.statements = walk.entries(entries);
        }
        Err(error) => {
            // The grammar takes every text; only the parser's own guard of the stack can say no.
            let finding = unexpected(&walk.reader, 0..prepared.text.len(), &error);
            walk.reader.findings.push(finding);
            walk.damaged = true;
        }
    }
    if !walk.version_lost {
        walk.version(&tree.statements);
    }
    tree.damaged = walk.damaged;
    let mut diagnostics = walk.reader.findings;
    tree.damaged |= placement::check(&tree.statements, &mut diagnostics);
    diagnostics.sort_by_key(|finding| finding.span().map(|span| (span.start, span.end)));
    Parsed { tree, diagnostics }
}

/// What blocks begin with.
const BLOCKS: [&str; 4] = ["feature", "budget", "fleet", "test"];

/// What a block begins with, or was meant to.
fn meant(block: Rule, head: Option<&Pair<'_>>) -> Option<&'static str> {
    match block {
        Rule::feature => Some("feature"),
        Rule::budget => Some("budget"),
        Rule::fleet => Some("fleet"),
        Rule::test => Some("test"),
        _ => nearest(first_word(head?.as_str()), BLOCKS),
    }
}

struct Walk<'t> {
    reader: Reader<'t>,
    damaged: bool,
    /// The first line was not understood, and may have been the version line.
    version_lost: bool,
    /// What the block at hand begins with; nothing outside of all blocks.
    inside: Option<&'static str>,
}

impl Walk<'_> {
    fn entries<'p>(&mut self, pairs: impl Iterator<Item = Pair<'p>>) -> Vec<Statement> {
        let mut statements = Vec::new();
        for pair in pairs {
            let before = self.damaged;
            match pair.as_rule() {
                Rule::feature | Rule::budget | Rule::fleet | Rule::test | Rule::bad_block => {
                    self.block(pair, &mut statements);
                }
                Rule::bad_line => self.bad_line(&pair),
                Rule::stray_close => {
                    let message = Text::key("language.stray-brace");
                    self.reader.slip(106, &pair, message, "");
                }
                Rule::stray_fence => {
                    let message = Text::key("language.fence");
                    self.reader.slip(114, &pair, message, "");
                }
                Rule::odd_semicolon => {
                    let message = Text::key("language.semicolon");
                    self.reader.slip(111, &pair, message, "");
                }
                Rule::comment | Rule::EOI | Rule::close | Rule::missing_close => {}
                _ => match simple(&mut self.reader, pair) {
                    Some(statement) => statements.push(statement),
                    None => self.damaged = true,
                },
            }
            self.version_lost |= statements.is_empty() && self.damaged && !before;
        }
        statements
    }

    /// A block, whatever its head says. What an unclosed block swallowed and only makes sense outside follows it.
    fn block(&mut self, pair: Pair<'_>, into: &mut Vec<Statement>) {
        let rule = pair.as_rule();
        let start = pair.as_span().start();
        let mut head_end = start;
        let mut block = Block::default();
        let mut id = None;
        let mut title = None;
        let mut keyword = None;
        let mut head = None;
        let mut has_body = false;
        let mut trailing = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::body => {
                    has_body = true;
                    let outer = self.inside;
                    self.inside = meant(rule, head.as_ref());
                    block = self.body(part, start..head_end.max(start + 1));
                    self.inside = outer;
                    continue;
                }
                Rule::bad_line | Rule::odd_semicolon => {
                    trailing.push(part);
                    continue;
                }
                Rule::comment => continue,
                Rule::bad_head => head = Some(part.clone()),
                Rule::ident => id = Some(self.reader.word(&part)),
                Rule::text => title = Some(self.reader.value(part.clone())),
                _ => keyword = Some(self.reader.word(&part)),
            }
            head_end = part.as_span().start() + part.as_str().trim_end().len();
        }
        let span = self.reader.place(&(start..head_end.max(start + 1)));
        block.closed |= !has_body;
        let outer = hoist(rule, &mut block);
        let kind = match rule {
            Rule::feature => StatementKind::Feature { id, title, block },
            Rule::budget => StatementKind::Budget(block),
            Rule::fleet => StatementKind::Fleet(block),
            Rule::test => StatementKind::Test { title, block },
            _ => {
                self.damaged = true;
                self.bad_head(head.as_ref(), span, block)
            }
        };
        let keyword = keyword.unwrap_or(Word {
            text: String::new(),
            span,
        });
        into.push(Statement {
            kind,
            keyword,
            span,
            because: None,
        });
        into.extend(outer);
        for part in trailing {
            if part.as_rule() == Rule::odd_semicolon {
                let message = Text::key("language.semicolon");
                self.reader.slip(111, &part, message, "");
            } else {
                self.damaged = true;
                self.unexpected_at(part.as_span().start(), part.as_str());
            }
        }
    }

    fn body(&mut self, pair: Pair<'_>, head: Range<usize>) -> Block {
        let end = pair.as_span().start() + pair.as_str().trim_end().len();
        let closed = pair
            .clone()
            .into_inner()
            .any(|part| part.as_rule() == Rule::close);
        if !closed {
            let here = self.reader.place(&(end..end));
            let message = Text::key("language.unclosed");
            let finding = Diagnostic::error(Code(105), self.reader.place(&head), message);
            let title = Text::key("language.unclosed.fix");
            self.reader
                .findings
                .push(finding.fix(Applicability::Suggested, title, here, "\n}"));
        }
        Block {
            statements: self.entries(pair.into_inner()),
            closed,
        }
    }

    /// Says what is wrong with a block's head, and guesses what block it was to be.
    fn bad_head(&mut self, head: Option<&Pair<'_>>, span: Span, block: Block) -> StatementKind {
        let Some(head) = head else {
            let message = Text::key("language.headless");
            let finding = Diagnostic::error(Code(101), span, message);
            self.reader.findings.push(finding);
            return StatementKind::UnknownBlock(block);
        };
        let range = trimmed(head);
        let word = first_word(head.as_str());
        let text = head.as_str().trim_end();
        let finding = match Grammar::parse(Rule::only_head, text) {
            _ if !is_keyword(word) => self.unknown_statement(range.start, word),
            Ok(_) => None,
            Err(_) if Grammar::parse(Rule::only_statement, text).is_ok() => {
                let message = Text::key("language.no-block").arg("keyword", word);
                Some(Diagnostic::error(Code(101), span, message))
            }
            Err(error) => Some(unexpected(&self.reader, range, &error)),
        };
        self.reader.findings.extend(finding);
        match nearest(word, BLOCKS) {
            Some("feature") => StatementKind::Feature {
                id: None,
                title: None,
                block,
            },
            Some("budget") => StatementKind::Budget(block),
            Some("fleet") => StatementKind::Fleet(block),
            Some("test") => StatementKind::Test { title: None, block },
            _ => StatementKind::UnknownBlock(block),
        }
    }

    fn bad_line(&mut self, pair: &Pair<'_>) {
        self.damaged = true;
        let range = trimmed(pair);
        let text = pair.as_str().trim_end();
        let word = first_word(text);
        if !is_keyword(word) {
            let finding = self.unknown_statement(range.start, word);
            self.reader.findings.extend(finding);
            return;
        }
        if let Some(quote) = self.open_string(text, range.start) {
            self.reader.findings.push(quote);
            return;
        }
        let rule = if BLOCKS.contains(&word) {
            Rule::only_head
        } else {
            Rule::only_statement
        };
        let finding = match Grammar::parse(rule, text) {
            Err(error) => unexpected(&self.reader, range, &error),
            Ok(_) => {
                // A head alone: `budget` without its block.
                let message = Text::key("language.ends-early")
                    .arg("expected", Text::key("language.term.brace"));
                Diagnostic::error(Code(116), self.reader.place(&range), message)
            }
        };
        self.reader.findings.push(finding);
    }

    /// The finding for a string that is never closed, where that is what broke the line.
    fn open_string(&self, text: &str, start: usize) -> Option<Diagnostic> {
        let quotes = text.matches('"').count() - text.matches("\\\"").count();
        let open = text.rfind('"').filter(|_| quotes % 2 == 1)?;
        let span = self.reader.place(&(start + open..start + text.len()));
        Some(Diagnostic::error(
            Code(104),
            span,
            Text::key("language.open-string"),
        ))
    }

    fn unknown_statement(&mut self, start: usize, word: &str) -> Option<Diagnostic> {
        if !word.starts_with(|c: char| c.is_alphabetic()) {
            let text = self.reader.text.get(start..).unwrap_or("").to_owned();
            self.unexpected_statement(start, &text);
            return None;
        }
        let span = self.reader.place(&(start..start + word.len()));
        let message = Text::key("language.unknown-statement").arg("word", word);
        let finding = Diagnostic::error(Code(102), span, message);
        let here = keywords_in(self.inside);
        let meant = nearest(word, here.iter().copied()).or_else(|| nearest(word, keywords()));
        Some(match meant {
            Some(meant) => finding.fix(
                Applicability::Suggested,
                Text::key("language.did-you-mean").arg("name", meant),
                span,
                meant,
            ),
            None => {
                let words: Vec<String> = here.iter().map(|word| format!("`{word}`")).collect();
                let help = Text::key("language.unknown-statement.help");
                finding.help(help.arg("words", words.join(", ")))
            }
        })
    }

    fn unexpected_statement(&mut self, start: usize, text: &str) {
        self.report_unexpected(start, text, "language.term.statement");
    }

    fn unexpected_at(&mut self, start: usize, text: &str) {
        self.report_unexpected(start, text, "language.term.end");
    }

    fn report_unexpected(&mut self, start: usize, text: &str, expected: &'static str) {
        let found = first_word(text);
        let span = self.reader.place(&(start..start + found.len()));
        let message = Text::key("language.unexpected")
            .arg("found", found)
            .arg("expected", Text::key(expected));
        self.reader
            .findings
            .push(Diagnostic::error(Code(101), span, message));
    }

    /// The first statement says which version of the language the file is in.
    fn version(&mut self, statements: &[Statement]) {
        let file_start = self.reader.place(&(0..0));
        let first = statements.first();
        if let Some(StatementKind::Version(number)) = first.map(|statement| &statement.kind) {
            if number.value != 1.0 {
                let message =
                    Text::key("language.version").arg("version", number.value.to_string());
                let finding = Diagnostic::error(Code(113), number.span, message);
                let title = Text::key("language.write").arg("what", "1");
                self.reader.findings.push(finding.fix(
                    Applicability::Suggested,
                    title,
                    number.span,
                    "1",
                ));
            }
            return;
        }
        let span = first.map_or(file_start, |statement| statement.keyword.span);
        let here = Span {
            end: span.start,
            ..span
        };
        let message = Text::key("language.no-version");
        let title = Text::key("language.write").arg("what", "edgeplan 1");
        let finding = Diagnostic::error(Code(112), span, message);
        self.reader.findings.push(finding.fix(
            Applicability::Automatic,
            title,
            here,
            "edgeplan 1\n",
        ));
    }
}

/// Where a pair stands in the prepared text, blanks at its end left out.
fn trimmed(pair: &Pair<'_>) -> Range<usize> {
    let start = pair.as_span().start();
    start..start + pair.as_str().trim_end().len()
}

/// Takes out of an unclosed block what can only stand outside of one.
fn hoist(rule: Rule, block: &mut Block) -> Vec<Statement> {
    if block.closed || rule == Rule::test {
        return Vec::new();
    }
    let statements = std::mem::take(&mut block.statements);
    let (outer, inner) = statements
        .into_iter()
        .partition(|statement| placement::only_outermost(&statement.kind));
    block.statements = inner;
    outer
}
