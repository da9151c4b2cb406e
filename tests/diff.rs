//! `edgeplanc diff`: plans, specs and revisions against each other.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{Run, assert_snapshot, run_in};

const SPEC: &str = "edgeplan 1\nplatform ios\nram 6 GB .. 8 GB\nfeature chat \"Chat\"\n";

fn run(folder: &Path, arguments: &[&str]) -> Run {
    run_in(folder, arguments, b"")
}

/// A repository whose committed spec and plan ask for more memory than the working tree's.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::create_dir(path.join("specs")).unwrap();
    let spec = path.join("specs/chat.edgeplan");
    fs::write(&spec, SPEC).unwrap();
    assert_eq!(run(path, &["build", "specs"]).code, 0);
    for arguments in [
        ["init", "--quiet", "."].as_slice(),
        &["add", "."],
        &["commit", "--quiet", "-m", "plan"],
    ] {
        let done = Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
            .args(arguments)
            .current_dir(path)
            .status()
            .unwrap();
        assert!(done.success());
    }
    fs::write(&spec, SPEC.replace("6 GB ..", "4 GB ..")).unwrap();
    folder
}

#[test]
fn plans_specs_and_revisions_are_compared() {
    let folder = repository();
    let path = folder.path();
    let (old, new) = ("HEAD:specs/chat.edgeplan", "specs/chat.edgeplan");
    let text = run(path, &["diff", old, new]);
    assert_eq!(text.code, 0, "{}", text.err);
    let markdown = run(path, &["diff", "--format", "markdown", old, new]);
    let chinese = run(
        path,
        &["diff", "--format", "markdown", "--lang", "zh-CN", old, new],
    );
    let screens = [&text, &markdown, &chinese].map(|ran| ran.out.as_str());
    assert_snapshot("diff", "spec-in-a-revision", &screens.join("\n--\n"));
    // The committed plan is that of the committed spec, however it is named.
    for same in [
        "HEAD:specs/chat.plan.json",
        "specs/chat.plan.json",
        "HEAD:./specs/chat.edgeplan",
    ] {
        let ran = run(path, &["diff", "--exit-code", same, old]);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (0, "the plans are the same\n"),
            "{same}"
        );
        assert_eq!(run(path, &["diff", same, new]).out, text.out);
    }
    assert_eq!(run(path, &["diff", "--exit-code", old, new]).code, 3);
    let backwards = run(path, &["diff", new, old]);
    assert_ne!(backwards.out, text.out);
    let json = run(path, &["diff", "--format", "json", old, new]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert!(!json["changed"].as_array().unwrap().is_empty());
    // From the folder of the spec, paths are those of that folder.
    let inside = run(
        &path.join("specs"),
        &["diff", "HEAD:chat.edgeplan", "chat.edgeplan"],
    );
    assert_eq!(inside.out, text.out, "{}", inside.err);
    // A revision by itself is the same file as it was then.
    for (old, new, same) in [("HEAD", new, &text.out), (new, "HEAD", &backwards.out)] {
        let ran = run(path, &["diff", old, new]);
        assert_eq!(&ran.out, same, "{}", ran.err);
    }
    let typed = run(path, &["diff", "HEAD^^", new]);
    assert_eq!(typed.code, 2, "{}", typed.out);
    assert!(typed.err.contains("HEAD^^"), "{}", typed.err);
}

