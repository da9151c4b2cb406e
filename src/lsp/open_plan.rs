//! The command that opens the plan of a spec as it stands in the editor, saved or not.
//!
//! What was found as the text was typed knows nothing of bounds and of what came second: a plan takes a search of its own.

use gen_lsp_types::Uri;
use lsp_server::ErrorCode;

use super::cache;
use super::refusal::Refusal;
use super::session::View;
use super::solver::{Found, Question};
use crate::diagnostic::Text;
use crate::pipeline::{self, STEPS, has_errors};
use crate::solve::Ask;
use crate::{plan, render};

/// Its name.
pub(super) const COMMAND: &str = "edgeplan.openPlan";

/// Writes the plan into the cache folder; `None` while the search goes on.
///
/// # Errors
/// When there is no plan, or it cannot be written.
pub(super) fn open(view: &View<'_>) -> Result<Option<Uri>, Refusal> {
    let document = view.document;
    let failed = |text: &Text| Refusal::new(ErrorCode::RequestFailed, text.render(view.locale()));
    if has_errors(&document.read(view.knowledge).reading.diagnostics) {
        return Err(failed(&Text::key("lsp.plan.none")));
    }
    if document.failed == Some(document.turn) {
        return Err(Refusal::mistake());
    }
    if view
        .answer()
        .is_some_and(|found| found.compilation.has_errors())
    {
        return Err(failed(&Text::key("lsp.plan.none")));
    }
    let Some(page) = document.plan() else {
        return Ok(None);
    };
    let page = page
        .as_ref()
        .map_err(|reason| Refusal::new(ErrorCode::InternalError, reason.as_str()))?;
    let name = std::path::Path::new(&document.name);
    let stem = name
        .file_stem()
        .map_or("plan".into(), |stem| stem.to_string_lossy());
    cache::plan(view.cache, &view.uri.0, &stem, page)
        .map(Some)
        .map_err(|error| failed(&Text::key("lsp.plan.unwritten").arg("reason", error.to_string())))
}

/// Searches a text that has an answer with all that a plan tells, and writes the page.
pub(super) fn page(question: Question) -> Found {
    let Question {
        name,
        text,
        knowledge,
        locked,
        locale,
        ..
    } = question;
    let (catalog, rules) = (&knowledge.catalog, &knowledge.rules);
    let ask = Ask {
        locked: Some(&locked),
        bounds: Some(STEPS),
        beside: true,
    };
    let reading = pipeline::read(&text, &name, &knowledge.vocabulary, &knowledge.overrides);
    let compiled = pipeline::answer_asked(reading, catalog, rules, &ask);
    let (Some(spec), Some(solution)) = (&compiled.spec, &compiled.solution) else {
        return Found::Plan(Err("the spec has no answer".to_owned()));
    };
    let plan = plan::build(catalog, rules, spec, solution, &compiled.sources);
    let locale = spec.locales.value.first().copied().unwrap_or(locale);
    let page = render::markdown(&plan, locale);
    Found::Plan(page.map_err(|error| error.to_string()))
}
