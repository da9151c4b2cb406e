//! edgeplan in a repository: its configuration, its baseline, the action, the hooks and the workflow of the guide, all run
//! against the built command.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use edgeplan::rules::types::{Level, Rule};
use serde_yaml::Value;

use crate::schema;
use crate::support::{Run, assert_snapshot, edgeplanc, read, root, run_in};

const SPEC: &str = "edgeplan 1\nplatform ios\nfeature chat \"Chat\"\nram >= 8 GB\n";
const BROKEN: &str = "edgeplan 1\nplatform ios\nfeature chat \"Chat\"\nram >= 8\n";

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        write(folder.path(), name, text);
    }
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    run_in(folder, arguments, b"")
}

#[test]
fn a_configuration_is_found_above_the_spec_and_an_option_goes_before_it() {
    let folder = folder(&[
        (
            "edgeplan.toml",
            "lang = \"zh-CN\"\nout = \"plans\"\n[prose]\nwriter = \"facts\"\n",
        ),
        ("apps/deep/a.edgeplan", SPEC),
    ]);
    let folder = folder.path();
    let built = run(folder, &["build", "apps/deep/a.edgeplan"]);
    assert_eq!(built.code, 0, "{}", built.err);
    assert!(built.err.contains("已写出"), "{}", built.err);
    for name in ["a.plan.md", "a.plan.json", "a.guide.md"] {
        assert!(
            folder.join("plans/apps/deep").join(name).is_file(),
            "{name}"
        );
    }
    assert!(!folder.join("apps/deep/a.plan.md").exists());
    let english = run(folder, &["build", "--lang", "en", "--out", "other", "apps"]);
    assert!(english.err.contains("wrote"), "{}", english.err);
    assert!(folder.join("other/a.plan.md").is_file());
    let without = run(folder, &["build", "--no-config", "apps"]);
    assert!(without.err.contains("wrote"), "{}", without.err);
    assert!(folder.join("apps/deep/a.plan.md").is_file());
}

#[test]
fn each_spec_of_a_run_has_its_own_configuration() {
    let folder = folder(&[
        ("a/edgeplan.toml", "out = \"plans\"\n"),
        ("a/a.edgeplan", SPEC),
        ("b/b.edgeplan", SPEC),
        (
            "c/edgeplan.toml",
            "out = \"built\"\n[levels]\nbackground-gpu = \"reject\"\n",
        ),
        ("c/c.edgeplan", SPEC),
    ]);
    let folder = folder.path();
    assert_eq!(run(folder, &["check", "a", "b"]).code, 0);
    let checked = run(folder, &["check", "--message-format", "short", "."]);
    assert_eq!(checked.code, 0, "{}", checked.err);
    let of_metal = checked.err.lines().filter(|line| line.contains("EP0648"));
    let specs: Vec<&str> = of_metal.filter_map(|line| line.split(':').next()).collect();
    assert_eq!(
        specs,
        ["./a/a.edgeplan", "./b/b.edgeplan"],
        "{}",
        checked.err
    );
    assert_eq!(run(folder, &["build", "."]).code, 0);
    assert!(folder.join("a/plans/a.plan.md").is_file());
    assert!(folder.join("b/b.plan.md").is_file());
    assert!(folder.join("c/built/c.plan.md").is_file());
    assert_eq!(run(folder, &["test", "."]).code, 0);
}

#[test]
fn a_folder_for_plans_holds_the_folders_of_the_specs() {
    let folder = folder(&[
        ("edgeplan.toml", "out = \"plans\"\n"),
        ("a.edgeplan", SPEC),
        ("below/a.edgeplan", SPEC),
    ]);
    let folder = folder.path();
    assert_eq!(run(folder, &["build", "."]).code, 0);
    assert!(folder.join("plans/a.plan.md").is_file());
    assert!(folder.join("plans/below/a.plan.md").is_file());
    // The same from below, where one spec alone is built.
    assert_eq!(
        run(&folder.join("below"), &["build", "--check", "a.edgeplan"]).code,
        0
    );
}

