//! What a rule, a challenge and a verdict are: data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalog::types::Bilingual;
use crate::diagnostic::{Code, OperandValue, Span};
use crate::rules::eval::Missing;
use crate::spec::expr::Expr;

/// What a rule does when its condition holds.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The stack is out. Estimates are taken at their pessimistic end.
    Reject,
    /// The stack stays; the plan carries a warning. Estimates are taken at their likely value.
    Warn,
    /// The plan carries advice. Estimates are taken at their likely value.
    Advise,
}

/// A judgement: one file under `rules/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Kebab-case, equal to the file name.
    pub id: String,
    /// The diagnostic code of its findings (03xx does not fit, 04xx not compatible, 06xx improvable).
    pub code: Code,
    /// What it does.
    pub level: Level,
    /// `allow` may silence it (never for physical limits).
    pub overridable: bool,
    /// Roles it looks at; empty for all.
    pub roles: Vec<String>,
    /// The condition under which it fires.
    pub when: Expr,
    /// What is found; `{fact}` placeholders are filled with the stack's figures. The arithmetic beside it is that of the
    /// last comparison of amounts in `when`.
    pub message: Bilingual,
    /// What to do.
    pub remedy: Bilingual,
    /// Source ids of the catalog.
    pub sources: Vec<String>,
    /// The spans of `id` and `when` in the rule's file.
    pub id_span: Span,
    /// The condition's text.
    pub when_span: Span,
    /// Its examples: expected verdicts on stacks written as fact assignments.
    pub examples: Vec<RuleExample>,
}

/// An example beside a rule: facts, and whether it fires on them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleExample {
    /// Whether the rule fires.
    pub fires: bool,
    /// `fact path -> value as written in the expression language`.
    pub facts: Vec<(String, String)>,
    /// What each of the conditions that `when` joins comes to, in the order they are written; none for unknown.
    pub answers: Vec<Option<bool>>,
}

/// What a rule found on one stack.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Index into the rule set.
    pub rule: usize,
    /// The deciding comparison's sides, then the other facts its message names, as shown to the user.
    pub values: Vec<OperandValue>,
    /// By how much the limit is missed, as a share of the limit (0.2 = 20 % over); `None` when not a comparison of quantities.
    pub overshoot: Option<f64>,
    /// The likely value would pass; only the interval's width refuses.
    pub by_width: bool,
    /// A fact the rule needs is unknown: the rule has not fired, and the stack is undecided. Only `reject` rules say so.
    pub unknown: Option<Missing>,
    /// What the catalog lacks and the rule asks about with `is unknown`: its message tells of the lack.
    pub tells: Vec<Missing>,
}

impl Verdict {
    /// Whether its message tells of the lack that keeps another rule from being judged.
    #[must_use]
    pub fn tells_of(&self, waiting: &Self) -> bool {
        let missing = waiting.unknown.as_ref();
        missing.is_some_and(|missing| self.tells.contains(missing))
    }
}

/// Knowledge about an engineering challenge: one file under `rules/challenges/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Challenge {
    /// Kebab-case, equal to the file name.
    pub id: String,
    /// `memory`, `latency`, `thermal`, `lifecycle`, `delivery`, `privacy`, `quality`, `compatibility`, `licence`, `safety`.
    pub area: String,
    /// Relevant when this holds for the chosen stack (likely values).
    pub when: Expr,
    /// How relevant: an expression of a number in 0..100 is overkill; a fixed weight, raised by `boosts`.
    pub weight: u32,
    /// Added to the weight when the condition holds.
    pub boosts: Vec<(Expr, u32)>,
    /// The heading.
    pub title: Bilingual,
    /// Why it matters for this stack; `{fact}` placeholders are filled with the stack's figures.
    pub problem: Bilingual,
    /// Concrete steps, in order.
    pub remedies: Vec<Remedy>,
    /// Source ids of the catalog.
    pub sources: Vec<String>,
}

/// One step against a challenge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Remedy {
    /// Only when this holds; `None` for always.
    pub when: Option<Expr>,
    /// What to do; `{fact}` placeholders allowed.
    pub text: Bilingual,
    /// API names, options, manifest entries.
    pub apis: Vec<String>,
    /// Those that go with it where a condition holds.
    pub apis_when: Vec<(Expr, Vec<String>)>,
}
