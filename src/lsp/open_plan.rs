//! The command that opens the plan of a spec as it stands in the editor, saved or not.

use gen_lsp_types::Uri;
use lsp_server::ErrorCode;

use super::cache;
use super::refusal::Refusal;
use super::session::View;
use super::solver::Question;
use crate::diagnostic::Text;
use crate::pipeline::{STEPS, has_errors};
use crate::solve::{Ask, solve_asked};
use crate::{plan, render};

/// Its name.
pub(super) const COMMAND: &str = "edgeplan.openPlan";

/// Writes the plan into the cache folder; `None` while the search goes on.
///
/// # Errors
/// When there is no plan, or it cannot be written.
pub(super) fn open(view: &View<'_>) -> Result<Option<Uri>, Refusal> {
    let failed = |text: &Text| Refusal::new(ErrorCode::RequestFailed, text.render(view.locale()));
    if has_errors(&view.document.read(view.knowledge).reading.diagnostics) {
        return Err(failed(&Text::key("lsp.plan.none")));
    }
    let Some(found) = view.answer() else {
        let failed = view.document.failed == Some(view.document.turn);
        return if failed {
            Err(Refusal::mistake())
        } else {
            Ok(None)
        };
    };
    let compiled = &found.compilation;
    let (Some(spec), false) = (&compiled.spec, compiled.has_errors()) else {
        return Err(failed(&Text::key("lsp.plan.none")));
    };
    let knowledge = view.knowledge;
    let (catalog, rules) = (&knowledge.catalog, &knowledge.rules);
    // What was found as the text was typed knows nothing of bounds: only a plan shows them.
    let locked = Question::of(&view.uri.0, view.document).locked;
    let ask = Ask {
        locked: Some(&locked),
        bounds: Some(STEPS),
        beside: true,
    };
    let solution = solve_asked(catalog, rules, spec, &ask);
    let plan = plan::build(catalog, rules, spec, &solution, &compiled.sources);
    let locale = spec.locales.value.first().copied().unwrap_or(view.locale());
    let page = render::markdown(&plan, locale)
        .map_err(|error| Refusal::new(ErrorCode::InternalError, error.to_string()))?;
    let name = std::path::Path::new(&view.document.name);
    let stem = name
        .file_stem()
        .map_or("plan".into(), |stem| stem.to_string_lossy());
    cache::plan(view.cache, &view.uri.0, &stem, &page)
        .map(Some)
        .map_err(|error| failed(&Text::key("lsp.plan.unwritten").arg("reason", error.to_string())))
}
