//! The steps of bounds are tried as their reader would: the value is written into the spec. There the answer must be the one that
//! is told, and one unit before it must still be the one before.

use std::collections::BTreeMap;
use std::fs;

use edgeplan::catalog;
use edgeplan::diagnostic::Span;
use edgeplan::estimate::types::Stack;
use edgeplan::pipeline::{self, Compilation, Options};
use edgeplan::rules;
use edgeplan::solve::types::{Bound, Chosen, Outcome, Step};
use edgeplan::solve::{Ask, Steps};

use crate::support::{files, relative};

/// Steps each way.
const STEPS: usize = 2;

fn compile(text: &str, each_way: usize) -> Compilation {
    let options = Options::new(catalog::builtin(), rules::builtin());
    let ask = Ask {
        bounds: (each_way > 0).then_some(Steps {
            each_way,
            slots: usize::MAX,
        }),
        ..Ask::default()
    };
    pipeline::compile_asked(text, "tried.edgeplan", &options, &ask)
}

/// By class, the stacks chosen; `None` where nothing fits.
type Answers = BTreeMap<String, Option<Vec<Stack>>>;

fn chosen(compiled: &Compilation) -> Vec<(&str, Option<&Chosen>)> {
    let classes = compiled.solution.iter().flat_map(|it| &it.classes);
    let classes = classes.map(|class| {
        let chosen = match &class.outcome {
            Outcome::Feasible(chosen) => Some(chosen.as_ref()),
            Outcome::Infeasible { .. } => None,
        };
        (class.class.id.as_str(), chosen)
    });
    classes.collect()
}

fn answers(text: &str) -> Answers {
    let compiled = compile(text, 0);
    assert!(
        compiled.solution.is_some(),
        "{:?}\n{text}",
        compiled.diagnostics
    );
    let classes = chosen(&compiled).into_iter();
    let stacks = |chosen: &Chosen| chosen.picks.iter().map(|pick| pick.stack).collect();
    classes
        .map(|(class, chosen)| (class.to_owned(), chosen.map(stacks)))
        .collect()
}

/// The spec with another value at a bound; a limit of the platform gets a line of its own.
fn written(text: &str, span: Option<Span>, value: &str) -> String {
    let mut text = text.to_owned();
    match span {
        Some(span) => {
            let range = span.range();
            let line = &text[range.clone()];
            let from = line.find(|c: char| c.is_ascii_digit() || c == '$').unwrap();
            text.replace_range(range.start + from..range.end, value);
        }
        None => {
            // Named of the platform, so no line limits memory yet.
            match text.find("budget {") {
                Some(at) => text.insert_str(at + 8, &format!("\n  memory <= {value}")),
                None => text.push_str(&format!("\nbudget {{\n  memory <= {value}\n}}\n")),
            }
        }
    }
    text
}

/// The unit of the last place of a value of this bound, in the unit it is written in.
fn last_place(bound: &Bound, value: &str) -> f64 {
    match value.split_once(' ').unwrap().1 {
        "MB" | "ms" => 10.0,
        "% of ram" => 1.0,
        "tok/s" if bound.limit > 10.0 => 1.0,
        _ => 0.1,
    }
}

/// One step of a bound, with the answer before it.
struct Case<'c> {
    class: &'c str,
    bound: &'c Bound,
    step: &'c Step,
    before: &'c [Stack],
    looser: bool,
}

impl Case<'_> {
    /// The value one unit nearer to what is written; none where nothing lies between.
    fn back(&self) -> Option<String> {
        let (number, unit) = self.step.at.split_once(' ').unwrap();
        let number: f64 = number.parse().unwrap();
        let up = self.looser != self.bound.floor;
        let place = last_place(self.bound, &self.step.at);
        let back = if up { number - place } else { number + place };
        let base = self.step.value / number * back;
        // A limit off the grid is nearer than the next unit.
        let crossed = if up {
            base < self.bound.limit * (1.0 - 1e-9)
        } else {
            base > self.bound.limit * (1.0 + 1e-9)
        };
        (!crossed).then(|| format!("{back:.1} {unit}"))
    }

    fn holds(&self, text: &str, known: &mut BTreeMap<String, Answers>) {
        let mut ask = |value: &str| -> Option<Vec<Stack>> {
            let text = written(text, self.bound.span, value);
            let answers = known.entry(text).or_insert_with_key(|text| answers(text));
            answers[self.class].clone()
        };
        let (class, name, at) = (self.class, &self.bound.name, &self.step.at);
        assert_eq!(ask(at), self.step.picks, "{class}: {name} at {at}\n{text}");
        if let Some(back) = self.back() {
            assert_eq!(
                ask(&back).as_deref(),
                Some(self.before),
                "{class}: {name} at {back}, before {at}\n{text}"
            );
        }
    }
}

/// Of every bound one class is tried, another one for each, at the last step told each way.
#[test]
fn the_answer_changes_at_the_values_told_and_not_one_unit_before() {
    let (mut looser, mut tighter, mut ends) = (0, 0, 0);
    for path in files("specs", ".edgeplan") {
        let name = relative(&path);
        if name.contains("/broken/") || name.contains("/infeasible/") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let compiled = compile(&text, STEPS);
        let classes = chosen(&compiled);
        let mut known = BTreeMap::new();
        for at in 0..classes[0].1.map_or(0, |chosen| chosen.bounds.len()) {
            let (class, Some(chosen)) = classes[at % classes.len()] else {
                continue;
            };
            let bound = &chosen.bounds[at];
            let stacks: Vec<Stack> = chosen.picks.iter().map(|pick| pick.stack).collect();
            for (steps, is_looser) in [(&bound.looser, true), (&bound.tighter, false)] {
                let Some((step, earlier)) = steps.split_last() else {
                    continue;
                };
                let before = earlier
                    .last()
                    .map_or(Some(&stacks), |one| one.picks.as_ref());
                Case {
                    class,
                    bound,
                    step,
                    before: before.unwrap(),
                    looser: is_looser,
                }
                .holds(&text, &mut known);
                looser += usize::from(is_looser);
                tighter += usize::from(!is_looser);
                ends += usize::from(step.picks.is_none());
            }
        }
    }
    assert!(
        looser > 3 && tighter > 20 && ends > 0,
        "{looser} {tighter} {ends}"
    );
}
