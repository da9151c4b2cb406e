//! The lines of one stack: model and file, runtime, settings. What was told of a model or runtime is not told again.

use std::collections::BTreeSet;

use super::super::inline::Inline;
use super::super::page::Item;
use super::super::voice::{Voice, code, link, text};
use super::slots;
use super::variant::Variant;
use crate::plan::types::{File, Model, Plan, Settings, Stack, Words};
use crate::quantity::grouped;

/// Hub whose repositories catalog records name by `owner/name`.
const HUB: &str = "https://huggingface.co/";

/// What the document has described so far.
#[derive(Default)]
pub(super) struct Told {
    models: BTreeSet<String>,
    files: BTreeSet<String>,
    runtimes: BTreeSet<String>,
    /// By runtime and words.
    limits: BTreeSet<(String, String)>,
}

/// The model with its file, and the lines about it.
pub(super) fn model_lines(
    plan: &Plan,
    variant: &Variant<'_>,
    told: &mut Told,
    voice: Voice,
) -> (Vec<Inline>, Vec<Item>) {
    let stack = variant.stack;
    let mut head = vec![Inline::Strong(slots::stack(stack))];
    let new = !stack.model.system && told.files.insert(stack.file.id.clone());
    if !stack.model.system {
        head.extend(voice.say("build.of", &[("what", file(plan, stack, new, voice))]));
    }
    let mut items = Vec::new();
    if let (Some(digest), true) = (&stack.file.sha256, new) {
        let digest = code(digest.clone());
        items.push(Item::new(voice.labelled("label.digest", digest)));
    }
    if told.models.insert(stack.model.id.clone()) {
        let words = model(plan, &stack.model, voice);
        if super::full(plan) {
            items.push(Item::new(voice.labelled("label.model", words)));
        } else {
            head.extend(voice.say("build.model", &[("words", words)]));
        }
    }
    (head, items)
}

/// What runs the model, and how.
pub(super) fn run_lines(
    plan: &Plan,
    variant: &Variant<'_>,
    told: &Told,
    voice: Voice,
) -> Vec<Item> {
    let stack = variant.stack;
    let known = told.runtimes.contains(&stack.runtime.id);
    let mut run = runtime(stack, known, voice);
    let mut started: Vec<Item> = Vec::new();
    if let [(settings, _)] = variant.settings.as_slice() {
        let settings = self::settings(stack, settings, voice);
        if !settings.is_empty() {
            run.extend(voice.say("build.start", &[("settings", settings)]));
        }
    } else {
        started.extend(variant.settings.iter().map(|(settings, tiers)| {
            let words = self::settings(stack, settings, voice);
            let phones = slots::phones(voice, tiers);
            let args = [("phones", phones), ("words", words)];
            Item::new(voice.labelled("label.settings", voice.say("build.for_phones", &args)))
        }));
    }
    let mut run = Item::new(voice.labelled("label.runtime", run));
    if super::full(plan) {
        let limits = stack.runtime.limits.iter();
        let new = limits.filter(|limit| !told.knows(stack, limit));
        run.items = new.map(|l| Item::new(voice.words(l))).collect();
    }
    let mut items = vec![run];
    items.extend(started);
    items
}

impl Told {
    /// The runtime of a choice is described from here on.
    pub(super) fn of_runtime(&mut self, variant: &Variant<'_>) {
        let runtime = &variant.stack.runtime;
        self.runtimes.insert(runtime.id.clone());
        let limits = runtime.limits.iter();
        (self.limits).extend(limits.map(|limit| (runtime.id.clone(), limit.en.clone())));
    }

    /// Whether a limit of the stack's runtime stands in the document.
    fn knows(&self, stack: &Stack, limit: &Words) -> bool {
        let key = (stack.runtime.id.clone(), limit.en.clone());
        self.limits.contains(&key)
    }
}

