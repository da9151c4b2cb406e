//! What the spec said, what it left open, and what one changed line would change.

use super::super::inline::Inline;
use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, code, text};
use crate::plan::types::{DefaultUsed, LimitAsked, Parameter, Plan};

/// Changes that a one-page plan tells.
const BRIEF: usize = 2;

pub(super) fn what_if(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("what-if", voice);
    let most = if super::full(plan) { usize::MAX } else { BRIEF };
    let told = plan.what_if.iter().take(most);
    let mut items: Vec<Item> = told.map(|w| Item::new(voice.words(&w.text))).collect();
    if super::full(plan) {
        items.extend(super::fleet::item(plan, voice));
    }
    items.extend(super::bounds::items(plan, voice));
    if !items.is_empty() {
        section.blocks.push(Block::List(items));
    }
    section
}

/// Parameters, hard lines and defaults.
pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("inputs", voice);
    let declared = plan.asked.parameters.iter().any(|p| p.declared);
    let intro = if declared {
        "inputs.declared"
    } else {
        "inputs.placeholders"
    };
    section.blocks.push(Block::Paragraph(
        voice.say(intro, &[("spec", code(plan.generated_from.spec.clone()))]),
    ));
    let parameters = plan
        .asked
        .parameters
        .iter()
        .map(|p| Item::new(parameter(p, voice)));
    let mut rest = Vec::new();
    if super::full(plan) {
        section.blocks.push(Block::List(parameters.collect()));
    } else {
        rest.extend(parameters);
    }
    if !plan.asked.limits.is_empty() {
        let lines = plan
            .asked
            .limits
            .iter()
            .map(|l| Item::new(limit(l, voice)))
            .collect();
        rest.push(Item::with(voice.say("inputs.limits", &[]), lines));
    }
    if super::full(plan) && !plan.asked.defaults.is_empty() {
        let lines = plan
            .asked
            .defaults
            .iter()
            .map(|d| Item::new(default("inputs.default", d, voice)));
        rest.push(Item::with(
            voice.say("inputs.defaults", &[]),
            lines.collect(),
        ));
    } else {
        rest.extend(defaults_in_brief(plan, voice).map(Item::new));
    }
    if !rest.is_empty() {
        section.blocks.push(Block::List(rest));
    }
    section
}

fn default(key: &str, default: &DefaultUsed, voice: Voice) -> Vec<Inline> {
    voice.say(
        key,
        &[
            ("what", voice.words(&default.what)),
            ("value", voice.words(&default.value)),
            ("change", code(default.change.clone())),
        ],
    )
}

/// All defaults in two lines: those of the app, those of its feature.
fn defaults_in_brief(plan: &Plan, voice: Voice) -> impl Iterator<Item = Vec<Inline>> {
    let of_feature = |default: &&DefaultUsed| {
        let area = default.id.split('.').next();
        plan.asked
            .features
            .iter()
            .any(|f| Some(f.id.as_str()) == area)
    };
    let (feature, app): (Vec<&DefaultUsed>, Vec<&DefaultUsed>) =
        plan.asked.defaults.iter().partition(of_feature);
    [
        ("inputs.defaults_app", app),
        ("inputs.defaults_feature", feature),
    ]
    .into_iter()
    .filter(|(_, defaults)| !defaults.is_empty())
    .map(move |(key, defaults)| {
        let lines = defaults
            .into_iter()
            .map(|d| default("inputs.default_brief", d, voice));
        let list = voice.joined("punct.semicolon", lines.collect());
        voice.say(key, &[("list", list)])
    })
}

fn parameter(parameter: &Parameter, voice: Voice) -> Vec<Inline> {
    let key = match (parameter.declared, parameter.overridden) {
        (true, true) => "param.overridden",
        (true, false) => "param.declared",
        (false, _) => "param.placeholder",
    };
    voice.say(
        key,
        &[
            ("name", text(parameter.name.clone())),
            ("value", text(parameter.value.clone())),
            ("replace", code(parameter.replace.clone())),
            ("line", text(parameter.line.to_string())),
        ],
    )
}

fn limit(limit: &LimitAsked, voice: Voice) -> Vec<Inline> {
    let key = if limit.because.is_some() {
        "inputs.limit_because"
    } else {
        "inputs.limit"
    };
    voice.say(
        key,
        &[
            ("text", code(limit.text.clone())),
            ("line", text(limit.line.to_string())),
            ("because", text(limit.because.clone().unwrap_or_default())),
        ],
    )
}
