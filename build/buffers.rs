//! Replays the graphs of the catalog's decoders under usual settings, so that no build of a spec has to.

use std::error::Error;
use std::path::Path;

use crate::catalog::types::Catalog;
use crate::estimate::llama::ahead::{Ahead, replay};
use crate::estimate::llama::blueprint;

/// Writes `buffers.postcard`, an [`Ahead`].
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn generate(catalog: &Catalog, out: &Path) -> Result<(), Box<dyn Error>> {
    let mut seen = Vec::new();
    let mut ahead = Ahead::default();
    for model in &catalog.models {
        let shape = model.arch.as_ref().map(|arch| &arch.value);
        let twin = (&model.family, shape);
        let first = !seen.contains(&twin);
        seen.push(twin);
        let decoder = shape.filter(|_| first);
        let decoder = decoder.and_then(|shape| blueprint::decoder(&model.family, shape));
        ahead.push(decoder.map(|decoder| replay(&decoder)).unwrap_or_default());
    }
    std::fs::write(out.join("buffers.postcard"), postcard::to_stdvec(&ahead)?)?;
    Ok(())
}
