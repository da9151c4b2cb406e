//! The commands that ask further about a plan: `whatif`, `frontier`, `rules test`, `rules explain`.

use serde_json::Value;

use crate::support::{assert_snapshot, root, run, run_in};

fn json(arguments: &[&str]) -> Value {
    let run = run(arguments);
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {}", run.err))
}

#[test]
fn whatif_tells_what_another_value_changes_in_both_languages() {
    for lang in ["en", "zh-CN"] {
        let run = run(&[
            "whatif",
            "specs/diary.edgeplan",
            "--set",
            "min_ram=6GB",
            "--lang",
            lang,
        ]);
        assert_eq!(run.code, 0, "{}", run.err);
        assert_snapshot("asking", &format!("whatif.{lang}"), &run.out);
    }
}

#[test]
fn whatif_without_a_change_says_so_and_without_a_plan_ends_with_findings() {
    let same = json(&[
        "whatif",
        "specs/diary.edgeplan",
        "--set",
        "min_ram=8GB",
        "--format",
        "json",
    ]);
    assert_eq!(same["changed"], Value::Array(Vec::new()));
    assert_eq!(same["feasible"]["after"], true);

    let spec = "edgeplan 1\nplatform ios\nram 8 GB\nparam most = 3 GB\nfeature chat \"x\"\nbudget {\n  download <= $most\n}\n";
    let run = run_in(
        root(),
        &["whatif", "-", "--set", "most=20MB"],
        spec.as_bytes(),
    );
    assert_eq!(run.code, 1);
    assert!(run.out.contains("no plan any more"), "{}", run.out);
    assert!(run.err.contains("EP0501"), "{}", run.err);
}

#[test]
fn whatif_without_values_tells_where_every_bound_changes_the_plan_in_both_languages() {
    let spec = "specs/apps/clinic-intake.edgeplan";
    for lang in ["en", "zh-CN"] {
        let run = run(&["whatif", spec, "--lang", lang]);
        assert_eq!(run.code, 0, "{}", run.err);
        assert_snapshot("asking", &format!("steps.{lang}"), &run.out);
    }
    let told = json(&["whatif", spec, "--format", "json"]);
    let classes = told["classes"].as_array().unwrap();
    let bounds: Vec<&Value> = classes
        .iter()
        .flat_map(|class| class["bounds"].as_array().unwrap())
        .collect();
    assert_eq!(bounds.len(), 2 * classes.len());
    assert!(
        bounds
            .iter()
            .all(|bound| bound["slack"].as_f64() >= Some(0.0))
    );
    let binding = bounds.iter().filter(|bound| bound["binds"] == true);
    assert!(binding.count() <= classes.len());
}

#[test]
fn neighbouring_steps_of_a_bound_tell_different_answers() {
    let told = run(&["whatif", "specs/chat.edgeplan"]);
    assert_eq!(told.code, 0, "{}", told.err);
    let mut answers: Vec<&str> = Vec::new();
    for line in told.out.lines() {
        match line
            .split_once(" to ")
            .filter(|_| line.contains("tightened"))
        {
            Some((_, step)) => answers.extend(step.split_once(':').map(|(_, answer)| answer)),
            None => answers.clear(),
        }
        if let [.., before, last] = answers.as_slice() {
            assert_ne!(before, last, "{}", told.out);
        }
    }
}

#[test]
fn whatif_without_values_says_why_there_is_no_plan() {
    let run = run(&["whatif", "specs/infeasible/no-room.edgeplan"]);
    assert_eq!(run.code, 1);
    assert!(run.out.is_empty() && run.err.contains("EP0"), "{}", run.err);
}

#[test]
fn a_value_from_outside_is_mended_outside() {
    let spec = "edgeplan 1\nplatform ios\nram 8 GB\nparam most = 3 GB\nfeature chat \"x\"\nbudget {\n  download <= $most\n}\n";
    let run = run_in(
        root(),
        &["check", "-", "--set", "most=3", "--format", "json"],
        spec.as_bytes(),
    );
    assert_eq!(run.code, 1);
    let found: Value = serde_json::from_str(&run.out).unwrap();
    let found = found.as_array().unwrap();
    assert!(found.iter().any(|one| one["code"] == "EP0214"), "{found:?}");
    let fixed = |one: &&Value| {
        one["fixes"]
            .as_array()
            .is_some_and(|fixes| !fixes.is_empty())
    };
    assert_eq!(found.iter().find(fixed), None);
}

#[test]
fn why_and_why_not_are_told_in_both_languages() {
    let clinic = "specs/apps/clinic-intake.edgeplan";
    let manuals = "specs/apps/field-service-rag.edgeplan";
    for lang in ["en", "zh-CN"] {
        for (name, arguments) in [
            ("why", vec!["why", manuals]),
            (
                "why-not",
                vec!["why-not", manuals, "qwen3-4b-instruct-2507"],
            ),
            ("why-nothing-granted", vec!["why", "-"]),
            ("why-not-loses", vec!["why-not", clinic, "qwen3-0.6b"]),
        ] {
            // Nobody publishes what an app may take there.
            let spec = "edgeplan 1\nplatform harmonyos\nram 16 GB\nfeature chat \"x\"\n";
            let arguments = [arguments, vec!["--lang", lang]].concat();
            let run = run_in(root(), &arguments, spec.as_bytes());
            assert_eq!(run.code, 0, "{}", run.err);
            assert_snapshot("asking", &format!("{name}.{lang}"), &run.out);
        }
    }
}

