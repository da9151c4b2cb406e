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
    let mut said = String::new();
    for object in objects(revision, file) {
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

/// The paths of all files below a folder of a revision, parted by `/`; nothing where there is no such folder.
pub(crate) fn files(revision: &str, folder: &str) -> Option<Vec<String>> {
    let list = [
        "ls-tree",
        "-r",
        "-z",
        "--name-only",
        "--full-tree",
        "--end-of-options",
    ];
    let found = objects(revision, folder).into_iter().find_map(|object| {
        let listed = git(&[&list[..], &[&object]].concat()).ok()?;
        listed.status.success().then_some(listed.stdout)
    })?;
    let paths = String::from_utf8_lossy(&found);
    let paths = paths.split('\0').filter(|path| !path.is_empty());
    Some(paths.map(str::to_owned).collect())
}

/// What git may call a path of a revision. A shell completes a path from here, git takes it from the top of the repository: both
/// are understood.
fn objects(revision: &str, path: &str) -> Vec<String> {
    let mut objects = vec![format!("{revision}:{path}")];
    if Path::new(path).is_relative() && !path.starts_with("./") {
        objects.insert(0, format!("{revision}:./{path}"));
    }
    objects
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
