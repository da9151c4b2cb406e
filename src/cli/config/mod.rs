//! `edgeplan.toml`: what every run in a repository should know. Found upwards from the spec, read, and handed to the commands; it
//! decides nothing about plans.

mod keys;
mod parse;

pub use keys::{reference, schema};

use std::env;
use std::fs;
use std::path::{Path, PathBuf, absolute};

use super::exit::Failure;
use crate::diagnostic::{Applicability, Code, Diagnostic, Locale, Sources, Text};
use crate::rules::{RuleSet, SetLevel, Unsettable};
use crate::syntax::nearest::nearest;
use parse::Settings;

/// The name of the file.
pub(crate) const NAME: &str = "edgeplan.toml";

/// A configuration that was read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Config {
    /// The folder relative paths start at.
    folder: PathBuf,
    settings: Settings,
    sources: Sources,
}

/// Why there is no configuration.
pub(crate) enum Refused {
    /// Something in it is wrong.
    Findings(Vec<Diagnostic>, Sources),
    /// It cannot be read.
    Failed(Failure),
}

impl Config {
    /// The configuration in a file. `rules` gives those that its levels are of, where they can be had: of a broken one the
    /// levels are looked at too, so that all that is wrong is told at once.
    pub(crate) fn read(
        path: &Path,
        rules: impl FnOnce(&Self) -> Option<RuleSet>,
    ) -> Result<Self, Refused> {
        let text = fs::read_to_string(path)
            .map_err(|error| Refused::Failed(Failure::file("cli.cannot_read", path, &error)))?;
        let mut sources = Sources::new();
        let file = sources.add(path.display().to_string(), text.clone());
        let (settings, mut findings) = parse::parse(&text, file);
        let config = Self {
            folder: path.parent().unwrap_or_else(|| Path::new("")).to_owned(),
            settings,
            sources,
        };
        if findings.is_empty() {
            return Ok(config);
        }
        // Where the folder of rules is not understood, nobody knows which rules there are.
        if config.has_levels()
            && !config.settings.is_unclear("rules")
            && let Some(mut rules) = rules(&config)
            && let Err(Refused::Findings(levels, _)) = config.set_levels(&mut rules)
        {
            findings.extend(levels);
            findings.sort_by_key(|finding| finding.span().map(|span| span.start));
        }
        Err(Refused::Findings(findings, config.sources))
    }

    /// The language of messages.
    pub(crate) fn lang(&self) -> Option<Locale> {
        Locale::parse(self.settings.value("lang")?)
    }

    /// The folder of catalog files.
    pub(crate) fn catalog(&self) -> Option<PathBuf> {
        self.path("catalog")
    }

    /// The folder of rule files.
    pub(crate) fn rules(&self) -> Option<PathBuf> {
        self.path("rules")
    }

    /// Where the plans of the specs in a folder go: the folder of plans holds the folders that stand below the
    /// configuration, so that two specs of one name do not meet.
    pub(crate) fn out(&self, specs: &Path) -> Option<PathBuf> {
        let out = self.path("out")?;
        let full = |folder: &Path| match folder.as_os_str().is_empty() {
            true => Path::new(".").canonicalize(),
            false => folder.canonicalize(),
        };
        let below = full(specs).ok().zip(full(&self.folder).ok());
        let below = below.and_then(|(specs, own)| Some(specs.strip_prefix(own).ok()?.to_owned()));
        Some(below.map_or_else(|| out.clone(), |below| out.join(below)))
    }

    /// Who writes guides.
    pub(crate) fn writer(&self) -> Option<&str> {
        self.settings.value("prose.writer")
    }

    /// The model file that writes.
    pub(crate) fn slm(&self) -> Option<PathBuf> {
        self.path("prose.slm")
    }

    /// The folder a key names; a finding where there is none.
    pub(crate) fn folder(&self, key: &str) -> Result<Option<PathBuf>, Refused> {
        let (Some(folder), Some(place)) = (self.path(key), self.settings.place(key)) else {
            return Ok(None);
        };
        if folder.is_dir() {
            return Ok(Some(folder));
        }
        let message = Text::key("config.no_folder")
            .arg("key", key)
            .arg("path", folder.display().to_string());
        let finding = Diagnostic::error(Code(808), place, message);
        Err(Refused::Findings(vec![finding], self.sources.clone()))
    }

    fn path(&self, key: &str) -> Option<PathBuf> {
        Some(self.folder.join(self.settings.value(key)?))
    }

    /// Whether it says anything of levels.
    pub(crate) fn has_levels(&self) -> bool {
        !self.settings.levels.is_empty()
    }

    /// Gives rules the levels of the file; findings where there is no such rule, or where the rule does not allow it.
    pub(crate) fn set_levels(&self, rules: &mut RuleSet) -> Result<(), Refused> {
        let mut findings = Vec::new();
        for line in &self.settings.levels {
            let Some(level) = SetLevel::parse(&line.level) else {
                continue;
            };
            match rules.set_level(&line.id, level) {
                Ok(()) => {}
                Err(Unsettable::Unknown) => {
                    let message = Text::key("config.unknown_rule").arg("rule", line.id.as_str());
                    let finding = Diagnostic::error(Code(807), line.id_span, message);
                    let known = rules.rules.iter().map(|rule| rule.id.as_str());
                    findings.push(match nearest(&line.id, known) {
                        Some(near) => finding.fix(
                            Applicability::Suggested,
                            Text::key("yaml.unknown_word.fix").arg("nearest", near),
                            line.id_span,
                            near,
                        ),
                        None => finding,
                    });
                }
                Err(Unsettable::Limit(standing)) => {
                    let message = Text::key("config.fixed_level")
                        .arg("rule", line.id.as_str())
                        .arg("level", line.level.as_str())
                        .arg("standing", standing.id());
                    let finding = Diagnostic::error(Code(809), line.level_span, message);
                    findings.push(finding.help(Text::key("config.fixed_level.help")));
                }
            }
        }
        if findings.is_empty() {
            Ok(())
        } else {
            Err(Refused::Findings(findings, self.sources.clone()))
        }
    }
}

/// The nearest configuration file in a folder or above it, as short as it can be named from the current folder.
pub(crate) fn above(folder: &Path) -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    let folder = match folder.as_os_str().is_empty() {
        true => here.clone(),
        false => absolute(folder).ok()?,
    };
    let found = folder
        .ancestors()
        .map(|folder| folder.join(NAME))
        .find(|path| path.is_file())?;
    Some(
        found
            .strip_prefix(&here)
            .map(Path::to_owned)
            .unwrap_or(found),
    )
}
