//! What was looked at and not chosen: beyond any phone, near misses, runners-up, each with its arithmetic.

use super::super::inline::Inline;
use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, code, text};
use super::slots;
use crate::plan::types::{Elsewhere, Oversized, Plan, Reason, Refused, RunnerUp, Unit};
use crate::quantity::grouped;

pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("refused", voice);
    let considered = &plan.considered;
    let (near, lost) = if super::full(plan) { (2, 2) } else { (1, 1) };
    let mut items: Vec<Vec<Inline>> = Vec::new();
    let missed = plan.elsewhere.iter().take(near);
    items.extend(missed.map(|missed| elsewhere(plan, missed, voice)));
    for feature in &plan.asked.features {
        for role in &feature.roles {
            let here = |of: &str, as_role: &str| of == feature.id && as_role == role;
            let misses = plan.refused.iter().filter(|r| here(&r.feature, &r.role));
            items.extend(misses.take(near).map(|r| refused(plan, r, voice)));
            let losers = plan.runners_up.iter().filter(|r| here(&r.feature, &r.role));
            items.extend(losers.take(lost).map(|r| runner_up(plan, r, voice)));
        }
    }
    // One sum speaks for all that no phone can hold.
    let beyond = plan.oversized.iter().take(1);
    items.extend(beyond.map(|model| oversized(model, voice)));
    items.push(voice.say(
        "refused.considered",
        &[
            ("stacks", text(grouped(considered.stacks))),
            ("models", text(considered.models.to_string())),
            ("classes", text(considered.classes.to_string())),
            ("admissible", text(grouped(considered.admissible))),
            (
                "command",
                code(format!(
                    "edgeplanc why-not {} MODEL",
                    plan.generated_from.spec
                )),
            ),
        ],
    ));
    let items = items.into_iter().map(Item::new).collect();
    section.blocks.push(Block::List(items));
    section
}

/// What phones with another model are asked about first.
fn elsewhere(plan: &Plan, missed: &Elsewhere, voice: Voice) -> Vec<Inline> {
    let places = |ids: &[String]| slots::classes(plan, voice, ids);
    let (won, lost) = missed.values.clone().unwrap_or_default();
    let objective = missed.loses_on.as_ref().map_or_else(String::new, |o| {
        voice.word(&format!("objective.{o}")).to_owned()
    });
    // The values are those of the first class.
    let on = match missed.classes.as_slice() {
        [first, _, ..] => on(plan, first, voice),
        _ => Vec::new(),
    };
    let of = of(plan, missed.loses_in.as_ref(), voice);
    let key = match (&missed.loses_on, missed.reasons.is_empty()) {
        (Some(_), _) => "elsewhere.loses",
        (None, false) => "elsewhere.refused",
        (None, true) => "elsewhere.room",
    };
    let mut out = voice.say(
        key,
        &[
            ("model", text(missed.name.clone())),
            (
                "quant",
                text(missed.quantization.clone().unwrap_or_default()),
            ),
            ("giver", places(std::slice::from_ref(&missed.given_to))),
            ("classes", places(&missed.classes)),
            ("winner", text(missed.winner.clone())),
            ("objective", text(objective)),
            ("won", shown(&won, voice)),
            ("lost", shown(&lost, voice)),
            ("on", on),
            ("slot", of),
        ],
    );
    out.extend(
        missed
            .reasons
            .first()
            .into_iter()
            .flat_map(|first| reason(first, voice)),
    );
    out
}

/// A model and what is most against it; how much more there is is counted.
fn refused(plan: &Plan, refused: &Refused, voice: Voice) -> Vec<Inline> {
    let slot = slots::slot(plan, voice, &refused.feature, &refused.role);
    let key = if slots::lone(plan) {
        "refused.model"
    } else {
        "refused.model_for"
    };
    // Quantization, runtime and backend: each language has its own comma.
    let nearest = refused.nearest.split(", ");
    let nearest = voice.list(nearest.map(|part| text(part.to_owned())).collect());
    let mut out = voice.say(
        key,
        &[
            ("model", text(refused.name.clone())),
            ("nearest", nearest),
            ("class", text(refused.class.clone())),
            ("slot", slot),
        ],
    );
    let Some((first, rest)) = refused.reasons.split_first() else {
        return out;
    };
    let worst = rest.iter().fold(first, |worst, r| {
        if r.overshoot > worst.overshoot {
            r
        } else {
            worst
        }
    });
    out.extend(reason(worst, voice));
    if !rest.is_empty() {
        let count = text(rest.len().to_string());
        out.extend(voice.say("refused.also", &[("n", count)]));
    }
    out
}

