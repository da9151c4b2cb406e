//! `edgeplanc slm`: which model files could write prose here, and whether this build can run them.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use clap::{Args, Subcommand};
use sha2::{Digest, Sha256};

use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::diagnostic::Text;
use crate::prose::writer::weights::{self, Weights};

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
    /// Looks whether this build can run a model, and reads every file that is here to see whether it is whole
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
    let mut usable = false;
    for weights in weights::table() {
        let Some(path) = weights.in_folder(folder) else {
            let line = line(&weights, folder).render(console.locale);
            console.out(&format!("{line}\n"))?;
            continue;
        };
        let digest = File::open(&path).and_then(digest);
        let whole = digest.is_ok_and(|digest| digest == weights.sha256);
        usable |= whole && weights.role != "fixture";
        let said = if whole {
            Text::key("cli.slm.whole")
        } else {
            Text::key("cli.slm.broken")
        };
        let said = said
            .arg("name", weights.name.as_str())
            .arg("path", path.display().to_string());
        console.out(&format!("{}\n", said.render(console.locale)))?;
    }
    Ok(if built && usable {
        Exit::Done
    } else {
        Exit::Findings
    })
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

fn digest(mut file: File) -> std::io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
    }
    Ok(hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}
