//! The hard lines of a spec, one by one, and whether a stack meets each.
//!
//! A line is met when it surely holds at the spec's confidence; what lacks a figure it needs does not meet it. Sums
//! over several stacks are the search's business; here each stack stands alone.

use super::looks::{Looks, Tier};
use super::types::{Slot, Violation};
use crate::catalog::types::Catalog;
use crate::diagnostic::Span;
use crate::estimate::Speeds;
use crate::quantity::{Dimension, Interval, Quantity};
use crate::rules::eval::{Kleene, View, evaluate, show, truth};
use crate::rules::facts::{Facts, StackFacts, Value};
use crate::spec::expr::{CompareOp, Expr, FactId};
use crate::spec::facts::{fact, find};
use crate::spec::model::{Demand, DemandKind, Feature, Spec};

/// One hard line of the spec.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line<'a> {
    /// Where it stands.
    pub(super) span: Span,
    /// Short name: `ttft`, `budget.memory`, `use runtime`, `pin chat.model`, ...
    pub(super) name: String,
    /// The feature it is written for; `None` for all.
    pub(super) feature: Option<usize>,
    /// What it asks.
    pub(super) kind: LineKind<'a>,
    /// The fact it compares, found once.
    compared: Option<FactId>,
    /// When it can be asked.
    pub(super) tier: Tier,
    /// It asks nothing of the runtime itself, so that bindings of one engine share the answer.
    pub(super) shared: bool,
    /// It asks something of the phone besides speeds.
    pub(super) of_phone: bool,
    /// The speeds it looks at.
    pub(super) speeds: Speeds,
}

/// What a line asks.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum LineKind<'a> {
    /// An amount of the stack against a bound, in base units.
    Bound {
        /// The fact.
        fact: FactId,
        /// `<=` or `>=`.
        op: CompareOp,
        /// The bound.
        limit: Quantity,
        /// Which part of the spec holds it.
        part: Part,
    },
    /// The budget's memory line, whose amount may depend on the phone.
    Memory,
    /// `use`, `forbid`, `require`, `pin`.
    Demand(&'a Demand),
}

/// Where a bound belongs, for those that are sums over several stacks as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// One stack at a time.
    Stack,
    /// The roles of a feature are added up: memory.
    FeatureMemory,
    /// The roles of a feature are added up: time.
    FeatureTime,
    /// Distinct files of all features.
    Download,
    /// Distinct files and caches of all features.
    Storage,
}

impl Part {
    /// Whether sizes are added up: what is known of them limits, what is not leaves the stack undecided.
    pub(super) const fn is_sum_of_sizes(self) -> bool {
        matches!(self, Self::FeatureMemory | Self::Download | Self::Storage)
    }
}

/// All hard lines, in the order they are written.
pub(super) fn lines(spec: &Spec) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for (at, feature) in spec.features.iter().enumerate() {
        bounds(feature, at, &mut lines);
        demands(&feature.demands, Some(at), &mut lines);
    }
    let budget = &spec.budget;
    if let Some(span) = budget.memory.as_ref().and_then(|asked| asked.span) {
        lines.push(Line {
            span,
            name: "budget.memory".to_owned(),
            feature: None,
            kind: LineKind::Memory,
            compared: find("peak_memory"),
            tier: Tier::Memory,
            shared: true,
            of_phone: true,
            speeds: Speeds::NONE,
        });
    }
    let download = budget.download.as_ref();
    let storage = budget.storage.as_ref();
    let battery = budget.battery.as_ref();
    let amounts = [
        (
            "download",
            download.map(|asked| (asked.value.as_f64(), asked.span)),
            Dimension::Bytes,
            Part::Download,
        ),
        (
            "storage",
            storage.map(|asked| (asked.value.as_f64(), asked.span)),
            Dimension::Bytes,
            Part::Storage,
        ),
        (
            "battery",
            battery.map(|asked| (asked.value, asked.span)),
            Dimension::Drain,
            Part::Stack,
        ),
    ];
    for (path, asked, dimension, part) in amounts {
        if let Some((value, Some(span))) = asked {
            let limit = Quantity::new(value, dimension);
            lines.extend(bound(path, CompareOp::AtMost, limit, part, span, None));
        }
    }
    demands(&spec.demands, None, &mut lines);
    lines.sort_by_key(|line| line.span.start);
    lines
}

