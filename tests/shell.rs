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
    for entry in std::fs::read_dir(&out).unwrap() {
        let path = entry.unwrap().path();
        // What it warns of would be shown wrong somewhere. Pages have no date, as plans have none.
        let arguments = ["-T", "lint", "-W", "warning", path.to_str().unwrap()];
        if let Some(done) = shell("mandoc", &arguments) {
            let said = String::from_utf8_lossy(&done.stdout).into_owned();
            let wrong = said.lines().filter(|line| !line.contains("missing date"));
            assert_eq!(wrong.collect::<Vec<_>>(), [""; 0]);
        }
    }
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

/// A folder with the command on the path of what runs in it, and the script of a shell.
fn prepared(shell: &str, script: &str) -> (tempfile::TempDir, std::ffi::OsString) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(script), run(&["completions", shell]).out).unwrap();
    let command = std::path::Path::new(env!("CARGO_BIN_EXE_edgeplanc"));
    let mut path = command.parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap());
    (folder, path)
}

#[cfg(unix)]
#[test]
fn fish_completes_commands_options_and_values() {
    let (folder, path) = prepared("fish", "edgeplanc.fish");
    let offered = |line: &str| {
        let asked = format!("source edgeplanc.fish; complete --do-complete '{line}'");
        let mut fish = Command::new("fish");
        fish.args(["--no-config", "-c", &asked]);
        let done = fish.env("PATH", &path).current_dir(folder.path()).output();
        done.ok()
            .map(|done| String::from_utf8_lossy(&done.stdout).into_owned())
    };
    let Some(commands) = offered("edgeplanc wat") else {
        return;
    };
    assert!(commands.starts_with("watch"), "{commands}");
    let options = offered("edgeplanc check --base").unwrap();
    assert!(options.contains("--baseline"), "{options}");
    let formats = offered("edgeplanc check --format ").unwrap();
    for format in ["sarif", "github", "gitlab", "junit"] {
        assert!(formats.contains(format), "{formats}");
    }
}

/// zsh only completes at a prompt, so its completion functions are replaced by ones that say what they were given.
#[cfg(unix)]
#[test]
fn zsh_loads_the_script_and_knows_every_command() {
    let (folder, _) = prepared("zsh", "_edgeplanc");
    let asked = "fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; \
        whence -w _edgeplanc; print -r -- $_comps[edgeplanc]; \
        _describe() { local list=$4; print -rl -- ${(P)list}; }; source ./_edgeplanc; _edgeplanc_commands";
    let mut zsh = Command::new("zsh");
    zsh.args(["-f", "-c", asked]).current_dir(folder.path());
    let Ok(done) = zsh.output() else {
        return;
    };
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(said.contains("_edgeplanc: function"), "{said}");
    for command in ["watch:", "why-not:", "check:", "diff:"] {
        assert!(said.contains(command), "{command} in {said}");
    }
}

#[test]
fn power_shell_is_told_every_command_and_its_braces_close() {
    let script = run(&["completions", "powershell"]).out;
    assert!(script.contains("Register-ArgumentCompleter -Native -CommandName 'edgeplanc'"));
    for command in ["watch", "why-not", "check", "diff"] {
        assert!(
            script.contains(&format!("'edgeplanc;{command}' {{")),
            "{command}"
        );
    }
    // Texts stand in single quotes, where a quote is written twice.
    let code: String = script.split('\'').step_by(2).collect();
    for (open, close) in [('{', '}'), ('(', ')'), ('[', ']')] {
        assert_eq!(
            code.matches(open).count(),
            code.matches(close).count(),
            "{open}"
        );
    }
}
