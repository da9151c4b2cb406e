//! What llama.cpp allocated, as its log says, beside what is predicted for the same model and settings. Reads a table of
//! the columns that `src/estimate/testdata/README.md` describes; fits nothing.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::catalog::types::{Architecture, Attention, Moe};
use crate::diagnostic::{Locale, Text};
use crate::estimate::llama::cache::caches;
use crate::estimate::llama::mix::{self, Mix};
use crate::estimate::llama::placement::{self, Processor, Target};
use crate::estimate::llama::run::Run;
use crate::estimate::llama::{Place, blueprint, compute_bytes, inventory};
use crate::gguf::{Kind, laid_out};

/// Shapes of the models that such tables name, from their public `config.json`.
const SHAPES: &str = include_str!("shapes.csv");
/// Most rows that are read.
const MAX_ROWS: usize = 100_000;

/// Sizes of one run in MiB.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sizes {
    /// All weight buffers, repacked copies included.
    pub weights: f64,
    /// KV caches and state.
    pub cache: f64,
    /// Compute buffer.
    pub compute: f64,
    /// Output buffer.
    pub output: f64,
}

impl Sizes {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.weights + self.cache + self.compute + self.output
    }
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct AllocationRow {
    /// Line of the table, from 1.
    pub line: usize,
    /// Architecture.
    pub arch: String,
    /// Model.
    pub model: String,
    /// As predicted.
    pub predicted: Sizes,
    /// As logged.
    pub logged: Sizes,
}

/// Errors over the rows of one architecture: the largest, as absolute MiB or as a share of what was logged.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Summary {
    /// Rows.
    pub rows: usize,
    /// Largest error of the weights (MiB).
    pub weights_mib: f64,
    /// Largest error of caches and state (MiB).
    pub cache_mib: f64,
    /// Largest error of the compute buffer (MiB).
    pub compute_mib: f64,
    /// The same as a share.
    pub compute: f64,
    /// Largest error of the sum as a share.
    pub total: f64,
}

/// A table with its predictions.
#[derive(Debug, Clone, PartialEq)]
pub struct AllocationReport {
    /// Rows that could be predicted.
    pub rows: Vec<AllocationRow>,
    /// Lines that could not, and why.
    pub skipped: Vec<(usize, Text)>,
}

/// A row's cells by column.
struct Row<'a> {
    columns: &'a BTreeMap<&'a str, usize>,
    cells: Vec<&'a str>,
}

impl<'a> Row<'a> {
    fn text(&self, column: &str) -> &'a str {
        self.columns
            .get(column)
            .and_then(|&at| self.cells.get(at))
            .map_or("", |cell| cell.trim())
    }

    /// A number; 0 where the cell is empty.
    fn number<T: std::str::FromStr + Default>(&self, column: &str) -> Result<T, Text> {
        let cell = self.text(column);
        if cell.is_empty() {
            return Ok(T::default());
        }
        cell.parse().map_err(|_| {
            Text::key("verify.bad_number")
                .arg("column", column)
                .arg("given", shown(cell))
        })
    }
}

fn shown(cell: &str) -> String {
    cell.chars().filter(|c| !c.is_control()).take(40).collect()
}

fn columns(line: &str) -> BTreeMap<&str, usize> {
    line.split(',')
        .enumerate()
        .map(|(at, name)| (name.trim(), at))
        .collect()
}

/// Whether a table has the columns that are read here.
#[must_use]
pub fn is_table(text: &str) -> bool {
    let columns = columns(text.lines().next().unwrap_or_default());
    ["model_shape", "n_ctx", "compute_buffer_mib"]
        .iter()
        .all(|name| columns.contains_key(name))
}

