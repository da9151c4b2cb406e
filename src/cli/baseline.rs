//! Known findings: written once when edgeplan comes into a repository, and not reported again until what they stand on changes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::console::Batch;
use super::exit::Failure;
use super::inputs::Input;
use super::outputs::{self, Output};
use super::paths;
use crate::diagnostic::fingerprint::{Fingerprints, subject};
use crate::diagnostic::{Code, Diagnostic, Sources, Span, Text};

/// The format of the file.
const VERSION: u32 = 1;

/// The first lines of every baseline.
const HEAD: &str = "# Written by edgeplanc: findings of these specs that are known and do not fail\n\
                    # `edgeplanc check --baseline`. `--write-baseline` writes it anew.\n";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents {
    version: u32,
    findings: Vec<Entry>,
}

/// A known finding. Only the fingerprint is compared; the rest is for readers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The spec, from the folder of the baseline.
    file: String,
    code: String,
    /// The line the finding stands on.
    on: String,
    fingerprint: String,
}

/// A baseline in use.
pub(crate) struct Baseline {
    path: PathBuf,
    text: String,
    known: Vec<Entry>,
    /// Fingerprints that were met in this run.
    met: BTreeSet<String>,
    /// Specs that were looked at.
    looked_at: BTreeSet<String>,
    /// Everything that was found, for writing.
    found: Vec<Entry>,
    /// How many findings were taken out.
    pub(crate) hidden: usize,
}

impl Baseline {
    /// One without known findings, to be written to `path`.
    pub(crate) fn empty(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            text: String::new(),
            known: Vec::new(),
            met: BTreeSet::new(),
            looked_at: BTreeSet::new(),
            found: Vec::new(),
            hidden: 0,
        }
    }

    /// Reads the file at `path`.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let text = fs::read_to_string(path)
            .map_err(|error| Failure::file("cli.cannot_read", path, &error))?;
        let refused = |reason: Text| {
            Failure::Said(
                Text::key("baseline.unreadable")
                    .arg("path", path.display().to_string())
                    .arg("reason", reason),
            )
        };
        let contents: Contents =
            serde_yaml::from_str(&text).map_err(|error| refused(Text::plain(error.to_string())))?;
        if contents.version != VERSION {
            let version = contents.version.to_string();
            return Err(refused(
                Text::key("baseline.version").arg("version", version),
            ));
        }
        Ok(Self {
            known: contents.findings,
            text,
            ..Self::empty(path)
        })
    }

    /// Takes the known findings out of those of one spec.
    pub(crate) fn sift(
        &mut self,
        input: &Input,
        findings: &mut Vec<Diagnostic>,
        sources: &Sources,
    ) {
        let file = self.name(input);
        let mut fingerprints = Fingerprints::new();
        findings.retain(|finding| {
            let fingerprint = fingerprints.of(finding, &file, sources);
            let known = self.known.iter().any(|one| one.fingerprint == fingerprint);
            self.hidden += usize::from(known);
            self.met.insert(fingerprint.clone());
            self.found.push(Entry {
                file: file.clone(),
                code: finding.code.to_string(),
                on: subject(finding, sources),
                fingerprint,
            });
            !known
        });
        self.looked_at.insert(file);
    }

    /// Entries of which nothing is left: their specs were looked at, or are gone, and the finding is not there.
    pub(crate) fn stale(&self) -> Option<Batch> {
        let mut sources = Sources::new();
        let file = sources.add(self.path.display().to_string(), self.text.clone());
        let folder = folder(&self.path);
        let gone = |entry: &&Entry| {
            !self.met.contains(&entry.fingerprint)
                && (self.looked_at.contains(&entry.file) || !folder.join(&entry.file).exists())
        };
        let stale: Vec<Diagnostic> = (self.known.iter().filter(gone))
            .map(|entry| {
                let start = self.text.find(&entry.fingerprint).unwrap_or_default();
                let span = Span::new(file, start, start + entry.fingerprint.len());
                let message = Text::key("baseline.stale")
                    .arg("code", entry.code.as_str())
                    .arg("file", entry.file.as_str());
                Diagnostic::warning(Code(810), span, message).help(Text::key("baseline.stale.help"))
            })
            .collect();
        (!stale.is_empty()).then_some((stale, sources))
    }

    /// Writes all that was found as known; says how many findings that are.
    pub(crate) fn write(&self) -> Result<usize, Failure> {
        let mut findings = self.found.clone();
        findings.sort();
        let count = findings.len();
        let contents = Contents {
            version: VERSION,
            findings,
        };
        let body = serde_yaml::to_string(&contents).map_err(|error| Failure::bug(&error))?;
        let output = Output {
            path: self.path.clone(),
            text: format!("{HEAD}{body}"),
        };
        outputs::write_all(std::slice::from_ref(&output), false)?;
        Ok(count)
    }

    /// What the baseline calls a spec: its path from the baseline's folder, so that it means the same wherever it is run from.
    fn name(&self, input: &Input) -> String {
        let Some(path) = &input.path else {
            return input.name.clone();
        };
        let full = paths::full(path);
        paths::parted(full.strip_prefix(folder(&self.path)).unwrap_or(&full))
    }
}

/// The folder a file is in, as an absolute path.
fn folder(path: &Path) -> PathBuf {
    paths::full(path)
        .parent()
        .unwrap_or_else(|| Path::new(""))
        .to_owned()
}
