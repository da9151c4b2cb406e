//! `edgeplanc man`: manual pages, made from the command's own definition.

use std::path::PathBuf;

use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man;

use crate::cli::Cli;
use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::cli::outputs;

/// Print the manual page of edgeplanc, or write those of all commands
#[derive(Debug, Args)]
pub(crate) struct ManPages {
    /// Folder for edgeplanc.1 and a page for each command, for example share/man/man1
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl ManPages {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let mut root = Cli::command();
        root.build();
        let Some(folder) = self.out else {
            console.out(&page(root)?)?;
            return Ok(Exit::Done);
        };
        let mut pages = Vec::new();
        collect(&root, &mut pages);
        for command in pages {
            let name = command.get_display_name().unwrap_or(command.get_name());
            let path = folder.join(format!("{name}.1"));
            outputs::write(&path, &page(command)?)?;
        }
        Ok(Exit::Done)
    }
}

/// A command and those below it.
fn collect(command: &Command, into: &mut Vec<Command>) {
    into.push(command.clone());
    for inner in command.get_subcommands().filter(|c| c.get_name() != "help") {
        collect(inner, into);
    }
}

fn page(command: Command) -> Result<String, Failure> {
    let name = command.get_display_name().unwrap_or(command.get_name());
    // A page has no date: the same version gives the same bytes. An empty argument needs its quotes, else the next one
    // takes its place, and those the library leaves out.
    let title = format!(
        ".TH {} 1 \"\" \"edgeplanc {}\" edgeplanc",
        name.to_uppercase(),
        env!("CARGO_PKG_VERSION")
    );
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    let page = String::from_utf8_lossy(&page);
    let lines = page.lines().map(|line| match line {
        line if line.starts_with(".TH ") => title.as_str(),
        line => line.trim_end(),
    });
    let page: String = lines.map(|line| format!("{line}\n")).collect();
    // A line break beside an empty line breaks nothing.
    Ok(page.replace("\n.br\n\n.br\n", "\n.sp\n"))
}
