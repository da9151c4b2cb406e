//! Runs the `test` blocks of a spec. How a spec is resolved again with other parameters is the caller's business.

use super::classes::matches;
use super::types::{Candidate, ClassSolution, DeviceClass, Outcome, Solution};
use super::why::stack_name;
use super::{Ask, Locked, diagnostics, solve_asked};
use crate::catalog::types::Catalog;
use crate::diagnostic::{Diagnostic, Severity, Sources, Span, Text};
use crate::quantity::{Bytes, Dimension, Interval};
use crate::rules::RuleSet;
use crate::rules::eval::{Kleene, View, evaluate, truth};
use crate::rules::facts::{Assigned, Facts, StackFacts};
use crate::spec::expr::Expr;
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
            };
        }
        let (passed, found) = match &expect.kind {
            ExpectKind::Feasible => {
                let failing = infeasible(&classes);
                (failing.is_empty(), feasibility(&failing))
            }
            ExpectKind::Infeasible => {
                let failing = infeasible(&classes);
                (!failing.is_empty(), feasibility(&failing))
            }
            ExpectKind::That { feature, condition } => {
                self.condition(&classes, feature.as_deref(), condition)
            }
        };
        Check {
            span: expect.span,
            passed,
            found,
        }
    }

    /// Whether the condition surely holds on all classes; shows the first class where it does not, else the last.
    fn condition(
        &self,
        classes: &[&ClassSolution],
        feature: Option<&str>,
        condition: &Expr,
    ) -> (bool, Text) {
        let mut shown = Text::empty();
        for class in classes {
            let Outcome::Feasible(chosen) = &class.outcome else {
                return (false, feasibility(&[class.class.id.as_str()]));
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
                let (holds, found) = judged(&class.class, condition, &facts);
                if !holds {
                    return (false, found);
                }
                shown = found;
            }
            for pick in chosen.picks.iter().filter(concerned) {
                let case = class.class.case(&self.spec, pick.slot, pick.stack);
                let Some(facts) = StackFacts::new(self.catalog, case, &pick.estimate) else {
                    return (false, Text::empty());
                };
                let (holds, found) = judged(&class.class, condition, &facts);
                if !holds {
                    let stack = stack_name(&pick.stack, self.catalog);
                    let found = Text::key("solve.test.chosen").arg("found", found);
                    return (false, found.arg("stack", stack));
                }
                shown = found;
            }
        }
        (true, shown)
    }
}

fn judged(class: &DeviceClass, condition: &Expr, facts: &dyn Facts) -> (bool, Text) {
    let answer = evaluate(condition, facts, View::Certain);
    let operands = answer.operands.iter().take(1);
    let values: Vec<String> = operands
        .map(|operand| format!("{} = {}", operand.name, operand.value))
        .collect();
    let found = Text::key("solve.test.found")
        .arg("class", class.id.as_str())
        .arg("values", values.join(", "));
    let holds = answer.holds == Kleene::True;
    // A person who reads the likely figure would take the expectation for met.
    if !holds && truth(condition, facts, View::Likely) == Kleene::True {
        return (false, Text::key("solve.test.width").arg("found", found));
    }
    (holds, found)
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
