//! Plan to rivals: who came second and on what, and who was refused and why.

use super::rivals::{Fate, Ground, Rival, Value};
use super::{Attribute, Facts, Figure, class_name, role_name};
use crate::plan::types::{Plan, Reason};
use crate::prose::read::quantity_of;
use crate::quantity::Dimension;

/// Adds the models that were not chosen.
pub(super) fn rivals(facts: &mut Facts, plan: &Plan) {
    let locale = facts.locale;
    let class = |id: &String| {
        plan.tiers.iter().find_map(|tier| {
            let found = tier.classes.iter().find(|class| class.id == *id)?;
            Some(class_name(tier, found))
        })
    };
    for runner in &plan.runners_up {
        facts.rivals.push(Rival {
            model: runner.model.clone(),
            role: role_name(&runner.role, locale).to_owned(),
            classes: runner.classes.iter().filter_map(class).collect(),
            quantization: runner.quantization.clone(),
            fate: lost(
                &runner.winner,
                true,
                runner.loses_on.as_ref(),
                runner.values.as_ref(),
            ),
        });
    }
    for other in &plan.elsewhere {
        let mut classes: Vec<String> = other.classes.iter().filter_map(class).collect();
        let fate = if !other.reasons.is_empty() {
            // It is refused on the first of them.
            classes.truncate(1);
            Fate::Refused(other.reasons.iter().map(ground).collect())
        } else if other.loses_on.is_some() {
            let values = other.values.as_ref();
            lost(&other.winner, false, other.loses_on.as_ref(), values)
        } else {
            // It fits, but not beside the other features: nothing is said of that.
            continue;
        };
        facts.rivals.push(Rival {
            model: other.name.clone(),
            role: role_name(&other.role, locale).to_owned(),
            classes,
            quantization: other.quantization.clone().unwrap_or_default(),
            fate,
        });
    }
    for refused in &plan.refused {
        facts.rivals.push(Rival {
            model: refused.name.clone(),
            role: role_name(&refused.role, locale).to_owned(),
            classes: vec![refused.class.clone()],
            quantization: String::new(),
            fate: Fate::Refused(refused.reasons.iter().map(ground).collect()),
        });
    }
    for large in &plan.oversized {
        facts.rivals.push(Rival {
            model: large.name.clone(),
            role: String::new(),
            classes: vec![large.class.clone()],
            quantization: large.smallest.clone(),
            fate: Fate::Refused(vec![Ground {
                id: "oversized".to_owned(),
                figure: Some((Attribute::File, Figure::exact(large.bytes as f64))),
                limit: None,
                named: None,
                by: None,
            }]),
        });
    }
    facts
        .others
        .extend(facts.rivals.iter().map(|rival| rival.model.clone()));
    let short: Vec<String> = facts
        .rivals
        .iter()
        .flat_map(|rival| short(facts, &rival.model))
        .collect();
    facts.others.extend(short);
}

/// `Mixtral 8x7B`: the first two words or more of a name, where no other model begins with them.
fn short(facts: &Facts, model: &str) -> Vec<String> {
    let ends = model.match_indices(' ').skip(1).map(|(at, _)| &model[..at]);
    let rows = facts
        .rows
        .iter()
        .filter_map(|row| row.names.get(&super::Kind::Model));
    let rivals = facts.rivals.iter().map(|rival| &rival.model);
    let others: Vec<&String> = rows.chain(rivals).filter(|name| *name != model).collect();
    let is_free = |short: &&str| !others.iter().any(|other| other.starts_with(*short));
    ends.filter(is_free).map(str::to_owned).collect()
}

fn lost(
    winner: &str,
    second: bool,
    on: Option<&String>,
    values: Option<&(String, String)>,
) -> Fate {
    let (theirs, own) = match values {
        Some((theirs, own)) => (numbers(theirs), numbers(own)),
        None => (Vec::new(), Vec::new()),
    };
    Fate::Lost {
        winner: winner.to_owned(),
        second,
        on: on.cloned(),
        own,
        theirs,
    }
}

/// The numbers of `7.0 s, 6.1 tok/s` and `84.2 (Q4_K_M)`.
fn numbers(text: &str) -> Vec<Value> {
    let text = text.split(" (").next().unwrap_or_default();
    text.split(", ").filter_map(number).collect()
}

fn number(text: &str) -> Option<Value> {
    let (value, dimension) = quantity_of(text.trim())?;
    let dimension = (dimension != Dimension::Number).then_some(dimension);
    Some(Value { value, dimension })
}

fn ground(reason: &Reason) -> Ground {
    let value = |name: &str| {
        let mut values = reason.values.iter();
        values
            .find(|(of, _)| of == name)
            .map(|(_, value)| value.as_str())
    };
    let of =
        |name: &str, attribute: Attribute| Some((attribute, interval(value(name)?, attribute)?));
    let limit = match value("budget.memory").or_else(|| value("device.ram")) {
        Some(limit) => number(limit),
        None => line_limit(&reason.text.en),
    };
    Ground {
        id: reason.id.clone(),
        figure: of("peak_memory", Attribute::PeakMemory)
            .or_else(|| of("download", Attribute::Download))
            .or_else(|| of("storage", Attribute::Storage))
            .or_else(|| of("decode", Attribute::Decode))
            .or_else(|| of("weights", Attribute::File)),
        limit: limit.map(|limit| limit.value),
        named: value("model.unlisted")
            .or_else(|| value("license.name"))
            .or_else(|| value("ui"))
            .map(str::to_owned),
        by: value("runtime.name").map(str::to_owned),
    }
}

/// `2.80 GiB (2.80 GiB – 2.81 GiB)`.
fn interval(text: &str, attribute: Attribute) -> Option<Figure> {
    let figure = |text: &str| {
        let found = number(text)?;
        (found.dimension == Some(attribute.dimension())).then_some(found.value)
    };
    let Some((likely, bounds)) = text.split_once(" (") else {
        return figure(text).map(Figure::exact);
    };
    let (low, high) = bounds.trim_end_matches(')').split_once(" – ")?;
    Some(Figure {
        low: figure(low)?,
        likely: figure(likely)?,
        high: figure(high)?,
    })
}

/// The number of a line of the spec: `download <= 3 GB`.
fn line_limit(text: &str) -> Option<Value> {
    let line = text.split('`').nth(1)?;
    let (_, number_text) = line.split_once("<=").or_else(|| line.split_once(">="))?;
    number(number_text)
}
