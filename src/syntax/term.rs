//! Expressions as written, before names and types are looked at; the same in specs and in rule files.

use std::iter::Peekable;
use std::vec::IntoIter;

use pest::Parser;

use super::grammar::{Grammar, Pair, Rule};
use super::prepare::prepare;
use super::reader::Reader;
use super::recover;
use super::tree::{Number, Operator};
use crate::diagnostic::{Code, Diagnostic, FileId, Span, Text};

/// How many values and operators one expression may have.
pub const MAX_TERMS: usize = 512;

/// An expression as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// What it is.
    pub kind: TermKind,
    /// Where it stands, parentheses left out.
    pub span: Span,
}

/// The forms of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum TermKind {
    /// A number, perhaps with a unit.
    Number(Number),
    /// `true`, `false`.
    Bool(bool),
    /// A string.
    Text(String),
    /// `[a, b]`.
    List(Vec<Term>),
    /// `model.params`, or a bare word.
    Path(String),
    /// `$name`, without the sign.
    Param(String),
    /// `not x`.
    Not(Box<Term>),
    /// `x op y`, and where the operator stands.
    Binary(Operator, Span, Box<Term>, Box<Term>),
    /// `x is known` (true) or `x is unknown`.
    IsKnown(Box<Term>, bool),
}

/// Reads an expression that stands alone, `base` bytes into `file`. Line breaks count as blanks.
///
/// # Errors
/// What is wrong with its syntax; never empty.
pub fn parse_term(text: &str, file: FileId, base: usize) -> Result<Term, Vec<Diagnostic>> {
    let flat = text.replace(['\n', '\r'], " ");
    let prepared = prepare(&flat, file, base);
    let mut reader = Reader::new(&prepared.text, prepared.positions, prepared.findings);
    let pairs = match Grammar::parse(Rule::only_expression, &prepared.text) {
        Ok(pairs) => pairs,
        Err(error) => {
            if reader.findings.is_empty() {
                let finding = recover::unexpected(&reader, 0..prepared.text.len(), &error);
                reader.findings.push(finding);
            }
            return Err(reader.findings);
        }
    };
    let term = pairs
        .flatten()
        .find(|pair| pair.as_rule() == Rule::expression)
        .and_then(|pair| read_term(&mut reader, pair));
    match term {
        Some(term) if reader.findings.is_empty() => Ok(term),
        _ => Err(reader.findings),
    }
}

/// Builds the term of an `expression`; `None` when it is too long to be built, which is then reported.
pub(super) fn read_term(reader: &mut Reader<'_>, pair: Pair<'_>) -> Option<Term> {
    let parts = pair.clone().into_inner().flatten().count();
    if parts > MAX_TERMS {
        let message = Text::key("language.too-long").arg("limit", MAX_TERMS.to_string());
        let finding = Diagnostic::error(Code(117), reader.span(&pair), message);
        reader.findings.push(finding);
        return None;
    }
    Some(build(reader, pair))
}

/// A piece of a flat expression.
enum Piece {
    Operand(Term),
    Not(Span),
    Known(bool, Span),
    Infix(Operator, Span),
}

fn build(reader: &mut Reader<'_>, pair: Pair<'_>) -> Term {
    let whole = reader.span(&pair);
    let mut pieces = Vec::new();
    for part in pair.into_inner() {
        if let Some(piece) = piece(reader, part) {
            pieces.push(piece);
        }
    }
    let mut pieces = pieces.into_iter().peekable();
    climb(&mut pieces, 0, whole)
}

fn piece(reader: &mut Reader<'_>, part: Pair<'_>) -> Option<Piece> {
    let span = reader.span(&part);
    let infix = match part.as_rule() {
        Rule::comment => return None,
        Rule::negation => {
            if part.as_str().starts_with('!') {
                reader.wrong_operator(&part, "not ");
            }
            return Some(Piece::Not(span));
        }
        Rule::postfix => {
            let known = part.into_inner().any(|word| word.as_rule() == Rule::known);
            return Some(Piece::Known(known, span));
        }
        Rule::logic_or => reader.word_operator(&part, Operator::Or, "or"),
        Rule::logic_and => reader.word_operator(&part, Operator::And, "and"),
        Rule::contained => Operator::In,
        Rule::has => Operator::Has,
        Rule::compare => reader.comparison(&part),
        Rule::plus => Operator::Add,
        Rule::minus => Operator::Subtract,
        Rule::times => Operator::Multiply,
        Rule::divide => Operator::Divide,
        _ => return Some(Piece::Operand(operand(reader, part))),
    };
    Some(Piece::Infix(infix, span))
}

fn operand(reader: &mut Reader<'_>, part: Pair<'_>) -> Term {
    let span = reader.span(&part);
    let kind = match part.as_rule() {
        Rule::quantity => TermKind::Number(reader.number(part)),
        Rule::boolean => TermKind::Bool(part.as_str() == "true"),
        Rule::path => TermKind::Path(part.as_str().to_owned()),
        Rule::param_ref => TermKind::Param(part.as_str().trim_start_matches('$').to_owned()),
        Rule::group => {
            let inner = part.into_inner().find(|p| p.as_rule() == Rule::expression);
            return match inner {
                Some(inner) => build(reader, inner),
                None => nothing(span),
            };
        }
        Rule::list => {
            let items = part
                .into_inner()
                .filter(|p| p.as_rule() == Rule::expression);
            TermKind::List(items.map(|item| build(reader, item)).collect())
        }
        _ => TermKind::Text(reader.string(&part)),
    };
    Term { kind, span }
}

/// Stands where the grammar promises an operand; never seen by users.
const fn nothing(span: Span) -> Term {
    Term {
        kind: TermKind::Bool(false),
        span,
    }
}

/// How tightly an operator binds; `not` binds more loosely than comparisons, more tightly than `and`.
const fn strength(operator: Operator) -> u8 {
    match operator {
        Operator::Or => 1,
        Operator::And => 2,
        Operator::Add | Operator::Subtract => 5,
        Operator::Multiply | Operator::Divide => 6,
        _ => 4,
    }
}
const NOT: u8 = 3;

fn climb(pieces: &mut Peekable<IntoIter<Piece>>, at_least: u8, whole: Span) -> Term {
    let mut left = match pieces.next() {
        Some(Piece::Operand(term)) => term,
        Some(Piece::Not(sign)) => {
            let operand = climb(pieces, NOT, whole);
            let span = sign.to(operand.span);
            Term {
                kind: TermKind::Not(Box::new(operand)),
                span,
            }
        }
        _ => nothing(whole),
    };
    loop {
        match pieces.peek() {
            Some(&Piece::Known(known, sign)) => {
                pieces.next();
                let span = left.span.to(sign);
                let kind = TermKind::IsKnown(Box::new(left), known);
                left = Term { kind, span };
            }
            Some(&Piece::Infix(operator, sign)) if strength(operator) > at_least => {
                pieces.next();
                let right = climb(pieces, strength(operator), whole);
                let span = left.span.to(right.span);
                let kind = TermKind::Binary(operator, sign, Box::new(left), Box::new(right));
                left = Term { kind, span };
            }
            _ => return left,
        }
    }
}
