//! Model files from the command line: one GGUF file or all parts of a split one. Reads headers, never weights.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use super::console::Console;
use super::exit::{Failure, reason};
use crate::diagnostic::{Sources, Text};
use crate::gguf::{self, Fault, Header, PartName, Wrong};

/// The header of the model at `path`, of all its parts where it is split.
///
/// What is wrong with a file is shown on `console` as a finding.
pub(crate) fn header(path: &Path, console: &mut Console) -> Result<Header, Failure> {
    let header = joined(path, console)?;
    match header.nothing_inside() {
        Some(fault) => Err(refuse(console, path, &fault)),
        None => Ok(header),
    }
}

/// A part may hold no tensors, the whole may not.
fn joined(path: &Path, console: &mut Console) -> Result<Header, Failure> {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let Some(part) = PartName::parse(&name).filter(|part| part.count > 1) else {
        return one(path, console);
    };
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    let mut parts = Vec::new();
    for sibling in part.all() {
        let sibling_path = folder.join(&sibling);
        if !sibling_path.exists() {
            let fault = Fault::new(0, Wrong::Missing(sibling));
            return Err(refuse(console, path, &fault));
        }
        let header = one(&sibling_path, console)?;
        parts.push((sibling, header));
    }
    gguf::join(parts).map_err(|(file, fault)| {
        let at = if file.is_empty() {
            path.to_owned()
        } else {
            folder.join(file)
        };
        refuse(console, &at, &fault)
    })
}

fn one(path: &Path, console: &mut Console) -> Result<Header, Failure> {
    let file = File::open(path).map_err(|error| Failure::file("cli.cannot_read", path, &error))?;
    let directory = file.metadata().is_ok_and(|data| data.is_dir());
    if directory {
        return Err(Failure::Said(
            Text::key("cli.cannot_read")
                .arg("path", path.display().to_string())
                .arg("reason", Text::key("cli.reason.directory")),
        ));
    }
    gguf::read(BufReader::new(file)).map_err(|fault| refuse(console, path, &fault))
}

fn refuse(console: &mut Console, path: &Path, fault: &Fault) -> Failure {
    let finding = fault.finding(&path.display().to_string());
    match console.findings(&[(vec![finding], Sources::new())]) {
        Ok(()) => Failure::Shown,
        Err(error) => Failure::Said(Text::key("cli.output_failed").arg("reason", reason(&error))),
    }
}
