//! What the solver has to say about a spec: diagnostics out of a [`Solution`]. Decides nothing.

mod allows;
mod conflict;
mod findings;
mod forced;
mod over;
mod phones;
mod places;
mod remarks;

use super::types::{ClassSolution, ConflictLine, Outcome, Relaxation, Solution};
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

/// Classes that fail in the same way are reported once.
struct Failure<'a> {
    /// The first of them, which the figures are of.
    first: &'a ClassSolution,
    conflict: &'a [ConflictLine],
    /// Ways out that do on every one of them, cheapest first.
    relaxations: Vec<Relaxation>,
    /// All of them, by id.
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
    found.extend(forced::diagnostics(&report, sources));
    for failure in report.failures() {
        found.push(conflict::diagnostic(&report, &failure, sources));
    }
    found.extend(allows::diagnostics(&report));
    found.extend(remarks::diagnostics(&report));
    found.extend(findings::diagnostics(&report, sources));
    found.sort_by_key(|finding| finding.severity);
    found
}

impl<'a> Report<'a> {
    fn failures(&self) -> Vec<Failure<'a>> {
        let mut failures: Vec<Failure<'a>> = Vec::new();
        for class in &self.solution.classes {
            let Outcome::Infeasible {
                conflict,
                relaxations,
                culprits,
                ..
            } = &class.outcome
            else {
                continue;
            };
            if !culprits.is_empty() {
                continue;
            }
            match failures.iter_mut().find(|known| known.conflict == conflict) {
                Some(known) => {
                    known.classes.push(&class.class.id);
                    known.relaxations = on_both(&known.relaxations, relaxations);
                }
                None => failures.push(Failure {
                    first: class,
                    conflict,
                    relaxations: relaxations.clone(),
                    classes: vec![&class.class.id],
                }),
            }
        }
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

/// The ways out that two classes share, at the value that does for both: a looser limit does for whom a tighter one did.
fn on_both(one: &[Relaxation], other: &[Relaxation]) -> Vec<Relaxation> {
    let mut both: Vec<Relaxation> = one
        .iter()
        .filter_map(|mine| {
            let same = |way: &&Relaxation| {
                (way.span, &way.name, &way.also) == (mine.span, &mine.name, &mine.also)
            };
            let theirs = other.iter().find(same)?;
            let harder = if theirs.cost > mine.cost {
                theirs
            } else {
                mine
            };
            Some(harder.clone())
        })
        .collect();
    both.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    both
}

/// A way out as a help.
fn help(relaxation: &Relaxation, report: &Report<'_>) -> Text {
    let mut bought: Vec<&str> = Vec::new();
    for id in &relaxation.buys {
        let model = report.catalog.models.iter().find(|model| model.id == *id);
        let name = model.map_or(id.as_str(), |model| model.name.as_str());
        if !bought.contains(&name) {
            bought.push(name);
        }
    }
    let names = relaxation
        .also
        .iter()
        .map(|line| format!("`{}`", line.name));
    let mut lines = vec![format!("`{}`", relaxation.name)];
    lines.extend(names);
    let text = match &relaxation.to {
        Some(to) => Text::key("solve.way-out.value")
            .arg("line", relaxation.name.as_str())
            .arg("from", relaxation.from.as_str())
            .arg("to", to.as_str()),
        None => Text::key("solve.way-out.drop").arg("lines", lines.join(", ")),
    };
    if bought.is_empty() {
        return text;
    }
    Text::key("solve.way-out.buys")
        .arg("change", text)
        .arg("models", bought.join(" + "))
}
