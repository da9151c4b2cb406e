//! The verifier of prose against sentences made by hand, against a second checker, and against changes of true sentences.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use edgeplan::catalog;
use edgeplan::diagnostic::Locale;
use edgeplan::prose::facts::{Attribute, Facts, Kind};
use edgeplan::prose::guide;
use edgeplan::prose::review::review;
use edgeplan::prose::verify::{Reason, Verifier, judged};
use edgeplan::quantity::Dimension;
use proptest::prelude::*;

use crate::support::{assert_snapshot, compile, read, root};

mod fixture;
#[cfg(feature = "slm")]
mod model;
mod plans;
mod random;
mod real;
mod second;

use fixture::{Case, corpus, facts};
use second::Sets;

/// Whether every sentence is accepted; else the reason of the first that is not.
fn verdict(verifier: &Verifier<'_>, text: &str) -> Result<(), Reason> {
    judged(verifier, text)
        .into_iter()
        .try_for_each(|judged| judged.verdict.map(|_| ()).map_err(|refusal| refusal.reason))
}

/// Least number of sentences of the corpus, both languages together.
const LEAST: usize = 500;

/// Largest share of true sentences that may be refused.
const MOST_REFUSED: f64 = 0.05;

#[test]
fn no_false_sentence_is_accepted_and_few_true_ones_are_refused() {
    let mut report = String::new();
    let mut total = 0;
    let mut wrong = Vec::new();
    for locale in Locale::ALL {
        let facts = facts(locale);
        let verifier = Verifier::new(&facts);
        let cases = corpus(locale);
        total += cases.len();
        let mut kinds: BTreeMap<(bool, String), (u32, u32)> = BTreeMap::new();
        for Case { holds, kind, text } in cases {
            let accepted = verdict(&verifier, &text).is_ok();
            let count = kinds.entry((holds, kind.clone())).or_default();
            count.0 += 1;
            count.1 += u32::from(accepted);
            if accepted && !holds {
                wrong.push(format!("{kind}: {text}"));
            }
        }
        let sum = |holds: bool| {
            let of = kinds.iter().filter(|((known, _), _)| *known == holds);
            of.fold((0, 0), |sum, (_, count)| (sum.0 + count.0, sum.1 + count.1))
        };
        let (all, accepted) = sum(true);
        let refused = f64::from(all - accepted) / f64::from(all);
        assert!(
            refused < MOST_REFUSED,
            "{locale}: {refused} of the true sentences are refused"
        );
        report.push_str(&format!("{locale}\n"));
        for ((holds, kind), (all, accepted)) in &kinds {
            let sign = if *holds { "true " } else { "false" };
            report.push_str(&format!("  {sign} {kind}: {accepted} of {all} accepted\n"));
        }
    }
    assert!(
        wrong.is_empty(),
        "accepted though false:\n{}",
        wrong.join("\n")
    );
    assert!(total >= LEAST, "{total} sentences");
    assert_snapshot("prose", "corpus", &report);
}

#[test]
fn what_is_accepted_holds_no_stranger() {
    for locale in Locale::ALL {
        let facts = facts(locale);
        let verifier = Verifier::new(&facts);
        let sets = Sets::of(&facts);
        for case in corpus(locale) {
            if verdict(&verifier, &case.text).is_ok() {
                assert_eq!(sets.stranger(&case.text), None, "{}", case.text);
            }
        }
    }
}

/// The second checker is of use only if it finds something.
#[test]
fn the_second_checker_finds_strangers() {
    let sets = Sets::of(&facts(Locale::En));
    for (text, stranger) in [
        ("On Android 8 GB, the peak memory is 9.99 GiB.", true),
        ("On Android 8 GB, the model is GPT-4o.", true),
        ("On Android 8 GB, the peak memory is 2.29 GiB.", false),
    ] {
        assert_eq!(sets.stranger(text).is_some(), stranger, "{text}");
    }
}

/// Every sentence of the guide's own text is accepted where it stands.
#[test]
fn each_statement_is_accepted_as_it_is() {
    for locale in Locale::ALL {
        let facts = facts(locale);
        let verifier = Verifier::new(&facts);
        for statement in &facts.statements {
            assert_eq!(
                verdict(&verifier, &statement.text),
                Ok(()),
                "{}",
                statement.text
            );
        }
    }
}

/// Random specs at hand without a model.
const RANDOM: usize = 12;

