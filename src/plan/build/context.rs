//! What every part of the build reads, and the sources it has cited so far.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::types::{Catalog, Role, SourceIx, SourceKind};
use crate::diagnostic::{Sources, Span};
use crate::estimate::types::{Estimate, Stack};
use crate::plan::types::Source;
use crate::rules::RuleSet;
use crate::rules::facts::StackFacts;
use crate::solve::types::{Candidate, ClassSolution, DeviceClass, Slot, Solution};
use crate::spec::model::{Feature, Spec};

/// What a source is cited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    Memory,
    File,
    Model,
    Runtime,
    Licence,
    Judgement,
    Challenge,
    Figure,
}

impl Use {
    const fn id(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::File => "file",
            Self::Model => "model",
            Self::Runtime => "runtime",
            Self::Licence => "licence",
            Self::Judgement => "judgement",
            Self::Challenge => "challenge",
            Self::Figure => "figure",
        }
    }
}

/// Inputs of the build.
pub(super) struct Context<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) rules: &'a RuleSet,
    pub(super) spec: &'a Spec,
    pub(super) solution: &'a Solution,
    pub(super) files: &'a Sources,
    cited: RefCell<BTreeMap<SourceIx, BTreeSet<Use>>>,
}

impl<'a> Context<'a> {
    pub(super) fn new(
        catalog: &'a Catalog,
        rules: &'a RuleSet,
        spec: &'a Spec,
        solution: &'a Solution,
        files: &'a Sources,
    ) -> Self {
        Self {
            catalog,
            rules,
            spec,
            solution,
            files,
            cited: RefCell::new(BTreeMap::new()),
        }
    }

    /// The ids of sources, which the plan will list.
    pub(super) fn cite(&self, what: Use, sources: &[SourceIx]) -> Vec<String> {
        let mut ids = Vec::new();
        for ix in sources {
            let Some(source) = self.catalog.sources.get(ix.at()) else {
                continue;
            };
            self.cited.borrow_mut().entry(*ix).or_default().insert(what);
            if !ids.contains(&source.id) {
                ids.push(source.id.clone());
            }
        }
        ids
    }

    /// The same for sources named by id, as rules do.
    pub(super) fn cite_ids(&self, what: Use, ids: &[String]) -> Vec<String> {
        let found: Vec<SourceIx> = ids
            .iter()
            .filter_map(|id| self.catalog.source(id))
            .map(|(ix, _)| ix)
            .collect();
        self.cite(what, &found)
    }

    /// Everything cited, by id.
    pub(super) fn sources(&self) -> Vec<Source> {
        let cited = self.cited.borrow();
        cited
            .iter()
            .filter_map(|(ix, uses)| Some((self.catalog.sources.get(ix.at())?, uses)))
            .map(|(source, uses)| Source {
                used_for: uses.iter().map(|what| what.id().to_owned()).collect(),
                id: source.id.clone(),
                title: source.title.clone(),
                url: source.url.clone(),
                date: source.date.clone(),
                kind: match source.kind {
                    SourceKind::Primary => "primary",
                    SourceKind::Measured => "measured",
                    SourceKind::Derived => "derived",
                    SourceKind::Secondary => "secondary",
                }
                .to_owned(),
            })
            .collect()
    }

    /// The feature of a slot.
    pub(super) fn feature(&self, slot: Slot) -> &'a Feature {
        &self.spec.features[slot.feature]
    }

    /// The facts of a stack on a class, for conditions and texts of rules.
    pub(super) fn facts<'s>(
        &'s self,
        class: &'s DeviceClass,
        slot: Slot,
        stack: Stack,
        estimate: &'s Estimate,
    ) -> Option<StackFacts<'s>> {
        let case = class.case(self.spec, slot, stack);
        StackFacts::new(self.catalog, case, estimate)
    }

    /// The chosen stacks of every feasible class.
    pub(super) fn chosen(&self) -> impl Iterator<Item = (&'a ClassSolution, &'a [Candidate])> {
        self.solution
            .classes
            .iter()
            .filter_map(|solved| match &solved.outcome {
                crate::solve::types::Outcome::Feasible(chosen) => {
                    Some((solved, chosen.picks.as_slice()))
                }
                crate::solve::types::Outcome::Infeasible { .. } => None,
            })
    }

    /// The name of the spec's file, without folders.
    pub(super) fn file_name(&self) -> String {
        let name = self
            .files
            .file(self.spec.file)
            .map_or("", |file| file.name.as_str());
        name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned()
    }

    /// The line number of a span, from 1.
    pub(super) fn line_number(&self, span: Span) -> u32 {
        let Some(file) = self.files.file(span.file) else {
            return 1;
        };
        let end = (span.start as usize).min(file.text.len());
        1 + file.text.as_bytes()[..end]
            .iter()
            .filter(|b| **b == b'\n')
            .count() as u32
    }

    /// The statement around a span: whole lines without comments, on one line.
    pub(super) fn statement(&self, span: Span) -> String {
        let Some(file) = self.files.file(span.file) else {
            return String::new();
        };
        let text = file.text.as_ref();
        let (start, end) = (
            (span.start as usize).min(text.len()),
            (span.end as usize).min(text.len()),
        );
        let from = text.as_bytes()[..start]
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |at| at + 1);
        let last = end.max(start);
        let to = text.as_bytes()[last..]
            .iter()
            .position(|b| *b == b'\n')
            .map_or(text.len(), |at| last + at);
        let said = text
            .get(from..to)
            .unwrap_or("")
            .lines()
            .flat_map(|line| without_comment(line).split_whitespace())
            .collect::<Vec<_>>()
            .join(" ");
        // The brace that closes the block is no part of the statement before it.
        match said.strip_suffix('}') {
            Some(rest) if !rest.contains('{') => rest.trim_end().to_owned(),
            _ => said,
        }
    }
}

/// A line up to its comment; a `#` inside quotes is none.
fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '#' if !quoted => return &line[..at],
            _ => {}
        }
    }
    line
}

/// Roles whose runtime keeps a context with a KV cache.
pub(super) const fn keeps_context(role: Role) -> bool {
    matches!(role, Role::Llm | Role::Vision | Role::Translate)
}
