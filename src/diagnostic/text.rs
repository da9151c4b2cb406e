//! Words that are not chosen until the language is known.

use super::Locale;
use super::template::fill;

/// A value put into a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// Printed as it is: names, figures with units, user input.
    Plain(String),
    /// Itself a text to be rendered in the reader's language.
    Text(Text),
}

impl From<String> for Arg {
    fn from(value: String) -> Self {
        Self::Plain(value)
    }
}

impl From<&str> for Arg {
    fn from(value: &str) -> Self {
        Self::Plain(value.to_owned())
    }
}

impl From<Text> for Arg {
    fn from(value: Text) -> Self {
        Self::Text(value)
    }
}

/// A sentence in every language: a key of the message catalogues with its arguments, or a text that came in
/// both languages from a rule or catalog file.
#[derive(Debug, Clone, PartialEq)]
pub enum Text {
    /// `templates/messages/*.yaml`, with its placeholders filled from the arguments.
    Message {
        /// Dotted key, for example `syntax.expected`.
        key: &'static str,
        /// Arguments by placeholder name.
        args: Vec<(&'static str, Arg)>,
    },
    /// Written in both languages in a data file; `{name}` placeholders as above.
    Localised {
        /// English.
        en: String,
        /// Simplified Chinese.
        zh: String,
        /// Arguments by placeholder name.
        args: Vec<(String, Arg)>,
    },
    /// The same in every language.
    Plain(String),
}

impl Text {
    /// A message without arguments yet.
    #[must_use]
    pub const fn key(key: &'static str) -> Self {
        Self::Message {
            key,
            args: Vec::new(),
        }
    }

    /// Nothing.
    #[must_use]
    pub const fn empty() -> Self {
        Self::Plain(String::new())
    }

    /// The same in every language.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self::Plain(text.into())
    }

    /// Fills the placeholder `{name}`.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        match &mut self {
            Self::Message { args, .. } => args.push((name, value.into())),
            Self::Localised { args, .. } => args.push((name.to_owned(), value.into())),
            Self::Plain(_) => {}
        }
        self
    }

    /// The value of a plain argument of a message.
    #[must_use]
    pub fn argument(&self, wanted: &str) -> Option<&str> {
        let Self::Message { args, .. } = self else {
            return None;
        };
        args.iter().find_map(|(name, value)| match value {
            Arg::Plain(text) if *name == wanted => Some(text.as_str()),
            _ => None,
        })
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Plain(text) if text.is_empty())
    }

    /// The words in `locale`, from the message catalogues.
    #[must_use]
    pub fn render(&self, locale: Locale) -> String {
        self.render_with(locale, &super::messages::lookup)
    }

    /// The words in `locale`. `lookup` finds a message template by key.
    #[must_use]
    pub fn render_with(
        &self,
        locale: Locale,
        lookup: &dyn Fn(&str, Locale) -> Option<&'static str>,
    ) -> String {
        let show = |arg: &Arg| match arg {
            Arg::Plain(text) => text.clone(),
            Arg::Text(text) => text.render_with(locale, lookup),
        };
        match self {
            Self::Plain(text) => text.clone(),
            Self::Message { key, args } => fill(lookup(key, locale).unwrap_or(key), |name| {
                args.iter()
                    .find(|(n, _)| *n == name)
                    .map(|(_, arg)| show(arg))
            }),
            Self::Localised { en, zh, args } => {
                let template = if locale == Locale::ZhCn { zh } else { en };
                fill(template, |name| {
                    args.iter()
                        .find(|(n, _)| n == name)
                        .map(|(_, arg)| show(arg))
                })
            }
        }
    }
}
