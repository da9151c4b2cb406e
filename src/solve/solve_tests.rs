//! The solver on the built-in catalog and rules.

use super::testing::{feature, pin, place, spec};
use super::types::{Edit, Outcome, Solution};
use super::{Ask, Locked, Stop, diagnostics, solve_asked, unless_stopped};
use crate::catalog::builtin;
use crate::catalog::types::Role;
use crate::diagnostic::{Code, Diagnostic, Sources, Text};
use crate::quantity::{Bytes, Seconds};
use crate::rules;
use crate::spec::model::{Asked, Residency, Spec, Task};

fn answer(spec: &Spec) -> Solution {
    let ask = Ask {
        beside: true,
        ..Ask::default()
    };
    solve_asked(builtin(), rules::builtin(), spec, &ask)
}

fn report(spec: &Spec) -> Vec<Diagnostic> {
    let mut sources = Sources::new();
    sources.add("test.edgeplan", "#".repeat(64));
    diagnostics(
        &answer(spec),
        spec,
        builtin(),
        rules::builtin(),
        &mut sources,
    )
}

fn chat(platform: &str, gib: u32) -> Spec {
    let mut spec = spec(platform, gib, Some(gib));
    spec.features.push(feature("chat", Task::Chat));
    spec
}

#[test]
fn a_chat_on_a_good_phone_has_an_answer_within_its_limits() {
    for platform in ["android", "ios"] {
        let solution = answer(&chat(platform, 8));
        let Outcome::Feasible(chosen) = &solution.classes[0].outcome else {
            panic!("nothing for {platform}");
        };
        assert!(chosen.totals.memory.high <= chosen.totals.memory_budget);
        assert!(chosen.picks[0].violations.is_empty());
        let up = chosen.runners_up[0].as_ref();
        let other = up.map(|up| up.candidate.stack.model);
        assert_ne!(other, Some(chosen.picks[0].stack.model));
        assert!(solution.single.is_some());
    }
}

#[test]
fn a_seventy_billion_model_is_refused_with_its_sum() {
    let mut spec = chat("android", 8);
    spec.demands.push(pin("chat", "llama-3.3-70b-instruct", 20));
    let found = report(&spec);
    let error = found.iter().find(|one| one.code == Code(301));
    let error = error.unwrap_or_else(|| panic!("{found:?}"));
    // The pin, the file's bytes, the platform's grant, the rule.
    assert_eq!(error.labels.len(), 4);
    assert_eq!(error.span(), Some(place(20)));
    assert!(!error.notes.is_empty() && !error.helps.is_empty());
}

#[test]
fn an_impossible_line_is_named_and_its_relaxation_is_tight() {
    let mut tight = chat("ios", 6);
    tight.features[0].ttft = Some(Asked::written(Seconds::new(0.02), place(30)));
    let solution = answer(&tight);
    let Outcome::Infeasible {
        conflicts,
        relaxations,
        ..
    } = &solution.classes[0].outcome
    else {
        panic!("20 ms should not do");
    };
    let lines = &conflicts[0].lines;
    assert!(lines.iter().any(|line| line.span == Some(place(30))));
    let Edit::Value { to, .. } = &relaxations[0].changes[0].edit else {
        panic!("a value should do");
    };
    let seconds: f64 = to.trim_end_matches(" s").parse().unwrap_or(0.0);
    assert!(seconds > 1.0, "{to}");
    let mut works = |seconds: f64| {
        tight.features[0].ttft = Some(Asked::written(Seconds::new(seconds), place(30)));
        matches!(answer(&tight).classes[0].outcome, Outcome::Feasible(_))
    };
    assert!(works(seconds));
    // From a second on values are written in tenths.
    assert!(!works(seconds - 0.1));
}

#[test]
fn what_has_too_many_reasons_is_explained_in_part() {
    let mut spec = chat("android", 8);
    let chats = builtin().models.iter();
    let chats = chats.filter(|model| model.roles.contains(&Role::Llm));
    // Any two of the pins are a conflict, and all but one of them a correction.
    for (at, model) in (3..).zip(chats.take(40)) {
        spec.demands.push(pin("chat", &model.id, at));
    }
    let solution = answer(&spec);
    let Outcome::Infeasible {
        conflicts,
        relaxations,
        complete,
        ..
    } = &solution.classes[0].outcome
    else {
        panic!("forty models in one slot");
    };
    assert!(!complete && (1..=8).contains(&conflicts.len()));
    // Changing 39 lines is no way out.
    assert!(relaxations.is_empty());
    let cut = Text::key("solve.conflict.cut");
    let found = report(&spec);
    let told = found.iter().filter(|one| one.notes.contains(&cut)).count();
    assert_eq!(told, 1);
}

