//! Rule and challenge files to a rule set: names and placeholders checked, conditions parsed, examples run.
//!
//! All findings of all files are reported in one go, each at its place in its file. Nothing here touches a disk.

mod challenge;
mod context;
mod examples;
mod rule;

use context::Context;

use super::set::RuleSet;
use crate::diagnostic::{Diagnostic, Sources};

/// The folder of challenges; every other file is a rule.
const CHALLENGES: &str = "challenges";

/// Builds a rule set from `(name, text)` pairs, in any order. Names are paths such as `rules/memory/peak.yaml`; a file
/// whose folder is `challenges` is a challenge.
///
/// # Errors
/// The files and everything that is wrong with them.
pub fn load(files: Vec<(String, String)>) -> Result<RuleSet, (Sources, Vec<Diagnostic>)> {
    layered(Vec::new(), files)
}

/// Builds a rule set from built-in files and a user's own: a user's file replaces a built-in one of the same id.
///
/// # Errors
/// The files and everything that is wrong with them.
pub fn overlay(
    base: Vec<(String, String)>,
    own: Vec<(String, String)>,
) -> Result<RuleSet, (Sources, Vec<Diagnostic>)> {
    layered(base, own)
}

fn layered(
    base: Vec<(String, String)>,
    own: Vec<(String, String)>,
) -> Result<RuleSet, (Sources, Vec<Diagnostic>)> {
    let replaced: Vec<&str> = own.iter().map(|(name, _)| stem(name)).collect();
    let mut files: Vec<(String, String)> = base
        .into_iter()
        .filter(|(name, _)| !replaced.contains(&stem(name)))
        .collect();
    drop(replaced);
    files.extend(own);
    files.sort();
    let mut context = Context::default();
    let mut set = RuleSet::default();
    for (name, text) in files {
        let file = context.sources.add(name.clone(), text.clone());
        if folder(&name) == CHALLENGES {
            set.challenges
                .extend(challenge::read(&mut context, file, &name, &text));
        } else {
            set.rules
                .extend(rule::read(&mut context, file, &name, &text));
        }
        set.files.push((name.into(), text.into()));
    }
    if context.diagnostics.is_empty() {
        set.rules.sort_by(|a, b| a.id.cmp(&b.id));
        set.challenges.sort_by(|a, b| a.id.cmp(&b.id));
        set.seal();
        Ok(set)
    } else {
        Err((context.sources, context.diagnostics))
    }
}

/// The file's name without folders and `.yaml`.
fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_suffix(".yaml").unwrap_or(file)
}

/// The folder a file stands in.
fn folder(name: &str) -> &str {
    name.rsplit(['/', '\\']).nth(1).unwrap_or_default()
}

#[cfg(test)]
mod tests;
