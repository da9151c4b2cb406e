//! Which parts of conditions the examples beside rules exercise: each condition joined by `and`, `or` and `not` should be
//! seen to hold in one example and not to hold in another.

use super::RuleSet;
use super::eval::conditions;
use crate::diagnostic::Span;

/// A condition that no example brings to one of its answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// Index into the rule set.
    pub rule: usize,
    /// The condition, in the rule's file.
    pub condition: Span,
    /// The answer that is missing.
    pub holds: bool,
}

/// What the examples of a rule set exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// How many examples there are.
    pub examples: usize,
    /// How many conditions.
    pub conditions: usize,
    /// What is missing, in the order of the rules.
    pub gaps: Vec<Gap>,
}

/// Reads the coverage off the answers that loading has found.
#[must_use]
pub fn coverage(rules: &RuleSet) -> Coverage {
    let mut covered = Coverage {
        examples: 0,
        conditions: 0,
        gaps: Vec::new(),
    };
    for (at, rule) in rules.rules.iter().enumerate() {
        covered.examples += rule.examples.len();
        for (place, condition) in conditions(&rule.when).into_iter().enumerate() {
            covered.conditions += 1;
            for holds in [true, false] {
                let seen = |answers: &Vec<Option<bool>>| answers.get(place) == Some(&Some(holds));
                if !rule.examples.iter().any(|example| seen(&example.answers)) {
                    covered.gaps.push(Gap {
                        rule: at,
                        condition: condition.span,
                        holds,
                    });
                }
            }
        }
    }
    covered
}

#[cfg(test)]
mod tests {
    use super::coverage;
    use crate::rules::{builtin, load};

    const RULE: &str = "id: wide\ncode: EP0308\nlevel: warn\noverridable: true\n\
        when: download > 1 GB and offline\n\
        message: { en: big, zh: 大 }\nremedy: { en: less, zh: 小 }\nsources: [play-sizes]\n\
        examples:\n  fires:\n    - { download: 2 GB, offline: true }\n  passes:\n    - { download: 0.5 GB, offline: true }\n";

    #[test]
    fn a_condition_that_always_holds_is_a_gap() {
        let files = vec![("rules/wide.yaml".to_owned(), RULE.to_owned())];
        let rules = load(files).unwrap_or_else(|(_, findings)| panic!("{findings:?}"));
        let covered = coverage(&rules);
        assert_eq!((covered.examples, covered.conditions), (2, 2));
        let [gap] = covered.gaps.as_slice() else {
            panic!("{:?}", covered.gaps);
        };
        assert!(!gap.holds);
        assert_eq!(&RULE[gap.condition.range()], "offline");
    }

    #[test]
    fn every_built_in_rule_is_seen_to_fire_and_to_pass() {
        for rule in &builtin().rules {
            let fires = |fires: bool| rule.examples.iter().any(|example| example.fires == fires);
            assert!(fires(true) && fires(false), "{}", rule.id);
        }
    }
}
