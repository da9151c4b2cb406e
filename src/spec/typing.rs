//! Checks the names, types and units of an expression. Evaluates nothing.

use super::expr::{ArithmeticOp, CompareOp, Expr, ExprKind, FactId, LogicOp};
use super::facts::{self, FactType};
use super::units;
use crate::diagnostic::{Applicability, Code, Diagnostic, Span, Text};
use crate::quantity::{Dimension, Quantity};
use crate::syntax::nearest::nearest;
use crate::syntax::term::{Term, TermKind};
use crate::syntax::tree::Operator;

/// The type of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    /// A number of this dimension.
    Quantity(Dimension),
    /// A name.
    Text,
    /// True or false.
    Bool,
    /// A list of names.
    Texts,
    /// A list of numbers of this dimension.
    Quantities(Dimension),
}

impl Type {
    fn text(self) -> Text {
        match self {
            Self::Quantity(dimension) => units::dimension(dimension),
            Self::Text => Text::key("language.type.text"),
            Self::Bool => Text::key("language.type.bool"),
            Self::Texts | Self::Quantities(_) => Text::key("language.type.list"),
        }
    }
}

/// Stands in for `$name` in an expression: a literal, or what is wrong with the parameter.
pub(crate) type Lookup<'a> = &'a mut dyn FnMut(&str, Span) -> Option<TermKind>;

/// What names mean where an expression stands, and what was found wrong in it.
#[derive(Default)]
pub(crate) struct Scope<'a> {
    /// Parameters; none in rule files.
    pub(crate) params: Option<Lookup<'a>>,
    /// Features whose names may stand before a fact (`diary.memory`).
    pub(crate) features: Vec<String>,
    /// The feature that did, and where.
    pub(crate) feature: Option<(String, Span)>,
    /// Mistakes.
    pub(crate) findings: Vec<Diagnostic>,
}

impl Scope<'_> {
    fn report(&mut self, finding: Diagnostic) -> Option<(Expr, Type)> {
        self.findings.push(finding);
        None
    }
}

/// What the other side of an operator makes of a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hint {
    Nothing,
    /// A bare word is a name.
    Text,
    /// `8 GB` is what phones are sold with: 8 GiB.
    PhoneRam,
}

/// Checks `term`; with `wanted`, also that it has that type. `None` when something was found.
pub(crate) fn check(term: &Term, scope: &mut Scope<'_>, wanted: Option<Type>) -> Option<Expr> {
    let (expr, found) = infer(term, scope, Hint::Nothing)?;
    match wanted {
        Some(Type::Bool) if found != Type::Bool => {
            let message = Text::key("language.not-condition").arg("type", found.text());
            let finding = Diagnostic::error(Code(230), term.span, message);
            scope.findings.push(finding);
            None
        }
        _ => Some(expr),
    }
}

fn infer(term: &Term, scope: &mut Scope<'_>, hint: Hint) -> Option<(Expr, Type)> {
    let span = term.span;
    let typed = |kind, found| Some((Expr { kind, span }, found));
    match &term.kind {
        TermKind::Bool(value) => typed(ExprKind::Bool(*value), Type::Bool),
        TermKind::Text(text) => typed(ExprKind::Text(text.clone()), Type::Text),
        TermKind::Number(number) => match units::literal(number) {
            Ok(mut quantity) => {
                if hint == Hint::PhoneRam
                    && let Some(unit) = &number.unit
                {
                    quantity.value =
                        units::phone_ram(number.value, &unit.text).unwrap_or(quantity.value);
                }
                typed(
                    ExprKind::Quantity(quantity),
                    Type::Quantity(quantity.dimension),
                )
            }
            Err(finding) => scope.report(*finding),
        },
        TermKind::Path(path) => path_of(path, span, scope, hint),
        TermKind::Param(name) => {
            let literal = match scope.params.as_mut() {
                Some(lookup) => lookup(name, span)?,
                None => {
                    let message = Text::key("language.param.not-here").arg("name", name.as_str());
                    return scope.report(Diagnostic::error(Code(210), span, message));
                }
            };
            let literal = Term {
                kind: literal,
                span,
            };
            infer(&literal, scope, hint)
        }
        TermKind::Not(operand) => {
            let operand = condition(operand, scope)?;
            typed(ExprKind::Not(Box::new(operand)), Type::Bool)
        }
        TermKind::IsKnown(operand, known) => {
            let (operand, _) = infer(operand, scope, Hint::Nothing)?;
            typed(ExprKind::IsKnown(Box::new(operand), *known), Type::Bool)
        }
        TermKind::List(items) => list(items, span, scope, hint),
        TermKind::Binary(operator, at, left, right) => {
            binary(*operator, *at, span, (left, right), scope)
        }
    }
}