fn bounds<'a>(feature: &Feature, at: usize, lines: &mut Vec<Line<'a>>) {
    let seconds = |value: f64| Quantity::new(value, Dimension::Time);
    let most = CompareOp::AtMost;
    let mut push = |path, op, limit, part, span: Option<Span>| {
        lines.extend(span.and_then(|span| bound(path, op, limit, part, span, Some(at))));
    };
    if let Some(asked) = &feature.ttft {
        let limit = seconds(asked.value.get());
        push("ttft", most, limit, Part::Stack, asked.span);
    }
    if let Some(asked) = &feature.decode {
        let limit = Quantity::new(asked.value.get(), Dimension::Rate);
        push("decode", CompareOp::AtLeast, limit, Part::Stack, asked.span);
    }
    if let Some(asked) = &feature.latency {
        let limit = seconds(asked.value.get());
        push("latency", most, limit, Part::FeatureTime, asked.span);
    }
    if let Some(asked) = &feature.cold_start {
        let limit = seconds(asked.value.get());
        push("cold_start", most, limit, Part::Stack, asked.span);
    }
    if let Some(asked) = &feature.memory {
        let limit = Quantity::new(asked.value.as_f64(), Dimension::Bytes);
        push("peak_memory", most, limit, Part::FeatureMemory, asked.span);
    }
}

fn bound<'a>(
    path: &'static str,
    op: CompareOp,
    limit: Quantity,
    part: Part,
    span: Span,
    feature: Option<usize>,
) -> Option<Line<'a>> {
    let name = match (part, path) {
        (_, "peak_memory") => "memory".to_owned(),
        (_, "cold_start") => "cold-start".to_owned(),
        (Part::Download | Part::Storage, _) | (_, "battery") => format!("budget.{path}"),
        _ => path.to_owned(),
    };
    Some(Line {
        span,
        name,
        feature,
        kind: LineKind::Bound {
            fact: find(path)?,
            op,
            limit,
            part,
        },
        compared: find(path),
        tier: Looks::at(path).tier(),
        shared: true,
        of_phone: false,
        speeds: Looks::at(path).speeds(),
    })
}

fn demands<'a>(demands: &'a [Demand], feature: Option<usize>, lines: &mut Vec<Line<'a>>) {
    lines.extend(demands.iter().map(|demand| {
        let short = |path: &str| path.strip_suffix(".id").unwrap_or(path).to_owned();
        let name = match &demand.kind {
            DemandKind::Use { fact, .. } => format!("use {}", short(fact)),
            DemandKind::ForbidValue { fact, .. } => format!("forbid {}", short(fact)),
            DemandKind::Forbid(_) => "forbid".to_owned(),
            DemandKind::Require(_) => "require".to_owned(),
            DemandKind::Pin { feature, fact, .. } => format!("pin {feature}.{}", short(fact)),
        };
        let looks = looks(demand);
        Line {
            span: demand.span,
            name,
            feature,
            kind: LineKind::Demand(demand),
            compared: named_fact(demand).and_then(find),
            tier: looks.tier(),
            shared: looks.is_shared(),
            of_phone: looks.is_of_phone(),
            speeds: looks.speeds(),
        }
    }));
}

/// The fact whose name a demand compares.
fn named_fact(demand: &Demand) -> Option<&str> {
    match &demand.kind {
        DemandKind::Use { fact, .. }
        | DemandKind::ForbidValue { fact, .. }
        | DemandKind::Pin { fact, .. } => Some(fact),
        DemandKind::Forbid(_) | DemandKind::Require(_) => None,
    }
}

fn looks(demand: &Demand) -> Looks {
    match &demand.kind {
        DemandKind::Forbid(condition) | DemandKind::Require(condition) => Looks::of(condition),
        _ => named_fact(demand).map_or_else(Looks::default, Looks::at),
    }
}

