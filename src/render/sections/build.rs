//! What to build: per tier the stacks with file, runtime, settings, dependencies, and what the app must declare.

use super::super::inline::Inline;
use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, code, grouped, link, text};
use super::slots;
use crate::plan::types::{Dependency, File, Finding, Model, Plan, Runtime, Settings, Stack, Tier};

/// Hub whose repositories catalog records name by `owner/name`.
const HUB: &str = "https://huggingface.co/";

pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("build", voice, false);
    let mut earlier: Vec<&Stack> = Vec::new();
    for tier in &plan.tiers {
        section
            .blocks
            .push(Block::Heading(slots::tier(voice, tier)));
        let mut items = Vec::new();
        for stack in &tier.stacks {
            let lines = lines(stack, &earlier, voice);
            if slots::lone(plan) {
                items.extend(lines);
            } else {
                let name = slots::slot(plan, voice, &stack.feature, &stack.role);
                items.push(Item::with(strong(name), lines));
            }
        }
        items.extend(shared(tier, voice));
        section.blocks.push(Block::List(items));
        earlier.extend(&tier.stacks);
    }
    section
}

/// The lines of one stack; what `earlier` ones said of the same model, file or runtime is not said again.
fn lines(stack: &Stack, earlier: &[&Stack], voice: Voice) -> Vec<Item> {
    let twin = earlier
        .iter()
        .find(|other| other.model.id == stack.model.id && other.file.id == stack.file.id);
    let mut items = vec![Item::new(
        voice.labelled("label.model", model(&stack.model, twin.is_some(), voice)),
    )];
    if !stack.model.system {
        items.push(Item::new(
            voice.labelled("label.file", file(stack, twin.is_some(), voice)),
        ));
    }
    let same_runtime = twin.is_some_and(|twin| twin.runtime.id == stack.runtime.id);
    let mut runtime_item = Item::new(voice.labelled("label.runtime", runtime(stack, voice)));
    if !same_runtime {
        runtime_item.items = stack
            .runtime
            .limits
            .iter()
            .map(|l| Item::new(voice.words(l)))
            .collect();
    }
    items.push(runtime_item);
    if let Some(settings) = &stack.settings {
        items.push(Item::new(
            voice.labelled("label.settings", self::settings(settings, voice)),
        ));
    }
    if !stack.dependencies.is_empty() {
        let all = stack
            .dependencies
            .iter()
            .map(|d| Item::new(dependency(d, voice)));
        let note = if stack.native_dependencies {
            voice.say("build.native_dependencies", &[])
        } else {
            Vec::new()
        };
        items.push(Item::with(
            voice.labelled("label.dependencies", note),
            all.collect(),
        ));
    } else if !stack.model.system {
        items.push(Item::new(voice.labelled(
            "label.dependencies",
            voice.say("build.no_dependencies", &[]),
        )));
    }
    items.extend(warnings(stack, earlier, voice));
    items
}

fn model(model: &Model, known: bool, voice: Voice) -> Vec<Inline> {
    let mut parts = vec![vec![Inline::Strong(model.name.clone())]];
    if known {
        parts.push(voice.say("build.as_above", &[]));
        return voice.list(parts);
    }
    parts.push(code(model.id.clone()));
    if let Some(params) = &model.params {
        parts.push(voice.say("build.params", &[("params", text(voice.measure(params)))]));
    }
    if let Some(license) = &model.license {
        let key = match license.commercial.as_str() {
            "yes" => "license.yes",
            "conditional" => "license.conditional",
            "no" => "license.no",
            _ => "license.unknown",
        };
        parts.push(voice.say(key, &[("name", text(license.name.clone()))]));
        if license.gated {
            parts.push(voice.say("license.gated", &[]));
        }
        if let (Some(limits), true) = (&license.limits, license.commercial != "yes") {
            parts.push(voice.words(limits));
        }
    }
    voice.list(parts)
}

fn file(stack: &Stack, known: bool, voice: Voice) -> Vec<Inline> {
    let file: &File = &stack.file;
    let mut parts = vec![vec![Inline::Strong(stack.quantization.name.clone())]];
    if let Some(name) = &file.name {
        parts.push(code(name.clone()));
    } else {
        parts.push(voice.say("file.unnamed", &[("format", code(file.format.clone()))]));
    }
    match file.bytes {
        Some(bytes) if file.exact => parts.push(voice.say(
            "file.exact",
            &[
                ("bytes", text(grouped(bytes))),
                ("size", text(voice.bytes(bytes))),
            ],
        )),
        Some(bytes) => parts.push(voice.say("file.about", &[("size", text(voice.bytes(bytes)))])),
        None => parts.push(voice.say("file.size_unknown", &[])),
    }
    if let (Some(repo), false) = (&file.repo, known) {
        parts.push(link(repo.clone(), format!("{HUB}{repo}")));
    }
    voice.list(parts)
}

