//! What is different between two plans: stacks, memory, sizes and speeds, class by class. Data and its words; no search.

use serde::Serialize;

use super::types::{DeviceClass, Estimated, Measure, Plan, SlotFigures, Stack, Tier, Unit};
use crate::diagnostic::Text;

/// What is different.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Diff {
    /// Classes that are in one plan only or get something else, in the order of the plans.
    pub changed: Vec<ClassDiff>,
    /// Ids of the classes for which everything stays.
    pub unchanged: Vec<String>,
}

/// One class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassDiff {
    /// Its id.
    pub class: String,
    /// `changed`, `added` or `gone`.
    pub status: &'static str,
    /// Slots with another stack, or in one plan only.
    pub stacks: Vec<StackDiff>,
    /// Figures that differ: of the class (`memory`, `download`, ...), and of a slot (`chat.llm ttft`).
    pub figures: Vec<FigureDiff>,
}

/// The stack of one slot before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StackDiff {
    /// `feature.role`.
    pub slot: String,
    /// Absent where the slot is new.
    pub before: Option<StackName>,
    /// Absent where the slot is gone.
    pub after: Option<StackName>,
}

/// A stack by its names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StackName {
    /// Model id.
    pub model: String,
    /// Quantization id.
    pub quantization: String,
    /// Runtime id.
    pub runtime: String,
    /// Backend id.
    pub backend: String,
    /// SHA-256 of the file, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The same for people.
    pub shown: String,
}

impl StackName {
    /// Nothing is another but the bytes of the file.
    #[must_use]
    pub fn is_with_other_bytes(&self, other: &Self) -> bool {
        let known = self.sha256.is_some() && other.sha256.is_some();
        known && self.sha256 != other.sha256 && self.is_named_as(other)
    }

    /// That its file was replaced.
    #[must_use]
    pub fn with_other_bytes(&self) -> Text {
        Text::key("diff.other-bytes").arg("stack", self.shown.as_str())
    }

    /// The same by all names; a digest that is not known on either side tells nothing.
    fn is_named_as(&self, other: &Self) -> bool {
        let named = |stack: &Self| Self {
            sha256: None,
            ..stack.clone()
        };
        named(self) == named(other)
    }
}

/// A figure before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FigureDiff {
    /// `feature.role`, for figures of one stack.
    pub slot: Option<String>,
    /// `memory`, `memory-budget`, `download`, `storage`, `ttft`, `decode`, `latency`, `cold-start`, `energy`, `battery`.
    pub name: &'static str,
    /// Absent where it is not known or has no meaning.
    pub before: Option<Measure>,
    /// The same.
    pub after: Option<Measure>,
}

impl Diff {
    /// What a second plan changes; a missing plan has no classes.
    #[must_use]
    pub fn of(before: Option<&Plan>, after: Option<&Plan>) -> Self {
        let mut diff = Self {
            changed: Vec::new(),
            unchanged: Vec::new(),
        };
        let (old, new) = (classes(before), classes(after));
        for (id, own) in &old {
            let other = new.iter().find(|(other, _)| other == id);
            match class(id, Some(own), other.map(|(_, other)| other)) {
                Some(changed) => diff.changed.push(changed),
                None => diff.unchanged.push((*id).to_owned()),
            }
        }
        for (id, own) in &new {
            if !old.iter().any(|(other, _)| other == id) {
                diff.changed.extend(class(id, None, Some(own)));
            }
        }
        diff
    }

    /// The same in words, one sentence a line.
    #[must_use]
    pub fn lines(&self) -> Vec<Text> {
        let mut lines = Vec::new();
        for class in &self.changed {
            let key = match class.status {
                "added" => "diff.added",
                "gone" => "diff.gone",
                _ => "diff.changed",
            };
            lines.push(Text::key(key).arg("class", class.class.as_str()));
            lines.extend(class.stacks.iter().map(StackDiff::line));
            lines.extend(class.figures.iter().map(FigureDiff::line));
        }
        if !self.unchanged.is_empty() {
            let classes = self.unchanged.join(", ");
            lines.push(Text::key("diff.unchanged").arg("classes", classes));
        }
        lines
    }
}

impl StackDiff {
    fn line(&self) -> Text {
        let shown = |stack: &StackName| stack.shown.clone();
        match (&self.before, &self.after) {
            (Some(before), Some(after)) if before.is_with_other_bytes(after) => {
                Text::key("diff.stack.replaced").arg("what", after.with_other_bytes())
            }
            (Some(before), Some(after)) => Text::key("diff.stack")
                .arg("before", shown(before))
                .arg("after", shown(after)),
            (None, Some(after)) => Text::key("diff.stack.added").arg("after", shown(after)),
            (Some(before), None) => Text::key("diff.stack.gone").arg("before", shown(before)),
            (None, None) => Text::empty(),
        }
        .arg("slot", self.slot.as_str())
    }
}

/// What the figures are called.
const NAMES: [(&str, &str); 10] = [
    ("memory", "diff.name.memory"),
    ("memory-budget", "diff.name.memory-budget"),
    ("download", "diff.name.download"),
    ("storage", "diff.name.storage"),
    ("ttft", "diff.name.ttft"),
    ("decode", "diff.name.decode"),
    ("latency", "diff.name.latency"),
    ("cold-start", "diff.name.cold-start"),
    ("energy", "diff.name.energy"),
    ("battery", "diff.name.battery"),
];

