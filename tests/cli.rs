//! The command as a process: exit codes, streams, files, languages, colours.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use crate::support::{edgeplanc, root, run, run_in};

const SMALL: &str = "edgeplan 1\nplatform ios\nfeature chat \"Chat\"\nram >= 8 GB\n";
const HUGE_MODEL: &str = "edgeplan 1\nplatform android\nfeature chat \"x\"\nram >= 8 GB\n\
                          pin chat.model = \"llama-3.3-70b-instruct\"\n";

fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn exit_codes_say_how_it_went() {
    let folder = folder_with(&[
        ("good.edgeplan", SMALL),
        ("bad.edgeplan", "edgeplan 1\nplatfrm ios\n"),
    ]);
    let code = |arguments: &[&str]| run_in(folder.path(), arguments, b"").code;
    assert_eq!(code(&["check", "good.edgeplan"]), 0);
    assert_eq!(code(&["check", "bad.edgeplan"]), 1);
    assert_eq!(code(&["check", "missing.edgeplan"]), 2);
    assert_eq!(code(&["check"]), 2);
    assert_eq!(
        code(&["check", "good.edgeplan", "bad.edgeplan", "missing.edgeplan"]),
        2
    );
    assert_eq!(code(&["build", "--check", "good.edgeplan"]), 3);
    assert_eq!(code(&["explain", "EP9999"]), 2);
    assert_eq!(code(&["--help"]), 0);
    assert_eq!(code(&["--version"]), 0);
}

#[test]
fn a_model_no_phone_can_hold_is_refused_with_the_sum() {
    let refused = run_in(root(), &["check", "-"], HUGE_MODEL.as_bytes());
    assert_eq!(refused.code, 1, "{}", refused.err);
    for part in [
        "<stdin>:5:",
        "llama-3.3-70b-instruct",
        "peak_memory",
        "budget.memory",
        "catalog/",
        "rules/",
    ] {
        assert!(
            refused.err.contains(part),
            "no `{part}` in\n{}",
            refused.err
        );
    }
    assert_eq!(refused.out, "");
}

#[test]
fn findings_for_programs_go_to_standard_output() {
    let refused = run_in(
        root(),
        &["check", "--format", "json", "-"],
        HUGE_MODEL.as_bytes(),
    );
    assert_eq!(refused.code, 1);
    let findings: serde_json::Value = serde_json::from_str(&refused.out).unwrap();
    let first = &findings[0];
    for field in [
        "code", "severity", "file", "line", "column", "start", "end", "message", "url",
    ] {
        assert!(!first[field].is_null(), "no `{field}`");
    }
    for field in ["labels", "values", "fixes", "notes", "helps"] {
        assert!(first[field].is_array(), "no `{field}`");
    }
}

#[test]
fn short_findings_are_one_line_each() {
    let found = run_in(
        root(),
        &["check", "--message-format", "short", "-"],
        b"edgeplan 1\nplatfrm ios\n",
    );
    let first = found.err.lines().next().unwrap();
    assert!(first.starts_with("<stdin>:2:1: error[EP"), "{first}");
}

#[test]
fn the_plan_is_written_beside_the_spec_in_each_language() {
    let spec = format!("{SMALL}locale zh-CN, en\n");
    let folder = folder_with(&[("apps/chat.edgeplan", &spec)]);
    let built = run_in(folder.path(), &["build", "apps"], b"");
    assert_eq!(built.code, 0, "{}", built.err);
    assert_eq!(
        names(&folder.path().join("apps")),
        [
            "chat.edgeplan",
            "chat.edgeplan.lock",
            "chat.plan.en.md",
            "chat.plan.json",
            "chat.plan.md"
        ]
    );
    assert_eq!(
        run_in(folder.path(), &["build", "--check", "apps"], b"").code,
        0
    );
    let elsewhere = run_in(
        folder.path(),
        &["build", "apps", "--out", "apps", "--format", "html"],
        b"",
    );
    assert_eq!(elsewhere.code, 0, "{}", elsewhere.err);
    assert!(folder.path().join("apps/chat.plan.html").is_file());
}

#[test]
fn a_failed_build_leaves_what_was_there() {
    let folder = folder_with(&[("chat.edgeplan", SMALL)]);
    assert_eq!(
        run_in(folder.path(), &["build", "chat.edgeplan"], b"").code,
        0
    );
    let plan = folder.path().join("chat.plan.md");
    let before = fs::read_to_string(&plan).unwrap();
    fs::write(folder.path().join("chat.edgeplan"), HUGE_MODEL).unwrap();
    assert_eq!(
        run_in(folder.path(), &["build", "chat.edgeplan"], b"").code,
        1
    );
    assert_eq!(fs::read_to_string(&plan).unwrap(), before);
    assert_eq!(
        names(folder.path()),
        [
            "chat.edgeplan",
            "chat.edgeplan.lock",
            "chat.plan.json",
            "chat.plan.md"
        ]
    );
}

#[test]
fn files_of_others_are_left_alone() {
    let folder = folder_with(&[("chat.edgeplan", SMALL), ("chat.plan.md", "my notes\n")]);
    let refused = run_in(folder.path(), &["build", "chat.edgeplan"], b"");
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("chat.plan.md"), "{}", refused.err);
    assert_eq!(
        names(folder.path()),
        ["chat.edgeplan", "chat.plan.md"],
        "none or all"
    );
    assert_eq!(
        fs::read_to_string(folder.path().join("chat.plan.md")).unwrap(),
        "my notes\n"
    );
    assert_eq!(
        run_in(folder.path(), &["build", "--force", "chat.edgeplan"], b"").code,
        0
    );
    assert_eq!(
        run_in(folder.path(), &["build", "chat.edgeplan"], b"").code,
        0,
        "it is ours now"
    );
}

