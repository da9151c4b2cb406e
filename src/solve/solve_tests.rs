//! The solver on the built-in catalog.

use super::solve;
use super::testing::{feature, pin, spec};
use super::types::{Outcome, Solution};
use crate::catalog::builtin;
use crate::rules::RuleSet;
use crate::spec::model::Task;

fn show(solution: &Solution) -> String {
    let catalog = builtin();
    let mut out = String::new();
    for class in &solution.classes {
        out += &format!(
            "{} ({} judged, {} admissible)\n",
            class.class.id, class.judged, class.admissible
        );
        match &class.outcome {
            Outcome::Feasible(chosen) => {
                for (pick, up) in chosen.picks.iter().zip(&chosen.runners_up) {
                    out += &format!(
                        "  {} on {} / {} kv {} peak {:?} decode {:?} energy {:?}\n",
                        catalog.artifacts[pick.stack.artifact.at()].id,
                        catalog.runtimes[pick.stack.runtime.at()].id,
                        catalog.backends[pick.stack.backend.at()].id,
                        pick.stack.settings.kv.id(),
                        pick.estimate.peak.value().map(|v| v.to_string()),
                        pick.estimate.decode.value().map(|v| v.to_string()),
                        pick.estimate.energy.value().map(|v| v.to_string()),
                    );
                    if let Some(up) = up {
                        out += &format!(
                            "     before {} on {:?}\n",
                            catalog.artifacts[up.candidate.stack.artifact.at()].id,
                            up.loses_on
                        );
                    }
                }
                out += &format!(
                    "  total {} of {}\n",
                    chosen.totals.memory, chosen.totals.memory_budget
                );
            }
            Outcome::Infeasible {
                conflict,
                relaxations,
                ..
            } => {
                out += &format!("  conflict {conflict:?}\n  ways out {relaxations:#?}\n");
            }
        }
    }
    if let Some(single) = &solution.single {
        for c in single {
            out += &format!("single {}\n", catalog.artifacts[c.stack.artifact.at()].id);
        }
    }
    out
}

#[test]
fn scratch() {
    let rules = RuleSet::default();
    let mut s = spec("android", 8, None);
    s.features.push(feature("chat", Task::Chat));
    let t = std::time::Instant::now();
    println!("{}", show(&solve(builtin(), &rules, &s)));
    println!("{:?}", t.elapsed());
    s.demands.push(pin("chat", "llama-3.3-70b-instruct", 20));
    let t = std::time::Instant::now();
    println!("{}", show(&solve(builtin(), &rules, &s)));
    println!("{:?}", t.elapsed());
    let mut s = spec("ios", 8, None);
    s.features.push(feature("t", Task::TranslateSpeech));
    s.features.push(feature("chat", Task::Chat));
    let t = std::time::Instant::now();
    println!("{}", show(&solve(builtin(), &rules, &s)));
    println!("{:?}", t.elapsed());
}

#[test]
fn scratch2() {
    use super::*;
    let rules = RuleSet::default();
    let cat = builtin();
    println!(
        "quality known: {} of {}",
        cat.models.iter().filter(|m| m.quality.is_some()).count(),
        cat.models.len()
    );
    for (plat, task) in [
        ("ios", Task::TranslateSpeech),
        ("android", Task::Rag),
        ("android", Task::TranslateSpeech),
        ("ios", Task::VisionQa),
        ("ios", Task::Ocr),
    ] {
        let mut s = spec(plat, 8, Some(8));
        s.features.push(feature("t", task));
        let q = Question::new(cat, &rules, &s);
        let (cl, _) = classes::classes(cat, &s);
        for at in 0..q.slots.len() {
            let all = stacks::stacks(
                cat,
                q.slots[at].role,
                &cl[0].phone,
                s.features[0].context.value,
            );
            let mut why: std::collections::BTreeMap<String, usize> = Default::default();
            for st in &all {
                let e = q.estimate(q.slots[at], &cl[0], st);
                for (n, f) in [
                    ("w", &e.weights_charged),
                    ("kv", &e.kv_cache),
                    ("c", &e.compute),
                    ("dl", &e.download),
                    ("peak", &e.peak),
                ] {
                    let k = match f {
                        crate::estimate::types::Figure::Unknown { missing, .. } => {
                            format!("{n} {missing}")
                        }
                        crate::estimate::types::Figure::NotApplicable => format!("{n} n/a"),
                        _ => format!("{n} ok"),
                    };
                    *why.entry(k).or_default() += 1;
                }
            }
            println!("{plat} {:?} {} {:?}", q.slots[at].role, all.len(), why);
        }
    }
}
