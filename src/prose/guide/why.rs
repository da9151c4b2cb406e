//! Section: why this stack. What runs where, under which licence, and what it beat.

use super::speak::{Speaker, likely, may, must, show};
use super::{Fact, Paragraph};
use crate::plan::types::{Detail, Plan, RunnerUp, SlotMemory, Stack, Tier, Unit};
use crate::prose::facts::{class_name, feature_name, role_name};

pub(super) fn paragraphs(plan: &Plan, speaker: Speaker) -> Vec<Paragraph> {
    let mut found = Vec::new();
    for tier in &plan.tiers {
        let mut facts = Vec::new();
        let classes = classes(tier, speaker);
        for stack in &tier.stacks {
            facts.extend(choice(plan, tier, stack, &classes, speaker));
        }
        found.extend(speaker.paragraph(format!("why.{}", tier.id), facts));
    }
    let mut facts = vec![considered(plan, speaker)];
    let most = if plan.detail == Detail::Full { 3 } else { 1 };
    facts.extend(
        plan.runners_up
            .iter()
            .filter_map(|runner| runner_up(runner, speaker))
            .take(most),
    );
    found.extend(speaker.paragraph("why.field", facts));
    found
}

/// The classes of a tier in a row.
pub(super) fn classes(tier: &Tier, speaker: Speaker) -> String {
    let names: Vec<String> = tier
        .classes
        .iter()
        .map(|class| class_name(tier, class))
        .collect();
    speaker.list(&names)
}

fn choice(plan: &Plan, tier: &Tier, stack: &Stack, classes: &str, speaker: Speaker) -> Vec<Fact> {
    let purpose = purpose(plan, stack, speaker);
    let engine = stack
        .runtime
        .engine
        .as_deref()
        .filter(|engine| *engine != stack.runtime.name);
    let args = [
        ("classes", classes),
        ("purpose", purpose.as_str()),
        ("model", stack.model.name.as_str()),
        ("quantization", stack.quantization.name.as_str()),
        ("runtime", stack.runtime.name.as_str()),
        ("engine", engine.unwrap_or_default()),
        ("backend", stack.backend_name.as_str()),
    ];
    let key = match (stack.model.system, engine) {
        (true, _) => "prose.why.system",
        (false, Some(_)) => "prose.why.choice-binding",
        (false, None) => "prose.why.choice",
    };
    let mut facts = vec![must(speaker.say(key, &args))];
    if stack.model.system {
        return facts;
    }
    facts.push(may(speaker.say(
        "prose.why.quantization",
        &[
            ("quantization", stack.quantization.name.as_str()),
            ("summary", stack.quantization.summary.get(speaker.locale)),
        ],
    )));
    facts.push(may(file(tier, stack, speaker)));
    facts
}

/// The role, with the feature where there are several.
fn purpose(plan: &Plan, stack: &Stack, speaker: Speaker) -> String {
    let role = role_name(&stack.role, speaker.locale);
    if plan.asked.features.len() < 2 {
        return role.to_owned();
    }
    let feature = feature_name(&plan.asked, &stack.feature, speaker.locale);
    speaker.say(
        "prose.why.purpose",
        &[("role", role), ("feature", &feature)],
    )
}

fn file(tier: &Tier, stack: &Stack, speaker: Speaker) -> String {
    let of = |part: &&SlotMemory| part.feature == stack.feature && part.role == stack.role;
    let size = tier
        .classes
        .first()
        .and_then(|class| class.memory.stacks.iter().find(of))
        .and_then(|part| likely(&part.weights));
    let params = stack
        .model
        .params
        .map(|params| show(params.likely, Unit::Params));
    let (Some(size), Some(license), Some(params)) = (size, &stack.model.license, params) else {
        return String::new();
    };
    let key = match license.commercial.as_str() {
        "yes" => "prose.why.file-commercial",
        _ => "prose.why.file",
    };
    speaker.say(
        key,
        &[
            ("model", &stack.model.name),
            ("quantization", &stack.quantization.name),
            ("params", &params),
            ("size", &size),
            ("license", &license.name),
        ],
    )
}

fn considered(plan: &Plan, speaker: Speaker) -> Fact {
    may(speaker.say(
        "prose.why.considered",
        &[
            ("stacks", &plan.considered.stacks.to_string()),
            ("models", &plan.considered.models.to_string()),
            ("admissible", &plan.considered.admissible.to_string()),
        ],
    ))
}

fn runner_up(runner: &RunnerUp, speaker: Speaker) -> Option<Fact> {
    let objective = runner.loses_on.as_deref()?;
    // The two values would be those of another place than the models'.
    if runner.loses_in.is_some() {
        return None;
    }
    let (ours, theirs) = runner.values.as_ref()?;
    if objective == "comfort" || ours.contains('?') || theirs.contains('?') {
        return None;
    }
    let value = |text: &str| text.split(" (").next().unwrap_or_default().to_owned();
    let word = speaker.say(&format!("prose.objective.{objective}"), &[]);
    Some(may(speaker.say(
        "prose.why.runner-up",
        &[
            ("model", &runner.model),
            ("quantization", &runner.quantization),
            ("winner", &runner.winner),
            ("objective", &word),
            ("theirs", &value(theirs)),
            ("ours", &value(ours)),
        ],
    )))
}
