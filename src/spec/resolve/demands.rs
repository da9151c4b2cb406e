//! `require`, `use`, `forbid`, `pin` and `allow`.

use super::desk::Desk;
use super::names::{KINDS, Kind};
use crate::diagnostic::codes::{self, CodeInfo};
use crate::diagnostic::{Code, Diagnostic, Severity, Text};
use crate::spec::expr::Expr;
use crate::spec::facts;
use crate::spec::model::{Allow, Demand, DemandKind};
use crate::spec::typing::{Scope, Type, check};
use crate::syntax::term::Term;
use crate::syntax::tree::{Selection, Statement, StatementKind, Value, Word};

/// Role ids a pin may name between the feature and the fact.
const ROLES: [&str; 7] = ["llm", "asr", "translate", "tts", "embed", "vision", "ocr"];

/// The demand of a statement; `None` for other statements and for demands with mistakes. Inside a feature, a pin needs
/// not repeat its name.
pub(super) fn resolve(
    desk: &mut Desk<'_>,
    statement: &Statement,
    feature: Option<&str>,
) -> Option<Demand> {
    let kind = match &statement.kind {
        StatementKind::Require(term) => DemandKind::Require(condition(desk, term)?),
        StatementKind::ForbidCondition(term) => DemandKind::Forbid(condition(desk, term)?),
        StatementKind::Use(selection) => {
            let (fact, any_of) = selected(desk, selection)?;
            DemandKind::Use { fact, any_of }
        }
        StatementKind::ForbidName(selection) => {
            let (fact, any_of) = selected(desk, selection)?;
            DemandKind::ForbidValue { fact, any_of }
        }
        StatementKind::Pin { path, value } => pin(desk, path, value, feature)?,
        _ => return None,
    };
    let reason = statement
        .because
        .as_ref()
        .and_then(|reason| desk.text(reason));
    Some(Demand {
        kind,
        span: statement.span,
        reason,
    })
}

/// Types a condition of this spec.
pub(super) fn condition(desk: &mut Desk<'_>, term: &Term) -> Option<Expr> {
    scoped(desk, term, Vec::new()).map(|(expr, _)| expr)
}

/// Types a condition in which facts may stand behind a feature's name; also returns that name.
pub(super) fn scoped(
    desk: &mut Desk<'_>,
    term: &Term,
    features: Vec<String>,
) -> Option<(Expr, Option<String>)> {
    let mut lookup = |name: &str, span| desk.param_term(name, span);
    let mut scope = Scope {
        params: Some(&mut lookup),
        features,
        ..Scope::default()
    };
    let expr = check(term, &mut scope, Some(Type::Bool));
    let feature = scope.feature.take().map(|(feature, _)| feature);
    let findings = std::mem::take(&mut scope.findings);
    desk.findings.extend(findings);
    expr.map(|expr| (expr, feature))
}

fn kind_named(word: &str) -> Option<Kind> {
    KINDS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, kind)| *kind)
}

fn selected(desk: &mut Desk<'_>, selection: &Selection) -> Option<(String, Vec<String>)> {
    let Some(kind) = kind_named(&selection.kind.text) else {
        let known = KINDS.iter().map(|(name, _)| *name);
        let word = &selection.kind;
        desk.unknown(224, "language.what.kind", &word.text, word.span, known);
        return None;
    };
    let before = desk.findings.len();
    let mut any_of = Vec::new();
    for value in &selection.any_of {
        for id in desk.ids(kind, value) {
            if !any_of.contains(&id) {
                any_of.push(id);
            }
        }
    }
    (desk.findings.len() == before).then(|| (kind.fact.to_owned(), any_of))
}

/// `diary.model`, `interpreter.asr.runtime`; inside a feature also `model`.
fn pin(
    desk: &mut Desk<'_>,
    path: &Word,
    value: &Value,
    inside: Option<&str>,
) -> Option<DemandKind> {
    let mut segments: Vec<&str> = path.text.split('.').collect();
    let known = |feature: &str| desk.features.iter().any(|id| id == feature);
    let feature = match (segments.first().copied(), inside) {
        (Some(first), _) if known(first) => {
            segments.remove(0);
            first.to_owned()
        }
        (Some(first), None) => {
            if !desk.damaged {
                let features = desk.features.clone();
                let ids = features.iter().map(String::as_str);
                desk.unknown(209, "language.what.feature", first, path.span, ids);
            }
            return None;
        }
        (_, inside) => inside.unwrap_or("").to_owned(),
    };
    let role = segments
        .first()
        .copied()
        .filter(|first| ROLES.contains(first) && segments.len() > 1)
        .map(str::to_owned);
    if role.is_some() {
        segments.remove(0);
    }
    let rest = segments.join(".");
    let full = facts::find(&rest).map(|id| facts::fact(id).path);
    let kind = KINDS
        .iter()
        .map(|(_, kind)| *kind)
        .find(|kind| Some(kind.fact) == full);
    let Some(kind) = kind else {
        let facts = ["model", "quant", "runtime", "backend"];
        desk.unknown(224, "language.what.pinned", &rest, path.span, facts);
        return None;
    };
    let id = desk.ids(kind, value).into_iter().next()?;
    Some(DemandKind::Pin {
        feature,
        role,
        fact: kind.fact.to_owned(),
        value: id,
    })
}

/// Whether nobody may allow what a code says.
fn is_hard(info: &CodeInfo) -> bool {
    info.severity == Severity::Error && !codes::OVERRIDABLE.contains(&info.code)
}

/// `allow EP0612 because "..."`.
pub(super) fn allow(desk: &mut Desk<'_>, statement: &Statement, code: &Word) -> Option<Allow> {
    let Some(info) = codes::parse(&code.text).filter(|_| code.text.starts_with("EP")) else {
        let known: Vec<String> = codes::CODES
            .iter()
            .filter(|info| !is_hard(info))
            .map(|info| info.code.to_string())
            .collect();
        let known = known.iter().map(String::as_str);
        desk.unknown(226, "language.what.code", &code.text, code.span, known);
        return None;
    };
    if is_hard(info) {
        let message = Text::key("language.hard-limit").arg("code", code.text.as_str());
        desk.report(Diagnostic::error(Code(232), code.span, message));
        return None;
    }
    let Some(because) = &statement.because else {
        let message = Text::key("language.no-reason").arg("code", code.text.as_str());
        desk.report(Diagnostic::error(Code(227), statement.span, message));
        return None;
    };
    Some(Allow {
        code: info.code,
        span: statement.span,
        reason: desk.text(because)?,
    })
}
