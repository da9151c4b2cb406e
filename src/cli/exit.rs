//! How a run ends: exit codes by meaning, and the failures that lead to them.

use std::io;
use std::path::Path;

use crate::diagnostic::{Locale, Text};

/// The exit codes, least grave first. Scripts depend on them; `docs/reference/cli.md` lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// 0: what was asked for was done.
    Done,
    /// 3: what is committed differs from what would be written.
    Differs,
    /// 1: findings of severity error, or no plan is possible.
    Findings,
    /// 2: wrong usage, input or output failed, unreadable catalog or rules.
    Usage,
}

impl Exit {
    /// The number given to the operating system.
    #[must_use]
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Differs => 3,
        }
    }

    /// The graver of two, for runs over several specs.
    #[must_use]
    pub(crate) fn and(self, other: Self) -> Self {
        self.max(other)
    }
}

/// Exit code of a mistake in edgeplan itself, as the Rust runtime uses it.
pub(crate) const BUG: u8 = 101;

/// Why a command could not go on.
#[derive(Debug)]
pub(crate) enum Failure {
    /// One sentence that says what and why.
    Said(Text),
    /// The findings have been shown already.
    Shown,
    /// A mistake of ours.
    Bug(String),
}

impl Failure {
    /// A failed read or write of a file.
    #[must_use]
    pub(crate) fn file(key: &'static str, path: &Path, error: &io::Error) -> Self {
        Self::Said(
            Text::key(key)
                .arg("path", path.display().to_string())
                .arg("reason", reason(error)),
        )
    }

    /// A mistake of ours.
    #[must_use]
    pub(crate) fn bug(error: &dyn std::error::Error) -> Self {
        Self::Bug(error.to_string())
    }

    /// The exit code it leads to.
    #[must_use]
    pub(crate) const fn code(&self) -> u8 {
        match self {
            Self::Bug(_) => BUG,
            Self::Said(_) | Self::Shown => Exit::Usage.code(),
        }
    }

    /// The sentence, if there is one left to say.
    #[must_use]
    pub(crate) fn message(&self, locale: Locale) -> Option<String> {
        match self {
            Self::Said(text) => Some(text.render(locale)),
            Self::Shown => None,
            Self::Bug(what) => Some(
                Text::key("cli.bug")
                    .arg("what", what.as_str())
                    .arg("issues", concat!(env!("CARGO_PKG_REPOSITORY"), "/issues"))
                    .render(locale),
            ),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Said(Text::key("cli.output_failed").arg("reason", reason(&error)))
    }
}

/// The operating system's reason, in our words where it is a usual one.
#[must_use]
pub(crate) fn reason(error: &io::Error) -> Text {
    match error.kind() {
        io::ErrorKind::NotFound => Text::key("cli.reason.not_found"),
        io::ErrorKind::PermissionDenied => Text::key("cli.reason.denied"),
        io::ErrorKind::IsADirectory => Text::key("cli.reason.directory"),
        _ => Text::plain(error.to_string()),
    }
}
