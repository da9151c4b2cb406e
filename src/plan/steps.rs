//! Every value at which the answer of a plan changes: bound by bound, and from one size of phones to the next. Data and its
//! words; no search.

use serde::Serialize;

use super::types::{Bound, Plan, Stack, Step, Tier};
use crate::diagnostic::Text;

/// What moving the bounds of a spec would change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Steps {
    /// In the order of the plan.
    pub classes: Vec<ClassSteps>,
    /// Sizes of phones beyond those asked for, where the answer is another one than on the nearest size asked for.
    pub ram: Vec<RamStep>,
}

/// One class with its bounds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassSteps {
    /// Its id.
    pub class: String,
    /// Its bounds.
    pub bounds: Vec<Bound>,
}

/// A size of phones that the spec does not ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RamStep {
    /// Its class id.
    pub class: String,
    /// RAM in GiB.
    pub ram_gib: u32,
    /// What it would get: a name per stack; empty where nothing fits.
    pub stacks: Vec<String>,
}

impl Steps {
    /// Of a plan. `every` is the plan of the same spec for phones of every size.
    #[must_use]
    pub fn of(plan: &Plan, every: Option<&Plan>) -> Self {
        let classes = plan.tiers.iter().flat_map(|tier| &tier.classes);
        let classes = classes.map(|class| ClassSteps {
            class: class.id.clone(),
            bounds: class.bounds.clone(),
        });
        Self {
            classes: classes.collect(),
            ram: every.map_or_else(Vec::new, |every| ram(plan, every)),
        }
    }

    /// The same in words, one sentence a line; classes with the same bounds and steps share them.
    #[must_use]
    pub fn lines(&self) -> Vec<Text> {
        let mut groups: Vec<(&[Bound], Vec<&str>)> = Vec::new();
        for class in &self.classes {
            match groups
                .iter_mut()
                .find(|(bounds, _)| *bounds == class.bounds)
            {
                Some((_, classes)) => classes.push(&class.class),
                None => groups.push((&class.bounds, vec![&class.class])),
            }
        }
        let mut lines = Vec::new();
        for (bounds, classes) in groups {
            lines.push(Text::key("steps.class").arg("classes", classes.join(", ")));
            for bound in bounds {
                bound_lines(bound, &mut lines);
            }
        }
        lines.extend(self.ram.iter().map(|step| {
            let key = if step.stacks.is_empty() {
                "steps.ram.nothing"
            } else {
                "steps.ram"
            };
            Text::key(key)
                .arg("class", step.class.as_str())
                .arg("stacks", step.stacks.join(", "))
        }));
        lines
    }
}

fn bound_lines(bound: &Bound, lines: &mut Vec<Text>) {
    let name = match (&bound.line.text, bound.line.line) {
        (Some(text), Some(line)) => Text::key("steps.line")
            .arg("line", line.to_string())
            .arg("text", text.as_str()),
        _ => Text::key("steps.platform").arg("limit", bound.unit.show(bound.limit)),
    };
    let (Some(used), Some(slack)) = (bound.used, bound.slack) else {
        lines.push(Text::key("steps.idle").arg("bound", name));
        return;
    };
    let key = if bound.binds {
        "steps.bound.binds"
    } else {
        "steps.bound"
    };
    lines.push(
        Text::key(key)
            .arg("bound", name)
            .arg("used", bound.unit.show(used))
            .arg("slack", bound.unit.show(slack)),
    );
    let looser = bound.looser.iter().map(|step| ("steps.looser", step));
    let tighter = bound.tighter.iter().map(|step| ("steps.tighter", step));
    for (key, step) in looser.chain(tighter) {
        lines.push(
            Text::key(key)
                .arg("at", step.at.as_str())
                .arg("gets", gets(step)),
        );
    }
}

fn gets(step: &Step) -> Text {
    if !step.feasible {
        return Text::key("steps.nothing");
    }
    let swaps = step.stacks.iter().map(|swap| {
        format!(
            "{}.{}: {} -> {}",
            swap.feature, swap.role, swap.from, swap.to
        )
    });
    Text::key("steps.gets").arg("swaps", swaps.collect::<Vec<_>>().join(", "))
}

/// Sizes beyond those asked for, from the nearest on, where the names of the stacks change.
fn ram(plan: &Plan, every: &Plan) -> Vec<RamStep> {
    let mut steps = Vec::new();
    let mut platforms: Vec<&str> = Vec::new();
    for tier in &plan.tiers {
        if !platforms.contains(&tier.platform.as_str()) {
            platforms.push(&tier.platform);
        }
    }
    for platform in platforms {
        let own = sizes(plan, platform);
        let all = sizes(every, platform);
        let (Some(first), Some(last)) = (own.first(), own.last()) else {
            continue;
        };
        let smaller = all.iter().rev().filter(|one| one.ram_gib < first.ram_gib);
        changes(first, smaller, &mut steps);
        let larger = all.iter().filter(|one| one.ram_gib > last.ram_gib);
        changes(last, larger, &mut steps);
    }
    steps
}

fn changes<'s>(
    from: &'s RamStep,
    sizes: impl Iterator<Item = &'s RamStep>,
    steps: &mut Vec<RamStep>,
) {
    let mut known = from;
    for size in sizes {
        if size.stacks != known.stacks {
            steps.push(size.clone());
        }
        known = size;
    }
}

/// The sizes of a platform with what each gets, smallest first.
fn sizes(plan: &Plan, platform: &str) -> Vec<RamStep> {
    let name = |stack: &Stack| format!("{} {}", stack.model.name, stack.quantization.name);
    let tiers = plan.tiers.iter().filter(|tier| tier.platform == platform);
    let fitting = tiers.flat_map(|tier: &Tier| {
        let classes = tier.classes.iter().filter(|class| !class.named);
        classes.map(|class| RamStep {
            class: class.id.clone(),
            ram_gib: class.ram_gib,
            stacks: tier.stacks.iter().map(name).collect(),
        })
    });
    let failing = plan
        .infeasible
        .iter()
        .filter(|class| class.platform == platform)
        .filter(|class| class.id == format!("{platform}-{}gb", class.ram_gib))
        .map(|class| RamStep {
            class: class.id.clone(),
            ram_gib: class.ram_gib,
            stacks: Vec::new(),
        });
    let mut sizes: Vec<RamStep> = fitting.chain(failing).collect();
    sizes.sort_by_key(|size| size.ram_gib);
    sizes
}
