//! `edgeplanc watch`: builds again whenever a spec, or what it is judged by, is saved.
//!
//! Folders are watched, never single files: an editor that writes a new file and renames it over the old one takes the watch of the
//! old file with it.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use clap::Args;
use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::build::Build;
use crate::cli::config::{self, Config};
use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::cli::paths::{folder, full};
use crate::diagnostic::Text;

/// How long it must be quiet after a piece was written: a save is several, and all come within a few milliseconds.
const QUIET: Duration = Duration::from_millis(10);

/// The same once the writer has closed the file or renamed it: the save is whole, and only its like may come with it.
const WHOLE: Duration = Duration::from_millis(1);

/// Build again whenever a spec is saved, until interrupted; takes the options of build
#[derive(Debug, Args)]
pub(crate) struct Watch {
    #[command(flatten)]
    build: Build,
}

/// What a build depends on.
#[derive(Default)]
struct Ground {
    /// What to watch, each folder once.
    folders: BTreeMap<PathBuf, RecursiveMode>,
    /// Folders of catalog and rule files.
    knowledge: Vec<PathBuf>,
}

impl Watch {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let paths = self.build.paths().to_vec();
        if paths.iter().any(|path| path.as_os_str() == "-") {
            return Err(Failure::Said(Text::key("cli.watch.stdin")));
        }
        let (send, events) = channel();
        let mut watcher = notify::recommended_watcher(send).map_err(|error| failed(&error))?;
        let mut ground = Ground::default();
        let mut due = paths.clone();
        loop {
            let before = Instant::now();
            // Before the build, so that what is saved meanwhile is heard.
            if due == paths {
                ground = self.watch(&mut watcher, &ground)?;
            }
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
            match wait(&events, &paths, &ground) {
                Some(changed) => due = changed,
                None => return Ok(Exit::Done),
            }
        }
    }

    /// Watches everything anew: the watch of a folder ends with the folder, also when another of its name takes its place.
    fn watch(&self, watcher: &mut RecommendedWatcher, before: &Ground) -> Result<Ground, Failure> {
        for folder in before.folders.keys() {
            // It may be gone, and its watch with it.
            let _ = watcher.unwatch(folder);
        }
        let ground = self.ground();
        for (folder, mode) in &ground.folders {
            match watcher.watch(folder, *mode) {
                // Gone since it was looked at: the folder above it is watched too.
                Err(_) if !folder.exists() => {}
                other => other.map_err(|error| failed(&error))?,
            }
        }
        Ok(ground)
    }

    fn ground(&self) -> Ground {
        let mut knowledge: BTreeSet<PathBuf> = self.build.knowledge_folders().cloned().collect();
        let mut flat = BTreeSet::new();
        let mut deep = BTreeSet::new();
        for path in self.build.paths() {
            let start = match path.is_dir() {
                true => path.clone(),
                false => standing(folder(path)),
            };
            flat.extend(governing(&start));
            // What is wrong with it, the build will say.
            if let Some(file) = config::above(&start)
                && let Ok(config) = Config::read(&file, |_| None)
            {
                knowledge.extend([config.catalog(), config.rules()].into_iter().flatten());
            }
        }
        for path in self.build.paths().iter().chain(&knowledge) {
            // A path that is not there may come, and so may every folder on the way to it.
            flat.extend(standing(folder(path)).canonicalize());
            if path.is_dir() {
                deep.extend(path.canonicalize());
            }
        }
        // One folder has one watch.
        flat.retain(|folder| !deep.iter().any(|deep| folder.starts_with(deep)));
        let flat = flat
            .into_iter()
            .map(|path| (path, RecursiveMode::NonRecursive));
        let deep = deep
            .into_iter()
            .map(|path| (path, RecursiveMode::Recursive));
        Ground {
            folders: flat.chain(deep).collect(),
            knowledge: knowledge.into_iter().collect(),
        }
    }
}

/// The folder, or the nearest above it that is there.
fn standing(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    while !path.is_dir() && path.as_os_str() != "." && path.parent().is_some() {
        path = folder(&path).to_owned();
    }
    path
}

/// The folders in which a configuration would govern a folder: that one, and those above it up to the configuration there is or
/// to the current folder.
fn governing(start: &Path) -> Vec<PathBuf> {
    let Ok(start) = start.canonicalize() else {
        return Vec::new();
    };
    let top = config::above(&start)
        .map(|file| folder(&file).to_owned())
        .or_else(|| env::current_dir().ok())
        .and_then(|top| top.canonicalize().ok())
        .filter(|top| start.starts_with(top))
        .unwrap_or_else(|| start.clone());
    let within = |folder: &&Path| folder.starts_with(&top);
    start
        .ancestors()
        .take_while(within)
        .map(Path::to_owned)
        .collect()
}

