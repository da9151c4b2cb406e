//! Bounds that every stack keeps and `forbid` lines that nothing falls under: the plan is the same without them.

use super::Report;
use crate::diagnostic::{Code, Diagnostic, Severity, Span, Text};
use crate::quantity::Bytes;
use crate::solve::types::{Outcome, UnusedKind};

/// A bound that every stack keeps.
const UNUSED_BOUND: Code = Code(629);
/// A `forbid` that no stack falls under.
const UNUSED_FORBID: Code = Code(630);

/// Only where every class has an answer: else the conflict says more. Advice, for such a line may guard against what the
/// catalog does not offer yet.
pub(super) fn diagnostics(report: &Report<'_>) -> Vec<Diagnostic> {
    let classes = &report.solution.classes;
    let open = |outcome: &Outcome| matches!(outcome, Outcome::Infeasible { .. });
    if classes.iter().any(|class| open(&class.outcome)) {
        return Vec::new();
    }
    let first = classes.first().map_or(&[][..], |class| &class.unused);
    let told = first
        .iter()
        .filter_map(|line| everywhere(report, line.span));
    told.collect()
}

/// What there is to say of a line that refuses nothing on any class; of a size the largest.
fn everywhere(report: &Report<'_>, span: Span) -> Option<Diagnostic> {
    let mut kind = UnusedKind::Size(Bytes::new(0));
    for class in &report.solution.classes {
        let line = class.unused.iter().find(|line| line.span == span)?;
        kind = match (kind, line.kind) {
            (UnusedKind::Size(known), UnusedKind::Size(own)) => UnusedKind::Size(known.max(own)),
            (_, other) => other,
        };
    }
    let bound = "solve.unused-bound.help";
    let (code, message, help) = match kind {
        UnusedKind::Size(most) => {
            let message = Text::key("solve.unused-size").arg("most", most.to_string());
            (UNUSED_BOUND, message, bound)
        }
        UnusedKind::Bound => (UNUSED_BOUND, Text::key("solve.unused-bound"), bound),
        UnusedKind::Forbid => {
            let message = Text::key("solve.unused-forbid");
            (UNUSED_FORBID, message, "solve.unused-forbid.help")
        }
    };
    Some(Diagnostic::new(code, Severity::Advice, span, message).help(Text::key(help)))
}
