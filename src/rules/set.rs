//! All rules and challenges, and what they say of a stack.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::eval::{Kleene, Truth, View, evaluate, lacks, truth};
use super::facts::Facts;
use super::template;
use super::types::{Challenge, Level, Rule, Verdict};
use crate::diagnostic::{Arg, OperandValue, Severity, Sources, Span, Text};
use crate::spec::expr::FactId;
use crate::spec::facts::find;

/// How many of the first challenges must be of different fields.
const DIVERSE: usize = 3;

/// Rules and challenges, sorted by id, with the files they came from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleSet {
    /// Judgements.
    pub rules: Vec<Rule>,
    /// Knowledge about engineering challenges.
    pub challenges: Vec<Challenge>,
    /// Names and texts of the files; a span's file is an index into them.
    #[serde(skip)]
    pub files: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    digest: String,
}

impl Level {
    /// How intervals are judged: limits refuse on what is possible, remarks are made on what is likely.
    #[must_use]
    pub const fn view(self) -> View {
        match self {
            Self::Reject => View::Pessimistic,
            Self::Warn | Self::Advise => View::Likely,
        }
    }

    /// The severity of its findings.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::Reject => Severity::Error,
            Self::Warn => Severity::Warning,
            Self::Advise => Severity::Advice,
        }
    }
}

impl RuleSet {
    /// SHA-256 (hex) over names and texts of all files in order: two sets with one digest judge alike.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Finds the digest of the files there are now. It is kept, as the built-in set's is asked for by every build.
    pub(super) fn seal(&mut self) {
        let mut hasher = Sha256::new();
        for (name, text) in &self.files {
            for part in [name, text] {
                hasher.update((part.len() as u64).to_le_bytes());
                hasher.update(part.as_bytes());
            }
        }
        let digest = hasher.finalize();
        self.digest = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    }

    /// What the rules say of a stack, in the order of their ids: those that fired, and the `reject` rules that a missing
    /// figure leaves undecided. A `warn` or `advise` rule that cannot be decided keeps silent.
    #[must_use]
    pub fn judge(&self, facts: &dyn Facts) -> Vec<Verdict> {
        let role = find("role").map(|id| facts.value(id).show());
        let mut verdicts = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            let looks =
                rule.roles.is_empty() || role.as_ref().is_none_or(|r| rule.roles.contains(r));
            if !looks {
                continue;
            }
            let answer = truth(&rule.when, facts, rule.level.view());
            let open = answer == Kleene::Unknown && rule.level == Level::Reject;
            if answer == Kleene::True || open {
                verdicts.push(verdict(index, rule, facts));
            }
        }
        verdicts
    }

    /// The full verdict of one rule of this set on a stack on which it fires; `None` when there is no such rule.
    #[must_use]
    pub fn verdict(&self, rule: usize, facts: &dyn Facts) -> Option<Verdict> {
        let judged = self.rules.get(rule)?;
        Some(verdict(rule, judged, facts))
    }

    /// Whether any `reject` rule fires or is undecided: `judge` without the reasons.
    #[must_use]
    pub fn rejects(&self, facts: &dyn Facts) -> bool {
        let role = find("role").map(|id| facts.value(id).show());
        self.rules.iter().any(|rule| {
            rule.level == Level::Reject
                && (rule.roles.is_empty() || role.as_ref().is_none_or(|r| rule.roles.contains(r)))
                && truth(&rule.when, facts, rule.level.view()) != Kleene::False
        })
    }

    /// The rule a verdict is of.
    #[must_use]
    pub fn rule(&self, verdict: &Verdict) -> Option<&Rule> {
        self.rules.get(verdict.rule)
    }

    /// What a verdict says, with the stack's figures in it.
    #[must_use]
    pub fn message(&self, verdict: &Verdict) -> Text {
        self.rule(verdict).map_or_else(Text::empty, |rule| {
            filled(&rule.message.en, &rule.message.zh, &verdict.values)
        })
    }

    /// What to do about a verdict.
    #[must_use]
    pub fn remedy(&self, verdict: &Verdict) -> Text {
        self.rule(verdict).map_or_else(Text::empty, |rule| {
            filled(&rule.remedy.en, &rule.remedy.zh, &verdict.values)
        })
    }

    /// The span of a rule in `sources`, to which the rule's file is added when it is not there yet.
    pub fn locate(&self, span: Span, sources: &mut Sources) -> Span {
        let Some((name, text)) = self.files.get(span.file.0 as usize) else {
            return span;
        };
        let known = sources.iter().find(|(_, file)| file.name == name.as_ref());
        let file = match known.map(|(id, _)| id) {
            Some(id) => id,
            None => sources.add(name.clone().into_owned(), text.clone()),
        };
        Span { file, ..span }
    }

    /// The challenges that matter for a stack with their weights, heaviest first and ties by id. Among the first three no
    /// field comes twice, as long as there are others.
    #[must_use]
    pub fn challenges(&self, facts: &dyn Facts) -> Vec<(u32, &Challenge)> {
        let holds = |condition| truth(condition, facts, View::Likely) == Kleene::True;
        let mut ranked: Vec<(u32, &Challenge)> = self
            .challenges
            .iter()
            .filter(|challenge| holds(&challenge.when))
            .map(|challenge| {
                let boosts = challenge.boosts.iter().filter(|(when, _)| holds(when));
                let boost: u32 = boosts.map(|(_, add)| add).sum();
                (challenge.weight + boost, challenge)
            })
            .collect();
        ranked.sort_by(|(a, first), (b, second)| b.cmp(a).then_with(|| first.id.cmp(&second.id)));
        for place in 1..DIVERSE.min(ranked.len()) {
            let taken = |area: &str| {
                ranked[..place]
                    .iter()
                    .any(|(_, before)| before.area == area)
            };
            let next = ranked[place..]
                .iter()
                .position(|(_, challenge)| !taken(&challenge.area));
            if let Some(next) = next {
                ranked[place..=place + next].rotate_right(1);
            }
        }
        ranked
    }
}