/// Waits for a save and gives what to build: the specs that were saved when nothing else was, else everything. `None` when there
/// is nothing left to watch.
fn wait(
    events: &Receiver<notify::Result<Event>>,
    all: &[PathBuf],
    ground: &Ground,
) -> Option<Vec<PathBuf>> {
    let mut saved = BTreeSet::new();
    let mut everything = false;
    // Until when it must stay quiet. What means nothing to the plans, such as others who read in the folder, does not put it off.
    let mut rest: Option<Instant> = None;
    loop {
        let event = match rest {
            None => events.recv().ok()?,
            Some(rest) => match events.recv_timeout(rest.saturating_duration_since(Instant::now()))
            {
                Ok(event) => event,
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return None,
            },
        };
        let pause = match event {
            // What was lost may have been a save.
            Err(_) => {
                everything = true;
                QUIET
            }
            Ok(event) => {
                let pause = match event.kind {
                    EventKind::Access(AccessKind::Close(AccessMode::Write))
                    | EventKind::Modify(ModifyKind::Name(_)) => WHOLE,
                    EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) => continue,
                    _ => QUIET,
                };
                let mut counts = event.need_rescan();
                everything |= counts;
                for path in &event.paths {
                    match meaning(path, event.kind, all, ground) {
                        Meaning::Saved(spec) => drop(saved.insert(spec)),
                        Meaning::Everything => everything = true,
                        Meaning::Nothing => continue,
                    }
                    counts = true;
                }
                if !counts {
                    continue;
                }
                pause
            }
        };
        rest = Some(Instant::now() + pause);
    }
    Some(if everything {
        all.to_vec()
    } else {
        saved.into_iter().collect()
    })
}

/// What a change means for the plans.
enum Meaning {
    /// This spec was saved.
    Saved(PathBuf),
    /// Every plan may be another.
    Everything,
    Nothing,
}

fn meaning(path: &Path, kind: EventKind, all: &[PathBuf], ground: &Ground) -> Meaning {
    let changed = full(path);
    let within = |folders: &[PathBuf]| folders.iter().any(|it| changed.starts_with(full(it)));
    let leads_to = |paths: &[PathBuf]| paths.iter().any(|it| full(it).starts_with(&changed));
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("edgeplan") => match asked(path, all) {
            Some(path) if path.is_file() => return Meaning::Saved(path),
            Some(_) => return Meaning::Everything,
            None => {}
        },
        Some("yaml" | "yml") if within(&ground.knowledge) => return Meaning::Everything,
        _ if path.file_name().is_some_and(|name| name == config::NAME) => {
            return Meaning::Everything;
        }
        _ => {}
    }
    // Folders come and go with all that is in them.
    let moved = matches!(
        kind,
        EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))
    );
    let inside = path.is_dir() && (within(all) || within(&ground.knowledge));
    match moved && (inside || leads_to(all) || leads_to(&ground.knowledge)) {
        true => Meaning::Everything,
        false => Meaning::Nothing,
    }
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
            && full(folder(saved)) == full(folder(argument));
        same.then(|| argument.clone())
    })
}

fn failed(error: &notify::Error) -> Failure {
    Failure::Said(Text::key("cli.watch.failed").arg("reason", error.to_string()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::sync::mpsc::channel;
    use std::thread;
    use std::time::Duration;

    use notify::event::{AccessKind, AccessMode};
    use notify::{Event, EventKind};

    use super::{Ground, wait};

    /// More than could be sent while a save is waited for.
    const READS: usize = 20_000;

    #[test]
    fn who_reads_in_the_folder_does_not_put_a_build_off() {
        let folder = tempfile::tempdir().unwrap();
        let (spec, plan) = ["a.edgeplan", "a.plan.md"]
            .map(|name| folder.path().join(name))
            .into();
        fs::write(&spec, "edgeplan 1\n").unwrap();
        let event =
            |kind, path: &Path| Ok(Event::new(EventKind::Access(kind)).add_path(path.into()));
        let (send, events) = channel();
        let saved = AccessKind::Close(AccessMode::Write);
        send.send(event(saved, &spec)).unwrap();
        let reads = thread::spawn(move || {
            let read = AccessKind::Open(AccessMode::Any);
            let heard = (0..READS).take_while(|_| {
                thread::sleep(Duration::from_micros(100));
                send.send(event(read, &plan)).is_ok()
            });
            heard.count()
        });
        let due = wait(&events, std::slice::from_ref(&spec), &Ground::default());
        drop(events);
        assert_eq!(due, Some(vec![spec]));
        assert!(reads.join().unwrap() < READS);
    }
}
