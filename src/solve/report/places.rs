//! Where the sides of a rule's comparison are written: the line of the spec that sets a limit, the catalog's figure.

use std::collections::BTreeSet;

use super::Report;
use crate::catalog::types::Origin;
use crate::diagnostic::{Diagnostic, OperandValue, Sources, Span, Text};
use crate::rules::facts::Budgets;
use crate::rules::types::{Rule, Verdict};
use crate::solve::types::{Candidate, DeviceClass};
use crate::spec::expr::Expr;
use crate::spec::facts::fact;
use crate::spec::model::Feature;

/// A rule with what it was asked about and what it said.
#[derive(Clone, Copy)]
pub(super) struct Judged<'a> {
    pub(super) rule: &'a Rule,
    pub(super) verdict: &'a Verdict,
    pub(super) candidate: &'a Candidate,
    pub(super) class: &'a DeviceClass,
}

/// The facts a condition names, in order, each once.
pub(super) fn facts(condition: &Expr) -> Vec<&'static str> {
    let mut found = Vec::new();
    for id in condition.facts() {
        let path = fact(id).path;
        if !found.contains(&path) {
            found.push(path);
        }
    }
    found
}

/// The line of the spec that sets one of the facts of a rule, if it is written there.
pub(super) fn asked(
    report: &Report<'_>,
    rule: &Rule,
    candidate: &Candidate,
    class: &DeviceClass,
) -> Option<(Span, &'static str)> {
    let feature = &report.spec.features[candidate.slot.feature];
    let mut paths = facts(&rule.when).into_iter();
    paths.find_map(|path| Some((written(report, feature, class, path)?, path)))
}

/// The same place for a feature, whatever stack is judged.
pub(super) fn asked_of(
    report: &Report<'_>,
    rule: &Rule,
    feature: &Feature,
    class: &DeviceClass,
) -> Option<Span> {
    let mut paths = facts(&rule.when).into_iter();
    paths.find_map(|path| written(report, feature, class, path))
}

/// Where the spec writes the value of a fact.
fn written(
    report: &Report<'_>,
    feature: &Feature,
    class: &DeviceClass,
    path: &str,
) -> Option<Span> {
    let spec = report.spec;
    let budget = &spec.budget;
    match path {
        "budget.memory" => {
            let limits = Budgets::of(report.catalog, spec, &class.phone);
            // The line sets the limit only where it asks for less than the platform grants.
            let line = budget.memory.as_ref()?.span;
            line.filter(|_| limits.memory == limits.asked)
        }
        "budget.download" => budget.download.as_ref()?.span,
        "budget.storage" => budget.storage.as_ref()?.span,
        "budget.battery" => budget.battery.as_ref()?.span,
        "ttft" => feature.ttft.as_ref()?.span,
        "decode" => feature.decode.as_ref()?.span,
        "latency" => feature.latency.as_ref()?.span,
        "cold_start" => feature.cold_start.as_ref()?.span,
        "context" => feature.context.span,
        "input" => feature.input.span,
        "output" => feature.output.span,
        "feature.task" => feature.task.span,
        "model.unlisted_count" | "model.languages" | "feature.language_count" => {
            feature.languages.span
        }
        "offline" => spec.offline.span,
        "ui" | "runtime.binds_ui" => spec.ui.span,
        "commercial" => spec.app.non_commercial.as_ref()?.span,
        "app.users" => spec.app.monthly_users.as_ref()?.span,
        "license.refused_count" => spec.app.regions.first()?.span,
        "platform.os" => {
            let platform = &report.catalog.platforms[class.phone.platform.at()].id;
            let asked = spec.platforms.iter().find(|asked| asked.id == *platform)?;
            asked.min_os.as_ref()?.span
        }
        "device.ram"
        | "device.apple_intelligence"
        | "device.has_nano"
        | "device.gemini_nano"
        | "backend.fits_soc"
        | "artifact.fits_soc" => class.asked.or(spec.ram.span),
        _ => None,
    }
}

/// The values a verdict rests on, without the literals, which say nothing that the rule's line does not.
pub(super) fn operands(verdict: &Verdict) -> impl Iterator<Item = OperandValue> + '_ {
    let values = verdict.values.iter();
    values.filter(|value| value.name != value.value).cloned()
}

