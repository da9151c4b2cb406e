//! `edgeplanc slm`: which model files could write prose here, and whether this build can run them.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, Subcommand};

use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::cli::models;
use crate::diagnostic::Text;
use crate::prose::writer::weights::{self, Weights};
use crate::prose::writer::{self, Prompt, WriterError, cost};

/// What `doctor` has a model write, to see how fast it is here.
const TRIAL: &str = "Count from one to thirty in words.";

/// The local model that writes prose: what is here, and whether it is whole
#[derive(Debug, Args)]
pub(crate) struct Slm {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum Action {
    /// The model files that are known, with their licences, and where they are
    List,
    /// Looks whether this build can run a model, reads every file that is here to see whether it is whole, says what memory
    /// it takes, and has the best one write a little to see how fast it is
    Doctor,
}

impl Slm {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let folder = weights::cache(&|name| std::env::var(name).ok()).unwrap_or_default();
        match self.action {
            Action::List => {
                for weights in weights::table() {
                    let line = line(&weights, &folder).render(console.locale);
                    console.out(&format!("{line}\n"))?;
                }
                Ok(Exit::Done)
            }
            Action::Doctor => doctor(&folder, console),
        }
    }
}

/// Ends with 1 when prose cannot be written here.
fn doctor(folder: &Path, console: &mut Console) -> Result<Exit, Failure> {
    let built = cfg!(feature = "slm");
    let runtime = if built {
        Text::key("cli.slm.built")
    } else {
        Text::key("prose.writer.not_built")
    };
    console.out(&format!("{}\n", runtime.render(console.locale)))?;
    let mut usable: Option<PathBuf> = None;
    for weights in weights::table() {
        let Some(path) = weights.in_folder(folder) else {
            let line = line(&weights, folder).render(console.locale);
            console.out(&format!("{line}\n"))?;
            continue;
        };
        let whole = weights::digest(&path).is_ok_and(|digest| digest == weights.sha256);
        let said = if whole {
            Text::key("cli.slm.whole")
        } else {
            Text::key("cli.slm.broken")
        };
        let said = said
            .arg("name", weights.name.as_str())
            .arg("path", path.display().to_string());
        console.out(&format!("{}\n", said.render(console.locale)))?;
        if !whole {
            continue;
        }
        if let Some(bytes) = cost::peak(&models::header(&path, console)?) {
            let peak = Text::key("cli.slm.peak").arg("peak", (bytes >> 20).to_string());
            console.out(&format!("{}\n", peak.render(console.locale)))?;
        }
        if weights.role != "fixture" {
            usable.get_or_insert(path);
        }
    }
    let (true, Some(path)) = (built, usable) else {
        return Ok(Exit::Findings);
    };
    let speed = speed(&path)?.render(console.locale);
    console.out(&format!("{speed}\n"))?;
    Ok(Exit::Done)
}

/// Writes a little, as much at once as a guide is written, and says how fast.
fn speed(path: &Path) -> Result<Text, Failure> {
    let failed = |error: WriterError| Failure::Said(error.text(path));
    let start = Instant::now();
    let mut writer = writer::open(path).map_err(failed)?;
    let loaded = start.elapsed().as_secs_f64();
    let request = Prompt {
        system: String::new(),
        example: None,
        user: TRIAL.to_owned(),
        likely: String::new(),
        most_tokens: 64,
    };
    let mut last = None;
    writer
        .write(&vec![request; cost::SEQUENCES as usize], &mut |progress| {
            last = Some(progress)
        })
        .map_err(failed)?;
    let rate = last.map_or(0.0, |progress| progress.per_second);
    Ok(Text::key("cli.slm.speed")
        .arg("load", format!("{loaded:.1}"))
        .arg("rate", format!("{rate:.1}")))
}

fn line(weights: &Weights, folder: &Path) -> Text {
    let text = match weights.in_folder(folder) {
        Some(path) => Text::key("cli.slm.here").arg("path", path.display().to_string()),
        None => Text::key("cli.slm.missing").arg("id", weights.id.as_str()),
    };
    text.arg("name", weights.name.as_str())
        .arg("license", weights.license.as_str())
        .arg("size", (weights.bytes >> 20).to_string())
}
