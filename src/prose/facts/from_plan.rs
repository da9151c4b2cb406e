//! Plan to rows: what belongs together on each class of phones, with its figures.

use super::{Attribute, Facts, Figure, Kind, Row};
use crate::catalog::types::Catalog;
use crate::diagnostic::{Locale, messages};
use crate::plan::types::{Asked, DeviceClass, Estimated, Measure, Plan, Stack, Tier};
use crate::prose::read::figure;

/// The rows of a plan and every spelling of its names. `catalog` adds the names the plan does not speak of.
#[must_use]
pub fn facts(plan: &Plan, locale: Locale, catalog: Option<&Catalog>) -> Facts {
    let mut facts = Facts::new(locale);
    for tier in &plan.tiers {
        for class in &tier.classes {
            for stack in &tier.stacks {
                let mut row = row(&plan.asked, tier, class, stack, locale);
                spec_limits(&mut row, &plan.asked);
                let considered = &plan.considered;
                exact(
                    &mut row,
                    Attribute::Combinations,
                    Some(considered.stacks as f64),
                );
                exact(
                    &mut row,
                    Attribute::Admissible,
                    Some(considered.admissible as f64),
                );
                facts.rows.push(row);
            }
        }
        for stack in &tier.stacks {
            alias(&mut facts, Kind::Model, &stack.model.id, &stack.model.name);
            alias(
                &mut facts,
                Kind::Quantization,
                &stack.quantization.id,
                &stack.quantization.name,
            );
            alias(
                &mut facts,
                Kind::Runtime,
                &stack.runtime.id,
                &stack.runtime.name,
            );
            alias(
                &mut facts,
                Kind::Backend,
                &stack.backend,
                &stack.backend_name,
            );
            alias(
                &mut facts,
                Kind::Format,
                &stack.file.format.to_uppercase(),
                &stack.file.format,
            );
            if let Some(license) = &stack.model.license {
                alias(&mut facts, Kind::License, &license.id, &license.name);
            }
        }
    }
    if let Some(catalog) = catalog {
        others(&mut facts, catalog);
    }
    super::from_refused::rivals(&mut facts, plan);
    facts
}

/// Words of the plan without stress and back-ticks.
pub(crate) fn plain(words: &str) -> String {
    words.replace("**", "").replace('`', "")
}

/// How prose calls a class: `Android 8 GB`, or the device the spec names.
#[must_use]
pub(crate) fn class_name(tier: &Tier, class: &DeviceClass) -> String {
    match &class.reference {
        Some(device) if class.named => device.name.clone(),
        _ => format!("{} {} GB", tier.platform_name, class.ram_gib),
    }
}

/// How prose calls a place in a pipeline.
#[must_use]
pub(crate) fn role_name(role: &str, locale: Locale) -> &'static str {
    messages::lookup(&format!("plan.role.{role}"), locale).unwrap_or("")
}

/// How prose calls a feature: by its task, never in the user's words. Features of one task are numbered.
#[must_use]
pub(crate) fn feature_name(asked: &Asked, id: &str, locale: Locale) -> String {
    let Some(at) = asked.features.iter().position(|feature| feature.id == id) else {
        return String::new();
    };
    let task = asked
        .features
        .get(at)
        .map_or("", |feature| feature.task.as_str());
    let same = |feature: &&crate::plan::types::FeatureAsked| feature.task == task;
    let of_task = asked.features.iter().filter(same).count();
    let number = asked.features.iter().take(at + 1).filter(same).count();
    let word = messages::lookup("prose.word.feature", locale).unwrap_or("{task}");
    let name = word.replace("{task}", task);
    if of_task > 1 {
        format!("{name} {number}")
    } else {
        name
    }
}

fn alias(facts: &mut Facts, kind: Kind, spelling: &str, name: &str) {
    if !spelling.is_empty() && spelling != name {
        facts
            .aliases
            .push((kind, spelling.to_owned(), name.to_owned()));
    }
}

fn row(asked: &Asked, tier: &Tier, class: &DeviceClass, stack: &Stack, locale: Locale) -> Row {
    let mut row = Row::default();
    let mut name = |kind: Kind, name: &str| {
        if !name.is_empty() {
            row.names.insert(kind, name.to_owned());
        }
    };
    name(Kind::Platform, &tier.platform_name);
    name(Kind::Class, &class_name(tier, class));
    if let Some(device) = &class.reference {
        name(Kind::Device, &device.name);
        name(Kind::Chip, device.soc.as_deref().unwrap_or_default());
    }
    name(Kind::Feature, &feature_name(asked, &stack.feature, locale));
    name(Kind::Role, role_name(&stack.role, locale));
    name(Kind::Model, &stack.model.name);
    name(Kind::Maker, &stack.model.vendor);
    name(Kind::Quantization, &stack.quantization.name);
    name(Kind::Runtime, &stack.runtime.name);
    name(
        Kind::Version,
        stack.runtime.version.as_deref().unwrap_or_default(),
    );
    name(
        Kind::Engine,
        stack.runtime.engine.as_deref().unwrap_or_default(),
    );
    name(Kind::Backend, &stack.backend_name);
    name(Kind::Format, &stack.file.format);
    if let Some(license) = &stack.model.license {
        name(Kind::License, &license.name);
    }
    if let Some(cache) = stack.settings.as_ref().and_then(|s| s.kv_type.as_deref()) {
        row.names.insert(Kind::Cache, cache.to_owned());
    }
    class_figures(&mut row, tier, class);
    stack_figures(&mut row, asked, class, stack);
    row
}

