//! The guide as Markdown, and Markdown back to passages whose sentences can be judged where they stand.

use std::ops::Range;

use super::{Guide, Paragraph};
use crate::render::inline::{self, Inline};

/// The guide as Markdown. `body` gives the text of a paragraph, `marker` the first line.
#[must_use]
pub fn markdown(guide: &Guide, marker: &str, body: &dyn Fn(&Paragraph) -> String) -> String {
    let mut out = format!(
        "{marker}\n\n# {}\n\n{}\n",
        escaped(&guide.title),
        escaped(&guide.lead)
    );
    for section in &guide.sections {
        out.push_str(&format!("\n## {}\n", escaped(&section.heading)));
        for paragraph in &section.paragraphs {
            out.push_str(&format!("\n{}\n", escaped(&body(paragraph))));
        }
    }
    out
}

fn escaped(text: &str) -> String {
    inline::markdown(&[Inline::Text(text.to_owned())])
}

/// A block of a Markdown file without its markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Its plain text, lines joined.
    pub text: String,
    /// Whether it is a heading.
    pub heading: bool,
    /// For each byte of the text, the byte of the file.
    origins: Vec<usize>,
}

impl Passage {
    /// Where a part of the text stands in the file.
    #[must_use]
    pub fn place(&self, part: &Range<usize>) -> Range<usize> {
        let first = self.origins.first().copied().unwrap_or(0);
        let at = |index: usize| self.origins.get(index).copied();
        let start = at(part.start).unwrap_or(first);
        let last = part.end.checked_sub(1).and_then(at);
        start..last.map_or(start, |last| last + 1)
    }
}

/// The blocks of a file: paragraphs, headings and list items. The first line of a generated file is passed over, and
/// so are back-slashes before punctuation; all other markup stays in the text, to be refused there.
#[must_use]
pub fn passages(file: &str) -> Vec<Passage> {
    let mut found: Vec<Passage> = Vec::new();
    let mut open = false;
    let mut at = 0;
    for line in file.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let content = line.trim_end_matches(['\n', '\r']);
        let indent = content.len() - content.trim_start().len();
        let body = content.trim();
        let generated =
            start == 0 && body.starts_with(crate::render::MARKER) && body.ends_with("-->");
        if body.is_empty() || generated {
            open = false;
            continue;
        }
        let (skip, heading) = lead(body);
        if heading || skip > 0 || !open {
            found.push(Passage {
                text: String::new(),
                heading,
                origins: Vec::new(),
            });
        }
        if let Some(passage) = found.last_mut() {
            passage.take(&body[skip..], start + indent + skip);
        }
        open = !heading;
    }
    found
}

impl Passage {
    fn take(&mut self, text: &str, origin: usize) {
        if !self.text.is_empty() {
            self.text.push(' ');
            self.origins.push(origin.saturating_sub(1));
        }
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let escapes = c == '\\'
                && chars
                    .peek()
                    .is_some_and(|(_, next)| next.is_ascii_punctuation());
            let (at, c) = match (escapes, chars.peek().copied()) {
                (true, Some(next)) => {
                    chars.next();
                    next
                }
                _ => (at, c),
            };
            self.text.push(c);
            self.origins
                .extend((0..c.len_utf8()).map(|byte| origin + at + byte));
        }
    }
}

/// The bytes of a heading's or list item's sign, and whether it is a heading.
fn lead(line: &str) -> (usize, bool) {
    let marks = line.bytes().take_while(|b| *b == b'#').count();
    if (1..=6).contains(&marks) && line[marks..].starts_with(' ') {
        return (marks + 1, true);
    }
    for sign in ["- ", "* ", "+ "] {
        if line.starts_with(sign) {
            return (sign.len(), false);
        }
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = (1..=3).contains(&digits)
        && (line[digits..].starts_with(". ") || line[digits..].starts_with(") "));
    (if numbered { digits + 2 } else { 0 }, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_lead_back_to_the_file() {
        let file = "<!-- edgeplan: generated from a -->\n\n# Title\n\nOne \\_two\\_\nthree 峰值.\n\n- item\n1. next\n";
        let found = passages(file);
        let texts: Vec<&str> = found.iter().map(|passage| passage.text.as_str()).collect();
        assert_eq!(texts, ["Title", "One _two_ three 峰值.", "item", "next"]);
        let passage = &found[1];
        let at = passage.text.find("峰").unwrap();
        assert_eq!(&file[passage.place(&(at..at + "峰值".len()))], "峰值");
        assert!(found[0].heading);
    }
}
