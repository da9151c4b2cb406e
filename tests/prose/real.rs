//! Prose that a model really wrote: `snapshots/prose/written` holds its raw words, one lock a spec, in both languages.
//!
//! Without the model they are made into guides again, judged again and counted. `scripts/prose-snapshots` writes all of
//! this anew, and asks the model only for paragraphs whose facts have changed.

use std::collections::BTreeMap;
use std::fs;

use edgeplan::catalog;
use edgeplan::diagnostic::Locale;
use edgeplan::prose::compose::{Composed, compose};
use edgeplan::prose::facts::Facts;
use edgeplan::prose::guide::{self, Guide};
use edgeplan::prose::lock::Lock;
use edgeplan::prose::review::review;
use edgeplan::prose::verify::{Verifier, judged};
use edgeplan::prose::writer::prompt;

use super::second::Sets;
use crate::support::{assert_snapshot, compile, files, read, relative, root, run_in};

/// What to do when something is stale.
const ANEW: &str = "run scripts/prose-snapshots and look at what it changes";

/// Least number of specs with real prose.
const LEAST_SPECS: usize = 6;

/// Least share of the writer's sentences that must stand in each language.
const LEAST_ACCEPTED: f64 = 0.7;

/// One guide of one spec.
struct Made {
    /// The spec's name, without folders and ending.
    name: String,
    guide: Guide,
    facts: Facts,
    /// Each paragraph as it is printed, by section; `None` when nothing was written for today's facts.
    composed: Vec<(&'static str, String, Option<Composed>)>,
}

impl Made {
    fn markdown(&self) -> String {
        let body = |paragraph: &guide::Paragraph| {
            let of = |(_, id, composed): &(_, String, Option<Composed>)| {
                (*id == paragraph.id).then(|| composed.as_ref().map(|c| c.text.clone()))?
            };
            self.composed.iter().find_map(of).unwrap_or_default()
        };
        guide::markdown(&self.guide, "", &body)
            .trim_start()
            .to_owned()
    }
}

/// All guides of all locks.
fn made() -> Vec<Made> {
    let specs = files("specs", ".edgeplan");
    let mut made = Vec::new();
    for path in files("snapshots/prose/written", ".prose.lock") {
        let lock = Lock::read(&read(&path)).unwrap_or_else(|| panic!("{}", path.display()));
        let spec = specs
            .iter()
            .find(|spec| spec.ends_with(&lock.generated_from))
            .unwrap_or_else(|| panic!("{} is no spec", lock.generated_from));
        let plan = compile(&read(spec), &relative(spec)).plan.expect("a plan");
        for locale in Locale::ALL {
            let (guide, facts) = guide::of_plan(&plan, locale, Some(catalog::builtin()));
            let verifier = Verifier::new(&facts);
            let mut composed = Vec::new();
            for section in &guide.sections {
                for paragraph in &section.paragraphs {
                    let request = prompt(paragraph, locale);
                    let written = lock.find(locale, &paragraph.id, &request, None);
                    let text = written.map(|w| compose(paragraph, &w.text, &facts, &verifier));
                    composed.push((section.id, paragraph.id.clone(), text));
                }
            }
            let name = lock.generated_from.trim_end_matches(".edgeplan").to_owned();
            made.push(Made {
                name,
                guide,
                facts,
                composed,
            });
        }
    }
    made
}

#[test]
fn real_prose_follows_from_todays_plans() {
    let made = made();
    assert!(made.len() >= LEAST_SPECS * Locale::ALL.len());
    for guide in &made {
        let (name, locale) = (&guide.name, guide.guide.locale);
        for (_, id, composed) in &guide.composed {
            assert!(
                composed.is_some(),
                "{name}, {locale}: {id} was written for other facts; {ANEW}"
            );
        }
        let text = guide.markdown();
        let found = review(&text, &guide.guide, &guide.facts, None);
        assert_eq!(found.refused, [], "{name}, {locale}");
        assert_snapshot("prose", &format!("{name}.guide.{locale}.md"), &text);
    }
}

/// What the verifier accepted of the model's own words, looked at by the checker that knows only sets.
#[test]
fn no_stranger_is_in_what_the_model_wrote_and_the_verifier_accepted() {
    for guide in made() {
        let sets = Sets::of(&guide.facts);
        let verifier = Verifier::new(&guide.facts);
        for (_, _, composed) in &guide.composed {
            let text = &composed.as_ref().expect("written").text;
            for judged in judged(&verifier, text) {
                let sentence = &text[judged.place];
                assert_eq!(sets.stranger(sentence), None, "{}: {sentence}", guide.name);
            }
        }
    }
}

/// A guide is made from its lock alone, and a check ends with 3 once it no longer follows from the plan.
#[test]
fn a_stale_guide_ends_with_3_without_a_model() {
    let folder = tempfile::tempdir().unwrap();
    for (from, to) in [
        ("specs/apps/system-model.edgeplan", "system-model.edgeplan"),
        (
            "snapshots/prose/written/system-model.prose.lock",
            "system-model.prose.lock",
        ),
    ] {
        fs::copy(root().join(from), folder.path().join(to)).unwrap();
    }
    let run = |arguments: &[&str]| {
        let arguments = [
            &[
                "build",
                "system-model.edgeplan",
                "--locale",
                "en,zh-CN",
                "--prose",
            ],
            arguments,
        ]
        .concat();
        run_in(folder.path(), &arguments, b"")
    };
    let made = run(&[]);
    assert_eq!(made.code, 0, "{}", made.err);
    assert_eq!(run(&["--check"]).code, 0);
    let guide = folder.path().join("system-model.guide.md");
    let text = fs::read_to_string(&guide).unwrap();
    fs::write(&guide, format!("{text}\nIt never fails.\n")).unwrap();
    let differs = run(&["--check"]);
    assert_eq!(differs.code, 3);
    assert!(differs.err.contains("EP0915"), "{}", differs.err);
    fs::write(&guide, text).unwrap();
    let spec = folder.path().join("system-model.edgeplan");
    let text = fs::read_to_string(&spec).unwrap();
    fs::write(&spec, text.replace("8 GB .. 12 GB", "12 GB")).unwrap();
    let stale = run(&["--check"]);
    assert_eq!(stale.code, 3);
    assert!(
        stale.err.contains("written for other facts"),
        "{}",
        stale.err
    );
}

/// The lines between the marks are generated.
const MARKS: [&str; 2] = ["<!-- shares -->\n", "<!-- end of shares -->\n"];

/// What came of the paragraphs of a section.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    paragraphs: usize,
    replaced: usize,
    written: usize,
    accepted: usize,
}

