//! Features: what each must do, its pipeline, and who is in memory when.

use super::super::inline::Inline;
use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, code, text};
use super::slots;
use crate::plan::types::{DeviceClass, FeatureAsked, Measure, Phase, Plan, Tier, Unit};

pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("features", voice);
    let items = plan.asked.features.iter().map(|f| item(f, voice)).collect();
    section.blocks.push(Block::List(items));
    if plan.asked.features.len() > 1
        && let Some((tier, class)) = tightest(plan)
    {
        let phases = tier.phases.iter().zip(&class.phases);
        let phases = phases.map(|(phase, peak)| schedule(phase, peak, class, voice));
        let name = slots::class(voice, &tier.platform_name, class);
        section.blocks.push(Block::Paragraph(
            voice.say("phase.intro", &[("class", name)]),
        ));
        section.blocks.push(Block::List(phases.collect()));
    }
    section
}

/// The class with the least memory to spare: the schedule matters most there.
fn tightest(plan: &Plan) -> Option<(&Tier, &DeviceClass)> {
    let classes = plan
        .tiers
        .iter()
        .flat_map(|tier| tier.classes.iter().map(move |class| (tier, class)));
    classes.min_by_key(|(_, class)| class.memory.room())
}

/// Who is together, what that loads, what goes first, and what it comes to.
fn schedule(phase: &Phase, peak: &Measure, class: &DeviceClass, voice: Voice) -> Item {
    let names = phase.features.iter().map(|id| code(id.clone())).collect();
    let key = if phase.features.len() > 1 {
        "phase.together"
    } else {
        "phase.alone"
    };
    let loads = phase.loads.iter().map(|one| {
        let model = text(one.name.clone());
        if one.serves.len() > 1 {
            let slots = one.serves.iter().map(|slot| code(slot.clone())).collect();
            voice.say(
                "phase.shared",
                &[("model", model), ("slots", voice.names(slots))],
            )
        } else {
            model
        }
    });
    let loads: Vec<Vec<Inline>> = loads.collect();
    let mut items = Vec::new();
    if !loads.is_empty() {
        items.push(Item::new(
            voice.say("phase.loads", &[("models", voice.names(loads))]),
        ));
    }
    if !phase.releases.is_empty() {
        let gone = phase.releases.iter().map(|one| text(one.name.clone()));
        let gone = voice.names(gone.collect());
        items.push(Item::new(voice.say("phase.releases", &[("models", gone)])));
    }
    let peak = text(Unit::Bytes.show(peak.high));
    items.push(Item::new(match class.memory.budget.bytes {
        Some(bytes) => voice.say(
            "phase.peak",
            &[("peak", peak), ("budget", text(voice.bytes(bytes)))],
        ),
        None => voice.say("phase.peak_open", &[("peak", peak)]),
    }));
    Item::with(voice.say(key, &[("features", voice.names(names))]), items)
}

fn item(feature: &FeatureAsked, voice: Voice) -> Item {
    let mut head = vec![Inline::Strong(feature.id.clone())];
    if let Some(title) = &feature.title {
        head.push(Inline::Text(voice.word("punct.colon").to_owned()));
        head.push(Inline::Text(title.clone()));
    }
    let mut items = vec![Item::new(pipeline(feature, voice))];
    // Speech and pictures are not counted in tokens.
    if !feature.context.is_zero() {
        items.push(Item::new(voice.say(
            "feature.load",
            &[
                ("input", text(voice.measure(&feature.input))),
                ("output", text(voice.measure(&feature.output))),
                ("context", text(voice.measure(&feature.context))),
            ],
        )));
    }
    if !feature.languages.is_empty() {
        let all = feature.languages.iter().map(|l| text(l.clone())).collect();
        items.push(Item::new(
            voice.labelled("label.languages", voice.names(all)),
        ));
    }
    if !feature.directions.is_empty() {
        let all = feature
            .directions
            .iter()
            .map(|(from, to)| text(format!("{from} → {to}")))
            .collect();
        items.push(Item::new(
            voice.labelled("label.directions", voice.names(all)),
        ));
    }
    if !feature.limits.is_empty() {
        let all = feature
            .limits
            .iter()
            .map(|l| code(l.text.clone()))
            .collect();
        items.push(Item::new(voice.labelled("label.limits", voice.names(all))));
    }
    let order = feature.prefer.iter().map(|p| text(p.clone())).collect();
    items.push(Item::new(
        voice.labelled("label.prefer", voice.joined("punct.over", order)),
    ));
    Item::with(head, items)
}

/// `speech recognition → translation → speech synthesis`.
fn pipeline(feature: &FeatureAsked, voice: Voice) -> Vec<Inline> {
    let roles = feature.roles.iter();
    let steps = roles.map(|role| voice.say(&format!("role.{role}"), &[]));
    let steps = voice.joined("punct.arrow", steps.collect());
    voice.labelled("label.pipeline", steps)
}
