//! The answers in words, one sentence a line, in every language. Knows no figure of its own.

use super::{FoilAnswer, Slack, Why, WhyClass, WhyNot, WhySlot};
use crate::catalog::types::{Catalog, ModelIx};
use crate::diagnostic::Text;
use crate::estimate::types::Stack;
use crate::rules::RuleSet;
use crate::solve::types::{Candidate, Foil, ObjectiveValue, Violation};
use crate::spec::model::{Objective, Spec};

impl Why {
    /// Class by class: what won, on which values, over what, and what is left of each limit.
    #[must_use]
    pub fn lines(&self, catalog: &Catalog, spec: &Spec) -> Vec<Text> {
        let mut lines = Vec::new();
        for class in &self.classes {
            class_lines(class, catalog, spec, &mut lines);
        }
        if lines.is_empty() {
            lines.push(Text::key("solve.why.nothing"));
        }
        lines
    }
}

fn class_lines(class: &WhyClass, catalog: &Catalog, spec: &Spec, lines: &mut Vec<Text>) {
    for slot in &class.slots {
        lines.push(
            Text::key("solve.why.chosen")
                .arg("class", class.class.as_str())
                .arg("slot", slot.slot.name(spec))
                .arg("stack", stack_name(&slot.stack, catalog)),
        );
        lines.push(worth_of(&slot.objectives));
        lines.push(runner_up(slot, catalog, spec));
        lines.extend(slot.slack.iter().map(slack));
    }
    lines.extend(class.slack.iter().map(slack));
}

/// What a choice is worth on its objectives, most important first.
pub(in crate::solve) fn worth_of(objectives: &[ObjectiveValue]) -> Text {
    Text::key("solve.why.objectives").arg("values", values(objectives))
}

fn runner_up(slot: &WhySlot, catalog: &Catalog, spec: &Spec) -> Text {
    let Some(second) = &slot.runner_up else {
        return Text::key("solve.why.alone");
    };
    let stack = stack_name(&second.candidate.stack, catalog);
    match &second.loses_on {
        Some(loss) => {
            let key = if loss.slot == slot.slot {
                "solve.why.runner-up"
            } else {
                "solve.why.runner-up-elsewhere"
            };
            Text::key(key)
                .arg("stack", stack)
                .arg("objective", objective(loss.best.objective))
                .arg("place", loss.slot.name(spec))
                .arg("chosen", loss.best.value.as_str())
                .arg("other", loss.other.value.as_str())
        }
        None => Text::key("solve.why.tie").arg("stack", stack),
    }
}

fn slack(slack: &Slack) -> Text {
    let key = match slack.is_floor {
        true => "solve.why.slack-floor",
        false => "solve.why.slack",
    };
    Text::key(key)
        .arg("name", slack.name.as_str())
        .arg("used", slack.used.as_str())
        .arg("limit", slack.limit.as_str())
        .arg("left", format!("{:.0} %", slack.share * 100.0))
}

impl WhyNot {
    /// Slot by slot: what the model breaks, or where it loses and what it would win; classes with the same answer share it.
    #[must_use]
    pub fn lines(&self, catalog: &Catalog, rules: &RuleSet, spec: &Spec) -> Vec<Text> {
        let told = |answer: &FoilAnswer, classes: &str| {
            foil_lines(answer, classes, self.model, catalog, rules, spec)
        };
        let relevant = (self.answers.iter()).filter(|answer| answer.foil != Foil::OtherRole);
        let mut groups: Vec<(&FoilAnswer, Vec<&str>, Vec<Text>)> = Vec::new();
        for answer in relevant {
            let own = told(answer, "");
            match groups.iter_mut().find(|(_, _, known)| *known == own) {
                Some((_, classes, _)) => classes.push(&answer.class),
                None => groups.push((answer, vec![&answer.class], own)),
            }
        }
        let groups = groups.into_iter();
        let lines = groups.flat_map(|(answer, classes, _)| told(answer, &classes.join(", ")));
        let mut lines: Vec<Text> = lines.collect();
        if lines.is_empty() {
            let name = catalog.models[self.model.at()].name.as_str();
            lines.push(Text::key("solve.why-not.other-role").arg("model", name));
        }
        lines
    }
}

