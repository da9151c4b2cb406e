//! Quick fixes, read back from the data of the findings; and all certain ones at once.

use std::collections::HashMap;

use gen_lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, Diagnostic, Position, Range, TextEdit, Uri,
    WorkspaceEdit,
};
use serde::Deserialize;

use super::diagnostics;
use super::session::View;
use crate::diagnostic::Text;

/// The kind of the action that mends all that is certain.
pub(super) const FIX_ALL: &str = "source.fixAll.edgeplan";

#[derive(Deserialize)]
struct Data {
    version: i32,
    fixes: Vec<Fix>,
}

#[derive(Deserialize)]
struct Fix {
    title: String,
    preferred: bool,
    edits: Vec<TextEdit>,
}

/// The actions for a range. A client that lost the data of its findings, or holds old ones, is served from ours.
#[must_use]
pub(super) fn actions(view: &View<'_>, params: CodeActionParams) -> Vec<CodeAction> {
    let wanted = |kind: &str| {
        params.context.only.as_ref().is_none_or(|only| {
            only.iter().any(|only| {
                let only = String::from(only.clone());
                let rest = kind.strip_prefix(only.as_str());
                rest.is_some_and(|rest| only.is_empty() || rest.is_empty() || rest.starts_with('.'))
            })
        })
    };
    let ours = diagnostics::published(view).diagnostics;
    let mut actions = Vec::new();
    if wanted("quickfix") {
        // A client need not tell what it shows: then the range is what is asked about.
        let shown = match params.context.diagnostics {
            told if told.is_empty() => {
                let asked = |own: &&Diagnostic| touch(own.range, params.range);
                ours.iter().filter(asked).cloned().collect()
            }
            told => told,
        };
        for shown in shown {
            let fixes = fixes(view, &shown).or_else(|| {
                let own = ours.iter().find(|own| is_same(own, &shown))?;
                fixes(view, own)
            });
            for fix in fixes.unwrap_or_default() {
                actions.push(CodeAction {
                    title: fix.title,
                    kind: Some(CodeActionKind::QuickFix),
                    diagnostics: Some(vec![shown.clone()]),
                    is_preferred: Some(fix.preferred),
                    edit: Some(edit(&view.uri, fix.edits)),
                    ..CodeAction::default()
                });
            }
        }
    }
    if wanted(FIX_ALL) {
        let edits = certain(view, &ours);
        if !edits.is_empty() {
            actions.push(CodeAction {
                title: Text::key("lsp.fix.all").render(view.locale()),
                kind: Some(CodeActionKind::from(FIX_ALL.to_owned())),
                edit: Some(edit(&view.uri, edits)),
                ..CodeAction::default()
            });
        }
    }
    actions
}

/// The fixes that a finding carries; `None` when it carries none for the document as it stands.
fn fixes(view: &View<'_>, finding: &Diagnostic) -> Option<Vec<Fix>> {
    let data = Data::deserialize(finding.data.as_ref()?).ok()?;
    (data.version == view.document.version).then_some(data.fixes)
}

/// The edits of all certain fixes; where two touch the same text, the first.
fn certain(view: &View<'_>, findings: &[Diagnostic]) -> Vec<TextEdit> {
    let mut taken: Vec<TextEdit> = Vec::new();
    for finding in findings {
        let fixes = fixes(view, finding).unwrap_or_default();
        let Some(fix) = fixes.into_iter().find(|fix| fix.preferred) else {
            continue;
        };
        let free = fix
            .edits
            .iter()
            .all(|edit| taken.iter().all(|known| apart(known.range, edit.range)));
        if free {
            taken.extend(fix.edits);
        }
    }
    taken
}

fn is_same(one: &Diagnostic, other: &Diagnostic) -> bool {
    (&one.code, one.range) == (&other.code, other.range)
}

/// Whether two ranges share a place; ends count.
fn touch(one: Range, other: Range) -> bool {
    !before(one.end, other.start, false) && !before(other.end, one.start, false)
}

fn apart(one: Range, other: Range) -> bool {
    one != other && (before(one.end, other.start, true) || before(other.end, one.start, true))
}

/// Whether a place is before another, or at it where that counts.
fn before(one: Position, other: Position, at: bool) -> bool {
    let (one, other) = ((one.line, one.character), (other.line, other.character));
    one < other || at && one == other
}

/// An edit of one document.
pub(super) fn edit(uri: &Uri, edits: Vec<TextEdit>) -> WorkspaceEdit {
    WorkspaceEdit {
        changes: Some(HashMap::from([(uri.clone(), edits)])),
        ..WorkspaceEdit::default()
    }
}
