//! The stations in order: a spec's text in, findings and a plan out. No IO: a command, an editor or a test calls this.

mod alike;
mod edits;
mod mistakes;

pub use alike::Alike;
pub(crate) use edits::removed;

use std::borrow::Cow;

use self::mistakes::Apart;
use crate::catalog::types::Catalog;
use crate::diagnostic::{Diagnostic, Severity, Sources, Span};
use crate::plan;
use crate::plan::types::Plan;
use crate::rules::RuleSet;
use crate::solve::types::Solution;
use crate::solve::{Ask, Locked, Steps, TestResult};
use crate::spec::model::{RamRange, Spec};
use crate::spec::{self, Overrides, Vocabulary};
use crate::syntax::Tree;
use crate::{solve, syntax};

/// What a plan knows of its bounds: the nearest change each way, where it is found in no time. `whatif` tells more.
pub const STEPS: Steps = Steps {
    each_way: 1,
    slots: 3,
};

/// What a spec is compiled with.
#[derive(Debug, Clone)]
pub struct Options<'a> {
    /// The facts.
    pub catalog: &'a Catalog,
    /// The judgements.
    pub rules: &'a RuleSet,
    /// The names a spec may use: those of the catalog, gathered once for all specs.
    pub vocabulary: Cow<'a, Vocabulary>,
    /// Values of parameters set from outside the spec.
    pub overrides: Overrides,
}

impl<'a> Options<'a> {
    /// These facts and judgements, and no parameter set.
    #[must_use]
    pub fn new(catalog: &'a Catalog, rules: &'a RuleSet) -> Self {
        Self {
            catalog,
            rules,
            vocabulary: Cow::Owned(catalog.vocabulary()),
            overrides: Overrides::default(),
        }
    }
}

/// All that came of one spec. Later stations are missing when an earlier one found errors.
#[derive(Debug)]
pub struct Compilation {
    /// The spec, and the catalog and rule files that findings point into.
    pub sources: Sources,
    /// Findings: those of the text by place, then those of the search.
    pub diagnostics: Vec<Diagnostic>,
    /// What is asked.
    pub spec: Option<Spec>,
    /// The answer per class of phones.
    pub solution: Option<Solution>,
    /// The plan, when nothing stands against it.
    pub plan: Option<Plan>,
}

impl Compilation {
    /// Whether some finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
    }
}

/// A spec as read: all that can be said of it without a search.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The spec.
    pub sources: Sources,
    /// Its statements.
    pub tree: Tree,
    /// What is asked; `None` when something in it could not be settled.
    pub spec: Option<Spec>,
    /// Findings, by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads one spec: syntax, names, types and units, in time proportional to its length. `name` is how findings call
/// the file.
#[must_use]
pub fn read(text: &str, name: &str, vocabulary: &Vocabulary, overrides: &Overrides) -> Reading {
    let mut sources = Sources::new();
    let file = sources.add(name, text.to_owned());
    let parsed = syntax::parse(text, file);
    let mut diagnostics = parsed.diagnostics;
    let resolved = spec::resolve(&parsed.tree, vocabulary, overrides);
    diagnostics.extend(resolved.diagnostics);
    sort_by_place(&mut diagnostics);
    edits::fit(text, file, &mut diagnostics);
    Reading {
        sources,
        tree: parsed.tree,
        spec: resolved.spec,
        diagnostics,
    }
}

/// Searches the answer to a spec that was read, unless the reading found errors.
#[must_use]
pub fn answer(reading: Reading, catalog: &Catalog, rules: &RuleSet) -> Compilation {
    answer_locked(reading, catalog, rules, &Locked::default())
}

/// The same, where what ties on every goal is decided for what an earlier build chose.
#[must_use]
pub fn answer_locked(
    reading: Reading,
    catalog: &Catalog,
    rules: &RuleSet,
    locked: &Locked,
) -> Compilation {
    let ask = Ask {
        locked: Some(locked),
        ..Ask::default()
    };
    answer_asked(reading, catalog, rules, &ask)
}

/// The same, with what else is asked of the search.
#[must_use]
pub fn answer_asked(
    reading: Reading,
    catalog: &Catalog,
    rules: &RuleSet,
    ask: &Ask<'_>,
) -> Compilation {
    let Reading {
        mut sources,
        spec,
        mut diagnostics,
        ..
    } = reading;
    let answered = match &spec {
        Some(spec) if !has_errors(&diagnostics) => {
            let solution = solve::solve_asked(catalog, rules, spec, ask);
            diagnostics.extend(solve::diagnostics(
                &solution,
                spec,
                catalog,
                rules,
                &mut sources,
            ));
            Some(solution)
        }
        _ => None,
    };
    Compilation {
        sources,
        diagnostics,
        spec,
        solution: answered,
        plan: None,
    }
}

/// Checks one spec: everything up to the search, no plan. `name` is how findings call the file.
#[must_use]
pub fn check(text: &str, name: &str, options: &Options<'_>) -> Compilation {
    check_asked(text, name, options, &Ask::default())
}

