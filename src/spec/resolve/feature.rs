//! One feature: its task, languages, limits and demands.

use std::collections::BTreeMap;

use super::demands;
use super::desk::Desk;
use super::limits::Direction;
use crate::diagnostic::{Applicability, Code, Diagnostic, Span, Text};
use crate::quantity::{Dimension, Seconds, Tokens, TokensPerSecond};
use crate::spec::model::{Asked, Feature, Residency, Task};
use crate::syntax::tree::{
    Block, Bound, LanguageTerm, Statement, StatementKind, Tree, Value, Word,
};

/// The ids of all features, each reported when it is taken.
pub(super) fn ids(desk: &mut Desk<'_>, tree: &Tree) -> Vec<String> {
    let mut seen: Vec<(String, Span)> = Vec::new();
    for statement in &tree.statements {
        let StatementKind::Feature { id: Some(id), .. } = &statement.kind else {
            continue;
        };
        if let Some((_, first)) = seen.iter().find(|(name, _)| *name == id.text) {
            let message = Text::key("language.duplicate-name").arg("name", id.text.as_str());
            let finding = Diagnostic::error(Code(218), id.span, message)
                .also(*first, Text::key("language.first-here"));
            desk.report(finding);
        } else {
            seen.push((id.text.clone(), id.span));
        }
    }
    seen.into_iter().map(|(id, _)| id).collect()
}

/// A feature with everything written in it; `defaults` fills in the rest.
pub(super) fn resolve(
    desk: &mut Desk<'_>,
    statement: &Statement,
    id: Option<&Word>,
    title: Option<&Value>,
    block: &Block,
) -> Feature {
    let title = title.and_then(|value| {
        let text = desk.text(value)?;
        Some(Asked::written(text, value.span))
    });
    let mut feature = Feature {
        id: id.map(|id| id.text.clone()).unwrap_or_default(),
        span: id.map_or(statement.span, |id| id.span),
        title,
        task: Asked::default(Task::Chat),
        languages: Asked::default(Vec::new()),
        directions: Vec::new(),
        input: Asked::default(Tokens::new(0)),
        output: Asked::default(Tokens::new(0)),
        context: Asked::default(Tokens::new(0)),
        ttft: None,
        decode: None,
        latency: None,
        cold_start: None,
        memory: None,
        demands: Vec::new(),
        prefer: Asked::default(Vec::new()),
        residency: Asked::default(Residency::Exclusive),
    };
    let mut firsts = BTreeMap::new();
    for line in &block.statements {
        desk.once(&mut firsts, line);
        self::line(desk, line, &mut feature);
    }
    for line in &block.statements {
        writes_tokens(desk, line, feature.task.value);
    }
    feature
}

/// The roles whose models answer as a whole: there is no first token of them, and no rate of tokens.
const WHOLE: [&str; 3] = ["asr", "tts", "embed"];

/// Refuses a limit on tokens where no role of the task writes any: it would hold for every stack.
fn writes_tokens(desk: &mut Desk<'_>, line: &Statement, task: Task) {
    let keyword = &line.keyword;
    let on_time = keyword.text == "ttft";
    let is_limit = matches!(line.kind, StatementKind::Limit { .. });
    if !(is_limit && (on_time || keyword.text == "decode")) {
        return;
    }
    if !task.roles().iter().all(|role| WHOLE.contains(role)) {
        return;
    }
    let message = Text::key("language.no-tokens").arg("task", task.id());
    let finding = Diagnostic::error(Code(235), line.span, message);
    desk.report(if on_time {
        let title = Text::key("language.no-tokens.fix");
        finding.fix(Applicability::Suggested, title, keyword.span, "latency")
    } else {
        finding.help(Text::key("language.no-tokens.help"))
    });
}

