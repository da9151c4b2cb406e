//! `test` blocks: what is set, and what is expected then. They are run elsewhere.

use super::blocks::class;
use super::demands::scoped;
use super::desk::{Desk, show};
use crate::diagnostic::{Code, Diagnostic, Text};
use crate::spec::model::{ExpectKind, Expectation, SpecTest};
use crate::syntax::tree::{Block, Statement, StatementKind, Value};

/// A test, its mistakes reported.
pub(super) fn resolve(
    desk: &mut Desk<'_>,
    statement: &Statement,
    title: Option<&Value>,
    block: &Block,
) -> SpecTest {
    let name = title.and_then(|title| desk.text(title)).unwrap_or_default();
    let mut test = SpecTest {
        name,
        span: statement.span,
        sets: Vec::new(),
        expects: Vec::new(),
    };
    for line in &block.statements {
        match &line.kind {
            StatementKind::Set { name, value } => {
                desk.check_set(name, &value.kind, value.span);
                let written = show(&value.kind);
                test.sets.push((name.text.clone(), written, line.span));
            }
            StatementKind::ExpectOutcome { feasible, on } => {
                let on = on.as_ref().and_then(|on| class(desk, on));
                let kind = if *feasible {
                    ExpectKind::Feasible
                } else {
                    ExpectKind::Infeasible
                };
                let span = line.span;
                test.expects.push(Expectation { span, kind, on });
            }
            StatementKind::Expect { condition, on } => {
                let on = on.as_ref().and_then(|on| class(desk, on));
                let features = desk.features.clone();
                if let Some((condition, feature)) = scoped(desk, condition, features) {
                    test.expects.push(Expectation {
                        span: line.span,
                        kind: ExpectKind::That { feature, condition },
                        on,
                    });
                }
            }
            _ => {}
        }
    }
    let expects = block.statements.iter().any(|line| {
        matches!(
            line.kind,
            StatementKind::Expect { .. } | StatementKind::ExpectOutcome { .. }
        )
    });
    if !expects && !desk.damaged {
        let message = Text::key("language.test-empty").arg("name", test.name.as_str());
        desk.report(Diagnostic::warning(Code(607), statement.span, message));
    }
    test
}
