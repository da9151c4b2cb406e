//! Runs as HTML. Whatever a text contains stays text.

use std::fmt::Write as _;

use super::{Inline, merged, safe_url};

/// As HTML.
pub(crate) fn html(inlines: &[Inline]) -> String {
    let mut out = String::new();
    for inline in merged(inlines) {
        let (open, text, close) = match &inline {
            Inline::Cite { number, .. } => {
                let _ = write!(
                    out,
                    "<a class=\"cite\" href=\"#source-{number}\">[{number}]</a>"
                );
                continue;
            }
            Inline::Text(text) => (String::new(), text, ""),
            Inline::Strong(text) => ("<strong>".to_owned(), text, "</strong>"),
            Inline::Code(text) => ("<code>".to_owned(), text, "</code>"),
            Inline::Link { text, url } => match safe_url(url) {
                Some(url) => (format!("<a href=\"{}\">", escape_html(&url)), text, "</a>"),
                None => (String::new(), text, ""),
            },
        };
        out.push_str(&open);
        out.push_str(&escape_html(text));
        out.push_str(close);
    }
    out
}

fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
