//! `edgeplanc watch` against saves as editors make them: written in place, and written beside and renamed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::support::edgeplanc;

const SPEC: &str = "edgeplan 1\nplatform ios\nfeature chat \"First\"\nram >= 8 GB\n";

/// How long a slow machine may take for one build.
const PATIENCE: Duration = Duration::from_secs(300);

/// A watching command, ended with the test however it ends.
struct Watching {
    child: Child,
    plan: PathBuf,
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Watching {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let child = edgeplanc(folder, &[["watch"].as_slice(), arguments].concat())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self {
            child,
            plan: folder.join("specs/a.plan.md"),
        }
    }

    /// Waits until the plan says so.
    fn until(&self, words: &str) {
        let begun = Instant::now();
        loop {
            let plan = fs::read_to_string(&self.plan).unwrap_or_default();
            if plan.contains(words) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "the plan never says `{words}`");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn every_kind_of_save_is_followed() {
    for watched in [["specs"], ["specs/a.edgeplan"]] {
        let folder = tempfile::tempdir().unwrap();
        let specs = folder.path().join("specs");
        fs::create_dir(&specs).unwrap();
        let spec = specs.join("a.edgeplan");
        fs::write(&spec, SPEC).unwrap();
        let watching = Watching::start(folder.path(), &watched);
        watching.until("First");
        fs::write(&spec, SPEC.replace("First", "Second")).unwrap();
        watching.until("Second");
        // Twice, since the first rename takes the file that was there at the start away.
        for title in ["Third", "Fourth"] {
            let beside = specs.join(".a.swp");
            fs::write(&beside, SPEC.replace("First", title)).unwrap();
            fs::rename(&beside, &spec).unwrap();
            watching.until(title);
        }
        // A save with a mistake ends nothing.
        fs::write(&spec, "edgeplan 1\nplatfrm\n").unwrap();
        std::thread::sleep(Duration::from_millis(300));
        fs::write(&spec, SPEC.replace("First", "Fifth")).unwrap();
        watching.until("Fifth");
    }
}

#[test]
fn folders_may_go_and_come_back() {
    for watched in [["specs"], ["specs/a.edgeplan"]] {
        let folder = tempfile::tempdir().unwrap();
        let specs = folder.path().join("specs");
        let write = |title: &str| {
            fs::create_dir_all(&specs).unwrap();
            fs::write(specs.join("a.edgeplan"), SPEC.replace("First", title)).unwrap();
        };
        write("First");
        let watching = Watching::start(folder.path(), &watched);
        watching.until("First");
        // As git does where another branch has no such folder.
        fs::remove_dir_all(&specs).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        write("Second");
        watching.until("Second");
        fs::rename(&specs, folder.path().join("aside")).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        fs::rename(folder.path().join("aside"), &specs).unwrap();
        write("Third");
        watching.until("Third");
        // At once: nobody had the time to see that it was gone.
        fs::remove_dir_all(&specs).unwrap();
        write("Fourth");
        watching.until("Fourth");
    }
}

#[test]
fn what_comes_later_is_watched_too() {
    let folder = tempfile::tempdir().unwrap();
    let specs = folder.path().join("specs");
    fs::create_dir(&specs).unwrap();
    fs::write(specs.join("a.edgeplan"), SPEC).unwrap();
    let mut watching = Watching::start(folder.path(), &["specs"]);
    watching.until("First");
    let below = specs.join("below");
    fs::create_dir(&below).unwrap();
    fs::write(below.join("b.edgeplan"), SPEC.replace("First", "Second")).unwrap();
    watching.plan = below.join("b.plan.md");
    watching.until("Second");
    // A configuration above the specs where none was.
    fs::write(folder.path().join("edgeplan.toml"), "out = \"plans\"\n").unwrap();
    watching.plan = folder.path().join("plans/specs/below/b.plan.md");
    watching.until("Second");
}

#[test]
fn standard_input_is_not_watched() {
    let folder = tempfile::tempdir().unwrap();
    let done = edgeplanc(folder.path(), &["watch", "-"]).output().unwrap();
    assert_eq!(done.status.code(), Some(2));
}
