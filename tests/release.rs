//! What a release holds: the archive as its script packs it, the workflow that calls the script, and the version others name.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_yaml::Value;

use crate::support::{read, root, run};

/// Runs the script for the built command.
fn pack(name: &str, out: &Path) {
    let done = Command::new(root().join("scripts/package"))
        .args([env!("CARGO_BIN_EXE_edgeplanc"), name])
        .arg(out)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{said}");
}

#[cfg(unix)]
#[test]
fn an_archive_holds_the_command_with_all_that_belongs_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("dist");
    pack("edgeplanc-test", &out);
    let unpacked = Command::new("tar")
        .args(["-xzf", "edgeplanc-test.tar.gz"])
        .current_dir(&out)
        .status()
        .unwrap();
    assert!(unpacked.success());
    let top = out.join("edgeplanc-test");
    // The command runs from where it was unpacked.
    let version = Command::new(top.join("edgeplanc"))
        .arg("--version")
        .output();
    assert_eq!(version.unwrap().stdout, run(&["--version"]).out.as_bytes());
    for file in ["LICENSE-MIT", "LICENSE-APACHE", "README.md", "CHANGELOG.md"] {
        assert_eq!(read(&top.join(file)), read(&root().join(file)), "{file}");
    }
    let license = env!("CARGO_PKG_LICENSE");
    assert_eq!(
        license, "MIT OR Apache-2.0",
        "the files above are its texts"
    );
    for (file, shell) in [
        ("edgeplanc.bash", "bash"),
        ("_edgeplanc", "zsh"),
        ("edgeplanc.fish", "fish"),
        ("edgeplanc.ps1", "powershell"),
    ] {
        let script = read(&top.join("completions").join(file));
        assert_eq!(script, run(&["completions", shell]).out, "{file}");
    }
    assert_eq!(read(&top.join("man/man1/edgeplanc.1")), run(&["man"]).out);
    assert!(top.join("man/man1/edgeplanc-build.1").is_file());
    let digest = read(&out.join("edgeplanc-test.tar.gz.sha256"));
    let (digest, name) = digest.trim().split_once("  ").unwrap();
    assert_eq!((digest.len(), name), (64, "edgeplanc-test.tar.gz"));
}

#[cfg(unix)]
#[test]
fn a_command_of_windows_comes_as_a_zip() {
    let folder = tempfile::tempdir().unwrap();
    let command = folder.path().join("edgeplanc.exe");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_edgeplanc"), &command).unwrap();
    let out = folder.path().join("dist");
    let done = Command::new(root().join("scripts/package"))
        .arg(&command)
        .arg("edgeplanc-test")
        .arg(&out)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{said}");
    let packed = std::fs::read(out.join("edgeplanc-test.zip")).unwrap();
    assert!(packed.starts_with(b"PK"));
    let digest = read(&out.join("edgeplanc-test.zip.sha256"));
    assert!(digest.trim().ends_with("  edgeplanc-test.zip"), "{digest}");
}

#[test]
fn both_workflows_keep_the_extension_they_pack() {
    for name in ["ci.yml", "release.yml"] {
        let text = read(&root().join(".github/workflows").join(name));
        let workflow: Value = serde_yaml::from_str(&text).unwrap();
        let steps = workflow["jobs"]["editor"]["steps"].as_sequence().unwrap();
        assert!(
            steps.iter().any(|step| step["run"] == "editors/test"),
            "{name}"
        );
        let kept = |step: &Value| step["with"]["path"] == "editors/vscode/edgeplan.vsix";
        assert!(steps.iter().any(kept), "{name}");
        let needs = &workflow["jobs"]["release"]["needs"];
        let all = |needs: &Vec<Value>| needs.iter().any(|job| job == "editor");
        assert!(name == "ci.yml" || needs.as_sequence().is_some_and(all));
    }
}

