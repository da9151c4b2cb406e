//! The one way to write a spec: indentation, blanks, columns. Comments and groups of lines stay; meaning never changes.

use pest::Parser;

use super::grammar::{Grammar, Rule};
use super::layout::{Line, render};
use super::parse::parse;
use super::prepare::prepare;
use crate::diagnostic::{Diagnostic, FileId, Severity};

/// The text in canonical form.
///
/// # Errors
/// The syntax mistakes of the text: what is not understood is not touched.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    let file = FileId(0);
    let mut findings = parse(text, file).diagnostics;
    findings.retain(|finding| finding.severity == Severity::Error);
    if !findings.is_empty() {
        return Err(findings);
    }
    let prepared = prepare(text, file, 0);
    let formatted = render(&lines(&prepared.text));
    if skeleton(&formatted) == skeleton(&prepared.text) {
        Ok(formatted)
    } else {
        // Rather a text that looks odd than one that says something else.
        Ok(text.to_owned())
    }
}

/// What a text says: all leaves of its parse, comments included, blanks left out.
fn skeleton(text: &str) -> Vec<(Rule, String)> {
    let Ok(pairs) = Grammar::parse(Rule::file, text) else {
        return Vec::new();
    };
    pairs
        .flatten()
        .filter(|pair| pair.clone().into_inner().next().is_none())
        .map(|pair| (pair.as_rule(), pair.as_str().trim().to_owned()))
        .collect()
}

/// Cuts a text into lines of pieces. A statement that goes on over several lines keeps its line breaks.
fn lines(text: &str) -> Vec<Line> {
    let mut cutter = Cutter::default();
    let Ok(pairs) = Grammar::parse(Rule::tokens, text) else {
        return Vec::new();
    };
    for pair in pairs.flat_map(pest::iterators::Pair::into_inner) {
        match pair.as_rule() {
            Rule::newline => cutter.newline(),
            Rule::comment => cutter.comment(pair.as_str().trim_end()),
            Rule::quantity => {
                for part in pair.into_inner() {
                    cutter.piece(part.as_str());
                }
            }
            Rule::EOI => {}
            _ => match pair.as_str() {
                "{" => cutter.open(),
                "}" => cutter.close(),
                piece => cutter.piece(piece),
            },
        }
    }
    cutter.end_line();
    cutter.lines
}

#[derive(Default)]
struct Cutter {
    lines: Vec<Line>,
    line: Line,
    depth: usize,
    /// Open parentheses and brackets.
    nested: usize,
    /// Line breaks since the last piece or comment.
    breaks: usize,
    /// The statement of the last line goes on.
    goes_on: bool,
}

impl Cutter {
    fn begin(&mut self) {
        if self.line.is_empty() {
            self.line.depth = self.depth;
            self.line.continues = self.goes_on;
            self.line.after_blank = self.breaks > 1;
        }
        self.breaks = 0;
    }

    fn piece(&mut self, piece: &str) {
        self.begin();
        match piece {
            "(" | "[" => self.nested += 1,
            ")" | "]" => self.nested = self.nested.saturating_sub(1),
            _ => {}
        }
        self.goes_on = self.nested > 0 || goes_on_after(piece);
        self.line.pieces.push(piece.to_owned());
    }

    fn comment(&mut self, comment: &str) {
        // Behind a closing or opening brace, a comment belongs to the line of that brace.
        if self.breaks == 0
            && self.line.is_empty()
            && let Some(last) = self.lines.last_mut()
            && last.comment.is_none()
        {
            last.comment = Some(comment.to_owned());
            return;
        }
        self.begin();
        self.line.comment = Some(comment.to_owned());
    }

    fn newline(&mut self) {
        self.end_line();
        self.breaks += 1;
    }

    fn end_line(&mut self) {
        if !self.line.is_empty() {
            self.lines.push(std::mem::take(&mut self.line));
        }
    }

    /// A brace always stands at the end of its head's line.
    fn open(&mut self) {
        if self.line.pieces.is_empty()
            && let Some(head) = self.lines.iter_mut().rfind(|line| !line.pieces.is_empty())
        {
            head.pieces.push("{".to_owned());
        } else {
            self.line.pieces.push("{".to_owned());
            self.end_line();
        }
        self.depth += 1;
        self.breaks = 0;
        self.goes_on = false;
    }

    fn close(&mut self) {
        self.end_line();
        self.depth = self.depth.saturating_sub(1);
        self.lines.push(Line {
            pieces: vec!["}".to_owned()],
            depth: self.depth,
            ..Line::default()
        });
        self.breaks = 0;
        self.goes_on = false;
    }
}

/// Whether a line that ends in this piece continues on the next.
fn goes_on_after(piece: &str) -> bool {
    matches!(
        piece,
        "," | "|"
            | "<"
            | "<="
            | ">"
            | ">="
            | "="
            | "!="
            | "->"
            | ".."
            | "+"
            | "-"
            | "*"
            | "/"
            | "and"
            | "or"
            | "not"
            | "in"
            | "has"
    )
}
