//! `edgeplanc rules`: what the compiler judges stacks by.

use std::fmt::Write as _;

use clap::{Args, Subcommand};

use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::cli::knowledge::Knowledge;
use crate::diagnostic::Text;
use crate::rules::RuleSet;
use crate::rules::types::Rule;

/// List and show the rules
#[derive(Debug, Args)]
pub(crate) struct Rules {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List all rules: id, code, level, condition
    List(List),
    /// Show one rule as it stands in its file
    Show(Show),
}

#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    knowledge: Knowledge,
}

#[derive(Debug, Args)]
struct Show {
    /// The rule's id
    id: String,
    #[command(flatten)]
    knowledge: Knowledge,
}

impl Rules {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        match self.what {
            What::List(list) => {
                let loaded = list.knowledge.load(console)?;
                console.out(&table(&loaded.rules))?;
            }
            What::Show(show) => {
                let loaded = show.knowledge.load(console)?;
                let rules = &loaded.rules;
                let Some(rule) = rules.rules.iter().find(|rule| rule.id == show.id) else {
                    return Err(Failure::Said(
                        Text::key("cli.rules.unknown").arg("id", show.id),
                    ));
                };
                let file = rules.files.get(rule.id_span.file.0 as usize);
                let (name, text) = file.map_or(("", ""), |(name, text)| (name, text));
                console.out(&format!("# {name}\n{text}"))?;
            }
        }
        Ok(Exit::Done)
    }
}

fn table(rules: &RuleSet) -> String {
    let width = rules
        .rules
        .iter()
        .map(|rule| rule.id.len())
        .max()
        .unwrap_or(0);
    let mut table = String::new();
    for rule in &rules.rules {
        let _ = writeln!(
            table,
            "{:<width$}  {}  {:<7}  {}",
            rule.id,
            rule.code,
            rule.level.severity().id(),
            condition(rules, rule)
        );
    }
    table
}

/// The condition as written, on one line.
fn condition(rules: &RuleSet, rule: &Rule) -> String {
    let file = rules.files.get(rule.when_span.file.0 as usize);
    let text = file.and_then(|(_, text)| text.get(rule.when_span.range()));
    let words: Vec<&str> = text.unwrap_or_default().split_whitespace().collect();
    words.join(" ")
}