/// The deterministic guides of random specs say nothing that the verifier does not find, and hold all they must.
#[test]
fn guides_of_random_specs_follow_from_their_plans() {
    for (number, plan) in random::plans(0).take(RANDOM) {
        for locale in Locale::ALL {
            let (guide, facts) = guide::of_plan(&plan, locale, Some(catalog::builtin()));
            let text = guide::markdown(&guide, "", &|paragraph| paragraph.text(locale));
            let found = review(&text, &guide, &facts, None);
            assert_eq!(found.refused, [], "random spec {number}, {locale}");
            let sets = Sets::of(&facts);
            for statement in &facts.statements {
                assert_eq!(sets.stranger(&statement.text), None, "{}", statement.text);
            }
        }
    }
}

/// What the properties of one language need.
struct World {
    verifier: Verifier<'static>,
    sets: Sets,
    /// The true sentences of the corpus that are one sentence.
    truths: Vec<String>,
}

fn world(locale: Locale) -> &'static World {
    static FACTS: OnceLock<[Facts; 2]> = OnceLock::new();
    static WORLDS: OnceLock<[World; 2]> = OnceLock::new();
    let worlds = WORLDS.get_or_init(|| {
        let facts = FACTS.get_or_init(|| Locale::ALL.map(facts));
        facts.each_ref().map(|facts| {
            let verifier = Verifier::new(facts);
            let truths = corpus(facts.locale)
                .into_iter()
                .filter(|case| case.holds && judged(&verifier, &case.text).len() == 1)
                .map(|case| case.text)
                .collect();
            World {
                verifier,
                sets: Sets::of(facts),
                truths,
            }
        })
    });
    &worlds[Locale::ALL
        .iter()
        .position(|known| *known == locale)
        .unwrap()]
}

fn locale() -> impl Strategy<Value = Locale> {
    prop_oneof![Just(Locale::En), Just(Locale::ZhCn)]
}

fn refused(locale: Locale, text: &str) -> bool {
    verdict(&world(locale).verifier, text).is_err()
}

/// Replaces the `number`th occurrence, counted round, of any of the words.
fn replaced(text: &str, number: usize, pairs: &[(&str, &str)]) -> Option<String> {
    let mut places: Vec<(usize, &(&str, &str))> = pairs
        .iter()
        .flat_map(|pair| text.match_indices(pair.0).map(move |(at, _)| (at, pair)))
        .collect();
    places.sort_unstable();
    let (at, (old, new)) = places.get(number.checked_rem(places.len())?)?;
    Some(format!("{}{new}{}", &text[..*at], &text[at + old.len()..]))
}

