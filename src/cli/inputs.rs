//! From arguments to spec texts: files, folders and standard input. Every way to be unreadable is a finding.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::console::Batch;
use super::exit::{Failure, reason};
use super::paths::full;
use crate::diagnostic::{Code, Diagnostic, Severity, Sources, Text};

/// Largest spec that is read, in bytes: a thousand times a long one.
pub(crate) const MAX_BYTES: u64 = 1 << 20;

/// A spec as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Input {
    /// As the user named it; `<stdin>` for standard input.
    pub(crate) name: String,
    /// The file; `None` for standard input.
    pub(crate) path: Option<PathBuf>,
    /// Its text.
    pub(crate) text: String,
}

impl Input {
    /// The name without folder and extension, for the files of the plan; `plan` for standard input.
    #[must_use]
    pub(crate) fn stem(&self) -> Cow<'_, str> {
        self.path
            .as_deref()
            .and_then(Path::file_stem)
            .map_or(Cow::Borrowed("plan"), |stem| stem.to_string_lossy())
    }

    /// The folder it stands in.
    #[must_use]
    pub(crate) fn folder(&self) -> &Path {
        self.path
            .as_deref()
            .and_then(Path::parent)
            .unwrap_or_else(|| Path::new(""))
    }
}

/// What the arguments named: specs in order, and findings about what could not be read.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    /// The specs.
    pub(crate) specs: Vec<Input>,
    /// One batch per unreadable argument.
    pub(crate) unreadable: Vec<Batch>,
    /// One batch per lock in the folders whose spec is gone.
    pub(crate) left: Vec<Batch>,
    /// What was taken, under a name that is the same however it is spelled.
    taken: BTreeSet<PathBuf>,
}

/// Reads all specs; folders give their `*.edgeplan` files, at any depth, sorted by path. What is named twice is read once.
#[must_use]
pub(crate) fn read(arguments: &[PathBuf]) -> Inputs {
    let mut inputs = Inputs::default();
    for argument in arguments {
        if argument.as_os_str() == "-" {
            if !inputs.taken.insert(argument.clone()) {
                continue;
            }
            inputs.take("<stdin>".to_owned(), None, read_limited(io::stdin().lock()));
        } else if argument.is_dir() {
            inputs.folder(argument);
        } else {
            inputs.file(argument.clone());
        }
    }
    inputs
}

impl Inputs {
    fn folder(&mut self, folder: &Path) {
        let (mut paths, mut locks) = (Vec::new(), Vec::new());
        if let Err(error) = collect(folder, &mut paths, &mut locks) {
            self.refuse(&folder.display().to_string(), &Unreadable::Io(error));
            return;
        }
        if paths.is_empty() {
            self.refuse(&folder.display().to_string(), &Unreadable::NoSpecs);
        }
        paths.sort();
        for path in paths {
            self.file(path);
        }
        locks.sort();
        for lock in locks {
            if !lock.with_extension("").exists() && self.taken.insert(full(&lock)) {
                self.left.push((vec![left(&lock)], Sources::new()));
            }
        }
    }

    fn file(&mut self, path: PathBuf) {
        if !self.taken.insert(full(&path)) {
            return;
        }
        let text = read_spec(&path);
        self.take(path.display().to_string(), Some(path), text);
    }

    fn take(&mut self, name: String, path: Option<PathBuf>, text: Result<String, Unreadable>) {
        match text {
            Ok(text) => self.specs.push(Input { name, path, text }),
            Err(why) => self.refuse(&name, &why),
        }
    }

    fn refuse(&mut self, name: &str, why: &Unreadable) {
        let finding = why.finding(name);
        self.unreadable.push((vec![finding], Sources::new()));
    }
}

/// The finding about a lock whose spec was renamed or deleted, with the plans that went with it.
fn left(lock: &Path) -> Diagnostic {
    let spec = lock.with_extension("");
    let stem = spec.file_stem().unwrap_or_default().to_string_lossy();
    let folder = lock.parent().unwrap_or_else(|| Path::new(""));
    let plans = ["md", "html", "json"].map(|kind| folder.join(format!("{stem}.plan.{kind}")));
    let plans: Vec<String> = (plans.iter().filter(|plan| plan.exists()))
        .map(|plan| format!("`{}`", plan.display()))
        .collect();
    let beside = Text::key("input.left.plans").arg("plans", plans.join(", "));
    Diagnostic {
        code: Code(811),
        severity: Severity::Warning,
        message: Text::key("input.left")
            .arg("path", lock.display().to_string())
            .arg("spec", spec.display().to_string()),
        labels: Vec::new(),
        values: Vec::new(),
        fixes: Vec::new(),
        notes: if plans.is_empty() {
            Vec::new()
        } else {
            vec![beside]
        },
        helps: vec![Text::key("input.left.help")],
    }
}

