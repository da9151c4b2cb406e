//! Files as they are in revisions of the repository around the current folder. Asks git, and changes nothing.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::exit::{Failure, reason};
use crate::diagnostic::Text;

/// A file of a revision; `side` is how the user named both.
///
/// # Errors
/// When git has no such file, or is not there.
pub(crate) fn file(side: &str, revision: &str, file: &str) -> Result<Vec<u8>, Failure> {
    let failed = |why: Text| {
        let text = Text::key("cli.diff.git").arg("side", side);
        Failure::Said(text.arg("reason", why))
    };
    // A shell completes a path from here, git takes it from the top of the repository: both are understood.
    let from_here = Path::new(file).is_relative() && !file.starts_with("./");
    let mut objects = vec![format!("{revision}:{file}")];
    if from_here {
        objects.insert(0, format!("{revision}:./{file}"));
    }
    let mut said = String::new();
    for object in objects {
        let shown = git(&["show", "--no-textconv", "--end-of-options", &object])
            .map_err(|error| failed(reason(&error)))?;
        if shown.status.success() {
            // Of a folder git shows a list of names.
            let list = format!("tree {object}\n\n");
            return match shown.stdout.starts_with(list.as_bytes()) {
                true => Err(failed(Text::key("cli.reason.directory"))),
                false => Ok(shown.stdout),
            };
        }
        said = String::from_utf8_lossy(&shown.stderr).into_owned();
    }
    let line = said.lines().next().unwrap_or_default();
    Err(failed(Text::plain(line.trim_start_matches("fatal: "))))
}

/// Whether git knows a commit by this name.
pub(crate) fn is_revision(name: &str) -> bool {
    let commit = format!("{name}^{{commit}}");
    let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options"];
    git(&[&arguments[..], &[&commit]].concat()).is_ok_and(|said| said.status.success())
}

fn git(arguments: &[&str]) -> std::io::Result<Output> {
    Command::new("git")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
}
