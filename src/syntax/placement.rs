//! Which statement may stand in which block.

use super::tree::{Block, Statement, StatementKind};
use crate::diagnostic::{Code, Diagnostic, Text};

/// A place for statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Top,
    Feature,
    Budget,
    Fleet,
    Test,
}

/// Whether a statement has no place in any block.
pub(super) fn only_outermost(kind: &StatementKind) -> bool {
    levels(kind, "") == [Level::Top]
}

/// The places of a statement; a limit's depend on what it limits.
fn levels(kind: &StatementKind, keyword: &str) -> &'static [Level] {
    use Level::{Budget, Feature, Fleet, Test, Top};
    match kind {
        StatementKind::Flag if keyword == "exclusive" => &[Feature],
        StatementKind::Task(_) | StatementKind::Languages(_) | StatementKind::Resident(_) => {
            &[Feature]
        }
        StatementKind::Limit { .. } => match keyword {
            "memory" => &[Feature, Budget],
            "download" | "storage" | "battery" => &[Budget],
            _ => &[Feature],
        },
        StatementKind::Require(_)
        | StatementKind::Prefer(_)
        | StatementKind::Use(_)
        | StatementKind::ForbidName(_)
        | StatementKind::ForbidCondition(_)
        | StatementKind::Pin { .. } => &[Top, Feature],
        StatementKind::Share { .. } => &[Fleet],
        StatementKind::Set { .. }
        | StatementKind::Expect { .. }
        | StatementKind::ExpectOutcome { .. } => &[Test],
        _ => &[Top],
    }
}

/// The words that may begin a statement in the block that begins with `head`; at the top level for `None`.
#[must_use]
pub fn keywords_in(head: Option<&str>) -> &'static [&'static str] {
    match head {
        Some("feature") => &[
            "task",
            "languages",
            "input",
            "output",
            "context",
            "ttft",
            "decode",
            "latency",
            "cold-start",
            "memory",
            "require",
            "forbid",
            "use",
            "pin",
            "prefer",
            "resident",
            "exclusive",
        ],
        Some("budget") => &["memory", "download", "storage", "battery"],
        Some("fleet") => &["ram", "device"],
        Some("test") => &["set", "expect"],
        _ => &[
            "edgeplan",
            "name",
            "locale",
            "param",
            "platform",
            "ui",
            "ram",
            "device",
            "offline",
            "confidence",
            "commercial",
            "non-commercial",
            "users",
            "region",
            "feature",
            "budget",
            "fleet",
            "test",
            "require",
            "forbid",
            "use",
            "pin",
            "allow",
            "prefer",
        ],
    }
}

/// The words a statement may begin with anywhere; those of several places come several times.
pub fn keywords() -> impl Iterator<Item = &'static str> {
    let places = [
        None,
        Some("feature"),
        Some("budget"),
        Some("fleet"),
        Some("test"),
    ];
    places
        .into_iter()
        .flat_map(|head| keywords_in(head).iter().copied())
}

/// Whether a statement may begin with `word` anywhere.
#[must_use]
pub fn is_keyword(word: &str) -> bool {
    keywords().any(|keyword| keyword == word)
}

/// Reports statements that stand where they mean nothing; true when there are some.
pub(super) fn check(statements: &[Statement], findings: &mut Vec<Diagnostic>) -> bool {
    let before = findings.len();
    block(statements, Level::Top, findings);
    findings.len() > before
}

fn block(statements: &[Statement], level: Level, findings: &mut Vec<Diagnostic>) {
    for statement in statements {
        let places = levels(&statement.kind, &statement.keyword.text);
        if !places.contains(&level) && !statement.keyword.text.is_empty() {
            let message = Text::key("language.misplaced")
                .arg("keyword", statement.keyword.text.as_str())
                .arg("here", Text::key(name(level)));
            let place = places.first().map_or("language.level.top", |p| name(*p));
            let help = match places.get(1) {
                None => Text::key(place),
                Some(other) => Text::key("language.list.or")
                    .arg("left", Text::key(place))
                    .arg("right", Text::key(name(*other))),
            };
            findings.push(
                Diagnostic::error(Code(115), statement.keyword.span, message)
                    .help(Text::key("language.misplaced.help").arg("place", help)),
            );
        }
        if let Some((inner, level)) = inside(&statement.kind) {
            block(&inner.statements, level, findings);
        }
    }
}

fn inside(kind: &StatementKind) -> Option<(&Block, Level)> {
    match kind {
        StatementKind::Feature { block, .. } => Some((block, Level::Feature)),
        StatementKind::Budget(block) => Some((block, Level::Budget)),
        StatementKind::Fleet(block) => Some((block, Level::Fleet)),
        StatementKind::Test { block, .. } => Some((block, Level::Test)),
        _ => None,
    }
}

const fn name(level: Level) -> &'static str {
    match level {
        Level::Top => "language.level.top",
        Level::Feature => "language.level.feature",
        Level::Budget => "language.level.budget",
        Level::Fleet => "language.level.fleet",
        Level::Test => "language.level.test",
    }
}
