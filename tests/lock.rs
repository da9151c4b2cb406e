//! The lock beside a spec: written by a build, kept by `--locked`, moved by `update`.

use std::fs;
use std::path::Path;

use crate::support::{Run, assert_snapshot, run_in};

const SPEC: &str = "edgeplan 1\nplatform flutter\nparam min_ram = 8 GB\nram $min_ram .. 12 GB\nfeature chat \"Chat\"\n";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("chat.edgeplan"), SPEC).unwrap();
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    run_in(folder, arguments, b"")
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

/// What is said about plans and locks, without the warnings about the stacks.
fn without_reports(err: &str) -> String {
    let mut warned = false;
    let mut kept = String::new();
    for line in err.lines() {
        if line.starts_with("warning") {
            warned = true;
        } else if !line.starts_with([' ', '─']) && !line.is_empty() {
            warned = false;
        }
        if !warned {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

#[test]
fn a_plan_that_would_change_is_refused_until_the_lock_is_moved() {
    let folder = folder();
    let folder = folder.path();
    let mut screens = String::new();
    let mut show = |arguments: &[&str], expected: i32| {
        let ran = run(folder, arguments);
        let arguments = arguments.join(" ");
        let said = without_reports(&ran.err);
        screens.push_str(&format!("$ edgeplanc {arguments}\n{}{said}", ran.out));
        screens.push_str(&format!("[{}]\n\n", ran.code));
        assert_eq!(ran.code, expected, "{arguments}\n{}", ran.err);
    };
    show(&["build", "--locked", "chat.edgeplan"], 3);
    assert!(!folder.join("chat.plan.md").exists(), "nothing is written");
    show(&["build", "chat.edgeplan"], 0);
    show(&["build", "--locked", "--check", "chat.edgeplan"], 0);
    show(
        &["build", "--locked", "--set", "min_ram=4GB", "chat.edgeplan"],
        3,
    );
    fs::write(folder.join("chat.edgeplan"), SPEC.replace("8 GB", "6 GB")).unwrap();
    show(&["build", "--locked", "chat.edgeplan"], 3);
    show(&["update", "chat.edgeplan"], 0);
    show(&["update", "chat.edgeplan"], 0);
    show(&["build", "--locked", "chat.edgeplan"], 0);
    fs::write(folder.join("chat.edgeplan.lock"), "choices: 3\n").unwrap();
    show(&["build", "chat.edgeplan"], 2);
    assert_snapshot("lock", "refused-and-moved", &screens);
}

/// The runtimes of what the preferences choose on the frontiers.
fn chosen_runtimes(fronts: &serde_json::Value) -> impl Iterator<Item = &str> {
    let fronts = fronts["fronts"].as_array().unwrap().iter();
    let points = fronts.flat_map(|front| front["points"].as_array().unwrap());
    let mut chosen = points.filter(|point| point["chosen"] == true).peekable();
    assert!(chosen.peek().is_some(), "nothing is chosen");
    chosen.map(|point| point["runtime"].as_str().unwrap())
}

#[test]
fn a_locked_choice_wins_ties_and_nothing_else() {
    let folder = folder();
    let folder = folder.path();
    assert_eq!(run(folder, &["build", "chat.edgeplan"]).code, 0);
    let first = read(folder, "chat.edgeplan.lock");
    // Bindings of one engine tie in every figure; the first by id was chosen.
    let bound = first
        .lines()
        .find_map(|line| line.trim().strip_prefix("runtime: "))
        .unwrap();
    let catalog = edgeplan::catalog::builtin();
    let (_, chosen) = catalog.runtime(bound).unwrap();
    let twins = catalog.runtimes.iter().filter(|other| {
        other.engine.is_some()
            && other.engine == chosen.engine
            && other.id != chosen.id
            && other.uis.contains(&"flutter".to_owned())
    });
    // One comes under a copyleft licence: a rule refuses it, and a lock does not go before a rule.
    let refused = |twin: &str| {
        let spec = format!("{SPEC}use runtime \"{twin}\"\n");
        fs::write(folder.join("twin.edgeplan"), spec).unwrap();
        run(folder, &["check", "twin.edgeplan"]).code != 0
    };
    let mut kept = 0;
    for twin in twins {
        let refused = refused(&twin.id);
        let wish = first.replace(
            &format!("runtime: {bound}\n"),
            &format!("runtime: {}\n", twin.id),
        );
        fs::write(folder.join("chat.edgeplan.lock"), &wish).unwrap();
        assert_eq!(run(folder, &["build", "chat.edgeplan"]).code, 0);
        let after = read(folder, "chat.edgeplan.lock");
        assert_eq!(after == wish, !refused, "{}", twin.id);
        if after == wish {
            kept += 1;
            let wishes = format!(
                "test \"kept\" {{ expect chat.runtime.id = \"{}\" }}\n",
                twin.id
            );
            fs::write(folder.join("chat.edgeplan"), format!("{SPEC}{wishes}")).unwrap();
            let tested = run(folder, &["test", "chat.edgeplan"]);
            assert_eq!(tested.code, 0, "{}", tested.out);
            let front = ["frontier", "chat.edgeplan", "--over", "memory,quality"];
            let front = run(folder, &[&front[..], &["--format", "json"]].concat()).out;
            let front: serde_json::Value = serde_json::from_str(&front).unwrap();
            assert!(
                chosen_runtimes(&front).all(|runtime| runtime == twin.id),
                "{front}"
            );
            fs::write(folder.join("chat.edgeplan"), SPEC).unwrap();
        }
        assert_eq!(run(folder, &["update", "chat.edgeplan"]).code, 0);
        assert_eq!(
            read(folder, "chat.edgeplan.lock"),
            first,
            "an update does not look at the lock"
        );
    }
    assert!(kept > 0, "no twin of {bound} was kept");
    // A model that loses on quality is not kept by a lock.
    let worse = first.replace("file: ", "file: no-longer-there/");
    fs::write(folder.join("chat.edgeplan.lock"), worse).unwrap();
    assert_eq!(run(folder, &["build", "chat.edgeplan"]).code, 0);
    assert_eq!(read(folder, "chat.edgeplan.lock"), first);
}

#[test]
fn a_broken_lock_stops_its_own_spec_and_is_written_anew_when_asked() {
    let folder = folder();
    let folder = folder.path();
    fs::write(folder.join("other.edgeplan"), SPEC).unwrap();
    assert_eq!(run(folder, &["build", "chat.edgeplan"]).code, 0);
    let lock = folder.join("chat.edgeplan.lock");
    let whole = read(folder, "chat.edgeplan.lock");
    let merging = format!("{whole}<<<<<<< HEAD\n=======\n>>>>>>> theirs\n");
    for broken in [merging.as_str(), "choices: 3\n"] {
        fs::write(&lock, broken).unwrap();
        let built = run(folder, &["build", "."]);
        assert_eq!(built.code, 2);
        let remedy = "`edgeplanc update ./chat.edgeplan`";
        assert!(built.err.contains(remedy), "{}", built.err);
        assert!(folder.join("other.plan.md").exists(), "{}", built.err);
        fs::remove_file(folder.join("other.plan.md")).unwrap();
        let checked = run(folder, &["check", "."]);
        assert_eq!(checked.code, 2);
        assert!(checked.err.contains(remedy), "{}", checked.err);
        assert_eq!(run(folder, &["update", "chat.edgeplan"]).code, 0);
        assert_eq!(read(folder, "chat.edgeplan.lock"), whole);
    }
    // A later edgeplanc may know better.
    let later = whole.replace("version: 1", "version: 2") + "more: true\n";
    fs::write(&lock, &later).unwrap();
    for command in ["build", "update"] {
        let refused = run(folder, &[command, "chat.edgeplan"]);
        assert_eq!(refused.code, 2);
        assert!(refused.err.contains("format 2"), "{}", refused.err);
    }
    assert_eq!(read(folder, "chat.edgeplan.lock"), later);
}

#[test]
fn every_command_decides_ties_as_the_build_did() {
    let folder = folder();
    let folder = folder.path();
    assert_eq!(run(folder, &["build", "chat.edgeplan"]).code, 0);
    let first = read(folder, "chat.edgeplan.lock");
    let bound = (first.lines())
        .find_map(|line| line.trim().strip_prefix("runtime: "))
        .unwrap();
    let catalog = edgeplan::catalog::builtin();
    let (_, chosen) = catalog.runtime(bound).unwrap();
    let other = catalog.runtimes.iter().find(|other| {
        let wish = first.replace(
            &format!("runtime: {bound}\n"),
            &format!("runtime: {}\n", other.id),
        );
        let twin = other.engine.is_some() && other.engine == chosen.engine && other.id != chosen.id;
        twin && {
            fs::write(folder.join("chat.edgeplan.lock"), &wish).unwrap();
            assert_eq!(run(folder, &["build", "chat.edgeplan"]).code, 0);
            read(folder, "chat.edgeplan.lock") == wish
        }
    });
    let (other, chosen) = (&other.unwrap().name, &chosen.name);
    for (arguments, told) in [
        (["check", "--advice"].as_slice(), format!("with {other}:")),
        (&["why"], format!("({other}, ")),
    ] {
        let ran = run(folder, &[arguments, &["chat.edgeplan"]].concat());
        let said = ran.out + &ran.err;
        assert!(said.contains(&told), "{said}");
        assert!(!said.contains(&format!("with {chosen}:")), "{said}");
    }
    let same = ["diff", "--exit-code", "chat.plan.json", "chat.edgeplan"];
    assert_eq!(run(folder, &same).code, 0);
}

#[test]
fn a_spec_that_is_no_file_has_no_lock_to_move() {
    let folder = folder();
    let folder = folder.path();
    for arguments in [&["-"][..], &["chat.edgeplan", "-"], &["-", "chat.edgeplan"]] {
        let ran = run_in(folder, &[&["update"], arguments].concat(), SPEC.as_bytes());
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains("has no lock to move"), "{}", ran.err);
        assert!(!folder.join("chat.edgeplan.lock").exists());
    }
}

#[test]
fn a_lock_whose_spec_is_gone_is_reported() {
    let folder = folder();
    let folder = folder.path();
    assert_eq!(run(folder, &["build", "chat.edgeplan"]).code, 0);
    fs::rename(folder.join("chat.edgeplan"), folder.join("talk.edgeplan")).unwrap();
    for command in ["check", "build", "update"] {
        let ran = run(folder, &[command, "."]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.err.contains("[EP0811]"), "{command}: {}", ran.err);
        assert!(ran.err.contains("`./chat.plan.json`"), "{}", ran.err);
        assert!(folder.join("chat.edgeplan.lock").exists());
        // Only a folder tells what is missing in it.
        let ran = run(folder, &[command, "talk.edgeplan"]);
        assert!(!ran.err.contains("[EP0811]"), "{command}: {}", ran.err);
    }
}

#[test]
fn a_file_that_was_replaced_under_its_name_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let spec = "edgeplan 1\nplatform flutter\nram 8 GB .. 12 GB\n\
        feature voice \"Read aloud\" {\n  task speak\n  languages en\n}\npin voice.model = \"piper-en_us-amy-medium\"\n";
    fs::write(folder.join("voice.edgeplan"), spec).unwrap();
    let built = run(folder, &["build", "voice.edgeplan"]);
    assert_eq!(built.code, 0, "{}", built.err);
    let whole = read(folder, "voice.edgeplan.lock");
    let (_, after) = whole.split_once("sha256: ").expect("a digest in the lock");
    let digest = after.get(..64).expect("64 digits");
    let lock = folder.join("voice.edgeplan.lock");
    let replaced = format!("its SHA-256 was {} and is {digest}", "0".repeat(64));

    fs::write(&lock, whole.replace(digest, &"0".repeat(64))).unwrap();
    let locked = run(folder, &["build", "--locked", "voice.edgeplan"]);
    assert_eq!(locked.code, 3);
    assert!(
        locked.err.contains("same name, other bytes"),
        "{}",
        locked.err
    );
    let updated = run(folder, &["update", "voice.edgeplan"]);
    assert_eq!(updated.code, 0);
    assert!(updated.out.contains(&replaced), "{}", updated.out);
    assert_eq!(read(folder, "voice.edgeplan.lock"), whole);

    // A lock of before there were digests is read; no choice of it moves.
    let line = format!("  sha256: {digest}\n");
    fs::write(&lock, whole.replace(&line, "")).unwrap();
    let updated = run(folder, &["update", "voice.edgeplan"]);
    assert_eq!(updated.code, 0);
    assert!(!updated.out.contains("moves from"), "{}", updated.out);
    assert!(updated.out.contains("SHA-256 on record"), "{}", updated.out);
    assert_eq!(read(folder, "voice.edgeplan.lock"), whole);
}

#[test]
fn standard_input_has_no_lock_to_be_held_to() {
    let folder = tempfile::tempdir().unwrap();
    let done = crate::support::run_in(folder.path(), &["build", "--locked", "-"], SPEC.as_bytes());
    assert_eq!(done.code, 2);
    assert!(done.err.contains("--locked"), "{}", done.err);
}
