//! Sentences in both languages, from the catalogues or from data files.

use crate::catalog::types::Bilingual;
use crate::diagnostic::template::fill;
use crate::diagnostic::{Locale, Text, messages};
use crate::plan::types::Words;

/// The sentence of `plan.<key>` with `{name}` filled.
pub(super) fn say(key: &str, args: &[(&str, &Words)]) -> Words {
    Words::each(|locale| {
        let dotted = format!("plan.{key}");
        let template = messages::lookup(&dotted, locale).unwrap_or("");
        fill(template, |name| {
            let (_, value) = args.iter().find(|(known, _)| *known == name)?;
            Some(value.get(locale).to_owned())
        })
    })
}

/// A message of another station, by its full key; the key where the catalogues do not know it.
pub(super) fn message(key: &str) -> Words {
    Words::each(|locale| messages::lookup(key, locale).unwrap_or(key).to_owned())
}

/// A text of a rule or the catalog.
pub(super) fn bilingual(text: &Bilingual) -> Words {
    Words {
        en: text.en.clone(),
        zh_cn: text.zh.clone(),
    }
}

/// A text of a rule with its figures.
pub(super) fn rendered(text: &Text) -> Words {
    Words::each(|locale| text.render(locale))
}

/// Names and figures. What could be read as markup of [`Words`] is taken out: user input must stay text.
pub(super) fn plain(text: impl AsRef<str>) -> Words {
    Words::same(text.as_ref().replace('`', "'").replace("**", "* *"))
}

/// Code: the text between backticks.
pub(super) fn code(text: impl AsRef<str>) -> Words {
    Words::same(format!("`{}`", text.as_ref().replace('`', "'")))
}

/// Words with a separator of the catalogue between them.
pub(super) fn joined(separator: &str, parts: &[Words]) -> Words {
    Words::each(|locale: Locale| {
        let dotted = format!("plan.{separator}");
        let separator = messages::lookup(&dotted, locale).unwrap_or(", ");
        let parts: Vec<&str> = parts.iter().map(|part| part.get(locale)).collect();
        parts.join(separator)
    })
}
