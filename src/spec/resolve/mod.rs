//! From a tree to a [`Spec`]: every name, type and unit settled, or every mistake reported. Decides nothing.

mod app;
mod blocks;
mod demands;
mod desk;
mod feature;
mod languages;
mod limits;
mod names;
mod params;
mod tests_block;

pub use app::{TOOLKITS, UIS};
pub use names::selectors;
pub use params::{type_names, type_of};

use std::collections::BTreeMap;

use super::Vocabulary;
use super::defaults;
use super::model::{Asked, Spec};
use crate::diagnostic::{Applicability, Code, Diagnostic, Severity, Span, Text};
use crate::syntax::tree::{StatementKind, Tree};
use desk::{Desk, Settled};

/// Parameter values given from outside (`--set name=value`), as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Value by name.
    pub values: BTreeMap<String, String>,
}

/// A spec, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// The spec; `None` when something in it could not be settled, or not even read.
    pub spec: Option<Spec>,
    /// What was found, in the order of the text; syntax mistakes are not repeated.
    pub diagnostics: Vec<Diagnostic>,
}

/// Settles everything a tree leaves open. A damaged tree gets all its findings, and no spec.
#[must_use]
pub fn resolve(tree: &Tree, vocabulary: &Vocabulary, overrides: &Overrides) -> Resolved {
    let mut desk = Desk::new(tree, vocabulary);
    params::declare(&mut desk, tree, overrides);
    desk.features = feature::ids(&mut desk, tree);
    let mut spec = app::blank(tree);
    let mut firsts = BTreeMap::new();
    for statement in &tree.statements {
        desk.once(&mut firsts, statement);
        match &statement.kind {
            StatementKind::Version(number) => spec.version = number.value as u32,
            StatementKind::Feature { id, title, block } => {
                let feature =
                    feature::resolve(&mut desk, statement, id.as_ref(), title.as_ref(), block);
                spec.features.push(feature);
            }
            StatementKind::Budget(block) => spec.budget = blocks::budget(&mut desk, block),
            StatementKind::Fleet(block) => spec.fleet.extend(blocks::fleet(&mut desk, block)),
            StatementKind::Test { title, block } => {
                let test = tests_block::resolve(&mut desk, statement, title.as_ref(), block);
                spec.tests.push(test);
            }
            StatementKind::Prefer(words) => {
                spec.prefer = Asked::written(desk.objectives(words), statement.span);
            }
            StatementKind::Allow(code) => {
                spec.allows
                    .extend(demands::allow(&mut desk, statement, code));
            }
            StatementKind::UnknownBlock(_) | StatementKind::Param { .. } => {}
            _ => {
                if let Some(demand) = demands::resolve(&mut desk, statement, None) {
                    spec.demands.push(demand);
                } else {
                    app::statement(&mut desk, statement, &mut spec);
                }
            }
        }
    }
    if !tree.damaged {
        missing(&mut desk, tree, &spec);
    }
    feature::residency(&mut desk, tree, &spec.features);
    let mut remarks = Vec::new();
    defaults::apply(&mut spec, &mut remarks);
    // Remarks on a spec with mistakes would be about words its author did not mean.
    if !tree.damaged && desk.findings.iter().all(|f| f.severity != Severity::Error) {
        desk.findings.append(&mut remarks);
    }
    spec.params = params::finish(&mut desk, tree.damaged);
    conclude(desk, spec, tree.damaged)
}

fn conclude(desk: Desk<'_>, spec: Spec, damaged: bool) -> Resolved {
    let mut diagnostics = desk.findings;
    diagnostics.retain(|finding| {
        finding.severity == Severity::Error
            || !spec.allows.iter().any(|allow| allow.code == finding.code)
    });
    diagnostics.sort_by_key(|finding| finding.span().map(|span| (span.start, span.end)));
    let failed = damaged || diagnostics.iter().any(|d| d.severity == Severity::Error);
    Resolved {
        spec: (!failed).then_some(spec),
        diagnostics,
    }
}

/// The three questions every plan starts with have no default.
fn missing(desk: &mut Desk<'_>, tree: &Tree, spec: &Spec) {
    let has = |wanted: fn(&StatementKind) -> bool| {
        tree.statements
            .iter()
            .any(|statement| wanted(&statement.kind))
    };
    let asked = [
        (
            "platform",
            "platform ios, android",
            has(|kind| matches!(kind, StatementKind::Platform(_))),
        ),
        (
            "feature",
            "feature chat \"Offline chat\"",
            !spec.features.is_empty(),
        ),
        (
            "ram",
            "ram >= 8 GB",
            has(|kind| {
                matches!(
                    kind,
                    StatementKind::Ram(_) | StatementKind::RamRange(..) | StatementKind::Device(_)
                )
            }),
        ),
    ];
    let at = tree
        .statements
        .first()
        .map_or(Span::new(tree.file, 0, 0), |statement| statement.span);
    let end = Span::new(tree.file, at.end as usize, at.end as usize);
    for (keyword, example, found) in asked {
        if !found {
            let message = Text::key("language.missing-statement").arg("keyword", keyword);
            let title = Text::key("language.write").arg("what", example);
            desk.report(Diagnostic::error(Code(222), at, message).fix(
                Applicability::Suggested,
                title,
                end,
                format!("\n{example}"),
            ));
        }
    }
}