/// The answer of some classes.
fn foil_lines(
    answer: &FoilAnswer,
    classes: &str,
    model: ModelIx,
    catalog: &Catalog,
    rules: &RuleSet,
    spec: &Spec,
) -> Vec<Text> {
    let mut lines = Vec::new();
    let name = catalog.models[model.at()].name.as_str();
    let has_file = catalog.artifacts_of(model).next().is_some();
    let headed = |key: &'static str| {
        Text::key(key)
            .arg("class", classes)
            .arg("slot", answer.slot.name(spec))
            .arg("model", name)
    };
    match &answer.foil {
        Foil::OtherRole => {}
        Foil::Chosen => lines.push(headed("solve.why-not.chosen")),
        Foil::NoStack => lines.push(headed(if has_file {
            "solve.why-not.no-stack"
        } else {
            "solve.why-not.no-file"
        })),
        Foil::Crowded(candidate) => lines.push(
            headed("solve.why-not.crowded").arg("stack", stack_name(&candidate.stack, catalog)),
        ),
        Foil::Refused(candidate) => {
            lines.push(
                headed("solve.why-not.refused").arg("stack", stack_name(&candidate.stack, catalog)),
            );
            lines.extend(violations(candidate, rules));
        }
        Foil::Loses {
            candidate,
            on,
            wins,
        } => {
            let stack = stack_name(&candidate.stack, catalog);
            lines.push(match on {
                Some(loss) => {
                    let key = if loss.slot == answer.slot {
                        "solve.why-not.loses"
                    } else {
                        "solve.why-not.loses-elsewhere"
                    };
                    headed(key)
                        .arg("stack", stack)
                        .arg("objective", objective(loss.best.objective))
                        .arg("place", loss.slot.name(spec))
                        .arg("chosen", loss.best.value.as_str())
                        .arg("own", loss.other.value.as_str())
                }
                None => headed("solve.why-not.ties").arg("stack", stack),
            });
            lines.extend(wins.iter().map(|(chosen, own)| {
                Text::key("solve.why-not.wins")
                    .arg("objective", objective(own.objective))
                    .arg("chosen", chosen.value.as_str())
                    .arg("own", own.value.as_str())
            }));
        }
    }
    lines
}

/// Each violation of a candidate as a sentence with its operands.
pub(crate) fn violations(candidate: &Candidate, rules: &RuleSet) -> Vec<Text> {
    let texts = candidate.reasons().map(|violation| match violation {
        Violation::Rule(verdict) => Text::key("solve.violation.rule")
            .arg("message", rules.message(verdict))
            .arg(
                "rule",
                rules.rule(verdict).map_or("", |rule| rule.id.as_str()),
            ),
        Violation::Line {
            fact,
            value,
            limit,
            by_width,
            ..
        } => Text::key(match by_width {
            true => "solve.violation.line-width",
            false => "solve.violation.line",
        })
        .arg("fact", *fact)
        .arg("value", value.as_str())
        .arg("limit", limit.as_str()),
        Violation::Unknown {
            missing,
            of,
            needed_by,
        } => Text::key("solve.violation.unknown")
            .arg("missing", Text::key(missing))
            .arg("of", of.as_str())
            .arg("line", needed_by.as_str()),
    });
    texts.collect()
}

/// Model, quantization, runtime and backend in one line.
pub(in crate::solve) fn stack_name(stack: &Stack, catalog: &Catalog) -> String {
    let artifact = &catalog.artifacts[stack.artifact.at()];
    format!(
        "{} {} ({}, {})",
        catalog.models[stack.model.at()].name,
        catalog.quantizations[artifact.quant.at()].name,
        catalog.runtimes[stack.runtime.at()].name,
        catalog.backends[stack.backend.at()].name
    )
}

/// What was aimed at and how near it came, one after the other.
fn values(objectives: &[ObjectiveValue]) -> Text {
    let one = |value: &ObjectiveValue| {
        Text::key("solve.why.objective")
            .arg("objective", objective(value.objective))
            .arg("value", value.value.as_str())
    };
    let all = objectives.iter().map(one);
    let joined = all.reduce(|first, next| {
        Text::key("solve.why.objective.next")
            .arg("first", first)
            .arg("next", next)
    });
    joined.unwrap_or_else(|| Text::plain(""))
}

/// What an objective is called in a sentence.
const fn objective(objective: Objective) -> Text {
    Text::key(match objective {
        Objective::Quality => "plan.objective.quality",
        Objective::Memory => "plan.objective.memory",
        Objective::Download => "plan.objective.download",
        Objective::Storage => "plan.objective.storage",
        Objective::Ttft => "plan.objective.ttft",
        Objective::Decode => "plan.objective.decode",
        Objective::Latency => "plan.objective.latency",
        Objective::Energy => "plan.objective.energy",
        Objective::ColdStart => "plan.objective.cold-start",
        Objective::Comfort => "plan.objective.comfort",
        Objective::Store => "plan.objective.store",
    })
}
