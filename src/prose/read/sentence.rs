//! Where sentences end, in English and Chinese. Decimals, versions, file names and abbreviations hold no ends.

use std::ops::Range;

/// Abbreviations after which a sentence goes on.
const ABBREVIATIONS: [&str; 12] = [
    "e.g", "i.e", "cf", "vs", "approx", "ca", "no", "fig", "incl", "resp", "dr", "st",
];

/// The byte ranges of the sentences of a text, without the white space around them.
#[must_use]
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let full = matches!(c, '。' | '！' | '？' | '!' | '?')
            || (matches!(c, '.' | '．') && is_full_stop(text, at, c.len_utf8()));
        if !full {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((next, closing)) = rest.next_if(|(_, c)| closes(*c)) {
            end = next + closing.len_utf8();
        }
        push(&mut found, text, start..end);
        start = end;
    }
    push(&mut found, text, start..text.len());
    found
}

/// What belongs to the sentence it follows: further ends, closing quotes and brackets.
fn closes(c: char) -> bool {
    matches!(
        c,
        '.' | '。' | '！' | '？' | '!' | '?' | '"' | '”' | '’' | '\'' | ')' | '）' | '」' | '』'
    )
}

fn push(found: &mut Vec<Range<usize>>, text: &str, range: Range<usize>) {
    let part = text.get(range.clone()).unwrap_or_default();
    let lead = part.len() - part.trim_start().len();
    let trimmed = part.trim();
    if !trimmed.is_empty() {
        let start = range.start + lead;
        found.push(start..start + trimmed.len());
    }
}

/// Whether the `.` at `at` ends a sentence.
fn is_full_stop(text: &str, at: usize, len: usize) -> bool {
    let after = text.get(at + len..).unwrap_or_default();
    let next = after.chars().find(|c| !closes(*c));
    if next.is_some_and(|c| !c.is_whitespace() && !super::fold::is_han(c)) {
        return false;
    }
    let before = text.get(..at).unwrap_or_default();
    let word = before
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '（' | '"' | '“'))
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    if ABBREVIATIONS.contains(&word.as_str()) {
        return false;
    }
    // `etc.` ends a sentence only where a new one begins.
    if word == "etc" {
        let next = after.chars().find(|c| !c.is_whitespace());
        return next.is_none_or(|c| c.is_uppercase());
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text)
            .into_iter()
            .map(|range| &text[range])
            .collect()
    }

    #[test]
    fn ends_are_found() {
        let cases: [(&str, &[&str]); 11] = [
            ("One. Two.", &["One.", "Two."]),
            (
                "It takes 2.29 GiB. It fits.",
                &["It takes 2.29 GiB.", "It fits."],
            ),
            (
                "llamadart 0.3.0 wraps llama.cpp. llama.cpp loads x.gguf.",
                &[
                    "llamadart 0.3.0 wraps llama.cpp.",
                    "llama.cpp loads x.gguf.",
                ],
            ),
            (
                "About approx. 2 GiB, e.g. Metal. Yes!",
                &["About approx. 2 GiB, e.g. Metal.", "Yes!"],
            ),
            (
                "峰值为 2.29 GiB。首字延迟 1.4 s！好",
                &["峰值为 2.29 GiB。", "首字延迟 1.4 s！", "好"],
            ),
            (
                "He said \"yes.\" Then left.",
                &["He said \"yes.\"", "Then left."],
            ),
            (
                "Models, APIs, etc. are named.",
                &["Models, APIs, etc. are named."],
            ),
            (
                "用 llama.cpp。再用 q4_k_m.gguf。",
                &["用 llama.cpp。", "再用 q4_k_m.gguf。"],
            ),
            (
                "It took 5.5 s. Then less.",
                &["It took 5.5 s.", "Then less."],
            ),
            ("峰值２．２９ GiB。", &["峰值２．２９ GiB。"]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(split(text), expected, "{text}");
        }
    }
}
