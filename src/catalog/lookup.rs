//! Finding records by name, and the places of figures.

use std::borrow::Cow;

use super::builtin::builtin_files;
use super::types::{
    Artifact, ArtifactIx, Backend, BackendIx, Catalog, Device, DeviceIx, License, LicenseGroup,
    LicenseIx, Model, ModelIx, Origin, Platform, PlatformIx, QuantIx, Quantization, Runtime,
    RuntimeIx, Soc, SocIx, Source, SourceIx,
};
use crate::diagnostic::{FileId, Sources, Span};
use crate::spec::{Name, Vocabulary};

/// Declares, for one kind, the look-up by id and the access by index.
macro_rules! kind {
    ($field:ident, $find:ident, $get:ident, $ix:ident, $ty:ident, $what:literal) => {
        #[doc = concat!("The ", $what, " of that id.")]
        #[must_use]
        pub fn $find(&self, id: &str) -> Option<($ix, &$ty)> {
            let at = self
                .$field
                .binary_search_by(|row| row.id.as_str().cmp(id))
                .ok()?;
            Some(($ix(at as u32), &self.$field[at]))
        }

        #[doc = concat!("The ", $what, " at an index this catalog gave out.")]
        #[must_use]
        pub fn $get(&self, ix: $ix) -> &$ty {
            &self.$field[ix.at()]
        }
    };
}

impl Catalog {
    kind!(sources, source, source_at, SourceIx, Source, "source");
    kind!(licenses, license, license_at, LicenseIx, License, "licence");
    kind!(
        quantizations,
        quantization,
        quantization_at,
        QuantIx,
        Quantization,
        "quantization"
    );
    kind!(backends, backend, backend_at, BackendIx, Backend, "backend");
    kind!(runtimes, runtime, runtime_at, RuntimeIx, Runtime, "runtime");
    kind!(
        platforms,
        platform,
        platform_at,
        PlatformIx,
        Platform,
        "platform"
    );
    kind!(socs, soc, soc_at, SocIx, Soc, "chip");
    kind!(devices, device, device_at, DeviceIx, Device, "device");
    kind!(models, model, model_at, ModelIx, Model, "model");
    kind!(
        artifacts,
        artifact,
        artifact_at,
        ArtifactIx,
        Artifact,
        "file"
    );

    /// The group of licences of that id.
    #[must_use]
    pub fn license_group(&self, id: &str) -> Option<&LicenseGroup> {
        self.license_groups.iter().find(|group| group.id == id)
    }

    /// The files of a model, in order of their ids.
    pub fn artifacts_of(&self, model: ModelIx) -> impl Iterator<Item = (ArtifactIx, &Artifact)> {
        self.artifacts
            .iter()
            .enumerate()
            .filter(move |(_, artifact)| artifact.model == model)
            .map(|(at, artifact)| (ArtifactIx(at as u32), artifact))
    }

    /// Every name a spec may use.
    #[must_use]
    pub fn vocabulary(&self) -> Vocabulary {
        let license_groups = self
            .license_groups
            .iter()
            .map(|group| {
                let members = group.members.iter();
                let ids = members.map(|member| self.license_at(*member).id.clone());
                (group.id.clone(), ids.collect())
            })
            .collect();
        Vocabulary {
            models: names(&self.models, |m| (&m.id, vec![m.name.clone()])),
            quantizations: names(&self.quantizations, |q| (&q.id, vec![q.name.clone()])),
            runtimes: names(&self.runtimes, |r| {
                let mut spellings = vec![r.name.clone()];
                spellings.extend(r.aliases.iter().cloned());
                (&r.id, spellings)
            }),
            backends: names(&self.backends, |b| (&b.id, vec![b.name.clone()])),
            platforms: names(&self.platforms, |p| (&p.id, vec![p.name.clone()])),
            devices: names(&self.devices, |d| {
                let with_vendor = format!("{} {}", d.vendor, d.name);
                (&d.id, vec![d.name.clone(), with_vendor])
            }),
            licenses: names(&self.licenses, |l| {
                let mut spellings = vec![l.name.clone()];
                spellings.extend(l.spdx.clone());
                (&l.id, spellings)
            }),
            license_groups,
            vendors: distinct(self.models.iter().map(|model| &model.vendor)),
            families: distinct(self.models.iter().map(|model| &model.family)),
        }
    }

    /// The span of a place, with its file taken into `sources` when it is not there yet.
    pub fn locate(&self, origin: Origin, sources: &mut Sources) -> Span {
        let name = self
            .files
            .get(usize::from(origin.file))
            .map_or("", String::as_str);
        let known = sources
            .iter()
            .find(|(_, file)| file.name == name)
            .map(|(id, _)| id);
        let file: FileId = known.unwrap_or_else(|| sources.add(name, self.text(name)));
        Span {
            file,
            start: origin.start,
            end: origin.end,
        }
    }

    /// The text of one of the files the catalog was made from.
    fn text(&self, name: &str) -> Cow<'static, str> {
        if let Some(text) = self.texts.get(name) {
            return Cow::Owned(text.clone());
        }
        builtin_files()
            .iter()
            .find(|(file, _)| *file == name)
            .map_or(Cow::Borrowed(""), |(_, text)| Cow::Borrowed(*text))
    }
}

/// The rows of one kind as names, in the order of their ids.
fn names<T>(rows: &[T], name: impl Fn(&T) -> (&String, Vec<String>)) -> Vec<Name> {
    rows.iter()
        .map(|row| {
            let (id, mut spellings) = name(row);
            spellings.retain(|spelling| spelling != id);
            Name {
                id: id.clone(),
                spellings,
            }
        })
        .collect()
}

/// Distinct texts as names, sorted.
fn distinct<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<Name> {
    let set: std::collections::BTreeSet<&String> = texts.collect();
    set.into_iter()
        .map(|text| Name {
            id: text.clone(),
            spellings: Vec::new(),
        })
        .collect()
}
