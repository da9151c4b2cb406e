//! One rule file.

use super::context::{CLASS, Context, UNREADABLE, span};
use super::examples;
use crate::catalog::record::Located;
use crate::diagnostic::{Code, Diagnostic, FileId, Text, codes, yaml};
use crate::rules::record::RuleRecord;
use crate::rules::types::{Level, Rule};
use crate::spec::expr::{Expr, ExprKind};

/// Roles a rule may be limited to.
const ROLES: [&str; 7] = ["asr", "embed", "llm", "ocr", "translate", "tts", "vision"];

/// Reads a rule; `None` after findings.
pub(super) fn read(context: &mut Context, file: FileId, name: &str, text: &str) -> Option<Rule> {
    let record: RuleRecord = match serde_saphyr::from_str(text) {
        Ok(record) => record,
        Err(error) => {
            context.report(yaml::unreadable(file, text, &error, UNREADABLE));
            return None;
        }
    };
    context.id(file, name, &record.id);
    let code = code(context, file, record.level, &record.code);
    for role in &record.roles {
        if !ROLES.contains(&role.value.as_str()) {
            context.report(
                Diagnostic::error(
                    CLASS,
                    span(file, role),
                    Text::key("rules.role").arg("role", role.value.clone()),
                )
                .help(Text::key("rules.role.help").arg("known", ROLES.join("`, `"))),
            );
        }
    }
    let when = context.condition(file, text, &record.when);
    let message = context.words(file, &record.message);
    let remedy = context.words(file, &record.remedy);
    // A condition that could not be read still lets the examples be checked for what they assign.
    let never = Expr {
        kind: ExprKind::Bool(false),
        span: span(file, &record.when),
    };
    let examples = examples::read(context, file, when.as_ref(), record.level, &record.examples);
    Some(Rule {
        id: record.id.value.clone(),
        code,
        level: record.level,
        overridable: record.overridable,
        roles: record.roles.into_iter().map(|role| role.value).collect(),
        when: when.unwrap_or(never),
        message,
        remedy,
        sources: record.sources,
        id_span: span(file, &record.id),
        when_span: span(file, &record.when),
        examples,
    })
}

/// The code of a rule's findings: a registered one, of a class that suits the level.
fn code(context: &mut Context, file: FileId, level: Level, written: &Located<String>) -> Code {
    let known = codes::parse(&written.value).map(|info| info.code);
    let fits = known.is_some_and(|code| match level {
        Level::Reject => matches!(code.0, 300..=389 | 400..=489),
        Level::Warn => matches!(code.0, 300..=389 | 400..=489 | 640..=699),
        Level::Advise => matches!(code.0, 640..=699),
    });
    if !fits {
        context.report(
            Diagnostic::error(
                CLASS,
                span(file, written),
                Text::key("rules.code").arg("code", written.value.clone()),
            )
            .help(Text::key("rules.code.help")),
        );
    }
    known.unwrap_or(Code(0))
}