/// Why, and by how much.
pub(super) fn reason(reason: &Reason, voice: Voice) -> Vec<Inline> {
    let mut out = voice.words(&reason.text);
    // Of a version a share says nothing.
    let is_bare = reason
        .values
        .first()
        .is_some_and(|(_, value)| value.parse::<f64>().is_ok());
    if let Some(overshoot) = reason.overshoot.filter(|share| *share > 0.0 && !is_bare) {
        out.extend(voice.say("refused.overshoot", &[("share", text(percent(overshoot)))]));
    }
    if reason.by_width {
        out.extend(voice.say("refused.by_width", &[]));
    }
    if let Some(id) = &reason.code {
        out.extend(voice.say("finding.marks", &[("marks", text(id.clone()))]));
    }
    out
}

/// `8 %`, `340 %`, and `12 ×` where percents no longer speak.
fn percent(share: f64) -> String {
    if share < 10.0 {
        format!("{:.0} %", (share * 100.0).max(1.0))
    } else {
        format!("{:.0} ×", share + 1.0)
    }
}

/// The place that gets worse, where it is another one; nothing else.
fn of(plan: &Plan, place: Option<&(String, String)>, voice: Voice) -> Vec<Inline> {
    place.map_or_else(Vec::new, |(feature, role)| {
        let slot = slots::slot(plan, voice, feature, role);
        voice.say("elsewhere.of", &[("slot", slot)])
    })
}

/// The class that figures are of.
fn on(plan: &Plan, class: &String, voice: Voice) -> Vec<Inline> {
    let class = slots::classes(plan, voice, std::slice::from_ref(class));
    voice.say("elsewhere.on", &[("class", class)])
}

/// The value of an objective; what the catalog does not know is called so.
pub(super) fn shown(value: &str, voice: Voice) -> Vec<Inline> {
    let known = value.replace('?', voice.word("objective.unknown"));
    text(known.replace(", ", voice.word("punct.comma")))
}

fn runner_up(plan: &Plan, runner: &RunnerUp, voice: Voice) -> Vec<Inline> {
    let slot = slots::slot(plan, voice, &runner.feature, &runner.role);
    let stack = format!("{} {}", runner.model, runner.quantization);
    let (won, lost) = runner.values.clone().unwrap_or_default();
    let objective = runner.loses_on.as_ref().map_or_else(String::new, |o| {
        voice.word(&format!("objective.{o}")).to_owned()
    });
    // Models without a published score stand in the order of their files.
    let quant = |value: &str| Some(value.strip_prefix("? (")?.strip_suffix(')')?.to_owned());
    if let (Some(won), Some(lost)) = (quant(&won), quant(&lost)) {
        let args = [
            ("stack", text(stack)),
            ("winner", text(runner.winner.clone())),
            ("won", text(won)),
            ("lost", text(lost)),
            ("slot", slot),
        ];
        return voice.say("runner.unscored", &args);
    }
    // The values are those of the first class it came second on.
    let classes = plan.tiers.iter().map(|tier| tier.classes.len()).sum();
    let on = match runner.classes.first() {
        Some(first) if runner.classes.len() < classes => on(plan, first, voice),
        _ => Vec::new(),
    };
    let key = match (&runner.loses_on, slots::lone(plan)) {
        (Some(_), true) => "runner.loses",
        (Some(_), false) => "runner.loses_for",
        (None, _) => "runner.tie",
    };
    voice.say(
        key,
        &[
            ("stack", text(stack)),
            ("winner", text(runner.winner.clone())),
            ("objective", text(objective)),
            ("won", shown(&won, voice)),
            ("lost", shown(&lost, voice)),
            ("slot", slot),
            ("of", of(plan, runner.loses_in.as_ref(), voice)),
            ("on", on),
        ],
    )
}

fn oversized(model: &Oversized, voice: Voice) -> Vec<Inline> {
    // Where nobody limits a process, the phone does.
    let key = if model.budget < model.ram {
        "refused.oversized"
    } else {
        "refused.beyond_ram"
    };
    voice.say(
        key,
        &[
            ("model", text(model.name.clone())),
            ("params", text(Unit::Params.show(model.params as f64))),
            ("smallest", text(model.smallest.clone())),
            ("bytes", text(voice.bytes(model.bytes))),
            ("budget", text(voice.bytes(model.budget))),
            ("ram", text(voice.bytes(model.ram))),
            ("class", text(model.class.clone())),
        ],
    )
}
