//! Reject rules and lines taken apart by what they need to know, so that few questions are asked often.
//!
//! A rule fires when all its conditions joined by `and` hold. What hangs on the spec, the model, the runtime or the file
//! is asked once for all phones of a platform; of the rest, what needs no figure comes before memory, memory before
//! speed. The answer is the same in any order: a stack is out when any rule fires.

use super::looks::{Looks, ORDER, Stage, TIERS, Tier};
use super::split::Split;
use crate::catalog::types::Role;
use crate::estimate::Speeds;
use crate::rules::RuleSet;
use crate::rules::eval::{Kleene, View, truth, value};
use crate::rules::facts::{Facts, Value};
use crate::rules::types::{Level, Rule};
use crate::spec::expr::{Expr, ExprKind, LogicOp};
use crate::spec::model::Spec;

/// A reject rule in parts.
pub(super) struct Filter<'a> {
    /// The rule.
    pub(super) rule: &'a Rule,
    /// Its number in the rule set.
    pub(super) at: usize,
    /// How far a stack came that it refuses.
    pub(super) stage: Stage,
    /// The last tier it asks about.
    pub(super) last: Tier,
    /// The conditions joined by `and`, by what each looks at.
    parts: [Vec<&'a Expr>; TIERS],
    /// What is asked for each class asks nothing of the runtime itself, so that bindings of one engine share the answer.
    pub(super) shared: bool,
    /// What is asked of the whole stack asks something of the runtime itself.
    pub(super) of_runtime: bool,
    /// The speeds it looks at.
    pub(super) speeds: Speeds,
    /// All that is asked for each class, where it comes apart.
    pub(super) split: Option<Split<'a>>,
}

impl<'a> Filter<'a> {
    fn new(at: usize, rule: &'a Rule) -> Self {
        let mut parts = [const { Vec::new() }; TIERS];
        sort(&rule.when, &mut parts);
        let mut late = parts[Tier::Phone as usize..].iter().flatten();
        let shared = late.all(|part| Looks::of(part).is_shared());
        let mut whole = parts[Tier::Stack as usize].iter();
        let of_runtime = whole.any(|part| !Looks::of(part).is_shared());
        let mut placed = parts[Tier::Placed as usize..].iter().flatten();
        let split = match (placed.next(), placed.next()) {
            (Some(only), None) => Split::of(only),
            _ => None,
        };
        let asked = Looks::of(&rule.when);
        let last = (0..TIERS).rev().find(|&tier| !parts[tier].is_empty());
        Self {
            rule,
            at,
            stage: asked.stage(),
            last: last.map_or(Tier::Spec, |tier| ORDER[tier]),
            parts,
            shared,
            of_runtime,
            speeds: asked.speeds(),
            split,
        }
    }

    /// Whether the rule looks at a role at all.
    pub(super) fn concerns(&self, role: Role) -> bool {
        concerns(self.rule, role)
    }

    /// Whether it can refuse any stack on the phone.
    pub(super) fn is_alive(&self, facts: &dyn Facts) -> bool {
        let mut late = self.parts[Tier::Placed as usize..].iter().flatten();
        self.holds(Tier::Phone, facts) && !late.any(|part| is_void(part, facts))
    }

    /// Whether its conditions over `first` and all later tiers hold.
    pub(super) fn fires_from(&self, first: Tier, facts: &dyn Facts) -> bool {
        let mut tiers = ORDER[first as usize..].iter();
        tiers.all(|&tier| self.holds(tier, facts))
    }

    /// Whether its conditions over `tier` hold; so they do where there are none.
    pub(super) fn holds(&self, tier: Tier, facts: &dyn Facts) -> bool {
        let mut parts = self.parts[tier as usize].iter();
        parts.all(|part| truth(part, facts, View::Pessimistic) == Kleene::True)
    }
}

/// Whether a comparison has a side that says nothing whatever the stack: a budget nobody set. It then never holds.
fn is_void(condition: &Expr, facts: &dyn Facts) -> bool {
    let ExprKind::Compare(_, left, right) = &condition.kind else {
        return false;
    };
    let fixed = |side: &Expr| matches!(Looks::of(side).tier(), Tier::Spec | Tier::Phone);
    let sides = [left, right].into_iter();
    sides
        .filter(|side| fixed(side))
        .any(|side| value(side, facts) == Value::Nothing)
}

/// The parts of a condition by what they look at.
fn sort<'a>(condition: &'a Expr, parts: &mut [Vec<&'a Expr>; TIERS]) {
    if let ExprKind::Logic(LogicOp::And, left, right) = &condition.kind {
        sort(left, parts);
        sort(right, parts);
    } else {
        parts[Looks::of(condition).tier() as usize].push(condition);
    }
}

/// The rules that may refuse.
pub(super) struct Tiers<'a> {
    /// Reject rules that nothing silences, by the stage at which they refuse.
    pub(super) filters: Vec<Filter<'a>>,
    silenced: Vec<bool>,
}

impl<'a> Tiers<'a> {
    pub(super) fn new(rules: &'a RuleSet, spec: &Spec) -> Self {
        let allowed = |rule: &Rule| {
            rule.overridable && spec.allows.iter().any(|allow| allow.code == rule.code)
        };
        let silenced: Vec<bool> = rules.rules.iter().map(allowed).collect();
        let mut filters: Vec<Filter<'a>> = rules
            .rules
            .iter()
            .enumerate()
            .filter(|(at, rule)| rule.level == Level::Reject && !silenced[*at])
            .map(|(at, rule)| Filter::new(at, rule))
            .collect();
        filters.sort_by_key(|filter| (filter.stage, filter.last));
        Self { filters, silenced }
    }

    /// The numbers of the rules that refuse a stack, ascending.
    pub(super) fn refusals(&self, role: Role, facts: &dyn Facts) -> Vec<usize> {
        let filters = self.filters.iter();
        let fires = |filter: &&Filter<'_>| refuses(filter.rule, role, facts);
        let mut numbers: Vec<usize> = filters.filter(fires).map(|filter| filter.at).collect();
        numbers.sort_unstable();
        numbers
    }

    /// Whether `allow` silences the rule.
    pub(super) fn is_silenced(&self, rule: usize) -> bool {
        self.silenced.get(rule).copied().unwrap_or(false)
    }
}

/// Whether a reject rule keeps a stack out. One that lacks a figure does not; the stack then says so.
fn refuses(rule: &Rule, role: Role, facts: &dyn Facts) -> bool {
    concerns(rule, role) && truth(&rule.when, facts, View::Pessimistic) == Kleene::True
}

fn concerns(rule: &Rule, role: Role) -> bool {
    rule.roles.is_empty() || rule.roles.iter().any(|id| id == role.id())
}
