//! Makes a text ready for the grammar: full-width characters outside strings and comments become what they stand for,
//! and odd blanks spaces (reported, with the fix), and brackets nested deeper than the parser goes are taken out.
//!
//! Judges nothing else; one pass over the text.

use std::borrow::Cow;

use super::positions::Positions;
use super::wide::{is_blank, is_quote, narrow};
use crate::diagnostic::{Applicability, Code, Diagnostic, Edit, FileId, Fix, Span, Text};

/// How deep blocks, parentheses and lists may nest.
pub(crate) const MAX_NESTING: usize = 64;

/// A text ready for the grammar.
pub(crate) struct Prepared<'t> {
    /// What the grammar reads.
    pub(crate) text: Cow<'t, str>,
    /// The way back to what the user wrote.
    pub(crate) positions: Positions,
    /// What was replaced.
    pub(crate) findings: Vec<Diagnostic>,
}

/// Prepares `text`, which stands in `file` from byte `base` on.
pub(crate) fn prepare(text: &str, file: FileId, base: usize) -> Prepared<'_> {
    let mut pass = Pass::new(text, file, base);
    pass.run();
    pass.end_line();
    let text = if pass.out.is_empty() && pass.copied == 0 {
        Cow::Borrowed(text)
    } else {
        pass.flush(text.len());
        Cow::Owned(pass.out)
    };
    Prepared {
        text,
        positions: pass.positions,
        findings: pass.findings,
    }
}

struct Pass<'t> {
    text: &'t str,
    file: FileId,
    base: usize,
    out: String,
    /// Bytes of `text` already in `out`.
    copied: usize,
    positions: Positions,
    findings: Vec<Diagnostic>,
    /// Replacements of the current line.
    edits: Vec<Edit>,
    line_start: usize,
    braces: usize,
    brackets: usize,
    too_deep: bool,
}

impl<'t> Pass<'t> {
    /// Takes the NUL out of a comment or a string: many tools take it for the end of the text.
    fn clear(&mut self, start: usize, end: usize) {
        let text = self.text;
        for (offset, _) in text[start..end].match_indices('\0') {
            self.replace(start + offset, start + offset + 1, " ", true);
        }
    }

    fn new(text: &'t str, file: FileId, base: usize) -> Self {
        Self {
            text,
            file,
            base,
            out: String::new(),
            copied: 0,
            positions: Positions::new(file, base),
            findings: Vec::new(),
            edits: Vec::new(),
            line_start: 0,
            braces: 0,
            brackets: 0,
            too_deep: false,
        }
    }

