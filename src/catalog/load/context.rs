//! What every conversion needs: names by kind, places, and the list of findings.

use crate::catalog::record::WordsRecord;
use crate::catalog::record::{Figure, Located};
use crate::catalog::types::{Bilingual, Origin, SourceIx, Sourced};
use crate::diagnostic::yaml::Codes;
use crate::diagnostic::{Applicability, Code, Diagnostic, FileId, Sources, Span, Text};

/// Not YAML, or not the shape of a record.
pub(super) const UNREADABLE: Codes = Codes {
    syntax: Code(700),
    shape: Code(701),
};
/// A name nothing has.
pub(super) const UNKNOWN_NAME: Code = Code(702);
/// A name twice.
pub(super) const DUPLICATE: Code = Code(703);
/// A figure without a source.
pub(super) const NO_SOURCE: Code = Code(704);
/// A value that cannot be.
pub(super) const ABSURD: Code = Code(705);
/// Two values that cannot both be.
pub(super) const INCONSISTENT: Code = Code(706);
/// An override of nothing.
pub(super) const NOTHING_TO_OVERRIDE: Code = Code(707);

/// The kinds of records that others name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Source,
    License,
    LicenseGroup,
    Quantization,
    Backend,
    Runtime,
    Platform,
    Soc,
    Device,
    Model,
}

impl Kind {
    /// The message key of its name.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Source => "catalog.kind.source",
            Self::License => "catalog.kind.license",
            Self::LicenseGroup => "catalog.kind.license_group",
            Self::Quantization => "catalog.kind.quantization",
            Self::Backend => "catalog.kind.backend",
            Self::Runtime => "catalog.kind.runtime",
            Self::Platform => "catalog.kind.platform",
            Self::Soc => "catalog.kind.soc",
            Self::Device => "catalog.kind.device",
            Self::Model => "catalog.kind.model",
        }
    }
}

/// Ids of every kind, sorted: the position is the index in the catalog.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) sources: Vec<String>,
    pub(super) licenses: Vec<String>,
    pub(super) quantizations: Vec<String>,
    pub(super) backends: Vec<String>,
    pub(super) runtimes: Vec<String>,
    pub(super) platforms: Vec<String>,
    pub(super) socs: Vec<String>,
    pub(super) models: Vec<String>,
}

impl Names {
    fn of(&self, kind: Kind) -> &[String] {
        match kind {
            Kind::Source => &self.sources,
            Kind::License => &self.licenses,
            Kind::Quantization => &self.quantizations,
            Kind::Backend => &self.backends,
            Kind::Runtime => &self.runtimes,
            Kind::Platform => &self.platforms,
            Kind::Soc => &self.socs,
            Kind::Model => &self.models,
            Kind::LicenseGroup | Kind::Device => &[],
        }
    }
}

/// The state of one load.
#[derive(Debug, Default)]
pub(super) struct Context {
    /// The files, in order: file `n` is `FileId(n)`.
    pub(super) sources: Sources,
    /// Findings so far.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Filled once all files are read.
    pub(super) names: Names,
}

/// The place of a value.
pub(super) fn origin<T>(file: u16, located: &Located<T>) -> Origin {
    Origin {
        file,
        start: located.start,
        end: located.end,
    }
}

/// The place of a value, for diagnostics.
pub(super) fn span<T>(file: u16, located: &Located<T>) -> Span {
    place(origin(file, located))
}

/// A place of the catalog, for diagnostics.
pub(super) fn place(at: Origin) -> Span {
    Span {
        file: FileId(u32::from(at.file)),
        start: at.start,
        end: at.end,
    }
}

/// Words of a record as the catalog keeps them.
pub(super) fn words(record: WordsRecord) -> Bilingual {
    Bilingual {
        en: record.en,
        zh: record.zh,
    }
}

