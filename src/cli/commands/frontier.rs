//! `edgeplanc frontier`: which stacks trade one objective for another, on each class of phones. Writes no file.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::catalog::types::Catalog;
use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::cli::lock;
use crate::cli::run::{With, read_one};
use crate::diagnostic::Text;
use crate::solve::{Front, Frontier as Fronts, Point, frontier};
use crate::spec::model::{Objective, Spec};

/// List the stacks that no other beats on all of some objectives, with the best compromise marked
#[derive(Debug, Args)]
pub(crate) struct Frontier {
    /// A spec, or - for standard input
    spec: PathBuf,
    /// Objectives, separated by commas: quality, memory, download, storage, ttft, decode, latency, energy, cold-start, comfort, store
    #[arg(long, value_delimiter = ',', required = true, value_name = "OBJECTIVE", value_parser = objective)]
    over: Vec<Objective>,
    /// Only this class of phones: android-8gb, or a device's id
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,
    /// Format of the answer
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,
    #[command(flatten)]
    with: With,
}

/// A format of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
    /// For spreadsheets
    Csv,
}

fn objective(text: &str) -> Result<Objective, String> {
    Objective::parse(text.trim()).ok_or_else(|| {
        let known: Vec<&str> = Objective::ALL.iter().map(|one| one.id()).collect();
        format!("known objectives: {}", known.join(", "))
    })
}

impl Frontier {
    pub(crate) fn run(mut self, console: &mut Console) -> Result<Exit, Failure> {
        let loaded = self.with.load(console)?;
        let input = read_one(&self.spec, console)?;
        let locked = lock::locked(&input)?;
        let checked = self.with.check(&input, &loaded, &locked);
        let (Some(spec), Some(_)) = (&checked.spec, &checked.solution) else {
            console.findings(&[(checked.diagnostics, checked.sources)])?;
            return Ok(Exit::Findings);
        };
        let mut seen = Vec::new();
        self.over.retain(|one| {
            let new = !seen.contains(one);
            seen.push(*one);
            new
        });
        let (catalog, rules) = (&loaded.catalog, &loaded.rules);
        let mut fronts = frontier(catalog, rules, spec, &self.over, &locked);
        if let Some(class) = &self.class {
            fronts.fronts.retain(|front| front.class == *class);
            if fronts.fronts.is_empty() {
                let known = checked
                    .solution
                    .iter()
                    .flat_map(|solution| &solution.classes);
                let known: Vec<&str> = known.map(|class| class.class.id.as_str()).collect();
                return Err(Failure::Said(
                    Text::key("frontier.no-class")
                        .arg("class", class.as_str())
                        .arg("known", known.join(", ")),
                ));
            }
        }
        let catalog = &loaded.catalog;
        let answer = match self.format {
            Format::Text => {
                let lines = lines(&fronts, catalog, spec).into_iter();
                lines
                    .map(|line| line.render(console.locale) + "\n")
                    .collect()
            }
            Format::Json => format!("{:#}\n", to_json(&fronts, catalog, spec)),
            Format::Csv => csv(&fronts, catalog, spec),
        };
        console.out(&answer)?;
        if checked.has_errors() {
            console.findings(&[(checked.diagnostics, checked.sources)])?;
            return Ok(Exit::Findings);
        }
        Ok(Exit::Done)
    }
}

/// The names of a point's stack.
struct Names<'c> {
    model: &'c str,
    quantization: &'c str,
    runtime: &'c str,
    backend: &'c str,
    shown: String,
}

fn names<'c>(point: &Point, catalog: &'c Catalog) -> Names<'c> {
    let stack = &point.stack;
    let model = catalog.model_at(stack.model);
    let quantization = catalog.quantization_at(catalog.artifact_at(stack.artifact).quant);
    let runtime = catalog.runtime_at(stack.runtime);
    let backend = catalog.backend_at(stack.backend);
    Names {
        model: &model.id,
        quantization: &quantization.id,
        runtime: &runtime.id,
        backend: &backend.id,
        shown: match point.kv_reduced {
            false => format!(
                "{} {} ({}, {})",
                model.name, quantization.name, runtime.name, backend.name
            ),
            true => format!(
                "{} {} ({}, {}, KV {})",
                model.name,
                quantization.name,
                runtime.name,
                backend.name,
                stack.settings.kv.id()
            ),
        },
    }
}

