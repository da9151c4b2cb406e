//! Full-width forms, spaces, dashes and quotes brought to one spelling, with the way back to the original bytes; and
//! the characters that have no place in prose at all.

/// A text in its plain spelling. Byte `i` of it came from byte `origin(i)` of the original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Folded {
    pub(crate) text: String,
    origins: Vec<u32>,
    end: u32,
}

impl Folded {
    /// The byte of the original that byte `at` came from.
    pub(crate) fn origin(&self, at: usize) -> usize {
        self.origins.get(at).copied().unwrap_or(self.end) as usize
    }
}

/// Folds character by character; every character becomes exactly one.
pub(crate) fn fold(text: &str) -> Folded {
    let mut folded = String::with_capacity(text.len());
    let mut origins = Vec::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let c = plain(c);
        for _ in 0..c.len_utf8() {
            origins.push(at as u32);
        }
        folded.push(c);
    }
    Folded {
        text: folded,
        origins,
        end: text.len() as u32,
    }
}

fn plain(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\n' | '\t' | '\r' => ' ',
        '\u{2012}' | '\u{2014}' | '\u{2212}' => '\u{2013}',
        '\u{2010}' | '\u{2011}' => '-',
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '〜' => '~',
        c => c,
    }
}

/// Whether prose may hold this character: ASCII, Han, and the punctuation of both languages. Letters of other scripts
/// look like Latin ones, and characters without width hide what a reader sees.
pub(crate) fn is_ordinary(c: char) -> bool {
    matches!(c,
        ' '..='~' | '\n' | '\r' | '\t'
        | '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{ff01}'..='\u{ff5e}' | '\u{3000}' | '\u{a0}' | '\u{2009}' | '\u{202f}'
        | '、' | '。' | '〈'..='】' | '〔' | '〕' | '〜' | '·' | '…'
        | '\u{2010}'..='\u{2014}' | '\u{2212}' | '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}'
        | '×' | '≤' | '≥' | '≈' | '±' | '°' | '→')
}

/// Whether it is written with Han characters.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_forms_fold_and_lead_back() {
        let folded = fold("峰值２．２９ＧｉＢ。");
        assert_eq!(folded.text, "峰值2.29GiB。");
        let at = folded.text.find('2').unwrap();
        assert_eq!(folded.origin(at), "峰值".len());
        assert_eq!(
            folded.origin(folded.text.len()),
            "峰值２．２９ＧｉＢ。".len()
        );
    }

    #[test]
    fn look_alikes_and_hidden_characters_are_not_ordinary() {
        for c in [
            'а', 'Ο', '\u{200b}', '\u{202e}', '\u{feff}', '²', '①', '⼀', '𝟐', '٣', 'Ⅳ', 'é',
        ] {
            assert!(!is_ordinary(c), "{c:?}");
        }
        for c in "GiB 峰值，“引号”—（2.3–2.4）～".chars() {
            assert!(is_ordinary(c), "{c:?}");
        }
    }
}