/// The same, with what else is asked of the search.
#[must_use]
pub fn check_asked(text: &str, name: &str, options: &Options<'_>, ask: &Ask<'_>) -> Compilation {
    let reading = read(text, name, &options.vocabulary, &options.overrides);
    answer_asked(reading, options.catalog, options.rules, ask)
}

/// The findings of [`check`] and the files they name, where what `alike` knows of other specs is not found again. What ties
/// on every goal is decided for what an earlier build chose.
///
/// All specs asked of one `alike` must be asked under the same options.
#[must_use]
pub fn check_alike(
    text: &str,
    name: &str,
    options: &Options<'_>,
    locked: &Locked,
    alike: &Alike,
) -> (Vec<Diagnostic>, Sources) {
    let reading = read(text, name, &options.vocabulary, &options.overrides);
    alike.answer(reading, options.catalog, options.rules, locked)
}

/// Compiles one spec into its plan, when nothing stands against it.
#[must_use]
pub fn compile(text: &str, name: &str, options: &Options<'_>) -> Compilation {
    compile_locked(text, name, options, &Locked::default())
}

/// The same, where what ties on every goal is decided for what an earlier build chose.
#[must_use]
pub fn compile_locked(
    text: &str,
    name: &str,
    options: &Options<'_>,
    locked: &Locked,
) -> Compilation {
    let ask = Ask {
        locked: Some(locked),
        bounds: Some(STEPS),
        beside: true,
    };
    compile_asked(text, name, options, &ask)
}

/// The same, with what else is asked of the search.
#[must_use]
pub fn compile_asked(text: &str, name: &str, options: &Options<'_>, ask: &Ask<'_>) -> Compilation {
    let mut compilation = check_asked(text, name, options, ask);
    if let (Some(spec), Some(solution), false) = (
        &compilation.spec,
        &compilation.solution,
        compilation.has_errors(),
    ) {
        compilation.plan = Some(plan::build(
            options.catalog,
            options.rules,
            spec,
            solution,
            &compilation.sources,
        ));
    }
    compilation
}

/// The plan of a spec for phones of every size, whatever sizes it asks for; none where the spec has errors or names devices
/// alone. Classes for which nothing fits are part of it.
#[must_use]
pub fn every_size(text: &str, name: &str, options: &Options<'_>) -> Option<Plan> {
    let reading = read(text, name, &options.vocabulary, &options.overrides);
    if has_errors(&reading.diagnostics) {
        return None;
    }
    let mut spec = reading.spec?;
    if spec.ram.is_default() && !spec.devices.is_empty() {
        return None;
    }
    spec.ram.value = RamRange {
        min_gib: 0,
        max_gib: None,
    };
    let solution = solve::solve(options.catalog, options.rules, &spec);
    let sources = &reading.sources;
    Some(plan::build(
        options.catalog,
        options.rules,
        &spec,
        &solution,
        sources,
    ))
}

/// What came of the `test` blocks of a spec.
#[derive(Debug)]
pub struct Tested {
    /// The spec.
    pub sources: Sources,
    /// Findings about the spec as it stands, before any test.
    pub diagnostics: Vec<Diagnostic>,
    /// One per block, in order; none when the spec as it stands has errors outside of its tests.
    pub results: Vec<TestResult>,
}

/// Runs the `test` blocks of a spec; each is resolved anew with the parameters it sets.
#[must_use]
pub fn test(text: &str, name: &str, options: &Options<'_>, locked: &Locked) -> Tested {
    let Reading {
        mut sources,
        tree,
        spec,
        diagnostics,
    } = read(text, name, &options.vocabulary, &options.overrides);
    let apart = mistakes::set_apart(text, &tree, &diagnostics);
    let (tree, spec, broken) = match apart {
        Some(Apart { rest, broken }) => {
            let resolved = spec::resolve(&rest, &options.vocabulary, &options.overrides);
            (rest, resolved.spec, broken)
        }
        None => (tree, spec, Vec::new()),
    };
    let mut resolve = |sets: &[(String, String, Span)]| {
        let mut overrides = options.overrides.clone();
        for (name, value, _) in sets {
            overrides.values.insert(name.clone(), value.clone());
        }
        let resolved = spec::resolve(&tree, &options.vocabulary, &overrides);
        resolved.spec.ok_or(resolved.diagnostics)
    };
    let mut results = Vec::new();
    if let Some(spec) = &spec
        && (!broken.is_empty() || !has_errors(&diagnostics))
    {
        let (catalog, rules) = (options.catalog, options.rules);
        results = solve::check_tests(catalog, rules, spec, &mut sources, &mut resolve, locked);
        for (at, result) in broken {
            results.insert(at.min(results.len()), result);
        }
    }
    Tested {
        sources,
        diagnostics,
        results,
    }
}

fn sort_by_place(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(|finding| finding.span().map(|span| (span.start, span.end)));
}

/// Whether some finding is an error.
pub(crate) fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics
        .iter()
        .any(|finding| finding.severity == Severity::Error)
}