/// A heading a front, a line a stack. Classes with the same front share it.
fn lines(fronts: &Fronts, catalog: &Catalog, spec: &Spec) -> Vec<Text> {
    let mut groups: Vec<(&Front, Vec<&str>)> = Vec::new();
    for front in &fronts.fronts {
        let same = groups
            .iter_mut()
            .find(|(known, _)| known.slot == front.slot && known.points == front.points);
        match same {
            Some((_, classes)) => classes.push(&front.class),
            None => groups.push((front, vec![&front.class])),
        }
    }
    let mut lines = Vec::new();
    for (front, classes) in groups {
        let heading = match front.points.is_empty() {
            true => "frontier.none",
            false => "frontier.front",
        };
        lines.push(
            Text::key(heading)
                .arg("classes", classes.join(", "))
                .arg("slot", front.slot.name(spec)),
        );
        for point in &front.points {
            let values = point.values.iter();
            let values = values.map(|value| format!("{} {}", value.objective.id(), value.value));
            let key = match (point.knee, point.chosen) {
                (true, true) => "frontier.point.both",
                (true, false) => "frontier.point.knee",
                (false, true) => "frontier.point.chosen",
                (false, false) => "frontier.point",
            };
            lines.push(
                Text::key(key)
                    .arg("values", values.collect::<Vec<_>>().join(", "))
                    .arg("stack", names(point, catalog).shown),
            );
        }
    }
    lines
}

fn to_json(fronts: &Fronts, catalog: &Catalog, spec: &Spec) -> Value {
    let over: Vec<&str> = fronts.over.iter().map(|one| one.id()).collect();
    let point = |point: &Point| {
        let names = names(point, catalog);
        let values: serde_json::Map<String, Value> = (point.values.iter())
            .map(|value| (value.objective.id().to_owned(), json!(value.value)))
            .collect();
        json!({
            "model": names.model,
            "quantization": names.quantization,
            "runtime": names.runtime,
            "backend": names.backend,
            "kv": point.stack.settings.kv.id(),
            "values": values,
            "knee": point.knee,
            "chosen": point.chosen,
        })
    };
    let front = |front: &Front| {
        json!({
            "class": front.class,
            "slot": front.slot.name(spec),
            "points": front.points.iter().map(point).collect::<Vec<_>>(),
        })
    };
    json!({
        "format_version": "1.0",
        "over": over,
        "fronts": fronts.fronts.iter().map(front).collect::<Vec<_>>(),
    })
}

/// A heading and a record a point (RFC 4180).
fn csv(fronts: &Fronts, catalog: &Catalog, spec: &Spec) -> String {
    let mut heading = vec![
        "class",
        "slot",
        "model",
        "quantization",
        "runtime",
        "backend",
        "kv",
    ];
    heading.extend(fronts.over.iter().map(|one| one.id()));
    heading.extend(["knee", "chosen"]);
    let mut table = record(&heading);
    for front in &fronts.fronts {
        let slot = front.slot.name(spec);
        for point in &front.points {
            let names = names(point, catalog);
            let mut fields = vec![
                front.class.as_str(),
                &slot,
                names.model,
                names.quantization,
                names.runtime,
                names.backend,
                point.stack.settings.kv.id(),
            ];
            fields.extend(point.values.iter().map(|value| value.value.as_str()));
            let word = |flag: bool| if flag { "yes" } else { "no" };
            fields.extend([word(point.knee), word(point.chosen)]);
            table.push_str(&record(&fields));
        }
    }
    table
}

fn record(fields: &[&str]) -> String {
    let quoted = fields.iter().map(|field| {
        if field.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            (*field).to_owned()
        }
    });
    quoted.collect::<Vec<_>>().join(",") + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::record;

    #[test]
    fn fields_with_commas_and_quotes_are_quoted() {
        assert_eq!(record(&["a", "b,c", "d\"e"]), "a,\"b,c\",\"d\"\"e\"\r\n");
    }
}
