//! Renaming parameters and features, everywhere in the spec.

use gen_lsp_types::{PrepareRenamePlaceholder, TextEdit, WorkspaceEdit};
use lsp_server::ErrorCode;

use super::definition::same;
use super::quick_fix::edit;
use super::refusal::Refusal;
use super::session::View;
use super::words::Sense;
use crate::diagnostic::{FileId, Text};
use crate::syntax::parse;

/// What would be renamed at a byte; nothing where there is neither a parameter nor a feature.
#[must_use]
pub(super) fn prepare(view: &View<'_>, at: usize) -> Option<PrepareRenamePlaceholder> {
    let word = view.document.word_at(view.knowledge, at)?;
    same(view, at).next()?;
    Some(PrepareRenamePlaceholder {
        range: view.document.range(word.span),
        placeholder: word.text.clone(),
    })
}

/// The edits that give the parameter or feature at a byte another name.
///
/// # Errors
/// When there is nothing to rename, the new name is none, or it is taken.
pub(super) fn rename(view: &View<'_>, at: usize, name: &str) -> Result<WorkspaceEdit, Refusal> {
    let refuse = |key: &'static str| {
        let message = Text::key(key).arg("name", name).render(view.locale());
        Refusal::new(ErrorCode::RequestFailed, message)
    };
    let Some(word) = view.document.word_at(view.knowledge, at) else {
        return Err(refuse("lsp.rename.nothing"));
    };
    let is_param = match word.sense {
        Sense::Param | Sense::ParamDeclared => true,
        Sense::Feature | Sense::FeatureDeclared => false,
        _ => return Err(refuse("lsp.rename.nothing")),
    };
    if !is_name(name, is_param) {
        return Err(refuse("lsp.rename.no-name"));
    }
    let mut renamed = word.clone();
    name.clone_into(&mut renamed.text);
    let words = &view.document.read(view.knowledge).words;
    if name != word.text && words.iter().any(|other| other.same_thing(&renamed)) {
        return Err(refuse("lsp.rename.taken"));
    }
    let edits = same(view, at)
        .map(|word| TextEdit::new(view.document.range(word.span), name.to_owned()))
        .collect();
    Ok(edit(&view.uri, edits))
}

/// The grammar says what a name is: a spec that declares it must parse.
fn is_name(name: &str, is_param: bool) -> bool {
    let plain = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    let spec = if is_param {
        format!("edgeplan 1\nparam {name} = 1\nram >= ${name}\n")
    } else {
        format!("edgeplan 1\nfeature {name} \"x\"\npin {name}.model = \"x\"\n")
    };
    plain && parse(&spec, FileId(0)).diagnostics.is_empty()
}
