//! The characters a Chinese keyboard puts where the language wants ASCII.

/// What a character outside strings and comments was meant to be; `None` for characters that stay.
pub(super) fn narrow(c: char) -> Option<&'static str> {
    const ASCII: &str = "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
    Some(match c {
        '\u{ff5e}' | '…' | '〜' => "..",
        '\u{ff1b}' => "",
        '\u{ff01}'..='\u{ff5d}' => {
            let index = c as usize - 0xff01;
            ASCII.get(index..=index)?
        }
        '。' => ".",
        '、' => ",",
        '【' | '〔' => "[",
        '】' | '〕' => "]",
        '≤' | '≦' | '⩽' => "<=",
        '≥' | '≧' | '⩾' => ">=",
        '≠' => "!=",
        '→' => "->",
        '×' => "*",
        '÷' => "/",
        '−' => "-",
        _ => return None,
    })
}

/// Whether a character opens or closes a string on a Chinese keyboard.
pub(super) fn is_quote(c: char) -> bool {
    matches!(
        c,
        '“' | '”' | '„' | '‘' | '’' | '「' | '」' | '『' | '』' | '\u{ff02}' | '\u{ff07}'
    )
}

/// Blanks that are easily taken for a space, or not seen at all.
pub(super) fn is_blank(c: char) -> bool {
    matches!(
        c,
        '\0' | '\u{feff}' | '\u{a0}' | '\u{3000}' | '\u{2002}'..='\u{200b}' | '\u{202f}'
    )
}
