//! Reject rules taken apart by what they need to know, so that most stacks are out before anything is estimated.
//!
//! A rule fires when all its conditions joined by `and` hold. Conditions over the phone are asked once per class, over
//! the model once per model, over the runtime and backend once per pair; only conditions over figures wait for the
//! estimate. The answer is the same in any order: a stack is out when any rule fires.

use crate::catalog::types::Role;
use crate::rules::RuleSet;
use crate::rules::eval::{Kleene, View, truth};
use crate::rules::facts::Facts;
use crate::rules::types::{Level, Rule};
use crate::spec::expr::{Expr, ExprKind, LogicOp};
use crate::spec::facts::fact;
use crate::spec::model::Spec;

/// What a condition looks at, cheapest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    /// The spec and the phone.
    Phone,
    /// The model as well.
    Model,
    /// The runtime and the backend as well, but no model.
    Runner,
    /// The whole stack, without figures.
    Stack,
    /// Figures.
    Figures,
}

const TIERS: usize = 5;

/// A reject rule in parts.
pub(super) struct Filter<'a> {
    rule: &'a Rule,
    /// Its number in the rule set.
    at: usize,
    /// When the rule can refuse: never before the runner is known, unless it speaks of the model alone.
    pub(super) tier: Tier,
    /// The conditions joined by `and`, by what each looks at.
    parts: [Vec<&'a Expr>; TIERS],
    /// The conditions over figures ask nothing of the runtime itself, so that bindings of one engine share the answer.
    pub(super) shared: bool,
}

impl<'a> Filter<'a> {
    fn new(at: usize, rule: &'a Rule) -> Self {
        let mut parts = [const { Vec::new() }; TIERS];
        sort(&rule.when, &mut parts);
        let mut shared = true;
        for part in &parts[Tier::Figures as usize] {
            shared &= !Looks::of(part).runtime;
        }
        let tier = match Looks::of(&rule.when).tier() {
            Tier::Phone => Tier::Runner,
            tier => tier,
        };
        Self {
            rule,
            at,
            tier,
            parts,
            shared,
        }
    }

    /// Whether the rule looks at a role at all.
    pub(super) fn concerns(&self, role: Role) -> bool {
        concerns(self.rule, role)
    }

    /// Whether its conditions over `tier` hold.
    pub(super) fn holds(&self, tier: Tier, facts: &dyn Facts) -> bool {
        let mut parts = self.parts[tier as usize].iter();
        parts.all(|part| truth(part, facts, View::Pessimistic) == Kleene::True)
    }
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
    /// Reject rules that nothing silences.
    pub(super) filters: Vec<Filter<'a>>,
    silenced: Vec<bool>,
}

impl<'a> Tiers<'a> {
    pub(super) fn new(rules: &'a RuleSet, spec: &Spec) -> Self {
        let allowed = |rule: &Rule| {
            rule.overridable && spec.allows.iter().any(|allow| allow.code == rule.code)
        };
        let silenced: Vec<bool> = rules.rules.iter().map(allowed).collect();
        let filters = rules
            .rules
            .iter()
            .enumerate()
            .filter(|(at, rule)| rule.level == Level::Reject && !silenced[*at])
            .map(|(at, rule)| Filter::new(at, rule))
            .collect();
        Self { filters, silenced }
    }

    /// The numbers of the rules that refuse a stack, ascending.
    pub(super) fn refusals(&self, role: Role, facts: &dyn Facts) -> Vec<usize> {
        let filters = self.filters.iter();
        let fires = |filter: &&Filter<'_>| refuses(filter.rule, role, facts);
        filters.filter(fires).map(|filter| filter.at).collect()
    }

    /// Whether `allow` silences the rule.
    pub(super) fn is_silenced(&self, rule: usize) -> bool {
        self.silenced.get(rule).copied().unwrap_or(false)
    }
}

/// Whether a reject rule keeps a stack out. One that lacks a figure does not; the stack then says so.
pub(super) fn refuses(rule: &Rule, role: Role, facts: &dyn Facts) -> bool {
    concerns(rule, role) && truth(&rule.when, facts, View::Pessimistic) == Kleene::True
}

fn concerns(rule: &Rule, role: Role) -> bool {
    rule.roles.is_empty() || rule.roles.iter().any(|id| id == role.id())
}

/// What a condition looks at.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Looks {
    model: bool,
    runtime: bool,
    backend: bool,
    stack: bool,
    figures: bool,
}

impl Looks {
    /// What `condition` looks at.
    pub(super) fn of(condition: &Expr) -> Self {
        let mut looks = Self::default();
        looks.collect(condition);
        looks
    }

    /// What a fact is about.
    pub(super) fn at(path: &str) -> Self {
        let mut looks = Self::default();
        looks.see(path);
        looks
    }

    /// The first tier at which all of it is known.
    pub(super) const fn tier(self) -> Tier {
        let runner = self.runtime || self.backend;
        if self.figures {
            Tier::Figures
        } else if self.stack || (self.model && runner) {
            Tier::Stack
        } else if self.model {
            Tier::Model
        } else if runner {
            Tier::Runner
        } else {
            Tier::Phone
        }
    }

    fn collect(&mut self, expression: &Expr) {
        match &expression.kind {
            ExprKind::Fact(id) => self.see(fact(*id).path),
            ExprKind::Not(inner) | ExprKind::IsKnown(inner, _) => self.collect(inner),
            ExprKind::Logic(_, left, right)
            | ExprKind::Compare(_, left, right)
            | ExprKind::Arithmetic(_, left, right)
            | ExprKind::In(left, right)
            | ExprKind::Has(left, right) => {
                self.collect(left);
                self.collect(right);
            }
            ExprKind::List(items) => items.iter().for_each(|item| self.collect(item)),
            ExprKind::Quantity(_) | ExprKind::Text(_) | ExprKind::Bool(_) => {}
        }
    }

    fn see(&mut self, path: &str) {
        match path.split('.').next().unwrap_or(path) {
            "model" | "license" => self.model = true,
            // What the runtime does with this very file or model.
            "runtime" if matches!(path, "runtime.reads_format" | "runtime.runs_family") => {
                self.runtime = true;
                self.stack = true;
            }
            "runtime" => self.runtime = true,
            "backend" => self.backend = true,
            "quant" | "artifact" | "kv" | "settings" => self.stack = true,
            "weights" if path == "weights.residency" => self.stack = true,
            "feature" | "role" | "ui" | "offline" | "commercial" | "app" | "input" | "output"
            | "context" | "platform" | "device" | "soc" | "budget" | "store" => {}
            _ => self.figures = true,
        }
    }
}