/// Why an argument gave no spec.
enum Unreadable {
    Io(io::Error),
    NotUtf8 { line: usize },
    TooLarge,
    NoSpecs,
}

impl Unreadable {
    fn finding(&self, name: &str) -> Diagnostic {
        let (code, message) = match self {
            Self::Io(error) => (
                Code(801),
                Text::key("input.unreadable").arg("reason", reason(error)),
            ),
            Self::NotUtf8 { line } => (
                Code(802),
                Text::key("input.not_utf8").arg("line", line.to_string()),
            ),
            Self::TooLarge => (
                Code(803),
                Text::key("input.too_large").arg("limit", (MAX_BYTES >> 20).to_string()),
            ),
            Self::NoSpecs => (Code(804), Text::key("input.no_specs")),
        };
        let name: String = name.chars().filter(|c| !c.is_control()).collect();
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.arg("path", name),
            labels: Vec::new(),
            values: Vec::new(),
            fixes: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
        }
    }
}

/// Largest table of measurements that is read, in bytes.
const MAX_TABLE: u64 = 64 << 20;

/// Reads a table of measurements.
pub(crate) fn table(path: &Path) -> Result<String, Failure> {
    let broken = |error: &io::Error| Failure::file("cli.cannot_read", path, error);
    let file = fs::File::open(path).map_err(|error| broken(&error))?;
    let mut bytes = Vec::new();
    file.take(MAX_TABLE + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| broken(&error))?;
    let named = |key| Text::key(key).arg("path", path.display().to_string());
    if bytes.len() as u64 > MAX_TABLE {
        return Err(Failure::Said(named("verify.too_large")));
    }
    String::from_utf8(bytes).map_err(|_| Failure::Said(named("verify.not_utf8")))
}

fn read_limited(reader: impl Read) -> Result<String, Unreadable> {
    let mut bytes = Vec::new();
    reader
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(Unreadable::Io)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Unreadable::TooLarge);
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let before = error.as_bytes().get(..good).unwrap_or_default();
        Unreadable::NotUtf8 {
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
        }
    })
}

/// The text of a spec.
fn read_spec(path: &Path) -> Result<String, Unreadable> {
    let file = fs::File::open(path).map_err(Unreadable::Io)?;
    read_limited(file)
}

/// The paths of the specs below a folder, at any depth.
pub(crate) fn below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let (mut paths, mut locks) = (Vec::new(), Vec::new());
    collect(folder, &mut paths, &mut locks)?;
    Ok(paths)
}

fn is_spec(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "edgeplan")
}

/// The specs below a folder with their texts; what cannot be read hides no other and is left out.
pub(crate) fn specs_below(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut folders = vec![folder.to_owned()];
    let mut specs = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        for entry in entries {
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
            } else if is_spec(&path)
                && let Ok(text) = read_spec(&path)
            {
                specs.push((path, text));
            }
        }
    }
    specs
}

/// Adds the specs and the locks below a folder. Links to folders are not followed, so the walk ends.
fn collect(folder: &Path, specs: &mut Vec<PathBuf>, locks: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            collect(&path, specs, locks)?;
            continue;
        }
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.ends_with(".edgeplan.lock") {
            locks.push(path);
        } else if is_spec(&path) {
            specs.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_byte_is_reported_with_its_line() {
        let Err(why) = read_limited(&b"edgeplan 1\n\xff"[..]) else {
            panic!("read");
        };
        assert!(matches!(why, Unreadable::NotUtf8 { line: 2 }));
    }

    #[test]
    fn reading_stops_at_the_limit() {
        let endless = io::repeat(b'#');
        assert!(matches!(read_limited(endless), Err(Unreadable::TooLarge)));
    }
}
