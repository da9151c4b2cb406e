//! One challenge file.

use super::context::{Context, UNREADABLE};
use crate::diagnostic::{FileId, yaml};
use crate::rules::record::ChallengeRecord;
use crate::rules::types::{Challenge, Remedy};

/// Reads a challenge; `None` after findings.
pub(super) fn read(
    context: &mut Context,
    file: FileId,
    name: &str,
    text: &str,
) -> Option<Challenge> {
    let record: ChallengeRecord = match serde_saphyr::from_str(text) {
        Ok(record) => record,
        Err(error) => {
            context.report(yaml::unreadable(file, text, &error, UNREADABLE));
            return None;
        }
    };
    context.id(file, name, &record.id);
    let when = context.condition(file, text, &record.when);
    let boosts = record
        .boosts
        .iter()
        .filter_map(|boost| Some((context.condition(file, text, &boost.when)?, boost.add)))
        .collect();
    let title = context.words(file, &record.title);
    let problem = context.words(file, &record.problem);
    let mut remedies = Vec::new();
    for remedy in record.remedies {
        let when = match &remedy.when {
            Some(written) => Some(context.condition(file, text, written)?),
            None => None,
        };
        let mut apis_when = Vec::new();
        for apis in remedy.apis_when {
            let when = context.condition(file, text, &apis.when)?;
            apis_when.push((when, apis.names));
        }
        remedies.push(Remedy {
            when,
            text: context.words(file, &remedy.text),
            apis: remedy.apis,
            apis_when,
        });
    }
    Some(Challenge {
        id: record.id.value,
        area: record.area.id().to_owned(),
        when: when?,
        weight: record.weight,
        boosts,
        title,
        problem,
        remedies,
        sources: record.sources,
    })
}