/// The full verdict of a rule that fired or is undecided.
fn verdict(index: usize, rule: &Rule, facts: &dyn Facts) -> Verdict {
    let Truth {
        operands,
        overshoot,
        by_width,
        unknown,
        ..
    } = evaluate(&rule.when, facts, rule.level.view());
    let mut values = operands;
    for words in [&rule.message, &rule.remedy] {
        for template in [&words.en, &words.zh] {
            for name in template::placeholders(template) {
                add(&mut values, name, find(name), facts);
            }
        }
    }
    Verdict {
        rule: index,
        values,
        overshoot,
        by_width,
        unknown,
        tells: lacks(&rule.when, facts),
    }
}

fn add(values: &mut Vec<OperandValue>, name: &str, fact: Option<FactId>, facts: &dyn Facts) {
    let Some(fact) = fact else { return };
    if !values.iter().any(|value| value.name == name) {
        values.push(OperandValue {
            name: name.to_owned(),
            value: facts.value(fact).show(),
            span: None,
        });
    }
}

fn filled(en: &str, zh: &str, values: &[OperandValue]) -> Text {
    Text::Localised {
        en: en.to_owned(),
        zh: zh.to_owned(),
        args: values
            .iter()
            .map(|value| (value.name.clone(), Arg::Plain(value.value.clone())))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::types::Bilingual;
    use crate::diagnostic::{Code, FileId, Locale};
    use crate::quantity::{Dimension, Interval};
    use crate::rules::facts::Assigned;
    use crate::spec::expr::{CompareOp, Expr, ExprKind};

    const NOWHERE: Span = Span::new(FileId(0), 0, 0);

    fn expr(kind: ExprKind) -> Expr {
        Expr {
            kind,
            span: NOWHERE,
        }
    }

    fn over_budget() -> Expr {
        let fact = |path| {
            let id = find(path).unwrap_or_else(|| panic!("no fact {path}"));
            Box::new(expr(ExprKind::Fact(id)))
        };
        expr(ExprKind::Compare(
            CompareOp::Greater,
            fact("peak_memory"),
            fact("budget.memory"),
        ))
    }

    fn words(text: &str) -> Bilingual {
        Bilingual {
            en: text.to_owned(),
            zh: text.to_owned(),
        }
    }

    fn set(level: Level) -> RuleSet {
        RuleSet {
            rules: vec![Rule {
                id: "over".to_owned(),
                code: Code(301),
                level,
                overridable: false,
                roles: vec!["llm".to_owned()],
                when: over_budget(),
                message: words("{peak_memory} on {platform.name}"),
                remedy: words("shrink"),
                sources: Vec::new(),
                id_span: NOWHERE,
                when_span: NOWHERE,
                examples: Vec::new(),
            }],
            ..RuleSet::default()
        }
    }

    fn facts(role: &str, peak: Option<Interval<f64>>) -> Assigned {
        let mut table = Assigned::new();
        for (path, text) in [("role", role), ("platform.name", "iOS")] {
            if let Some(id) = find(path) {
                table.assign(id, &expr(ExprKind::Text(text.to_owned())));
            }
        }
        if let (Some(id), Some(budget)) = (find("peak_memory"), find("budget.memory")) {
            match peak {
                Some(peak) => table.quantity(id, peak, Dimension::Bytes),
                None => table.unknown(id),
            }
            table.quantity(budget, Interval::exact(3.0e9), Dimension::Bytes);
        }
        table
    }

    #[test]
    fn a_reject_rule_fires_on_what_is_possible_and_a_warning_on_what_is_likely() {
        let wide = facts("llm", Some(Interval::of(2.0e9, 2.9e9, 3.5e9)));
        let verdicts = set(Level::Reject).judge(&wide);
        assert_eq!(verdicts.len(), 1);
        assert!(verdicts[0].by_width);
        assert!(set(Level::Warn).judge(&wide).is_empty());
        assert!(set(Level::Reject).rejects(&wide));
    }

    #[test]
    fn a_rule_looks_only_at_its_roles() {
        let heavy = facts("embed", Some(Interval::exact(9.0e9)));
        assert!(set(Level::Reject).judge(&heavy).is_empty());
    }

    #[test]
    fn only_a_reject_rule_is_undecided() {
        let open = facts("llm", None);
        let verdicts = set(Level::Reject).judge(&open);
        assert!(verdicts.iter().all(|verdict| verdict.unknown.is_some()));
        assert_eq!(verdicts.len(), 1);
        assert!(set(Level::Warn).judge(&open).is_empty());
    }

    #[test]
    fn a_message_carries_the_figures_of_the_stack() {
        let rules = set(Level::Reject);
        let verdicts = rules.judge(&facts("llm", Some(Interval::exact(4.0e9))));
        let message = rules.message(&verdicts[0]).render(Locale::En);
        assert_eq!(message, "4 GB on iOS");
        assert_eq!(verdicts[0].overshoot, Some(1.0 / 3.0));
    }

    #[test]
    fn the_first_three_challenges_are_of_different_fields() {
        let challenge = |id: &str, area: &str, weight| Challenge {
            id: id.to_owned(),
            area: area.to_owned(),
            when: expr(ExprKind::Bool(true)),
            weight,
            boosts: vec![(expr(ExprKind::Bool(area == "thermal")), 5)],
            title: words(id),
            problem: words(id),
            remedies: Vec::new(),
            sources: Vec::new(),
        };
        let rules = RuleSet {
            challenges: vec![
                challenge("a", "memory", 90),
                challenge("b", "memory", 80),
                challenge("c", "memory", 70),
                challenge("d", "thermal", 60),
                challenge("e", "latency", 50),
            ],
            ..RuleSet::default()
        };
        let table = Assigned::new();
        let ranked: Vec<(u32, &str)> = rules
            .challenges(&table)
            .into_iter()
            .map(|(weight, challenge)| (weight, challenge.id.as_str()))
            .collect();
        assert_eq!(
            ranked,
            [(90, "a"), (65, "d"), (50, "e"), (80, "b"), (70, "c")]
        );
    }
}