/// Numbers of a sentence that are not part of a name: their places.
fn numbers(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(offset) = text[at..].find(|c: char| c.is_ascii_digit()) {
        let start = at + offset;
        let len = text[start..]
            .find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','))
            .unwrap_or(text.len() - start);
        let number = text[start..start + len].trim_end_matches(['.', ',']);
        let end = start + number.len();
        let before = text[..start].trim_end();
        let joined =
            text[..start].ends_with(|c: char| c.is_ascii_alphanumeric() || "_.-".contains(c));
        let named = [
            "iOS",
            "Android",
            "Pro",
            "iPhone",
            "OnePlus",
            "Qwen3",
            "Instruct",
            "License",
            "Snapdragon",
            "Gen",
            "Galaxy",
        ]
        .iter()
        .any(|name| before.ends_with(name));
        let version = number.matches('.').count() > 1;
        let names_on = version
            || text[end..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            || (number.len() == 1 && text[end..].starts_with(" B ") && before.ends_with('5'));
        if !joined && !named && !names_on {
            found.push(start..end);
        }
        at = end.max(start + 1);
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_is_judged(text in "\\PC{0,200}", locale in locale()) {
        for judged in judged(&world(locale).verifier, &text) {
            if let Err(refusal) = judged.verdict {
                prop_assert!(text.get(judged.place.clone()).unwrap().get(refusal.span).is_some());
            }
        }
    }

    #[test]
    fn any_mix_of_known_words_is_judged(
        words in prop::collection::vec(prop::sample::select(vec![
            "Android 8 GB", "2.29", "GiB", "峰值内存", "不", "超过", "peak memory", "not", "at most", "（", "–", "至",
            "百分之", "三", "千", "。", ".", ",", "and", "每秒", "token", "Qwen3.5 2B", "8/12", "-", "`", "limit", "\u{200b}",
        ]), 0..24),
        locale in locale(),
    ) {
        let World { verifier, sets, .. } = world(locale);
        let text = words.concat();
        for judged in judged(verifier, &text) {
            if judged.verdict.is_ok() {
                prop_assert_eq!(sets.stranger(&text[judged.place]), None);
            }
        }
    }

    #[test]
    fn another_number_is_refused(which in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), factor in 2_u32..40, locale in locale()) {
        let truths = &world(locale).truths;
        let text = &truths[which.index(truths.len())];
        let numbers = numbers(text);
        prop_assume!(!numbers.is_empty());
        let range = numbers[place.index(numbers.len())].clone();
        let old: f64 = text[range.clone()].replace(',', "").parse().unwrap();
        let new = format!("{:.3}", old * f64::from(factor) * 1.137);
        let changed = format!("{}{new}{}", &text[..range.start], &text[range.end..]);
        prop_assert!(refused(locale, &changed), "{changed}");
    }

    #[test]
    fn another_unit_is_refused(which in any::<prop::sample::Index>(), number in 0_usize..8, locale in locale()) {
        let truths = &world(locale).truths;
        let text = &truths[which.index(truths.len())];
        let swaps = [
            (" GiB", " MiB"), (" MiB", " GiB"), (" tok/s", " tokens"), (" tokens", " tok/s"), (" J/token", " %/h"),
            (" %/h", " %"), (" MB", " KB"), (" 秒", " 分钟"), (" 毫秒", " 秒"), (" s ", " ms "),
        ];
        let Some(changed) = replaced(text, number, &swaps) else { return Ok(()) };
        prop_assert!(refused(locale, &changed), "{changed}");
    }

    #[test]
    fn an_unknown_name_is_refused(which in any::<prop::sample::Index>(), number in 0_usize..8, locale in locale()) {
        let truths = &world(locale).truths;
        let text = &truths[which.index(truths.len())];
        let swaps = [
            ("Android 8 GB", "Android 9 GB"), ("iOS 8 GB", "iOS 7 GB"), ("Android 16 GB", "Android 24 GB"),
            ("Qwen3.5 2B", "Qwen3.5 3B"), ("Instruct 2507", "Instruct 2508"), ("Q8_0", "Q8_K"), ("Q4_K_S", "Q4_K_L"),
            ("llamadart", "llamarust"), ("llama.cpp", "llama.rs"), ("Metal", "Vulkan"), ("iPhone", "iPad"),
            ("OnePlus 12", "OnePlus 13"), ("KV", "QK"),
        ];
        let Some(changed) = replaced(text, number, &swaps) else { return Ok(()) };
        prop_assert!(refused(locale, &changed), "{changed}");
    }

    #[test]
    fn a_negation_put_in_is_refused(which in any::<prop::sample::Index>(), place in any::<prop::sample::Index>()) {
        let truths = &world(Locale::En).truths;
        let text = &truths[which.index(truths.len())];
        let gaps: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
        let at = gaps[place.index(gaps.len())];
        let changed = format!("{} not{}", &text[..at], &text[at..]);
        prop_assert!(refused(Locale::En, &changed), "{changed}");
    }

    #[test]
    fn a_word_put_in_is_refused(which in any::<prop::sample::Index>(), place in any::<prop::sample::Index>()) {
        let truths = &world(Locale::En).truths;
        let text = &truths[which.index(truths.len())];
        let gaps: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
        let at = gaps[place.index(gaps.len())];
        let changed = format!("{} wonderful{}", &text[..at], &text[at..]);
        prop_assert!(refused(Locale::En, &changed), "{changed}");
    }

    #[test]
    fn a_negation_left_out_is_refused(which in any::<prop::sample::Index>(), number in 0_usize..4, locale in locale()) {
        let truths = &world(locale).truths;
        let text = &truths[which.index(truths.len())];
        let cuts = [(" not ", " "), ("never ", ""), (" no ", " "), ("Without ", "With "), ("不", ""), ("没有", ""), ("无法", "")];
        let Some(changed) = replaced(text, number, &cuts) else { return Ok(()) };
        prop_assert!(refused(locale, &changed), "{changed}");
    }
}

/// What the stacks of a pipeline take together is none of their own.
#[test]
fn figures_of_a_whole_class_are_none_of_a_part() {
    let text = read(&root().join("specs/apps/field-service-rag.edgeplan"));
    let plan = compile(&text, "field-service-rag.edgeplan").plan.unwrap();
    let (_, facts) = guide::of_plan(&plan, Locale::En, Some(catalog::builtin()));
    let verifier = Verifier::new(&facts);
    let row = &facts.rows[0];
    let (class, model) = (&row.names[&Kind::Class], &row.names[&Kind::Model]);
    let shown = |attribute| row.figures[&attribute].shown(Dimension::Bytes);
    let (download, peak) = (shown(Attribute::Download), shown(Attribute::PeakMemory));
    for (text, holds) in [
        (format!("On {class}, users download {download} once."), true),
        (format!("On {class}, the peak memory is {peak}."), true),
        (
            format!("The embedding downloads {download} on {class}."),
            false,
        ),
        (format!("{model} downloads {download} on {class}."), false),
        (
            format!("On {class}, the peak memory of {model} is {peak}."),
            false,
        ),
    ] {
        assert_eq!(verdict(&verifier, &text).is_ok(), holds, "{text}");
    }
}
