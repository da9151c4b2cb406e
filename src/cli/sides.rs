//! What `diff` compares: a plan or a spec, or every spec of a folder, as it is or as it was in a revision. Compiles nothing.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::exit::Failure;
use super::git;
use super::inputs::{self, Input};
use super::lock;
use super::paths::parted;
use crate::diagnostic::Text;
use crate::plan::Lock;
use crate::solve::Locked;

/// Largest plan that is read, in bytes.
const MAX_BYTES: usize = 16 << 20;

/// What is compared.
pub(crate) struct Side {
    /// A plan or a spec.
    pub(crate) input: Input,
    /// What the lock beside it held.
    pub(crate) locked: Locked,
}

impl Side {
    /// Whether it is a plan, not a spec.
    pub(crate) fn is_plan(&self) -> bool {
        let path = self.input.path.as_deref();
        path.and_then(Path::extension)
            .is_some_and(|ending| ending == "json")
    }
}

/// What stands before and after. A spec of a folder may be in one of them only.
pub(crate) struct Pair {
    /// Of a folder, the spec's path below it.
    pub(crate) below: Option<String>,
    /// How each side is named, whether it is there or not.
    pub(crate) names: [String; 2],
    /// Before and after.
    pub(crate) sides: [Option<Side>; 2],
}

/// What two arguments name: two files, or the specs of two folders, by path.
///
/// # Errors
/// When one is a folder and the other is not, a folder has no spec, or a file cannot be read.
pub(crate) fn pairs(old: &str, new: &str) -> Result<Vec<Pair>, Failure> {
    let places = [Place::of(old, new), Place::of(new, old)];
    let [before, after] = &places;
    match (before.specs()?, after.specs()?) {
        (None, None) => Ok(vec![Pair {
            below: None,
            sides: [Some(before.read()?), Some(after.read()?)],
            names: [old.to_owned(), new.to_owned()],
        }]),
        (Some(one), Some(other)) => {
            let all: BTreeSet<&String> = one.iter().chain(&other).collect();
            if all.is_empty() {
                let text = Text::key("cli.diff.no_specs");
                return Err(Failure::Said(text.arg("old", old).arg("new", new)));
            }
            let pair = |below: &String| {
                let here = [before.join(below), after.join(below)];
                let read = |place: &Place, specs: &BTreeSet<String>| {
                    specs.contains(below).then(|| place.read()).transpose()
                };
                Ok(Pair {
                    below: Some(below.clone()),
                    sides: [read(&here[0], &one)?, read(&here[1], &other)?],
                    names: here.map(|place| place.name()),
                })
            };
            all.into_iter().map(pair).collect()
        }
        (folder, _) => {
            // What is not there at all is said so.
            match folder {
                Some(_) => after.read()?,
                None => before.read()?,
            };
            let (folder, file) = match folder {
                Some(_) => (old, new),
                None => (new, old),
            };
            let text = Text::key("cli.diff.mixed");
            Err(Failure::Said(text.arg("folder", folder).arg("file", file)))
        }
    }
}

/// Where a file or a folder is.
enum Place {
    /// On the disk.
    Now(PathBuf),
    /// In a revision.
    Then { revision: String, path: String },
}

impl Place {
    /// What is on the disk under this name, else what is in a revision, else the other side in a revision of this name.
    fn of(side: &str, other: &str) -> Self {
        let path = PathBuf::from(side);
        if path.exists() {
            return Self::Now(path);
        }
        match side.split_once(':') {
            Some((revision, file)) if !revision.is_empty() => Self::Then {
                revision: revision.to_owned(),
                path: file.to_owned(),
            },
            None if Path::new(other).exists() && git::is_revision(side) => Self::Then {
                revision: side.to_owned(),
                path: other.to_owned(),
            },
            _ => Self::Now(path),
        }
    }

    /// As a user writes it.
    fn name(&self) -> String {
        match self {
            Self::Now(path) => path.display().to_string(),
            Self::Then { revision, path } => format!("{revision}:{path}"),
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Now(path) => path,
            Self::Then { path, .. } => Path::new(path),
        }
    }

    /// What is below a folder.
    fn join(&self, below: &str) -> Self {
        match self {
            Self::Now(folder) => Self::Now(folder.join(below)),
            Self::Then { revision, path } => Self::Then {
                revision: revision.clone(),
                path: match path.trim_end_matches('/') {
                    "" => below.to_owned(),
                    folder => format!("{folder}/{below}"),
                },
            },
        }
    }

    /// The paths of the specs below a folder, parted by `/`; nothing where it is none.
    fn specs(&self) -> Result<Option<BTreeSet<String>>, Failure> {
        let paths = match self {
            Self::Now(folder) if folder.is_dir() => {
                let specs = inputs::below(folder);
                let specs = specs.map_err(|e| Failure::file("cli.cannot_read", folder, &e))?;
                let below = |path: &PathBuf| parted(path.strip_prefix(folder).unwrap_or(path));
                specs.iter().map(below).collect()
            }
            Self::Now(_) => return Ok(None),
            Self::Then { revision, path } => match git::files(revision, path) {
                Some(files) => files,
                None => return Ok(None),
            },
        };
        let specs = paths.into_iter();
        Ok(Some(
            specs.filter(|path| path.ends_with(".edgeplan")).collect(),
        ))
    }

    fn read(&self) -> Result<Side, Failure> {
        let name = self.name();
        let ending = self.path().extension();
        if ending.is_some_and(|ending| ending == "md" || ending == "html") {
            return Err(Failure::Said(
                Text::key("cli.diff.for_people").arg("side", name),
            ));
        }
        if ending.is_some_and(|ending| ending == "lock") {
            return Err(Failure::Said(Text::key("cli.diff.lock").arg("side", name)));
        }
        let (bytes, locked) = match self {
            Self::Then { revision, path } => {
                let bytes = git::file(&name, revision, path)?;
                (bytes, locked_then(revision, path)?)
            }
            Self::Now(path) => {
                let bytes = fs::read(path);
                let bytes = bytes.map_err(|error| match error.kind() {
                    io::ErrorKind::NotFound => {
                        Failure::Said(Text::key("cli.diff.gone").arg("side", name.as_str()))
                    }
                    _ => Failure::file("cli.cannot_read", path, &error),
                })?;
                (bytes, lock::of_spec(path)?)
            }
        };
        let refused = |why: Text| {
            let text = Text::key("cli.cannot_read").arg("path", name.as_str());
            Failure::Said(text.arg("reason", why))
        };
        if bytes.len() > MAX_BYTES {
            let limit = (MAX_BYTES >> 20).to_string();
            let why = Text::key("cli.reason.too_large").arg("limit", limit);
            return Err(refused(why));
        }
        let text = String::from_utf8(bytes);
        let text = text.map_err(|_| refused(Text::key("cli.reason.not_utf8")))?;
        Ok(Side {
            input: Input {
                path: Some(self.path().to_owned()),
                name,
                text,
            },
            locked: lock::held(locked.as_ref()),
        })
    }
}

/// The lock that stood beside a spec in a revision, where one did.
fn locked_then(revision: &str, spec: &str) -> Result<Option<Lock>, Failure> {
    let file = lock::beside(Path::new(spec)).display().to_string();
    let side = format!("{revision}:{file}");
    // Most revisions have none, and git has no other word for that than for a broken repository.
    let Ok(bytes) = git::file(&side, revision, &file) else {
        return Ok(None);
    };
    let text = String::from_utf8_lossy(&bytes);
    Ok(Some(lock::parse(&text, &side, spec)?))
}