impl Context {
    /// Takes a finding in.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The index of the record of that kind and name; 0 after a finding, which keeps the catalog from being built.
    pub(super) fn refer(&mut self, kind: Kind, file: u16, name: &Located<String>) -> u32 {
        let ids = self.names.of(kind);
        if let Ok(index) = ids.binary_search(&name.value) {
            return index as u32;
        }
        let nearest = nearest(&name.value, ids.iter().map(String::as_str)).map(str::to_owned);
        let message = Text::key("catalog.unknown_name")
            .arg("kind", Text::key(kind.key()))
            .arg("name", name.value.clone());
        let place = span(file, name);
        let mut diagnostic = Diagnostic::error(UNKNOWN_NAME, place, message)
            .help(Text::key("catalog.unknown_name.help").arg("kind", Text::key(kind.key())));
        if let Some(nearest) = nearest {
            let title = Text::key("catalog.unknown_name.fix").arg("nearest", nearest.clone());
            diagnostic = diagnostic.fix(Applicability::Suggested, title, place, nearest);
        }
        self.report(diagnostic);
        0
    }

    /// The sources of a record, of which there must be one at least.
    pub(super) fn record_sources(
        &mut self,
        file: u16,
        id: &Located<String>,
        sources: &[Located<String>],
    ) -> Vec<SourceIx> {
        let found = self.source_list(file, sources);
        if found.is_empty() {
            self.report(
                Diagnostic::error(
                    NO_SOURCE,
                    span(file, id),
                    Text::key("catalog.no_source").arg("name", id.value.clone()),
                )
                .help(Text::key("catalog.no_source.help")),
            );
        }
        found
    }

    /// Named sources, resolved.
    fn source_list(&mut self, file: u16, sources: &[Located<String>]) -> Vec<SourceIx> {
        sources
            .iter()
            .map(|name| SourceIx(self.refer(Kind::Source, file, name)))
            .collect()
    }

    /// A figure's own sources, else those of its record.
    pub(super) fn own_sources(
        &mut self,
        file: u16,
        own: &[Located<String>],
        record: &[SourceIx],
    ) -> Vec<SourceIx> {
        if own.is_empty() {
            record.to_vec()
        } else {
            self.source_list(file, own)
        }
    }

    /// A figure with its sources and place.
    pub(super) fn figure<T: Clone, U>(
        &mut self,
        file: u16,
        figure: &Figure<T>,
        record: &[SourceIx],
        convert: impl Fn(T) -> U,
    ) -> Sourced<U> {
        Sourced {
            value: convert(figure.value.value.clone()),
            sources: self.own_sources(file, &figure.sources, record),
            at: origin(file, &figure.value),
        }
    }

    /// Reports a value outside `low..=high`.
    pub(super) fn within(
        &mut self,
        file: u16,
        value: &Located<f64>,
        what: &'static str,
        low: f64,
        high: f64,
    ) {
        if !(low..=high).contains(&value.value) {
            self.report(Diagnostic::error(
                ABSURD,
                span(file, value),
                Text::key("catalog.absurd")
                    .arg("what", what)
                    .arg("value", value.value.to_string())
                    .arg("low", low.to_string())
                    .arg("high", high.to_string()),
            ));
        }
    }

    /// Reports two values that cannot both hold.
    pub(super) fn inconsistent(&mut self, place: Span, message: Text) {
        self.report(Diagnostic::error(INCONSISTENT, place, message));
    }
}

/// The known name nearest to `name`, if one is near enough to be meant.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|candidate| {
            (
                strsim::normalized_damerau_levenshtein(name, candidate),
                candidate,
            )
        })
        .filter(|(likeness, _)| *likeness >= 0.6)
        // The first of equals, so that the answer does not hang on the iterator's whim.
        .fold(None, |best: Option<(f64, &str)>, next| match best {
            Some(best) if best.0 >= next.0 => Some(best),
            _ => Some(next),
        })
        .map(|(_, candidate)| candidate)
}
