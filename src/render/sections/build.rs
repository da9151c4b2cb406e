//! What to build: per platform and place the stacks with file, runtime and settings, and what the app must declare.

use super::super::inline::Inline;
use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, code, text, trim_number};
use super::variant::{Variant, variants};
use super::{slots, stack};
use crate::plan::types::{Dependency, Measure, Plan, Tier};

pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("build", voice);
    let mut told = stack::Told::default();
    let mut pasted: Option<Vec<&Dependency>> = None;
    let brief = !super::full(plan);
    for tiers in slots::by_platform(plan.tiers.iter()) {
        section.blocks.push(Block::Heading(heading(&tiers, voice)));
        let mut items = Vec::new();
        let places = tiers.iter().map(|tier| tier.stacks.len()).min();
        for at in 0..places.unwrap_or(0) {
            items.extend(place(plan, &variants(&tiers, at), &mut told, voice));
        }
        let needed = dependencies(&tiers);
        let known = |one: &&Dependency| pasted.as_ref().is_some_and(|told| told.contains(one));
        let again = match &pasted {
            Some(told) if brief => !told.is_empty() && needed.iter().all(known),
            told => told.as_ref() == Some(&needed),
        };
        items.extend(dependency_item(&tiers, &needed, (again, brief), voice));
        pasted = Some(needed);
        items.extend(shared(plan, &tiers, voice));
        section.blocks.push(Block::List(items));
    }
    section
}

/// `iOS 17+: 8/12 GB`.
fn heading(tiers: &[&Tier], voice: Voice) -> Vec<Inline> {
    let classes = tiers.iter().flat_map(|tier| &tier.classes);
    let os = classes
        .map(|class| class.min_os)
        .fold(f64::INFINITY, f64::min);
    voice.say(
        "tier.title",
        &[
            ("platform", text(tiers[0].platform_name.clone())),
            ("os", text(trim_number(os))),
            ("phones", slots::phones(voice, tiers)),
        ],
    )
}

/// A place in the pipeline with its choices; what has only one form is not nested.
fn place(plan: &Plan, variants: &[Variant<'_>], told: &mut stack::Told, voice: Voice) -> Vec<Item> {
    let slot = variants.first().map_or_else(Vec::new, |variant| {
        let stack = variant.stack;
        strong(if slots::lone(plan) {
            voice.say("label.choice", &[])
        } else {
            slots::slot(plan, voice, &stack.feature, &stack.role)
        })
    });
    if let [only] = variants {
        return vec![variant(plan, slot, only, (told, true), voice)];
    }
    let common = common(plan, variants, told, voice);
    let mut items: Vec<Item> = variants
        .iter()
        .map(|each| {
            let phones = strong(slots::phones(voice, &each.tiers));
            variant(plan, phones, each, (told, common.is_none()), voice)
        })
        .collect();
    if let (Some(common), Some(first)) = (common, variants.first()) {
        items.extend(common);
        told.of_runtime(first);
    }
    if slots::lone(plan) {
        items
    } else {
        vec![Item::with(slot, items)]
    }
}

/// What runs the models and how, where it is the same for all choices of a place.
fn common(
    plan: &Plan,
    variants: &[Variant<'_>],
    told: &stack::Told,
    voice: Voice,
) -> Option<Vec<Item>> {
    let runs = variants.iter();
    let mut runs = runs.map(|each| stack::run_lines(plan, each, told, voice));
    let first = runs.next()?;
    runs.all(|other| other == first).then_some(first)
}

/// A choice; `whole` says whether with what runs it.
fn variant(
    plan: &Plan,
    mut head: Vec<Inline>,
    variant: &Variant<'_>,
    (told, whole): (&mut stack::Told, bool),
    voice: Voice,
) -> Item {
    head.push(Inline::Text(voice.word("punct.colon").to_owned()));
    let (model, mut items) = stack::model_lines(plan, variant, told, voice);
    head.extend(model);
    if whole {
        items.extend(stack::run_lines(plan, variant, told, voice));
        told.of_runtime(variant);
    }
    Item::with(head, items)
}

/// Coordinates of all stacks of a platform, each once.
fn dependencies<'a>(tiers: &[&'a Tier]) -> Vec<&'a Dependency> {
    let mut found: Vec<&Dependency> = Vec::new();
    for dependency in tiers
        .iter()
        .flat_map(|tier| &tier.stacks)
        .flat_map(|stack| &stack.dependencies)
    {
        if !found.contains(&dependency) {
            found.push(dependency);
        }
    }
    found
}

