//! Expressions of rule files and specs, from text to typed and unit-checked.

use super::expr::Expr;
use super::typing::{Scope, Type, check};
use crate::diagnostic::{Diagnostic, FileId};
use crate::syntax::term::parse_term;

/// Reads an expression that stands `offset` bytes into `file`, and checks its names, types and units. It may have any
/// type; [`parse_condition`] is for those that must be true or false.
///
/// # Errors
/// Every mistake found; never empty.
pub fn parse_expression(text: &str, file: FileId, offset: usize) -> Result<Expr, Vec<Diagnostic>> {
    typed(text, file, offset, false)
}

/// Reads an expression that must be true or false.
///
/// # Errors
/// Every mistake found; never empty.
pub fn parse_condition(text: &str, file: FileId, offset: usize) -> Result<Expr, Vec<Diagnostic>> {
    typed(text, file, offset, true)
}

fn typed(
    text: &str,
    file: FileId,
    offset: usize,
    condition: bool,
) -> Result<Expr, Vec<Diagnostic>> {
    let term = parse_term(text, file, offset)?;
    let mut scope = Scope::default();
    let checked = check(&term, &mut scope, condition.then_some(Type::Bool));
    match checked {
        Some(expr) if scope.findings.is_empty() => Ok(expr),
        _ => Err(scope.findings),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::expr::{CompareOp, ExprKind, LogicOp};
    use crate::spec::facts;

    fn codes(text: &str) -> Vec<(u16, u32, u32)> {
        match parse_expression(text, FileId(3), 100) {
            Ok(_) => Vec::new(),
            Err(findings) => findings
                .iter()
                .map(|finding| {
                    let span = finding
                        .span()
                        .map_or((0, 0), |s| (s.start - 100, s.end - 100));
                    (finding.code.0, span.0, span.1)
                })
                .collect(),
        }
    }

    #[test]
    fn what_rules_say_is_accepted() {
        for text in [
            "peak_memory > budget.memory",
            "model.params <= 4 B",
            "download > 0 and not offline",
            "feature.task = chat or feature.task in [\"ocr\", speak]",
            "model.capabilities has \"function-calling\"",
            "feature.languages in model.languages",
            "license.max_users is known and app.users > license.max_users",
            "weights + kv_cache + compute_buffer > 0.8 * device.ram",
            "download / 20 MB/s > 60 s",
            "(memory - weights.charged) / device.ram > 50 %",
            "not model.system",
            "device.ram in [6 GB, 8 GB]",
            "platform = ios and\n platform.os >= 17",
            "!offline = true",
            "kv.type != f16",
        ] {
            let expected = if text.starts_with('!') { 1 } else { 0 };
            assert_eq!(codes(text).len(), expected, "{text}: {:?}", codes(text));
        }
    }

    #[test]
    fn each_mistake_has_its_code_and_place() {
        for (text, code, start, end) in [
            ("model.parms <= 4 B", 207, 0, 11),
            ("model.params <= 4", 214, 16, 17),
            ("model.params <= 4 GB", 215, 16, 20),
            ("ttft <= 4 sec", 213, 10, 13),
            ("ttft <= decode", 216, 5, 7),
            ("ttft == 4 s", 109, 5, 7),
            ("model.id < \"x\"", 216, 9, 10),
            ("offline and memory", 230, 12, 18),
            ("memory <= $max", 210, 10, 14),
            ("memory <=", 116, 8, 9),
            ("memory <= 4 GB memory", 101, 15, 21),
            ("memory ＞ 4 GB", 103, 7, 10),
            ("runtime = llama.cpp", 110, 10, 19),
        ] {
            assert_eq!(codes(text), [(code, start, end)], "{text}");
        }
        assert_eq!(codes("model.parms > 3 B and ttft > 4 GB").len(), 2);
    }

    #[test]
    fn operators_bind_as_everywhere() {
        let parsed = parse_condition("offline or offline and not ttft > 1 s + 1 s", FileId(0), 0);
        let Ok(expr) = parsed else {
            panic!("{parsed:?}");
        };
        let ExprKind::Logic(LogicOp::Or, _, right) = expr.kind else {
            panic!("{expr:?}");
        };
        let ExprKind::Logic(LogicOp::And, _, right) = right.kind else {
            panic!("{right:?}");
        };
        let ExprKind::Not(inner) = right.kind else {
            panic!("{right:?}");
        };
        assert!(matches!(
            inner.kind,
            ExprKind::Compare(CompareOp::Greater, _, _)
        ));
    }

    #[test]
    fn memory_of_phones_counts_by_powers_of_1024() {
        for text in ["device.ram = 8 GB", "device.ram = 8 GiB"] {
            let Ok(expr) = parse_condition(text, FileId(0), 0) else {
                panic!("{text}");
            };
            let ExprKind::Compare(_, left, right) = expr.kind else {
                panic!("{text}");
            };
            assert_eq!(
                Some(left.kind),
                facts::find("device.ram").map(ExprKind::Fact)
            );
            let ExprKind::Quantity(quantity) = right.kind else {
                panic!("{text}");
            };
            assert_eq!(quantity.value, 8_589_934_592.0);
        }
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let deep = format!("{}offline{}", "(".repeat(5000), ")".repeat(5000));
        assert!(codes(&deep).iter().any(|(code, _, _)| *code == 107));
        let long = vec!["offline"; 5000].join(" and ");
        assert_eq!(codes(&long).first().map(|(code, _, _)| *code), Some(117));
        let nots = format!("{}offline", "not ".repeat(5000));
        assert_eq!(codes(&nots).first().map(|(code, _, _)| *code), Some(117));
    }
}
