//! Paths as they are compared: the folder of a file, and a file under one name. Reads nothing of what is in files.

use std::path::{Path, PathBuf, absolute};

/// The folder a file is in, as written; the current one where none is.
pub(crate) fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A file, which may be gone, under a name that is the same however it is spelled. A link is another file than what it leads
/// to.
pub(crate) fn full(path: &Path) -> PathBuf {
    let named = path.file_name().and_then(|name| {
        let folder = folder(path).canonicalize().ok()?;
        Some(folder.join(name))
    });
    let or_as_written = || path.canonicalize().or_else(|_| absolute(path));
    named.unwrap_or_else(|| or_as_written().unwrap_or_else(|_| path.to_owned()))
}

/// A file that is there by its path from a folder, parted by `/`; `None` where it is not below it.
pub(crate) fn below(path: &Path, root: &Path) -> Option<String> {
    if !path.exists() {
        return None;
    }
    let own = full(path);
    Some(parted(own.strip_prefix(root.canonicalize().ok()?).ok()?))
}

/// A path with its parts parted by `/`, whatever the system parts them by.
pub(crate) fn parted(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
