//! `allow` lines that silence nothing: what they were written for is no longer there.

use super::{Report, together};
use crate::diagnostic::{Applicability, Code, Diagnostic, Text};
use crate::rules::facts::StackFacts;
use crate::solve::types::{Candidate, ClassSolution, Outcome};

/// No rule of the code speaks of what was chosen.
const IDLE_ALLOW: Code = Code(625);

/// Without the line the choice would be the same: what it silences speaks of no chosen stack, and a stack that nothing
/// speaks against stays the best of fewer.
pub(super) fn diagnostics(report: &Report<'_>) -> Vec<Diagnostic> {
    let classes = &report.solution.classes;
    let mut chosen = Vec::new();
    for class in classes {
        let Outcome::Feasible(solved) = &class.outcome else {
            return Vec::new();
        };
        chosen.extend(solved.picks.iter().map(|pick| (class, pick)));
    }
    let of_rules = |code: Code| report.rules.rules.iter().any(|rule| rule.code == code);
    let allows = report.spec.allows.iter();
    allows
        .filter(|allow| of_rules(allow.code))
        .filter(|allow| {
            !chosen
                .iter()
                .any(|(c, pick)| speaks(report, allow.code, c, pick))
        })
        .filter(|allow| !together::speaks(report, allow.code))
        .map(|allow| {
            let message = Text::key("solve.idle-allow").arg("code", allow.code.to_string());
            Diagnostic::warning(IDLE_ALLOW, allow.span, message)
                .help(Text::key("solve.idle-allow.help"))
                .fix(
                    Applicability::Suggested,
                    Text::key("solve.idle-allow.fix"),
                    allow.span,
                    "",
                )
        })
        .collect()
}

/// Whether a rule of the code fires on a chosen stack, or would refuse it for want of a figure.
fn speaks(report: &Report<'_>, code: Code, class: &ClassSolution, pick: &Candidate) -> bool {
    let case = class.class.case(report.spec, pick.slot, pick.stack);
    let Some(facts) = StackFacts::new(report.catalog, case, &pick.estimate) else {
        return true;
    };
    let verdicts = report.rules.judge(&facts);
    let mut rules = verdicts
        .iter()
        .filter_map(|verdict| report.rules.rule(verdict));
    rules.any(|rule| rule.code == code)
}
