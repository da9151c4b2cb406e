//! Colours that only meaning can tell: parameters, features, facts, names of the catalog.

use gen_lsp_types::{SemanticToken, SemanticTokens, SemanticTokensLegend};

use super::session::View;
use super::words::Sense;

/// The kinds of token, in the order of their numbers.
const TYPES: [&str; 9] = [
    "keyword",
    "parameter",
    "class",
    "type",
    "property",
    "enumMember",
    "string",
    "number",
    "comment",
];
/// The one modifier: where a name is declared.
const DECLARATION: u32 = 1;

/// The names of types and modifiers.
#[must_use]
pub(super) fn legend() -> SemanticTokensLegend {
    let types = TYPES.map(str::to_owned).to_vec();
    SemanticTokensLegend::new(types, vec!["declaration".to_owned()])
}

/// The type and modifiers of a word.
const fn kind(sense: Sense) -> (u32, u32) {
    match sense {
        Sense::Keyword => (0, 0),
        Sense::ParamDeclared => (1, DECLARATION),
        Sense::Param => (1, 0),
        Sense::FeatureDeclared => (2, DECLARATION),
        Sense::Feature => (2, 0),
        Sense::Name(_) => (3, 0),
        Sense::Fact => (4, 0),
        Sense::Choice | Sense::Code | Sense::Unit => (5, 0),
        Sense::Text => (6, 0),
        Sense::Number => (7, 0),
    }
}
const COMMENT: u32 = 8;

/// The tokens of a document, by place; none of them spans lines.
#[must_use]
pub(super) fn tokens(view: &View<'_>) -> SemanticTokens {
    let document = view.document;
    let read = document.read(view.knowledge);
    let words = read.words.iter().map(|word| (word.span, kind(word.sense)));
    let comments = &read.reading.tree.comments;
    let comments = comments.iter().map(|span| (*span, (COMMENT, 0)));
    let mut all: Vec<_> = words.chain(comments).collect();
    all.sort_by_key(|(span, _)| (span.start, span.end));
    let mut data = Vec::new();
    let (mut line, mut column, mut end) = (0, 0, 0);
    for (span, (token_type, modifiers)) in all {
        let text = document.text.get(span.range()).unwrap_or_default();
        let length = text.trim_end().len();
        let start = span.start as usize;
        if start < end || length == 0 {
            continue;
        }
        let range = document.lines.range(&document.text, start, start + length);
        if range.start.line != range.end.line {
            continue;
        }
        end = start + length;
        if range.start.line > line {
            column = 0;
        }
        data.push(SemanticToken {
            delta_line: range.start.line - line,
            delta_start: range.start.character - column,
            length: range.end.character - range.start.character,
            token_type,
            token_modifiers_bitset: modifiers,
        });
        line = range.start.line;
        column = range.start.character;
    }
    SemanticTokens::new(None, data)
}
