//! llama.cpp's compute buffers of a catalog's models, each found once: those that the build replayed ahead are at hand.
//! Charges nothing.

use std::sync::LazyLock;

use super::case::Case;
use super::llama::ahead::{self, Ahead};
use super::llama::run::Run;
use super::llama::{self, Place, blueprint};
use super::memo::Memo;
use super::types::KvType;
use crate::catalog::builtin;
use crate::catalog::types::{Catalog, Model, ModelIx};
use crate::gguf::Kind;
use crate::quantity::Bytes;

/// The buffers of the built-in catalog's decoders, as postcard.
const REPLAYED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/buffers.postcard"));

/// Buffers that were asked for before.
#[derive(Debug, Default, Clone)]
pub(crate) struct Buffers {
    twins: Memo<ModelIx, Twins>,
    /// By the first model with the same graph, the settings that shape it, and the side that is asked for; `None` for models
    /// whose graph is not replayed.
    sizes: Memo<(ModelIx, Run, Place), Option<Bytes>>,
}

/// The first models with the same graph: fine-tunes differ from their base in nothing that counts here.
#[derive(Debug, Clone, Copy)]
struct Twins {
    /// Of the catalog.
    own: ModelIx,
    /// Of the built-in one.
    builtin: Option<ModelIx>,
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
        let twins = self.twins.get(case.stack.model, || Twins {
            own: first_alike(case, case.constants.catalog()).unwrap_or(case.stack.model),
            builtin: first_alike(case, builtin()),
        });
        self.sizes.get((twins.own, run, place), || {
            let known = twins.builtin.and_then(|model| at_hand(model, &run, place));
            known.or_else(|| replayed(case, &run, place))
        })
    }
}

/// The first model of a catalog with the graph of the case's.
fn first_alike(case: &Case, catalog: &Catalog) -> Option<ModelIx> {
    let own = case.shape().map(|(shape, _)| shape);
    let alike = |model: &Model| {
        model.family == case.model.family && model.arch.as_ref().map(|arch| &arch.value) == own
    };
    let at = catalog.models.iter().position(alike)?;
    Some(ModelIx(at as u32))
}

/// What the build found for a model of the built-in catalog.
fn at_hand(model: ModelIx, run: &Run, place: Place) -> Option<Bytes> {
    static AHEAD: LazyLock<Ahead> = LazyLock::new(|| {
        // The blob was written by the build script of this very crate; a test decodes it.
        postcard::from_bytes(REPLAYED).unwrap_or_default()
    });
    let sizes = AHEAD.get(model.at())?;
    let at = ahead::settings().position(|known| known == (*run, place))?;
    sizes.get(at).copied().map(Bytes::new)
}

fn replayed(case: &Case, run: &Run, place: Place) -> Option<Bytes> {
    let (shape, _) = case.shape()?;
    let decoder = blueprint::decoder(&case.model.family, shape)?;
    Some(Bytes::new(llama::compute_bytes(&decoder, run, place)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::default_settings;
    use crate::estimate::llama::ahead::settings;
    use crate::estimate::types::Phone;
    use crate::quantity::Tokens;

    #[test]
    fn what_is_at_hand_is_what_a_replay_gives() {
        let models = builtin().models.iter().enumerate();
        let mut compared = 0;
        // Every so many-th of the settings: all of them were replayed by this very code.
        for (at, model) in models {
            let Some(arch) = &model.arch else { continue };
            let Some(decoder) = blueprint::decoder(&model.family, &arch.value) else {
                continue;
            };
            for (run, place) in settings().skip(at % 8).step_by(8) {
                if let Some(known) = at_hand(ModelIx(at as u32), &run, place) {
                    let bytes = llama::compute_bytes(&decoder, &run, place);
                    assert_eq!(known.get(), bytes, "{} {run:?}", model.id);
                    compared += 1;
                }
            }
        }
        assert!(compared > 200, "{compared}");
    }

    #[test]
    fn default_settings_are_at_hand() {
        let catalog = builtin();
        let known: Vec<(u64, bool)> = settings()
            .filter(|(run, _)| run.context == 4096)
            .map(|(run, _)| (run.ubatch, run.flash))
            .collect();
        for (at, platform) in catalog.platforms.iter().enumerate() {
            let phone = Phone {
                platform: crate::catalog::types::PlatformIx(at as u32),
                ram_gib: 8,
                soc: None,
                device: None,
            };
            for (runtime, backend) in runners() {
                let model = ModelIx(0);
                let context = Tokens::new(4096);
                let of = default_settings(catalog, model, runtime, backend, &phone, context);
                let of = (u64::from(of.ubatch), of.flash_attention);
                assert!(known.contains(&of), "{} {of:?}", platform.id);
            }
        }
    }

    fn runners() -> Vec<(
        crate::catalog::types::RuntimeIx,
        crate::catalog::types::BackendIx,
    )> {
        let runtimes = builtin().runtimes.iter().enumerate();
        let all = runtimes.flat_map(|(at, runtime)| {
            let at = crate::catalog::types::RuntimeIx(at as u32);
            runtime.backends.iter().map(move |row| (at, row.backend))
        });
        all.collect()
    }
}