#[test]
fn a_service_is_told_paths_from_where_it_checked_out() {
    let folder = folder(&[
        ("specs/a.edgeplan", "edgeplan 1\nplatform windows\n"),
        ("below/.keep", ""),
    ]);
    for (format, variable, told) in [
        ("github", "GITHUB_WORKSPACE", "file=specs/a.edgeplan,"),
        ("gitlab", "CI_PROJECT_DIR", "\"path\": \"specs/a.edgeplan\""),
        ("sarif", "GITHUB_WORKSPACE", "\"uri\": \"specs/a.edgeplan\""),
    ] {
        let mut command = edgeplanc(
            &folder.path().join("below"),
            &["check", "--format", format, "../specs"],
        );
        let done = command.env(variable, folder.path()).output().unwrap();
        let out = String::from_utf8(done.stdout).unwrap();
        assert!(out.contains(told), "{format}: {out}");
        assert!(!out.contains(".."), "{format}: {out}");
    }
}

#[test]
fn known_findings_are_known_from_every_folder() {
    let folder = folder(&[("specs/a.edgeplan", "edgeplan 1\nplatform windows\n")]);
    let folder = folder.path();
    let written = run(
        folder,
        &[
            "check",
            "--baseline",
            "known.yaml",
            "--write-baseline",
            "specs",
        ],
    );
    assert_eq!(written.code, 0, "{}", written.err);
    assert_eq!(
        run(folder, &["check", "--baseline", "known.yaml", "specs"]).code,
        0
    );
    let below = run(
        &folder.join("specs"),
        &["check", "--baseline", "../known.yaml", "."],
    );
    assert_eq!(below.code, 0, "{}", below.err);
}

#[test]
fn a_folder_that_is_not_there_is_underlined() {
    for key in ["catalog", "rules"] {
        let text = format!("lang = \"en\"\n{key} = \"nowhere\"\n");
        let folder = folder(&[("edgeplan.toml", text.as_str()), ("a.edgeplan", SPEC)]);
        let ran = run(folder.path(), &["check", "--format", "short", "a.edgeplan"]);
        assert_eq!(ran.code, 2);
        let place = format!("edgeplan.toml:2:{}: error[EP0808]", key.len() + 4);
        assert!(ran.err.contains(&place), "{}", ran.err);
    }
}

#[test]
fn a_rule_is_switched_off_for_a_whole_repository_and_the_lock_takes_note() {
    let rules = edgeplan::rules::builtin();
    let folder = folder(&[("a.edgeplan", SPEC)]);
    let folder = folder.path();
    let before = run(folder, &["build", "a.edgeplan"]);
    assert_eq!(before.code, 0, "{}", before.err);
    let checked = run(folder, &["check", "--format", "json", "a.edgeplan"]);
    let findings: Vec<serde_json::Value> = serde_json::from_str(&checked.out).unwrap();
    let warns = |rule: &&Rule| {
        let code = rule.code.to_string();
        rule.level != Level::Reject && findings.iter().any(|one| one["code"] == code)
    };
    let warning: Vec<&Rule> = rules.rules.iter().filter(warns).collect();
    assert!(!warning.is_empty());
    let mut levels = String::from("[levels]\n");
    for rule in &warning {
        levels.push_str(&format!("{} = \"off\"\n", rule.id));
    }
    write(folder, "edgeplan.toml", &levels);
    let off = run(folder, &["check", "--format", "json", "a.edgeplan"]);
    let left: Vec<serde_json::Value> = serde_json::from_str(&off.out).unwrap();
    assert!(left.len() < findings.len(), "{levels}");
    let lock = run(folder, &["build", "--locked", "a.edgeplan"]);
    assert_eq!(lock.code, 3, "the digest of the rules is another");
}

#[test]
fn the_reference_names_every_key_and_its_example_is_read() {
    let page = read(&root().join("docs/reference/config.md"));
    let (_, example) = page.split_once("```toml\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let folder = folder(&[
        ("edgeplan.toml", example),
        ("edgeplan/catalog/empty.yaml", ""),
        ("a.edgeplan", SPEC),
    ]);
    let checked = run(folder.path(), &["check", "a.edgeplan"]);
    assert!(!checked.err.contains("edgeplan.toml"), "{}", checked.err);
    let schema = read(&root().join("docs/schemas/config.schema.json"));
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    for (key, property) in schema["properties"].as_object().unwrap() {
        assert!(page.contains(&format!("- `{key}` (")), "{key}");
        assert!(property["description"].as_str().is_some(), "{key}");
    }
    let parsed: serde_json::Value = toml::from_str(example).unwrap();
    assert_eq!(schema::faults(&schema, &parsed), [""; 0]);
    let unknown = serde_json::json!({ "langg": "en" });
    assert_eq!(
        schema::faults(&schema, &unknown),
        [": additionalProperties"]
    );
}

