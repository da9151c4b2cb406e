//! Section: the challenges of this very stack and their remedies, as a walk through the work.

use super::Paragraph;
use super::speak::{Speaker, may, must};
use crate::plan::types::{Plan, Remedy};
use crate::prose::facts::plain;

pub(super) fn paragraphs(plan: &Plan, speaker: Speaker) -> Vec<Paragraph> {
    plan.challenges
        .iter()
        .filter_map(|challenge| {
            let mut facts = vec![
                must(speaker.sentence(&challenge.title)),
                may(speaker.sentence(&challenge.problem)),
            ];
            facts.extend(
                challenge
                    .remedies
                    .iter()
                    .map(|step| may(remedy(step, speaker))),
            );
            speaker.paragraph(format!("challenges.{}", challenge.id), facts)
        })
        .collect()
}

/// The step with the names it needs.
fn remedy(step: &Remedy, speaker: Speaker) -> String {
    let text = speaker.sentence(&step.text);
    if step.apis.is_empty() {
        return text;
    }
    let apis: Vec<String> = step.apis.iter().map(|api| plain(api)).collect();
    let text = text.trim_end_matches(['.', '。']);
    speaker.say(
        "prose.challenges.remedy",
        &[("text", text), ("apis", &speaker.list(&apis))],
    )
}