#[test]
fn features_together_need_more_than_features_apart() {
    let mut apart = chat("android", 8);
    apart.features.push(feature("listen", Task::Transcribe));
    let mut together = apart.clone();
    together.features[1].residency = Asked::default(Residency::With(vec!["chat".to_owned()]));
    let memory = |spec: &Spec| match &answer(spec).classes[0].outcome {
        Outcome::Feasible(chosen) => Some(chosen.totals.memory.high),
        Outcome::Infeasible { .. } => None,
    };
    assert!(memory(&apart) < memory(&together));
}

#[test]
fn phones_nobody_sells_are_reported() {
    let found = report(&chat("android", 64));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code, Code(503));
}

#[test]
fn a_budget_below_the_app_itself_is_reported() {
    let mut poor = chat("android", 8);
    poor.budget.memory = Some(Asked::written(
        crate::spec::model::Amount::Absolute(Bytes::mib(1)),
        place(40),
    ));
    assert!(report(&poor).iter().any(|one| one.code == Code(624)));
}

#[test]
fn why_not_answers_for_models_too_large_too_weak_and_of_another_kind() {
    use super::types::Foil;
    use super::{why, why_not};
    let spec = chat("android", 8);
    let nothing = Locked::default();
    let foil = |model: &str| {
        let answer = why_not(builtin(), rules::builtin(), &spec, model, &nothing);
        let answer = answer.unwrap_or_else(|| panic!("no {model}"));
        assert!(!answer.lines(builtin(), rules::builtin(), &spec).is_empty());
        answer.answers[0].foil.clone()
    };
    assert!(matches!(foil("llama-3.3-70b-instruct"), Foil::Refused(_)));
    assert!(matches!(
        foil("qwen3-0.6b"),
        Foil::Loses { on: Some(_), .. }
    ));
    assert!(matches!(foil("whisper-tiny"), Foil::OtherRole));
    let unknown = why_not(builtin(), rules::builtin(), &spec, "no-such", &nothing);
    assert_eq!(unknown, None);

    let solution = answer(&spec);
    let why = why(builtin(), rules::builtin(), &spec, &solution, Some("chat"));
    assert_eq!(why.classes[0].slots.len(), 1);
    assert!(why.classes[0].slack[0].share > 0.0);
    assert!(!why.lines(builtin(), &spec).is_empty());
}

#[test]
fn tests_of_a_spec_are_run_with_their_parameters() {
    use super::check_tests;
    use crate::spec::model::{ExpectKind, Expectation, SpecTest};
    let mut tested = chat("android", 8);
    let expect = |kind, at| Expectation {
        span: place(at),
        kind,
        on: None,
    };
    tested.tests.push(SpecTest {
        name: "both".to_owned(),
        span: place(50),
        sets: Vec::new(),
        expects: vec![
            expect(ExpectKind::Feasible, 51),
            expect(ExpectKind::Infeasible, 52),
        ],
    });
    let mut sources = crate::diagnostic::Sources::new();
    let results = check_tests(
        builtin(),
        rules::builtin(),
        &tested,
        &mut sources,
        &mut |_| Ok(chat("android", 8)),
        &Locked::default(),
    );
    let passed: Vec<bool> = results[0].checks.iter().map(|check| check.passed).collect();
    assert_eq!(passed, [true, false]);
    assert!(!results[0].passed());
}

#[test]
fn a_search_ends_when_it_is_stopped_and_is_the_same_when_not() {
    let small = chat("ios", 8);
    let all = || answer(&small);
    assert_eq!(unless_stopped(&Stop::default(), all), Some(all()));
    // Many features that nothing can do: the reasons alone take long.
    let mut large = spec("android", 4, Some(16));
    for at in 0..24 {
        let name = format!("f{at}");
        large.features.push(feature(&name, Task::Chat));
        large.demands.push(pin(&name, "llama-3.3-70b-instruct", at));
    }
    for wait in [0, 30, 300] {
        let stop = Stop::default();
        let began = std::thread::scope(|scope| {
            let search = scope.spawn(|| unless_stopped(&stop, || answer(&large)));
            std::thread::sleep(std::time::Duration::from_millis(wait));
            stop.now();
            let began = std::time::Instant::now();
            let found = search.join().unwrap();
            found.is_none().then_some(began)
        });
        if let Some(began) = began {
            assert!(began.elapsed().as_secs() < 10, "{wait}");
        } else {
            assert!(wait > 0, "it was stopped before its first step");
        }
    }
}
