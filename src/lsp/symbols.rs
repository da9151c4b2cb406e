//! The outline of a spec: parameters, features with their statements, blocks, tests.

use gen_lsp_types::{DocumentSymbol, SymbolKind};

use super::position::Lines;
use super::session::View;
use crate::diagnostic::Span;
use crate::syntax::scan;
use crate::syntax::tree::{Block, Statement, StatementKind, Tree, ValueKind};

/// The outline.
#[must_use]
pub(super) fn symbols(view: &View<'_>) -> Vec<DocumentSymbol> {
    let document = view.document;
    let tree = &document.read(view.knowledge).reading.tree;
    outline(&document.text, &document.lines, tree)
}

/// The outline of a text that was parsed; nobody need have opened it.
#[must_use]
pub(super) fn outline(text: &str, lines: &Lines, tree: &Tree) -> Vec<DocumentSymbol> {
    let written = &Written { text, lines };
    let blocks = scan::blocks(text);
    let statements = tree.statements.iter();
    statements
        .filter_map(|statement| symbol(written, &blocks, statement))
        .collect()
}

/// A text with its lines.
struct Written<'t> {
    text: &'t str,
    lines: &'t Lines,
}

fn symbol(
    written: &Written<'_>,
    blocks: &[scan::Block],
    statement: &Statement,
) -> Option<DocumentSymbol> {
    let keyword = statement.keyword.text.as_str();
    let whole = |block: &Block| whole(blocks, statement.span, block);
    let children = |block: &Block| {
        block
            .statements
            .iter()
            .map(|inner| leaf(written, inner))
            .collect()
    };
    Some(match &statement.kind {
        StatementKind::Param { name, .. } => node(
            written,
            (&name.text, keyword),
            SymbolKind::Variable,
            (statement.span, name.span),
            Vec::new(),
        ),
        StatementKind::Feature { id, title, block } => {
            let title = title.as_ref().map(|title| &title.kind);
            let title = match title {
                Some(ValueKind::Text(title)) => title.as_str(),
                _ => keyword,
            };
            let (name, at) = id
                .as_ref()
                .map_or((keyword, statement.span), |id| (&id.text, id.span));
            node(
                written,
                (name, title),
                SymbolKind::Class,
                (whole(block), at),
                children(block),
            )
        }
        StatementKind::Budget(block) | StatementKind::Fleet(block) => node(
            written,
            (keyword, ""),
            SymbolKind::Object,
            (whole(block), statement.span),
            children(block),
        ),
        StatementKind::Test { title, block } => {
            let name = match title.as_ref().map(|title| &title.kind) {
                Some(ValueKind::Text(title)) => title.as_str(),
                _ => keyword,
            };
            let name = if name.is_empty() { keyword } else { name };
            node(
                written,
                (name, keyword),
                SymbolKind::Method,
                (whole(block), statement.span),
                children(block),
            )
        }
        StatementKind::Version(_) | StatementKind::UnknownBlock(_) => return None,
        _ => leaf(written, statement),
    })
}

/// A statement inside a block or without one: its keyword, with its text as detail.
fn leaf(written: &Written<'_>, statement: &Statement) -> DocumentSymbol {
    let text = written.text.get(statement.span.range());
    let text = text.unwrap_or_default();
    let keyword = statement.keyword.text.as_str();
    let detail = text.strip_prefix(keyword).unwrap_or(text).trim();
    let keyword = if keyword.is_empty() { "?" } else { keyword };
    node(
        written,
        (keyword, detail),
        SymbolKind::Property,
        (statement.span, statement.keyword.span),
        Vec::new(),
    )
}

fn node(
    written: &Written<'_>,
    (name, detail): (&str, &str),
    kind: SymbolKind,
    (all, name_span): (Span, Span),
    children: Vec<DocumentSymbol>,
) -> DocumentSymbol {
    let range = |span: Span| {
        let span = span.range();
        written.lines.range(written.text, span.start, span.end)
    };
    DocumentSymbol {
        name: name.to_owned(),
        detail: (!detail.is_empty()).then(|| detail.to_owned()),
        range: range(all.to(name_span)),
        selection_range: range(name_span),
        children: (!children.is_empty()).then_some(children),
        kind,
        tags: None,
        #[allow(deprecated, reason = "the type still has the field")]
        deprecated: None,
    }
}

/// A block's head and body.
fn whole(blocks: &[scan::Block], head: Span, block: &Block) -> Span {
    let start = head.start as usize;
    let found = blocks.iter().find(|scanned| {
        scanned.range.start <= start
            && start < scanned.open.max(start + 1)
            && scanned.range.end > start
    });
    let inner = block
        .statements
        .last()
        .map_or(head, |last| head.to(last.span));
    found.map_or(inner, |scanned| {
        Span::new(head.file, start, scanned.range.end)
    })
}
