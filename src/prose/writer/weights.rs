//! The model files that are known to write well enough, pinned by SHA-256, and where a user's machine keeps them.
//!
//! The table is `slm/weights.json`; `scripts/weights` reads the same one. Nothing is fetched here.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

const TABLE: &str = include_str!("../../../slm/weights.json");

/// A model file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Weights {
    /// Key for scripts.
    pub id: String,
    /// `writer`, `light` or `fixture`.
    #[serde(rename = "use")]
    pub role: String,
    /// As people write it.
    pub name: String,
    /// File name in the cache.
    pub file: String,
    /// Size in bytes, exact.
    pub bytes: u64,
    /// SHA-256 in hex.
    pub sha256: String,
    /// Licence of the weights.
    pub license: String,
    /// The official address, where there is one.
    pub url: Option<String>,
}

/// All of them, the preferred writer first; empty only when the table is unreadable, which a test refuses.
#[must_use]
pub fn table() -> Vec<Weights> {
    serde_json::from_str(TABLE).unwrap_or_default()
}

impl Weights {
    /// Whether the file of that name and size is in a folder. The digest is looked at when it is loaded.
    #[must_use]
    pub fn in_folder(&self, folder: &Path) -> Option<PathBuf> {
        let path = folder.join(&self.file);
        let size = std::fs::metadata(&path).ok()?.len();
        (size == self.bytes).then_some(path)
    }
}

/// The SHA-256 of a file, in hex.
///
/// # Errors
/// When the file cannot be read.
pub fn digest(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
    }
    let hex = hash.finalize();
    Ok(hex.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The user's cache of model files: `EDGEPLAN_CACHE`, or a folder of the system's own place for caches.
#[must_use]
pub fn cache(variable: &dyn Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let set = |name: &str| {
        variable(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if let Some(folder) = set("EDGEPLAN_CACHE") {
        return Some(folder);
    }
    let folder = if cfg!(target_os = "macos") {
        set("HOME")?.join("Library/Caches")
    } else if cfg!(windows) {
        set("LOCALAPPDATA")?
    } else {
        set("XDG_CACHE_HOME").or_else(|| Some(set("HOME")?.join(".cache")))?
    };
    Some(folder.join("edgeplan"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_readable_and_pinned() {
        let table = table();
        assert!(table.iter().any(|weights| weights.role == "writer"));
        for weights in table {
            let hex = weights.sha256.bytes().all(|b| b.is_ascii_hexdigit());
            assert!(weights.sha256.len() == 64 && hex, "{}", weights.id);
        }
    }

    #[test]
    fn the_cache_can_be_moved() {
        let moved = |name: &str| (name == "EDGEPLAN_CACHE").then(|| "/x".to_owned());
        assert_eq!(cache(&moved), Some(PathBuf::from("/x")));
        assert_eq!(cache(&|_| None), None);
    }
}