#[test]
fn a_frontier_is_told_as_text_csv_and_json() {
    let ask = |format: &str, lang: &str| {
        let run = run(&[
            "frontier",
            "specs/chat.edgeplan",
            "--over",
            "memory,quality",
            "--class",
            "android-8gb",
            "--format",
            format,
            "--lang",
            lang,
        ]);
        assert_eq!(run.code, 0, "{}", run.err);
        run.out
    };
    for lang in ["en", "zh-CN"] {
        assert_snapshot("asking", &format!("frontier.{lang}"), &ask("text", lang));
    }
    let fronts: Value = serde_json::from_str(&ask("json", "en")).unwrap();
    let points = fronts["fronts"][0]["points"].as_array().unwrap();
    assert_eq!(
        points.iter().filter(|point| point["knee"] == true).count(),
        1
    );
    let table = ask("csv", "en");
    assert_eq!(table.lines().count(), 1 + points.len());
    assert!(table.starts_with(
        "class,slot,model,quantization,runtime,backend,kv,memory,quality,knee,chosen\r\n"
    ));
}

#[test]
fn an_unknown_objective_or_class_is_refused_with_the_known_ones() {
    let run_with = |over: &str, class: &str| {
        run_in(
            root(),
            &[
                "frontier",
                "specs/chat.edgeplan",
                "--over",
                over,
                "--class",
                class,
            ],
            b"",
        )
    };
    let wrong = run_with("beauty", "android-8gb");
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("cold-start"), "{}", wrong.err);
    let wrong = run_with("memory", "android-7gb");
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("android-8gb"), "{}", wrong.err);
}

#[test]
fn rules_are_tested_and_explained() {
    let tested = run(&["rules", "test", "--coverage"]);
    assert_eq!(tested.code, 0);
    assert!(tested.out.starts_with("rules: "), "{}", tested.out);
    for lang in ["en", "zh-CN"] {
        let run = run(&[
            "rules",
            "explain",
            "memory-over-budget",
            "specs/chat.edgeplan",
            "--lang",
            lang,
        ]);
        assert_eq!(run.code, 0, "{}", run.err);
        assert_snapshot("asking", &format!("rules-explain.{lang}"), &run.out);
    }
    assert_eq!(run(&["rules", "explain", "no-such-rule"]).code, 2);
}

/// A value that the spec needs is no change: with it alone the limits are moved.
#[test]
fn whatif_takes_a_needed_value_as_given() {
    let spec = "edgeplan 1\nplatform ios\nram 8 GB\nparam to: language\nparam most = 3 GB\n\
                feature menu \"x\" {\n  task translate\n  languages en -> $to\n}\nbudget {\n  download <= $most\n}\n";
    let ask = |arguments: &[&str]| {
        let arguments = [&["whatif", "-", "--set", "to=ja"], arguments].concat();
        let run = run_in(root(), &arguments, spec.as_bytes());
        assert_eq!(run.code, 0, "{}", run.err);
        run.out
    };
    let limits = ask(&[]);
    assert!(limits.contains("download <= $most"), "{limits}");
    let changed = ask(&["--set", "most=500MB"]);
    assert!(changed.contains("most = 500MB"), "{changed}");
    assert!(!changed.contains("to = ja"), "{changed}");
}

#[test]
fn why_refuses_a_stack_that_the_spec_lacks() {
    let ran = run(&["why", "specs/chat.edgeplan", "chatt"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("chat, chat.llm"), "{}", ran.err);
    assert_eq!(run(&["why", "specs/chat.edgeplan", "chat.llm"]).code, 0);
}

/// Where the catalog has nothing to judge, that is what is said, and not a near miss of something else.
#[test]
fn what_the_catalog_lacks_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let model = "sources:\n  - { id: own, title: own, kind: derived }\nmodels:\n  - id: own-model\n    name: Own Model\n    \
                 vendor: us\n    roles: [llm]\n    family: qwen3\n    sources: [own]\n";
    std::fs::write(folder.path().join("own.yaml"), model).unwrap();
    let own = folder.path().to_str().unwrap();
    let head = "edgeplan 1\nlocale en\nram 8 GB .. 16 GB\n";
    let pinned = "platform android\nfeature chat \"x\"\npin chat.model = \"own-model\"\n";
    let none = "platform harmonyos\nfeature find \"x\" {\n  task search\n}\n";
    let mut said = String::new();
    for (lang, spec) in [
        ("en", pinned),
        ("zh-CN", pinned),
        ("en", none),
        ("zh-CN", none),
    ] {
        let spec = format!("{head}{spec}");
        let ran = run_in(
            root(),
            &["check", "--catalog", own, "--lang", lang, "-"],
            spec.as_bytes(),
        );
        assert_eq!(ran.code, 1);
        said += &ran.err;
    }
    let spec = format!("{head}{pinned}");
    let foil = ["why-not", "--catalog", own, "-", "own-model"];
    said += &run_in(root(), &foil, spec.as_bytes()).out;
    assert_snapshot("asking", "lacking", &said);
}
