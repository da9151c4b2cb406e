//! Tests with mistakes in their own lines: they fail by themselves, and the others run.

use crate::diagnostic::{Diagnostic, Severity};
use crate::solve::TestResult;
use crate::syntax::Tree;
use crate::syntax::scan::{Block, blocks};
use crate::syntax::tree::{StatementKind, ValueKind};

/// A tree without the tests that have errors.
pub(super) struct Apart {
    /// All else, as if they were not there.
    pub(super) rest: Tree,
    /// What came of those tests, each with its number among all tests.
    pub(super) broken: Vec<(usize, TestResult)>,
}

/// Sets the tests with errors apart; `None` where there are none, or errors elsewhere too.
pub(super) fn set_apart(text: &str, tree: &Tree, findings: &[Diagnostic]) -> Option<Apart> {
    let blocks = blocks(text);
    let mut rest = tree.clone();
    let mut broken = Vec::new();
    let errors = findings.iter();
    let mut errors: Vec<&Diagnostic> = errors
        .filter(|finding| finding.severity == Severity::Error)
        .collect();
    let mut number = 0;
    rest.statements.retain(|statement| {
        let StatementKind::Test { title, .. } = &statement.kind else {
            return true;
        };
        number += 1;
        let start = statement.span.start as usize;
        let own = |block: &&Block| block.range.start <= start && start < block.open;
        // Of one that nobody closed, nobody knows what belongs to it.
        let closed = |block: &&Block| text[block.range.clone()].ends_with('}');
        let Some(block) = blocks.iter().rfind(own).filter(closed) else {
            return true;
        };
        let inside = |finding: &Diagnostic| {
            let place = finding.span().filter(|span| span.file == tree.file);
            place.is_some_and(|span| block.range.contains(&(span.start as usize)))
        };
        let (mine, others): (Vec<&Diagnostic>, _) =
            errors.iter().partition(|finding| inside(finding));
        errors = others;
        if mine.is_empty() {
            return true;
        }
        let name = match title.as_ref().map(|title| &title.kind) {
            Some(ValueKind::Text(title)) => title.clone(),
            _ => String::new(),
        };
        let result = TestResult {
            name,
            span: statement.span,
            checks: Vec::new(),
            errors: mine.into_iter().cloned().collect(),
            reasons: Vec::new(),
        };
        broken.push((number - 1, result));
        false
    });
    rest.damaged = false;
    (errors.is_empty() && !broken.is_empty()).then_some(Apart { rest, broken })
}
