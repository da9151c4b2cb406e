//! Files for editors to open: copies of built-in catalog and rule files, and plans.
//!
//! An editor can only show what is a file. A file of the user's own folders is shown where it is; a built-in one is
//! written, read-only, into the cache folder, under a name that its content decides, so that it is written once.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use gen_lsp_types::Uri;
use sha2::{Digest as _, Sha256};

use super::uri;

/// The address of a file that findings name; `None` when it cannot be written.
#[must_use]
pub(super) fn file(cache: &Path, name: &str, text: &str) -> Option<Uri> {
    let path = Path::new(name);
    if fs::read_to_string(path).is_ok_and(|on_disk| on_disk == text) {
        return Some(uri::of_path(&path.canonicalize().ok()?));
    }
    let digest = Sha256::digest(text.as_bytes());
    let key: String = digest
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let name = path.file_name()?;
    let target = cache.join("builtin").join(key).join(name);
    if !target.is_file() {
        write(&target, text, true).ok()?;
    }
    Some(uri::of_path(&target))
}

/// Writes a plan to be shown; the next one of the same document takes its place.
///
/// # Errors
/// When the folder cannot be written.
pub(super) fn plan(cache: &Path, document: &str, stem: &str, text: &str) -> io::Result<Uri> {
    let digest = Sha256::digest(document.as_bytes());
    let key: String = digest
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let target: PathBuf = cache
        .join("plans")
        .join(key)
        .join(format!("{stem}.plan.md"));
    write(&target, text, false)?;
    Ok(uri::of_path(&target))
}

fn write(target: &Path, text: &str, read_only: bool) -> io::Result<()> {
    let folder = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    if read_only {
        let mut permissions = file.as_file().metadata()?.permissions();
        permissions.set_readonly(true);
        file.as_file().set_permissions(permissions)?;
    }
    file.persist(target).map_err(|error| error.error)?;
    Ok(())
}
