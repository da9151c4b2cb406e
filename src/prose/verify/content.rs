//! What no sentence may hold, whatever it says: hidden or imitating characters, markup, code, links.

use std::collections::BTreeSet;
use std::ops::Range;

use super::reason::{Reason, Refusal};
use crate::diagnostic::Text;
use crate::prose::read::fold::{fold, is_ordinary};

/// Signs of markup, templates and code.
const SIGNS: [char; 18] = [
    '<', '>', '[', ']', '{', '}', '|', '\\', '#', '*', '`', '$', '^', '@', '=', '&', ';', '_',
];

/// What links look like.
const LINKS: [&str; 5] = ["://", "www.", "mailto:", "javascript:", "data:"];

/// The words of the statements that hold signs, such as names of APIs: these may be used.
#[derive(Debug, Default)]
pub(crate) struct Signed {
    runs: BTreeSet<String>,
}

impl Signed {
    /// Collects them.
    pub(crate) fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut signed = Self::default();
        signed.take(texts);
        signed
    }

    /// Collects those of more texts.
    pub(crate) fn take<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) {
        for text in texts {
            let folded = fold(text).text;
            for run in folded.split(is_gap) {
                let run = trimmed(run);
                if run.contains(SIGNS) || LINKS.iter().any(|link| run.contains(link)) {
                    self.runs.insert(run.to_owned());
                }
            }
        }
    }

    /// The first thing in `sentence` that prose may not hold.
    pub(crate) fn check(&self, sentence: &str) -> Option<Refusal> {
        if let Some((at, c)) = sentence.char_indices().find(|(_, c)| !is_ordinary(*c)) {
            let shown = format!("U+{:04X}", u32::from(c));
            return Some(Refusal::new(
                Reason::Hidden,
                at..at + c.len_utf8(),
                Text::key("prose.refused.hidden").arg("character", shown),
            ));
        }
        let folded = fold(sentence);
        let mut at = 0;
        for run in folded.text.split(is_gap) {
            let word = trimmed(run);
            let start = at + (run.len() - run.trim_start_matches(is_edge).len());
            at += run.len()
                + folded.text[at + run.len()..]
                    .chars()
                    .next()
                    .map_or(0, char::len_utf8);
            let signs = word
                .char_indices()
                .any(|(at, c)| SIGNS.contains(&c) && !joins(word, at, c));
            let link = LINKS
                .iter()
                .any(|link| word.to_ascii_lowercase().contains(link));
            if (signs || link) && !self.runs.contains(word) {
                let span: Range<usize> = folded.origin(start)..folded.origin(start + word.len());
                return Some(Refusal::new(
                    Reason::Markup,
                    span,
                    Text::key("prose.refused.markup").arg("text", word),
                ));
            }
        }
        None
    }
}

/// `;` between clauses and `_` inside a name are no markup.
fn joins(word: &str, at: usize, c: char) -> bool {
    let after = word[at + c.len_utf8()..].chars().next();
    let before = word[..at].chars().next_back();
    let inner = |side: Option<char>| side.is_some_and(|c| c.is_ascii_alphanumeric());
    match c {
        '_' => inner(before) && inner(after),
        ';' => !inner(after),
        _ => false,
    }
}

fn is_gap(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '，' | '。' | '；' | '：' | '、' | '（' | '）' | '(' | ')'
        )
        || crate::prose::read::fold::is_han(c)
}

fn is_edge(c: char) -> bool {
    matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | '"' | '\'')
}

fn trimmed(run: &str) -> &str {
    run.trim_matches(is_edge)
}
