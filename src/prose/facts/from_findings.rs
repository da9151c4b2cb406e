//! Plan to statements that the guide has no room for: what was found on the chosen stacks, what to do about it, and the limits
//! that makers and licences state. They stand for sentences of others; no paragraph is made of them.

use std::collections::BTreeMap;

use super::{Facts, Statement, class_name, plain};
use crate::diagnostic::Locale;
use crate::plan::types::{Plan, Stack, Words};

/// Adds them. Where a text does not hold of every stack of the plan, the model must be spoken of; where it does not hold of
/// every stack with that model, the class too.
pub(crate) fn findings(facts: &mut Facts, plan: &Plan) {
    let locale = facts.locale;
    let mut of_text: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, tier) in plan.tiers.iter().enumerate() {
        for (number, stack) in tier.stacks.iter().enumerate() {
            for words in texts(stack) {
                let text = plain(words.get(locale)).trim().to_owned();
                if !text.is_empty() && !is_of_user(plan, &text, words, locale) {
                    let stacks = of_text.entry(text).or_default();
                    if !stacks.contains(&(at, number)) {
                        stacks.push((at, number));
                    }
                }
            }
        }
    }
    let all: usize = plan.tiers.iter().map(|tier| tier.stacks.len()).sum();
    for (text, stacks) in of_text {
        if stacks.len() == all {
            push(facts, &text, Vec::new());
            continue;
        }
        for (at, number) in &stacks {
            let (Some(tier), Some(model)) = (plan.tiers.get(*at), model(plan, *at, *number)) else {
                continue;
            };
            let everywhere = plan.tiers.iter().enumerate().all(|(at, tier)| {
                (0..tier.stacks.len()).all(|number| {
                    self::model(plan, at, number) != Some(model) || stacks.contains(&(at, number))
                })
            });
            if everywhere {
                push(facts, &text, vec![model.to_owned()]);
                continue;
            }
            for class in &tier.classes {
                push(
                    facts,
                    &text,
                    vec![model.to_owned(), class_name(tier, class)],
                );
            }
        }
    }
}

fn model(plan: &Plan, tier: usize, stack: usize) -> Option<&str> {
    let stack = plan.tiers.get(tier)?.stacks.get(stack)?;
    Some(stack.model.name.as_str())
}

fn push(facts: &mut Facts, text: &str, about: Vec<String>) {
    let known = |statement: &Statement| statement.text == text && statement.about == about;
    if !facts.statements.iter().any(known) {
        let id = format!("finding.{}", facts.statements.len());
        facts.statements.push(Statement {
            id,
            text: text.to_owned(),
            about,
        });
    }
}

fn texts(stack: &Stack) -> impl Iterator<Item = &Words> {
    let found = stack.findings.iter();
    let found = found.flat_map(|finding| [&finding.reason.text, &finding.remedy]);
    let license = stack.model.license.iter();
    found
        .chain(&stack.runtime.limits)
        .chain(license.filter_map(|license| license.limits.as_ref()))
}

/// Whether a text holds a name that the user gave, or a line of the spec.
fn is_of_user(plan: &Plan, text: &str, words: &Words, locale: Locale) -> bool {
    let raw = words.get(locale);
    let ids = plan.asked.features.iter();
    let named = ids
        .map(|feature| format!("`{}`", feature.id))
        .any(|id| raw.contains(&id));
    let lines = plan.asked.limits.iter();
    named
        || lines
            .map(|line| line.text.replace('`', ""))
            .any(|line| text.contains(&line))
}
