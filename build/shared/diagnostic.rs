//! The part of `diagnostic` that needs no compiled messages.

#[path = "../../src/diagnostic/finding.rs"]
mod finding;
#[path = "../../src/diagnostic/locale.rs"]
mod locale;
#[path = "../../src/diagnostic/source.rs"]
mod source;
#[path = "../../src/diagnostic/template.rs"]
mod template;
#[path = "../../src/diagnostic/text.rs"]
mod text;
#[path = "../../src/diagnostic/yaml.rs"]
pub mod yaml;

pub use finding::*;
pub use locale::Locale;
pub use source::{FileId, Sources, Span};
pub use text::{Arg, Text};

/// In place of the register of codes, which lists the pages this build is about to make: any code is taken for
/// registered, and a test of the library holds the built-in rules to the register.
pub mod codes {
    /// A code as the register would give it.
    #[derive(Debug)]
    pub struct CodeInfo {
        /// Its number.
        pub code: super::Code,
    }

    /// The code spelled `EP0301`.
    pub fn parse(text: &str) -> Option<CodeInfo> {
        let number = text.strip_prefix("EP")?.parse().ok()?;
        let code = super::Code(number);
        Some(CodeInfo { code })
    }
}

/// In place of the compiled messages, which this build is about to make: the English words of findings in catalog and rule files.
mod messages {
    use std::collections::BTreeMap;
    use std::sync::LazyLock;

    static WORDS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
        let texts = [
            include_str!("../../templates/messages/catalog.en.yaml"),
            include_str!("../../templates/messages/language.en.yaml"),
            include_str!("../../templates/messages/rules.en.yaml"),
            include_str!("../../templates/messages/yaml.en.yaml"),
        ];
        let words = |text| serde_saphyr::from_str::<BTreeMap<_, _>>(text).unwrap_or_default();
        texts.into_iter().flat_map(words).collect()
    });

    /// The template of a key.
    pub fn lookup(key: &str, _: super::Locale) -> Option<&'static str> {
        WORDS.get(key).map(String::as_str)
    }
}