fn condition(term: &Term, scope: &mut Scope<'_>) -> Option<Expr> {
    check(term, scope, Some(Type::Bool))
}

fn path_of(path: &str, span: Span, scope: &mut Scope<'_>, hint: Hint) -> Option<(Expr, Type)> {
    let typed = |id: FactId| {
        let found = match facts::fact(id).kind {
            FactType::Quantity(dimension) => Type::Quantity(dimension),
            FactType::Text => Type::Text,
            FactType::Bool => Type::Bool,
            FactType::List => Type::Texts,
        };
        let kind = ExprKind::Fact(id);
        Some((Expr { kind, span }, found))
    };
    if let Some((head, rest)) = path.split_once('.')
        && scope.features.iter().any(|feature| feature == head)
    {
        let Some(id) = facts::find(rest) else {
            return scope.report(unknown_fact(rest, span, hint));
        };
        if let Some((other, first)) = &scope.feature
            && other != head
        {
            let message = Text::key("language.two-features")
                .arg("first", other.as_str())
                .arg("second", head);
            let finding = Diagnostic::error(Code(216), span, message);
            let first = *first;
            return scope.report(finding.also(first, Text::empty()));
        }
        scope.feature = Some((head.to_owned(), span));
        return typed(id);
    }
    if let Some(id) = facts::find(path) {
        return typed(id);
    }
    if hint == Hint::Text && !path.contains('.') {
        let kind = ExprKind::Text(path.to_owned());
        return Some((Expr { kind, span }, Type::Text));
    }
    scope.report(unknown_fact(path, span, hint))
}

fn unknown_fact(path: &str, span: Span, hint: Hint) -> Diagnostic {
    // A name that begins as facts do is one that is written wrongly, not a text.
    let head = path.split_once('.').map(|(head, _)| head);
    let is_fact = facts::FACTS
        .iter()
        .any(|fact| head.is_some() && fact.path.split_once('.').map(|(head, _)| head) == head);
    if hint == Hint::Text && !is_fact {
        let message = Text::key("language.missing-quotes").arg("found", path);
        let quoted = format!("\"{path}\"");
        let title = Text::key("language.write").arg("what", quoted.as_str());
        return Diagnostic::error(Code(110), span, message).fix(
            Applicability::Suggested,
            title,
            span,
            quoted,
        );
    }
    let message = Text::key("language.fact.unknown").arg("name", path);
    let finding = Diagnostic::error(Code(207), span, message);
    let known = facts::FACTS
        .iter()
        .flat_map(|fact| std::iter::once(fact.path).chain(fact.aliases.iter().copied()));
    match nearest(path, known) {
        Some(meant) => finding.fix(
            Applicability::Suggested,
            Text::key("language.did-you-mean").arg("name", meant),
            span,
            meant,
        ),
        None => finding.help(Text::key("language.fact.where")),
    }
}

fn list(items: &[Term], span: Span, scope: &mut Scope<'_>, hint: Hint) -> Option<(Expr, Type)> {
    let hint = if hint == Hint::PhoneRam {
        hint
    } else {
        Hint::Text
    };
    let before = scope.findings.len();
    let checked: Vec<_> = items
        .iter()
        .filter_map(|item| infer(item, scope, hint))
        .collect();
    if scope.findings.len() > before {
        return None;
    }
    let kind = match checked.first() {
        None => Type::Texts,
        Some((_, Type::Text)) => Type::Texts,
        Some((_, Type::Quantity(dimension))) => Type::Quantities(*dimension),
        Some((expr, other)) => {
            let message = Text::key("language.list-items").arg("type", other.text());
            return scope.report(Diagnostic::error(Code(216), expr.span, message));
        }
    };
    let item = |kind| match kind {
        Type::Quantities(dimension) => Type::Quantity(dimension),
        _ => Type::Text,
    };
    if let Some((odd, found)) = checked.iter().find(|(_, found)| *found != item(kind)) {
        let message = Text::key("language.mixed-list")
            .arg("first", item(kind).text())
            .arg("other", found.text());
        return scope.report(Diagnostic::error(Code(216), odd.span, message));
    }
    let items = checked.into_iter().map(|(expr, _)| expr).collect();
    Some((
        Expr {
            kind: ExprKind::List(items),
            span,
        },
        kind,
    ))
}

