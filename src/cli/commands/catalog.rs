//! `edgeplanc catalog`: what the compiler knows, as it stands in the files.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use crate::catalog::Catalog;
use crate::catalog::graph::Graph;
use crate::catalog::types::Origin;
use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::cli::knowledge::Knowledge;
use crate::cli::models;
use crate::diagnostic::lines::LineIndex;
use crate::diagnostic::{Sources, Text};
use crate::inspect;

/// List, show, draw and check the facts
#[derive(Debug, Args)]
pub(crate) struct CatalogCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Count the records, or list those of one kind: id and name
    List(List),
    /// Show a record as it stands in its file
    Show(Show),
    /// Print the graph of records, or the surroundings of one, in the language of Graphviz
    Graph(GraphOf),
    /// Check the built-in catalog together with a folder of your own
    Check(Check),
    /// Write a record from a GGUF file or a `config.json`, for a catalog of your own
    Import(Import),
}

#[derive(Debug, Args)]
struct Import {
    /// A GGUF file (any part of a split one), or a `config.json` of the original weights
    file: PathBuf,
    /// Key of the record [default: from the model's name]
    #[arg(long, value_name = "ID")]
    id: Option<String>,
}

/// Largest `config.json` that is read, in bytes.
const MAX_CONFIG: u64 = 1 << 20;

impl Import {
    fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let name = self
            .file
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let is_config = self.file.extension().is_some_and(|ending| ending == "json");
        let imported = if is_config {
            let folder = self.file.parent().and_then(Path::file_name);
            let folder =
                folder.map_or_else(|| "model".to_owned(), |it| it.to_string_lossy().into());
            inspect::Imported::of_config(&config(&self.file)?, &folder)
        } else {
            let header = models::header(&self.file, console)?;
            inspect::Imported::of_header(&header, &name)
        };
        let mut imported = imported.map_err(Failure::Said)?;
        if let Some(id) = &self.id {
            imported = imported.named(id);
        }
        console.out(&inspect::record(&imported, &name))?;
        if let Some(missing) = imported.missing() {
            console.say(&missing)?;
        }
        Ok(Exit::Done)
    }
}

fn config(path: &Path) -> Result<String, Failure> {
    let cannot = |error: &io::Error| Failure::file("cli.cannot_read", path, error);
    let mut text = String::new();
    fs::File::open(path)
        .map_err(|error| cannot(&error))?
        .take(MAX_CONFIG)
        .read_to_string(&mut text)
        .map_err(|error| cannot(&error))?;
    Ok(text)
}

#[derive(Debug, Args)]
struct List {
    /// The kind of record
    #[arg(value_enum)]
    kind: Option<Kind>,
    #[command(flatten)]
    knowledge: Knowledge,
}

#[derive(Debug, Args)]
struct Show {
    /// The record's id
    id: String,
    #[command(flatten)]
    knowledge: Knowledge,
}

#[derive(Debug, Args)]
struct GraphOf {
    /// Only this record and its neighbours
    id: Option<String>,
    #[command(flatten)]
    knowledge: Knowledge,
}

#[derive(Debug, Args)]
struct Check {
    /// Your folder of catalog files, as for `--catalog`
    #[arg(value_name = "DIR", conflicts_with = "catalog")]
    folder: Option<PathBuf>,
    #[command(flatten)]
    knowledge: Knowledge,
}

/// A kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Models of all roles
    Models,
    /// Files of models, one per quantization and format
    Artifacts,
    /// Quantizations
    Quantizations,
    /// Runtimes
    Runtimes,
    /// Backends
    Backends,
    /// Platforms
    Platforms,
    /// Phones and tablets
    Devices,
    /// Chips
    Socs,
    /// Licences
    Licenses,
    /// Where the figures come from
    Sources,
}

/// Id, name and place of a record.
type Row<'a> = (&'a str, &'a str, Option<Origin>);

