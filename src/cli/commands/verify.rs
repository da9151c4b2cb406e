//! `edgeplanc verify`: measurements held against the estimates.

use std::path::PathBuf;

use clap::Args;

use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::cli::format::Format;
use crate::cli::inputs;
use crate::cli::knowledge::Knowledge;
use crate::cli::outputs::{self, Output};
use crate::verify::{self, allocations};

/// Hold measurements against the estimates: errors, coverage of the intervals, worst rows
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// CSV of measurements or of what llama.cpp allocated, or output of `llama-bench -o json|jsonl|csv`
    #[arg(value_name = "FILE")]
    measurements: PathBuf,
    /// The phone `llama-bench` ran on
    #[arg(long, value_name = "NAME")]
    device: Option<String>,
    /// Write each row's prediction to this CSV file
    #[arg(long, value_name = "CSV")]
    rows: Option<PathBuf>,
    /// Format of the answer
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,
    #[command(flatten)]
    knowledge: Knowledge,
}

impl Verify {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let text = inputs::table(&self.measurements)?;
        let (answer, rows) = if allocations::is_table(&text) {
            let report = allocations::allocations(&text).map_err(Failure::Said)?;
            let answer = match self.format {
                Format::Text => report.text(console.locale),
                Format::Json => format!("{:#}\n", report.json(console.locale)),
            };
            (answer, report.rows_csv())
        } else {
            let loaded = self.knowledge.load(console)?;
            let rows = verify::read(&text, self.device.as_deref()).map_err(Failure::Said)?;
            let verification = verify::verify(&loaded.catalog, &rows);
            let answer = match self.format {
                Format::Text => verify::text(&verification, console.locale),
                Format::Json => format!("{:#}\n", verify::json(&verification, console.locale)),
            };
            (answer, verify::rows_csv(&verification))
        };
        if let Some(path) = &self.rows {
            let output = Output {
                path: path.clone(),
                text: rows,
            };
            outputs::write_all(&[output], false)?;
        }
        console.out(&answer)?;
        Ok(Exit::Done)
    }
}
