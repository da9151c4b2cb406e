//! llama.cpp's compute buffers of a catalog's models, each replayed once. Charges nothing.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::case::Case;
use super::llama::run::Run;
use super::llama::{self, Place, blueprint};
use super::types::KvType;
use crate::catalog::types::{Model, ModelIx};
use crate::gguf::Kind;
use crate::quantity::Bytes;

/// A model, the settings that shape its graph, and the side that is asked for.
type Key = (ModelIx, Run, Place);

/// Buffers that were asked for before; `None` for models whose graph is not replayed.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    known: Mutex<HashMap<Key, Option<Bytes>>>,
}

impl Clone for Buffers {
    /// A copy that knows nothing yet: what it would know follows from the catalog.
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// The settings of `case` as llama.cpp's context takes them, with logits for `outputs` tokens of a batch.
pub(crate) fn run(case: &Case, outputs: u64) -> Run {
    let settings = case.settings();
    let kind = match settings.kv {
        KvType::F16 => Kind::F16,
        KvType::Q8_0 | KvType::Int8 => Kind::Q8_0,
        KvType::Q4_0 => Kind::Q4_0,
    };
    Run {
        context: settings.context.get(),
        ubatch: u64::from(settings.ubatch),
        outputs: Some(outputs),
        keys: kind,
        values: kind,
        flash: settings.flash_attention,
        ..Run::default()
    }
}

impl Buffers {
    /// The compute buffer of `case`; `None` where its graph is not replayed.
    pub(crate) fn compute(&self, case: &Case, outputs: u64, place: Place) -> Option<Bytes> {
        let run = run(case, outputs);
        let key = (case.stack.model, run, place);
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bytes) = known().get(&key) {
            return *bytes;
        }
        let twin = (first_alike(case), run, place);
        let of_twin = known().get(&twin).copied();
        let bytes = of_twin.unwrap_or_else(|| {
            let (shape, _) = case.shape()?;
            let decoder = blueprint::decoder(&case.model.family, shape)?;
            Some(Bytes::new(llama::compute_bytes(&decoder, &run, place)))
        });
        known().extend([(key, bytes), (twin, bytes)]);
        bytes
    }
}

/// The first model of the catalog with the same graph: fine-tunes differ from their base in nothing that counts here.
fn first_alike(case: &Case) -> ModelIx {
    let own = case.shape().map(|(shape, _)| shape);
    let alike = |model: &Model| {
        model.family == case.model.family && model.arch.as_ref().map(|arch| &arch.value) == own
    };
    let mut models = case.constants.catalog().models.iter();
    models
        .position(alike)
        .map_or(case.stack.model, |at| ModelIx(at as u32))
}