fn class_figures(row: &mut Row, tier: &Tier, class: &DeviceClass) {
    const GIB: f64 = 1_073_741_824.0;
    let memory = &class.memory;
    measure(row, Attribute::App, &memory.app);
    measure(row, Attribute::PeakMemory, &memory.total);
    measure(row, Attribute::Download, &tier.download);
    measure(row, Attribute::Storage, &tier.storage);
    let limit = memory.budget.bytes.map(|bytes| bytes as f64);
    exact(row, Attribute::Limit, limit);
    let set_by = match memory.budget.set_by.as_str() {
        "spec" => Attribute::SpecLimit,
        _ => Attribute::PlatformLimit,
    };
    exact(row, set_by, limit);
    exact(row, Attribute::Slack, memory.slack.map(|left| left as f64));
    exact(
        row,
        Attribute::BaseLimit,
        memory.budget.base.map(|bytes| bytes as f64),
    );
    exact(
        row,
        Attribute::StoreThreshold,
        memory.budget.store_threshold.map(|bytes| bytes as f64),
    );
    exact(row, Attribute::Ram, Some(f64::from(class.ram_gib) * GIB));
    exact(row, Attribute::OsVersion, Some(class.min_os));
    exact(row, Attribute::Phones, Some(f64::from(class.covers)));
}

fn stack_figures(row: &mut Row, asked: &Asked, class: &DeviceClass, stack: &Stack) {
    let mine = |feature: &str, role: &str| feature == stack.feature && role == stack.role;
    if let Some(part) = class
        .memory
        .stacks
        .iter()
        .find(|part| mine(&part.feature, &part.role))
    {
        estimated(row, Attribute::ChargedWeights, &part.weights_charged);
        estimated(row, Attribute::MappedWeights, &part.mapped);
        estimated(row, Attribute::KvCache, &part.kv_cache);
        estimated(row, Attribute::Compute, &part.compute);
        estimated(row, Attribute::File, &part.weights);
    }
    if let Some(figures) = class
        .figures
        .iter()
        .find(|figures| mine(&figures.feature, &figures.role))
    {
        estimated(row, Attribute::ColdStart, &figures.cold_start);
        estimated(row, Attribute::FirstToken, &figures.ttft);
        estimated(row, Attribute::Prefill, &figures.prefill);
        estimated(row, Attribute::Decode, &figures.decode);
        estimated(row, Attribute::Latency, &figures.latency);
        estimated(row, Attribute::Energy, &figures.energy);
        estimated(row, Attribute::Battery, &figures.battery);
        exact(row, Attribute::Threads, Some(f64::from(figures.threads)));
    }
    // Of what is loaded in other phases than the largest, the size is known and no more.
    if !row.figures.contains_key(&Attribute::File) {
        exact(
            row,
            Attribute::File,
            stack.file.bytes.map(|bytes| bytes as f64),
        );
    }
    let mut of_feature = class.latencies.iter();
    if let Some(whole) = of_feature.find(|whole| whole.feature == stack.feature) {
        measure(row, Attribute::Turnaround, &whole.latency);
    }
    if let Some(params) = &stack.model.params {
        measure(row, Attribute::Params, params);
    }
    if let Some(settings) = &stack.settings {
        exact(row, Attribute::Context, settings.context.map(|n| n as f64));
        exact(row, Attribute::Batch, settings.batch.map(f64::from));
    }
    if let Some(feature) = asked
        .features
        .iter()
        .find(|feature| feature.id == stack.feature)
    {
        measure(row, Attribute::Input, &feature.input);
        measure(row, Attribute::Output, &feature.output);
    }
    exact(row, Attribute::Bits, Some(stack.quantization.bits));
}

/// What the spec says the download and the storage must not exceed: `download <= 3 GB`.
fn spec_limits(row: &mut Row, asked: &Asked) {
    for (what, attribute) in [
        ("download", Attribute::DownloadLimit),
        ("storage", Attribute::StorageLimit),
    ] {
        let limits = asked.limits.iter().filter_map(|limit| {
            let (of, value) = limit.text.split_once("<=")?;
            (of.trim() == what).then(|| figure(value.trim(), attribute.dimension()))?
        });
        exact(row, attribute, limits.reduce(f64::min));
    }
}

fn measure(row: &mut Row, attribute: Attribute, measure: &Measure) {
    row.figures.insert(
        attribute,
        Figure {
            low: measure.low,
            likely: measure.likely,
            high: measure.high,
        },
    );
}

fn estimated(row: &mut Row, attribute: Attribute, figure: &Estimated) {
    if let Some(value) = figure.value() {
        measure(row, attribute, value);
    }
}

fn exact(row: &mut Row, attribute: Attribute, value: Option<f64>) {
    if let Some(value) = value {
        row.figures.insert(attribute, Figure::exact(value));
    }
}

/// Names of the catalog that the plan does not use.
fn others(facts: &mut Facts, catalog: &Catalog) {
    let mut all: Vec<&str> = Vec::new();
    all.extend(catalog.models.iter().map(|model| model.name.as_str()));
    all.extend(catalog.devices.iter().map(|device| device.name.as_str()));
    all.extend(catalog.socs.iter().map(|soc| soc.name.as_str()));
    all.extend(catalog.runtimes.iter().map(|runtime| runtime.name.as_str()));
    all.extend(catalog.backends.iter().map(|backend| backend.name.as_str()));
    all.extend(
        catalog
            .platforms
            .iter()
            .map(|platform| platform.name.as_str()),
    );
    all.extend(
        catalog
            .quantizations
            .iter()
            .map(|quant| quant.name.as_str()),
    );
    facts.others = all.into_iter().map(str::to_owned).collect();
}