#[test]
fn the_workflow_packs_for_systems_that_exist() {
    let text = read(&root().join(".github/workflows/release.yml"));
    let workflow: Value = serde_yaml::from_str(&text).unwrap();
    let archive = &workflow["jobs"]["archive"];
    let known = Command::new("rustc")
        .args(["--print", "target-list"])
        .output();
    let known = String::from_utf8(known.unwrap().stdout).unwrap();
    let known: BTreeSet<&str> = known.lines().collect();
    let builds = archive["strategy"]["matrix"]["include"]
        .as_sequence()
        .unwrap();
    let mut targets = BTreeSet::new();
    for build in builds {
        let target = build["target"].as_str().unwrap();
        assert!(known.contains(target), "{target}");
        assert!(targets.insert(target), "{target} twice");
        let suffix = build.get("suffix").and_then(Value::as_str);
        assert_eq!(
            suffix,
            target.contains("windows").then_some(".exe"),
            "{target}"
        );
    }
    assert!(targets.len() > 1);
    let steps = archive["steps"].as_sequence().unwrap();
    let runs: Vec<&str> = steps
        .iter()
        .filter_map(|step| step["run"].as_str())
        .collect();
    let packs = runs.iter().find(|run| run.starts_with("scripts/package "));
    let binary = Path::new(env!("CARGO_BIN_EXE_edgeplanc")).file_stem();
    let binary = format!("release/{}$SUFFIX", binary.unwrap().to_string_lossy());
    assert!(
        packs.unwrap().contains(&binary),
        "the binary of the manifest"
    );
    // The check of the tag is run as the workflow has it.
    let check = runs.iter().find(|run| run.starts_with("grep ")).unwrap();
    let passes = |tag: &str| {
        let shell = Command::new("bash")
            .args(["-c", check])
            .env("GITHUB_REF_NAME", tag)
            .current_dir(root())
            .status();
        shell.unwrap().success()
    };
    assert!(passes(concat!("v", env!("CARGO_PKG_VERSION"))));
    assert!(!passes("v999.0.0"));
}

#[test]
fn actions_are_named_by_commit_and_one_compiler_builds() {
    let mut compilers = BTreeSet::new();
    for name in ["ci.yml", "release.yml"] {
        let workflow = read(&root().join(".github/workflows").join(name));
        let uses = workflow.lines();
        let uses = uses.filter_map(|line| line.trim().strip_prefix("- uses: "));
        let actions: Vec<&str> = uses.collect();
        assert!(!actions.is_empty(), "{name}");
        for action in actions {
            let (reference, version) = action.split_once(" # v").expect(action);
            let (_, commit) = reference.split_once('@').expect(action);
            let is_hash = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(is_hash && !version.is_empty(), "{action}");
        }
        let workflow: Value = serde_yaml::from_str(&workflow).unwrap();
        let compiler = workflow["env"]["RUSTUP_TOOLCHAIN"].as_str().expect(name);
        compilers.insert(compiler.to_owned());
    }
    assert_eq!(compilers.len(), 1, "{compilers:?}");
}

#[test]
fn the_workflow_runs_what_ci_runs() {
    let text = read(&root().join(".github/workflows/ci.yml"));
    let workflow: Value = serde_yaml::from_str(&text).unwrap();
    let steps = workflow["jobs"]["test"]["steps"].as_sequence().unwrap();
    let runs: Vec<&str> = steps
        .iter()
        .filter_map(|step| step["run"].as_str())
        .collect();
    let scripts: Vec<&&str> = runs.iter().filter(|run| run.starts_with('.')).collect();
    assert_eq!(scripts, [&".ci/run"]);
    assert!(root().join(".ci/run").is_file());
}

#[test]
fn the_guide_to_ci_names_this_version() {
    let guide = read(&root().join("docs/guides/ci.md"));
    for before in ["edgeplan/edgeplan@v", "--tag v", "rev: v"] {
        let (_, after) = guide.split_once(before).expect(before);
        let named = after.split_whitespace().next();
        assert_eq!(named, Some(env!("CARGO_PKG_VERSION")), "{before}");
    }
}
