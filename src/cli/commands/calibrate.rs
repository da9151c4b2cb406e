//! `edgeplanc calibrate`: own measurements become an overlay of the catalog.

use std::path::PathBuf;

use clap::Args;

use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::cli::inputs;
use crate::cli::knowledge::Knowledge;
use crate::cli::outputs::{self, Output};
use crate::diagnostic::Text;
use crate::verify;

/// File of the overlay inside the folder.
const FILE: &str = "calibration.yaml";

/// Turn your own measurements of a phone into a catalog folder that sharpens its estimates
#[derive(Debug, Args)]
pub(crate) struct Calibrate {
    /// Output of `llama-bench -o json|jsonl|csv`, or CSV with the columns of measurements
    #[arg(value_name = "FILE")]
    measurements: PathBuf,
    /// The phone it was measured on
    #[arg(long, value_name = "NAME")]
    device: String,
    /// Folder to write; standard output when left out
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    knowledge: Knowledge,
}

impl Calibrate {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let loaded = self.knowledge.load(console)?;
        let text = inputs::table(&self.measurements)?;
        let rows = verify::read(&text, Some(&self.device)).map_err(Failure::Said)?;
        let overlay =
            verify::calibrate(&loaded.catalog, &rows, &self.device).map_err(Failure::Said)?;
        let Some(folder) = self.out else {
            console.out(&overlay)?;
            return Ok(Exit::Done);
        };
        let path = folder.join(FILE);
        let output = Output {
            path: path.clone(),
            text: overlay,
        };
        outputs::write_all(&[output], false)?;
        console.say(&Text::key("cli.calibrate.wrote").arg("path", path.display().to_string()))?;
        Ok(Exit::Done)
    }
}