fn dependency_item(
    tiers: &[&Tier],
    needed: &[&Dependency],
    (again, brief): (bool, bool),
    voice: Voice,
) -> Option<Item> {
    let stacks = || tiers.iter().flat_map(|tier| &tier.stacks);
    if needed.is_empty() {
        let bare = stacks().any(|stack| !stack.model.system);
        return bare.then(|| {
            let words = voice.say("build.no_dependencies", &[]);
            Item::new(voice.labelled("label.dependencies", words))
        });
    }
    if again && brief {
        return None;
    }
    if again {
        let words = voice.say("build.as_above", &[]);
        return Some(Item::new(voice.labelled("label.dependencies", words)));
    }
    let mut lines: Vec<Vec<Inline>> = needed.iter().map(|d| dependency(d, voice)).collect();
    if stacks().any(|stack| stack.native_dependencies) {
        lines.push(voice.say("build.native_dependencies", &[]));
    }
    Some(if lines.len() == 1 || brief {
        let lines = voice.joined("punct.semicolon", lines);
        Item::new(voice.labelled("label.dependencies", lines))
    } else {
        let lines = lines.into_iter().map(Item::new).collect();
        Item::with(voice.labelled("label.dependencies", Vec::new()), lines)
    })
}

fn dependency(dependency: &Dependency, voice: Voice) -> Vec<Inline> {
    let mut out = kind(&dependency.kind, voice);
    out.push(Inline::Text(voice.word("punct.space").to_owned()));
    let mut parts = vec![code(dependency.paste.clone())];
    if dependency.kind.starts_with("cmake") {
        let flags: Vec<String> = dependency
            .options
            .iter()
            .map(|option| format!("-D{option}"))
            .collect();
        parts.push(code(flags.join(" ")));
    } else {
        parts.extend(dependency.options.iter().map(|option| code(option.clone())));
    }
    out.extend(voice.list(parts));
    out
}

/// The build system or store a coordinate is for; names that are the same in every language stand here.
fn kind(id: &str, voice: Voice) -> Vec<Inline> {
    match id {
        "swiftpm" | "swiftpm-local" => text("SwiftPM"),
        "gradle" | "gradle-local" => text("Gradle"),
        "cmake" | "cmake-opencl" | "cmake-hexagon" => text("CMake"),
        "pub" | "pub-git" => text("pubspec.yaml"),
        "npm" => text("package.json"),
        "cocoapods" => text("Podfile"),
        "manifest" => voice.say("dependency.manifest", &[]),
        "system" => voice.say("dependency.system", &[]),
        other => text(other),
    }
}

/// What all stacks of a platform need together.
fn shared(plan: &Plan, tiers: &[&Tier], voice: Voice) -> Vec<Item> {
    let mut items = Vec::new();
    let mut entitlements: Vec<&String> = Vec::new();
    for entitlement in tiers.iter().flat_map(|tier| &tier.entitlements) {
        if !entitlements.contains(&entitlement) {
            entitlements.push(entitlement);
        }
    }
    if !entitlements.is_empty() {
        let all = entitlements.into_iter().map(|e| code(e.clone())).collect();
        let mut item = voice.labelled("label.entitlements", voice.names(all));
        if !tiers.iter().any(|tier| tier.needs_entitlements) {
            item.extend(voice.say("entitlements.spare", &[]));
        }
        items.push(Item::new(item));
    }
    // One file a phone: its size stands beside its name already.
    if !slots::lone(plan) {
        items.push(Item::new(
            voice.labelled("label.download", downloads(tiers, voice)),
        ));
    }
    items
}

/// What is downloaded and stored; by phones where they differ.
fn downloads(tiers: &[&Tier], voice: Voice) -> Vec<Inline> {
    let mut sizes: Vec<(&Measure, &Measure, Vec<&Tier>)> = Vec::new();
    for tier in tiers {
        match sizes
            .iter_mut()
            .find(|(download, storage, _)| **download == tier.download && **storage == tier.storage)
        {
            Some((.., phones)) => phones.push(tier),
            None => sizes.push((&tier.download, &tier.storage, vec![tier])),
        }
    }
    let alone = sizes.len() == 1;
    let parts = sizes.into_iter().map(|(download, storage, phones)| {
        let key = if download == storage {
            "build.download_same"
        } else {
            "build.download"
        };
        let words = voice.say(
            key,
            &[
                ("download", text(voice.measure(download))),
                ("storage", text(voice.measure(storage))),
            ],
        );
        if alone {
            words
        } else {
            let phones = slots::phones(voice, &phones);
            voice.say("build.for_phones", &[("phones", phones), ("words", words)])
        }
    });
    voice.joined("punct.semicolon", parts.collect())
}

fn strong(inlines: Vec<Inline>) -> Vec<Inline> {
    inlines
        .into_iter()
        .map(|inline| match inline {
            Inline::Text(words) => Inline::Strong(words),
            other => other,
        })
        .collect()
}
