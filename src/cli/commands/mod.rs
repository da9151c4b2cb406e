//! The commands, one file each.

pub(super) mod build;
pub(super) mod calibrate;
pub(super) mod catalog;
pub(super) mod check;
pub(super) mod completions;
pub(super) mod diff;
pub(super) mod estimate;
pub(super) mod explain;
pub(super) mod fmt;
pub(super) mod frontier;
pub(super) mod init;
pub(super) mod inspect;
pub(super) mod lsp;
pub(super) mod man;
pub(super) mod rules;
pub(super) mod slm;
pub(super) mod test;
pub(super) mod update;
pub(super) mod verify;
pub(super) mod verify_prose;
pub(super) mod watch;
pub(super) mod whatif;
pub(super) mod why;
