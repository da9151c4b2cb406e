//! What governs the specs of a run: every configuration among them with its catalog and rules, each read once. Reads no specs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::config::Config;
use super::console::Console;
use super::exit::Failure;
use super::inputs::Input;
use super::knowledge::{Knowledge, Loaded};

/// What the specs of a run are compiled with, by the configuration in their folder or above it.
pub(crate) struct Governed {
    /// That of the first spec; of the current folder where there is no spec.
    first: Loaded,
    others: Vec<Loaded>,
    /// Which of `others` governs a folder that `first` does not.
    folders: BTreeMap<PathBuf, usize>,
}

impl Governed {
    /// What governs these specs. Messages are in the language of the first configuration that names one.
    pub(crate) fn load(
        with: &Knowledge,
        specs: &[Input],
        console: &mut Console,
    ) -> Result<Self, Failure> {
        let first = with.config_of(specs.first().map_or(Path::new(""), Input::folder));
        let mut paths: Vec<Option<PathBuf>> = Vec::new();
        let mut folders = BTreeMap::new();
        for spec in specs {
            let folder = spec.folder();
            if folders.contains_key(folder) {
                continue;
            }
            let path = with.config_of(folder);
            if path == first {
                continue;
            }
            let known = paths.iter().position(|known| *known == path);
            folders.insert(folder.to_owned(), known.unwrap_or(paths.len()));
            if known.is_none() {
                paths.push(path);
            }
        }
        let own = with.read(first.as_deref(), console)?;
        let mut configs = Vec::with_capacity(paths.len());
        for path in &paths {
            configs.push(with.read(path.as_deref(), console)?);
        }
        let lang = own.lang().or_else(|| configs.iter().find_map(Config::lang));
        console.prefer(lang);
        let first = with.assembled(own, console)?;
        let mut others = Vec::with_capacity(configs.len());
        for config in configs {
            others.push(with.assembled(config, console)?);
        }
        Ok(Self {
            first,
            others,
            folders,
        })
    }

    /// What governs a spec of the run.
    pub(crate) fn of(&self, spec: &Input) -> &Loaded {
        let other = self.folders.get(spec.folder());
        other
            .and_then(|&at| self.others.get(at))
            .unwrap_or(&self.first)
    }
    /// The specs, parted by what governs them; in their order, as far as that goes.
    pub(crate) fn parted(&self, specs: Vec<Input>) -> Vec<(&Loaded, Vec<Input>)> {
        let mut parts: Vec<(&Loaded, Vec<Input>)> = Vec::new();
        for spec in specs {
            let loaded = self.of(&spec);
            let mut known = parts.iter_mut();
            match known.find(|(known, _)| std::ptr::eq(*known, loaded)) {
                Some((_, specs)) => specs.push(spec),
                None => parts.push((loaded, vec![spec])),
            }
        }
        parts
    }
}
