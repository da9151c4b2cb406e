//! Manual pages and completions, each read by the program it is for where that is at hand.

use std::process::{Command, Output};

use crate::support::{read, root, run};

/// Runs a shell; `None` where it is not installed.
fn shell(name: &str, arguments: &[&str]) -> Option<Output> {
    Command::new(name).args(arguments).output().ok()
}

#[test]
fn a_manual_page_for_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("man1");
    let ran = run(&["man", "--out", out.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let page = |name: &str| read(&out.join(format!("{name}.1")));
    assert_eq!(page("edgeplanc"), run(&["man"]).out);
    // The commands as the reference has them.
    let reference = read(&root().join("docs/reference/cli.md"));
    let mut pages = 1;
    for line in reference.lines() {
        let Some((_, rest)) = line.split_once("# `edgeplanc ") else {
            continue;
        };
        let command = format!("edgeplanc-{}", rest.trim_end_matches('`').replace(' ', "-"));
        let text = page(&command);
        assert!(text.contains(".TH "), "{command}");
        assert!(text.contains(".SH SYNOPSIS"), "{command}");
        assert!(
            !text.contains(".SH NAME\n.\n"),
            "{command} says nothing of itself"
        );
        pages += 1;
    }
    let written = std::fs::read_dir(&out).unwrap().count();
    assert_eq!(written, pages, "no page without a command");
    if let Some(done) = shell("man", &["--version"]).filter(|done| done.status.success()) {
        drop(done);
        let path = out.join("edgeplanc-build.1");
        let shown = Command::new("man")
            .args(["-l", path.to_str().unwrap()])
            .env("MANWIDTH", "100")
            .output()
            .unwrap();
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        assert!(shown.is_empty() || shown.contains("SYNOPSIS"), "{shown}");
    }
}

#[test]
fn completions_are_scripts_of_their_shells() {
    let folder = tempfile::tempdir().unwrap();
    let shells: [(&str, &[&str]); 4] = [
        ("bash", &["-n"]),
        ("zsh", &["-n"]),
        ("fish", &["--no-execute"]),
        ("powershell", &[]),
    ];
    for (name, checks) in shells {
        let ran = run(&["completions", name]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        for word in ["why-not", "write-baseline", "watch", "junit"] {
            assert!(ran.out.contains(word), "{name}: no {word}");
        }
        let path = folder.path().join(name);
        std::fs::write(&path, &ran.out).unwrap();
        let mut arguments = checks.to_vec();
        arguments.push(path.to_str().unwrap());
        if let Some(done) = shell(name, &arguments).filter(|_| !checks.is_empty()) {
            let said = String::from_utf8_lossy(&done.stderr).into_owned();
            assert!(done.status.success(), "{name}: {said}");
        }
    }
}

/// What bash offers after a line, asked the way it asks: the last word is the one to complete.
fn offered(words: &[&str]) -> Vec<String> {
    let script = run(&["completions", "bash"]).out;
    let line: String = words.iter().map(|word| format!("'{word}' ")).collect();
    let before = words[words.len() - 2];
    let last = words[words.len() - 1];
    let asked = format!(
        "{script}\nCOMP_WORDS=({line})\nCOMP_CWORD={}\n_edgeplanc edgeplanc '{last}' '{before}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.len() - 1
    );
    let done = shell("bash", &["-c", &asked]).unwrap();
    let out = String::from_utf8_lossy(&done.stdout).into_owned();
    out.lines().map(str::to_owned).collect()
}

#[cfg(unix)]
#[test]
fn bash_completes_commands_options_and_values() {
    assert_eq!(offered(&["edgeplanc", "wat"]), ["watch"]);
    assert!(offered(&["edgeplanc", "check", "--base"]).contains(&"--baseline".to_owned()));
    let formats = offered(&["edgeplanc", "check", "--format", ""]);
    for format in ["sarif", "github", "gitlab", "junit"] {
        assert!(formats.contains(&format.to_owned()), "{formats:?}");
    }
}
