//! The two formats most answers come in. Commands that offer more declare their own.

use clap::ValueEnum;

/// A format of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}
