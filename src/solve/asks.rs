//! What a spec asks besides its lines, as changes to try where even a spec without lines has no answer: a language, the
//! smallest phone, a whole feature, a platform, or a rule an author may take on himself.
//!
//! Each is a spec of its own, which the search then proves or throws away.

use std::collections::{BTreeMap, BTreeSet};

use super::blame::Blame;
use super::field::Field;
use super::question::Question;
use super::types::{Change, Edit};
use crate::catalog::types::Role;
use crate::rules::types::Rule;
use crate::spec::expr::Expr;
use crate::spec::facts::fact;
use crate::spec::model::{Allow, Asked, Feature, RamRange, Spec};

/// What a change counts for in the order of the ways out; a dropped line counts for one.
const ALLOW: f64 = 0.5;
const LANGUAGE: f64 = 1.0;
const DEVICE: f64 = 2.0;
const PLATFORM: f64 = 3.0;
const FEATURE: f64 = 3.0;
/// Languages tried in the place of one.
const LANGUAGES_TRIED: usize = 2;

/// A changed spec.
pub(super) struct Ask {
    pub(super) change: Change,
    pub(super) cost: f64,
    pub(super) spec: Spec,
    /// Classes that had an answer may lose it.
    pub(super) everywhere: bool,
}

/// Changes to try, cheapest first.
pub(super) fn asks(question: &Question<'_>, judged: &[(Field<'_, '_>, Blame)]) -> Vec<Ask> {
    let mut asks = allows(question, judged);
    asks.extend(languages(question, judged));
    asks.extend(larger_phones(question, judged));
    asks.extend(without_phones(question, judged));
    asks.extend(without_feature(question, judged));
    asks.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    asks
}

/// The rules that are to blame on some class.
fn blamed<'a>(question: &Question<'a>, judged: &[(Field<'_, '_>, Blame)]) -> Vec<&'a Rule> {
    let numbers: BTreeSet<usize> = judged
        .iter()
        .flat_map(|(field, blame)| {
            let grant = field.grant();
            blame
                .limits
                .iter()
                .filter_map(move |at| at.checked_sub(grant + 1))
        })
        .collect();
    numbers
        .into_iter()
        .map(|at| &question.rules.rules[at])
        .collect()
}

/// The roles nothing fills, with their features.
fn blocked_roles(
    question: &Question<'_>,
    judged: &[(Field<'_, '_>, Blame)],
) -> BTreeMap<usize, BTreeSet<Role>> {
    let mut roles: BTreeMap<usize, BTreeSet<Role>> = BTreeMap::new();
    for (field, blame) in judged.iter().filter(|(_, blame)| blame.is_beyond_lines()) {
        for slot in blame.emptied(field) {
            let slot = question.slots[slot];
            roles.entry(slot.feature).or_default().insert(slot.role);
        }
    }
    roles
}

fn allows(question: &Question<'_>, judged: &[(Field<'_, '_>, Blame)]) -> Vec<Ask> {
    let rules = blamed(question, judged).into_iter();
    rules
        .filter(|rule| rule.overridable)
        .map(|rule| {
            let mut spec = question.spec.clone();
            let span = home(question.spec);
            spec.allows.push(Allow {
                code: rule.code,
                span,
                reason: String::new(),
            });
            Ask {
                change: Change {
                    span,
                    name: rule.id.clone(),
                    edit: Edit::Allow(rule.code),
                },
                cost: ALLOW,
                spec,
                everywhere: false,
            }
        })
        .collect()
}

/// Another language in the place of one, where a rule about languages is to blame.
fn languages(question: &Question<'_>, judged: &[(Field<'_, '_>, Blame)]) -> Vec<Ask> {
    let rules = blamed(question, judged);
    if !rules.iter().any(|rule| speaks_of_languages(&rule.when)) {
        return Vec::new();
    }
    let mut asks = Vec::new();
    for (at, roles) in blocked_roles(question, judged) {
        let feature = &question.spec.features[at];
        let Some(span) = feature.languages.span else {
            continue;
        };
        // The language named last is the one an author adds.
        let mut named: Vec<&String> = Vec::new();
        let directions = feature.directions.iter();
        let directions = directions.flat_map(|(from, to)| [from, to]);
        for language in directions.chain(&feature.languages.value) {
            if !named.contains(&language) {
                named.push(language);
            }
        }
        for from in named.into_iter().rev() {
            for to in handled_beside(question, feature, from, &roles) {
                let mut spec = question.spec.clone();
                replace(&mut spec.features[at], from, &to);
                asks.push(Ask {
                    change: Change {
                        span,
                        name: "languages".to_owned(),
                        edit: Edit::Word {
                            from: from.clone(),
                            to,
                        },
                    },
                    cost: LANGUAGE,
                    spec,
                    everywhere: true,
                });
            }
        }
    }
    asks
}