    fn run(&mut self) {
        let text = self.text;
        let mut at = 0;
        // A string that does not end on its line: nothing in it is replaced, but its brackets count.
        let mut open = false;
        while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
            let next = at + c.len_utf8();
            let line = || {
                text.get(next..)
                    .unwrap_or("")
                    .split(['\n', '\r'])
                    .next()
                    .unwrap_or("")
            };
            match c {
                '\n' | '\r' => {
                    self.start_line(at, next);
                    open = false;
                    at = next;
                }
                _ if open => {
                    self.count(c, at);
                    at = next;
                }
                '#' | '\u{ff03}' => {
                    if c != '#' {
                        self.replace(at, next, "#", true);
                    }
                    let end = next + line().len();
                    self.clear(next, end);
                    at = end;
                }
                '"' | '\'' => match end_of_string(line(), c) {
                    Some((length, 0)) => {
                        self.clear(next, next + length);
                        at = next + length;
                    }
                    Some((length, wide)) => {
                        self.replace(next + length - wide, next + length, &c.to_string(), true);
                        at = next + length;
                    }
                    None => {
                        open = true;
                        at = next;
                    }
                },
                _ if is_quote(c) => {
                    self.replace(at, next, "\"", true);
                    let rest = line();
                    match rest.find(|c| c == '"' || is_quote(c)) {
                        Some(length) => {
                            let close = next + length;
                            self.escape(next, close);
                            at = close + text[close..].chars().next().map_or(1, char::len_utf8);
                            if at - close > 1 {
                                self.replace(close, at, "\"", true);
                            }
                        }
                        None => {
                            open = true;
                            at = next;
                        }
                    }
                }
                _ if is_blank(c) => {
                    // A byte order mark at the start is the mark of an editor, not of the user.
                    let is_mark = c == '\u{feff}' && self.base + at == 0;
                    self.replace(at, next, " ", !is_mark);
                    at = next;
                }
                _ => {
                    if let Some(meant) = narrow(c) {
                        let meant = self.in_context(c, meant, line());
                        self.replace(at, next, meant, true);
                        if let Some(bracket) = meant.chars().next() {
                            self.count(bracket, at);
                        }
                    } else {
                        self.count(c, at);
                    }
                    at = next;
                }
            }
        }
    }

    /// A full stop at the end of a line ends the sentence, and a colon only belongs behind a parameter's name.
    fn in_context(&self, c: char, meant: &'static str, rest: &str) -> &'static str {
        let line_so_far = self.text.get(self.line_start..).unwrap_or("").trim_start();
        match c {
            '。' | '\u{ff0e}' if rest.trim().is_empty() => "",
            '\u{ff1a}' if !line_so_far.starts_with("param") => " ",
            _ => meant,
        }
    }

    fn start_line(&mut self, newline: usize, next: usize) {
        let before = self.text.get(self.line_start..newline).unwrap_or("");
        if !goes_on(before.split('#').next().unwrap_or("").trim_end()) {
            self.brackets = 0;
            if starts_block(self.text.get(next..).unwrap_or("")) {
                self.braces = 0;
            }
        }
        self.end_line();
        self.line_start = next;
    }

    /// Follows the nesting; a bracket deeper than [`MAX_NESTING`] is blanked out, and the first is reported.
    fn count(&mut self, c: char, at: usize) {
        match c {
            '{' => self.braces += 1,
            '(' | '[' => self.brackets += 1,
            '}' => self.braces = self.braces.saturating_sub(1),
            ')' | ']' => self.brackets = self.brackets.saturating_sub(1),
            _ => return,
        }
        if self.braces + self.brackets <= MAX_NESTING || !matches!(c, '{' | '(' | '[') {
            return;
        }
        if !self.too_deep {
            self.too_deep = true;
            let span = Span::new(self.file, self.base + at, self.base + at + c.len_utf8());
            let message = Text::key("language.too-deep").arg("limit", MAX_NESTING.to_string());
            self.findings
                .push(Diagnostic::error(Code(107), span, message));
        }
        if self.copied <= at {
            self.replace(at, at + c.len_utf8(), " ", false);
        } else {
            self.out.pop();
            self.out.push(' ');
        }
    }

    fn flush(&mut self, to: usize) {
        self.out
            .push_str(self.text.get(self.copied..to).unwrap_or(""));
        self.copied = to;
    }

    fn replace(&mut self, start: usize, end: usize, meant: &str, report: bool) {
        self.flush(start);
        let prepared = self.out.len();
        self.out.push_str(meant);
        self.copied = end;
        self.positions
            .replaced((prepared, self.out.len()), (start, end));
        if !report {
            return;
        }
        let span = Span::new(self.file, self.base + start, self.base + end);
        match self.edits.last_mut() {
            Some(last) if last.span.end == span.start => {
                last.span.end = span.end;
                last.replacement.push_str(meant);
            }
            _ => self.edits.push(Edit {
                span,
                replacement: meant.to_owned(),
            }),
        }
    }

    /// Backslashes between full-width quotes stand for themselves.
    fn escape(&mut self, start: usize, end: usize) {
        let inside = self.text.get(start..end).unwrap_or("");
        for (index, _) in inside.match_indices('\\') {
            self.replace(start + index, start + index + 1, "\\\\", false);
        }
    }

    /// Reports the replacements of a line as one finding with one fix.
    fn end_line(&mut self) {
        let edits = std::mem::take(&mut self.edits);
        let Some(first) = edits.first() else {
            return;
        };
        let found: Vec<&str> = edits
            .iter()
            .filter_map(|edit| {
                let start = edit.span.start as usize - self.base;
                self.text.get(start..edit.span.end as usize - self.base)
            })
            .collect();
        let key = match found.iter().all(|found| found.chars().all(is_blank)) {
            true => "language.odd-blank",
            false => "language.full-width",
        };
        let shown: Vec<String> = found.into_iter().map(visible).collect();
        let message = Text::key(key).arg("found", shown.join(" "));
        let mut finding = Diagnostic::error(Code(103), first.span, message);
        for edit in edits.iter().skip(1) {
            finding = finding.also(edit.span, Text::empty());
        }
        finding.fixes.push(Fix {
            title: Text::key("language.full-width.fix"),
            edits,
            applicability: Applicability::Automatic,
        });
        self.findings.push(finding);
    }
}

/// Characters as they are shown: blanks, which nobody could see, by their numbers.
fn visible(found: &str) -> String {
    let shown = found.chars().map(|c| match is_blank(c) {
        true => format!("U+{:04X}", u32::from(c)),
        false => c.to_string(),
    });
    shown.collect()
}

/// Where a string that began with `quote` ends in the rest of its line: bytes up to and with the closing quote, and
/// how many of them are a full-width closing quote.
fn end_of_string(line: &str, quote: char) -> Option<(usize, usize)> {
    let mut escaped = false;
    let mut wide = None;
    for (index, c) in line.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' && quote == '"' {
            escaped = true;
        } else if c == quote {
            return Some((index + 1, 0));
        } else if wide.is_none() && is_quote(c) {
            wide = Some((index + c.len_utf8(), c.len_utf8()));
        }
    }
    wide
}

/// Whether the grammar closes all blocks before a line that begins so (its rule `next_block`).
fn starts_block(line: &str) -> bool {
    ["feature", "budget", "fleet", "test"].iter().any(|word| {
        line.strip_prefix(word).is_some_and(|rest| {
            !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
        })
    })
}

/// Whether a line that ends so continues on the next one; rather too often than too seldom.
fn goes_on(line: &str) -> bool {
    let word = line
        .rsplit(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or("");
    line.ends_with([
        ',', '|', '<', '>', '=', '+', '-', '*', '/', '(', '[', '&', '!',
    ]) || line.is_empty()
        || matches!(word, "and" | "or" | "not" | "in" | "has" | "is")
}
