//! What governs the documents of an editor: for each the configuration of its folder or above it, as for a build, with the
//! catalog and the rules that names. Read again when one of the files is another.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::config::{Config, Refused};
use super::console::Console;
use super::exit::Failure;
use super::knowledge::{Loaded, yaml_paths};
use super::lock;
use super::run::With;
use crate::catalog;
use crate::diagnostic::Text;
use crate::lsp::{Governed, Ground, Knowledge, Trouble};
use crate::rules;

/// By the configuration file that was found, where one was.
pub(crate) struct Folders {
    with: With,
    kept: BTreeMap<Option<PathBuf>, Kept>,
}

/// What was read for one configuration.
struct Kept {
    stamp: Stamp,
    /// The folders of catalog and rule files it names.
    folders: Vec<PathBuf>,
    knowledge: Arc<Knowledge>,
    trouble: Option<Arc<Trouble>>,
}

/// Which files there were, how long and how old.
type Stamp = Vec<(PathBuf, Option<(u64, SystemTime)>)>;

impl Folders {
    /// Under these options. What stands in a configuration is told in the editor; a folder named on the command line must
    /// be right.
    pub(crate) fn new(with: With, console: &mut Console) -> Result<Self, Failure> {
        let mut new = Self {
            with,
            kept: BTreeMap::new(),
        };
        if new.with.knowledge_folders().next().is_some() {
            let loaded = new.with.load(console)?;
            let path = new.with.config_of(Path::new(""));
            let folders = new.folders(Some(&loaded.config));
            let kept = Kept {
                stamp: stamp(path.as_deref(), &folders),
                folders,
                knowledge: Arc::new(new.knowledge(loaded)),
                trouble: None,
            };
            new.kept.insert(path, kept);
        }
        Ok(new)
    }

    /// The folders of catalog and rule files that the options and a configuration name.
    fn folders(&self, config: Option<&Config>) -> Vec<PathBuf> {
        let named = self.with.knowledge_folders().cloned();
        let own = config.into_iter().flat_map(|config| {
            let own = [config.catalog(), config.rules()];
            own.into_iter().flatten()
        });
        named.chain(own).collect()
    }

    /// Reads what a configuration asks for; where it cannot be had, what was had before stands, and the reason with it.
    fn read(&self, path: Option<&Path>, before: Option<&Kept>) -> Kept {
        let mut folders = self.folders(None);
        let loaded = self.with.config(path).and_then(|config| {
            folders = self.folders(Some(&config));
            self.with.assemble(config)
        });
        let stamp = stamp(path, &folders);
        let (knowledge, trouble) = match loaded {
            Ok(loaded) => (Arc::new(self.knowledge(loaded)), None),
            Err(refused) => {
                let knowledge = before.map_or_else(
                    || Arc::new(self.knowledge(builtin())),
                    |before| Arc::clone(&before.knowledge),
                );
                (knowledge, Some(Arc::new(trouble(refused))))
            }
        };
        Kept {
            stamp,
            folders,
            knowledge,
            trouble,
        }
    }

    fn knowledge(&self, loaded: Loaded) -> Knowledge {
        let locale = loaded.config.lang();
        Knowledge::new(loaded.catalog, loaded.rules, self.with.overrides(), locale)
    }
}

impl Ground for Folders {
    fn govern(&mut self, document: Option<&Path>) -> Governed {
        let folder = document.and_then(Path::parent).unwrap_or(Path::new(""));
        let path = self.with.config_of(folder);
        let before = self.kept.get(&path);
        let same = before.is_some_and(|kept| stamp(path.as_deref(), &kept.folders) == kept.stamp);
        if !same {
            let kept = self.read(path.as_deref(), before);
            self.kept.insert(path.clone(), kept);
        }
        let kept = &self.kept[&path];
        // What is wrong with a lock, the build says.
        let lock = document.and_then(|spec| lock::of_spec(spec).ok().flatten());
        Governed {
            knowledge: Arc::clone(&kept.knowledge),
            locked: lock::held(lock.as_ref()),
            trouble: kept.trouble.clone(),
        }
    }
}

fn builtin() -> Loaded {
    let (catalog, rules) = (catalog::builtin(), rules::builtin());
    Loaded::new(
        Cow::Borrowed(catalog),
        Cow::Borrowed(rules),
        Config::default(),
    )
}

fn trouble(refused: Refused) -> Trouble {
    match refused {
        Refused::Findings(findings, sources) => Trouble::Findings(findings, sources),
        Refused::Failed(Failure::Said(text)) => Trouble::Failed(text),
        Refused::Failed(Failure::Bug(what)) => Trouble::Failed(Text::plain(what)),
        Refused::Failed(Failure::Shown) => Trouble::Failed(Text::empty()),
    }
}

fn stamp(config: Option<&Path>, folders: &[PathBuf]) -> Stamp {
    let mut files: Vec<PathBuf> = config.map(Path::to_owned).into_iter().collect();
    for folder in folders {
        files.extend(yaml_paths(folder).unwrap_or_default());
    }
    let looked_at = files.into_iter().map(|file| {
        let data = fs::metadata(&file).ok();
        let data = data.and_then(|data| Some((data.len(), data.modified().ok()?)));
        (file, data)
    });
    looked_at.collect()
}
