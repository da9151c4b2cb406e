//! Runs of text with meaning, and their form in Markdown and HTML. All escaping of the renderers happens here.

mod html;
mod markdown;

use std::fmt::Write as _;

use crate::diagnostic::template::counted;

pub(crate) use html::html;
pub(crate) use markdown::markdown;

/// A run of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Inline {
    /// Plain text, whatever it contains.
    Text(String),
    /// Stressed text.
    Strong(String),
    /// Code, names to paste.
    Code(String),
    /// A link.
    Link { text: String, url: String },
    /// A reference to a source of the plan. Its number is its place in the list of sources, given once the document
    /// stands; 0 until then.
    Cite { id: String, number: usize },
}

/// Reads `**stressed**` and `` `code` `` out of a text of the catalogues and fills `{name}` from `args`.
///
/// Arguments are data: markup inside them stays text. A name without argument stays as it is written.
pub(crate) fn parse(template: &str, args: &[(&str, Vec<Inline>)]) -> Vec<Inline> {
    let mut out = Vec::new();
    let mut rest = template;
    let mut strong = false;
    while let Some(at) = rest.find(['`', '*', '{']) {
        push(&mut out, &rest[..at], strong);
        let tail = &rest[at..];
        if let Some(after) = tail.strip_prefix("**") {
            strong = !strong;
            rest = after;
        } else if let Some((code, after)) = delimited(tail, '`', '`') {
            out.push(Inline::Code(fill_plain(code, args)));
            rest = after;
        } else if let Some((word, after)) = delimited(tail, '{', '}').and_then(|(hole, after)| {
            let (name, one, several) = counted(hole)?;
            let (_, count) = args.iter().find(|(known, _)| *known == name)?;
            Some((if plain(count) == "1" { one } else { several }, after))
        }) {
            push(&mut out, word, strong);
            rest = after;
        } else if let Some((value, after)) = delimited(tail, '{', '}').and_then(|(name, after)| {
            let found = args.iter().find(|(known, _)| *known == name)?;
            Some((&found.1, after))
        }) {
            out.extend(value.iter().map(|inline| match inline {
                Inline::Text(text) if strong => Inline::Strong(text.clone()),
                other => other.clone(),
            }));
            rest = after;
        } else {
            push(&mut out, &tail[..1], strong);
            rest = &tail[1..];
        }
    }
    push(&mut out, rest, strong);
    out
}

/// The text between `open`, which `tail` starts with, and the next `close`; and what follows.
fn delimited(tail: &str, open: char, close: char) -> Option<(&str, &str)> {
    tail.strip_prefix(open)?.split_once(close)
}

fn fill_plain(code: &str, args: &[(&str, Vec<Inline>)]) -> String {
    args.iter().fold(code.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), &plain(value))
    })
}

fn push(out: &mut Vec<Inline>, text: &str, strong: bool) {
    if text.is_empty() {
        return;
    }
    out.push(if strong {
        Inline::Strong(text.to_owned())
    } else {
        Inline::Text(text.to_owned())
    });
}

/// The bare words.
pub(crate) fn plain(inlines: &[Inline]) -> String {
    inlines
        .iter()
        .map(|inline| match inline {
            Inline::Text(text) | Inline::Strong(text) | Inline::Code(text) => text.as_str(),
            Inline::Link { text, .. } => text.as_str(),
            Inline::Cite { .. } => "",
        })
        .collect()
}

/// Neighbours of one kind joined, so that `**a****b**` never appears.
fn merged(inlines: &[Inline]) -> Vec<Inline> {
    let mut out: Vec<Inline> = Vec::with_capacity(inlines.len());
    for inline in inlines {
        match (out.last_mut(), inline) {
            (Some(Inline::Text(last)), Inline::Text(text))
            | (Some(Inline::Strong(last)), Inline::Strong(text)) => last.push_str(text),
            _ => out.push(inline.clone()),
        }
    }
    out
}

/// Web addresses only, with what could end the link encoded.
fn safe_url(url: &str) -> Option<String> {
    if !(url.starts_with("https://") || url.starts_with("http://")) {
        return None;
    }
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            '<' | '>' | '"' | '\\' | '`' | ' ' | '{' | '}' => {
                let _ = write!(out, "%{:02X}", c as u32);
            }
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Vec<Inline> {
        vec![Inline::Text(value.to_owned())]
    }

    #[test]
    fn markup_of_templates_is_read_and_markup_of_arguments_is_not() {
        let inlines = parse(
            "**Peak {what}**: `--set {what}` {x}",
            &[("what", text("**a** `b`"))],
        );
        assert_eq!(
            markdown(&inlines),
            r"**Peak \*\*a\*\* \`b\`**: `` --set **a** `b` `` \{x\}"
        );
    }

    #[test]
    fn nothing_a_user_writes_becomes_markup() {
        let evil = "# x\n- y <script>alert(1)</script> [a](javascript:1) {{ 7*7 }} | https://e.x www.e.x _a_ q4_k_m";
        assert_eq!(
            markdown(&text(evil)),
            r"\# x - y \<script>alert(1)\</script> \[a\](javascript:1) \{\{ 7\*7 \}\} \| https\://e.x www\.e.x \_a\_ q4_k_m"
        );
        assert!(!html(&text(evil)).contains("<script"));
    }

    #[test]
    fn lines_cannot_start_a_list() {
        assert_eq!(markdown(&text("- a")), r"\- a");
        assert_eq!(markdown(&text("12. a")), r"12\. a");
        assert_eq!(markdown(&text("12.5 a")), "12.5 a");
        assert_eq!(markdown(&text("a - b")), "a - b");
    }

    #[test]
    fn only_web_addresses_are_linked() {
        let link = |url: &str| {
            vec![Inline::Link {
                text: "t".to_owned(),
                url: url.to_owned(),
            }]
        };
        assert_eq!(
            markdown(&link("https://a.b/c>d")),
            "[t](<https://a.b/c%3Ed>)"
        );
        assert_eq!(markdown(&link("javascript:alert(1)")), "t");
        assert_eq!(html(&link("data:x")), "t");
    }

    #[test]
    fn code_survives_its_own_fence() {
        assert_eq!(markdown(&[Inline::Code("a`b".to_owned())]), "``a`b``");
        assert_eq!(markdown(&[Inline::Code("`".to_owned())]), "`` ` ``");
    }
}
