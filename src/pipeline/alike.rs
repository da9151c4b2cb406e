//! Specs that ask the same are answered once: of many specs, most differ from others in names, titles and comments alone.
//!
//! What a solve says follows from the words of a spec, not from where they stand. So findings are kept with places in the
//! spec's bare text, and put where the same words stand in another spec. Findings that hang on what is left out are not kept.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::{Reading, answer_locked, has_errors};
use crate::catalog::types::Catalog;
use crate::diagnostic::{Diagnostic, FileId, Locale, SourceFile, Sources, Span};
use crate::rules::RuleSet;
use crate::solve::Locked;
use crate::spec::model::{Spec, Task};

/// What was said of specs so far, by their bare text. For one catalog, one set of rules and one set of overrides.
#[derive(Debug, Default)]
pub struct Alike {
    known: Mutex<FxHashMap<String, Arc<Said>>>,
}

/// What a solve said of a spec.
#[derive(Debug)]
struct Said {
    /// Places in the spec are places in its bare text.
    findings: Vec<Diagnostic>,
    /// The files they name beside the spec.
    files: Vec<SourceFile>,
}

impl Alike {
    /// All findings of a spec, and the files they name.
    pub(super) fn answer(
        &self,
        reading: Reading,
        catalog: &Catalog,
        rules: &RuleSet,
        locked: &Locked,
    ) -> (Vec<Diagnostic>, Sources) {
        let bare = match &reading.spec {
            Some(spec) if !has_errors(&reading.diagnostics) => Bare::of(&reading, spec, locked),
            _ => return (reading.diagnostics, reading.sources),
        };
        if let Some(said) = self.said(&bare.text)
            && let Some(findings) = moved(&said.findings, |span| bare.placed(span))
        {
            let (mut diagnostics, mut sources) = (reading.diagnostics, reading.sources);
            diagnostics.extend(findings);
            for file in &said.files {
                sources.add(file.name.clone(), file.text.clone());
            }
            return (diagnostics, sources);
        }
        let before = reading.diagnostics.len();
        let answered = answer_locked(reading, catalog, rules, locked);
        let own = &answered.diagnostics[before..];
        if let Some(findings) = moved(own, |span| bare.taken(span)) {
            let files = answered.sources.iter().filter(|(id, _)| *id != SPEC);
            let files = files.map(|(_, file)| file.clone()).collect();
            self.keep(bare.text, Said { findings, files });
        }
        (answered.diagnostics, answered.sources)
    }

    /// How many questions are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .len()
    }

    /// Whether nothing is known yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn said(&self, bare: &str) -> Option<Arc<Said>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(bare).cloned()
    }

    fn keep(&self, bare: String, said: Said) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(bare, Arc::new(said));
    }
}

/// The spec is the first file of its sources.
const SPEC: FileId = FileId(0);

/// A spec's text without its name, titles, comments and empty lines, none of which a solve looks at.
struct Bare {
    text: String,
    /// What was taken over, in order.
    pieces: Vec<Piece>,
}

/// A stretch that stands in both texts.
#[derive(Clone, Copy)]
struct Piece {
    /// Its first byte in the spec.
    spec: u32,
    /// Its first byte in the bare text.
    bare: u32,
    length: u32,
}

impl Bare {
    fn of(reading: &Reading, spec: &Spec, locked: &Locked) -> Self {
        let file = reading.sources.file(SPEC);
        let text = file.map_or("", |file| file.text.as_ref());
        let titles = spec.features.iter().filter_map(|it| it.title.as_ref());
        let words = titles.chain(&spec.name).filter_map(|title| title.span);
        let words: BTreeSet<Span> = words.collect();
        let cuts: BTreeSet<Span> = words
            .iter()
            .chain(&reading.tree.comments)
            .copied()
            .collect();
        let mut cuts = cuts.into_iter().peekable();
        let mut bare = Self {
            // Titles are left out, but a task, languages and a locale that are not written are guessed from them.
            // What was chosen before decides ties.
            text: format!("{:?}\n{:?}\n", guessed(spec), locked.stacks),
            pieces: Vec::new(),
        };
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let (mut from, end) = (start, start + line.len());
            let begun = (bare.text.len(), bare.pieces.len());
            while let Some(cut) = cuts.next_if(|cut| (cut.start as usize) < end) {
                bare.take(text, from..cut.start as usize);
                if words.contains(&cut) {
                    // A title that is there is not one that is missing.
                    bare.text.push_str("\"\"");
                }
                from = cut.end as usize;
            }
            let rest = text[from.min(end)..end].trim_end().len();
            bare.take(text, from..from + rest);
            if bare.text[begun.0..].trim().is_empty() {
                bare.text.truncate(begun.0);
                bare.pieces.truncate(begun.1);
            } else {
                bare.text.push('\n');
            }
            start = end;
        }
        bare
    }

    /// Takes over a stretch of the spec.
    fn take(&mut self, text: &str, range: std::ops::Range<usize>) {
        let Some(piece) = text.get(range.clone()).filter(|piece| !piece.is_empty()) else {
            return;
        };
        self.pieces.push(Piece {
            spec: range.start as u32,
            bare: self.text.len() as u32,
            length: piece.len() as u32,
        });
        self.text.push_str(piece);
    }

    /// Where a span of the spec stands in the bare text; `None` where its ends were not taken over.
    fn taken(&self, span: Span) -> Option<Span> {
        self.carried(span, |piece| (piece.spec, piece.bare))
    }

    /// Where a span of the bare text stands in the spec.
    fn placed(&self, span: Span) -> Option<Span> {
        self.carried(span, |piece| (piece.bare, piece.spec))
    }

    fn carried(&self, span: Span, of: impl Fn(&Piece) -> (u32, u32)) -> Option<Span> {
        // The byte at an end decides whose end it is; an empty span has none.
        let byte = |at: u32| {
            let after = self.pieces.partition_point(|piece| of(piece).0 <= at);
            let piece = self.pieces.get(after.checked_sub(1)?)?;
            let (from, to) = of(piece);
            (at - from < piece.length).then(|| to + (at - from))
        };
        if span.start >= span.end {
            return None;
        }
        Some(Span {
            file: span.file,
            start: byte(span.start)?,
            end: byte(span.end - 1)? + 1,
        })
    }
}

/// What titles decide.
fn guessed(spec: &Spec) -> (&[Locale], Vec<(Task, &[String])>) {
    let features = spec.features.iter();
    let features = features.map(|it| (it.task.value, it.languages.value.as_slice()));
    (&spec.locales.value, features.collect())
}

/// The findings with their places in the spec carried over; `None` where one cannot be.
fn moved(findings: &[Diagnostic], carry: impl Fn(Span) -> Option<Span>) -> Option<Vec<Diagnostic>> {
    let put = |span: &mut Span| {
        if span.file == SPEC {
            *span = carry(*span)?;
        }
        Some(())
    };
    let mut findings = findings.to_vec();
    for finding in &mut findings {
        for label in &mut finding.labels {
            put(&mut label.span)?;
        }
        for span in finding.values.iter_mut().filter_map(|it| it.span.as_mut()) {
            put(span)?;
        }
        for edit in finding.fixes.iter_mut().flat_map(|fix| &mut fix.edits) {
            put(&mut edit.span)?;
        }
    }
    Some(findings)
}
