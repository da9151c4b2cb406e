//! Facts of the stack itself: model, file, runtime and backend, and whether they go together.

use super::Value;
use super::asked::languages;
use super::made::tokens;
use super::stack::{Getter, StackFacts, number, text};
use crate::catalog::types::{BackendKind, Capability, OsFloor, SocIx, WeightResidency};
use crate::quantity::{Dimension, Params};

/// Rows for [`super::stack`].
pub(super) const GETTERS: &[Getter] = &[
    ("model.id", |f| text(&f.model.id)),
    ("model.name", |f| text(&f.model.name)),
    ("model.vendor", |f| text(&f.model.vendor)),
    ("model.family", |f| text(&f.model.family)),
    ("model.params", |f| {
        params(f, f.model.params.as_ref().map(|params| params.value))
    }),
    ("model.active_params", |f| {
        let active = f.model.active_params.as_ref().or(f.model.params.as_ref());
        params(f, active.map(|params| params.value))
    }),
    ("model.context", |f| {
        let context = f.model.context.as_ref().map(|context| context.value);
        tokens(context, "unknown.model_context", &f.model.id)
    }),
    ("model.languages", |f| match &f.model.languages {
        Some(known) => Value::List(known.listed.iter().map(String::as_str).collect()),
        None => unknown_languages(f),
    }),
    ("model.language_count", |f| match &f.model.languages {
        Some(known) => {
            let claimed = known.count.map_or(0.0, f64::from);
            let listed = known.listed.len() as f64;
            Value::exact(claimed.max(listed), Dimension::Number)
        }
        None => unknown_languages(f),
    }),
    ("model.languages_complete", |f| {
        let known = f.model.languages.as_ref();
        Value::Bool(known.is_some_and(|languages| languages.complete))
    }),
    ("model.unlisted", |f| match unlisted(f) {
        Some(missing) => Value::List(missing),
        None => unknown_languages(f),
    }),
    ("model.unlisted_count", |f| match unlisted(f) {
        Some(missing) => Value::exact(missing.len() as f64, Dimension::Number),
        None => unknown_languages(f),
    }),
    ("model.capabilities", |f| {
        Value::List(
            f.model
                .capabilities
                .iter()
                .copied()
                .map(Capability::id)
                .collect(),
        )
    }),
    ("model.system", |f| Value::Bool(f.model.system)),
    ("model.streaming", |f| {
        let known = f.model.streaming.map(Value::Bool);
        Value::or_unknown(known, "unknown.model_streaming", &f.model.id)
    }),
    ("model.moe", |f| {
        let arch = f.model.arch.as_ref();
        Value::Bool(arch.is_some_and(|arch| arch.value.moe.is_some()))
    }),
    ("model.fills_role", |f| {
        Value::Bool(f.model.roles.contains(&f.case.role))
    }),
    ("model.quality", |f| {
        let known = f.model.quality_in(f.case.role);
        Value::or_unknown(
            known.map(|quality| Value::exact(quality.index, Dimension::Number)),
            "unknown.model_quality",
            &f.model.id,
        )
    }),
    ("model.vocab", |f| {
        number(
            f.model
                .arch
                .as_ref()
                .map(|arch| f64::from(arch.value.vocab)),
        )
    }),
    ("quant.id", |f| text(&f.quant.id)),
    ("quant.name", |f| text(&f.quant.name)),
    ("quant.family", |f| text(f.quant.family.id())),
    ("quant.bits", |f| {
        Value::exact(f.quant.bits.value, Dimension::Bits)
    }),
    ("quant.trained", |f| Value::Bool(f.quant.trained)),
    ("quant.fast", |f| {
        Value::Bool(f.row.is_none_or(|row| {
            row.fast_quantizations.is_empty() || row.fast_quantizations.contains(&f.artifact.quant)
        }))
    }),
    ("quant.runs", |f| {
        Value::Bool(f.row.is_some_and(|row| {
            row.quantizations.is_empty() || row.quantizations.contains(&f.artifact.quant)
        }))
    }),
    ("artifact.format", |f| text(f.artifact.format.id())),
    ("artifact.exact", |f| Value::Bool(f.artifact.exact)),
    ("artifact.bytes", |f| {
        let bytes = f.artifact.bytes.as_ref().map(|bytes| bytes.value);
        Value::or_unknown(
            bytes.map(|bytes| Value::exact(bytes.as_f64(), Dimension::Bytes)),
            "unknown.artifact_bytes",
            &f.artifact.id,
        )
    }),
    ("artifact.fits_soc", |f| {
        if f.artifact.socs.is_empty() {
            return Value::Bool(true);
        }
        let mut answer = Value::Bool(true);
        for soc in chips(f) {
            match soc {
                Some(soc) if f.artifact.socs.contains(&soc) => {}
                Some(_) => return Value::Bool(false),
                None => {
                    answer = Value::Unknown {
                        missing: "unknown.soc",
                        of: &f.platform().id,
                    };
                }
            }
        }
        answer
    }),
    ("runtime.id", |f| text(&f.runtime.id)),
    ("runtime.name", |f| text(&f.runtime.name)),
    ("runtime.engine", |f| text(&f.engine.id)),
    ("runtime.deprecated", |f| {
        Value::Bool(f.runtime.deprecated || f.engine.deprecated)
    }),
    ("runtime.min_os", |f| {
        Value::or_unknown(
            floor(f).map(|floor| Value::exact(floor.version, Dimension::Number)),
            "unknown.runtime_floor",
            &f.runtime.id,
        )
    }),
    ("runtime.on_platform", |f| Value::Bool(floor(f).is_some())),
    ("runtime.uis", |f| {
        Value::List(f.runtime.uis.iter().map(String::as_str).collect())
    }),
    ("runtime.binds_ui", |f| {
        Value::Bool(f.runtime.uis.contains(&f.case.spec.ui.value))
    }),
    ("runtime.reads_format", |f| {
        Value::Bool(f.runtime.formats.contains(&f.artifact.format))
    }),
    ("runtime.runs_family", |f| {
        let runs = |families: &[String]| families.is_empty() || families.contains(&f.model.family);
        Value::Bool(runs(&f.runtime.families) && runs(&f.engine.families))
    }),
    ("runtime.fills_role", |f| {
        Value::Bool(f.runtime.roles.contains(&f.case.role))
    }),
    ("runtime.features", |f| Value::List(features(f).collect())),
    ("backend.id", |f| text(&f.backend.id)),
    ("backend.name", |f| text(&f.backend.name)),
    ("backend.kind", |f| {
        text(match f.backend.kind {
            BackendKind::Cpu => "cpu",
            BackendKind::Gpu => "gpu",
            BackendKind::Npu => "npu",
            BackendKind::System => "system",
        })
    }),
    ("backend.on_platform", |f| {
        Value::Bool(f.row.is_some() && f.backend.platforms.contains(&f.case.phone.platform))
    }),
    ("backend.fits_soc", fits_soc),
    ("backend.experimental", |f| {
        Value::Bool(f.row.is_some_and(|row| row.experimental))
    }),
    ("backend.background", |f| {
        Value::Bool(f.backend.runs_in_background)
    }),
    ("backend.max_allocation", |f| {
        let limit = f.backend.max_allocation.as_ref();
        limit.map_or(Value::Nothing, |limit| {
            Value::exact(limit.value.as_f64(), Dimension::Bytes)
        })
    }),
    ("weights.residency", |f| {
        let row = f.row.map(|row| match row.residency {
            WeightResidency::MappedClean if row.repacks.contains(&f.quant.family) => "anonymous",
            WeightResidency::MappedClean if !f.case.stack.settings.mmap => "anonymous",
            WeightResidency::MappedClean => "mapped-clean",
            WeightResidency::Anonymous => "anonymous",
            WeightResidency::GpuCopied => "gpu-copied",
            WeightResidency::SystemOwned => "system-owned",
        });
        Value::or_unknown(row.map(Value::Text), "unknown.backend_row", &f.runtime.id)
    }),
    ("kv.type", |f| text(f.case.stack.settings.kv.id())),
    ("kv.supported", |f| {
        let kv = f.case.stack.settings.kv.id();
        Value::Bool(f.row.is_none_or(|row| {
            row.kv_types.is_empty() || row.kv_types.iter().any(|known| known == kv)
        }))
    }),
    ("settings.mmap", |f| Value::Bool(f.case.stack.settings.mmap)),
    ("settings.flash_attention", |f| {
        Value::Bool(f.case.stack.settings.flash_attention)
    }),
    ("settings.threads", |f| {
        number(Some(f64::from(f.case.stack.settings.threads)))
    }),
    ("settings.ubatch", |f| {
        number(Some(f64::from(f.case.stack.settings.ubatch)))
    }),
];

