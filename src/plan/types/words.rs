//! A sentence in every language of the plan.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Locale;

/// A text in both languages. Backticks enclose code and `**` what is stressed; everything else is plain text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Words {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    pub zh_cn: String,
}

impl Words {
    /// The same in every language: names, figures, user input.
    #[must_use]
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            en: text.clone(),
            zh_cn: text,
        }
    }

    /// Builds each language in turn.
    #[must_use]
    pub fn each(text: impl Fn(Locale) -> String) -> Self {
        Self {
            en: text(Locale::En),
            zh_cn: text(Locale::ZhCn),
        }
    }

    /// The text in `locale`.
    #[must_use]
    pub fn get(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.en,
            Locale::ZhCn => &self.zh_cn,
        }
    }
}