#[test]
fn known_findings_do_not_fail_and_stale_entries_are_reported() {
    let folder = folder(&[("specs/a.edgeplan", BROKEN), ("specs/b.edgeplan", SPEC)]);
    let folder = folder.path();
    let mut screens = String::new();
    let mut show = |at: &Path, arguments: &[&str], expected: i32| {
        let ran = run(at, arguments);
        screens.push_str(&format!("$ edgeplanc {}\n{}", arguments.join(" "), ran.err));
        screens.push_str(&format!("[{}]\n\n", ran.code));
        assert_eq!(ran.code, expected, "{arguments:?}\n{}", ran.err);
    };
    let known = ["check", "--baseline", "specs/known.yaml", "specs"];
    show(folder, &known, 2);
    show(
        folder,
        &[
            "check",
            "--baseline",
            "specs/known.yaml",
            "--write-baseline",
            "specs",
        ],
        0,
    );
    show(folder, &known, 0);
    // The same from another folder, and with lines above the finding.
    write(folder, "specs/a.edgeplan", &format!("# a note\n\n{BROKEN}"));
    show(
        &folder.join("specs"),
        &["check", "--baseline", "known.yaml", "."],
        0,
    );
    // A new finding fails, and the old one stays known.
    write(
        folder,
        "specs/a.edgeplan",
        &format!("{BROKEN}platfrm android\n"),
    );
    show(folder, &known, 1);
    // Mended.
    write(folder, "specs/a.edgeplan", SPEC);
    show(folder, &known, 0);
    // A file of somebody else is left alone.
    write(folder, "notes.yaml", "mine: 1\n");
    show(
        folder,
        &[
            "check",
            "--baseline",
            "notes.yaml",
            "--write-baseline",
            "specs",
        ],
        2,
    );
    show(folder, &["check", "--baseline", "notes.yaml", "specs"], 2);
    let baseline = read(&folder.join("specs/known.yaml"));
    assert_snapshot(
        "repository",
        "baseline",
        &format!("{screens}--\n{baseline}"),
    );
}

/// A git repository with a committed spec, its plan and a revision `origin/main`.
fn repository() -> tempfile::TempDir {
    let folder = folder(&[("specs/chat.edgeplan", SPEC)]);
    let path = folder.path();
    assert_eq!(run(path, &["fmt", "specs"]).code, 0);
    assert_eq!(run(path, &["build", "specs"]).code, 0);
    for arguments in [
        ["init", "--quiet", "."].as_slice(),
        &["add", "."],
        &["commit", "--quiet", "-m", "plan"],
        &["update-ref", "refs/remotes/origin/main", "HEAD"],
    ] {
        git(path, arguments);
    }
    folder
}

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

/// One `run:` step, with the command at hand.
fn step(folder: &Path, script: &str, variables: &BTreeMap<String, String>) -> Output {
    let command = PathBuf::from(env!("CARGO_BIN_EXE_edgeplanc"));
    let mut path = command.parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap());
    Command::new("bash")
        .args(["-e", "-o", "pipefail", "-c", script])
        .current_dir(folder)
        .env("PATH", path)
        .env("LC_ALL", "C")
        .env("GITHUB_STEP_SUMMARY", folder.join("summary.md"))
        .envs(variables)
        .output()
        .unwrap()
}

/// The `run:` steps of a list of steps that call the command: name, script, variables as written.
fn steps(list: &Value) -> Vec<(String, String, BTreeMap<String, String>)> {
    let steps = list.as_sequence().unwrap().iter();
    let steps = steps.filter_map(|step| {
        let script = step.get("run")?.as_str()?;
        let name = step.get("name")?.as_str()?;
        let variables = step.get("env").and_then(Value::as_mapping);
        let variables = variables.into_iter().flatten().map(|(name, value)| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            (text(name), text(value))
        });
        (!script.contains("cargo install"))
            .then(|| (name.to_owned(), script.to_owned(), variables.collect()))
    });
    steps.collect()
}

