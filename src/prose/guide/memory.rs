//! Section: memory strategy. For the tightest class of each kind of stack the sum and its parts, then what holds of several:
//! how weights lie in memory, whose limit it is, how the context is set.

use std::collections::BTreeSet;

use super::speak::{Speaker, bytes, likely, may, must, show};
use super::why::{classes, places, purpose};
use super::{Fact, Paragraph};
use crate::plan::types::{DeviceClass, Plan, SlotMemory, Stack, Tier};
use crate::prose::facts::{class_name, role_name};

/// The change that tells what the plan is without the entitlement.
const ENTITLEMENT: &str = "without-entitlement";

/// The challenge that tells why mapped weights are charged all the same.
const REPACK: &str = "android-repack";

pub(super) fn paragraphs(plan: &Plan, speaker: Speaker) -> Vec<Paragraph> {
    let tightest: Vec<(&Tier, &DeviceClass)> = plan
        .tiers
        .iter()
        .filter_map(|tier| {
            let class = tier
                .classes
                .iter()
                .min_by_key(|class| class.memory.room())?;
            Some((tier, class))
        })
        .collect();
    let sums: Vec<Fact> = tightest
        .iter()
        .map(|(tier, class)| sum(tier, class, speaker))
        .collect();
    let mut rules = residency(plan, &tightest, speaker);
    rules.extend(limits(plan, &tightest, speaker));
    rules.extend(settings(plan, speaker));
    speaker.paragraphs(("memory.peaks", sums), ("memory.rules", rules))
}

/// The peak, its limit, and what it is made of.
fn sum(tier: &Tier, class: &DeviceClass, speaker: Speaker) -> Fact {
    let name = class_name(tier, class);
    let total = speaker.interval(&class.memory.total);
    let Some(budget) = class.memory.budget.bytes.map(bytes) else {
        let args = [("class", name.as_str()), ("total", &total)];
        return must(speaker.say("prose.memory.sum-open", &args));
    };
    let (parts, figures) = parts(class, speaker);
    let mut args = vec![
        ("class", name.as_str()),
        ("total", &total),
        ("budget", &budget),
    ];
    args.extend(figures.iter().map(|(name, text)| (*name, text.as_str())));
    must(speaker.say(parts, &args))
}

/// What the sum is made of, for a single stack; a pipeline gives the weights of each step that are charged.
fn parts(class: &DeviceClass, speaker: Speaker) -> (&'static str, Vec<(&'static str, String)>) {
    let [part] = class.memory.stacks.as_slice() else {
        let steps: Vec<String> = class
            .memory
            .stacks
            .iter()
            .filter(|part| !is_free(part))
            .filter_map(|part| {
                let weights = likely(&part.weights_charged)?;
                let role = role_name(&part.role, speaker.locale);
                let args = [("role", role), ("weights", weights.as_str())];
                Some(speaker.say("prose.memory.step", &args))
            })
            .collect();
        return match steps.as_slice() {
            [] => ("prose.memory.sum", Vec::new()),
            _ => (
                "prose.memory.sum-steps",
                vec![("steps", speaker.list(&steps))],
            ),
        };
    };
    let (Some(weights), Some(kv), Some(compute)) = (
        likely(&part.weights_charged),
        likely(&part.kv_cache),
        likely(&part.compute),
    ) else {
        return ("prose.memory.sum", Vec::new());
    };
    let app = show(class.memory.app.likely, class.memory.app.unit);
    let mut figures = vec![("app", app), ("kv", kv), ("compute", compute)];
    if is_free(part) {
        return ("prose.memory.sum-mapped", figures);
    }
    figures.push(("weights", weights));
    ("prose.memory.sum-charged", figures)
}

/// Whether none of the weights are charged.
fn is_free(part: &SlotMemory) -> bool {
    let charged = part.weights_charged.value();
    charged.is_some_and(|charged| charged.is_zero())
}

/// How the weights of each model lie in memory, unless a challenge says so.
fn residency(plan: &Plan, tightest: &[(&Tier, &DeviceClass)], speaker: Speaker) -> Vec<Fact> {
    let mut found: Vec<(&str, &str, String, Vec<String>)> = Vec::new();
    for (tier, class) in tightest {
        let Some((stack, part)) = heaviest(tier, class) else {
            continue;
        };
        let (Some(how), Some(size)) = (stack.residency.as_deref(), likely(&part.weights)) else {
            continue;
        };
        let model = stack.model.name.as_str();
        let name = class_name(tier, class);
        let same = |known: &&mut (&str, &str, String, Vec<String>)| {
            known.0 == how && known.1 == model && known.2 == size
        };
        match found.iter_mut().find(same) {
            Some((.., names)) => names.push(name),
            None => found.push((how, model, size, vec![name])),
        }
    }
    // That weights are charged stands in the sums; why they are is told once.
    let mut told = BTreeSet::new();
    if plan.challenges.iter().any(|one| one.id == REPACK) {
        told.insert("anonymous");
    }
    found
        .into_iter()
        .filter_map(|(how, model, size, names)| {
            let key = match (how, told.insert(how)) {
                ("mapped-clean", true) => "prose.memory.mapped",
                ("mapped-clean", false) => "prose.memory.mapped-too",
                ("anonymous", true) => "prose.memory.anonymous",
                ("gpu-copied", true) => "prose.memory.copied",
                _ => return None,
            };
            let classes = places(plan, &names, speaker);
            let args = [
                ("classes", classes.as_str()),
                ("model", model),
                ("size", &size),
            ];
            Some(may(speaker.say(key, &args)))
        })
        .collect()
}

