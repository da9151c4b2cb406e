//! `edgeplanc watch`: builds again whenever a spec, or what it is judged by, is saved.
//!
//! Folders are watched, never single files: an editor that writes a new file and renames it over the old one takes the watch of the
//! old file with it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use clap::Args;
use notify::{Event, EventKind, RecursiveMode, Watcher as _};

use super::build::Build;
use crate::cli::config::{self, Config};
use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::diagnostic::Text;

/// How long it must be quiet after an event: a save is several of them, and all come within a few milliseconds.
const QUIET: Duration = Duration::from_millis(10);

/// Build again whenever a spec is saved, until interrupted; takes the options of build
#[derive(Debug, Args)]
pub(crate) struct Watch {
    #[command(flatten)]
    build: Build,
}

impl Watch {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let paths = self.build.paths().to_vec();
        if paths.iter().any(|path| path.as_os_str() == "-") {
            return Err(Failure::Said(Text::key("cli.watch.stdin")));
        }
        let (send, events) = channel();
        let mut watcher = notify::recommended_watcher(send).map_err(|error| failed(&error))?;
        for (folder, mode) in self.folders() {
            watcher
                .watch(&folder, mode)
                .map_err(|error| failed(&error))?;
        }
        let mut due = paths.clone();
        loop {
            let before = Instant::now();
            console.clear();
            // What stands in the way of one build may be mended by the next save.
            if let Err(failure) = self.build.clone().of(due).run(console)
                && let Some(message) = failure.message(console.locale)
            {
                console.complain(&message)?;
            }
            let took = before.elapsed().as_millis().to_string();
            console.say(&Text::key("cli.watch.waiting").arg("ms", took))?;
            console.finish()?;
            match wait(&events, &paths) {
                Some(changed) => due = changed,
                None => return Ok(Exit::Done),
            }
        }
    }

    /// What to watch, each folder once.
    fn folders(&self) -> Vec<(PathBuf, RecursiveMode)> {
        let mut deep: BTreeSet<PathBuf> = self.build.knowledge_folders().cloned().collect();
        let mut flat = BTreeSet::new();
        for path in self.build.paths() {
            let start = if path.is_dir() {
                deep.insert(path.clone());
                path.clone()
            } else {
                flat.insert(folder(path));
                folder(path)
            };
            let Some(file) = config::above(&start) else {
                continue;
            };
            flat.insert(folder(&file));
            // What is wrong with it, the build will say.
            if let Ok(config) = Config::read(&file) {
                let named = [config.catalog(), config.rules()].into_iter().flatten();
                deep.extend(named.filter(|folder| folder.is_dir()));
            }
        }
        flat.retain(|path| !deep.contains(path));
        let deep = deep
            .into_iter()
            .map(|path| (path, RecursiveMode::Recursive));
        let flat = flat
            .into_iter()
            .map(|path| (path, RecursiveMode::NonRecursive));
        deep.chain(flat).collect()
    }
}

fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Waits for a save and gives what to build: the specs that were saved when nothing else was, else everything. `None` when there
/// is nothing left to watch.
fn wait(events: &Receiver<notify::Result<Event>>, all: &[PathBuf]) -> Option<Vec<PathBuf>> {
    let mut saved = BTreeSet::new();
    let mut everything = false;
    loop {
        let event = if saved.is_empty() && !everything {
            events.recv().ok()?
        } else {
            match events.recv_timeout(QUIET) {
                Ok(event) => event,
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        };
        // When events were lost, anything may have changed.
        let Ok(event) = event else {
            everything = true;
            continue;
        };
        if matches!(event.kind, EventKind::Access(_)) {
            continue;
        }
        everything |= event.need_rescan();
        for path in event.paths {
            match path.extension().and_then(|ending| ending.to_str()) {
                Some("edgeplan") => match asked(&path, all) {
                    Some(path) if path.is_file() => drop(saved.insert(path)),
                    Some(_) => everything = true,
                    None => {}
                },
                Some("yaml" | "yml") => everything = true,
                _ if path.file_name().is_some_and(|name| name == config::NAME) => everything = true,
                _ => {}
            }
        }
    }
    Some(if everything {
        all.to_vec()
    } else {
        saved.into_iter().collect()
    })
}

/// The path of a saved spec as the arguments would name it; `None` when it is none of theirs.
fn asked(saved: &Path, all: &[PathBuf]) -> Option<PathBuf> {
    let full = |path: &Path| path.canonicalize().ok();
    all.iter().find_map(|argument| {
        if argument.is_dir() {
            let below = saved.strip_prefix(argument).map(Path::to_owned);
            let below = below.ok().or_else(|| {
                let below = saved.strip_prefix(full(argument)?).ok()?;
                Some(below.to_owned())
            });
            return Some(argument.join(below?));
        }
        let same = saved.file_name() == argument.file_name()
            && full(&folder(saved)) == full(&folder(argument));
        same.then(|| argument.clone())
    })
}

fn failed(error: &notify::Error) -> Failure {
    Failure::Said(Text::key("cli.watch.failed").arg("reason", error.to_string()))
}