fn params<'a>(facts: &'a StackFacts<'_>, params: Option<Params>) -> Value<'a> {
    Value::or_unknown(
        params.map(|params| Value::exact(params.get() as f64, Dimension::Params)),
        "unknown.params",
        &facts.model.id,
    )
}

/// Languages asked for that the model's maker does not list; `None` when there is no list.
fn unlisted<'a>(facts: &'a StackFacts<'_>) -> Option<Vec<&'a str>> {
    let known = facts.model.languages.as_ref()?;
    Some(
        languages(facts)
            .filter(|language| !known.listed.iter().any(|listed| listed == language))
            .collect(),
    )
}

fn unknown_languages<'a>(facts: &'a StackFacts<'_>) -> Value<'a> {
    Value::Unknown {
        missing: "unknown.model_languages",
        of: &facts.model.id,
    }
}

fn floor<'a>(facts: &StackFacts<'a>) -> Option<&'a OsFloor> {
    let platform = facts.case.phone.platform;
    let of = |floors: &'a [OsFloor]| floors.iter().find(|floor| floor.platform == platform);
    of(&facts.runtime.floors)
}

/// Abilities of the runtime; a binding that says nothing of one has its engine's.
fn features<'a>(facts: &StackFacts<'a>) -> impl Iterator<Item = &'a str> {
    let (own, engine) = (&facts.runtime.features, &facts.engine.features);
    let inherited = engine
        .iter()
        .filter(|feature| !own.iter().any(|said| said.id == feature.id));
    own.iter()
        .chain(inherited)
        .filter(|feature| feature.supported)
        .map(|feature| feature.id.as_str())
}

