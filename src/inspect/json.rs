//! An inspection as data. Computes nothing.

use serde_json::{Value, json};

use super::text::unknown;
use super::{Context, Inspection};
use crate::diagnostic::Locale;

/// Version of the shape of this data.
const VERSION: u32 = 1;

impl Inspection {
    /// All figures in bytes, by name.
    #[must_use]
    pub fn json(&self, locale: Locale) -> Value {
        let run = &self.setting.run;
        let mix: Vec<Value> = self
            .mix
            .iter()
            .map(|share| {
                json!({
                    "type": share.kind.name(),
                    "tensors": share.tensors,
                    "parameters": share.elements,
                    "bytes": share.bytes,
                })
            })
            .collect();
        let mut value = json!({
            "version": VERSION,
            "architecture": self.architecture,
            "name": self.name,
            "vocabulary_only": self.vocabulary.is_some(),
            "parameters": self.parameters,
            "bits_per_weight": self.bits_per_weight(),
            "file_bytes": self.file,
            "files": self.parts,
            "mix": mix,
            "settings": {
                "backend": self.setting.backend.id(),
                "context": run.context,
                "ubatch": run.tokens(),
                "outputs": run.graph_outputs(),
                "sequences": run.sequences,
                "kv_k": run.keys.name(),
                "kv_v": run.values.name(),
                "flash_attn": run.flash,
                "swa_full": run.full_windows,
                "mmap": self.setting.mmap,
                "repack": self.setting.repack,
            },
            "weights": {
                "mapped": self.placement.mapped,
                "cpu": self.placement.cpu,
                "repacked": self.placement.repacked,
                "device": self.placement.device,
            },
            "total": self.total(),
        });
        if let Some(why) = self.why_no_weights() {
            let name = self.name.as_deref().unwrap_or_default();
            value["unknown"] = json!(why.arg("name", name).render(locale));
            return value;
        }
        match &self.context {
            Ok(context) => add(&mut value, context),
            Err(why) => value["unknown"] = json!(unknown(why).render(locale)),
        }
        value
    }
}

fn add(value: &mut Value, context: &Context) {
    let caches = &context.caches;
    value["kv_cache"] = json!({
        "full": { "bytes": caches.full, "layers": caches.full_layers, "cells": caches.cells },
        "windowed": {
            "bytes": caches.windowed, "layers": caches.windowed_layers, "cells": caches.window_cells,
        },
    });
    value["state"] = json!({ "bytes": caches.state, "layers": caches.state_layers });
    value["compute"] = json!(context.compute);
    value["host_compute"] = json!(context.host_compute);
    value["output"] = json!(context.output);
}