/// Size and licence of the weights.
fn model(plan: &Plan, model: &Model, voice: Voice) -> Vec<Inline> {
    let mut parts = Vec::new();
    if super::full(plan) {
        parts.push(code(model.id.clone()));
    }
    if let Some(params) = &model.params {
        parts.push(voice.say("build.params", &[("params", text(voice.measure(params)))]));
    }
    if let Some(license) = &model.license {
        let key = match license.commercial.as_str() {
            "yes" if !super::full(plan) => "license.brief",
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

/// Where a file is published: a page by its address, else a repository of the hub.
fn published(repo: &str) -> Vec<Inline> {
    match repo.strip_prefix("https://") {
        Some(page) => link(page.to_owned(), repo.to_owned()),
        None => link(repo.to_owned(), format!("{HUB}{repo}")),
    }
}

/// What to download: the file by name where a source lists it, else where it is found.
fn file(plan: &Plan, stack: &Stack, new: bool, voice: Voice) -> Vec<Inline> {
    let file: &File = &stack.file;
    let repo = file.repo.as_deref().map(published);
    let mut parts = Vec::new();
    match (&file.name, repo) {
        (Some(name), _) if !new => parts.push(code(name.clone())),
        (Some(name), Some(repo)) => parts.push(voice.say(
            "file.named",
            &[("file", code(name.clone())), ("repo", repo)],
        )),
        (Some(name), None) => parts.push(code(name.clone())),
        (None, Some(repo)) => parts.push(voice.say(
            "file.in_repo",
            &[
                ("repo", repo),
                ("format", text(file.format.clone())),
                ("quant", text(stack.quantization.name.clone())),
            ],
        )),
        (None, None) => {
            parts.push(voice.say("file.format", &[("format", text(file.format.clone()))]))
        }
    }
    let size = match file.bytes {
        Some(bytes) if file.exact && !super::full(plan) => text(voice.bytes(bytes)),
        Some(bytes) if file.exact => voice.say(
            "file.exact",
            &[
                ("bytes", text(grouped(bytes))),
                ("size", text(voice.bytes(bytes))),
            ],
        ),
        Some(bytes) => voice.say("file.about", &[("size", text(voice.bytes(bytes)))]),
        None => voice.say("file.size_unknown", &[]),
    };
    parts.push(size);
    let mut out = voice.list(parts);
    // A one-page plan cites what may surprise, the limits, and the maker of the runtime.
    if new && super::full(plan) {
        out.extend(voice.cited(&file.sources, 1));
    }
    out
}

fn runtime(stack: &Stack, known: bool, voice: Voice) -> Vec<Inline> {
    let runtime = &stack.runtime;
    let name = match &runtime.version {
        Some(version) => format!("{} {version}", runtime.name),
        None => runtime.name.clone(),
    };
    let mut parts = vec![
        vec![Inline::Strong(name)],
        voice.say(
            "build.backend",
            &[("backend", text(stack.backend_name.clone()))],
        ),
    ];
    if !known {
        parts[0].extend(voice.cited(&runtime.sources, 1));
        if let Some(engine) = &runtime.engine {
            parts.push(voice.say("build.engine", &[("engine", text(engine.clone()))]));
        }
    }
    if stack.backend_experimental {
        parts.push(voice.say("build.experimental", &[]));
    }
    if let Some(residency) = &stack.residency {
        parts.push(voice.say(&format!("residency.{residency}"), &[]));
    }
    voice.list(parts)
}

/// What to set when the model is opened; only what the engine lets an app set.
fn settings(stack: &Stack, settings: &Settings, voice: Voice) -> Vec<Inline> {
    let runtime = &stack.runtime;
    let of_llama = runtime.engine.as_deref().unwrap_or(&runtime.name) == "llama.cpp";
    let switch = |on: bool| voice.say(if on { "word.on" } else { "word.off" }, &[]);
    let mut parts = Vec::new();
    if let Some(context) = settings.context {
        parts.push(voice.say("settings.context", &[("n", text(context.to_string()))]));
    }
    let plain = |kv: &&String| of_llama || kv.as_str() != "f16";
    if let Some(kv) = settings.kv_type.as_ref().filter(plain) {
        parts.push(voice.say("settings.kv", &[("kv", code(kv.clone()))]));
    }
    if of_llama || stack.backend == "cpu" {
        parts.push(voice.say(
            "settings.threads",
            &[("n", text(settings.threads.to_string()))],
        ));
    }
    // Mapping, batch and flash attention are switches of llama.cpp.
    if !of_llama {
        return voice.list(parts);
    }
    parts.push(voice.say("settings.mmap", &[("state", switch(settings.mmap))]));
    if let Some(batch) = settings.batch {
        parts.push(voice.say("settings.batch", &[("n", text(batch.to_string()))]));
    }
    if let Some(flash) = settings.flash_attention {
        parts.push(voice.say("settings.flash", &[("state", switch(flash))]));
    }
    voice.list(parts)
}
