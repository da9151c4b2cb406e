//! Reject rules sorted by what they need to know, so that most stacks are out before anything is estimated.
//!
//! A rule over the model alone is asked once per model, one over the runtime and backend once per pair; only rules
//! over figures wait for the estimate. The answer is the same in any order: a stack is out when any rule fires.

use crate::catalog::types::Role;
use crate::rules::RuleSet;
use crate::rules::eval::{Kleene, View, truth};
use crate::rules::facts::Facts;
use crate::rules::types::{Level, Rule};
use crate::spec::expr::{Expr, ExprKind};
use crate::spec::facts::fact;
use crate::spec::model::Spec;

/// What a rule looks at, cheapest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    /// The model, the spec, the phone.
    Model,
    /// The runtime, the backend, the spec, the phone.
    Runner,
    /// The whole stack, without figures.
    Stack,
    /// Figures.
    Figures,
}

/// Rules by tier.
pub(super) struct Tiers {
    by_tier: [Vec<usize>; 4],
    silenced: Vec<bool>,
}

impl Tiers {
    pub(super) fn new(rules: &RuleSet, spec: &Spec) -> Self {
        let allowed = |rule: &Rule| {
            rule.overridable && spec.allows.iter().any(|allow| allow.code == rule.code)
        };
        let silenced: Vec<bool> = rules.rules.iter().map(allowed).collect();
        let mut by_tier = [const { Vec::new() }; 4];
        for (at, rule) in rules.rules.iter().enumerate() {
            if rule.level == Level::Reject && !silenced[at] {
                by_tier[tier(&rule.when) as usize].push(at);
            }
        }
        Self { by_tier, silenced }
    }

    /// Whether `allow` silences the rule.
    pub(super) fn is_silenced(&self, rule: usize) -> bool {
        self.silenced.get(rule).copied().unwrap_or(false)
    }

    /// The rules of one tier.
    pub(super) fn of(&self, tier: Tier) -> &[usize] {
        &self.by_tier[tier as usize]
    }

    /// The first rule of a tier that refuses, if any does.
    pub(super) fn refusing(
        &self,
        tier: Tier,
        rules: &RuleSet,
        role: Role,
        facts: &dyn Facts,
    ) -> Option<usize> {
        self.of(tier)
            .iter()
            .copied()
            .find(|&at| refuses(&rules.rules[at], role, facts))
    }
}

/// Whether a reject rule keeps a stack out. One that lacks a figure does not; the stack then says so.
pub(super) fn refuses(rule: &Rule, role: Role, facts: &dyn Facts) -> bool {
    let concerned = rule.roles.is_empty() || rule.roles.iter().any(|id| id == role.id());
    concerned && truth(&rule.when, facts, View::Pessimistic) == Kleene::True
}

/// Which tier a condition belongs to.
fn tier(condition: &Expr) -> Tier {
    let mut looks = Looks::default();
    looks.collect(condition);
    match looks {
        Looks { figures: true, .. } => Tier::Figures,
        Looks { stack: true, .. } => Tier::Stack,
        Looks {
            model: true,
            runner: true,
            ..
        } => Tier::Stack,
        Looks { model: true, .. } => Tier::Model,
        Looks { .. } => Tier::Runner,
    }
}

#[derive(Debug, Default, Clone, Copy)]
struct Looks {
    model: bool,
    runner: bool,
    stack: bool,
    figures: bool,
}

impl Looks {
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
                self.stack = true;
            }
            "runtime" | "backend" => self.runner = true,
            "quant" | "artifact" | "kv" | "settings" => self.stack = true,
            "weights" if path == "weights.residency" => self.stack = true,
            "feature" | "role" | "ui" | "offline" | "commercial" | "app" | "input" | "output"
            | "context" | "platform" | "device" | "soc" | "budget" | "store" => {}
            _ => self.figures = true,
        }
    }
}
