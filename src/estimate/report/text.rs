//! A report for people: a heading, then each figure with the lines it follows from.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{Report, State};
use crate::catalog::types::{Catalog, SourceIx};
use crate::diagnostic::{Locale, Text, messages};

pub(super) fn write(report: &Report, catalog: &Catalog, locale: Locale) -> String {
    let say = |key: &'static str| Text::key(key).render_with(locale, &messages::lookup);
    let mut out = heading(report, catalog, locale);
    let mut sources: BTreeSet<SourceIx> = BTreeSet::new();
    for line in report.lines() {
        let name = say(line.name);
        match line.state {
            State::NotApplicable => {}
            State::Unknown { missing, of } => {
                let lacks = say(missing);
                let _ = writeln!(out, "\n{name}: {}", say("report.unknown"));
                let _ = writeln!(out, "  {lacks} ({of})");
            }
            State::Known { shown, steps, .. } => {
                let _ = writeln!(out, "\n{name}: {shown}");
                for step in steps {
                    let what = say(step.what);
                    let _ = if step.formula.is_empty() {
                        writeln!(out, "  {what}\n    = {}", step.result)
                    } else {
                        writeln!(out, "  {what}\n    {} = {}", step.formula, step.result)
                    };
                    sources.extend(&step.sources);
                }
            }
        }
    }
    let _ = writeln!(out, "\n{}", say("report.sources"));
    for source in sources {
        let record = &catalog.sources[source.at()];
        let place = record.url.as_deref().unwrap_or("-");
        let _ = writeln!(out, "  {}: {} <{place}>", record.id, record.title);
    }
    out
}

fn heading(report: &Report, catalog: &Catalog, locale: Locale) -> String {
    let (stack, phone) = (&report.stack, &report.phone);
    let settings = &stack.settings;
    let artifact = &catalog.artifacts[stack.artifact.at()];
    let soc = phone.soc.map_or("?", |soc| &catalog.socs[soc.at()].name);
    let device = phone
        .device
        .map_or("?", |device| &catalog.devices[device.at()].name);
    let what = Text::key("report.heading")
        .arg("model", catalog.models[stack.model.at()].name.as_str())
        .arg(
            "quant",
            catalog.quantizations[artifact.quant.at()].name.as_str(),
        )
        .arg(
            "runtime",
            catalog.runtimes[stack.runtime.at()].name.as_str(),
        )
        .arg(
            "backend",
            catalog.backends[stack.backend.at()].name.as_str(),
        )
        .arg("device", device)
        .arg("soc", soc);
    let how = Text::key("report.settings")
        .arg("context", settings.context.get().to_string())
        .arg("kv", settings.kv.id())
        .arg("ubatch", settings.ubatch.to_string())
        .arg("prompt", report.load.prompt.get().to_string())
        .arg("generate", report.load.generate.get().to_string());
    let say = |text: &Text| text.render_with(locale, &messages::lookup);
    format!("{}\n{}\n", say(&what), say(&how))
}