fn binary(
    operator: Operator,
    at: Span,
    span: Span,
    (left, right): (&Term, &Term),
    scope: &mut Scope<'_>,
) -> Option<(Expr, Type)> {
    let logic = match operator {
        Operator::And => Some(LogicOp::And),
        Operator::Or => Some(LogicOp::Or),
        _ => None,
    };
    if let Some(op) = logic {
        // Both sides are looked at before giving up: two mistakes are two findings.
        let sides = (condition(left, scope), condition(right, scope));
        let (Some(left), Some(right)) = sides else {
            return None;
        };
        let kind = ExprKind::Logic(op, Box::new(left), Box::new(right));
        return Some((Expr { kind, span }, Type::Bool));
    }
    let (a, b) = sides(left, right, scope)?;
    let arithmetic = match operator {
        Operator::Add => Some(ArithmeticOp::Add),
        Operator::Subtract => Some(ArithmeticOp::Subtract),
        Operator::Multiply => Some(ArithmeticOp::Multiply),
        Operator::Divide => Some(ArithmeticOp::Divide),
        _ => None,
    };
    if let Some(op) = arithmetic {
        let result = match (a.1, b.1) {
            (Type::Quantity(x), Type::Quantity(y)) => product(op, x, y),
            _ => None,
        };
        let Some(dimension) = result else {
            return scope.report(mismatch("language.no-arithmetic", op.symbol(), at, &a, &b));
        };
        let kind = ExprKind::Arithmetic(op, Box::new(a.0), Box::new(b.0));
        return Some((Expr { kind, span }, Type::Quantity(dimension)));
    }
    let kind = match operator {
        Operator::In => {
            let fits = match (a.1, b.1) {
                (Type::Text | Type::Texts, Type::Texts) => true,
                (Type::Quantity(x), Type::Quantities(y)) => x == y,
                _ => false,
            };
            if !fits {
                return scope.report(mismatch("language.no-comparison", "in", at, &a, &b));
            }
            ExprKind::In(Box::new(a.0), Box::new(b.0))
        }
        Operator::Has => {
            if (a.1, b.1) != (Type::Texts, Type::Text) {
                return scope.report(mismatch("language.no-comparison", "has", at, &a, &b));
            }
            ExprKind::Has(Box::new(a.0), Box::new(b.0))
        }
        _ => return compare(operator, at, span, a, b, scope),
    };
    Some((Expr { kind, span }, Type::Bool))
}

/// Both sides of an operator, each knowing what the other is.
fn sides(left: &Term, right: &Term, scope: &mut Scope<'_>) -> Option<((Expr, Type), (Expr, Type))> {
    let is_name =
        |term: &Term| matches!(&term.kind, TermKind::Path(path) if facts::find(path).is_none());
    let hint_from = |other: Option<&(Expr, Type)>| match other {
        Some((expr, _)) if expr.kind == ExprKind::Fact(phone_ram()) => Hint::PhoneRam,
        Some((_, Type::Text | Type::Texts)) => Hint::Text,
        _ => Hint::Nothing,
    };
    let literal = |term: &Term| matches!(term.kind, TermKind::Number(_) | TermKind::Param(_));
    let prefixed = |term: &Term, scope: &Scope<'_>| match &term.kind {
        TermKind::Path(path) => path
            .split_once('.')
            .is_some_and(|(head, _)| scope.features.iter().any(|feature| feature == head)),
        _ => false,
    };
    if (is_name(left) && !prefixed(left, scope) && !is_name(right)) || literal(left) {
        let b = infer(right, scope, Hint::Nothing);
        let a = infer(left, scope, hint_from(b.as_ref()));
        return a.zip(b);
    }
    let a = infer(left, scope, Hint::Nothing);
    let hint = if a.is_none() {
        // The left side is broken already; whatever stands on the right is given the benefit of the doubt.
        Hint::Text
    } else {
        hint_from(a.as_ref())
    };
    let b = infer(right, scope, hint);
    a.zip(b)
}

/// The position of `device.ram` among the facts.
fn phone_ram() -> FactId {
    facts::find("device.ram").unwrap_or(FactId(u16::MAX))
}