impl FigureDiff {
    /// What it is, for people.
    #[must_use]
    pub fn title(&self) -> Text {
        let known = NAMES.iter().find(|(name, _)| *name == self.name);
        known.map_or_else(|| Text::plain(self.name), |(_, key)| Text::key(key))
    }

    fn line(&self) -> Text {
        let shown = |measure: &Option<Measure>| {
            measure.map_or_else(|| "–".to_owned(), |one| one.unit.show(one.likely))
        };
        let key = match (&self.before, &self.after) {
            (Some(before), Some(after)) if before.likely > 0.0 => {
                let percent = (after.likely / before.likely - 1.0) * 100.0;
                return self
                    .named("diff.figure.by", &shown)
                    .arg("by", format!("{percent:+.0} %"));
            }
            (None, _) => "diff.figure.added",
            _ => "diff.figure",
        };
        self.named(key, &shown)
    }

    fn named(&self, key: &'static str, shown: &dyn Fn(&Option<Measure>) -> String) -> Text {
        let name = match &self.slot {
            Some(slot) => Text::key("diff.name.of")
                .arg("slot", slot.as_str())
                .arg("name", self.title()),
            None => self.title(),
        };
        Text::key(key)
            .arg("name", name)
            .arg("before", shown(&self.before))
            .arg("after", shown(&self.after))
    }
}

/// A class with its tier.
type Placed<'p> = (&'p Tier, &'p DeviceClass);

fn classes(plan: Option<&Plan>) -> Vec<(&str, Placed<'_>)> {
    let tiers = plan.into_iter().flat_map(|plan| &plan.tiers);
    let classes = tiers.flat_map(|tier| tier.classes.iter().map(move |class| (tier, class)));
    classes
        .map(|(tier, class)| (class.id.as_str(), (tier, class)))
        .collect()
}

/// What differs for a class; none where nothing does.
fn class(id: &str, before: Option<&Placed<'_>>, after: Option<&Placed<'_>>) -> Option<ClassDiff> {
    let status = match (before, after) {
        (Some(_), Some(_)) => "changed",
        (None, _) => "added",
        (_, None) => "gone",
    };
    let mut slots: Vec<String> = Vec::new();
    for stack in before
        .iter()
        .chain(&after)
        .flat_map(|(tier, _)| &tier.stacks)
    {
        let slot = slot_of(&stack.feature, &stack.role);
        if !slots.contains(&slot) {
            slots.push(slot);
        }
    }
    let mut stacks = Vec::new();
    let mut figures = Vec::new();
    for (name, of) in TOTALS {
        figures.push(FigureDiff {
            slot: None,
            name,
            before: before.and_then(of),
            after: after.and_then(of),
        });
    }
    for slot in slots {
        let name = |placed: Option<&Placed<'_>>| {
            let mut stacks = placed?.0.stacks.iter();
            stacks
                .find(|stack| slot_of(&stack.feature, &stack.role) == slot)
                .map(stack_name)
        };
        let (old, new) = (name(before), name(after));
        let same = match (&old, &new) {
            (Some(old), Some(new)) => old.is_named_as(new) && !old.is_with_other_bytes(new),
            _ => old == new,
        };
        if !same {
            stacks.push(StackDiff {
                slot: slot.clone(),
                before: old,
                after: new,
            });
        }
        let own = |placed: Option<&'_ Placed<'_>>, of: fn(&SlotFigures) -> &Estimated| {
            let mut all = placed?.1.figures.iter();
            let own = all.find(|one| slot_of(&one.feature, &one.role) == slot)?;
            of(own).value().copied()
        };
        figures.extend(SPEEDS.map(|(name, of)| FigureDiff {
            slot: Some(slot.clone()),
            name,
            before: own(before, of),
            after: own(after, of),
        }));
    }
    figures.retain(|figure| figure.before != figure.after && (status != "gone"));
    (status != "changed" || !stacks.is_empty() || !figures.is_empty()).then(|| ClassDiff {
        class: id.to_owned(),
        status,
        stacks,
        figures,
    })
}

/// How a sum is read off a class.
type Total = fn(&Placed<'_>) -> Option<Measure>;

/// Figures of a class.
const TOTALS: [(&str, Total); 4] = [
    ("memory", |(_, class)| Some(class.memory.total)),
    ("memory-budget", |(_, class)| {
        let bytes = class.memory.budget.bytes?;
        Some(Measure::exact(bytes as f64, Unit::Bytes))
    }),
    ("download", |(tier, _)| Some(tier.download)),
    ("storage", |(tier, _)| Some(tier.storage)),
];

/// A figure of one stack on a class.
type Speed = (&'static str, fn(&SlotFigures) -> &Estimated);

const SPEEDS: [Speed; 6] = [
    ("ttft", |figures| &figures.ttft),
    ("decode", |figures| &figures.decode),
    ("latency", |figures| &figures.latency),
    ("cold-start", |figures| &figures.cold_start),
    ("energy", |figures| &figures.energy),
    ("battery", |figures| &figures.battery),
];

fn slot_of(feature: &str, role: &str) -> String {
    format!("{feature}.{role}")
}

fn stack_name(stack: &Stack) -> StackName {
    StackName {
        model: stack.model.id.clone(),
        quantization: stack.quantization.id.clone(),
        runtime: stack.runtime.id.clone(),
        backend: stack.backend.clone(),
        sha256: stack.file.sha256.clone(),
        shown: format!(
            "{} {} ({}, {})",
            stack.model.name, stack.quantization.name, stack.runtime.name, stack.backend_name
        ),
    }
}
