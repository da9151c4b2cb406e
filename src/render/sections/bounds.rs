//! The nearest values at which a bound changes the answer, a line a bound. All of them are told by `edgeplanc whatif`.

use super::super::inline::Inline;
use super::super::page::Item;
use super::super::voice::{Voice, code, text};
use super::slots;
use crate::plan::types::{Bound, DeviceClass, Line, Plan, Step, Swap, Tier};

/// Bounds that a full plan tells.
const FULL: usize = 3;

/// A step with the class it is on.
#[derive(Clone, Copy)]
struct On<'p> {
    tier: &'p Tier,
    class: &'p DeviceClass,
    step: &'p Step,
}

/// The nearest step each way over all classes.
struct Told<'p> {
    bound: &'p Bound,
    looser: Option<On<'p>>,
    tighter: Option<On<'p>>,
}

/// Those whose loosening changes the answer first, then those that are tightest.
pub(super) fn items(plan: &Plan, voice: Voice) -> Vec<Item> {
    let mut told: Vec<Told<'_>> = Vec::new();
    for tier in &plan.tiers {
        for class in &tier.classes {
            for bound in &class.bounds {
                gather(&mut told, tier, class, bound);
            }
        }
    }
    told.retain(|one| one.looser.is_some() || one.tighter.is_some());
    let near = |on: Option<On<'_>>| on.map_or(f64::INFINITY, |on| on.step.change);
    told.sort_by(|a, b| {
        let looser = near(a.looser).total_cmp(&near(b.looser));
        looser.then_with(|| near(a.tighter).total_cmp(&near(b.tighter)))
    });
    told.truncate(if super::full(plan) { FULL } else { 1 });
    let mut items: Vec<Item> = told.iter().map(|one| item(one, voice)).collect();
    // Where there is more than one place to fill, a plan may not know the steps.
    let several = plan.tiers.iter().any(|tier| tier.stacks.len() > 1);
    if super::full(plan) && (several || !items.is_empty()) {
        let command = format!("edgeplanc whatif {}", plan.generated_from.spec);
        items.push(Item::new(
            voice.say("bounds.all", &[("command", code(command))]),
        ));
    }
    items
}

fn gather<'p>(told: &mut Vec<Told<'p>>, tier: &'p Tier, class: &'p DeviceClass, bound: &'p Bound) {
    let at = told.iter().position(|one| one.bound.line == bound.line);
    let at = at.unwrap_or_else(|| {
        told.push(Told {
            bound,
            looser: None,
            tighter: None,
        });
        told.len() - 1
    });
    let nearer = |known: &mut Option<On<'p>>, steps: &'p [Step]| {
        let Some(step) = steps.first() else { return };
        if known.is_none_or(|on| step.change < on.step.change) {
            *known = Some(On { tier, class, step });
        }
    };
    nearer(&mut told[at].looser, &bound.looser);
    nearer(&mut told[at].tighter, &bound.tighter);
}

fn item(told: &Told<'_>, voice: Voice) -> Item {
    let ways = [
        (told.looser, "bounds.looser"),
        (told.tighter, "bounds.tighter"),
    ];
    let steps = ways
        .into_iter()
        .filter_map(|(on, key)| Some(step(on?, key, voice)));
    let steps = voice.joined("punct.semicolon", steps.collect());
    Item::new(voice.say(
        "bounds.item",
        &[("bound", name(&told.bound.line, voice)), ("steps", steps)],
    ))
}

fn name(line: &Line, voice: Voice) -> Vec<Inline> {
    match (&line.text, line.line) {
        (Some(words), Some(number)) => voice.say(
            "bounds.line",
            &[
                ("line", text(number.to_string())),
                ("text", code(words.clone())),
            ],
        ),
        _ => voice.say("bounds.platform", &[]),
    }
}

fn step(on: On<'_>, key: &str, voice: Voice) -> Vec<Inline> {
    let class = slots::class(voice, &on.tier.platform_name, on.class);
    let gets = if on.step.feasible {
        // Slots that share a model change together, and say so once; of several, those it is about are named.
        let several = on.tier.stacks.len() > 1;
        let mut swaps: Vec<(&Swap, Vec<Vec<Inline>>)> = Vec::new();
        for swap in &on.step.stacks {
            let slot = code(format!("{}.{}", swap.feature, swap.role));
            let mut known = swaps.iter_mut();
            match known.find(|(one, _)| one.to == swap.to && one.from == swap.from) {
                Some((_, slots)) => slots.push(slot),
                None => swaps.push((swap, vec![slot])),
            }
        }
        let key = if several {
            "bounds.swap_for"
        } else {
            "bounds.swap"
        };
        let swaps = swaps.into_iter();
        let swaps = swaps
            .map(|(swap, slots)| self::swap(key, swap, slots, voice))
            .collect();
        voice.say("bounds.gets", &[("swaps", voice.list(swaps))])
    } else {
        voice.say("bounds.nothing", &[])
    };
    voice.say(
        key,
        &[
            ("at", code(on.step.at.clone())),
            ("class", class),
            ("gets", gets),
        ],
    )
}

fn swap(key: &str, swap: &Swap, slots: Vec<Vec<Inline>>, voice: Voice) -> Vec<Inline> {
    voice.say(
        key,
        &[
            ("to", vec![Inline::Strong(swap.to.clone())]),
            ("from", text(swap.from.clone())),
            ("slots", voice.list(slots)),
        ],
    )
}
