//! The message catalogues: every sentence the compiler says, by key and language.
//!
//! The words are in `templates/messages/`, merged and sorted at build time; nothing here composes sentences.

use super::Locale;

mod tables {
    include!(concat!(env!("OUT_DIR"), "/messages.rs"));

    pub(super) fn table(locale: super::Locale) -> &'static [(&'static str, &'static str)] {
        match locale {
            super::Locale::En => EN,
            super::Locale::ZhCn => ZH_CN,
        }
    }
}

/// The template of a key, with placeholders as [`super::template::fill`] takes them; `None` when the catalogue does not know it.
#[must_use]
pub fn lookup(key: &str, locale: Locale) -> Option<&'static str> {
    let table = tables::table(locale);
    let index = table
        .binary_search_by(|(known, _)| (*known).cmp(key))
        .ok()?;
    table.get(index).map(|(_, template)| *template)
}

/// All messages of a language as `(key, template)`, sorted by key.
#[must_use]
pub fn all(locale: Locale) -> &'static [(&'static str, &'static str)] {
    tables::table(locale)
}
