//! Files the compiler writes: atomically, and never over a file it did not write.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::exit::Failure;
use super::paths::folder;
use crate::diagnostic::Text;
use crate::render::MARKER;

/// What marks a file as ours, in Markdown and HTML, in JSON, in locks, in an overlay of the catalog and in rows of
/// predictions. One of them stands in the first lines of every file the compiler writes.
const MARKS: [&str; 6] = [
    MARKER,
    "\"generated_from\"",
    "# Written by edgeplanc",
    "# Written by `edgeplanc calibrate`",
    "id,decode_tok_s_low,",
    "line,weights_mib,",
];

/// How far into a file the mark is looked for, in bytes.
const HEAD: usize = 400;

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Output {
    /// Where.
    pub(crate) path: PathBuf,
    /// What; carries one of [`MARKS`].
    pub(crate) text: String,
}

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nothing.
    Missing,
    /// Exactly this text.
    Same,
    /// An older plan.
    Ours,
    /// A file of somebody else.
    Foreign,
}

impl Output {
    /// Compares with what is on disk. Line ends are compared as `\n`, so a checkout that turned them is no difference.
    pub(crate) fn standing(&self) -> Result<Standing, Failure> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Standing::Missing),
            Err(error) => return Err(Failure::file("cli.cannot_read", &self.path, &error)),
        };
        if bytes == self.text.as_bytes() {
            return Ok(Standing::Same);
        }
        let text = String::from_utf8_lossy(&bytes);
        if text.replace("\r\n", "\n") == self.text {
            return Ok(Standing::Same);
        }
        let mut head = HEAD.min(text.len());
        while !text.is_char_boundary(head) {
            head -= 1;
        }
        Ok(if MARKS.iter().any(|mark| text[..head].contains(mark)) {
            Standing::Ours
        } else {
            Standing::Foreign
        })
    }

    /// Where the file on disk first differs, in words.
    #[must_use]
    pub(crate) fn first_difference(&self) -> Option<Text> {
        let Ok(old) = fs::read_to_string(&self.path) else {
            return Some(Text::key("input.differs.missing"));
        };
        let mut old_lines = old.lines();
        let mut new_lines = self.text.lines();
        for line in 1.. {
            let (old, new) = (old_lines.next(), new_lines.next());
            if old == new && old.is_some() {
                continue;
            }
            let said = match (old, new) {
                (Some(old), Some(new)) => {
                    let (old, new) = where_they_part(old, new);
                    let line = Text::key("input.differs.line");
                    line.arg("old", old).arg("new", new)
                }
                (Some(old), None) => Text::key("input.differs.more").arg("old", excerpt(old, 0)),
                (None, Some(new)) => Text::key("input.differs.ends").arg("new", excerpt(new, 0)),
                // The line ends of the last line differ, which no line shows.
                (None, None) => return None,
            };
            return Some(said.arg("line", line.to_string()));
        }
        None
    }
}

/// Most characters of a line that are shown.
const EXCERPT: usize = 60;
/// How many of them stand before the place of interest.
const BEFORE: usize = 20;

/// Two lines around the first character that is another.
fn where_they_part(old: &str, new: &str) -> (String, String) {
    let same = old.chars().zip(new.chars()).take_while(|(a, b)| a == b);
    let at = same.count();
    (excerpt(old, at), excerpt(new, at))
}

/// A line around one of its characters, with `…` where something was left out.
fn excerpt(line: &str, at: usize) -> String {
    let indent = line.chars().take_while(|c| c.is_whitespace()).count();
    let length = line.trim_end().chars().count();
    let start = if length.saturating_sub(indent) <= EXCERPT {
        indent
    } else {
        at.saturating_sub(BEFORE)
            .min(length.saturating_sub(EXCERPT))
            .max(indent)
    };
    let shown: String = line.trim_end().chars().skip(start).take(EXCERPT).collect();
    let before = if start > indent { "…" } else { "" };
    let after = if start + EXCERPT < length { "…" } else { "" };
    format!("{before}{shown}{after}")
}

/// Writes all files or, when one of them belongs to somebody else, none. Returns those that changed.
pub(crate) fn write_all(outputs: &[Output], force: bool) -> Result<Vec<&Path>, Failure> {
    let mut stale = Vec::new();
    for output in outputs {
        match output.standing()? {
            Standing::Same => {}
            Standing::Foreign if !force => {
                return Err(Failure::Said(
                    Text::key("cli.not_ours").arg("path", output.path.display().to_string()),
                ));
            }
            _ => stale.push(output),
        }
    }
    for output in &stale {
        write(&output.path, &output.text)?;
    }
    Ok(stale.iter().map(|output| output.path.as_path()).collect())
}

/// Writes one file: to a temporary one beside it, then renamed, so that a reader sees the old text or the new one.
/// The folder is made where it is missing.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::file("cli.cannot_write", path, &error);
    let folder = folder(path);
    fs::create_dir_all(folder).map_err(failed)?;
    let mut file = tempfile::Builder::new()
        .prefix(".edgeplan-")
        .tempfile_in(folder)
        .map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    keep_permissions(path, file.as_file()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Gives the new file the permissions of the one it replaces; those of an ordinary new file where there is none.
#[cfg(unix)]
fn keep_permissions(path: &Path, file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let permissions = match fs::metadata(path) {
        Ok(old) => old.permissions(),
        Err(_) => fs::Permissions::from_mode(0o644),
    };
    file.set_permissions(permissions)
}

#[cfg(not(unix))]
fn keep_permissions(_: &Path, _: &fs::File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_shown_where_they_part() {
        let long = |word: &str| {
            format!(
                "      \"en\": \"{}{word}{}\",",
                "a".repeat(200),
                "b".repeat(200)
            )
        };
        let (old, new) = where_they_part(&long("8 GB"), &long("6 GB"));
        let shown = |word: &str| format!("…{}{word}{}…", "a".repeat(20), "b".repeat(36));
        assert_eq!((old, new), (shown("8 GB"), shown("6 GB")));
        let (old, new) = where_they_part("  short, 短", "  short, 长");
        assert_eq!((old.as_str(), new.as_str()), ("short, 短", "short, 长"));
        let (old, new) = where_they_part("", &"三".repeat(80));
        assert_eq!((old, new), (String::new(), format!("{}…", "三".repeat(60))));
        let tail = |word: &str| format!("{}{word}", "a".repeat(100));
        let (old, new) = where_they_part(&tail("x"), &tail("yy"));
        assert_eq!(old, format!("…{}x", "a".repeat(59)));
        assert_eq!(new, format!("…{}yy", "a".repeat(58)));
    }
}