/// Languages that models of every role handle beside the others of a feature: those that most handle first.
fn handled_beside(
    question: &Question<'_>,
    feature: &Feature,
    from: &String,
    roles: &BTreeSet<Role>,
) -> Vec<String> {
    let asked = &feature.languages.value;
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for (at, role) in roles.iter().enumerate() {
        let mut own: BTreeMap<&String, usize> = BTreeMap::new();
        let models = question.catalog.models.iter();
        for model in models.filter(|model| model.roles.contains(role)) {
            let Some(known) = &model.languages else {
                continue;
            };
            if !asked
                .iter()
                .all(|one| one == from || known.listed.contains(one))
            {
                continue;
            }
            for language in known.listed.iter().filter(|one| !asked.contains(one)) {
                *own.entry(language).or_default() += 1;
            }
        }
        if at == 0 {
            counts = own;
        } else {
            counts.retain(|language, _| own.contains_key(language));
            for (language, count) in &mut counts {
                *count = (*count).min(own[language]);
            }
        }
    }
    let mut ranked: Vec<(&String, usize)> = counts.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let ranked = ranked.into_iter().take(LANGUAGES_TRIED);
    ranked.map(|(language, _)| language.clone()).collect()
}

fn replace(feature: &mut Feature, from: &str, to: &str) {
    let swap = |language: &mut String| {
        if language == from {
            to.clone_into(language);
        }
    };
    let languages = &mut feature.languages.value;
    languages.iter_mut().for_each(swap);
    languages.sort_unstable();
    languages.dedup();
    for (source, target) in &mut feature.directions {
        swap(source);
        swap(target);
    }
}

fn speaks_of_languages(condition: &Expr) -> bool {
    let mut facts = condition.facts().into_iter();
    facts.any(|id| fact(id).path.starts_with("model.unlisted"))
}

/// A higher floor under the memory of the phones, where classes above the failing ones are asked for.
fn larger_phones(question: &Question<'_>, judged: &[(Field<'_, '_>, Blame)]) -> Option<Ask> {
    let spec = question.spec;
    let (span, range) = (spec.ram.span?, spec.ram.value);
    let failing = judged.iter().filter(|(_, blame)| blame.is_beyond_lines());
    let mut failing = failing
        .map(|(field, _)| field.class)
        .filter(|class| !class.named);
    let largest = failing.try_fold(0, |largest, class| {
        (!class.named).then_some(class.phone.ram_gib.max(largest))
    })?;
    let budgets = question
        .catalog
        .platforms
        .iter()
        .flat_map(|one| &one.budgets);
    let sizes = budgets.map(|row| row.ram_gib);
    let fits = |gib: &u32| *gib > largest && range.max_gib.is_none_or(|max| *gib <= max);
    let floor = sizes.filter(fits).min()?;
    let mut changed = spec.clone();
    changed.ram = Asked::written(
        RamRange {
            min_gib: floor,
            ..range
        },
        span,
    );
    Some(Ask {
        change: Change {
            span,
            name: "ram".to_owned(),
            edit: Edit::Word {
                from: format!("{} GB", range.min_gib),
                to: format!("{floor} GB"),
            },
        },
        cost: f64::from(floor - range.min_gib) / f64::from(range.min_gib.max(1)),
        spec: changed,
        everywhere: false,
    })
}

/// Without a named device or a platform on which something besides the lines is to blame.
fn without_phones(question: &Question<'_>, judged: &[(Field<'_, '_>, Blame)]) -> Vec<Ask> {
    let spec = question.spec;
    let mut asks = Vec::new();
    let failing = judged.iter().filter(|(_, blame)| blame.is_beyond_lines());
    let failing: Vec<&super::types::DeviceClass> = failing.map(|(field, _)| field.class).collect();
    if let [class] = failing.as_slice()
        && class.named
        && let Some(at) = spec
            .devices
            .iter()
            .position(|device| device.value == class.id)
        && let Some(span) = spec.devices[at].span
        && (spec.devices.len() > 1 || !spec.ram.is_default())
    {
        let mut changed = spec.clone();
        changed.devices.remove(at);
        asks.push(ask(("device", span), DEVICE, changed));
    }
    let first = failing.first().map(|class| class.phone.platform);
    let alone = first.filter(|one| failing.iter().all(|class| class.phone.platform == *one));
    if let Some(platform) = alone
        && spec.platforms.len() > 1
    {
        let id = &question.catalog.platforms[platform.at()].id;
        if let Some(at) = spec.platforms.iter().position(|asked| asked.id == *id) {
            let mut changed = spec.clone();
            let gone = changed.platforms.remove(at);
            asks.push(ask(("platform", gone.span), PLATFORM, changed));
        }
    }
    asks
}

/// Without a feature that nothing can fill, where another is left.
fn without_feature(question: &Question<'_>, judged: &[(Field<'_, '_>, Blame)]) -> Vec<Ask> {
    let spec = question.spec;
    if spec.features.len() < 2 {
        return Vec::new();
    }
    let features = blocked_roles(question, judged).into_keys();
    features
        .map(|at| {
            let mut changed = spec.clone();
            let gone = changed.features.remove(at);
            changed.demands.retain(|demand| match &demand.kind {
                crate::spec::model::DemandKind::Pin { feature, .. } => *feature != gone.id,
                _ => true,
            });
            ask(("feature", gone.span), FEATURE, changed)
        })
        .collect()
}

fn ask((name, span): (&str, crate::diagnostic::Span), cost: f64, spec: Spec) -> Ask {
    Ask {
        change: Change {
            span,
            name: name.to_owned(),
            edit: Edit::Drop,
        },
        cost,
        spec,
        everywhere: false,
    }
}

/// Where an added line is shown: at the platforms, which every spec has.
fn home(spec: &Spec) -> crate::diagnostic::Span {
    spec.platforms[0].span
}
