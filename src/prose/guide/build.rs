//! Plan to guide: the sections in order.

use super::speak::Speaker;
use super::{Guide, Section, challenges, change, memory, rollout, why};
use crate::diagnostic::Locale;
use crate::plan::types::Plan;

/// The guide of a plan in one language.
#[must_use]
pub fn build(plan: &Plan, locale: Locale) -> Guide {
    let speaker = Speaker { locale };
    let sections = [
        ("why", "prose.heading.why", why::paragraphs(plan, speaker)),
        (
            "memory",
            "prose.heading.memory",
            memory::paragraphs(plan, speaker),
        ),
        (
            "challenges",
            "prose.heading.challenges",
            challenges::paragraphs(plan, speaker),
        ),
        (
            "rollout",
            "prose.heading.rollout",
            rollout::paragraphs(plan, speaker),
        ),
        (
            "change",
            "prose.heading.change",
            change::paragraphs(plan, speaker),
        ),
    ];
    Guide {
        locale,
        title: title(plan, speaker),
        lead: lead(plan, speaker),
        sections: sections
            .into_iter()
            .filter(|(_, _, paragraphs)| !paragraphs.is_empty())
            .map(|(id, heading, paragraphs)| Section {
                id,
                heading: speaker.say(heading, &[]),
                paragraphs,
            })
            .collect(),
    }
}

/// The app's name, or the first feature's title.
fn title(plan: &Plan, speaker: Speaker) -> String {
    let first = plan.asked.features.first();
    let named = plan
        .asked
        .name
        .clone()
        .or_else(|| first.and_then(|feature| feature.title.clone()))
        .or_else(|| first.map(|feature| feature.id.clone()))
        .unwrap_or_default();
    speaker.say("prose.headline", &[("name", &named)])
}

/// What is asked for, in the user's words.
fn lead(plan: &Plan, speaker: Speaker) -> String {
    let features: Vec<String> = plan
        .asked
        .features
        .iter()
        .map(|feature| {
            let title = feature.title.as_deref().unwrap_or(&feature.id);
            speaker.say(
                "prose.lead.feature",
                &[("title", title), ("task", &feature.task)],
            )
        })
        .collect();
    let platforms: Vec<String> = plan
        .asked
        .platforms
        .iter()
        .map(|platform| format!("{} {}+", platform.name, platform.min_os))
        .collect();
    let key = if plan.asked.offline {
        "prose.lead.offline"
    } else {
        "prose.lead.plain"
    };
    speaker.say(
        key,
        &[
            ("features", &speaker.list(&features)),
            ("platforms", &speaker.typeset(&speaker.list(&platforms))),
            ("spec", &plan.generated_from.spec),
        ],
    )
}
