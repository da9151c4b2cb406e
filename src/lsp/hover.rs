//! What is shown over a word: what it is, and the arithmetic of its line.

use std::fmt::Write as _;

use gen_lsp_types::{Contents, Hover};

use super::cards::{card, colon};
use super::document::Answer;
use super::hints::name;
use super::session::View;
use super::words::{Sense, Word};
use crate::diagnostic::{Severity, Text, codes, messages};
use crate::estimate::types::{Estimate, Step};
use crate::solve::types::{Candidate, Chosen, Outcome};
use crate::solve::{Slack, WhyClass};
use crate::spec::facts::{self, FactType};
use crate::spec::find;
use crate::syntax::tree::{Statement, StatementKind, Tree};

/// The hover at a byte.
#[must_use]
pub(super) fn hover(view: &View<'_>, at: usize) -> Option<Hover> {
    let reading = &view.document.read(view.knowledge).reading;
    let word = view.document.word_at(view.knowledge, at);
    let statement = statement_at(&reading.tree, at);
    let mut parts: Vec<String> = Vec::new();
    parts.extend(word.and_then(|word| about(view, word)));
    if parts.is_empty()
        && let Some(statement) = statement
    {
        parts.extend(keyword(view, &statement.keyword.text));
    }
    if let (Some(statement), Some(answer)) = (statement, view.answer()) {
        parts.extend(arithmetic(view, statement, answer));
    }
    let range = word
        .map(|word| word.span)
        .or(statement.map(|statement| statement.span))?;
    (!parts.is_empty()).then(|| Hover {
        contents: Contents::MarkupContent(view.client.markup(parts.join("\n\n"))),
        range: Some(view.document.range(range)),
    })
}

/// The statement at a byte: the innermost; of a block, its head.
fn statement_at(tree: &Tree, at: usize) -> Option<&Statement> {
    fn among(statements: &[Statement], at: usize) -> Option<&Statement> {
        statements.iter().find_map(|statement| {
            let span = statement.span.range();
            if span.start <= at && at <= span.end {
                return Some(statement);
            }
            match &statement.kind {
                StatementKind::Feature { block, .. }
                | StatementKind::Test { block, .. }
                | StatementKind::Budget(block)
                | StatementKind::Fleet(block)
                | StatementKind::UnknownBlock(block) => among(&block.statements, at),
                _ => None,
            }
        })
    }
    among(&tree.statements, at)
}

/// What a statement says, in a sentence.
fn keyword(view: &View<'_>, keyword: &str) -> Option<String> {
    let keyword = match keyword {
        "language" => "languages",
        "regions" => "region",
        "cold_start" => "cold-start",
        other => other,
    };
    let words = messages::lookup(&format!("lsp.keyword.{keyword}"), view.locale())?;
    Some(format!("**{keyword}**{}{words}", colon(view.locale())))
}

fn about(view: &View<'_>, word: &Word) -> Option<String> {
    match word.sense {
        Sense::Keyword => keyword(view, &word.text),
        Sense::Name(fact) => {
            // Groups of licences have no other spelling than their id.
            let known = find(view.knowledge.vocabulary.names(fact), &word.text);
            let id = known.map_or(word.text.as_str(), |known| known.id.as_str());
            card(view.catalog(), fact, id, view.locale())
        }
        Sense::Fact => fact(view, &word.text),
        Sense::Param | Sense::ParamDeclared => param(view, &word.text),
        Sense::Feature | Sense::FeatureDeclared => feature(view, &word.text),
        Sense::Code => code(view, &word.text),
        Sense::Choice | Sense::Text | Sense::Number | Sense::Unit => None,
    }
}

fn fact(view: &View<'_>, path: &str) -> Option<String> {
    let id = facts::find(path)
        .or_else(|| path.split_once('.').and_then(|(_, rest)| facts::find(rest)))?;
    let fact = facts::fact(id);
    let words = messages::lookup(&format!("fact.{}", fact.path), view.locale())?;
    let kind = match fact.kind {
        FactType::Quantity(dimension) => {
            messages::lookup(&format!("dimension.{}", dimension.id()), view.locale())?.to_owned()
        }
        FactType::Text => Text::key("lsp.fact.name").render(view.locale()),
        FactType::Bool => Text::key("lsp.fact.flag").render(view.locale()),
        FactType::List => Text::key("lsp.fact.list").render(view.locale()),
    };
    let colon = colon(view.locale());
    Some(format!("**{}**{colon}{words} ({kind})", fact.path))
}

fn param(view: &View<'_>, name: &str) -> Option<String> {
    let spec = view.document.read(view.knowledge).reading.spec.as_ref()?;
    let param = spec.params.iter().find(|param| param.name == name)?;
    let value = param.value.as_deref().unwrap_or("?");
    let key = if param.overridden {
        "lsp.param.set"
    } else {
        "lsp.param.default"
    };
    let text = Text::key(key)
        .arg("value", value)
        .arg("type", param.kind.as_str());
    let colon = colon(view.locale());
    Some(format!("**${name}**{colon}{}", text.render(view.locale())))
}

