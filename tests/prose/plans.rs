//! Sentences as people write them about plans of the repository, true ones and near-misses, and what the verifier says.
//!
//! `tests/prose/plans.LOCALE.tsv` holds them. `open` are those whose refusals were looked at, `aside` those that were not
//! before the rules were mended, `later` those written after the first mending. `blind-open` are another writer's, who had
//! seen the plans alone; their refusals were looked at. `blind-aside` are the other half of them, which nobody who mends
//! rules has read. `third-open` and `fourth-open` are of further writers; their refusals were looked at. `own` were written
//! while the rules were mended by them: near-misses that would use a new rule, and true sentences that it is for.
//! `plain-open` are plain statements of two further writers, one a language; their refusals were looked at. `slip`
//! were made up to slip through the readers of other orders, packages and refusals.
//!
//! The plans they speak of are kept under `tests/prose/plans`, as they were when the sentences were written: what is true
//! of a plan must not change with the catalog.

use std::collections::BTreeMap;

use edgeplan::catalog;
use edgeplan::diagnostic::Locale;
use edgeplan::plan::types::Plan;
use edgeplan::prose::facts::Facts;
use edgeplan::prose::guide;
use edgeplan::prose::open::{Open, open};
use edgeplan::prose::verify::Verifier;

use super::second::Sets;
use super::verdict;
use crate::support::{assert_snapshot, read, root};

/// What is known of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Known {
    /// It is true and accepted.
    Accepted,
    /// It is true and refused.
    Refused,
    /// It is false.
    False,
}

/// One line of the file.
struct Line {
    known: Known,
    half: String,
    spec: String,
    text: String,
}

fn lines(locale: Locale) -> Vec<Line> {
    read(&root().join(format!("tests/prose/plans.{locale}.tsv")))
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [sign, half, spec, text] = fields.as_slice() else {
                panic!("{line}: four fields");
            };
            Line {
                known: match *sign {
                    "+" => Known::Accepted,
                    "~" => Known::Refused,
                    "-" => Known::False,
                    _ => panic!("{line}: the verdict"),
                },
                half: (*half).to_owned(),
                spec: (*spec).to_owned(),
                text: (*text).to_owned(),
            }
        })
        .collect()
}

/// The facts of the plans that the sentences speak of.
fn plans(lines: &[Line], locale: Locale) -> BTreeMap<String, (Facts, Open)> {
    let mut plans = BTreeMap::new();
    for line in lines {
        plans.entry(line.spec.clone()).or_insert_with(|| {
            let kept = read(&root().join(format!("tests/prose/plans/{}.json", line.spec)));
            let plan: Plan = serde_json::from_str(&kept).expect("a plan");
            let facts = guide::of_plan(&plan, locale, Some(catalog::builtin())).1;
            let open = open(&plan, &facts);
            (facts, open)
        });
    }
    plans
}

#[test]
fn sentences_about_plans_are_judged_as_recorded() {
    let mut report = String::new();
    let mut other = Vec::new();
    for locale in Locale::ALL {
        let lines = lines(locale);
        let plans = plans(&lines, locale);
        let mut counts: BTreeMap<(&str, bool), (u32, u32)> = BTreeMap::new();
        for (spec, (facts, open)) in &plans {
            let verifier = Verifier::new(facts).with(open);
            let sets = Sets::of(facts);
            for line in lines.iter().filter(|line| line.spec == *spec) {
                let accepted = verdict(&verifier, &line.text).is_ok();
                if accepted != (line.known == Known::Accepted) {
                    other.push(format!("{:?} {spec}: {}", line.known, line.text));
                }
                // Sums and differences are numbers of no fact.
                let reckons = ["together", "than", "合计", "比"];
                let strict = Verifier::new(facts);
                let accepted_by_rows = accepted && verdict(&strict, &line.text).is_ok();
                if accepted_by_rows && !reckons.iter().any(|word| line.text.contains(word)) {
                    assert_eq!(sets.stranger(&line.text), None, "{}", line.text);
                }
                let holds = line.known != Known::False;
                let count = counts.entry((&line.half, holds)).or_default();
                count.0 += 1;
                count.1 += u32::from(accepted);
            }
        }
        report.push_str(&format!("{locale}\n"));
        for ((half, holds), (all, accepted)) in &counts {
            let sign = if *holds { "true " } else { "false" };
            report.push_str(&format!("  {sign} {half}: {accepted} of {all} accepted\n"));
        }
    }
    assert!(
        other.is_empty(),
        "judged otherwise than recorded:\n{}",
        other.join("\n")
    );
    assert_snapshot("prose", "plans", &report);
}
