//! Ways out as edits: where nothing fits, the values that would do are written into the findings as fixes.
//!
//! Each was proven by the search: the solver's own ways out hold at their value, and a name that replaces a pinned one
//! is tried before it is offered.

use super::session::Knowledge;
use crate::catalog::Catalog;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, Severity, Sources, Span, Text};
use crate::pipeline::{Compilation, has_errors};
use crate::solve::solve;
use crate::solve::types::{Candidate, Outcome, Relaxation, Solution};
use crate::spec::model::{Demand, DemandKind, Spec};

/// Adds fixes to the findings of a spec without an answer.
pub(super) fn add(compilation: &mut Compilation, knowledge: &Knowledge) {
    let (Some(spec), Some(solution)) = (&compilation.spec, &compilation.solution) else {
        return;
    };
    if !has_errors(&compilation.diagnostics) {
        return;
    }
    for finding in &mut compilation.diagnostics {
        if finding.severity != Severity::Error {
            continue;
        }
        for way in ways_out(solution, finding) {
            let Some(span) = way.span.filter(|span| span.file == spec.file) else {
                continue;
            };
            if let Some(to) = &way.to {
                finding
                    .fixes
                    .extend(value(&way, to, span, &compilation.sources));
            } else if way.also.is_empty() {
                finding
                    .fixes
                    .extend(another_name(span, spec, knowledge, &compilation.sources));
                finding
                    .fixes
                    .push(without(&way, span, &compilation.sources));
            }
        }
    }
}

/// The ways out that do for every class whose conflict the finding shows, at the value that does for all of them.
fn ways_out(solution: &Solution, finding: &Diagnostic) -> Vec<Relaxation> {
    let shown = |span: Option<Span>| {
        span.is_some_and(|span| finding.labels.iter().any(|label| label.span == span))
    };
    let mut common: Option<Vec<Relaxation>> = None;
    for class in &solution.classes {
        let Outcome::Infeasible {
            conflict,
            relaxations,
            ..
        } = &class.outcome
        else {
            continue;
        };
        if !conflict.iter().any(|line| shown(line.span)) {
            continue;
        }
        let own = relaxations.iter().filter(|way| shown(way.span));
        common = Some(match common {
            None => own.cloned().collect(),
            Some(known) => known
                .into_iter()
                .filter_map(|way| {
                    let same = |other: &&Relaxation| {
                        (other.span, &other.name, &other.also) == (way.span, &way.name, &way.also)
                    };
                    let other = relaxations.iter().find(same)?;
                    Some(if other.cost > way.cost {
                        other.clone()
                    } else {
                        way
                    })
                })
                .collect(),
        });
    }
    common.unwrap_or_default()
}

/// Another value in the line: what stands behind its operator is replaced.
fn value(way: &Relaxation, to: &str, span: Span, sources: &Sources) -> Option<Fix> {
    let line = sources.text(span);
    let at = line.find(|c: char| c.is_ascii_digit() || c == '$')?;
    let edit = Edit {
        span: Span {
            start: span.start + at as u32,
            ..span
        },
        replacement: to.to_owned(),
    };
    Some(fix(
        Text::key("lsp.fix.value")
            .arg("line", way.name.as_str())
            .arg("to", to),
        edit,
    ))
}

/// The line goes, with its line end where it stands alone.
fn without(way: &Relaxation, span: Span, sources: &Sources) -> Fix {
    let text = sources
        .file(span.file)
        .map_or("", |file| file.text.as_ref());
    let (start, end) = (span.start as usize, span.end as usize);
    let before = text.get(..start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let after = text.get(end..).unwrap_or_default();
    let line_end = after
        .find('\n')
        .map_or(text.len(), |newline| end + newline + 1);
    let alone = text
        .get(line_start..start)
        .is_some_and(|s| s.trim().is_empty())
        && text.get(end..line_end).is_some_and(|s| s.trim().is_empty());
    let span = if alone {
        Span::new(span.file, line_start, line_end)
    } else {
        span
    };
    fix(
        Text::key("lsp.fix.drop").arg("line", way.name.as_str()),
        Edit {
            span,
            replacement: String::new(),
        },
    )
}

/// The name that the search puts in the place of a pinned one, where one name does on every class.
fn another_name(span: Span, spec: &Spec, knowledge: &Knowledge, sources: &Sources) -> Option<Fix> {
    let pinned = demands(spec).find(|demand| demand.span == span)?;
    let DemandKind::Pin {
        feature,
        role,
        fact,
        ..
    } = &pinned.kind
    else {
        return None;
    };
    let mut free = spec.clone();
    edit_demands(&mut free, |demands| {
        demands.retain(|demand| demand.span != span)
    });
    let solution = solve(&knowledge.catalog, &knowledge.rules, &free);
    let feature = spec.features.iter().position(|own| own.id == *feature)?;
    let mut names = Vec::new();
    for class in &solution.classes {
        let Outcome::Feasible(chosen) = &class.outcome else {
            return None;
        };
        let of_slot = |pick: &&Candidate| {
            pick.slot.feature == feature
                && role.as_ref().is_none_or(|role| role == pick.slot.role.id())
        };
        names.extend(
            chosen
                .picks
                .iter()
                .filter(of_slot)
                .filter_map(|pick| name_of(pick, fact, &knowledge.catalog)),
        );
    }
    names.dedup();
    let [name] = names.as_slice() else {
        return None;
    };
    let mut tried = spec.clone();
    edit_demands(&mut tried, |demands| {
        for demand in demands {
            if let DemandKind::Pin { value, .. } = &mut demand.kind
                && demand.span == span
            {
                name.clone_into(value);
            }
        }
    });
    let solution = solve(&knowledge.catalog, &knowledge.rules, &tried);
    let fits = |outcome: &Outcome| matches!(outcome, Outcome::Feasible(_));
    if !solution.classes.iter().all(|class| fits(&class.outcome)) {
        return None;
    }
    let line = sources.text(span);
    let open = line.find('"')?;
    let close = open + 1 + line.get(open + 1..)?.find('"')?;
    let edit = Edit {
        span: Span {
            start: span.start + open as u32,
            end: span.start + close as u32 + 1,
            ..span
        },
        replacement: format!("\"{name}\""),
    };
    Some(fix(
        Text::key("lsp.fix.use").arg("name", name.as_str()),
        edit,
    ))
}

fn name_of(pick: &Candidate, fact: &str, catalog: &Catalog) -> Option<String> {
    let stack = &pick.stack;
    let id = match fact {
        "model.id" => &catalog.model_at(stack.model).id,
        "quant.id" => {
            &catalog
                .quantization_at(catalog.artifact_at(stack.artifact).quant)
                .id
        }
        "runtime.id" => &catalog.runtime_at(stack.runtime).id,
        "backend.id" => &catalog.backend_at(stack.backend).id,
        _ => return None,
    };
    Some(id.clone())
}

fn demands(spec: &Spec) -> impl Iterator<Item = &Demand> {
    let own = spec.features.iter().flat_map(|feature| &feature.demands);
    spec.demands.iter().chain(own)
}

fn edit_demands(spec: &mut Spec, edit: impl Fn(&mut Vec<Demand>)) {
    edit(&mut spec.demands);
    for feature in &mut spec.features {
        edit(&mut feature.demands);
    }
}

fn fix(title: Text, edit: Edit) -> Fix {
    Fix {
        title,
        edits: vec![edit],
        applicability: Applicability::Suggested,
    }
}