/// Predicts each row of a table of allocations.
///
/// # Errors
/// The first line lacks a column that is needed, or there are too many rows.
pub fn allocations(text: &str) -> Result<AllocationReport, Text> {
    const NEEDED: [&str; 8] = [
        "model_shape",
        "quant",
        "n_ctx",
        "n_ubatch",
        "kv_type",
        "flash_attn",
        "kv_buffer_mib",
        "compute_buffer_mib",
    ];
    let mut lines = text.lines();
    let columns = columns(lines.next().unwrap_or_default());
    if let Some(name) = NEEDED.iter().find(|name| !columns.contains_key(*name)) {
        return Err(Text::key("verify.no_column").arg("column", *name));
    }
    let shapes = shapes();
    let mut report = AllocationReport {
        rows: Vec::new(),
        skipped: Vec::new(),
    };
    for (at, line) in lines
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        if at >= MAX_ROWS {
            return Err(Text::key("verify.too_many").arg("limit", MAX_ROWS.to_string()));
        }
        let row = Row {
            columns: &columns,
            cells: line.split(',').collect(),
        };
        let number = at + 2;
        match predict(&row, &shapes, number) {
            Ok(row) => report.rows.push(row),
            Err(why) => report.skipped.push((number, why)),
        }
    }
    Ok(report)
}

/// A shape of the table.
struct Shape {
    family: String,
    architecture: Architecture,
    rope_factors: u64,
}

fn shapes() -> BTreeMap<String, Shape> {
    let mut lines = SHAPES.lines();
    let columns = columns(lines.next().unwrap_or_default());
    let mut shapes = BTreeMap::new();
    for line in lines {
        let row = Row {
            columns: &columns,
            cells: line.split(',').collect(),
        };
        if let Ok(shape) = shape(&row) {
            shapes.insert(row.text("shape").to_owned(), shape);
        }
    }
    shapes
}

fn shape(row: &Row) -> Result<Shape, Text> {
    let (window, state): (u64, u64) = (row.number("window")?, row.number("state")?);
    let full_layers = row.number("full")?;
    let (experts, per_layer): (u32, u32) = (row.number("experts")?, row.number("per_layer")?);
    let attention = if window > 0 {
        Attention::Sliding {
            window,
            global_layers: full_layers,
            local_layers: row.number("local")?,
            global_kv_heads: None,
            global_head_dim: None,
        }
    } else if state > 0 {
        Attention::Hybrid {
            full_layers,
            state_elements: Some(state),
        }
    } else {
        Attention::Full
    };
    let moe = Moe {
        experts,
        top_k: row.number("top_k")?,
        expert_ffn: row.number("expert_ffn")?,
    };
    Ok(Shape {
        family: row.text("family").to_owned(),
        rope_factors: row.number("rope_factors")?,
        architecture: Architecture {
            layers: row.number("layers")?,
            hidden: row.number("hidden")?,
            ffn: row.number("ffn")?,
            heads: row.number("heads")?,
            kv_heads: row.number("kv_heads")?,
            head_dim: row.number("head_dim")?,
            vocab: row.number("vocab")?,
            tied: Some(row.number::<u8>("tied")? == 1),
            attention,
            moe: (experts > 0).then_some(moe),
            per_layer_embedding: (per_layer > 0).then_some(per_layer),
        },
    })
}

/// The settings of a row; cells that are left out are what llama.cpp's API sets.
fn run(row: &Row) -> Result<Run, Text> {
    let kind = Kind::from_name(row.text("kv_type"))
        .ok_or_else(|| Text::key("verify.kv_type").arg("given", shown(row.text("kv_type"))))?;
    let outputs: u64 = row.number("n_outputs_max")?;
    let full_windows = row.text("swa_full").is_empty() || row.number::<u8>("swa_full")? == 1;
    let run = Run {
        context: row.number("n_ctx")?,
        ubatch: row.number("n_ubatch")?,
        outputs: (outputs > 0).then_some(outputs),
        keys: kind,
        values: kind,
        flash: row.number::<u8>("flash_attn")? == 1,
        full_windows,
        ..Run::default()
    };
    if !(1..=1 << 26).contains(&run.context) || run.ubatch > 1 << 20 {
        return Err(Text::key("verify.bad_number")
            .arg("column", "n_ctx")
            .arg("given", shown(row.text("n_ctx"))));
    }
    Ok(run)
}

