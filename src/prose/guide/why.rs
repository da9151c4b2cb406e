//! Section: why this stack. What runs where, under which licence, and what it beat; one paragraph for each place of a pipeline.

use std::collections::BTreeSet;

use super::speak::{Speaker, may, must};
use super::{Fact, Paragraph};
use crate::plan::types::{Detail, Plan, RunnerUp, Stack, Tier};
use crate::prose::facts::{class_name, feature_name, role_name};

pub(super) fn paragraphs(plan: &Plan, speaker: Speaker) -> Vec<Paragraph> {
    let mut found = Vec::new();
    let mut told = Told::default();
    let mut slots: Vec<(&str, &str)> = Vec::new();
    for stack in plan.tiers.iter().flat_map(|tier| &tier.stacks) {
        let slot = (stack.feature.as_str(), stack.role.as_str());
        if !slots.contains(&slot) {
            slots.push(slot);
        }
    }
    for slot in slots {
        let facts = chosen(plan, slot, &mut told, speaker);
        found.extend(speaker.paragraph(format!("why.{}.{}", slot.0, slot.1), facts));
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

/// What need not be said again.
#[derive(Default)]
struct Told<'p> {
    /// Runtimes whose engine was named.
    bindings: BTreeSet<&'p str>,
    /// Models whose licence was named.
    models: BTreeSet<&'p str>,
}

/// The names of all classes of a tier.
pub(super) fn classes(tier: &Tier) -> impl Iterator<Item = String> {
    tier.classes.iter().map(|class| class_name(tier, class))
}

/// Classes in a row, or all of them in one word.
pub(super) fn places(plan: &Plan, names: &[String], speaker: Speaker) -> String {
    let all: usize = plan.tiers.iter().map(|tier| tier.classes.len()).sum();
    if names.len() > 1 && names.len() == all && plan.infeasible.is_empty() {
        speaker.say("prose.word.everywhere", &[])
    } else {
        speaker.list(names)
    }
}

/// What fills a slot: each choice once with the classes it holds on, each licence once with its models.
fn chosen<'p>(
    plan: &'p Plan,
    slot: (&str, &str),
    told: &mut Told<'p>,
    speaker: Speaker,
) -> Vec<Fact> {
    let mut choices: Vec<(&Stack, Vec<String>)> = Vec::new();
    for tier in &plan.tiers {
        let of = |stack: &&Stack| (stack.feature.as_str(), stack.role.as_str()) == slot;
        for stack in tier.stacks.iter().filter(of) {
            match choices.iter_mut().find(|(known, _)| runs_as(known, stack)) {
                Some((_, names)) => names.extend(classes(tier)),
                None => choices.push((stack, classes(tier).collect())),
            }
        }
    }
    let mut facts = Vec::new();
    let mut licenses: Vec<(&str, bool, Vec<String>)> = Vec::new();
    for (stack, names) in &choices {
        let stack: &'p Stack = stack;
        let places = places(plan, names, speaker);
        let binds = stack.runtime.engine.is_some() && told.bindings.insert(&stack.runtime.name);
        facts.push(choice(plan, stack, &places, binds, speaker));
        let Some(license) = stack.model.license.as_ref().filter(|_| !stack.model.system) else {
            continue;
        };
        if told.models.insert(&stack.model.name) {
            let commercial = license.commercial == "yes";
            let model = stack.model.name.clone();
            match licenses.iter_mut().find(|(name, ..)| *name == license.name) {
                Some((.., models)) => models.push(model),
                None => licenses.push((&license.name, commercial, vec![model])),
            }
        }
    }
    facts.extend(licenses.into_iter().map(|(license, commercial, models)| {
        let key = if commercial {
            "prose.why.license-commercial"
        } else {
            "prose.why.license"
        };
        let models = speaker.list(&models);
        may(speaker.say(key, &[("models", &models), ("license", license)]))
    }));
    facts
}

/// Whether two stacks are one model run in one way.
fn runs_as(one: &Stack, other: &Stack) -> bool {
    one.model.name == other.model.name
        && one.quantization.name == other.quantization.name
        && one.runtime.name == other.runtime.name
        && one.backend_name == other.backend_name
}

fn choice(plan: &Plan, stack: &Stack, places: &str, binds: bool, speaker: Speaker) -> Fact {
    let purpose = purpose(plan, stack, speaker);
    let engine = stack
        .runtime
        .engine
        .as_deref()
        .filter(|engine| binds && *engine != stack.runtime.name);
    let args = [
        ("classes", places),
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
    must(speaker.say(key, &args))
}

/// The role, with the feature where there are several.
pub(super) fn purpose(plan: &Plan, stack: &Stack, speaker: Speaker) -> String {
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
