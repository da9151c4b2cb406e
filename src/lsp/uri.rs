//! Between paths and `file:` addresses.

use std::path::{Path, PathBuf};

use gen_lsp_types::Uri;

/// The address of a file.
#[must_use]
pub(super) fn of_path(path: &Path) -> Uri {
    let text = path.to_string_lossy().replace('\\', "/");
    let mut uri = String::from(if text.starts_with('/') {
        "file://"
    } else {
        "file:///"
    });
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    Uri(uri)
}

/// The file behind an address; `None` for other schemes.
#[must_use]
pub(super) fn to_path(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let decoded = decode(rest);
    let bytes = decoded.as_bytes();
    // `/C:/x` is a path with a drive.
    let drive = bytes.len() > 2 && bytes[0] == b'/' && bytes[2] == b':';
    Some(PathBuf::from(if drive { &decoded[1..] } else { &decoded }))
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = (byte == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match hex {
            Some(value) => {
                bytes.push(value);
                rest = &after[2..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// How findings call the document: its path, or the address where it has none.
#[must_use]
pub(super) fn name(uri: &str) -> String {
    to_path(uri).map_or_else(|| uri.to_owned(), |path| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_come_back() {
        for path in ["/a b/日记.edgeplan", "/x/%41#?.edgeplan"] {
            let uri = of_path(Path::new(path));
            assert!(uri.0.is_ascii(), "{}", uri.0);
            assert_eq!(to_path(&uri.0), Some(PathBuf::from(path)));
        }
        assert_eq!(to_path("untitled:1"), None);
        assert_eq!(to_path("file:///c%3A/x"), Some(PathBuf::from("c:/x")));
    }
}