#[test]
fn two_builds_give_the_same_bytes() {
    let build = || run_in(root(), &["build", "--stdout", "specs/diary.edgeplan"], b"");
    let first = build();
    assert_eq!(first.code, 0, "{}", first.err);
    assert_eq!(first.out, build().out);
    let piped = fs::read(root().join("specs/diary.edgeplan")).unwrap();
    assert_eq!(run_in(root(), &["build", "-"], &piped).code, 0);
}

#[test]
fn formatting_rewrites_only_what_differs() {
    let folder = folder_with(&[(
        "a.edgeplan",
        "edgeplan   1\nplatform    ios\nfeature chat \"x\"\nram >=   8 GB\n",
    )]);
    let run = |arguments: &[&str]| run_in(folder.path(), arguments, b"");
    assert_eq!(run(&["fmt", "--check", "a.edgeplan"]).code, 3);
    assert!(run(&["fmt", "--diff", "a.edgeplan"]).out.contains("\n+"));
    assert_eq!(run(&["fmt", "a.edgeplan"]).code, 0);
    assert_eq!(run(&["fmt", "--check", "a.edgeplan"]).code, 0);
    assert_eq!(run(&["fmt", "--diff", "a.edgeplan"]).out, "");
}

#[test]
fn a_starter_spec_checks_and_is_never_overwritten() {
    for lang in ["en", "zh-CN"] {
        let folder = folder_with(&[]);
        let run = |arguments: &[&str]| run_in(folder.path(), arguments, b"");
        assert_eq!(run(&["init", "--lang", lang]).code, 0);
        let checked = run(&["check", "app.edgeplan"]);
        assert_eq!(checked.code, 0, "{}", checked.err);
        assert_eq!(
            run(&["fmt", "--check", "app.edgeplan"]).code,
            0,
            "{lang}: it is formatted"
        );
        assert_eq!(run(&["init"]).code, 2);
    }
}

#[test]
fn the_language_comes_from_the_option_or_the_environment() {
    let list = |locale: &str, arguments: &[&str]| {
        let mut command = edgeplanc(root(), arguments);
        let output = command.env("LC_ALL", locale).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(list("C", &["explain", "EP0801"]).contains("cannot be read"));
    assert!(list("zh_CN.UTF-8", &["explain", "EP0801"]).contains("无法读取文件"));
    assert!(list("zh_CN.UTF-8", &["explain", "EP0801", "--lang", "en"]).contains("cannot be read"));
    assert!(list("C", &["--lang", "zh-CN", "explain", "EP0801"]).contains("无法读取文件"));
}

#[test]
fn colour_is_for_terminals_and_those_who_ask() {
    let colours = |arguments: &[&str], variable: Option<&str>| {
        let mut command = edgeplanc(root(), arguments);
        if let Some(name) = variable {
            command.env(name, "1");
        }
        let output = command.output().unwrap();
        String::from_utf8_lossy(&output.stderr).contains('\x1b')
    };
    let broken = "specs/broken/units.edgeplan";
    assert!(!colours(&["check", broken], None), "a pipe is no terminal");
    assert!(colours(&["check", "--color", "always", broken], None));
    assert!(!colours(
        &["check", "--color", "never", broken],
        Some("CLICOLOR_FORCE")
    ));
    assert!(!colours(&["check", broken], Some("NO_COLOR")));
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_quiet() {
    let mut child = edgeplanc(root(), &["explain", "--list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn completions_are_made_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&["completions", shell]);
        assert_eq!(script.code, 0);
        assert!(script.out.contains("edgeplanc"), "{shell}");
    }
}

#[test]
fn a_folder_of_facts_is_checked_by_its_name_alone() {
    let folder = folder_with(&[("facts/own.yaml", "models:\n  - { id: own-model }\n")]);
    let named = run_in(folder.path(), &["catalog", "check", "facts"], b"");
    let optioned = run_in(
        folder.path(),
        &["catalog", "check", "--catalog", "facts"],
        b"",
    );
    assert_eq!(named.code, 2, "{}", named.err);
    assert!(named.err.contains("own.yaml:2:"), "{}", named.err);
    assert_eq!((named.code, named.err), (optioned.code, optioned.err));
    let both = run_in(
        folder.path(),
        &["catalog", "check", "facts", "--catalog", "facts"],
        b"",
    );
    assert!(both.err.contains("--catalog"), "{}", both.err);
}

#[test]
fn a_spec_named_twice_is_read_once() {
    let folder = folder_with(&[("specs/a.edgeplan", SMALL), ("specs/b.edgeplan", SMALL)]);
    let arguments = [
        "check",
        "specs",
        "./specs/a.edgeplan",
        "specs/../specs/b.edgeplan",
    ];
    let checked = run_in(folder.path(), &arguments, b"");
    assert!(checked.err.contains("specs: 2;"), "{}", checked.err);
    let arguments = ["build", "specs/a.edgeplan", "specs//a.edgeplan"];
    assert_eq!(run_in(folder.path(), &arguments, b"").code, 0);
}