#[test]
fn the_specs_of_two_folders_are_compared_by_their_paths() {
    let folder = repository();
    let path = folder.path();
    fs::create_dir(path.join("specs/more")).unwrap();
    fs::write(path.join("specs/more/new.edgeplan"), SPEC).unwrap();
    let text = run(path, &["diff", "HEAD:specs", "specs"]);
    assert_eq!(text.code, 0, "{}", text.err);
    let markdown = ["diff", "--format", "markdown", "HEAD:specs", "specs"];
    let markdown = run(path, &markdown);
    let screens = [&text, &markdown].map(|ran| ran.out.as_str());
    assert_snapshot("diff", "folders", &screens.join("--\n"));
    // However the folder of the revision is named, and from wherever.
    assert_eq!(run(path, &["diff", "HEAD", "specs"]).out, text.out);
    assert_eq!(run(path, &["diff", "HEAD:./specs/", "specs"]).out, text.out);
    let inside = run(&path.join("specs"), &["diff", "HEAD:specs", "."]);
    assert_eq!(inside.out, text.out, "{}", inside.err);
    let json = run(path, &["diff", "--format", "json", "specs", "HEAD:specs"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let specs = json["specs"].as_array().unwrap();
    let named: Vec<_> = specs.iter().map(|one| one["spec"].as_str()).collect();
    assert_eq!(named, [Some("chat.edgeplan"), Some("more/new.edgeplan")]);
    assert_eq!(specs[1]["changed"][0]["status"], "gone");
    let same = run(path, &["diff", "--exit-code", "specs", "specs"]);
    assert_eq!(
        (same.code, same.out.lines().count()),
        (0, 1),
        "{}",
        same.out
    );
    assert_eq!(run(path, &["diff", "--exit-code", "HEAD", "specs"]).code, 3);
    // One that gives no plan does not hide the others.
    fs::write(path.join("specs/broken.edgeplan"), "edgeplan 1\nnonsense\n").unwrap();
    let broken = run(path, &["diff", "--exit-code", "HEAD", "specs"]);
    assert_eq!(broken.code, 1);
    assert!(broken.err.contains("EP0102"), "{}", broken.err);
    let markdown = run(path, &["diff", "--format", "markdown", "HEAD", "specs"]);
    let screens = [&broken, &markdown].map(|ran| ran.out.as_str());
    assert_snapshot("diff", "broken", &screens.join("--\n"));
    let gone = run(path, &["diff", "nowhere:specs", "specs"]);
    assert!(gone.err.contains("nowhere"), "{}", gone.err);
    for mixed in [
        ["HEAD:specs", "specs/chat.edgeplan"],
        ["HEAD:docs", "specs"],
    ] {
        let ran = run(path, &[&["diff"][..], &mixed].concat());
        assert_eq!(ran.code, 2, "{}", ran.out);
    }
    fs::create_dir(path.join("empty")).unwrap();
    assert_eq!(run(path, &["diff", "empty", "empty"]).code, 2);
}

/// A rule of a team: a model is not wanted any more.
const RULE: &str = "\
id: not-cleared
code: EP0412
level: reject
when: model.id = \"MODEL\"
message:
  en: \"{model.name} is not cleared\"
  zh: \"{model.name} 未获批准\"
remedy:
  en: choose another model
  zh: 请选择其他模型
sources: [llmfit]
examples:
  fires:
    - { model.id: MODEL }
  passes:
    - { model.id: other }
";

#[test]
fn every_kind_of_change_is_told() {
    let folder = repository();
    let path = folder.path();
    let spec = path.join("specs/chat.edgeplan");
    let (old, new) = ("HEAD:specs/chat.edgeplan", "specs/chat.edgeplan");
    let mut screens = String::new();
    let mut show = |what: &str, (old, new): (&str, &str), text: &str, more: &[&str]| {
        fs::write(&spec, text).unwrap();
        screens.push_str(&format!("== {what}\n"));
        for (format, lang) in [("text", "en"), ("markdown", "en"), ("markdown", "zh-CN")] {
            let own = ["diff", "--format", format, "--lang", lang, old, new];
            let ran = run(path, &[&own, more].concat());
            assert_eq!(ran.code, 0, "{what}: {}", ran.err);
            screens.push_str(&format!("{}--\n", ran.out));
        }
    };
    let both = (old, new);
    show(
        "a class is gone",
        both,
        &SPEC.replace("6 GB .. 8 GB", "8 GB"),
        &[],
    );
    show(
        "another model",
        both,
        &format!("{SPEC}prefer download > quality\n"),
        &[],
    );
    show(
        "other numbers",
        both,
        &SPEC.replace("\"Chat\"", "\"Chat\" { context 16384 tokens }"),
        &[],
    );
    show(
        "another feature",
        both,
        &format!("{SPEC}feature find \"Search\" {{ task search }}\n"),
        &[],
    );
    // The committed plan against its own spec under another rule.
    let lock = fs::read_to_string(path.join("specs/chat.edgeplan.lock")).unwrap();
    let mut models = lock
        .lines()
        .filter_map(|line| line.trim().strip_prefix("model: "));
    let rule = RULE.replace("MODEL", models.next().unwrap());
    fs::create_dir(path.join("rules")).unwrap();
    fs::write(path.join("rules/not-cleared.yaml"), rule).unwrap();
    let plan = "HEAD:specs/chat.plan.json";
    show("another rule", (plan, new), SPEC, &["--rules", "rules"]);
    assert_snapshot("diff", "kinds-of-change", &screens);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let folder = repository();
    let path = folder.path();
    let spec = "specs/chat.edgeplan";
    // A side, and what is said of it.
    for (side, said) in [
        ("nowhere:specs/chat.edgeplan", "git gives no `nowhere:"),
        ("HEAD:specs/none.edgeplan", "git gives no `HEAD:"),
        ("--output=x:specs/chat.edgeplan", "--output=x"),
        ("none.edgeplan", "there is no `none.edgeplan`; where it was"),
        ("specs/chat.edgeplan.lock", "edgeplan.lock` is a lock"),
        ("HEAD:specs/chat.edgeplan.lock", "edgeplan.lock` is a lock"),
        ("specs/none.edgeplan.lock", "edgeplan.lock` is a lock"),
        ("HEAD:specs", "`HEAD:specs` is a folder"),
        ("specs", "`specs` is a folder"),
        ("specs/chat.plan.md", "is a page for people"),
        ("HEAD:specs/chat.plan.md", "is a page for people"),
    ] {
        let ran = run(path, &["diff", "--", side, spec]);
        assert_eq!(ran.code, 2, "{side}: {}", ran.err);
        assert!(ran.err.contains(said), "{side}: {}", ran.err);
        assert!(!ran.err.contains("panic"), "{}", ran.err);
    }
    assert!(!path.join("x").exists());
    fs::write(path.join("specs/bad.plan.json"), "{}").unwrap();
    assert_eq!(run(path, &["diff", "specs/bad.plan.json", spec]).code, 2);
    fs::write(path.join(spec), "edgeplan 1\n").unwrap();
    assert_eq!(
        run(path, &["diff", "HEAD:specs/chat.edgeplan", spec]).code,
        1
    );
}

#[test]
fn a_path_in_a_revision_is_understood_from_here_and_from_the_top() {
    let folder = repository();
    let path = folder.path().join("specs");
    for old in ["HEAD:chat.edgeplan", "HEAD:specs/chat.edgeplan"] {
        let ran = run(&path, &["diff", "--exit-code", old, "chat.plan.json"]);
        assert_eq!(ran.code, 0, "{old}: {}", ran.err);
    }
}

#[test]
fn a_file_that_was_replaced_is_a_difference() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let spec = "edgeplan 1\nplatform ios\nram 6 GB .. 8 GB\n\
        feature voice \"Read aloud\" {\n  task speak\n  languages en\n}\npin voice.model = \"piper-en_us-amy-medium\"\n";
    fs::write(path.join("voice.edgeplan"), spec).unwrap();
    assert_eq!(run(path, &["build", "voice.edgeplan"]).code, 0);
    let plan = fs::read_to_string(path.join("voice.plan.json")).unwrap();
    let (_, after) = plan.split_once("\"sha256\": \"").expect("a digest");
    let digest = after.get(..64).expect("64 digits");
    for (old, code, said) in [
        (plan.replace(digest, &"0".repeat(64)), 3, true),
        // A digest that is not on record says nothing of the file.
        (plan.replace(&format!("\"{digest}\""), "null"), 0, false),
    ] {
        fs::write(path.join("old.plan.json"), old).unwrap();
        let plans = ["old.plan.json", "voice.plan.json"];
        for more in [&[] as &[&str], &["--format", "markdown"]] {
            let ran = run(path, &[&["diff", "--exit-code"], more, &plans].concat());
            assert_eq!(ran.code, code, "{}{}", ran.out, ran.err);
            assert_eq!(
                ran.out.contains("same name, other bytes"),
                said,
                "{}",
                ran.out
            );
        }
    }
}
