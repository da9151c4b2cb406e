//! Plan to sayings: its sentences on problems, remedies, limits and checks, each with the rows it holds on. Judges nothing.

use std::collections::BTreeSet;

use crate::diagnostic::{Locale, messages};
use crate::plan::types::{Plan, Stack, Words};
use crate::prose::facts::{Facts, Kind, class_name, plain};

/// A sentence of the plan that others may put in another order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Saying {
    /// Its rule.
    pub(crate) of: String,
    /// What is said.
    pub(crate) text: String,
    /// API names, options and tools that go with it.
    pub(crate) apis: Vec<String>,
    /// The rows of the facts it holds on.
    pub(crate) rows: BTreeSet<usize>,
    /// It is said of the plan: nothing need be named.
    pub(crate) free: bool,
    /// The platforms it is said of, as the plan prints them; none where it is of its rows alone.
    pub(crate) platforms: BTreeSet<String>,
}

/// The sayings of a plan. `facts` are those of the whole plan, whose rows follow the stacks of its classes.
pub(super) fn sayings(plan: &Plan, facts: &Facts) -> Vec<Saying> {
    let mut all = of_plan(plan, facts);
    let mut first = 0;
    for tier in &plan.tiers {
        let stacks = tier.stacks.len();
        for (at, stack) in tier.stacks.iter().enumerate() {
            let rows = (0..tier.classes.len()).map(|class| first + class * stacks + at);
            let rows: BTreeSet<usize> = rows.collect();
            for (of, text) in of_stack(stack, facts.locale) {
                let known = |one: &&mut Saying| !one.free && one.of == of && one.text == text;
                match all.iter_mut().find(known) {
                    Some(known) => known.rows.extend(&rows),
                    None => all.push(Saying {
                        of,
                        text,
                        apis: Vec::new(),
                        rows: rows.clone(),
                        free: false,
                        platforms: BTreeSet::new(),
                    }),
                }
            }
        }
        first += tier.classes.len() * stacks;
    }
    all
}

/// Challenges, risks and checks.
fn of_plan(plan: &Plan, facts: &Facts) -> Vec<Saying> {
    let locale = facts.locale;
    let mut all = Vec::new();
    let every: BTreeSet<usize> = (0..facts.rows.len()).collect();
    for challenge in &plan.challenges {
        let (found, _, _) = &challenge.found_on;
        let on = plan.tiers.iter().find_map(|tier| {
            let mut classes = tier.classes.iter();
            let class = classes.find(|class| class.id == *found)?;
            Some((class_name(tier, class), &tier.platform_name))
        });
        let is_found = |at: &usize| {
            let class = facts.rows[*at].names.get(&Kind::Class);
            class.is_some() && class == on.as_ref().map(|(class, _)| class)
        };
        let rows: BTreeSet<usize> = every.iter().copied().filter(is_found).collect();
        let mut say = |text: &Words, apis: &[String]| {
            let text = plain(text.get(locale));
            let names = plan.tiers.iter().map(|tier| &tier.platform_name);
            let named = names.filter(|name| text.contains(name.as_str()));
            let mut platforms: BTreeSet<String> = named.cloned().collect();
            if platforms.is_empty() {
                platforms.extend(on.as_ref().map(|(_, platform)| (*platform).clone()));
            }
            all.push(Saying {
                of: challenge.id.clone(),
                apis: apis.iter().map(|api| plain(api)).collect(),
                text,
                rows: rows.clone(),
                free: true,
                platforms,
            });
        };
        say(&challenge.title, &[]);
        say(&challenge.problem, &[]);
        for remedy in &challenge.remedies {
            say(&remedy.text, &remedy.apis);
        }
    }
    all.extend(systems(plan, facts));
    let risks = plan
        .risks
        .iter()
        .map(|risk| (&risk.id, &risk.text, &[][..]));
    let checks = plan.checks.iter();
    let checks = checks.map(|check| (&check.id, &check.text, check.tools.as_slice()));
    for (id, text, tools) in risks.chain(checks) {
        all.push(Saying {
            of: id.clone(),
            text: plain(text.get(locale)),
            apis: tools.iter().map(|tool| plain(tool)).collect(),
            rows: every.clone(),
            free: true,
            platforms: BTreeSet::new(),
        });
    }
    all
}

/// The oldest systems.
fn systems(plan: &Plan, facts: &Facts) -> Vec<Saying> {
    let mut all: Vec<Saying> = Vec::new();
    for tier in &plan.tiers {
        let platform = &tier.platform_name;
        for class in &tier.classes {
            let system = format!("{platform} {}", class.min_os);
            for key in ["prose.system.lowest", "prose.system.minimum"] {
                let words = messages::lookup(key, facts.locale).unwrap_or_default();
                let text = words.replace("{system}", &system);
                if !text.is_empty() && all.iter().all(|known| known.text != text) {
                    all.push(Saying {
                        of: "system".to_owned(),
                        text,
                        apis: Vec::new(),
                        rows: BTreeSet::new(),
                        free: true,
                        platforms: [platform.clone()].into(),
                    });
                }
            }
        }
    }
    all
}

/// What was found on a stack, what its runtime and its licence ask for, and what its quantization is.
fn of_stack(stack: &Stack, locale: Locale) -> Vec<(String, String)> {
    let found = stack.findings.iter();
    let found = found.flat_map(|finding| {
        let of = finding.reason.id.as_str();
        [(of, &finding.reason.text), (of, &finding.remedy)]
    });
    let limits = stack.runtime.limits.iter().map(|text| ("runtime", text));
    let license = stack.model.license.iter();
    let license = license.filter_map(|license| Some(("license", license.limits.as_ref()?)));
    let texts = found
        .chain(limits)
        .chain(license)
        .chain([("quantization", &stack.quantization.summary)]);
    let texts = texts.map(|(of, words)| (of, plain(words.get(locale)).trim().to_owned()));
    let texts = texts.filter(|(_, text)| !text.is_empty());
    texts.map(|(of, text)| (of.to_owned(), text)).collect()
}
