//! `edgeplanc rules`: what the compiler judges stacks by.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::catalog::types::Bilingual;
use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::cli::knowledge::{Knowledge, Loaded};
use crate::cli::lock;
use crate::cli::run::{With, read_one};
use crate::diagnostic::{Sources, Text};
use crate::estimate::types::Stack;
use crate::rules::eval::Kleene;
use crate::rules::types::{Level, Rule};
use crate::rules::{RuleSet, coverage, dead};
use crate::solve::{RuleOnSlot, verdicts};
use crate::spec::model::Spec;

/// List, show, test and explain the rules
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
    /// Run the examples beside the rules, as every loading does, and count them
    Test(Test),
    /// Say what a rule asks, on which sources, and what it says of a spec
    Explain(Explain),
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

#[derive(Debug, Args)]
struct Test {
    /// Name the conditions that no example sees to hold, or not to hold
    #[arg(long)]
    coverage: bool,
    #[command(flatten)]
    knowledge: Knowledge,
}

#[derive(Debug, Args)]
struct Explain {
    /// The rule's id
    id: String,
    /// A spec to judge, or - for standard input
    spec: Option<PathBuf>,
    #[command(flatten)]
    with: With,
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
                let rule = &rules.rules[find(rules, &show.id)?];
                let file = rules.files.get(rule.id_span.file.0 as usize);
                let (name, text) = file.map_or(("", ""), |(name, text)| (name, text));
                console.out(&format!("# {name}\n{text}"))?;
            }
            What::Test(test) => test.run(console)?,
            What::Explain(explain) => return explain.run(console),
        }
        Ok(Exit::Done)
    }
}

/// The number of a rule.
fn find(rules: &RuleSet, id: &str) -> Result<usize, Failure> {
    let found = rules.rules.iter().position(|rule| rule.id == id);
    found.ok_or_else(|| Failure::Said(Text::key("cli.rules.unknown").arg("id", id)))
}

impl Test {
    /// A rule whose examples fail does not load, so whatever loads has passed.
    fn run(self, console: &mut Console) -> Result<(), Failure> {
        let loaded = self.knowledge.load(console)?;
        let rules = &loaded.rules;
        let mut named = Sources::new();
        let dead = dead(rules, &loaded.catalog.vocabulary(), &mut named);
        console.findings(&[(dead, named)])?;
        let covered = coverage(rules);
        let mut lines = vec![
            Text::key("cli.rules.tested")
                .arg("rules", rules.rules.len().to_string())
                .arg("examples", covered.examples.to_string()),
        ];
        if self.coverage {
            let mut sources = Sources::new();
            for gap in &covered.gaps {
                let span = rules.locate(gap.condition, &mut sources);
                let words = sources.text(span).split_whitespace().collect::<Vec<_>>();
                let key = if gap.holds {
                    "cli.rules.never-holds"
                } else {
                    "cli.rules.always-holds"
                };
                lines.push(
                    Text::key(key)
                        .arg("rule", rules.rules[gap.rule].id.as_str())
                        .arg("condition", words.join(" ")),
                );
            }
            let answers = 2 * covered.conditions;
            lines.push(
                Text::key("cli.rules.covered")
                    .arg("conditions", covered.conditions.to_string())
                    .arg("answers", answers.to_string())
                    .arg("seen", (answers - covered.gaps.len()).to_string()),
            );
        }
        say(console, &lines)
    }
}

impl Explain {
    fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let loaded = self.with.load(console)?;
        let at = find(&loaded.rules, &self.id)?;
        say(console, &described(&loaded, at))?;
        let Some(spec) = &self.spec else {
            return Ok(Exit::Done);
        };
        let input = read_one(spec, console)?;
        let checked = (self.with).check(&input, &loaded, &lock::locked(&input)?);
        let (Some(spec), Some(solution)) = (&checked.spec, &checked.solution) else {
            console.findings(&[(checked.diagnostics, checked.sources)])?;
            return Ok(Exit::Findings);
        };
        let verdicts = verdicts(&loaded.catalog, &loaded.rules, spec, solution, at);
        let mut lines = Vec::new();
        for verdict in &verdicts {
            lines.extend(judged(verdict, &loaded, spec));
        }
        if lines.is_empty() {
            lines.push(Text::key("cli.rules.no-slot"));
        }
        say(console, &lines)?;
        Ok(Exit::Done)
    }
}

/// What a rule asks, says and rests on.
fn described(loaded: &Loaded, at: usize) -> Vec<Text> {
    let rule = &loaded.rules.rules[at];
    let level = match rule.level {
        Level::Reject => "cli.rules.rejects",
        Level::Warn => "cli.rules.warns",
        Level::Advise => "cli.rules.advises",
    };
    let words = |of: &Bilingual| Text::Localised {
        en: of.en.clone(),
        zh: of.zh.clone(),
        args: Vec::new(),
    };
    let mut lines = vec![
        Text::key("cli.rules.head")
            .arg("rule", rule.id.as_str())
            .arg("code", rule.code.to_string())
            .arg("level", Text::key(level)),
        Text::key("cli.rules.when").arg("condition", condition(&loaded.rules, rule)),
        Text::key("cli.rules.says").arg("message", words(&rule.message)),
        Text::key("cli.rules.remedy").arg("remedy", words(&rule.remedy)),
    ];
    if rule.overridable {
        lines.push(Text::key("cli.rules.allow").arg("code", rule.code.to_string()));
    }
    for id in &rule.sources {
        let source = loaded.catalog.source(id);
        lines.push(
            Text::key("cli.rules.source")
                .arg("id", id.as_str())
                .arg(
                    "title",
                    source.map_or("", |(_, source)| source.title.as_str()),
                )
                .arg(
                    "url",
                    source.and_then(|(_, s)| s.url.as_deref()).unwrap_or(""),
                ),
        );
    }
    lines
}

/// What a rule says of one slot of one class.
fn judged(verdict: &RuleOnSlot, loaded: &Loaded, spec: &Spec) -> Vec<Text> {
    let catalog = &loaded.catalog;
    let name = |stack: &Stack| catalog.model_at(stack.model).name.clone();
    let place = |text: Text| {
        text.arg("class", verdict.class.as_str())
            .arg("slot", verdict.slot.name(spec))
    };
    let mut lines = Vec::new();
    if let Some((stack, truth)) = &verdict.chosen {
        let values = truth.operands.iter();
        let values = values.map(|value| format!("{} {}", value.name, value.value));
        let key = match truth.holds {
            Kleene::True => "cli.rules.fires",
            Kleene::False => "cli.rules.passes",
            Kleene::Unknown => "cli.rules.undecided",
        };
        lines.push(
            place(Text::key(key))
                .arg("model", name(stack))
                .arg("values", values.collect::<Vec<_>>().join(", ")),
        );
    }
    if let Some(first) = verdict.refuses.first() {
        lines.push(
            place(Text::key("cli.rules.refuses"))
                .arg("count", verdict.refuses.len().to_string())
                .arg("models", verdict.models.to_string())
                .arg("example", name(first)),
        );
    }
    lines
}

fn say(console: &mut Console, lines: &[Text]) -> Result<(), Failure> {
    for line in lines {
        console.out(&format!("{}\n", line.render(console.locale)))?;
    }
    Ok(())
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