impl Kind {
    fn rows(self, catalog: &Catalog) -> Vec<Row<'_>> {
        macro_rules! rows {
            ($field:ident, $name:ident) => {
                catalog
                    .$field
                    .iter()
                    .map(|row| (row.id.as_str(), row.$name.as_str(), Some(row.at)))
                    .collect()
            };
        }
        match self {
            Self::Models => rows!(models, name),
            Self::Artifacts => catalog
                .artifacts
                .iter()
                .map(|file| (file.id.as_str(), file.format.id(), Some(file.at)))
                .collect(),
            Self::Quantizations => rows!(quantizations, name),
            Self::Runtimes => rows!(runtimes, name),
            Self::Backends => rows!(backends, name),
            Self::Platforms => rows!(platforms, name),
            Self::Devices => rows!(devices, name),
            Self::Socs => rows!(socs, name),
            Self::Licenses => rows!(licenses, name),
            Self::Sources => catalog
                .sources
                .iter()
                .map(|source| (source.id.as_str(), source.title.as_str(), None))
                .collect(),
        }
    }
}

impl CatalogCommand {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        match self.what {
            What::Import(import) => return import.run(console),
            What::List(list) => {
                let loaded = list.knowledge.load(console)?;
                let text = match list.kind {
                    Some(kind) => table(&kind.rows(&loaded.catalog)),
                    None => counts(&loaded.catalog),
                };
                console.out(&text)?;
            }
            What::Show(show) => {
                let loaded = show.knowledge.load(console)?;
                let text = records(&loaded.catalog, &show.id);
                if text.is_empty() {
                    return Err(unknown(show.id));
                }
                console.out(&text)?;
            }
            What::Graph(graph) => {
                let loaded = graph.knowledge.load(console)?;
                let drawn = Graph::of(&loaded.catalog);
                let text = match graph.id {
                    Some(id) => drawn.dot_around(&id).ok_or_else(|| unknown(id))?,
                    None => drawn.dot(),
                };
                console.out(&text)?;
            }
            What::Check(check) => {
                let knowledge = check.knowledge.or_catalog(check.folder);
                let loaded = knowledge.load(console)?;
                console.out(&counts(&loaded.catalog))?;
            }
        }
        Ok(Exit::Done)
    }
}

fn unknown(id: String) -> Failure {
    Failure::Said(Text::key("cli.catalog.unknown").arg("id", id))
}

fn table(rows: &[Row<'_>]) -> String {
    let width = rows.iter().map(|(id, ..)| id.len()).max().unwrap_or(0);
    let mut table = String::new();
    for (id, name, _) in rows {
        let line = format!("{id:<width$}  {name}");
        let _ = writeln!(table, "{}", line.trim_end());
    }
    table
}

fn counts(catalog: &Catalog) -> String {
    let mut text = String::new();
    for kind in Kind::value_variants() {
        if let Some(value) = kind.to_possible_value() {
            let _ = writeln!(
                text,
                "{:>5}  {}",
                kind.rows(catalog).len(),
                value.get_name()
            );
        }
    }
    text
}

/// All records of that id, each under a line that says where it stands.
fn records(catalog: &Catalog, id: &str) -> String {
    let mut sources = Sources::new();
    let mut text = String::new();
    for kind in Kind::value_variants() {
        for (known, _, origin) in kind.rows(catalog) {
            let (true, Some(origin)) = (known == id, origin) else {
                continue;
            };
            let span = catalog.locate(origin, &mut sources);
            let Some(file) = sources.file(span.file) else {
                continue;
            };
            let start = span.start as usize;
            let line = LineIndex::new(&file.text).position(start).line;
            let _ = writeln!(text, "# {}:{line}\n{}", file.name, block(&file.text, start));
        }
    }
    text
}

/// The YAML list item that a place stands in: its lines, moved to the left margin.
fn block(text: &str, at: usize) -> String {
    let start = text
        .get(..at)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |newline| newline + 1);
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = text.get(start..).unwrap_or_default().lines();
    let Some(first) = lines.next() else {
        return String::new();
    };
    let margin = indent(first);
    let mut block = first.trim_start().to_owned();
    for line in lines.take_while(|line| line.trim().is_empty() || indent(line) > margin) {
        block.push('\n');
        block.push_str(line.get(margin..).unwrap_or_default());
    }
    block.truncate(block.trim_end().len());
    block.push('\n');
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_ends_where_the_next_begins() {
        let text = "models:\n  - id: a\n    name: A\n\n    note: x\n\n  - id: b\n    name: B\n";
        let at = text.find("id: a").unwrap();
        assert_eq!(block(text, at), "- id: a\n  name: A\n\n  note: x\n");
    }
}