/// The stack with the largest file.
fn heaviest<'a>(tier: &'a Tier, class: &'a DeviceClass) -> Option<(&'a Stack, &'a SlotMemory)> {
    tier.stacks
        .iter()
        .filter_map(|stack| {
            let of = |part: &&SlotMemory| part.feature == stack.feature && part.role == stack.role;
            let part = class.memory.stacks.iter().find(of)?;
            Some((stack, part))
        })
        .max_by(|one, other| size(one.1).total_cmp(&size(other.1)))
}

fn size(part: &SlotMemory) -> f64 {
    part.weights.value().map_or(0.0, |value| value.high)
}

/// Whose limits they are, and what the store makes of the peaks. That sources differ is told among the risks.
fn limits(plan: &Plan, tightest: &[(&Tier, &DeviceClass)], speaker: Speaker) -> Vec<Fact> {
    let mut facts = Vec::new();
    // What becomes of the plan without the entitlement says it all.
    let tried = plan.what_if.iter().any(|one| one.id == ENTITLEMENT);
    let (mut by_spec, mut unflagged) = (Vec::new(), Vec::new());
    for (tier, class) in tightest {
        let budget = &class.memory.budget;
        let name = class_name(tier, class);
        if budget.set_by == "spec" {
            by_spec.push(name.clone());
        } else if let (Some(base), Some(limit)) = (budget.base, budget.bytes)
            && budget.entitled == Some(limit)
            && !tried
        {
            let (limit, base) = (bytes(limit), bytes(base));
            let args = [
                ("class", name.as_str()),
                ("budget", &limit),
                ("base", &base),
            ];
            facts.push(may(speaker.say("prose.memory.entitled", &args)));
        }
        let over = |threshold: &u64| class.memory.total.high > *threshold as f64;
        match budget.store_threshold {
            Some(threshold) if over(&threshold) => {
                let threshold = bytes(threshold);
                let args = [("class", name.as_str()), ("threshold", &threshold)];
                facts.push(may(speaker.say("prose.memory.flagged", &args)));
            }
            Some(_) => unflagged.push(name),
            None => {}
        }
    }
    for (key, names) in [
        ("prose.memory.by-spec", by_spec),
        ("prose.memory.unflagged", unflagged),
    ] {
        if !names.is_empty() {
            let classes = places(plan, &names, speaker);
            facts.push(may(speaker.say(key, &[("classes", &classes)])));
        }
    }
    facts
}

/// How contexts are set, each way once with the classes it holds for; the slot is named where it is not the same for all.
/// Batch and threads are left to the plan.
fn settings(plan: &Plan, speaker: Speaker) -> Vec<Fact> {
    let set: Vec<(Way<'_>, String, &Tier)> = plan
        .tiers
        .iter()
        .flat_map(|tier| tier.stacks.iter().map(move |stack| (tier, stack)))
        .filter_map(|(tier, stack)| {
            let settings = stack.settings.as_ref()?;
            let way = (
                settings.context?,
                settings.kv_type.as_deref()?,
                settings.mmap,
            );
            Some((way, purpose(plan, stack, speaker), tier))
        })
        .collect();
    let differ = set.iter().any(|(way, ..)| *way != set[0].0);
    let several = set.iter().any(|(_, purpose, _)| *purpose != set[0].1);
    let mut found: Vec<(Way<'_>, Option<&String>, Vec<String>)> = Vec::new();
    for (way, purpose, tier) in &set {
        let purpose = Some(purpose).filter(|_| differ && several);
        let mut names: Vec<String> = classes(tier).collect();
        match found
            .iter_mut()
            .find(|one| (one.0, one.1) == (*way, purpose))
        {
            Some((.., known)) => {
                names.retain(|name| !known.contains(name));
                known.append(&mut names);
            }
            None => found.push((*way, purpose, names)),
        }
    }
    found
        .into_iter()
        .map(|((context, kv, mapped), purpose, names)| {
            let key = if mapped {
                "prose.memory.settings-mapped"
            } else {
                "prose.memory.settings"
            };
            let mut place = places(plan, &names, speaker);
            if let Some(purpose) = purpose {
                let args = [("classes", place.as_str()), ("purpose", purpose)];
                place = speaker.say("prose.memory.place", &args);
            }
            let context = context.to_string();
            let args = [
                ("classes", place.as_str()),
                ("context", &context),
                ("kv", kv),
            ];
            may(speaker.say(key, &args))
        })
        .collect()
}

/// A way to set a context: tokens, type of the KV cache, whether the file is mapped.
type Way<'p> = (u64, &'p str, bool);
