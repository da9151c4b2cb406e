//! Ways out are tried as their reader would: written into the spec. Each must give every class an answer, and a value one step
//! tighter must not.

use std::collections::BTreeMap;
use std::fs;

use edgeplan::pipeline::{self, Options};
use edgeplan::solve::types::{Change, Edit, Outcome, Relaxation, Solution};
use edgeplan::{catalog, rules};

use crate::support::files;

fn options() -> Options<'static> {
    Options::new(catalog::builtin(), rules::builtin())
}

fn solved(text: &str) -> Solution {
    let checked = pipeline::check(text, "tried.edgeplan", &options());
    checked
        .solution
        .unwrap_or_else(|| panic!("{:?}\n{text}", checked.diagnostics))
}

/// The ways out of a spec; `None` when every class has an answer.
fn ways(text: &str) -> Option<Vec<Relaxation>> {
    solved(text)
        .classes
        .into_iter()
        .find_map(|class| match class.outcome {
            Outcome::Infeasible { relaxations, .. } => Some(relaxations),
            Outcome::Feasible(_) => None,
        })
}

/// The spec with all changes of a way out; the value of change number `tight` is one step tighter.
fn applied(text: &str, way: &Relaxation, tight: Option<usize>) -> String {
    let mut edits: Vec<(usize, usize, String)> = Vec::new();
    for (at, change) in way.changes.iter().enumerate() {
        let range = change.span.range();
        let line = &text[range.clone()];
        match &change.edit {
            Edit::Value { to, .. } => {
                let value = line.find(|c: char| c.is_ascii_digit() || c == '$').unwrap();
                let to = match tight {
                    Some(tight) if tight == at => tighter(to, line.contains(">=")),
                    _ => to.clone(),
                };
                edits.push((range.start + value, range.end, to));
            }
            Edit::Drop if change.name == "feature" => edits.push(whole_block(text, range.start)),
            Edit::Drop => edits.push((range.start, range.end, String::new())),
            Edit::Word { from, to } => {
                edits.push((range.start, range.end, line.replace(from.as_str(), to)));
            }
            Edit::Allow(code) => {
                let line = format!("allow {code} because \"tried\"\n");
                edits.push((text.len(), text.len(), line));
            }
        }
    }
    edits.sort();
    let mut text = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        text.replace_range(start..end, &new);
    }
    text
}

/// From the keyword of a feature to its closing brace.
fn whole_block(text: &str, name: usize) -> (usize, usize, String) {
    let start = text[..name].rfind("feature").unwrap();
    let end = name + text[name..].find("\n}").unwrap() + 2;
    (start, end, String::new())
}

fn tighter(value: &str, at_least: bool) -> String {
    let (number, unit) = value.split_once(' ').unwrap();
    let number: f64 = number.parse().unwrap();
    let step = match unit {
        "MB" | "ms" => 10.0,
        "% of ram" => 1.0,
        "tok/s" if number > 10.0 => 1.0,
        _ => 0.1,
    };
    let number = if at_least {
        number + step
    } else {
        number - step
    };
    format!("{number:.1} {unit}")
}

#[test]
fn every_way_out_works_at_its_values_and_not_one_step_before() {
    let (mut tried, mut values, mut joint) = (0, 0, 0);
    for path in files("specs/infeasible", ".edgeplan") {
        let text = fs::read_to_string(&path).unwrap();
        let ways = ways(&text).unwrap_or_else(|| panic!("{} has a plan", path.display()));
        assert!(!ways.is_empty(), "{} is a dead end", path.display());
        assert!(ways.windows(2).all(|pair| pair[0].cost <= pair[1].cost));
        for way in &ways {
            let changed = applied(&text, way, None);
            assert!(
                self::ways(&changed).is_none(),
                "{way:?} does not do:\n{changed}"
            );
            tried += 1;
            joint += usize::from(way.changes.len() > 1);
            let valued = |change: &Change| matches!(change.edit, Edit::Value { .. });
            for (at, _) in way
                .changes
                .iter()
                .enumerate()
                .filter(|(_, one)| valued(one))
            {
                let changed = applied(&text, way, Some(at));
                assert!(
                    self::ways(&changed).is_some(),
                    "{at} of {way:?} is not tight"
                );
                values += 1;
            }
        }
    }
    assert!(
        tried > 6 && values > 3 && joint > 0,
        "{tried} {values} {joint}"
    );
}

/// What a way out says it buys on a class is what the changed spec gets there.
#[test]
fn a_way_out_buys_what_it_says() {
    let mut compared = 0;
    for path in files("specs/infeasible", ".edgeplan") {
        let text = fs::read_to_string(&path).unwrap();
        let mut known: BTreeMap<String, Solution> = BTreeMap::new();
        for class in solved(&text).classes {
            let Outcome::Infeasible { relaxations, .. } = class.outcome else {
                continue;
            };
            for way in relaxations {
                let changed = applied(&text, &way, None);
                let bought = known.entry(changed).or_insert_with_key(|text| solved(text));
                let mut classes = bought.classes.iter();
                let Some(same) = classes.find(|one| one.class.id == class.class.id) else {
                    continue;
                };
                let Outcome::Feasible(chosen) = &same.outcome else {
                    panic!("{way:?} does not do");
                };
                let models = chosen.picks.iter().map(|pick| pick.stack.model);
                let models = models.map(|model| &catalog::builtin().model_at(model).id);
                let place = (path.display(), &class.class.id);
                assert!(models.eq(&way.buys), "{place:?}: {way:?}");
                assert_eq!(chosen.totals.memory.high, way.memory, "{place:?}: {way:?}");
                assert_eq!(
                    chosen.totals.download.high, way.download,
                    "{place:?}: {way:?}"
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 10, "{compared}");
}