fn compare(
    operator: Operator,
    at: Span,
    span: Span,
    mut a: (Expr, Type),
    mut b: (Expr, Type),
    scope: &mut Scope<'_>,
) -> Option<(Expr, Type)> {
    let op = match operator {
        Operator::Less => CompareOp::Less,
        Operator::AtMost => CompareOp::AtMost,
        Operator::Greater => CompareOp::Greater,
        Operator::AtLeast => CompareOp::AtLeast,
        Operator::NotEqual => CompareOp::NotEqual,
        _ => CompareOp::Equal,
    };
    if let (Type::Quantity(x), Type::Quantity(y)) = (a.1, b.1)
        && x != y
    {
        for (side, wanted) in [(&mut a, y), (&mut b, x)] {
            if let ExprKind::Quantity(literal) = side.0.kind
                && literal.dimension == Dimension::Number
            {
                if literal.value != 0.0 {
                    let finding = units::missing(literal.value, side.0.span, wanted);
                    return scope.report(finding);
                }
                side.0.kind = ExprKind::Quantity(Quantity::new(0.0, wanted));
                side.1 = Type::Quantity(wanted);
            } else if let ExprKind::Quantity(literal) = side.0.kind
                && (literal.dimension, wanted) == (Dimension::Share, Dimension::Number)
            {
                // A ratio of two sizes is a number, and `50 %` of it is 0.5.
                side.0.kind = ExprKind::Quantity(Quantity::new(literal.value, wanted));
                side.1 = Type::Quantity(wanted);
            }
        }
    }
    let ordered = !matches!(op, CompareOp::Equal | CompareOp::NotEqual);
    let fits = match (a.1, b.1) {
        (Type::Quantity(x), Type::Quantity(y)) => x == y,
        (Type::Text, Type::Text) | (Type::Bool, Type::Bool) => !ordered,
        _ => false,
    };
    if !fits {
        let literal = |side: &(Expr, Type)| matches!(side.0.kind, ExprKind::Quantity(_));
        let (value, against) = if literal(&a) { (&a, &b) } else { (&b, &a) };
        if let (true, Type::Quantity(found), Type::Quantity(wanted)) =
            (literal(value), value.1, against.1)
        {
            let message = Text::key("language.unit.wrong-literal")
                .arg("found", units::dimension(found))
                .arg("dimension", units::dimension(wanted));
            let finding = Diagnostic::error(Code(215), value.0.span, message).help(
                Text::key("language.unit.choices")
                    .arg("dimension", units::dimension(wanted))
                    .arg("units", units::units_of(wanted)),
            );
            return scope.report(finding);
        }
        return scope.report(mismatch("language.no-comparison", op.symbol(), at, &a, &b));
    }
    let kind = ExprKind::Compare(op, Box::new(a.0), Box::new(b.0));
    Some((Expr { kind, span }, Type::Bool))
}

fn mismatch(
    key: &'static str,
    operator: &'static str,
    at: Span,
    a: &(Expr, Type),
    b: &(Expr, Type),
) -> Diagnostic {
    let message = Text::key(key)
        .arg("operator", operator)
        .arg("left", a.1.text())
        .arg("right", b.1.text());
    Diagnostic::error(Code(216), at, message)
        .also(a.0.span, a.1.text())
        .also(b.0.span, b.1.text())
}

/// The dimension of `x op y`; `None` where the operation has no meaning.
fn product(op: ArithmeticOp, x: Dimension, y: Dimension) -> Option<Dimension> {
    use Dimension::{
        Bandwidth, Bytes, Energy, EnergyPerToken, Number, Power, Rate, Share, Time, Tokens,
    };
    match op {
        ArithmeticOp::Add | ArithmeticOp::Subtract => (x == y).then_some(x),
        ArithmeticOp::Multiply => Some(match (x, y) {
            (Number | Share, other) | (other, Number | Share) => other,
            (Rate, Time) | (Time, Rate) => Tokens,
            (Bandwidth, Time) | (Time, Bandwidth) => Bytes,
            (Power, Time) | (Time, Power) => Energy,
            (EnergyPerToken, Tokens) | (Tokens, EnergyPerToken) => Energy,
            (EnergyPerToken, Rate) | (Rate, EnergyPerToken) => Power,
            _ => return None,
        }),
        ArithmeticOp::Divide => Some(match (x, y) {
            (x, Number | Share) => x,
            (x, y) if x == y => Number,
            (Bytes, Bandwidth) | (Tokens, Rate) | (Energy, Power) => Time,
            (Tokens, Time) => Rate,
            (Bytes, Time) => Bandwidth,
            (Energy, Time) => Power,
            (Energy, Tokens) => EnergyPerToken,
            _ => return None,
        }),
    }
}
