//! Runs as CommonMark. Whatever a text contains stays text.

use std::fmt::Write as _;

use super::{Inline, merged, safe_url};

/// As CommonMark, on one line.
pub(crate) fn markdown(inlines: &[Inline]) -> String {
    let mut out = String::new();
    for inline in merged(inlines) {
        match inline {
            Inline::Text(text) => escape_markdown(&mut out, &text),
            Inline::Strong(text) => {
                // Emphasis next to letters or full-width punctuation needs its delimiters at the word itself.
                let (lead, word, trail) = trimmed(&text);
                out.push_str(lead);
                if !word.is_empty() {
                    out.push_str("**");
                    escape_markdown(&mut out, word);
                    out.push_str("**");
                }
                out.push_str(trail);
            }
            Inline::Code(code) => code_span(&mut out, &code),
            Inline::Link { text, url } => match safe_url(&url) {
                Some(url) => {
                    out.push('[');
                    escape_markdown(&mut out, &text);
                    let _ = write!(out, "](<{url}>)");
                }
                None => escape_markdown(&mut out, &text),
            },
            Inline::Cite { number, .. } => {
                let _ = write!(out, "\\[{number}\\]");
            }
        }
    }
    protect_start(out.trim().to_owned())
}

fn trimmed(text: &str) -> (&str, &str, &str) {
    let word = text.trim();
    let start = text.find(word).unwrap_or(0);
    (&text[..start], word, &text[start + word.len()..])
}

/// Every character CommonMark, GFM or a template engine downstream could read as markup.
fn escape_markdown(out: &mut String, text: &str) {
    let mut previous = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let inside_word =
            previous.is_alphanumeric() && rest.peek().is_some_and(|n| n.is_alphanumeric());
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            c if c.is_control() => {}
            '_' if inside_word => out.push('_'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '|' | '~' | '$' | '{' | '}' => {
                out.push('\\');
                out.push(c);
            }
            // An image, an entity.
            '!' if rest.peek() == Some(&'[') => out.push_str("\\!"),
            '&' if rest
                .peek()
                .is_some_and(|n| n.is_ascii_alphanumeric() || *n == '#') =>
            {
                out.push_str("\\&");
            }
            // Bare addresses would become links.
            ':' if rest.peek() == Some(&'/') => out.push_str("\\:"),
            '@' if inside_word => out.push_str("\\@"),
            '.' if inside_word && ends_with_www(out) => out.push_str("\\."),
            c => out.push(c),
        }
        previous = c;
    }
}

fn ends_with_www(out: &str) -> bool {
    out.len() >= 3
        && out.is_char_boundary(out.len() - 3)
        && out[out.len() - 3..].eq_ignore_ascii_case("www")
}

/// A line that starts like a list item, a heading underline or a number would change the structure around it.
fn protect_start(out: String) -> String {
    let digits = out.bytes().take_while(u8::is_ascii_digit).count();
    let after = out[digits..].strip_prefix(['.', ')']);
    let numbered = digits > 0 && after.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    if numbered {
        format!("{}\\{}", &out[..digits], &out[digits..])
    } else if out.starts_with(['-', '+', '=', '>', '#']) {
        format!("\\{out}")
    } else {
        out
    }
}

/// A fence longer than any run of backticks inside.
fn code_span(out: &mut String, code: &str) {
    let code: String = code
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if code.starts_with('`') || code.ends_with('`') {
        " "
    } else {
        ""
    };
    if code.trim().is_empty() {
        return;
    }
    let _ = write!(out, "{fence}{pad}{code}{pad}{fence}");
}
