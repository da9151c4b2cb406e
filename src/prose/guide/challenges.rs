//! Section: the challenges of this very stack and their remedies, as a walk through the work.

use super::Paragraph;
use super::speak::{Speaker, may, must};
use crate::plan::types::{Detail, Plan, Remedy};
use crate::prose::facts::plain;

/// Steps that a guide of one page tells of a challenge; the plan has all.
const FIRST: usize = 2;

pub(super) fn paragraphs(plan: &Plan, speaker: Speaker) -> Vec<Paragraph> {
    let most = match plan.detail {
        Detail::Basic => FIRST,
        Detail::Full => usize::MAX,
    };
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
                    .take(most)
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
