//! The outline of a spec: parameters, features with their statements, blocks, tests.

use gen_lsp_types::{DocumentSymbol, SymbolKind};

use super::session::View;
use crate::diagnostic::Span;
use crate::syntax::scan;
use crate::syntax::tree::{Block, Statement, StatementKind, ValueKind};

/// The outline.
#[must_use]
pub(super) fn symbols(view: &View<'_>) -> Vec<DocumentSymbol> {
    let blocks = scan::blocks(&view.document.text);
    let statements = &view.document.read(view.knowledge).reading.tree.statements;
    statements
        .iter()
        .filter_map(|statement| symbol(view, &blocks, statement))
        .collect()
}

fn symbol(
    view: &View<'_>,
    blocks: &[scan::Block],
    statement: &Statement,
) -> Option<DocumentSymbol> {
    let keyword = statement.keyword.text.as_str();
    let whole = |block: &Block| whole(blocks, statement.span, block);
    let children = |block: &Block| {
        block
            .statements
            .iter()
            .map(|inner| leaf(view, inner))
            .collect()
    };
    Some(match &statement.kind {
        StatementKind::Param { name, .. } => node(
            view,
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
                view,
                (name, title),
                SymbolKind::Class,
                (whole(block), at),
                children(block),
            )
        }
        StatementKind::Budget(block) | StatementKind::Fleet(block) => node(
            view,
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
                view,
                (name, keyword),
                SymbolKind::Method,
                (whole(block), statement.span),
                children(block),
            )
        }
        StatementKind::Version(_) | StatementKind::UnknownBlock(_) => return None,
        _ => leaf(view, statement),
    })
}

/// A statement inside a block or without one: its keyword, with its text as detail.
fn leaf(view: &View<'_>, statement: &Statement) -> DocumentSymbol {
    let text = view
        .document
        .text
        .get(statement.span.range())
        .unwrap_or_default();
    let keyword = statement.keyword.text.as_str();
    let detail = text.strip_prefix(keyword).unwrap_or(text).trim();
    let keyword = if keyword.is_empty() { "?" } else { keyword };
    node(
        view,
        (keyword, detail),
        SymbolKind::Property,
        (statement.span, statement.keyword.span),
        Vec::new(),
    )
}

fn node(
    view: &View<'_>,
    (name, detail): (&str, &str),
    kind: SymbolKind,
    (all, name_span): (Span, Span),
    children: Vec<DocumentSymbol>,
) -> DocumentSymbol {
    DocumentSymbol {
        name: name.to_owned(),
        detail: (!detail.is_empty()).then(|| detail.to_owned()),
        range: view.document.range(all.to(name_span)),
        selection_range: view.document.range(name_span),
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
