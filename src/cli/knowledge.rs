//! The catalog and the rules of a run: the built-in ones, with the user's folders laid over them and the user's levels set.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::Args;

use super::config::{self, Config, Refused};
use super::console::Console;
use super::exit::Failure;
use super::inputs::Input;
use crate::catalog::{self, Catalog};
use crate::pipeline::Options;
use crate::rules::{self, RuleSet};
use crate::spec::{Overrides, Vocabulary};

/// Options that add to what is built in.
#[derive(Debug, Clone, Args)]
pub(crate) struct Knowledge {
    /// Folder of catalog files (YAML) that add to the built-in catalog or override it
    #[arg(long, value_name = "DIR")]
    catalog: Option<PathBuf>,
    /// Folder of rule files (YAML) that add to the built-in rules or override them
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Configuration file, instead of the edgeplan.toml in the spec's folder or above it
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,
    /// Use no configuration file
    #[arg(long)]
    no_config: bool,
}

/// What a run knows.
pub(crate) struct Loaded {
    /// The facts.
    pub(crate) catalog: Cow<'static, Catalog>,
    /// The judgements.
    pub(crate) rules: Cow<'static, RuleSet>,
    /// What the configuration file says beside them.
    pub(crate) config: Config,
    /// The names a spec may use, once somebody asked.
    vocabulary: OnceLock<Vocabulary>,
}

impl Loaded {
    /// These, under a configuration.
    pub(crate) const fn new(
        catalog: Cow<'static, Catalog>,
        rules: Cow<'static, RuleSet>,
        config: Config,
    ) -> Self {
        Self {
            catalog,
            rules,
            config,
            vocabulary: OnceLock::new(),
        }
    }

    /// What specs are compiled with, under these values of parameters.
    pub(crate) fn options(&self, overrides: Overrides) -> Options<'_> {
        let vocabulary = self.vocabulary.get_or_init(|| self.catalog.vocabulary());
        Options {
            catalog: &self.catalog,
            rules: &self.rules,
            vocabulary: Cow::Borrowed(vocabulary),
            overrides,
        }
    }
}

impl Knowledge {
    /// The folders that are named.
    pub(crate) fn folders(&self) -> impl Iterator<Item = &PathBuf> {
        self.catalog.iter().chain(&self.rules)
    }

    /// The same with a folder of catalog files where the options name none.
    pub(crate) fn or_catalog(mut self, folder: Option<PathBuf>) -> Self {
        self.catalog = self.catalog.or(folder);
        self
    }

    /// Loads the folders, under the configuration of the current folder; findings in them are shown, and the run ends.
    pub(crate) fn load(&self, console: &mut Console) -> Result<Loaded, Failure> {
        self.load_at(Path::new(""), console)
    }

    /// The same, under the configuration of a spec.
    pub(crate) fn load_for(&self, spec: &Input, console: &mut Console) -> Result<Loaded, Failure> {
        self.load_at(spec.folder(), console)
    }

    fn load_at(&self, folder: &Path, console: &mut Console) -> Result<Loaded, Failure> {
        let config = self.read(self.config_of(folder).as_deref(), console)?;
        console.prefer(config.lang());
        self.assembled(config, console)
    }

    /// What the options and a configuration ask for; findings are shown, and the run ends.
    pub(super) fn assembled(
        &self,
        config: Config,
        console: &mut Console,
    ) -> Result<Loaded, Failure> {
        self.assemble(config)
            .or_else(|refused| refuse(refused, console))
    }

    /// The configuration file that governs a folder, where there is one.
    pub(crate) fn config_of(&self, folder: &Path) -> Option<PathBuf> {
        match &self.config {
            Some(path) => Some(path.clone()),
            None if self.no_config => None,
            None => config::above(folder),
        }
    }

    /// The catalog and the rules that the options and a configuration ask for.
    pub(crate) fn assemble(&self, config: Config) -> Result<Loaded, Refused> {
        let failed = Refused::Failed;
        let catalog = match or_configured(self.catalog.as_ref(), &config, "catalog")? {
            None => Cow::Borrowed(catalog::builtin()),
            Some(folder) => {
                let files = yaml_files(&folder).map_err(failed)?;
                match catalog::overlay(catalog::builtin_files(), files) {
                    Ok(catalog) => Cow::Owned(catalog),
                    Err((sources, findings)) => return Err(Refused::Findings(findings, sources)),
                }
            }
        };
        let mut rules = self.rules_of(&config)?;
        if config.has_levels() {
            config.set_levels(rules.to_mut())?;
        }
        Ok(Loaded::new(catalog, rules, config))
    }

    /// The rules that the options and a configuration ask for, at their own levels.
    fn rules_of(&self, config: &Config) -> Result<Cow<'static, RuleSet>, Refused> {
        let Some(folder) = or_configured(self.rules.as_ref(), config, "rules")? else {
            return Ok(Cow::Borrowed(rules::builtin()));
        };
        let files = yaml_files(&folder).map_err(Refused::Failed)?;
        let rules = rules::overlay(rules::builtin_files(), files);
        rules
            .map(Cow::Owned)
            .map_err(|(sources, findings)| Refused::Findings(findings, sources))
    }

    /// The configuration in a file; an empty one where there is no file.
    pub(crate) fn config(&self, path: Option<&Path>) -> Result<Config, Refused> {
        let Some(path) = path else {
            return Ok(Config::default());
        };
        // What is wrong with the rules is told once the configuration is right.
        Config::read(path, |config| {
            self.rules_of(config).ok().map(Cow::into_owned)
        })
    }

    /// The same; findings in it are shown, and the run ends.
    pub(super) fn read(
        &self,
        path: Option<&Path>,
        console: &mut Console,
    ) -> Result<Config, Failure> {
        self.config(path)
            .or_else(|refused| refuse(refused, console))
    }
}

/// The folder that was given, else the one that a key of the configuration names.
fn or_configured(
    given: Option<&PathBuf>,
    config: &Config,
    key: &str,
) -> Result<Option<PathBuf>, Refused> {
    given.map_or_else(|| config.folder(key), |folder| Ok(Some(folder.clone())))
}

/// Shows what ends the run.
fn refuse<T>(refused: Refused, console: &mut Console) -> Result<T, Failure> {
    match refused {
        Refused::Findings(findings, sources) => {
            console.findings(&[(findings, sources)])?;
            Err(Failure::Shown)
        }
        Refused::Failed(failure) => Err(failure),
    }
}

/// The YAML files below a folder with their paths inside it, sorted.
fn yaml_files(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let mut files = Vec::new();
    for path in yaml_paths(folder)? {
        let text = fs::read_to_string(&path)
            .map_err(|error| Failure::file("cli.cannot_read", &path, &error))?;
        files.push((path.display().to_string(), text));
    }
    Ok(files)
}

/// The paths of the YAML files below a folder, sorted.
pub(crate) fn yaml_paths(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = Vec::new();
    collect(folder, &mut paths)?;
    paths.sort();
    Ok(paths)
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