fn code(view: &View<'_>, code: &str) -> Option<String> {
    let info = codes::parse(code)?;
    let level = match info.severity {
        Severity::Error => "render.error",
        Severity::Warning => "render.warning",
        Severity::Advice => "render.advice",
    };
    let level = messages::lookup(level, view.locale()).unwrap_or_default();
    let title = info.title().render(view.locale());
    let url = codes::url(info.code, view.locale());
    let colon = colon(view.locale());
    Some(format!(
        "**{}** ({level}){colon}[{title}]({url})",
        info.code
    ))
}

/// The stacks chosen for a feature, class by class.
fn feature(view: &View<'_>, id: &str) -> Option<String> {
    let (answer, _) = view.chosen()?;
    let spec = answer.compilation.spec.as_ref()?;
    let index = spec.features.iter().position(|feature| feature.id == id)?;
    let mut table = Text::key("lsp.feature.head").render(view.locale());
    table.push_str("\n|---|---|---|---|---|\n");
    for class in &answer.compilation.solution.as_ref()?.classes {
        let Outcome::Feasible(chosen) = &class.outcome else {
            let none = Text::key("lsp.feature.none").render(view.locale());
            let _ = writeln!(table, "| {} | {none} | | | |", class.class.id);
            continue;
        };
        for pick in chosen
            .picks
            .iter()
            .filter(|pick| pick.slot.feature == index)
        {
            table.push_str(&row(view, &class.class.id, pick));
        }
    }
    Some(table)
}

fn row(view: &View<'_>, class: &str, pick: &Candidate) -> String {
    let shown = |value: Option<String>| value.unwrap_or_default();
    let runtime = &view.catalog().runtime_at(pick.stack.runtime).name;
    let backend = &view.catalog().backend_at(pick.stack.backend).name;
    let estimate = &pick.estimate;
    format!(
        "| {class} | {} · {runtime} · {backend} | {} | {} | {} |\n",
        name(view.catalog(), pick),
        shown(estimate.peak.value().map(|value| value.to_string())),
        shown(estimate.ttft.value().map(|value| value.to_string())),
        shown(estimate.decode.value().map(|value| value.to_string())),
    )
}

/// How a limit is met on the class where it is tightest: both sides, what is left, and the figure line by line.
fn arithmetic(view: &View<'_>, statement: &Statement, answer: &Answer) -> Option<String> {
    let (class, slot, slack) = tightest(answer, statement)?;
    let left = format!("{:.0}", slack.share * 100.0);
    let mut text = Text::key("lsp.line.tightest")
        .arg("class", class.class.as_str())
        .arg("used", slack.used.as_str())
        .arg("limit", slack.limit.as_str())
        .arg("left", left)
        .render(view.locale());
    text.push('\n');
    let chosen = chosen(answer, &class.class)?;
    let colon = colon(view.locale());
    for (at, pick) in chosen.picks.iter().enumerate() {
        if slot.is_some_and(|slot| slot != at) {
            continue;
        }
        let steps = steps(&pick.estimate, &slack.name);
        if !steps.is_empty() {
            let _ = writeln!(text, "\n**{}**\n", name(view.catalog(), pick));
        }
        for step in steps {
            let what = messages::lookup(step.what, view.locale()).unwrap_or(step.what);
            let _ = match step.formula.as_str() {
                "" => writeln!(text, "- {what}{colon}{}", step.result),
                formula => writeln!(text, "- {what}{colon}`{formula}` = {}", step.result),
            };
        }
    }
    if slack.name == "memory" && slot.is_none() {
        let app = Text::key("lsp.line.app").arg("amount", chosen.totals.baseline.to_string());
        let _ = writeln!(text, "\n{}", app.render(view.locale()));
    }
    Some(text)
}

fn tightest<'a>(
    answer: &'a Answer,
    statement: &Statement,
) -> Option<(&'a WhyClass, Option<usize>, &'a Slack)> {
    let mut all = Vec::new();
    for class in &answer.slack {
        for (at, slot) in class.slots.iter().enumerate() {
            all.extend(slot.slack.iter().map(|slack| (class, Some(at), slack)));
        }
        all.extend(class.slack.iter().map(|slack| (class, None, slack)));
    }
    all.into_iter()
        .filter(|(.., slack)| slack.span == Some(statement.span))
        .min_by(|(.., a), (.., b)| a.share.total_cmp(&b.share))
}

fn chosen<'a>(answer: &'a Answer, class: &str) -> Option<&'a Chosen> {
    let solution = answer.compilation.solution.as_ref()?;
    let class = solution
        .classes
        .iter()
        .find(|known| known.class.id == class)?;
    match &class.outcome {
        Outcome::Feasible(chosen) => Some(chosen),
        Outcome::Infeasible { .. } => None,
    }
}

/// The derivation of the figure that a line limits.
fn steps<'e>(estimate: &'e Estimate, line: &str) -> &'e [Step] {
    match line.trim_start_matches("budget.") {
        "memory" => estimate.peak.steps(),
        "ttft" => estimate.ttft.steps(),
        "decode" => estimate.decode.steps(),
        "latency" => estimate.latency.steps(),
        "cold-start" => estimate.cold_start.steps(),
        "download" => estimate.download.steps(),
        "storage" => estimate.storage.steps(),
        "battery" => estimate.battery.steps(),
        _ => &[],
    }
}
