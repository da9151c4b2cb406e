//! Laws of the evaluator on random conditions, and the reasons it gives on a few real ones.

use proptest::prelude::*;

use super::*;
use crate::diagnostic::{FileId, Span};
use crate::quantity::{Dimension, Interval, Quantity};
use crate::rules::facts::Assigned;
use crate::spec::expr::{ArithmeticOp, CompareOp};
use crate::spec::facts::find;

fn expr(kind: ExprKind) -> Expr {
    Expr {
        kind,
        span: Span::new(FileId(0), 0, 0),
    }
}

fn fact(path: &str) -> Expr {
    expr(ExprKind::Fact(
        find(path).unwrap_or_else(|| panic!("{path}")),
    ))
}

fn bytes(value: f64) -> Expr {
    expr(ExprKind::Quantity(Quantity::new(value, Dimension::Bytes)))
}

fn compare(op: CompareOp, left: Expr, right: Expr) -> Expr {
    expr(ExprKind::Compare(op, Box::new(left), Box::new(right)))
}

fn not(inner: Expr) -> Expr {
    expr(ExprKind::Not(Box::new(inner)))
}

fn logic(op: LogicOp, left: Expr, right: Expr) -> Expr {
    expr(ExprKind::Logic(op, Box::new(left), Box::new(right)))
}

const NAMES: [&str; 4] = ["weights", "peak_memory", "download", "budget.memory"];

/// Any table of four facts: intervals, unknowns and things without meaning.
fn tables() -> impl Strategy<Value = Assigned> {
    let value = prop_oneof![
        3 => (0u32..20, 0u32..20, 0u32..20).prop_map(Some),
        1 => Just(None),
    ];
    proptest::collection::vec((value, any::<bool>()), NAMES.len()).prop_map(|values| {
        let mut table = Assigned::new();
        for (name, (value, given)) in NAMES.iter().zip(values) {
            let Some(id) = find(name) else { continue };
            match value {
                Some((a, b, c)) => {
                    let interval = Interval::of(f64::from(a), f64::from(b), f64::from(c));
                    table.quantity(id, interval, Dimension::Bytes);
                }
                None if given => table.unknown(id),
                None => {}
            }
        }
        table
    })
}

fn conditions() -> impl Strategy<Value = Expr> {
    let op = prop_oneof![
        Just(CompareOp::Less),
        Just(CompareOp::AtMost),
        Just(CompareOp::Greater),
        Just(CompareOp::AtLeast),
        Just(CompareOp::Equal),
        Just(CompareOp::NotEqual),
    ];
    let leaf = (op, 0..NAMES.len(), 0..NAMES.len(), 0u32..20, any::<bool>()).prop_map(
        |(op, a, b, literal, against_literal)| {
            let right = if against_literal {
                bytes(f64::from(literal))
            } else {
                fact(NAMES[b])
            };
            compare(op, fact(NAMES[a]), right)
        },
    );
    leaf.prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(not),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| logic(LogicOp::And, a, b)),
            (inner.clone(), inner).prop_map(|(a, b)| logic(LogicOp::Or, a, b)),
        ]
    })
}

const VIEWS: [View; 3] = [View::Pessimistic, View::Likely, View::Certain];

proptest! {
    #[test]
    fn de_morgan_holds_in_every_view(table in tables(), a in conditions(), b in conditions()) {
        for view in VIEWS {
            let left = not(logic(LogicOp::And, a.clone(), b.clone()));
            let right = logic(LogicOp::Or, not(a.clone()), not(b.clone()));
            prop_assert_eq!(truth(&left, &table, view), truth(&right, &table, view));
            let left = not(logic(LogicOp::Or, a.clone(), b.clone()));
            let right = logic(LogicOp::And, not(a.clone()), not(b.clone()));
            prop_assert_eq!(truth(&left, &table, view), truth(&right, &table, view));
        }
    }

    #[test]
    fn possibly_not_is_not_certainly(table in tables(), a in conditions()) {
        let negated = not(a.clone());
        for view in VIEWS {
            prop_assert_eq!(truth(&negated, &table, view), truth(&a, &table, view.dual()).not());
        }
    }

    #[test]
    fn a_condition_and_the_negated_comparison_agree(table in tables(), a in 0..NAMES.len(), b in 0..NAMES.len()) {
        // Only where both sides have a meaning: without one, neither comparison holds.
        let (left, right) = (fact(NAMES[a]), fact(NAMES[b]));
        let meaningless = |side: &Expr| matches!(value(side, &table), Value::Nothing);
        prop_assume!(!meaningless(&left) && !meaningless(&right));
        for op in [CompareOp::Less, CompareOp::AtMost, CompareOp::Equal] {
            let plain = not(compare(op, left.clone(), right.clone()));
            let turned = compare(op.negated(), left.clone(), right.clone());
            for view in VIEWS {
                prop_assert_eq!(truth(&plain, &table, view), truth(&turned, &table, view));
            }
        }
    }

    #[test]
    fn what_is_certain_is_likely_and_what_is_likely_is_possible(table in tables(), a in conditions()) {
        let [possible, likely, certain] = VIEWS.map(|view| truth(&a, &table, view));
        if certain == Kleene::True {
            prop_assert_eq!(likely, Kleene::True);
        }
        if likely == Kleene::True {
            prop_assert_eq!(possible, Kleene::True);
        }
    }

    #[test]
    fn every_answer_has_a_reason(table in tables(), a in conditions()) {
        for view in VIEWS {
            let answer = evaluate(&a, &table, view);
            prop_assert_eq!(answer.holds, truth(&a, &table, view));
            prop_assert_eq!(answer.unknown.is_some(), answer.holds == Kleene::Unknown);
            prop_assert_eq!(answer.operands.is_empty(), answer.holds == Kleene::Unknown);
        }
    }
}

