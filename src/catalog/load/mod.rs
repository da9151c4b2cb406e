//! From records to the resolved catalog: every name found, every figure sourced, every absurd value refused.
//!
//! All findings of all files are reported in one go. Nothing here reads files; the callers hand texts in.

mod context;
mod files;
mod gather;
mod hardware;
mod models;
mod runtimes;
mod terms;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use self::context::Context;
use self::gather::{Gathered, Layer};
use crate::catalog::types::Catalog;
use crate::diagnostic::{Diagnostic, Sources};

/// What stood in the way, with the files that the diagnostics point into.
pub type Failure = (Sources, Vec<Diagnostic>);

/// Name and text of a file.
pub type NamedText = (String, String);

/// Builds the catalog of these files.
///
/// # Errors
/// EP0700 to EP0707: all findings, with the files they point into.
pub fn load(files: Vec<NamedText>) -> Result<Catalog, Failure> {
    overlay(&[], files)
}

/// Builds the catalog of `base` with the records of `user` added to it. A user's record takes the place of the
/// whole base record of its id when it says `override: true`; a name twice without that is an error.
///
/// # Errors
/// As [`load`].
pub fn overlay(
    base: &[(&'static str, &'static str)],
    user: Vec<NamedText>,
) -> Result<Catalog, Failure> {
    let mut context = Context::default();
    let mut gathered = Gathered::default();
    let mut digest = Sha256::new();
    let mut names = Vec::with_capacity(base.len() + user.len());
    let mut texts = BTreeMap::new();
    let base = base.iter().map(|(name, text)| {
        let (name, text) = ((*name).to_owned(), Cow::Borrowed(*text));
        (Layer::Base, name, text)
    });
    let user = user.into_iter().map(|(name, text)| {
        let text = Cow::Owned(text);
        (Layer::User, name, text)
    });
    for (layer, name, text) in base.chain(user) {
        // Lengths keep two different cuts into names and texts from having one digest.
        for part in [name.as_str(), &text] {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part.as_bytes());
        }
        if layer == Layer::User {
            texts.insert(name.clone(), text.clone().into_owned());
        }
        gathered.read(&mut context, layer, name.clone(), text);
        names.push(name);
    }
    let mut catalog = convert(&mut context, gathered);
    if context.diagnostics.is_empty() {
        catalog.files = names;
        catalog.texts = texts;
        catalog.digest = hex(&digest.finalize());
        Ok(catalog)
    } else {
        Err((context.sources, context.diagnostics))
    }
}

/// Resolves everything; findings are left in the context.
fn convert(context: &mut Context, gathered: Gathered) -> Catalog {
    context.names = gathered.names();
    let mut catalog = Catalog::default();
    for (file, record) in gathered.sources.rows {
        catalog.sources.push(terms::source(context, file, record));
    }
    for (file, record) in gathered.licenses.rows {
        catalog.licenses.push(terms::license(context, file, record));
    }
    for (file, record) in gathered.license_groups.rows {
        catalog
            .license_groups
            .push(terms::license_group(context, file, record));
    }
    for (file, record) in gathered.quantizations.rows {
        catalog
            .quantizations
            .push(terms::quantization(context, file, record));
    }
    for (file, record) in gathered.platforms.rows {
        catalog
            .platforms
            .push(hardware::platform(context, file, record));
    }
    for (file, record) in gathered.backends.rows {
        catalog
            .backends
            .push(runtimes::backend(context, file, record));
    }
    for (file, record) in gathered.runtimes.rows {
        catalog
            .runtimes
            .push(runtimes::runtime(context, file, record, &catalog.backends));
    }
    runtimes::inherit(context, &mut catalog.runtimes);
    for (file, record) in gathered.socs.rows {
        catalog.socs.push(hardware::soc(context, file, record));
    }
    for (file, record) in gathered.devices.rows {
        catalog
            .devices
            .push(hardware::device(context, file, record));
    }
    let mut files = Vec::new();
    for (file, record) in gathered.models.rows {
        let (model, entries) = models::model(context, file, record);
        catalog.models.push(model);
        files.extend(entries);
    }
    for (file, record) in gathered.artifacts {
        files.extend(files::separate(context, file, record));
    }
    catalog.artifacts = files::artifacts(context, &catalog, files);
    for (file, record) in gathered.calibrations {
        catalog
            .calibrations
            .push(hardware::calibration(context, file, record));
    }
    catalog.calibrations.sort_by(|a, b| {
        (&a.metric, a.runtime, a.backend, a.family, a.soc)
            .cmp(&(&b.metric, b.runtime, b.backend, b.family, b.soc))
    });
    catalog
}

/// Lower-case hexadecimal.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
