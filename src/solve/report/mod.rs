//! What the solver has to say about a spec: diagnostics out of a [`Solution`]. Decides nothing.

mod allows;
mod conflict;
mod findings;
mod forced;
mod idle;
mod named;
mod over;
mod phones;
mod places;
mod remarks;
mod together;
mod unused;
mod ways;

use super::types::{ClassSolution, Conflict, ConflictLine, Outcome, Relaxation, Solution};
use crate::catalog::types::Catalog;
use crate::diagnostic::{Diagnostic, Sources, Span, Text};
use crate::rules::RuleSet;
use crate::spec::model::{DemandKind, Spec};

/// Everything a report is made from.
struct Report<'a> {
    spec: &'a Spec,
    catalog: &'a Catalog,
    rules: &'a RuleSet,
    solution: &'a Solution,
}

/// A conflict, with the classes on which its lines cannot hold together. Reported once.
struct Failure<'a> {
    /// The first of them, which the figures are of.
    first: &'a ClassSolution,
    conflict: &'a Conflict,
    /// Limits besides the lines that act in it, on any class.
    limits: Vec<&'a ConflictLine>,
    relaxations: &'a [Relaxation],
    /// All of the classes, by id.
    classes: Vec<&'a str>,
}

/// Findings about the classes asked for, about classes without an answer, and about what was chosen.
///
/// Files of the catalog and the rules are added to `sources` when a label points into them.
#[must_use]
pub fn diagnostics(
    solution: &Solution,
    spec: &Spec,
    catalog: &Catalog,
    rules: &RuleSet,
    sources: &mut Sources,
) -> Vec<Diagnostic> {
    let report = Report {
        spec,
        catalog,
        rules,
        solution,
    };
    let mut found = phones::diagnostics(&report);
    let before = found.len();
    found.extend(forced::diagnostics(&report, sources));
    for failure in &report.failures() {
        found.push(conflict::diagnostic(&report, failure, sources));
    }
    // Once for all reasons, and last: a reader ends with what to do.
    let ways = ways::helps(&report, sources);
    if let Some(last) = found.get_mut(before..).and_then(<[_]>::last_mut) {
        last.helps.extend(ways);
    }
    let cut = |class: &ClassSolution| matches!(class.outcome, Outcome::Infeasible { complete, .. } if !complete);
    if solution.classes.iter().any(cut)
        && let Some(first) = found.get_mut(before)
    {
        first.notes.push(Text::key("solve.conflict.cut"));
    }
    found.extend(allows::diagnostics(&report));
    found.extend(idle::diagnostics(&report));
    found.extend(named::diagnostics(&report));
    found.extend(unused::diagnostics(&report));
    found.extend(remarks::diagnostics(&report));
    found.extend(findings::diagnostics(&report, sources));
    found.sort_by_key(|finding| finding.severity);
    found
}

impl<'a> Report<'a> {
    /// Conflicts that nothing explains better, in the order of their first lines.
    fn failures(&self) -> Vec<Failure<'a>> {
        let mut failures: Vec<Failure<'a>> = Vec::new();
        for class in &self.solution.classes {
            let Outcome::Infeasible {
                conflicts,
                relaxations,
                ..
            } = &class.outcome
            else {
                continue;
            };
            for conflict in conflicts.iter().filter(|one| one.culprits.is_empty()) {
                let limits = || conflict.lines.iter().filter(|line| line.span.is_none());
                let same = |known: &&mut Failure<'_>| {
                    let is_of_lines = written(conflict).next().is_some();
                    written(known.conflict).eq(written(conflict))
                        && (is_of_lines || known.conflict.slots == conflict.slots)
                };
                match failures.iter_mut().find(same) {
                    Some(known) => {
                        known.classes.push(&class.class.id);
                        for limit in limits() {
                            if !known.limits.contains(&limit) {
                                known.limits.push(limit);
                            }
                        }
                    }
                    None => failures.push(Failure {
                        first: class,
                        conflict,
                        limits: limits().collect(),
                        relaxations,
                        classes: vec![&class.class.id],
                    }),
                }
            }
        }
        failures.sort_by_key(|failure| written(failure.conflict).next().map(|span| span.start));
        failures
    }

    /// A place for what has no line of its own: the `ram` line, else the platform.
    fn home(&self, class: &ClassSolution) -> Span {
        class
            .class
            .asked
            .or(self.spec.ram.span)
            .unwrap_or(self.spec.platforms[0].span)
    }

    /// The `pin ...model` demand at a span: feature and model.
    fn pinned_model(&self, span: Span) -> Option<(&'a str, &'a str)> {
        let own = self
            .spec
            .features
            .iter()
            .flat_map(|feature| &feature.demands);
        let mut all = self.spec.demands.iter().chain(own);
        all.find_map(|demand| match &demand.kind {
            DemandKind::Pin {
                feature,
                fact,
                value,
                ..
            } if demand.span == span && fact == "model.id" => {
                Some((feature.as_str(), value.as_str()))
            }
            _ => None,
        })
    }
}

/// The lines of a conflict that the spec writes.
fn written(conflict: &Conflict) -> impl Iterator<Item = Span> + '_ {
    conflict.lines.iter().filter_map(|line| line.span)
}