fn peak(low: f64, likely: f64, high: f64) -> Assigned {
    let mut table = Assigned::new();
    if let (Some(peak), Some(budget)) = (find("peak_memory"), find("budget.memory")) {
        table.quantity(peak, Interval::of(low, likely, high), Dimension::Bytes);
        table.quantity(budget, Interval::exact(4.0e9), Dimension::Bytes);
    }
    table
}

fn over_budget() -> Expr {
    compare(
        CompareOp::Greater,
        fact("peak_memory"),
        fact("budget.memory"),
    )
}

#[test]
fn only_the_width_refuses() {
    let answer = evaluate(
        &over_budget(),
        &peak(3.0e9, 3.5e9, 5.0e9),
        View::Pessimistic,
    );
    assert_eq!(answer.holds, Kleene::True);
    assert!(answer.by_width);
    assert_eq!(answer.overshoot, Some(0.25));
    let names: Vec<&str> = answer
        .operands
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["peak_memory", "budget.memory"]);
}

#[test]
fn a_failed_demand_names_the_end_that_fails() {
    let demand = compare(
        CompareOp::AtMost,
        fact("peak_memory"),
        fact("budget.memory"),
    );
    let answer = evaluate(&demand, &peak(4.5e9, 5.0e9, 6.0e9), View::Certain);
    assert_eq!(answer.holds, Kleene::False);
    assert!(!answer.by_width);
    assert_eq!(answer.overshoot, Some(0.5));
}

#[test]
fn computed_sides_name_their_facts() {
    let half = expr(ExprKind::Quantity(Quantity::new(0.5, Dimension::Share)));
    let limit = expr(ExprKind::Arithmetic(
        ArithmeticOp::Multiply,
        Box::new(half),
        Box::new(fact("budget.memory")),
    ));
    let condition = compare(CompareOp::Greater, fact("peak_memory"), limit);
    let answer = evaluate(&condition, &peak(3.0e9, 3.0e9, 3.0e9), View::Likely);
    let shown: Vec<(&str, &str)> = answer
        .operands
        .iter()
        .map(|one| (one.name.as_str(), one.value.as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            ("peak_memory", "3 GB"),
            ("50 % * budget.memory", "2 GB"),
            ("budget.memory", "4 GB"),
        ]
    );
}

#[test]
fn a_quotient_by_what_may_be_zero_has_no_meaning() {
    let quotient = expr(ExprKind::Arithmetic(
        ArithmeticOp::Divide,
        Box::new(bytes(1.0)),
        Box::new(fact("peak_memory")),
    ));
    assert_eq!(value(&quotient, &peak(0.0, 1.0, 2.0)), Value::Nothing);
}

#[test]
fn a_size_is_compared_as_it_is_named() {
    let params = |value| expr(ExprKind::Quantity(Quantity::new(value, Dimension::Params)));
    let size = find("model.params").unwrap_or_else(|| panic!("model.params"));
    let cases = [
        (4_022_468_096.0, CompareOp::AtMost, 4e9, true),
        (4_659_865_088.0, CompareOp::AtMost, 4e9, false),
        (1_720_574_976.0, CompareOp::AtMost, 1.7e9, true),
        (1_780_000_000.0, CompareOp::AtMost, 1.7e9, false),
        (8_030_261_248.0, CompareOp::Greater, 8e9, false),
        (70_553_706_496.0, CompareOp::Greater, 10e9, true),
        (494_032_768.0, CompareOp::AtMost, 500e6, true),
    ];
    for (value, op, limit, holds) in cases {
        let mut table = Assigned::new();
        table.quantity(size, Interval::exact(value), Dimension::Params);
        let condition = compare(op, expr(ExprKind::Fact(size)), params(limit));
        for view in [View::Likely, View::Pessimistic, View::Certain] {
            assert_eq!(
                truth(&condition, &table, view),
                Kleene::from(holds),
                "{value} {op:?} {limit}"
            );
        }
    }
}
