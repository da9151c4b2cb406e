//! Rules that can never fire: they ask for a name that the catalog does not hold. Judges no stack.

use super::RuleSet;
use super::types::Rule;
use crate::diagnostic::{Code, Diagnostic, Sources, Text};
use crate::spec::Vocabulary;
use crate::spec::expr::{CompareOp, Expr, ExprKind, LogicOp};
use crate::spec::facts::fact;
use crate::syntax::nearest::nearest;

/// A rule that no stack of the catalog can meet.
const DEAD: Code = Code(631);

/// A fact that is asked to have one of some names.
struct Named<'e> {
    condition: &'e Expr,
    fact: &'static str,
    names: Vec<&'e str>,
}

/// One finding for each rule that cannot fire with a catalog of these names; the rules' files are added to `sources`.
#[must_use]
pub fn dead(rules: &RuleSet, vocabulary: &Vocabulary, sources: &mut Sources) -> Vec<Diagnostic> {
    let found = rules.rules.iter().filter_map(|rule| {
        let named = never(&rule.when, vocabulary)?;
        Some(finding(rules, rule, &named, vocabulary, sources))
    });
    found.collect()
}

fn finding(
    rules: &RuleSet,
    rule: &Rule,
    named: &Named<'_>,
    vocabulary: &Vocabulary,
    sources: &mut Sources,
) -> Diagnostic {
    let quoted: Vec<String> = named.names.iter().map(|one| format!("`{one}`")).collect();
    let message = Text::key("rules.dead")
        .arg("rule", rule.id.as_str())
        .arg("fact", named.fact)
        .arg("names", quoted.join(", "));
    let span = rules.locate(named.condition.span, sources);
    let known = vocabulary
        .names(named.fact)
        .iter()
        .map(|one| one.id.as_str());
    let meant = named.names.first().and_then(|one| nearest(one, known));
    let help = meant.map_or_else(
        || Text::key("rules.dead.help"),
        |meant| Text::key("language.did-you-mean").arg("name", meant),
    );
    Diagnostic::warning(DEAD, span, message).help(help)
}

/// The part of a condition by which it never holds, where there is one.
fn never<'e>(condition: &'e Expr, vocabulary: &Vocabulary) -> Option<Named<'e>> {
    let lacks = |named: &Named<'_>| {
        let known = vocabulary.names(named.fact);
        let mut asked = named.names.iter();
        !known.is_empty() && !asked.any(|name| known.iter().any(|one| one.id == **name))
    };
    match &condition.kind {
        ExprKind::Logic(LogicOp::And, left, right) => {
            never(left, vocabulary).or_else(|| never(right, vocabulary))
        }
        ExprKind::Logic(LogicOp::Or, left, right) => {
            never(left, vocabulary).filter(|_| never(right, vocabulary).is_some())
        }
        ExprKind::Compare(CompareOp::Equal, left, right) => {
            let either = named(condition, left, right).or_else(|| named(condition, right, left));
            either.filter(lacks)
        }
        ExprKind::In(item, list) => named(condition, item, list).filter(lacks),
        _ => None,
    }
}

/// A fact against one text or a list of texts.
fn named<'e>(condition: &'e Expr, of: &Expr, texts: &'e Expr) -> Option<Named<'e>> {
    let ExprKind::Fact(id) = of.kind else {
        return None;
    };
    let text = |one: &'e Expr| match &one.kind {
        ExprKind::Text(text) => Some(text.as_str()),
        _ => None,
    };
    let names = match &texts.kind {
        ExprKind::List(items) => items.iter().map(text).collect(),
        _ => text(texts).map(|one| vec![one]),
    };
    Some(Named {
        condition,
        fact: fact(id).path,
        names: names?,
    })
}

#[cfg(test)]
mod tests {
    use super::dead;
    use crate::diagnostic::Sources;
    use crate::rules::{builtin, load};

    /// How many rules with a condition are told.
    fn told(condition: &str) -> usize {
        let rule = format!(
            "id: own\ncode: EP0308\nlevel: warn\noverridable: true\nwhen: {condition}\n\
             message: {{ en: big, zh: 大 }}\nremedy: {{ en: less, zh: 小 }}\nsources: [play-sizes]\n\
             examples: {{ fires: [], passes: [] }}\n"
        );
        let rules = load(vec![("rules/own.yaml".to_owned(), rule)])
            .unwrap_or_else(|(_, findings)| panic!("{findings:?}"));
        let vocabulary = crate::catalog::builtin().vocabulary();
        dead(&rules, &vocabulary, &mut Sources::new()).len()
    }

    #[test]
    fn a_rule_that_needs_a_name_nobody_has_is_told() {
        for (condition, count) in [
            ("model.id = \"qwen-9\"", 1),
            ("offline and model.id in [\"qwen-9\", \"qwen-10\"]", 1),
            ("model.id = \"qwen-9\" or runtime.id = \"none\"", 1),
            ("model.id = \"qwen-9\" or offline", 0),
            ("model.id in [\"qwen-9\", \"qwen3-0.6b\"]", 0),
            ("model.id != \"qwen-9\"", 0),
            ("not model.id = \"qwen-9\"", 0),
        ] {
            assert_eq!(told(condition), count, "{condition}");
        }
    }

    #[test]
    fn every_built_in_rule_can_fire() {
        let vocabulary = crate::catalog::builtin().vocabulary();
        let found = dead(builtin(), &vocabulary, &mut Sources::new());
        assert_eq!(found.len(), 0, "{found:?}");
    }
}