fn runtime(stack: &Stack, voice: Voice) -> Vec<Inline> {
    let runtime: &Runtime = &stack.runtime;
    let mut name = runtime.name.clone();
    if let Some(version) = &runtime.version {
        name = format!("{name} {version}");
    }
    let mut parts = vec![
        vec![Inline::Strong(name)],
        voice.say(
            "build.backend",
            &[("backend", text(stack.backend_name.clone()))],
        ),
    ];
    if let Some(engine) = &runtime.engine {
        parts.push(voice.say("build.engine", &[("engine", text(engine.clone()))]));
    }
    if stack.backend_experimental {
        parts.push(voice.say("build.experimental", &[]));
    }
    if let Some(residency) = &stack.residency {
        parts.push(voice.say(&format!("residency.{residency}"), &[]));
    }
    voice.list(parts)
}

fn settings(settings: &Settings, voice: Voice) -> Vec<Inline> {
    let switch = |on: bool| voice.say(if on { "word.on" } else { "word.off" }, &[]);
    let mut parts = Vec::new();
    if let Some(context) = settings.context {
        parts.push(voice.say("settings.context", &[("n", text(context.to_string()))]));
    }
    if let Some(kv) = &settings.kv_type {
        parts.push(voice.say("settings.kv", &[("kv", code(kv.clone()))]));
    }
    parts.push(voice.say(
        "settings.threads",
        &[("n", text(settings.threads.to_string()))],
    ));
    parts.push(voice.say("settings.mmap", &[("state", switch(settings.mmap))]));
    if let Some(batch) = settings.batch {
        parts.push(voice.say("settings.batch", &[("n", text(batch.to_string()))]));
    }
    if let Some(flash) = settings.flash_attention {
        parts.push(voice.say("settings.flash", &[("state", switch(flash))]));
    }
    voice.list(parts)
}

fn dependency(dependency: &Dependency, voice: Voice) -> Vec<Inline> {
    let mut out = kind(&dependency.kind, voice);
    out.push(Inline::Text(voice.word("punct.colon").to_owned()));
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

/// Warnings, each once in the document; advice has a section of its own.
fn warnings(stack: &Stack, earlier: &[&Stack], voice: Voice) -> Vec<Item> {
    let told = |finding: &&Finding| {
        let mut all = earlier.iter().flat_map(|stack| &stack.findings);
        all.any(|known| known.reason.text == finding.reason.text)
    };
    let warnings = stack.findings.iter().filter(|f| f.severity == "warning");
    let (again, new): (Vec<&Finding>, Vec<&Finding>) = warnings.partition(told);
    let mut items: Vec<Item> = new.into_iter().map(|f| finding(f, voice)).collect();
    if !again.is_empty() {
        items.push(Item::new(voice.say("build.findings_again", &[])));
    }
    items
}

fn finding(finding: &Finding, voice: Voice) -> Item {
    let mut words = voice.words(&finding.reason.text);
    if let Some(code_id) = &finding.reason.code {
        words.extend(voice.say("finding.code", &[("code", text(code_id.clone()))]));
    }
    let mut item = Item::new(voice.labelled("label.warning", words));
    if !finding.remedy.get(voice.locale).is_empty() {
        item.items.push(Item::new(voice.words(&finding.remedy)));
    }
    item
}

/// What all stacks of a tier need together.
fn shared(tier: &Tier, voice: Voice) -> Vec<Item> {
    let mut items = Vec::new();
    if !tier.entitlements.is_empty() {
        let all = tier.entitlements.iter().map(|e| code(e.clone())).collect();
        items.push(Item::new(
            voice.labelled("label.entitlements", voice.list(all)),
        ));
    }
    items.push(Item::new(voice.labelled(
        "label.download",
        voice.say(
            "build.download",
            &[
                ("download", text(voice.measure(&tier.download))),
                ("storage", text(voice.measure(&tier.storage))),
            ],
        ),
    )));
    items
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
