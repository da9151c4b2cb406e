//! The expression language of specs and rules, after names and types are checked.
//!
//! Total: no loops, no calls. The grammar is in `grammar/edgeplan.pest`; facts and their types are in `facts`.

use serde::{Deserialize, Serialize};

use crate::diagnostic::Span;
use crate::quantity::Quantity;

/// A checked expression. Children are boxed; depth is bounded by the parser.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands (in the spec, or in the rule's YAML file).
    pub span: Span,
}

impl Expr {
    /// The facts it names, in the order they are written; one that is named again comes again.
    #[must_use]
    pub fn facts(&self) -> Vec<FactId> {
        let mut found = Vec::new();
        self.collect_facts(&mut found);
        found
    }

    fn collect_facts(&self, into: &mut Vec<FactId>) {
        match &self.kind {
            ExprKind::Fact(fact) => into.push(*fact),
            ExprKind::Not(inner) | ExprKind::IsKnown(inner, _) => inner.collect_facts(into),
            ExprKind::Logic(_, left, right)
            | ExprKind::Compare(_, left, right)
            | ExprKind::Arithmetic(_, left, right)
            | ExprKind::In(left, right)
            | ExprKind::Has(left, right) => {
                left.collect_facts(into);
                right.collect_facts(into);
            }
            ExprKind::List(items) => items.iter().for_each(|item| item.collect_facts(into)),
            ExprKind::Quantity(_) | ExprKind::Text(_) | ExprKind::Bool(_) => {}
        }
    }
}

/// The forms of an expression.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ExprKind {
    /// A number with a dimension.
    Quantity(Quantity),
    /// A string or a bare identifier used as a value.
    Text(String),
    /// `true`, `false`.
    Bool(bool),
    /// `[a, b, c]`, of texts or of quantities.
    List(Vec<Expr>),
    /// A fact, by its index in `facts::FACTS`.
    Fact(FactId),
    /// `not x`.
    Not(Box<Expr>),
    /// `x and y`, `x or y`.
    Logic(LogicOp, Box<Expr>, Box<Expr>),
    /// `x < y`.
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// `x in [a, b]`: `x` is a text, or a list (then: any of its items).
    In(Box<Expr>, Box<Expr>),
    /// `x has "item"`: the list `x` holds the text.
    Has(Box<Expr>, Box<Expr>),
    /// `x is known`, `x is unknown`.
    IsKnown(Box<Expr>, bool),
    /// `x + y` and the like.
    Arithmetic(ArithmeticOp, Box<Expr>, Box<Expr>),
}

/// A fact, as an index into `facts::FACTS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FactId(pub u16);

/// `and`, `or`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogicOp {
    /// Both.
    And,
    /// Either.
    Or,
}

/// Comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CompareOp {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
}

impl CompareOp {
    /// As written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
            Self::Equal => "=",
            Self::NotEqual => "!=",
        }
    }

    /// The comparison that holds exactly when this one does not.
    #[must_use]
    pub const fn negated(self) -> Self {
        match self {
            Self::Less => Self::AtLeast,
            Self::AtMost => Self::Greater,
            Self::Greater => Self::AtMost,
            Self::AtLeast => Self::Less,
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
        }
    }
}

/// `+ - * /`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ArithmeticOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

impl ArithmeticOp {
    /// As written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }
}
