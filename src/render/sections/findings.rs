//! Findings about the chosen stacks, each once with everything it holds for.

use super::super::inline::Inline;
use super::super::page::Item;
use super::super::voice::{Voice, text};
use super::slots;
use crate::plan::types::{Finding, Plan, Stack, Tier};

/// A finding and what it holds for.
pub(super) struct Group<'a> {
    /// Where it is worst.
    finding: &'a Finding,
    /// The runtime it is worst for.
    runtime: &'a str,
    subject: Vec<&'a str>,
    tiers: Vec<&'a Tier>,
    /// All it holds for, each said of its own stack.
    members: Vec<(&'a Finding, &'a Stack)>,
}

/// The warnings of a plan, or its advice. Warnings that name different models or licences stay apart.
pub(super) fn groups(plan: &Plan, warnings: bool) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let stacks = plan
        .tiers
        .iter()
        .flat_map(|tier| tier.stacks.iter().map(move |stack| (tier, stack)));
    for (tier, stack) in stacks {
        for finding in &stack.findings {
            if (finding.severity == "warning") != warnings {
                continue;
            }
            let subject = if warnings {
                subject(finding, stack)
            } else {
                Vec::new()
            };
            let known = groups.iter_mut().find(|group| {
                group.finding.reason.id == finding.reason.id && group.subject == subject
            });
            match known {
                Some(group) => group.add(tier, stack, finding),
                None => groups.push(Group {
                    finding,
                    runtime: &stack.runtime.name,
                    subject,
                    tiers: vec![tier],
                    members: vec![(finding, stack)],
                }),
            }
        }
    }
    groups
}

impl<'a> Group<'a> {
    /// The rule that found it.
    pub(super) fn rule(&self) -> &str {
        &self.finding.reason.id
    }

    /// How many tiers it holds for.
    pub(super) fn spread(&self) -> usize {
        self.tiers.len()
    }

    fn add(&mut self, tier: &'a Tier, stack: &'a Stack, finding: &'a Finding) {
        if !self.tiers.iter().any(|known| known.id == tier.id) {
            self.tiers.push(tier);
        }
        self.members.push((finding, stack));
        if finding.reason.overshoot > self.finding.reason.overshoot {
            self.finding = finding;
            self.runtime = &stack.runtime.name;
        }
    }

    /// What else the same is to be said of, by the name in which the other texts differ from the one that is shown: a
    /// runtime, a licence; the stack, where only the figures do.
    fn others(&self) -> Vec<String> {
        let shown = &self.finding.reason.text;
        let mut names: Vec<String> = Vec::new();
        for (finding, stack) in &self.members {
            if finding.reason.text == *shown {
                continue;
            }
            let said = subject(finding, stack);
            let own = said.into_iter().find(|name| !shown.en.contains(name));
            let name = own.map_or_else(|| slots::stack(stack), str::to_owned);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

/// The names of the stack that the finding says.
fn subject<'a>(finding: &Finding, stack: &'a Stack) -> Vec<&'a str> {
    let license = stack.model.license.as_ref().map(|l| l.name.as_str());
    [
        Some(stack.model.name.as_str()),
        Some(stack.runtime.name.as_str()),
        license,
    ]
    .into_iter()
    .flatten()
    .filter(|name| finding.reason.text.en.contains(name))
    .collect()
}

/// `text (EP0308, Android 8/12 GB)`, the remedy under it, in a one-page plan behind it.
pub(super) fn warning(plan: &Plan, group: &Group<'_>, voice: Voice) -> Item {
    let mut item = bare(group, voice);
    let mut marks: Vec<Vec<Inline>> = Vec::new();
    marks.extend(group.finding.reason.code.clone().map(text));
    if group.tiers.len() < plan.tiers.len() {
        marks.push(slots::places(voice, &group.tiers));
    }
    if !marks.is_empty() {
        let marks = voice.list(marks);
        item.text
            .extend(voice.say("finding.marks", &[("marks", marks)]));
    }
    if !super::full(plan) {
        for remedy in item.items.drain(..) {
            item.text
                .extend(voice.say("finding.remedy", &[("remedy", remedy.text)]));
        }
    }
    item
}

/// `text (EP0606); also: ...`, the remedy under it.
pub(super) fn advice(group: &Group<'_>, voice: Voice) -> Item {
    let mut item = bare(group, voice);
    if let Some(code) = &group.finding.reason.code {
        let marks = text(code.clone());
        item.text
            .extend(voice.say("finding.marks", &[("marks", marks)]));
    }
    let others = group.others();
    if !others.is_empty() {
        let names = others.into_iter().map(text).collect();
        item.text
            .extend(voice.say("notes.also", &[("stacks", voice.names(names))]));
    }
    item
}

/// With a capital letter: findings begin like messages, in lower case. Names keep their spelling (iOS, a runtime's).
fn sentence(mut words: Vec<Inline>, runtime: &str) -> Vec<Inline> {
    let is_name = |text: &str| {
        let word = text.split_whitespace().next().unwrap_or_default();
        text.starts_with(runtime) || word.chars().any(char::is_uppercase)
    };
    if let Some(Inline::Text(first)) = words.first_mut()
        && !is_name(first)
        && let Some(letter) = first.chars().next()
    {
        first.replace_range(..letter.len_utf8(), &letter.to_uppercase().to_string());
    }
    words
}

fn bare(group: &Group<'_>, voice: Voice) -> Item {
    let words = voice.words(&group.finding.reason.text);
    let mut item = Item::new(sentence(words, group.runtime));
    let remedy = voice.words(&group.finding.remedy);
    if !remedy.is_empty() {
        item.items.push(Item::new(remedy));
    }
    item
}
