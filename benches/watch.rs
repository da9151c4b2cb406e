//! How long a plan takes from the save of its spec to its place on the disk, through the built command. Run:
//! `cargo bench --bench watch`. The time of the same build without the waiting is shown beside it.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark may stop at the first surprise, and says what it measured"
)]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Saves of one run.
const SAVES: usize = 30;
/// How often the plan is looked at.
const GLANCE: Duration = Duration::from_micros(200);
/// No build takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running command, ended with the benchmark however it ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn main() {
    let folder = tempfile::tempdir().expect("folder");
    let spec = folder.path().join("a.edgeplan");
    save(&spec, 0);
    let child = command("watch", &spec).spawn().expect("start");
    let running = Running(child);
    let plan = folder.path().join("a.plan.md");
    wait(&plan, 0);
    let mut saves = Vec::new();
    let mut builds = Vec::new();
    for number in 1..=SAVES {
        // The watch has come to rest, as between two saves of a person.
        thread::sleep(Duration::from_millis(200));
        let began = Instant::now();
        save(&spec, number);
        wait(&plan, number);
        saves.push(began.elapsed());
    }
    drop(running);
    for _ in 0..SAVES / 3 {
        let began = Instant::now();
        let done = command("build", &spec).status().expect("build");
        assert!(done.success());
        builds.push(began.elapsed());
    }
    show("save to plan", saves);
    show("a build by itself", builds);
}

fn command(name: &str, spec: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_edgeplanc"));
    command
        .args([name, "--no-config"])
        .arg(spec)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Saves the spec under another title, beside it and renamed over it, as many editors do.
fn save(spec: &Path, number: usize) {
    let text =
        format!("edgeplan 1\nplatform flutter\nfeature chat \"Title {number}.\"\nram >= 8 GB\n");
    let beside = spec.with_extension("tmp");
    fs::write(&beside, text).expect("write");
    fs::rename(&beside, spec).expect("rename");
}

/// Waits until the plan has the title. It is read when it was written only: who reads in the folder wakes the watch.
fn wait(plan: &Path, number: usize) {
    let title = format!("Title {number}.");
    let began = Instant::now();
    let mut seen = None;
    loop {
        let written = fs::metadata(plan).and_then(|of| of.modified()).ok();
        if written != seen && fs::read_to_string(plan).is_ok_and(|plan| plan.contains(&title)) {
            return;
        }
        seen = written;
        assert!(began.elapsed() < PATIENCE, "no plan");
        thread::sleep(GLANCE);
    }
}

fn show(what: &str, mut took: Vec<Duration>) {
    took.sort_unstable();
    let (median, slowest) = (took[took.len() / 2], took[took.len() - 1]);
    println!("{what}: median {median:.1?}, slowest {slowest:.1?}");
}
