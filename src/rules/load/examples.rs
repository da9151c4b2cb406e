//! The examples beside a rule, turned into facts and run.

use super::context::{ASSIGNMENT, Context, EXAMPLE, span};
use crate::catalog::record::Located;
use crate::diagnostic::{Diagnostic, FileId, Span, Text};
use crate::rules::eval::{Kleene, conditions, truth};
use crate::rules::facts::Assigned as Table;
use crate::rules::record::{Assigned, AssignmentRecord, ExamplesRecord};
use crate::rules::types::{Level, RuleExample};
use crate::spec::expr::{Expr, ExprKind, FactId};
use crate::spec::expr_parse::parse_expression;
use crate::spec::facts::{self, FactType};

/// The example's way to say that a fact is unknown.
const UNKNOWN: &str = "?";

/// Reads the examples of a rule and runs them against its condition.
pub(super) fn read(
    context: &mut Context,
    file: FileId,
    when: Option<&Expr>,
    level: Level,
    record: &ExamplesRecord,
) -> Vec<RuleExample> {
    let both = [(true, &record.fires), (false, &record.passes)];
    let mut examples = Vec::new();
    for (fires, assignments) in both {
        for assignment in assignments {
            let findings = context.diagnostics.len();
            let table = table(context, file, assignment);
            let mut answers = Vec::new();
            if let (Some(when), true) = (when, findings == context.diagnostics.len()) {
                let conditions = conditions(when).into_iter();
                answers = conditions
                    .map(|one| match truth(one, &table, level.view()) {
                        Kleene::True => Some(true),
                        Kleene::False => Some(false),
                        Kleene::Unknown => None,
                    })
                    .collect();
                let answer = truth(when, &table, level.view()) == Kleene::True;
                if answer != fires {
                    report(context, file, when.span, fires, assignment);
                }
            }
            examples.push(RuleExample {
                fires,
                answers,
                facts: assignment
                    .iter()
                    .map(|(path, value)| (path.clone(), written(&value.value)))
                    .collect(),
            });
        }
    }
    examples
}

fn written(value: &Assigned) -> String {
    match value {
        Assigned::One(text) => text.clone(),
        Assigned::Many(items) => format!("[{}]", items.join(", ")),
    }
}

fn report(
    context: &mut Context,
    file: FileId,
    when: Span,
    fires: bool,
    assignment: &AssignmentRecord,
) {
    let places = assignment.values().map(|value| span(file, value));
    let place = places.reduce(Span::to).unwrap_or(when);
    let key = if fires {
        "rules.example.passes"
    } else {
        "rules.example.fires"
    };
    context.report(
        Diagnostic::error(EXAMPLE, place, Text::key(key))
            .also(when, Text::key("rules.example.condition"))
            .help(Text::key("rules.example.help")),
    );
}

fn table(context: &mut Context, file: FileId, assignment: &AssignmentRecord) -> Table {
    let mut table = Table::new();
    for (path, value) in assignment {
        let Some(fact) = facts::find(path) else {
            context.report(
                Diagnostic::error(
                    ASSIGNMENT,
                    span(file, value),
                    Text::key("rules.assignment.fact").arg("name", path.clone()),
                )
                .help(Text::key("rules.placeholder.help")),
            );
            continue;
        };
        if !assign(&mut table, file, fact, value) {
            context.report(
                Diagnostic::error(
                    ASSIGNMENT,
                    span(file, value),
                    Text::key("rules.assignment.value")
                        .arg("value", written(&value.value))
                        .arg("name", path.clone()),
                )
                .help(Text::key("rules.assignment.help")),
            );
        }
    }
    table
}

/// Gives a fact the value written, if it is one of the fact's type.
fn assign(table: &mut Table, file: FileId, fact: FactId, value: &Located<Assigned>) -> bool {
    let span = span(file, value);
    let literal = |kind| Expr { kind, span };
    let kind = match (&value.value, facts::fact(fact).kind) {
        (Assigned::One(text), _) if text == UNKNOWN => {
            table.unknown(fact);
            return true;
        }
        (Assigned::One(text), FactType::Text) => ExprKind::Text(text.clone()),
        (Assigned::One(text), FactType::Bool) => match text.parse() {
            Ok(flag) => ExprKind::Bool(flag),
            Err(_) => return false,
        },
        (Assigned::One(text), FactType::Quantity(dimension)) => {
            match parse_expression(text, file, value.start as usize) {
                Ok(expr) => match expr.kind {
                    ExprKind::Quantity(quantity) if quantity.dimension == dimension => expr.kind,
                    _ => return false,
                },
                Err(_) => return false,
            }
        }
        (Assigned::Many(items), FactType::List) => ExprKind::List(
            items
                .iter()
                .map(|item| literal(ExprKind::Text(item.clone())))
                .collect(),
        ),
        _ => return false,
    };
    table.assign(fact, &literal(kind))
}