fn mib(bytes: u64) -> f64 {
    bytes as f64 / 1_048_576.0
}

fn predict(
    row: &Row,
    shapes: &BTreeMap<String, Shape>,
    line: usize,
) -> Result<AllocationRow, Text> {
    let model = row.text("model_shape");
    let shape = shapes
        .get(model)
        .ok_or_else(|| Text::key("verify.unknown_shape").arg("name", shown(model)))?;
    let decoder = blueprint::decoder(&shape.family, &shape.architecture)
        .ok_or_else(|| Text::key("verify.unknown_shape").arg("name", shown(model)))?;
    let quant = row.text("quant");
    let quant =
        Mix::from_id(quant).ok_or_else(|| Text::key("verify.quant").arg("given", shown(quant)))?;
    let run = run(row)?;
    let extras = inventory::Extras {
        tied: shape.architecture.tied == Some(true),
        rope_factors: (shape.rope_factors > 0).then_some(shape.rope_factors),
    };
    let tensors = inventory::tensors(&decoder, extras);
    let architecture = blueprint::gguf_name(&shape.family);
    let facts = inventory::facts(architecture, &decoder);
    let kinds = mix::kinds(&tensors, &facts, quant);
    let target = Target::Cpu {
        processor: Processor::Avx2,
        repack: row.text("repack").is_empty() || row.number::<u8>("repack")? == 1,
    };
    let mmap = row.text("mmap").is_empty() || row.number::<u8>("mmap")? == 1;
    let first = placement::asks_output_first(architecture);
    let placed = placement::placed(&laid_out(tensors, &kinds), target, mmap, first);
    let caches = caches(&decoder, &run);
    let predicted = Sizes {
        weights: mib(placed.total()),
        cache: mib(caches.keys_and_values().saturating_add(caches.state)),
        compute: mib(compute_bytes(&decoder, &run, Place::Cpu)),
        output: mib(decoder.vocab.saturating_mul(4)),
    };
    Ok(AllocationRow {
        line,
        arch: shown(row.text("arch")),
        model: model.to_owned(),
        predicted,
        logged: Sizes {
            weights: row.number("model_buffer_mib")?,
            cache: row.number::<f64>("kv_buffer_mib")? + row.number::<f64>("rs_buffer_mib")?,
            compute: row.number("compute_buffer_mib")?,
            output: row.number("output_buffer_mib")?,
        },
    })
}

impl Summary {
    fn add(&mut self, row: &AllocationRow) {
        let (is, was) = (&row.predicted, &row.logged);
        let share = |is: f64, was: f64| {
            if was > 0.0 {
                (is / was - 1.0).abs()
            } else {
                0.0
            }
        };
        self.rows += 1;
        self.weights_mib = self.weights_mib.max((is.weights - was.weights).abs());
        self.cache_mib = self.cache_mib.max((is.cache - was.cache).abs());
        self.compute_mib = self.compute_mib.max((is.compute - was.compute).abs());
        self.compute = self.compute.max(share(is.compute, was.compute));
        self.total = self.total.max(share(is.total(), was.total()));
    }
}

impl AllocationReport {
    /// The largest errors by architecture.
    #[must_use]
    pub fn summary(&self) -> BTreeMap<&str, Summary> {
        let mut summary: BTreeMap<&str, Summary> = BTreeMap::new();
        for row in &self.rows {
            summary.entry(&row.arch).or_default().add(row);
        }
        summary
    }

