//! Runs the `test` blocks of a spec. How a spec is resolved again with other parameters is the caller's business.

use super::classes::matches;
use super::types::{Candidate, ClassSolution, DeviceClass, Outcome, Solution};
use super::why::{FoilAnswer, stack_name, why_not, worth_of};
use super::{Ask, Locked, diagnostics, solve_asked};
use crate::catalog::types::Catalog;
use crate::diagnostic::{Diagnostic, Severity, Sources, Span, Text};
use crate::estimate::types::Step;
use crate::quantity::{Bytes, Dimension, Interval};
use crate::rules::RuleSet;
use crate::rules::eval::{Kleene, View, evaluate, truth};
use crate::rules::facts::{Assigned, Facts, StackFacts};
use crate::spec::expr::{CompareOp, Expr, ExprKind};
use crate::spec::facts::find;
use crate::spec::model::{Asked, ExpectKind, Expectation, FleetClass, Spec, SpecTest};

/// What came of one `test` block.
#[derive(Debug, Clone, PartialEq)]
pub struct TestResult {
    /// Its title.
    pub name: String,
    /// Its header.
    pub span: Span,
    /// One per `expect`, in order; empty when the spec does not resolve with the test's parameters.
    pub checks: Vec<Check>,
    /// Why the spec does not resolve.
    pub errors: Vec<Diagnostic>,
    /// Why some class has no plan, where an expectation was not met for it.
    pub reasons: Vec<Diagnostic>,
}

impl TestResult {
    /// Whether everything expected was found.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.errors.is_empty() && self.checks.iter().all(|check| check.passed)
    }
}

/// What came of one `expect`.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// The statement.
    pub span: Span,
    /// Whether it holds on every class it speaks of.
    pub passed: bool,
    /// What was found instead, or what met it.
    pub found: Text,
    /// What led to it, where it is not what was expected: the arithmetic, what decided for the choice, or against the model
    /// that is named.
    pub why: Vec<Text>,
}

/// The callback that resolves the spec anew with a test's `set` lines: name, value as written, place.
pub type Resolve<'r> = dyn FnMut(&[(String, String, Span)]) -> Result<Spec, Vec<Diagnostic>> + 'r;

/// Runs all tests of a spec, in order. Files of the catalog and the rules are added to `sources` when a reason points into
/// them.
pub fn check_tests(
    catalog: &Catalog,
    rules: &RuleSet,
    spec: &Spec,
    sources: &mut Sources,
    resolve: &mut Resolve<'_>,
    locked: &Locked,
) -> Vec<TestResult> {
    let tests = spec.tests.iter();
    tests
        .map(|test| run((catalog, rules), test, sources, resolve, locked))
        .collect()
}

fn run(
    (catalog, rules): (&Catalog, &RuleSet),
    test: &SpecTest,
    sources: &mut Sources,
    resolve: &mut Resolve<'_>,
    locked: &Locked,
) -> TestResult {
    let mut result = TestResult {
        name: test.name.clone(),
        span: test.span,
        checks: Vec::new(),
        errors: Vec::new(),
        reasons: Vec::new(),
    };
    match resolve(&test.sets) {
        Err(errors) => result.errors = errors,
        Ok(mut spec) => {
            plan_named_devices(&mut spec, test);
            let ask = Ask {
                locked: Some(locked),
                ..Ask::default()
            };
            let run = Run {
                catalog,
                rules,
                locked,
                solution: solve_asked(catalog, rules, &spec, &ask),
                spec,
            };
            result.checks = test
                .expects
                .iter()
                .map(|expect| run.check(expect))
                .collect();
            let unplanned = run.solution.classes.iter();
            let unplanned = unplanned.filter(|c| matches!(c.outcome, Outcome::Infeasible { .. }));
            if unplanned.count() > 0 && !result.passed() {
                result.reasons = diagnostics(&run.solution, &run.spec, catalog, rules, sources);
                let grave = |finding: &Diagnostic| finding.severity == Severity::Error;
                result.reasons.retain(grave);
            }
        }
    }
    result
}

/// A device that only an `on` clause names is planned for as well.
fn plan_named_devices(spec: &mut Spec, test: &SpecTest) {
    for expect in &test.expects {
        if let Some(FleetClass::Device(id)) = &expect.on
            && !spec.devices.iter().any(|asked| asked.value == *id)
        {
            spec.devices.push(Asked::written(id.clone(), expect.span));
        }
    }
}

struct Run<'a> {
    catalog: &'a Catalog,
    rules: &'a RuleSet,
    locked: &'a Locked,
    spec: Spec,
    solution: Solution,
}

