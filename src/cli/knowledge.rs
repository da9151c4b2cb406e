//! The catalog and the rules of a run: the built-in ones, with the user's folders laid over them.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::console::Console;
use super::exit::Failure;
use crate::catalog::{self, Catalog};
use crate::rules::{self, RuleSet};

/// Options that add to what is built in.
#[derive(Debug, Args)]
pub(crate) struct Knowledge {
    /// Folder of catalog files (YAML) that add to the built-in catalog or override it
    #[arg(long, value_name = "DIR")]
    catalog: Option<PathBuf>,
    /// Folder of rule files (YAML) that add to the built-in rules or override them
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

/// What a run knows.
pub(crate) struct Loaded {
    /// The facts.
    pub(crate) catalog: Cow<'static, Catalog>,
    /// The judgements.
    pub(crate) rules: Cow<'static, RuleSet>,
}

impl Knowledge {
    /// Loads the folders; findings in them are shown, and the run ends.
    pub(crate) fn load(&self, console: &mut Console) -> Result<Loaded, Failure> {
        let catalog = match &self.catalog {
            None => Cow::Borrowed(catalog::builtin()),
            Some(folder) => {
                let files = yaml_files(folder)?;
                match catalog::overlay(catalog::builtin_files(), files) {
                    Ok(catalog) => Cow::Owned(catalog),
                    Err((sources, findings)) => {
                        console.findings(&[(findings, sources)])?;
                        return Err(Failure::Shown);
                    }
                }
            }
        };
        let rules = match &self.rules {
            None => Cow::Borrowed(rules::builtin()),
            Some(folder) => {
                let files = yaml_files(folder)?;
                match rules::overlay(rules::builtin_files(), files) {
                    Ok(rules) => Cow::Owned(rules),
                    Err((sources, findings)) => {
                        console.findings(&[(findings, sources)])?;
                        return Err(Failure::Shown);
                    }
                }
            }
        };
        Ok(Loaded { catalog, rules })
    }
}

/// The YAML files below a folder with their paths inside it, sorted.
fn yaml_files(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let mut paths = Vec::new();
    collect(folder, &mut paths)?;
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path)
            .map_err(|error| Failure::file("cli.cannot_read", &path, &error))?;
        files.push((path.display().to_string(), text));
    }
    Ok(files)
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failed = |error| Failure::file("cli.cannot_read", folder, &error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        if entry.file_type().map_err(failed)?.is_dir() {
            collect(&path, into)?;
        } else if path
            .extension()
            .is_some_and(|ending| ending == "yaml" || ending == "yml")
        {
            into.push(path);
        }
    }
    Ok(())
}