impl Line<'_> {
    /// Whether it limits the time of a feature's roles together.
    pub(super) fn limits_time(&self) -> bool {
        matches!(&self.kind, LineKind::Bound { part, .. } if *part == Part::FeatureTime)
    }

    /// Whether it has a value that could be another one.
    pub(super) const fn is_bound(&self) -> bool {
        !matches!(self.kind, LineKind::Demand(_))
    }

    /// Whether the line speaks of this slot. A pinned model speaks of the roles it can fill.
    pub(super) fn concerns(&self, spec: &Spec, catalog: &Catalog, slot: Slot) -> bool {
        if self.feature.is_some_and(|feature| feature != slot.feature) {
            return false;
        }
        let LineKind::Demand(demand) = &self.kind else {
            return true;
        };
        let DemandKind::Pin {
            feature,
            role,
            fact,
            value,
        } = &demand.kind
        else {
            return true;
        };
        if spec.features[slot.feature].id != *feature {
            return false;
        }
        match role {
            Some(role) => slot.role.id() == role,
            None if fact == "model.id" => {
                let roles = spec.features[slot.feature].task.value.roles();
                let model = catalog.models.iter().find(|model| model.id == *value);
                let fills = |id: &str| {
                    model.is_some_and(|model| model.roles.iter().any(|role| role.id() == id))
                };
                fills(slot.role.id()) || !roles.iter().any(|id| fills(id))
            }
            None => true,
        }
    }

    /// Whether the stack breaks the line; quick, for thousands of stacks. An open answer does not meet the line, except
    /// where the line bounds a sum: the known part is in the sum, and the search prefers stacks whose sum is known.
    pub(super) fn broken(&self, facts: &StackFacts<'_>) -> Kleene {
        match &self.kind {
            LineKind::Bound {
                fact,
                op,
                limit,
                part,
            } => match beyond(&facts.value(*fact), *op, limit.value) {
                Kleene::Unknown if part.is_sum_of_sizes() => Kleene::False,
                answer => answer,
            },
            LineKind::Memory => self.memory(facts).map_or(Kleene::False, |(peak, asked)| {
                match beyond(&peak, CompareOp::AtMost, asked) {
                    Kleene::Unknown => Kleene::False,
                    answer => answer,
                }
            }),
            LineKind::Demand(demand) => match &demand.kind {
                DemandKind::Use { any_of, .. } => negated(self.is_among(facts, any_of)),
                DemandKind::Pin { value, .. } => {
                    negated(self.is_among(facts, std::slice::from_ref(value)))
                }
                DemandKind::ForbidValue { any_of, .. } => self.is_among(facts, any_of),
                DemandKind::Forbid(condition) => truth(condition, facts, View::Pessimistic),
                DemandKind::Require(condition) => negated(truth(condition, facts, View::Certain)),
            },
        }
    }

    /// The peak with the app's own footprint, and what the spec allows on this phone.
    fn memory<'f>(&self, facts: &'f StackFacts<'_>) -> Option<(Value<'f>, f64)> {
        let peak = facts.value(self.compared?);
        Some((peak, facts.budgets().asked?.as_f64()))
    }

    /// Whether the compared fact has one of these names. A binding is its engine as well; a list has any of its items.
    fn is_among(&self, facts: &StackFacts<'_>, any_of: &[String]) -> Kleene {
        let Some(id) = self.compared else {
            return Kleene::Unknown;
        };
        let named = |name: &str| any_of.iter().any(|one| one == name);
        match facts.value(id) {
            Value::Text(name) if fact(id).path == "runtime.id" && !named(name) => {
                let engine = find("runtime.engine").map(|engine| facts.value(engine));
                matches!(engine, Some(Value::Text(engine)) if named(engine)).into()
            }
            Value::Text(name) => named(name).into(),
            Value::List(names) => names.into_iter().any(named).into(),
            Value::Bool(flag) => named(if flag { "true" } else { "false" }).into(),
            Value::Unknown { .. } => Kleene::Unknown,
            Value::Quantity(..) | Value::Nothing => Kleene::False,
        }
    }

    /// The violation with its operands, when the stack does not meet the line.
    pub(super) fn violation(&self, facts: &StackFacts<'_>) -> Option<Violation> {
        if self.broken(facts) == Kleene::False {
            return None;
        }
        match &self.kind {
            LineKind::Bound {
                fact, op, limit, ..
            } => Some(self.amount(*fact, &facts.value(*fact), *op, *limit)),
            LineKind::Memory => {
                let (peak, asked) = self.memory(facts)?;
                let limit = Quantity::new(asked, Dimension::Bytes);
                Some(self.amount(find("peak_memory")?, &peak, CompareOp::AtMost, limit))
            }
            LineKind::Demand(demand) => match &demand.kind {
                DemandKind::Use { fact, any_of } | DemandKind::ForbidValue { fact, any_of } => {
                    Some(self.name_clash(facts, fact, any_of.join(" | ")))
                }
                DemandKind::Pin { fact, value, .. } => {
                    Some(self.name_clash(facts, fact, value.clone()))
                }
                DemandKind::Forbid(condition) => {
                    Some(self.condition(facts, condition, View::Pessimistic))
                }
                DemandKind::Require(condition) => {
                    Some(self.condition(facts, condition, View::Certain))
                }
            },
        }
    }

    fn amount(&self, id: FactId, value: &Value<'_>, op: CompareOp, limit: Quantity) -> Violation {
        if let Value::Unknown { missing, of } = value {
            return self.unknown(missing, (*of).to_owned());
        }
        let (overshoot, by_width) = match value {
            Value::Quantity(interval, _) => {
                let sign = if op == CompareOp::AtLeast { -1.0 } else { 1.0 };
                let worst = worst(interval, op);
                (
                    (limit.value > 0.0).then(|| sign * (worst - limit.value) / limit.value),
                    meets(interval.likely, op, limit.value),
                )
            }
            _ => (None, false),
        };
        Violation::Line {
            span: self.span,
            fact: fact(id).path,
            value: value.show(),
            limit: format!("{} {limit}", op.symbol()),
            overshoot,
            by_width,
        }
    }

    fn name_clash(&self, facts: &StackFacts<'_>, path: &str, allowed: String) -> Violation {
        let Some(id) = find(path) else {
            return self.unknown("unknown.fact", path.to_owned());
        };
        let value = facts.value(id);
        if let Value::Unknown { missing, of } = value {
            return self.unknown(missing, of.to_owned());
        }
        Violation::Line {
            span: self.span,
            fact: fact(id).path,
            value: value.show(),
            limit: allowed,
            overshoot: None,
            by_width: false,
        }
    }

    fn condition(&self, facts: &StackFacts<'_>, condition: &Expr, view: View) -> Violation {
        let answer = evaluate(condition, facts, view);
        if let Some(missing) = answer.unknown {
            return self.unknown(missing.missing, missing.of);
        }
        let named = condition.facts().first().copied();
        // A flag is no operand of a comparison: its own value is what decided.
        let flag = || named.map_or_else(String::new, |id| facts.value(id).show());
        let value = answer.operands.first();
        Violation::Line {
            span: self.span,
            fact: named.map_or("", |id| fact(id).path),
            value: value.map_or_else(flag, |operand| operand.value.clone()),
            limit: show(condition),
            overshoot: answer.overshoot,
            by_width: answer.by_width,
        }
    }

    fn unknown(&self, missing: &'static str, of: String) -> Violation {
        Violation::Unknown {
            missing,
            of,
            needed_by: self.name.clone(),
        }
    }
}

const fn negated(answer: Kleene) -> Kleene {
    match answer {
        Kleene::False => Kleene::True,
        Kleene::True => Kleene::False,
        Kleene::Unknown => Kleene::Unknown,
    }
}

/// The end of an interval that a bound has to fear.
pub(super) fn worst(interval: &Interval<f64>, op: CompareOp) -> f64 {
    if op == CompareOp::AtLeast {
        interval.low
    } else {
        interval.high
    }
}

fn meets(value: f64, op: CompareOp, limit: f64) -> bool {
    if op == CompareOp::AtLeast {
        value >= limit
    } else {
        value <= limit
    }
}

fn beyond(value: &Value<'_>, op: CompareOp, limit: f64) -> Kleene {
    match value {
        Value::Quantity(interval, _) => (!meets(worst(interval, op), op, limit)).into(),
        Value::Unknown { .. } => Kleene::Unknown,
        _ => Kleene::False,
    }
}