/// Whether the chips of all phones to be served have what the backend needs: one that lacks it settles the answer, an
/// unknown chip or GPU leaves it open.
fn fits_soc<'a>(facts: &'a StackFacts<'_>) -> Value<'a> {
    let backend = facts.backend;
    if backend.soc_vendors.is_empty() && backend.gpus.is_empty() {
        return Value::Bool(true);
    }
    let mut answer = Value::Bool(true);
    for soc in chips(facts) {
        match fits(facts, soc) {
            Value::Bool(false) => return Value::Bool(false),
            Value::Bool(true) => {}
            open => answer = open,
        }
    }
    answer
}

/// The chips of the phones to be served; `None` for a phone whose chip is unknown.
fn chips<'a>(facts: &'a StackFacts<'_>) -> impl Iterator<Item = Option<SocIx>> + 'a {
    let case = &facts.case;
    let alone = case.covers.is_empty().then_some(case.phone.soc);
    let covered = case.covers.iter().map(|device| {
        let device = facts.catalog.devices.get(device.at());
        device.and_then(|device| device.soc)
    });
    covered.chain(alone)
}

fn fits<'a>(facts: &'a StackFacts<'_>, soc: Option<SocIx>) -> Value<'a> {
    let backend = facts.backend;
    let Some(soc) = soc.and_then(|soc| facts.catalog.socs.get(soc.at())) else {
        return Value::Unknown {
            missing: "unknown.soc",
            of: &facts.platform().id,
        };
    };
    if !backend.soc_vendors.is_empty() && !backend.soc_vendors.contains(&soc.vendor) {
        return Value::Bool(false);
    }
    if backend.gpus.is_empty() {
        return Value::Bool(true);
    }
    let fits = soc.gpu.as_ref().map(|gpu| {
        let known = |prefix: &String| gpu.starts_with(prefix.as_str());
        Value::Bool(backend.gpus.iter().any(known))
    });
    Value::or_unknown(fits, "unknown.soc_gpu", &soc.id)
}