fn line(desk: &mut Desk<'_>, line: &Statement, feature: &mut Feature) {
    let span = line.span;
    match &line.kind {
        StatementKind::Task(value) => {
            if let Some(word) = desk.text(value) {
                let id = word.to_ascii_lowercase().replace('_', "-");
                match Task::parse(&id) {
                    Some(task) => feature.task = Asked::written(task, span),
                    None => {
                        let known = Task::ALL.iter().map(|task| task.id());
                        desk.unknown(203, "language.what.task", &word, value.span, known);
                    }
                }
            }
        }
        StatementKind::Languages(terms) => languages(desk, terms, span, feature),
        StatementKind::Prefer(words) => {
            feature.prefer = Asked::written(desk.objectives(words), span);
        }
        StatementKind::Resident(words) => {
            if let Residency::With(with) = &mut feature.residency.value {
                with.extend(words.iter().map(|word| word.text.clone()));
            } else {
                let with = words.iter().map(|word| word.text.clone()).collect();
                feature.residency = Asked::written(Residency::With(with), span);
            }
        }
        StatementKind::Flag if line.keyword.text == "exclusive" => {
            if let Some(first) = feature.residency.span {
                let message = Text::key("language.residency-conflict");
                let finding = Diagnostic::error(Code(231), span, message)
                    .also(first, Text::key("language.first-here"));
                desk.report(finding);
            }
            feature.residency = Asked::written(Residency::Exclusive, span);
        }
        StatementKind::Limit { bound, of_ram } => {
            limit(desk, line, bound, *of_ram, feature);
        }
        _ => {
            let id = feature.id.clone();
            feature
                .demands
                .extend(demands::resolve(desk, line, Some(&id)));
        }
    }
}

fn limit(
    desk: &mut Desk<'_>,
    line: &Statement,
    bound: &Bound,
    of_ram: bool,
    feature: &mut Feature,
) {
    let span = line.span;
    let keyword = line.keyword.text.as_str();
    if of_ram && keyword != "memory" {
        let message = Text::key("language.of-ram-here");
        desk.report(Diagnostic::error(Code(215), bound.value.span, message));
        return;
    }
    let time = |desk: &mut Desk<'_>| {
        let limit = desk.limit(bound, Dimension::Time, Direction::AtMost)?;
        Some(Asked::written(Seconds::new(limit.value), span))
    };
    let tokens = |desk: &mut Desk<'_>, direction| {
        let tokens = desk.tokens(bound, direction)?;
        Some(Asked::written(tokens, span))
    };
    match keyword {
        "input" => feature.input = tokens(desk, Direction::AtMost).unwrap_or(feature.input.clone()),
        "output" => {
            feature.output = tokens(desk, Direction::AtMost).unwrap_or(feature.output.clone());
        }
        "context" => {
            feature.context = tokens(desk, Direction::Exactly).unwrap_or(feature.context.clone());
        }
        "ttft" => feature.ttft = time(desk),
        "latency" => feature.latency = time(desk),
        "cold-start" | "cold_start" => feature.cold_start = time(desk),
        "decode" => {
            let rate = desk.limit(bound, Dimension::Rate, Direction::AtLeast);
            feature.decode =
                rate.map(|rate| Asked::written(TokensPerSecond::new(rate.value), span));
        }
        "memory" => {
            let bytes = desk.bytes(bound, of_ram);
            feature.memory = bytes.map(|bytes| Asked::written(bytes, span));
        }
        _ => {}
    }
}

fn languages(desk: &mut Desk<'_>, terms: &[LanguageTerm], span: Span, feature: &mut Feature) {
    let mut languages = Vec::new();
    for term in terms {
        let from = desk.language(&term.from);
        let to = term.to.as_ref().map(|to| (desk.language(to), to.span));
        languages.extend(from.clone());
        let Some((to, to_span)) = to else {
            continue;
        };
        languages.extend(to.clone());
        let (Some(from), Some(to)) = (from, to) else {
            continue;
        };
        if from == to {
            let message = Text::key("language.same-language").arg("name", from.as_str());
            let place = term.from.span.to(to_span);
            desk.report(Diagnostic::error(Code(219), place, message));
        } else if !feature.directions.contains(&(from.clone(), to.clone())) {
            feature.directions.push((from, to));
        }
    }
    languages.sort();
    languages.dedup();
    feature.languages = Asked::written(languages, span);
}

/// Checks that features named by `resident with` exist, now that all are known.
pub(super) fn residency(desk: &mut Desk<'_>, tree: &Tree, features: &[Feature]) {
    for statement in &tree.statements {
        let StatementKind::Feature { id, block, .. } = &statement.kind else {
            continue;
        };
        for line in &block.statements {
            let StatementKind::Resident(words) = &line.kind else {
                continue;
            };
            for word in words {
                if id.as_ref().is_some_and(|id| id.text == word.text) {
                    let message = Text::key("language.resident-self");
                    desk.report(Diagnostic::error(Code(231), word.span, message));
                } else if !features.iter().any(|feature| feature.id == word.text) && !desk.damaged {
                    let known = features.iter().map(|feature| feature.id.as_str());
                    desk.unknown(209, "language.what.feature", &word.text, word.span, known);
                }
            }
        }
    }
}