impl Run<'_> {
    fn check(&self, expect: &Expectation) -> Check {
        let classes: Vec<&ClassSolution> = self
            .solution
            .classes
            .iter()
            .filter(|class| match &expect.on {
                Some(named) => matches(self.catalog, &class.class, named),
                None => true,
            })
            .collect();
        if classes.is_empty() {
            return Check {
                span: expect.span,
                passed: false,
                found: Text::key("solve.test.no-class"),
                why: Vec::new(),
            };
        }
        let Judged { passed, found, why } = match &expect.kind {
            ExpectKind::Feasible => {
                let failing = infeasible(&classes);
                Judged::new(failing.is_empty(), feasibility(&failing))
            }
            ExpectKind::Infeasible => {
                let failing = infeasible(&classes);
                let mut judged = Judged::new(!failing.is_empty(), feasibility(&failing));
                if failing.is_empty() {
                    judged.why = classes
                        .first()
                        .map_or_else(Vec::new, |class| self.plan(class));
                }
                judged
            }
            ExpectKind::That { feature, condition } => {
                self.condition(&classes, feature.as_deref(), condition)
            }
        };
        Check {
            span: expect.span,
            passed,
            found,
            why,
        }
    }

    /// What was chosen for a class.
    fn plan(&self, class: &ClassSolution) -> Vec<Text> {
        let Outcome::Feasible(chosen) = &class.outcome else {
            return Vec::new();
        };
        let told = chosen.picks.iter().map(|pick| {
            Text::key("solve.why.chosen")
                .arg("class", class.class.id.as_str())
                .arg("slot", pick.slot.name(&self.spec))
                .arg("stack", stack_name(&pick.stack, self.catalog))
        });
        told.collect()
    }

    /// Whether the condition surely holds on all classes; shows the first class where it does not, else the last.
    fn condition(
        &self,
        classes: &[&ClassSolution],
        feature: Option<&str>,
        condition: &Expr,
    ) -> Judged {
        let mut shown = Text::empty();
        for class in classes {
            let Outcome::Feasible(chosen) = &class.outcome else {
                return Judged::new(false, feasibility(&[class.class.id.as_str()]));
            };
            let concerned = |candidate: &&Candidate| {
                feature.is_some_and(|id| self.spec.features[candidate.slot.feature].id == id)
            };
            if feature.is_none() {
                let facts = totals(
                    chosen.totals.download,
                    chosen.totals.storage,
                    chosen.totals.memory,
                );
                let Said { holds, found, fact } = judged(&class.class, condition, &facts);
                if !holds {
                    let picks = chosen.picks.iter();
                    let why = picks.flat_map(|pick| self.arithmetic(pick, &fact));
                    let mut why: Vec<Text> = why.collect();
                    if fact == "peak_memory" {
                        let app = chosen.totals.baseline.to_string();
                        why.push(Text::key("lsp.line.app").arg("amount", app));
                    }
                    return Judged {
                        why,
                        ..Judged::new(false, found)
                    };
                }
                shown = found;
            }
            let picks = chosen.picks.iter().zip(&chosen.objectives);
            for (pick, worth) in picks.filter(|(pick, _)| concerned(pick)) {
                let case = class.class.case(&self.spec, pick.slot, pick.stack);
                let Some(facts) = StackFacts::new(self.catalog, case, &pick.estimate) else {
                    return Judged::new(false, Text::empty());
                };
                let Said { holds, found, fact } = judged(&class.class, condition, &facts);
                if !holds {
                    let stack = stack_name(&pick.stack, self.catalog);
                    let found = Text::key("solve.test.chosen").arg("found", found);
                    let named = self.against(&class.class, pick, condition);
                    let sum = self.arithmetic(pick, &fact);
                    let mut reasons = [named, sum, vec![worth_of(worth)]].into_iter();
                    let why = reasons.find(|lines| !lines.is_empty());
                    return Judged {
                        why: why.unwrap_or_default(),
                        ..Judged::new(false, found.arg("stack", stack))
                    };
                }
                shown = found;
            }
        }
        Judged::new(true, shown)
    }

    /// The last step of the arithmetic behind a figure of a stack, with those it sums up; none for what is no estimate.
    fn arithmetic(&self, pick: &Candidate, fact: &str) -> Vec<Text> {
        let estimate = &pick.estimate;
        let steps = match fact {
            "peak_memory" => estimate.peak.steps(),
            "ttft" => estimate.ttft.steps(),
            "decode" => estimate.decode.steps(),
            "latency" => estimate.latency.steps(),
            "cold_start" => estimate.cold_start.steps(),
            "download" => estimate.download.steps(),
            "storage" => estimate.storage.steps(),
            "battery" => estimate.battery.steps(),
            _ => &[],
        };
        let told = match steps {
            [.., last] if !last.formula.is_empty() => std::slice::from_ref(last),
            _ => steps,
        };
        let line = |step: &Step| {
            let key = match step.formula.as_str() {
                "" => "solve.test.figure",
                _ => "solve.test.sum",
            };
            Text::key(key)
                .arg("slot", pick.slot.name(&self.spec))
                .arg("what", Text::key(step.what))
                .arg("formula", step.formula.as_str())
                .arg("result", step.result.as_str())
        };
        told.iter().map(line).collect()
    }

    /// What speaks against the models that an expectation names, in the place of what was chosen.
    fn against(&self, class: &DeviceClass, pick: &Candidate, condition: &Expr) -> Vec<Text> {
        let mut named = Vec::new();
        models(condition, &mut named);
        let answers = named
            .into_iter()
            .filter_map(|model| why_not(self.catalog, self.rules, &self.spec, model, self.locked));
        let told = answers.flat_map(|mut answer| {
            let here = |own: &FoilAnswer| own.class == class.id && own.slot == pick.slot;
            answer.answers.retain(here);
            answer.lines(self.catalog, self.rules, &self.spec)
        });
        told.collect()
    }
}

