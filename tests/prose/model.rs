//! What needs the model runtime (`--features slm`) and weights in the user's cache: the same words every time, reasons for
//! what cannot be loaded, and crowds of paragraphs over random specs. A test whose weights are not there says so and ends.

#![allow(
    clippy::print_stdout,
    reason = "a run of hours says how far it is, and a test without weights says so"
)]

use std::fs;
use std::path::PathBuf;

use edgeplan::catalog;
use edgeplan::diagnostic::Locale;
use edgeplan::prose::compose::compose;
use edgeplan::prose::guide;
use edgeplan::prose::lock::Lock;
use edgeplan::prose::verify::{Verifier, judged};
use edgeplan::prose::writer::{Prompt, Writer, WriterError, open, prompt, weights};

use super::random;
use super::second::Sets;
use crate::support::{compile, files, read, relative, root};

/// llama.cpp is one to a process, and tests run side by side.
static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());

fn file(id: &str) -> Option<PathBuf> {
    let folder = weights::cache(&|name| std::env::var(name).ok())?;
    let found = weights::table()
        .into_iter()
        .find(|weights| weights.id == id)
        .and_then(|weights| weights.in_folder(&folder));
    if found.is_none() {
        println!("{id} is not in the cache; scripts/weights {id} brings it");
    }
    found
}

fn written(writer: &mut dyn Writer, prompt: &Prompt) -> String {
    let written = writer.write(std::slice::from_ref(prompt), &mut |_| {});
    written.expect("written").remove(0)
}

/// Restored or read anew, first or second: the words depend on the prompt alone.
#[test]
fn the_same_prompt_gives_the_same_words() {
    let Some(path) = file("smollm2-135m") else {
        return;
    };
    let _alone = ONE.lock();
    let prompts = ["The file takes 1.10 GiB.", "The limit is 3.50 GiB."].map(|fact| Prompt {
        system: "You repeat facts.".to_owned(),
        example: None,
        user: fact.to_owned(),
        likely: fact.to_owned(),
        most_tokens: 24,
    });
    let mut writer = open(&path).expect("loaded");
    let first = prompts
        .each_ref()
        .map(|prompt| written(writer.as_mut(), prompt));
    assert!(first.iter().all(|text| !text.is_empty()));
    drop(writer);
    let mut writer = open(&path).expect("loaded");
    let turned = written(writer.as_mut(), &prompts[1]);
    assert_eq!([written(writer.as_mut(), &prompts[0]), turned], first);
}

#[test]
fn what_is_no_model_is_refused_with_llama_cpps_own_reason() {
    let _alone = ONE.lock();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("no-model.gguf");
    fs::write(&path, b"GGUF, but not really").unwrap();
    let Err(WriterError::Load(reason)) = open(&path) else {
        panic!("loaded");
    };
    assert!(reason.contains("gguf"), "{reason}");
}

/// The committed words are those the model still writes, for the shortest paragraph of each lock of this architecture.
#[test]
fn the_committed_words_are_the_models() {
    let Some(path) = file("qwen2.5-coder-1.5b") else {
        return;
    };
    let _alone = ONE.lock();
    let mut writer = open(&path).expect("loaded");
    let specs = files("specs", ".edgeplan");
    for lock in files("snapshots/prose/written", ".prose.lock") {
        let lock = Lock::read(&read(&lock)).expect("a lock");
        let spec = specs
            .iter()
            .find(|spec| spec.ends_with(&lock.generated_from))
            .expect("its spec");
        let plan = compile(&read(spec), &relative(spec)).plan.expect("a plan");
        for locale in Locale::ALL {
            let (guide, _) = guide::of_plan(&plan, locale, Some(catalog::builtin()));
            let prompts = guide
                .sections
                .iter()
                .flat_map(|section| &section.paragraphs);
            let known = prompts.filter_map(|paragraph| {
                let prompt = prompt(paragraph, locale);
                let found = lock.find(locale, &paragraph.id, &prompt, Some(writer.identity()))?;
                Some((prompt, found.text.clone()))
            });
            if let Some((prompt, text)) = known.min_by_key(|(prompt, _)| prompt.user.len()) {
                assert_eq!(
                    written(writer.as_mut(), &prompt),
                    text,
                    "{}",
                    lock.generated_from
                );
            }
        }
    }
}

/// `EDGEPLAN_CROWD="ID PARAGRAPHS FIRST" cargo test --release --features slm crowd -- --ignored --nocapture`: that many paragraphs by
/// that model over random specs from number FIRST on. What the verifier accepts, the second checker must know; what was written is
/// left in `target/crowd-ID.jsonl`.
#[test]
#[ignore = "takes hours; run by hand with the weights at hand"]
fn a_crowd_of_paragraphs_holds_nothing_ungrounded() {
    let asked = std::env::var("EDGEPLAN_CROWD").expect("EDGEPLAN_CROWD=\"ID PARAGRAPHS FIRST\"");
    let fields: Vec<&str> = asked.split_whitespace().collect();
    let [id, paragraphs, first] = fields.as_slice() else {
        panic!("{asked}");
    };
    let most: usize = paragraphs.parse().unwrap();
    let _alone = ONE.lock();
    let mut writer = open(&file(id).expect("the weights")).expect("loaded");
    let (mut count, mut sentences, mut accepted) = (0, 0, 0);
    let mut strange = Vec::new();
    let mut kept = String::new();
    for (number, plan) in random::plans(first.parse().unwrap()) {
        for locale in Locale::ALL {
            let (guide, facts) = guide::of_plan(&plan, locale, Some(catalog::builtin()));
            let (verifier, sets) = (Verifier::new(&facts), Sets::of(&facts));
            let paragraphs: Vec<_> = guide
                .sections
                .iter()
                .flat_map(|section| &section.paragraphs)
                .take(most - count)
                .collect();
            let prompts: Vec<_> = paragraphs
                .iter()
                .map(|paragraph| prompt(paragraph, locale))
                .collect();
            let texts = writer.write(&prompts, &mut |_| {}).expect("written");
            for (paragraph, text) in paragraphs.into_iter().zip(texts) {
                count += 1;
                for judged in judged(&verifier, &text) {
                    let sentence = &text[judged.place];
                    sentences += 1;
                    if judged.verdict.is_err() {
                        continue;
                    }
                    accepted += 1;
                    if let Some(stranger) = sets.stranger(sentence) {
                        strange.push(format!(
                            "{number}, {}: {stranger}: {sentence}",
                            paragraph.id
                        ));
                    }
                }
                let composed = compose(paragraph, &text, &facts, &verifier);
                let record = serde_json::json!({
                    "spec": number, "locale": locale, "paragraph": paragraph.id, "text": text, "accepted": composed.accepted,
                    "written": composed.written,
                });
                kept.push_str(&format!("{record}\n"));
            }
            println!(
                "{id}: {count} paragraphs, {sentences} sentences, {accepted} accepted, {} strange",
                strange.len()
            );
            fs::write(root().join(format!("target/crowd-{id}.jsonl")), &kept).unwrap();
            if count == most {
                assert!(strange.is_empty(), "{}", strange.join("\n"));
                return;
            }
        }
    }
}
