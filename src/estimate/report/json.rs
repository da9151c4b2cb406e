//! A report for programs: ids, numbers in base units, steps with their sources.

use serde_json::{Map, Value, json};

use super::{Report, State};
use crate::catalog::types::Catalog;
use crate::diagnostic::{Locale, Text, messages};

pub(super) fn value(report: &Report, catalog: &Catalog, locale: Locale) -> Value {
    let say = |key: &'static str| Text::key(key).render_with(locale, &messages::lookup);
    let mut figures = Map::new();
    for line in report.lines() {
        let figure = match line.state {
            State::NotApplicable => json!({ "status": "not-applicable" }),
            State::Unknown { missing, of } => json!({
                "status": "unknown",
                "missing": missing,
                "of": of,
                "text": say(missing),
            }),
            State::Known { numbers, steps, .. } => {
                let steps: Vec<Value> = steps
                    .iter()
                    .map(|step| {
                        let sources: Vec<&str> = step
                            .sources
                            .iter()
                            .map(|source| catalog.sources[source.at()].id.as_str())
                            .collect();
                        json!({
                            "what": step.what,
                            "text": say(step.what),
                            "formula": step.formula,
                            "result": step.result,
                            "sources": sources,
                        })
                    })
                    .collect();
                json!({
                    "status": "known",
                    "low": numbers.low,
                    "likely": numbers.likely,
                    "high": numbers.high,
                    "unit": line.unit,
                    "steps": steps,
                })
            }
        };
        figures.insert(line.fact.to_owned(), figure);
    }
    json!({
        "format_version": "1.0",
        "stack": stack(report, catalog),
        "figures": figures,
    })
}

fn stack(report: &Report, catalog: &Catalog) -> Value {
    let (stack, phone) = (&report.stack, &report.phone);
    let artifact = &catalog.artifacts[stack.artifact.at()];
    json!({
        "model": catalog.models[stack.model.at()].id,
        "quant": catalog.quantizations[artifact.quant.at()].id,
        "artifact": artifact.id,
        "runtime": catalog.runtimes[stack.runtime.at()].id,
        "backend": catalog.backends[stack.backend.at()].id,
        "platform": catalog.platforms[phone.platform.at()].id,
        "device": phone.device.map(|device| &catalog.devices[device.at()].id),
        "soc": phone.soc.map(|soc| &catalog.socs[soc.at()].id),
        "ram_gib": phone.ram_gib,
        "settings": stack.settings,
        "prompt": report.load.prompt,
        "generate": report.load.generate,
    })
}
