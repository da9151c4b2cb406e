//! Models that a `use` line offers and no phone of the spec can run: the line reads as if they were a choice.

use super::Report;
use crate::catalog::types::ModelIx;
use crate::diagnostic::{Code, Diagnostic, Text};
use crate::solve::types::{Candidate, Outcome};
use crate::solve::why;
use crate::spec::model::{Demand, DemandKind};

/// A model among others of a `use` line that fits no phone.
const IDLE_MODEL: Code = Code(628);

/// Only where every class has an answer: else the conflict says more.
pub(super) fn diagnostics(report: &Report<'_>) -> Vec<Diagnostic> {
    let mut classes = report.solution.classes.iter();
    if classes.any(|class| matches!(class.outcome, Outcome::Infeasible { .. })) {
        return Vec::new();
    }
    let own = report.spec.features.iter().flat_map(|it| &it.demands);
    let demands = report.spec.demands.iter().chain(own);
    demands.flat_map(|demand| idle(report, demand)).collect()
}

fn idle(report: &Report<'_>, demand: &Demand) -> Vec<Diagnostic> {
    let DemandKind::Use { fact, any_of } = &demand.kind else {
        return Vec::new();
    };
    if fact != "model.id" {
        return Vec::new();
    }
    let nearest = any_of.iter().filter_map(|id| {
        let mut models = report.catalog.models.iter();
        let at = models.position(|model| model.id == *id)?;
        nearest_miss(report, ModelIx(at as u32))
    });
    let told = nearest.map(|(class, candidate)| {
        let model = &report.catalog.models[candidate.stack.model.at()];
        let message = Text::key("solve.idle-model").arg("model", model.name.as_str());
        let found = Diagnostic::warning(IDLE_MODEL, demand.span, message)
            .note(Text::key("solve.idle-model.nearest").arg("class", class));
        let reasons = why::violations(candidate, report.rules).into_iter();
        reasons
            .take(1)
            .fold(found, Diagnostic::note)
            .help(Text::key("solve.idle-model.help").arg("id", model.id.as_str()))
    });
    told.collect()
}

/// The stack of a model that came nearest, where no class admits any of it but all judged it.
fn nearest_miss<'r>(report: &'r Report<'_>, model: ModelIx) -> Option<(&'r str, &'r Candidate)> {
    let classes = &report.solution.classes;
    let admits = |it: &crate::solve::types::ClassSolution| {
        it.admitted.iter().any(|(_, stack)| stack.model == model)
    };
    if classes.iter().any(admits) {
        return None;
    }
    let mut misses = classes.iter().flat_map(|class| {
        let refused = class.refused.iter();
        let own = refused.filter(|candidate| candidate.stack.model == model);
        own.map(|candidate| (class.class.id.as_str(), candidate))
    });
    // The roomiest phone comes nearest; classes of a platform stand in the order of their memory.
    misses.rfind(|(_, candidate)| !candidate.violations.is_empty())
}
