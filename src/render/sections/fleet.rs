//! What tiers win over one choice for all phones, in a sentence or two.

use super::super::inline::Inline;
use super::super::page::Item;
use super::super::voice::{Voice, code, text};
use super::refused::shown;
use crate::plan::types::{Gain, Plan};

/// Nothing where one choice is best for all.
pub(super) fn item(plan: &Plan, voice: Voice) -> Option<Item> {
    let fleet = plan.one_for_all.as_ref()?;
    // Classes with the same gain share it.
    let mut groups: Vec<(&Gain, Vec<Vec<Inline>>)> = Vec::new();
    let alike = |one: &Gain, other: &Gain| {
        let key = |gain: &Gain| {
            let place = (gain.feature.clone(), gain.role.clone());
            (place, gain.objective.clone(), gain.own.clone())
        };
        key(one) == key(other) && one.common == other.common
    };
    for gain in &fleet.gains {
        match groups.iter_mut().find(|(known, _)| alike(known, gain)) {
            Some((_, names)) => names.push(text(gain.name.clone())),
            None => groups.push((gain, vec![text(gain.name.clone())])),
        }
    }
    let gains = groups.into_iter().map(|(gain, names)| {
        voice.say(
            "fleet.gain",
            &[
                ("classes", voice.names(names)),
                ("slot", code(format!("{}.{}", gain.feature, gain.role))),
                ("objective", objective(&gain.objective, voice)),
                ("own", shown(&gain.own, voice)),
                ("common", shown(&gain.common, voice)),
            ],
        )
    });
    let gains = voice.joined("punct.semicolon", gains.collect());
    let forced = text(fleet.forced_by_name.clone());
    let share = fleet.share.map_or_else(Vec::new, |share| {
        let percent = |share: f64| text(format!("{:.0} %", share * 100.0));
        let least = fleet.share_at_least.map(percent);
        match least.filter(|least| *least != percent(share)) {
            Some(least) => {
                let ends = [("least", least), ("most", percent(share))];
                voice.say("fleet.share-between", &ends)
            }
            None => voice.say("fleet.share", &[("share", percent(share))]),
        }
    });
    let args = [("gains", gains), ("forced", forced), ("share", share)];
    Some(Item::new(voice.say("fleet.item", &args)))
}

fn objective(id: &str, voice: Voice) -> Vec<Inline> {
    text(voice.word(&format!("objective.{id}")))
}
