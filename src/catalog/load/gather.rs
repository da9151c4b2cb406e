//! Reads the files and brings the records of one kind together, sorted by id, overrides applied.

use std::borrow::Cow;

use super::context::{Context, DUPLICATE, Kind, NOTHING_TO_OVERRIDE, Names, UNREADABLE, span};
use crate::catalog::record::{
    ArtifactRecord, BackendRecord, CalibrationRecord, CatalogFile, DeviceRecord,
    LicenseGroupRecord, LicenseRecord, ModelRecord, PlatformRecord, QuantizationRecord, Record,
    RuntimeRecord, SocRecord, SourceRecord,
};
use crate::diagnostic::{Applicability, Diagnostic, Span, Text, yaml};

/// Whose file a record stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    /// What the user's files build on.
    Base,
    /// The user's files.
    User,
}

/// The records of one kind with the number of their file, sorted by id.
#[derive(Debug)]
pub(super) struct Table<R> {
    pub(super) rows: Vec<(u16, R)>,
    layers: Vec<Layer>,
}

impl<R> Default for Table<R> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            layers: Vec::new(),
        }
    }
}

impl<R: Record> Table<R> {
    /// Takes the records of a file in.
    fn take(
        &mut self,
        context: &mut Context,
        kind: Kind,
        layer: Layer,
        file: u16,
        records: Vec<R>,
    ) {
        for record in records {
            let id = record.id();
            let found = self
                .rows
                .binary_search_by(|(_, row)| row.id().value.as_str().cmp(&id.value));
            match found {
                Ok(at) if record.overrides() && self.layers[at] != layer => {
                    self.rows[at] = (file, record);
                    self.layers[at] = layer;
                }
                Ok(at) => {
                    let (first_file, first) = &self.rows[at];
                    let first_place = span(*first_file, first.id());
                    let diagnostic = duplicate(context, kind, file, &record, first_place);
                    context.report(diagnostic);
                }
                Err(at) => {
                    if record.overrides() {
                        context.report(Diagnostic::error(
                            NOTHING_TO_OVERRIDE,
                            span(file, id),
                            Text::key("catalog.nothing_to_override")
                                .arg("kind", Text::key(kind.key()))
                                .arg("name", id.value.clone()),
                        ));
                    }
                    self.rows.insert(at, (file, record));
                    self.layers.insert(at, layer);
                }
            }
        }
    }

    fn ids(&self) -> Vec<String> {
        self.rows
            .iter()
            .map(|(_, row)| row.id().value.clone())
            .collect()
    }
}

/// The finding for a second record of one id, with the line that would make it an override.
fn duplicate<R: Record>(
    context: &Context,
    kind: Kind,
    file: u16,
    record: &R,
    first: Span,
) -> Diagnostic {
    let place = span(file, record.id());
    let message = Text::key("catalog.duplicate")
        .arg("kind", Text::key(kind.key()))
        .arg("name", record.id().value.clone());
    let diagnostic = Diagnostic::error(DUPLICATE, place, message)
        .also(first, Text::key("catalog.duplicate.first"));
    if first.file == place.file {
        return diagnostic;
    }
    let text = context
        .sources
        .file(place.file)
        .map_or("", |file| file.text.as_ref());
    let indent = " ".repeat(key_column(text, place.start as usize));
    let end = Span {
        start: place.end,
        ..place
    };
    diagnostic.fix(
        Applicability::Suggested,
        Text::key("catalog.duplicate.fix"),
        end,
        format!("\n{indent}override: true"),
    )
}

/// The column of the key of the `key: value` that stands at `value`.
fn key_column(text: &str, value: usize) -> usize {
    let line = text.get(..value).unwrap_or_default();
    let line = line.rsplit('\n').next().unwrap_or_default();
    line.len() - line.trim_start_matches([' ', '-']).len()
}

/// All records of all files.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) sources: Table<SourceRecord>,
    pub(super) licenses: Table<LicenseRecord>,
    pub(super) license_groups: Table<LicenseGroupRecord>,
    pub(super) quantizations: Table<QuantizationRecord>,
    pub(super) backends: Table<BackendRecord>,
    pub(super) runtimes: Table<RuntimeRecord>,
    pub(super) platforms: Table<PlatformRecord>,
    pub(super) socs: Table<SocRecord>,
    pub(super) devices: Table<DeviceRecord>,
    pub(super) models: Table<ModelRecord>,
    pub(super) artifacts: Vec<(u16, ArtifactRecord)>,
    pub(super) calibrations: Vec<(u16, CalibrationRecord)>,
}

impl Gathered {
    /// Parses a file and takes its records in.
    pub(super) fn read(
        &mut self,
        context: &mut Context,
        layer: Layer,
        name: String,
        text: Cow<'static, str>,
    ) {
        let parsed = serde_saphyr::from_str::<Option<CatalogFile>>(&text);
        let id = context.sources.add(name, text);
        let file = u16::try_from(id.0).unwrap_or(u16::MAX);
        let parsed = match parsed {
            Ok(parsed) => parsed.unwrap_or_default(),
            Err(error) => {
                let text = context
                    .sources
                    .file(id)
                    .map_or("", |file| file.text.as_ref());
                let diagnostic = yaml::unreadable(id, text, &error, UNREADABLE);
                context.report(diagnostic);
                return;
            }
        };
        self.sources
            .take(context, Kind::Source, layer, file, parsed.sources);
        self.licenses
            .take(context, Kind::License, layer, file, parsed.licenses);
        self.license_groups.take(
            context,
            Kind::LicenseGroup,
            layer,
            file,
            parsed.license_groups,
        );
        self.quantizations.take(
            context,
            Kind::Quantization,
            layer,
            file,
            parsed.quantizations,
        );
        self.backends
            .take(context, Kind::Backend, layer, file, parsed.backends);
        self.runtimes
            .take(context, Kind::Runtime, layer, file, parsed.runtimes);
        self.platforms
            .take(context, Kind::Platform, layer, file, parsed.platforms);
        self.socs.take(context, Kind::Soc, layer, file, parsed.socs);
        self.devices
            .take(context, Kind::Device, layer, file, parsed.devices);
        self.models
            .take(context, Kind::Model, layer, file, parsed.models);
        self.artifacts
            .extend(parsed.artifacts.into_iter().map(|record| (file, record)));
        self.calibrations
            .extend(parsed.calibrations.into_iter().map(|record| (file, record)));
    }

    /// The ids that others may name.
    pub(super) fn names(&self) -> Names {
        Names {
            sources: self.sources.ids(),
            licenses: self.licenses.ids(),
            quantizations: self.quantizations.ids(),
            backends: self.backends.ids(),
            runtimes: self.runtimes.ids(),
            platforms: self.platforms.ids(),
            socs: self.socs.ids(),
            models: self.models.ids(),
        }
    }
}
