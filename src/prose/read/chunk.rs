//! Runs of letters, digits and joining signs that may be names: `q4_k_m.gguf`, `os_log()`. Nothing is looked up here.

/// The length of the run of letters, digits and joining signs at the start.
pub(crate) fn chunk_len(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let inner = next.is_some_and(|n| {
            n.is_ascii_alphabetic() || n == '_' || (n.is_ascii_digit() && c != ':')
        });
        if c.is_ascii_alphanumeric()
            || c == '_'
            || (at > 0 && matches!(c, '.' | '-' | '/' | ':' | '=' | '+' | '\'') && inner)
        {
            end = at + c.len_utf8();
        } else if c == '(' && next == Some(')') && at > 0 {
            end = at + 2;
            chars.next();
        } else {
            break;
        }
    }
    end
}

/// Whether a run looks like a name rather than a word: digits, underscores, inner capitals or dots, all capitals.
pub(crate) fn chunk_is_name(chunk: &str) -> bool {
    let capitals = chunk.chars().skip(1).any(|c| c.is_ascii_uppercase());
    capitals
        || chunk
            .chars()
            .any(|c| c.is_ascii_digit() || matches!(c, '_' | '.' | ':' | '=' | '(' | '+'))
}