/// The models that a condition asks for by their ids.
fn models<'e>(condition: &'e Expr, named: &mut Vec<&'e str>) {
    let is_model =
        |expr: &Expr| matches!(expr.kind, ExprKind::Fact(id) if Some(id) == find("model.id"));
    let mut text = |expr: &'e Expr| {
        if let ExprKind::Text(id) = &expr.kind {
            named.push(id);
        }
    };
    match &condition.kind {
        ExprKind::Compare(CompareOp::Equal, one, other) if is_model(one) => text(other),
        ExprKind::Compare(CompareOp::Equal, one, other) if is_model(other) => text(one),
        ExprKind::In(one, list) if is_model(one) => {
            if let ExprKind::List(items) = &list.kind {
                items.iter().for_each(text);
            }
        }
        ExprKind::Logic(_, left, right) => {
            models(left, named);
            models(right, named);
        }
        _ => {}
    }
}

/// What came of an expectation.
struct Judged {
    passed: bool,
    found: Text,
    why: Vec<Text>,
}

impl Judged {
    const fn new(passed: bool, found: Text) -> Self {
        let why = Vec::new();
        Self { passed, found, why }
    }
}

/// What a condition comes to on one class.
struct Said {
    holds: bool,
    found: Text,
    /// The fact that decided.
    fact: String,
}

fn judged(class: &DeviceClass, condition: &Expr, facts: &dyn Facts) -> Said {
    let answer = evaluate(condition, facts, View::Certain);
    let operands = answer.operands.iter().take(1);
    let values: Vec<String> = operands
        .map(|operand| format!("{} = {}", operand.name, operand.value))
        .collect();
    let found = Text::key("solve.test.found")
        .arg("class", class.id.as_str())
        .arg("values", values.join(", "));
    let holds = answer.holds == Kleene::True;
    let fact = answer.operands.first();
    let fact = fact.map_or_else(String::new, |operand| operand.name.clone());
    // A person who reads the likely figure would take the expectation for met.
    let found = if !holds && truth(condition, facts, View::Likely) == Kleene::True {
        Text::key("solve.test.width").arg("found", found)
    } else {
        found
    };
    Said { holds, found, fact }
}

/// The facts of the whole plan.
fn totals(
    download: Interval<Bytes>,
    storage: Interval<Bytes>,
    memory: Interval<Bytes>,
) -> Assigned {
    let mut facts = Assigned::new();
    let sums = [
        ("download", download),
        ("storage", storage),
        ("peak_memory", memory),
    ];
    for (path, sum) in sums {
        if let Some(id) = find(path) {
            facts.quantity(id, sum.map(Bytes::as_f64), Dimension::Bytes);
        }
    }
    facts
}

fn infeasible<'c>(classes: &[&'c ClassSolution]) -> Vec<&'c str> {
    let failing = classes
        .iter()
        .filter(|class| matches!(class.outcome, Outcome::Infeasible { .. }));
    failing.map(|class| class.class.id.as_str()).collect()
}

fn feasibility(failing: &[&str]) -> Text {
    if failing.is_empty() {
        Text::key("solve.test.feasible")
    } else {
        Text::key("solve.test.infeasible").arg("classes", failing.join(", "))
    }
}
