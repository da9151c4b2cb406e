//! What differs between two plans as Markdown, fit for a comment under a pull request: one table, a line for each thing that is
//! another now.

use std::fmt::Write as _;

use super::inline::{Inline, markdown};
use crate::diagnostic::{Locale, Text};
use crate::plan::types::Measure;
use crate::plan::{Diff, FigureDiff};

/// What stands in a cell where there is nothing.
const NOTHING: &str = "–";

/// What is said where there is nothing to compare, one line each.
#[must_use]
pub fn no_diff_markdown(
    lines: impl IntoIterator<Item = String>,
    before: &str,
    after: &str,
    locale: Locale,
) -> String {
    let mut page = heading(before, after, locale);
    for line in lines {
        let _ = writeln!(page, "- {}", text(&line));
    }
    page
}

/// A comparison as Markdown. `before` and `after` say what was compared.
#[must_use]
pub fn diff_markdown(diff: &Diff, before: &str, after: &str, locale: Locale) -> String {
    let wording = |key: &'static str| text(&Text::key(key).render(locale));
    let mut page = heading(before, after, locale);
    if diff.changed.is_empty() {
        let _ = writeln!(page, "{}", wording("render.diff.same"));
        return page;
    }
    let heads = [
        "render.diff.phones",
        "render.diff.what",
        "render.diff.before",
        "render.diff.after",
        "render.diff.change",
    ];
    row(&mut page, &heads.map(wording));
    row(&mut page, &["---"; 5].map(str::to_owned));
    for class in &diff.changed {
        let phones = code(&class.class);
        if class.status == "gone" {
            let gone = wording("render.diff.gone");
            row(
                &mut page,
                &[
                    phones.clone(),
                    gone,
                    String::new(),
                    String::new(),
                    String::new(),
                ],
            );
        }
        for stack in &class.stacks {
            let shown = |name: &Option<crate::plan::StackName>| {
                let shown = name.as_ref().map(|name| text(&name.shown));
                shown.unwrap_or_else(|| NOTHING.to_owned())
            };
            let after = match (&stack.before, &stack.after) {
                (Some(before), Some(after)) if before.is_with_other_bytes(after) => {
                    text(&after.with_other_bytes().render(locale))
                }
                _ => shown(&stack.after),
            };
            let cells = [
                phones.clone(),
                code(&stack.slot),
                shown(&stack.before),
                after,
                String::new(),
            ];
            row(&mut page, &cells);
        }
        for figure in &class.figures {
            let title = text(&figure.title().render(locale));
            let name = match &figure.slot {
                Some(slot) => format!("{} {title}", code(slot)),
                None => title,
            };
            let cells = [
                phones.clone(),
                name,
                measure(figure.before.as_ref()),
                measure(figure.after.as_ref()),
                change(figure),
            ];
            row(&mut page, &cells);
        }
    }
    if !diff.unchanged.is_empty() {
        let classes: Vec<String> = diff.unchanged.iter().map(|class| code(class)).collect();
        let said = Text::key("diff.unchanged").arg("classes", classes.join(", "));
        let _ = writeln!(page, "\n{}", said.render(locale));
    }
    page
}

fn row(page: &mut String, cells: &[String; 5]) {
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

fn heading(before: &str, after: &str, locale: Locale) -> String {
    let heading = Text::key("render.diff.heading").render(locale);
    format!("### {heading}{} → {}\n\n", code(before), code(after))
}

fn text(text: &str) -> String {
    markdown(&[Inline::Text(text.to_owned())])
}

fn code(text: &str) -> String {
    markdown(&[Inline::Code(text.to_owned())])
}

fn measure(measure: Option<&Measure>) -> String {
    measure.map_or_else(
        || NOTHING.to_owned(),
        |one| text(&one.unit.show(one.likely)),
    )
}

/// By how much the likely value moves.
fn change(figure: &FigureDiff) -> String {
    match (&figure.before, &figure.after) {
        (Some(before), Some(after)) if before.likely > 0.0 => {
            format!("{:+.0} %", (after.likely / before.likely - 1.0) * 100.0)
        }
        _ => String::new(),
    }
}