/// What the label at such a line says.
pub(super) fn limit(verdict: &Verdict, fact: &str) -> Text {
    let value = verdict.values.iter().find(|value| value.name == fact);
    match value {
        Some(value) => Text::key("solve.place.fact")
            .arg("fact", fact)
            .arg("value", value.value.as_str()),
        None => Text::key("solve.place.asked"),
    }
}

/// Adds labels for the catalog's figures that a rule compares, one a place.
pub(super) fn with_records(
    report: &Report<'_>,
    mut found: Diagnostic,
    judged: Judged<'_>,
    sources: &mut Sources,
) -> Diagnostic {
    let mut told: BTreeSet<(u16, u32)> = BTreeSet::new();
    for path in facts(&judged.rule.when) {
        let Some((origin, text)) = record(report, judged, path) else {
            continue;
        };
        if told.insert((origin.file, origin.start)) {
            found = found.also(report.catalog.locate(origin, sources), text);
        }
    }
    found
}

fn record(report: &Report<'_>, judged: Judged<'_>, path: &str) -> Option<(Origin, Text)> {
    let Judged {
        verdict,
        candidate,
        class,
        ..
    } = judged;
    let catalog = report.catalog;
    let stack = &candidate.stack;
    let model = &catalog.models[stack.model.at()];
    let artifact = &catalog.artifacts[stack.artifact.at()];
    let runtime = &catalog.runtimes[stack.runtime.at()];
    let backend = &catalog.backends[stack.backend.at()];
    let shown = |values: &[OperandValue]| {
        let value = values.iter().find(|value| value.name == path);
        value.map(|value| value.value.clone())
    };
    let plain = |name: &str| match shown(&verdict.values) {
        Some(value) => Text::key("solve.place.fact")
            .arg("fact", path)
            .arg("value", value),
        None => Text::key("solve.place.record").arg("name", name),
    };
    let root = path.split('.').next().unwrap_or(path);
    Some(match root {
        "weights" | "peak_memory" | "mapped_memory" | "download" | "storage" => {
            let bytes = artifact.bytes.as_ref()?;
            let text = Text::key("solve.place.file")
                .arg("file", artifact.id.as_str())
                .arg("bytes", bytes.value.to_string());
            (bytes.at, text)
        }
        "budget" if path == "budget.memory" => {
            let feature = &report.spec.features[candidate.slot.feature];
            if written(report, feature, class, path).is_some() {
                return None;
            }
            let platform = &catalog.platforms[class.phone.platform.at()];
            let rows = platform.budgets.iter();
            let row = rows
                .filter(|row| row.ram_gib <= class.phone.ram_gib)
                .max_by_key(|row| row.ram_gib)?;
            let grant = row.entitled.as_ref().unwrap_or(&row.base);
            let text = Text::key("solve.conflict.grant")
                .arg("platform", platform.name.as_str())
                .arg("amount", grant.value.to_string());
            (grant.at, text)
        }
        "model" if path == "model.context" => (model.context.as_ref()?.at, plain(&model.name)),
        "model" if path.starts_with("model.languages") => {
            let languages = model.languages.as_ref()?;
            let text = Text::key("solve.place.languages")
                .arg("model", model.name.as_str())
                .arg("languages", languages.listed.join(", "));
            (languages.at, text)
        }
        "model" => (model.at, plain(&model.name)),
        "license" => {
            let license = &catalog.licenses[model.license?.at()];
            (license.at, plain(&license.name))
        }
        "runtime" if path == "runtime.min_os" => {
            let floors = &mut runtime.floors.iter();
            let floor = floors.find(|floor| floor.platform == class.phone.platform)?;
            (floor.at, plain(&runtime.name))
        }
        "runtime" => (runtime.at, plain(&runtime.name)),
        "backend" if path == "backend.max_allocation" => {
            (backend.max_allocation.as_ref()?.at, plain(&backend.name))
        }
        "backend" => (backend.at, plain(&backend.name)),
        "artifact" => (artifact.at, plain(&artifact.id)),
        "quant" => {
            let quant = &catalog.quantizations[artifact.quant.at()];
            (quant.at, plain(&quant.name))
        }
        "device" if path != "device.ram" => {
            let device = &catalog.devices[class.phone.device?.at()];
            (device.at, plain(&device.name))
        }
        _ => return None,
    })
}
