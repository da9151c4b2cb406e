//! The lock beside a spec: `NAME.edgeplan.lock`. Read before a build, written after it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::exit::{Failure, reason};
use super::inputs::Input;
use super::outputs::Output;
use crate::diagnostic::{Code, Diagnostic, Severity, Text};
use crate::plan::{Lock, NoLock};
use crate::solve::Locked;

/// Where the lock of a spec is; `None` for standard input.
pub(crate) fn path(input: &Input) -> Option<PathBuf> {
    input.path.as_deref().map(beside)
}

/// Where the lock of the spec at a path is.
pub(crate) fn beside(spec: &Path) -> PathBuf {
    let mut name = spec.to_owned().into_os_string();
    name.push(".lock");
    PathBuf::from(name)
}

/// A lock that is there and cannot be used.
#[derive(Debug)]
pub(crate) struct Unusable {
    /// Why, and what mends it.
    said: Text,
    /// It may be written anew when that is asked for.
    replaceable: bool,
}

impl From<Unusable> for Failure {
    fn from(unusable: Unusable) -> Self {
        Self::Said(unusable.said)
    }
}

/// The lock of a spec, where there is one.
///
/// # Errors
/// When it cannot be read, or is no lock.
pub(crate) fn read(input: &Input) -> Result<Option<Lock>, Unusable> {
    match &input.path {
        Some(spec) => of_spec(spec),
        None => Ok(None),
    }
}

/// What a spec's lock holds, for the solver; nothing where there is none.
///
/// # Errors
/// When it cannot be read, or is no lock.
pub(crate) fn locked(input: &Input) -> Result<Locked, Unusable> {
    Ok(held(read(input)?.as_ref()))
}

/// What a lock holds, for the solver; nothing where there is none.
pub(crate) fn held(lock: Option<&Lock>) -> Locked {
    lock.map(Lock::locked).unwrap_or_default()
}

/// The lock that is to be written anew: one that is broken is as good as none.
///
/// # Errors
/// When it cannot be read, or a later edgeplanc wrote it.
pub(crate) fn read_for_update(input: &Input) -> Result<Option<Lock>, Unusable> {
    match read(input) {
        Err(unusable) if unusable.replaceable => Ok(None),
        other => other,
    }
}

/// The lock of the spec at a path, where there is one.
///
/// # Errors
/// When it cannot be read, or is no lock.
pub(crate) fn of_spec(spec: &Path) -> Result<Option<Lock>, Unusable> {
    let path = beside(spec);
    let shown = path.display().to_string();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let said = Text::key("cli.cannot_read").arg("path", shown);
            return Err(Unusable {
                said: said.arg("reason", reason(&error)),
                replaceable: false,
            });
        }
    };
    parse(&text, &shown, &spec.display().to_string()).map(Some)
}

/// A lock by its text.
///
/// # Errors
/// When it is no lock.
pub(crate) fn parse(text: &str, path: &str, spec: &str) -> Result<Lock, Unusable> {
    Lock::parse(text).map_err(|why| Unusable {
        said: why.text(path, spec),
        replaceable: !matches!(why, NoLock::Later(_)),
    })
}

/// The lock as a file to be written; `None` for standard input.
///
/// # Errors
/// Never in practice.
pub(crate) fn output(input: &Input, lock: &Lock) -> Result<Option<Output>, Failure> {
    let Some(path) = path(input) else {
        return Ok(None);
    };
    let text = lock.text().map_err(|error| Failure::bug(&error))?;
    Ok(Some(Output { path, text }))
}

/// What moved between two locks, and what it rests on that is not as it was.
pub(crate) fn told(old: &Lock, new: &Lock) -> Vec<Text> {
    let mut told: Vec<Text> = old.moves(new).into_iter().map(|moved| moved.text).collect();
    let causes = old.causes(new);
    if causes.is_empty() && !told.is_empty() {
        told.push(Text::key("lock.because-spec"));
    }
    let together = causes.into_iter().reduce(|left, right| {
        Text::key("language.list.and-so-on")
            .arg("left", left)
            .arg("right", right)
    });
    told.extend(together.map(|causes| Text::key("lock.because").arg("causes", causes)));
    told
}

/// The finding under `--locked`: there is no lock, or it is another now.
pub(crate) fn differs(input: &Input, old: Option<&Lock>, new: &Lock) -> Option<Diagnostic> {
    let lock = path(input)?.display().to_string();
    let (message, notes) = match old {
        None => (Text::key("lock.missing").arg("path", lock), Vec::new()),
        Some(old) if old == new => return None,
        Some(old) => (
            Text::key("lock.differs").arg("path", input.name.as_str()),
            told(old, new),
        ),
    };
    let helps = old.map(|_| Text::key("lock.differs.help").arg("path", input.name.as_str()));
    Some(Diagnostic {
        code: Code(805),
        severity: Severity::Error,
        message,
        labels: Vec::new(),
        values: Vec::new(),
        fixes: Vec::new(),
        notes,
        helps: helps.into_iter().collect(),
    })
}
