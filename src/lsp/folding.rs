//! What can be folded: blocks, and comments of several lines.

use gen_lsp_types::{FoldingRange, FoldingRangeKind};

use super::session::View;
use crate::syntax::scan::{self, Piece};

/// The foldable ranges, by place.
#[must_use]
pub(super) fn folds(view: &View<'_>) -> Vec<FoldingRange> {
    let text = &view.document.text;
    let line = |byte: usize| view.document.lines.position(text, byte).line;
    let mut folds: Vec<FoldingRange> = scan::blocks(text)
        .into_iter()
        .map(|block| fold(line(block.open), line(block.range.end), None))
        .collect();
    let mut run: Option<(u32, u32)> = None;
    let mut code = false;
    for (piece, range) in scan::pieces(text) {
        match piece {
            Piece::Comment if !code => {
                let at = line(range.start);
                run = match run {
                    Some((first, last)) if last + 1 == at => Some((first, at)),
                    earlier => {
                        folds.extend(comment(earlier));
                        Some((at, at))
                    }
                };
            }
            Piece::Break => code = false,
            Piece::Other if text[range.clone()].trim().is_empty() => {}
            Piece::Comment => {}
            _ => code = true,
        }
    }
    folds.extend(comment(run));
    folds.retain(|fold| fold.end_line > fold.start_line);
    folds.sort_by_key(|fold| (fold.start_line, fold.end_line));
    folds
}

fn comment(run: Option<(u32, u32)>) -> Option<FoldingRange> {
    run.map(|(first, last)| fold(first, last, Some(FoldingRangeKind::Comment)))
}

fn fold(start_line: u32, end_line: u32, kind: Option<FoldingRangeKind>) -> FoldingRange {
    FoldingRange {
        start_line,
        end_line,
        kind,
        ..FoldingRange::default()
    }
}
