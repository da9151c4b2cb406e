//! Ways out as edits: where nothing fits, the values that would do are written into the findings as fixes.
//!
//! Each was proven by the search: the solver's own ways out hold at their value, and a name that replaces a pinned one
//! is tried before it is offered.

use super::ground::Knowledge;
use crate::catalog::Catalog;
use crate::diagnostic::{
    Applicability, Diagnostic, Edit as Edited, FileId, Fix, Severity, Sources, Span, Text,
};
use crate::pipeline::{Compilation, has_errors, removed};
use crate::solve::solve;
use crate::solve::types::{Candidate, Change, Edit, Outcome, Relaxation, Solution};
use crate::spec::model::{Demand, DemandKind, Spec};

/// Adds fixes to the findings of a spec without an answer. Each name is tried by a search of its own.
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
        let ways: Vec<&Relaxation> = ways_out(solution, finding, spec.file).collect();
        for way in ways {
            if let [change] = way.changes.as_slice()
                && change.edit == Edit::Drop
            {
                let another = another_name(change.span, spec, knowledge, &compilation.sources);
                finding.fixes.extend(another);
            }
            let sources = &compilation.sources;
            finding.fixes.extend(fix_of(way, spec, sources));
        }
    }
}

/// The ways out that change something the finding shows; they do for every class.
fn ways_out<'s>(
    solution: &'s Solution,
    finding: &Diagnostic,
    file: FileId,
) -> impl Iterator<Item = &'s Relaxation> {
    let ways = solution.ways_out().into_iter().flat_map(|(_, ways)| ways);
    let shown = |change: &Change| finding.labels.iter().any(|label| label.span == change.span);
    ways.filter(move |way| {
        way.changes.iter().all(|change| change.span.file == file) && way.changes.iter().any(shown)
    })
}

/// All changes of a way out in one fix; none where one of them is no edit of the text.
fn fix_of(way: &Relaxation, spec: &Spec, sources: &Sources) -> Option<Fix> {
    let mut edits = Vec::with_capacity(way.changes.len());
    for change in &way.changes {
        edits.push(edit(change, spec, sources)?);
    }
    let (first, rest) = way.changes.split_first()?;
    let title = rest.iter().fold(title(first), |text, change| {
        Text::key("lsp.fix.and")
            .arg("changes", text)
            .arg("change", title(change))
    });
    Some(Fix {
        title,
        edits,
        applicability: Applicability::Suggested,
    })
}

fn title(change: &Change) -> Text {
    let text = match &change.edit {
        Edit::Value { to, .. } | Edit::Word { to, .. } => {
            Text::key("lsp.fix.value").arg("to", to.as_str())
        }
        Edit::Drop | Edit::Allow(_) => Text::key("lsp.fix.drop"),
    };
    text.arg("line", change.name.as_str())
}

fn edit(change: &Change, spec: &Spec, sources: &Sources) -> Option<Edited> {
    let span = change.span;
    let line = sources.text(span);
    match &change.edit {
        // What stands behind the operator is replaced.
        Edit::Value { to, .. } => {
            let at = line.find(|c: char| c.is_ascii_digit() || c == '$')?;
            let written = Span {
                start: span.start + at as u32,
                ..span
            };
            let own = line[at..].strip_prefix('$');
            let default = own.and_then(|name| default_of(name.trim(), spec, sources));
            Some(Edited {
                span: default.unwrap_or(written),
                replacement: to.clone(),
            })
        }
        Edit::Word { from, to } => {
            let at = line.find(from.as_str())?;
            let start = span.start + at as u32;
            Some(Edited {
                span: Span {
                    start,
                    end: start + from.len() as u32,
                    ..span
                },
                replacement: to.clone(),
            })
        }
        // A feature, a platform or a device is more than the words that name it.
        Edit::Drop if matches!(change.name.as_str(), "feature" | "platform" | "device") => None,
        Edit::Drop => Some(without(span, sources)),
        Edit::Allow(_) => None,
    }
}

/// Where the value of a parameter stands that nothing else reads: another value there does no harm, and in the place of
/// the parameter it would leave one that nothing reads.
fn default_of(name: &str, spec: &Spec, sources: &Sources) -> Option<Span> {
    let param = spec.params.iter().find(|param| param.name == name)?;
    let (first, others) = param.uses.split_first()?;
    if param.overridden || param.default.is_none() || others.iter().any(|other| other != first) {
        return None;
    }
    let text = &sources.file(param.span.file)?.text;
    let behind = param.span.end as usize;
    let line = text.get(behind..)?.split(['\n', '#']).next()?;
    let (head, value) = line.split_once('=')?;
    let start = behind + head.len() + 1 + value.len() - value.trim_start().len();
    let length = value.trim().len();
    Some(Span::new(param.span.file, start, start + length))
}

/// The line goes, with its line end where it stands alone.
fn without(span: Span, sources: &Sources) -> Edited {
    let text = sources
        .file(span.file)
        .map_or("", |file| file.text.as_ref());
    Edited {
        span: removed(text, span),
        replacement: String::new(),
    }
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
    let edit = Edited {
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

fn fix(title: Text, edit: Edited) -> Fix {
    Fix {
        title,
        edits: vec![edit],
        applicability: Applicability::Suggested,
    }
}