#[cfg(unix)]
#[test]
fn the_workflow_of_the_guide_runs() {
    let guide = read(&root().join("docs/guides/ci.md"));
    let (_, block) = guide.split_once("```yaml\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let workflow: Value = serde_yaml::from_str(block).unwrap();
    let steps = steps(&workflow["jobs"]["plans"]["steps"]);
    assert!(steps.len() >= 5, "{steps:?}");
    let folder = repository();
    let path = folder.path();
    let all = |expected: &[i32]| {
        let mut codes = Vec::new();
        let mut said = String::new();
        for (name, script, variables) in &steps {
            let variables = variables.iter().map(|(name, value)| {
                (
                    name.clone(),
                    value.replace("${{ github.base_ref }}", "main"),
                )
            });
            let done = step(path, script, &variables.collect());
            codes.push(done.status.code().unwrap());
            let err = String::from_utf8_lossy(&done.stderr);
            said.push_str(&format!(
                "{name}: {err}{}\n",
                String::from_utf8_lossy(&done.stdout)
            ));
        }
        assert_eq!(codes, expected, "{said}");
    };
    // As committed, everything is fine.
    all(&[0, 0, 0, 0, 0, 0]);
    let results = read(&path.join("results.xml"));
    assert!(results.starts_with("<?xml"));
    let report: serde_json::Value =
        serde_json::from_str(&read(&path.join("edgeplan.sarif"))).unwrap();
    assert_eq!(report["version"], "2.1.0");
    let summary = path.join("summary.md");
    assert!(read(&summary).starts_with("specs that differ: 0;"));
    // A run has a summary of its own.
    fs::remove_file(&summary).unwrap();
    // The spec asks for smaller phones and the plan was not built again: the comparison fails and the summary says why.
    write(path, "specs/chat.edgeplan", &SPEC.replace("8 GB", "4 GB"));
    assert_eq!(run(path, &["fmt", "specs"]).code, 0);
    all(&[0, 0, 0, 3, 0, 0]);
    let summary = read(&summary);
    assert!(summary.starts_with("### Plan: "), "{summary}");
    assert!(summary.contains("| Phones |"), "{summary}");
}

#[cfg(unix)]
#[test]
fn the_action_runs() {
    let action: Value = serde_yaml::from_str(&read(&root().join("action.yml"))).unwrap();
    let inputs = action["inputs"].as_mapping().unwrap();
    let steps = steps(&action["runs"]["steps"]);
    assert_eq!(steps.len(), 3, "{steps:?}");
    let folder = repository();
    let path = folder.path();
    let all = |given: &[(&str, &str)]| -> Vec<i32> {
        let value = |name: &str| {
            let given = given.iter().find(|(key, _)| *key == name);
            let default = || inputs[name]["default"].as_str().unwrap().to_owned();
            given.map_or_else(default, |(_, value)| (*value).to_owned())
        };
        let ran = steps.iter().map(|(_, script, variables)| {
            let variables = variables.iter().map(|(name, text)| {
                let input = text
                    .trim_start_matches("${{ inputs.")
                    .trim_end_matches(" }}");
                (name.clone(), value(input))
            });
            step(path, script, &variables.collect())
                .status
                .code()
                .unwrap()
        });
        ran.collect()
    };
    let sarif = ("sarif", "report.sarif");
    assert_eq!(all(&[("specs", "specs"), sarif]), [0, 0, 0]);
    assert_eq!(all(&[sarif, ("plans", "locked")]), [0, 0, 0]);
    write(path, "specs/chat.edgeplan", BROKEN);
    assert_eq!(all(&[sarif]), [0, 1, 1]);
    let known = [
        "check",
        "--baseline",
        "known.yaml",
        "--write-baseline",
        "specs",
    ];
    assert_eq!(run(path, &known).code, 0);
    let known = ("baseline", "known.yaml");
    assert_eq!(all(&[sarif, known]), [0, 0, 0]);
    // A path with a space, told from the next one by a line end.
    write(path, "a b/chat.edgeplan", BROKEN);
    assert_eq!(all(&[("specs", "a b\nspecs\n"), sarif, known]), [0, 1, 0]);
}

#[cfg(unix)]
#[test]
fn the_hooks_run() {
    let hooks: Value = serde_yaml::from_str(&read(&root().join(".pre-commit-hooks.yaml"))).unwrap();
    let folder = repository();
    let path = folder.path();
    let hooks = hooks.as_sequence().unwrap();
    let all = || -> Vec<i32> {
        let ran = hooks.iter().map(|hook| {
            assert_eq!(hook["files"], r"\.edgeplan$");
            let script = format!("{} specs/chat.edgeplan", hook["entry"].as_str().unwrap());
            let done = step(path, &script, &BTreeMap::new());
            done.status.code().unwrap()
        });
        ran.collect()
    };
    assert_eq!(all(), [0, 0, 0]);
    write(path, "specs/chat.edgeplan", BROKEN);
    assert_eq!(all()[1], 1);
}
