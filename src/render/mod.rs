//! The plan as Markdown, HTML and JSON. Says what is in the [`Plan`] and nothing else; reads no file.

mod diff;
pub(crate) mod inline;
mod page;
mod sections;
#[cfg(test)]
mod tests;
mod voice;

pub use self::diff::{diff_markdown, no_diff_markdown};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, context};

use self::page::Writer;
use self::voice::Voice;
use crate::diagnostic::Locale;
use crate::plan::types::Plan;

/// What went wrong inside a template: never the user's fault.
#[derive(Debug, thiserror::Error)]
#[error("template: {0}")]
pub struct RenderError(#[from] minijinja::Error);

const MARKDOWN: &str = include_str!("../../templates/plan.md.j2");
const HTML: &str = include_str!("../../templates/plan.html.j2");

/// The first line of every generated Markdown file starts so: such a file may be replaced.
pub const MARKER: &str = "<!-- edgeplan: generated from ";

/// The plan as Markdown in one language.
///
/// # Errors
/// When the template is broken.
pub fn markdown(plan: &Plan, locale: Locale) -> Result<String, RenderError> {
    fill(MARKDOWN, plan, locale, inline::markdown)
}

/// The plan as one self-contained HTML page.
///
/// # Errors
/// When the template is broken.
pub fn html(plan: &Plan, locale: Locale) -> Result<String, RenderError> {
    fill(HTML, plan, locale, inline::html)
}

/// The plan as JSON, keys in the order of the schema, a newline at the end.
///
/// # Errors
/// When a figure is not a number.
pub fn json(plan: &Plan) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(plan)?;
    text.push('\n');
    Ok(text)
}

fn fill(
    template: &str,
    plan: &Plan,
    locale: Locale,
    writer: Writer,
) -> Result<String, RenderError> {
    let page = sections::page(plan, Voice { locale });
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true);
    environment.set_syntax(syntax.build()?);
    // Every run of text is already escaped for its format, by `inline`.
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    let rendered = environment.render_str(
        template,
        context! {
            marker => marker(plan),
            lang => locale.tag(),
            contents => Voice { locale }.word("contents"),
            page => Serde(page.written(writer)),
        },
    )?;
    Ok(format!("{}\n", rendered.trim_end()))
}

/// `<!-- edgeplan: generated from chat.edgeplan; format 2.0 -->`, whatever the file is called.
#[must_use]
pub fn marker(plan: &Plan) -> String {
    let name: String = plan
        .generated_from
        .spec
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '<' | '>'))
        .collect();
    let name = name.replace("--", "-");
    format!("{MARKER}{name}; format {} -->", plan.format_version)
}