/// By section and language; the last row is the sum.
fn shares(made: &[Made]) -> BTreeMap<(usize, Locale), Share> {
    const ORDER: [&str; 5] = ["why", "memory", "challenges", "rollout", "change"];
    let mut shares: BTreeMap<(usize, Locale), Share> = BTreeMap::new();
    for guide in made {
        for (section, _, composed) in &guide.composed {
            let at = ORDER.iter().position(|known| known == section).unwrap();
            let composed = composed.as_ref().expect("written");
            for row in [at, ORDER.len()] {
                let sum = shares.entry((row, guide.guide.locale)).or_default();
                sum.paragraphs += 1;
                sum.replaced += usize::from(composed.replaced);
                sum.written += composed.written;
                sum.accepted += composed.accepted;
            }
        }
    }
    shares
}

fn table(made: &[Made]) -> String {
    const NAMES: [&str; 6] = [
        "Why this stack",
        "Memory strategy",
        "Challenges",
        "Roll-out",
        "Change",
        "**All**",
    ];
    let shares = shares(made);
    let mut out = String::new();
    for locale in Locale::ALL {
        let language = if locale == Locale::En {
            "English"
        } else {
            "Chinese"
        };
        out.push_str(&format!(
            "| {language} | sentences written | accepted | paragraphs | with words of the model |\n|---|---|---|---|---|\n"
        ));
        for (row, name) in NAMES.iter().enumerate() {
            let of = shares.get(&(row, locale)).copied().unwrap_or_default();
            let share = 100.0 * of.accepted as f64 / of.written.max(1) as f64;
            out.push_str(&format!(
                "| {name} | {} | {} ({share:.0} %) | {} | {} |\n",
                of.written,
                of.accepted,
                of.paragraphs,
                of.paragraphs - of.replaced
            ));
        }
        out.push('\n');
    }
    let mut names: Vec<&str> = made.iter().map(|guide| guide.name.as_str()).collect();
    names.dedup();
    out.push_str(&format!("Specs: {}.\n", names.join(", ")));
    out
}

#[test]
fn the_report_is_what_the_locks_give() {
    let made = made();
    for ((row, locale), of) in shares(&made) {
        let share = of.accepted as f64 / of.written as f64;
        assert!(
            row < 5 || share >= LEAST_ACCEPTED,
            "{locale}: {share} of the sentences stand"
        );
    }
    let path = root().join("docs/concepts/prose.md");
    let text = read(&path);
    let (before, rest) = text.split_once(MARKS[0]).expect("the first mark");
    let (shown, after) = rest.split_once(MARKS[1]).expect("the last mark");
    let expected = table(&made);
    if std::env::var_os("EDGEPLAN_BLESS").is_some() {
        let text = format!("{before}{}{expected}{}{after}", MARKS[0], MARKS[1]);
        fs::write(&path, text).unwrap();
    } else {
        assert_eq!(shown, expected, "{ANEW}");
    }
}
