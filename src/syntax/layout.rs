//! From lines of pieces to text: blanks between pieces, columns, blank lines between groups.

use unicode_width::UnicodeWidthStr;

/// Where a comment behind a statement begins, if the statement leaves room.
const COMMENT_COLUMN: usize = 39;
/// Columns of the keyword in `feature` and `budget`, and in `test`.
const FEATURE_COLUMN: usize = 10;
const TEST_COLUMN: usize = 8;

/// One line of a spec, in pieces that blanks may stand between.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) pieces: Vec<String>,
    pub(super) comment: Option<String>,
    /// Blocks around it.
    pub(super) depth: usize,
    /// It goes on with the statement of the line before.
    pub(super) continues: bool,
    /// A blank line stands before it.
    pub(super) after_blank: bool,
}

impl Line {
    pub(super) const fn is_empty(&self) -> bool {
        self.pieces.is_empty() && self.comment.is_none()
    }

    fn keyword(&self) -> &str {
        self.pieces.first().map_or("", String::as_str)
    }

    fn opens(&self) -> bool {
        self.pieces.last().is_some_and(|piece| piece == "{")
    }

    fn closes(&self) -> bool {
        self.keyword() == "}"
    }

    /// Whether its keyword may stand in a column with others.
    fn aligns(&self) -> bool {
        !self.continues && !self.opens() && self.pieces.len() > 1
    }
}

/// The text of all lines.
pub(super) fn render(lines: &[Line]) -> String {
    let mut out = String::new();
    let mut blocks: Vec<&str> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if line.closes() {
            blocks.pop();
        }
        let before = index.checked_sub(1).and_then(|before| lines.get(before));
        if line.after_blank && before.is_some_and(|before| !before.opens()) && !line.closes() {
            out.push('\n');
        }
        let column = match blocks.last() {
            Some(&("feature" | "budget")) => FEATURE_COLUMN,
            Some(&"test") => TEST_COLUMN,
            Some(_) => 0,
            None => top_column(lines, index),
        };
        let mut text = " ".repeat(2 * line.depth + if line.continues { 4 } else { 0 });
        text.push_str(&code(line, column));
        if blocks.last() == Some(&"fleet") {
            text = share_column(lines, index, &text);
        }
        if let Some(comment) = &line.comment {
            if !line.pieces.is_empty() {
                let gap = COMMENT_COLUMN.saturating_sub(text.width()).max(2);
                text.push_str(&" ".repeat(gap));
            }
            text.push_str(comment);
        }
        out.push_str(text.trim_end());
        out.push('\n');
        if line.opens() {
            blocks.push(line.keyword());
        }
    }
    out
}

/// The pieces with blanks between them; what follows the keyword begins at `column`.
fn code(line: &Line, column: usize) -> String {
    let mut text = String::new();
    let mut last = "";
    for (index, piece) in line.pieces.iter().enumerate() {
        let tight =
            matches!(piece.as_str(), "," | ")" | "]" | ":") || matches!(last, "" | "(" | "[");
        if !tight {
            text.push(' ');
        }
        if index == 1 && line.aligns() {
            let missing = column.saturating_sub(text.width());
            text.push_str(&" ".repeat(missing));
        }
        text.push_str(piece);
        last = piece;
    }
    text
}

/// The column of a group of top-level lines: one blank behind the longest keyword. Long keywords, and statements that
/// are no settings of the app, stay out of it.
fn top_column(lines: &[Line], index: usize) -> usize {
    let Some(line) = lines.get(index) else {
        return 0;
    };
    let Some(kind) = column_kind(line) else {
        return 0;
    };
    let feature = |line: &Line| line.keyword() == "feature";
    let together =
        |a: &Line, b: &Line| !b.after_blank && a.depth == b.depth && !feature(a) && !feature(b);
    let alike = |line: &&Line| column_kind(line) == Some(kind);
    let up = (0..index)
        .rev()
        .take_while(|at| match (lines.get(*at), lines.get(at + 1)) {
            (Some(a), Some(b)) => together(a, b),
            _ => false,
        })
        .filter_map(|at| lines.get(at));
    let down = (index + 1..lines.len())
        .take_while(|at| match (lines.get(at - 1), lines.get(*at)) {
            (Some(a), Some(b)) => together(a, b),
            _ => false,
        })
        .filter_map(|at| lines.get(at));
    let widest = up
        .chain(down)
        .filter(alike)
        .map(|line| line.keyword().width())
        .max();
    match (widest, kind) {
        (None, _) => 0,
        (Some(_), Kind::Choice) => TEST_COLUMN,
        (Some(widest), Kind::Setting) => widest.max(line.keyword().width()) + 1,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `platform`, `ram` and the like.
    Setting,
    /// `use`, `forbid` and the like.
    Choice,
}

fn column_kind(line: &Line) -> Option<Kind> {
    if !line.aligns() {
        return None;
    }
    match line.keyword() {
        "name" | "locale" | "platform" | "ui" | "ram" | "device" | "users" | "region"
        | "feature" => Some(Kind::Setting),
        "use" | "forbid" | "require" | "pin" | "allow" | "prefer" => Some(Kind::Choice),
        _ => None,
    }
}

/// A line of `fleet` with its `share` in one column with the others of the block.
fn share_column(lines: &[Line], index: usize, text: &str) -> String {
    let head = |line: &Line| {
        let at = line.pieces.iter().position(|piece| piece == "share")?;
        let pieces = line.pieces.get(..at)?.to_vec();
        let head = Line {
            pieces,
            ..Line::default()
        };
        Some(code(&head, 0))
    };
    let block = |line: &&Line| !line.opens() && !line.closes();
    let up = lines.get(..index).unwrap_or(&[]).iter().rev();
    let down = lines.get(index..).unwrap_or(&[]).iter();
    let widest = up
        .take_while(block)
        .chain(down.take_while(block))
        .filter_map(|line| head(line).map(|head| head.width()))
        .max()
        .unwrap_or(0);
    let Some(own) = lines.get(index).and_then(head) else {
        return text.to_owned();
    };
    let gap = " ".repeat(widest + 2 - own.width().min(widest));
    text.replacen(&format!("{own} share"), &format!("{own}{gap}share"), 1)
}
