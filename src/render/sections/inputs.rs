//! What the spec said, what it left open, and what one changed line would change.

use super::super::inline::Inline;
use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, code, text};
use crate::plan::types::{LimitAsked, Parameter, Plan};

pub(super) fn what_if(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("what-if", voice, true);
    if !plan.what_if.is_empty() {
        let items = plan.what_if.iter().map(|w| Item::new(voice.words(&w.text)));
        section.blocks.push(Block::List(items.collect()));
    }
    section
}

/// Parameters, hard lines and defaults.
pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("inputs", voice, false);
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
    section.blocks.push(Block::List(parameters.collect()));
    let mut rest = Vec::new();
    if !plan.asked.limits.is_empty() {
        let lines = plan
            .asked
            .limits
            .iter()
            .map(|l| Item::new(limit(l, voice)))
            .collect();
        rest.push(Item::with(voice.say("inputs.limits", &[]), lines));
    }
    if !plan.asked.defaults.is_empty() {
        let lines = plan.asked.defaults.iter().map(|default| {
            Item::new(voice.say(
                "inputs.default",
                &[
                    ("what", voice.words(&default.what)),
                    ("value", voice.words(&default.value)),
                    ("change", code(default.change.clone())),
                ],
            ))
        });
        rest.push(Item::with(
            voice.say("inputs.defaults", &[]),
            lines.collect(),
        ));
    }
    if !rest.is_empty() {
        section.blocks.push(Block::List(rest));
    }
    section
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
