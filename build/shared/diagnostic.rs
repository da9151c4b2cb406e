//! The part of `diagnostic` that needs no compiled messages.

#[path = "../../src/diagnostic/finding.rs"]
mod finding;
#[path = "../../src/diagnostic/locale.rs"]
mod locale;
#[path = "../../src/diagnostic/source.rs"]
mod source;
#[path = "../../src/diagnostic/text.rs"]
mod text;

pub use finding::*;
pub use locale::Locale;
pub use source::{FileId, Sources, Span};
pub use text::Text;

/// In place of the compiled messages, which this build is about to make: the English words of catalog findings.
mod messages {
    use std::collections::BTreeMap;
    use std::sync::LazyLock;

    static WORDS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
        let text = include_str!("../../templates/messages/catalog.en.yaml");
        serde_saphyr::from_str(text).unwrap_or_default()
    });

    /// The template of a key.
    pub fn lookup(key: &str, _: super::Locale) -> Option<&'static str> {
        WORDS.get(key).map(String::as_str)
    }
}