    /// The summary per architecture, and what was left out, for programs.
    #[must_use]
    pub fn json(&self, locale: Locale) -> Value {
        let errors = |one: &Summary| {
            json!({
                "rows": one.rows,
                "weights_mib": one.weights_mib,
                "cache_mib": one.cache_mib,
                "compute_mib": one.compute_mib,
                "compute_share": one.compute,
                "total_share": one.total,
            })
        };
        let summary = self.summary();
        let largest: BTreeMap<&str, Value> = summary
            .iter()
            .map(|(arch, one)| (*arch, errors(one)))
            .collect();
        let skipped = self.skipped.iter();
        json!({
            "format_version": "1.0",
            "largest_errors": largest,
            "skipped": skipped
                .map(|(line, why)| json!({ "line": line, "reason": why.render(locale) }))
                .collect::<Vec<Value>>(),
        })
    }

    /// Each predicted row as CSV, sizes in MiB.
    #[must_use]
    pub fn rows_csv(&self) -> String {
        let mut out = "line,weights_mib,cache_mib,compute_mib,output_mib,total_mib\n".to_owned();
        for row in &self.rows {
            let sizes = &row.predicted;
            let cells = [
                sizes.weights,
                sizes.cache,
                sizes.compute,
                sizes.output,
                sizes.total(),
            ];
            let cells: Vec<String> = cells.iter().map(|mib| format!("{mib:.4}")).collect();
            out.push_str(&format!("{},{}\n", row.line, cells.join(",")));
        }
        out
    }

    /// The summary for people, ending in a line feed.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        let heading = Text::key("verify.allocations")
            .arg("rows", self.rows.len().to_string())
            .arg("skipped", self.skipped.len().to_string());
        let mut out = format!("{}\n", heading.render(locale));
        for (arch, summary) in self.summary() {
            let line = Text::key("verify.allocation_line")
                .arg("arch", arch)
                .arg("rows", summary.rows.to_string())
                .arg("weights", format!("{:.2}", summary.weights_mib))
                .arg("cache", format!("{:.2}", summary.cache_mib))
                .arg("compute", format!("{:.2}", summary.compute_mib))
                .arg("compute_share", format!("{:.2}", summary.compute * 100.0))
                .arg("total", format!("{:.2}", summary.total * 100.0));
            out.push_str(&line.render(locale));
            out.push('\n');
        }
        for (line, why) in self.skipped.iter().take(10) {
            let text = Text::key("verify.skipped_line")
                .arg("line", line.to_string())
                .arg("why", why.clone());
            out.push_str(&text.render(locale));
            out.push('\n');
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = include_str!("../estimate/testdata/llamacpp_memory.csv");

    #[test]
    fn every_row_is_what_the_log_says() {
        let report = allocations(TABLE).expect("a table");
        assert_eq!(report.skipped, []);
        for row in &report.rows {
            let (is, was) = (row.predicted, row.logged);
            // Each of up to two printed buffers is rounded to 0.01 MiB.
            assert!((is.weights - was.weights).abs() < 0.0101, "{row:?}");
            assert!((is.cache - was.cache).abs() < 0.0151, "{row:?}");
            assert!((is.compute - was.compute).abs() < 0.0051, "{row:?}");
            assert!((is.output - was.output).abs() < 0.0051, "{row:?}");
        }
        let texts = [Locale::En, Locale::ZhCn].map(|locale| report.text(locale));
        insta::assert_snapshot!(texts.join("\n"));
    }

    #[test]
    fn what_is_not_known_is_counted_and_explained() {
        let table = "model_shape,quant,n_ctx,n_ubatch,kv_type,flash_attn,kv_buffer_mib,compute_buffer_mib\n\
                     nobody-7b,Q4_K_M,4096,512,f16,1,1,1\n\
                     smollm2-135m,Q9,4096,512,f16,1,1,1\n\
                     smollm2-135m,F16,many,512,f16,1,1,1\n";
        let report = allocations(table).expect("a table");
        assert!(report.rows.is_empty());
        insta::assert_snapshot!(report.text(Locale::En));
    }

    #[test]
    fn other_tables_are_refused() {
        assert!(allocations("id,device\n").is_err());
        assert!(!is_table("id,device\n") && is_table(TABLE));
    }
}
