//! A catalog record from a GGUF header or a `config.json`, as YAML that `catalog check` accepts. Invents nothing: what
//! the file does not say is left out.

use std::fmt::Write as _;

use super::config;
use crate::catalog::types::Role;
use crate::diagnostic::Text;
use crate::estimate::llama::decoder::{Decoder, Feed, Layer, Reads};
use crate::estimate::llama::mix::Mix;
use crate::estimate::llama::placement::is_tied;
use crate::estimate::llama::reading;
use crate::gguf::Header;

/// What goes into a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// Key of the record.
    pub id: String,
    /// As people write it.
    pub name: String,
    /// Maker, where the file says.
    pub vendor: Option<String>,
    /// Architecture family.
    pub family: String,
    /// What it does, by its family.
    pub role: Role,
    /// Elements.
    pub params: Option<u64>,
    /// The shape, as flow YAML.
    pub shape: Option<String>,
    /// Longest context.
    pub context: Option<u64>,
    /// Quantization, bytes and file name of a GGUF file.
    pub file: Option<(String, u64, String)>,
}

/// An id from a name: lower case, digits, dots and dashes.
fn slug(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        let c = c.to_ascii_lowercase();
        if c.is_ascii_alphanumeric() || c == '.' {
            out.push(c);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    let out = out.trim_end_matches(['-', '.']).to_owned();
    let begins = out.starts_with(|c: char| c.is_ascii_lowercase());
    if begins { out } else { format!("model-{out}") }
}

/// A name of a file that is safe to print and to quote.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(120).collect()
}

impl Imported {
    /// The same under another key, spelled as keys are.
    #[must_use]
    pub fn named(mut self, id: &str) -> Self {
        self.id = slug(id);
        self
    }

    /// What a header says. `file` is the name of the (first) file, without its folder.
    ///
    /// # Errors
    /// The header names no architecture, or the file holds no weights.
    pub fn of_header(header: &Header, file: &str) -> Result<Self, Text> {
        if header.tensors.is_empty() {
            return Err(Text::key("inspect.import.no_weights"));
        }
        let family = header
            .text("general.architecture")
            .ok_or_else(|| Text::key("inspect.no_architecture"))?;
        let stem = file.strip_suffix(".gguf").unwrap_or(file);
        let name = plain(header.text("general.name").unwrap_or(stem));
        let decoder = reading::decoder(header).ok();
        let quant = header
            .whole("general.file_type")
            .and_then(|number| u32::try_from(number).ok())
            .and_then(Mix::from_number);
        let params = header
            .tensors
            .iter()
            .fold(0, |sum: u64, it| sum.saturating_add(it.shaped.elements()));
        Ok(Self {
            id: slug(&name),
            vendor: header.text("general.organization").map(plain),
            role: match header.whole(&format!("{family}.pooling_type")) {
                // Mean, first or last: the states of a text are drawn together into one.
                Some(1..=3) => Role::Embed,
                _ => config::role(family),
            },
            family: catalog_family(family),
            params: Some(params),
            shape: decoder
                .as_ref()
                .and_then(|it| shape(it, is_tied(&header.tensors))),
            context: header.whole(&format!("{family}.context_length")),
            file: quant.map(|mix| (mix.id().to_owned(), header.bytes, plain(file))),
            name,
        })
    }

    /// What a `config.json` of the original weights says. `file` is its name or that of its folder.
    ///
    /// # Errors
    /// The text is no JSON object, or names no `model_type`.
    pub fn of_config(text: &str, file: &str) -> Result<Self, Text> {
        let text = text.trim_start_matches('\u{feff}');
        let config: serde_json::Value = serde_json::from_str(text)
            .map_err(|error| Text::key("inspect.config_json").arg("reason", error.to_string()))?;
        // The whole names the family, where a part of it is the decoder.
        let model_type = config
            .get("model_type")
            .or_else(|| config::decoder(&config).get("model_type"))
            .and_then(serde_json::Value::as_str)
            .ok_or_else(|| Text::key("inspect.config_family"))?;
        let name = config
            .get("_name_or_path")
            .and_then(serde_json::Value::as_str)
            .filter(|name| !name.is_empty())
            .unwrap_or(file);
        let name = plain(name.rsplit('/').next().unwrap_or(name));
        let family = plain(config::family(model_type));
        Ok(Self {
            id: slug(&name),
            role: config::role(&family),
            family,
            vendor: None,
            params: None,
            context: config::number(&config, "max_position_embeddings"),
            shape: config::shape(&config, model_type),
            file: None,
            name,
        })
    }

    /// What a plan needs and the file does not say in words that are understood; `None` where nothing is missing.
    #[must_use]
    pub fn missing(&self) -> Option<Text> {
        let key = match (&self.shape, &self.file) {
            (None, None) => "inspect.import.no_shape_no_file",
            (None, Some(_)) => "inspect.import.no_shape",
            (Some(_), None) => "inspect.import.no_file",
            (Some(_), Some(_)) => return None,
        };
        Some(Text::key(key).arg("family", self.family.as_str()))
    }
}

/// The catalog's name of an architecture of GGUF.
fn catalog_family(architecture: &str) -> String {
    match architecture {
        "qwen35" => "qwen3_5",
        "qwen35moe" => "qwen3_5moe",
        "hunyuan-dense" => "hunyuan_v1_dense",
        "mistral3" => "ministral3",
        other => other,
    }
    .chars()
    .filter(|c| !c.is_control())
    .take(40)
    .collect()
}

/// The shape of a decoder in the catalog's terms; `None` where they cannot say it.
fn shape(decoder: &Decoder, tied: bool) -> Option<String> {
    let idle = |it: &Layer| it.mixer.attention().is_none() && it.mixer.recurrent().is_none();
    if decoder.habits.reads != Reads::Cache || decoder.layers.iter().any(idle) {
        return None;
    }
    let heads = || decoder.layers.iter().filter_map(|it| it.mixer.attention());
    let local = heads().find(|it| it.windowed).or_else(|| heads().next())?;
    let (mut ffn, mut moe) = (0, None);
    for layer in &decoder.layers {
        match layer.feed {
            Feed::Dense(dense) => ffn = dense.inner,
            Feed::Experts(experts) => moe = Some(experts),
            Feed::DenseAndExperts(dense, experts) => {
                ffn = dense.inner;
                moe = Some(experts);
            }
            Feed::ChannelMix(inner) => ffn = inner,
            Feed::None => {}
        }
    }
    let mut out = format!(
        "{{ layers: {}, hidden: {}, ffn: {ffn}, heads: {}, kv_heads: {}, head_dim: {}, vocab: {}, tied: {tied}, attention: {}",
        decoder.layers.len(),
        decoder.width,
        local.heads,
        local.kv_heads,
        local.key,
        decoder.vocab,
        attention(decoder)?,
    );
    if let Some(experts) = moe {
        let _ = write!(
            out,
            ", moe: {{ experts: {}, top_k: {}, expert_ffn: {} }}",
            experts.count, experts.used, experts.inner
        );
    }
    if let Some(width) = decoder.habits.per_layer {
        let _ = write!(out, ", per_layer_embedding: {width}");
    }
    out.push_str(" }");
    Some(out)
}

fn attention(decoder: &Decoder) -> Option<String> {
    let heads = || decoder.layers.iter().filter_map(|it| it.mixer.attention());
    let first = heads().next()?;
    if let Some(latent) = first.latent {
        let elements = if latent.absorbed {
            latent.rank + latent.rope
        } else {
            (latent.key + latent.value).saturating_mul(first.heads)
        };
        return Some(format!("{{ latent: {{ elements: {elements} }} }}"));
    }
    if decoder.recurs() {
        let full = heads().count();
        let state: u64 = decoder
            .layers
            .iter()
            .filter_map(|it| it.mixer.recurrent())
            .map(|it| it.convolution_state().saturating_add(it.carried_state()))
            .sum();
        return Some(format!(
            "{{ hybrid: {{ full_layers: {full}, state_elements: {state} }} }}"
        ));
    }
    let Some(window) = decoder.window else {
        return Some("full".to_owned());
    };
    let own = || heads().filter(|it| it.caches);
    let local = own().filter(|it| it.windowed).count();
    let global = own().filter(|it| !it.windowed).count();
    let mut out =
        format!("{{ sliding: {{ window: {window}, global_layers: {global}, local_layers: {local}");
    let (a, b) = (own().find(|it| !it.windowed), own().find(|it| it.windowed));
    if let (Some(global), Some(local)) = (a, b) {
        if global.kv_heads != local.kv_heads {
            let _ = write!(out, ", global_kv_heads: {}", global.kv_heads);
        }
        if global.key != local.key {
            let _ = write!(out, ", global_head_dim: {}", global.key);
        }
    }
    out.push_str(" } }");
    Some(out)
}

/// The record as a catalog file: the model, its file, and a source that names where the figures come from.
#[must_use]
pub fn record(imported: &Imported, from: &str) -> String {
    let quoted = |text: &str| serde_json::Value::String(text.to_owned()).to_string();
    let source = format!("{}-file", imported.id);
    let mut out = format!(
        "sources:\n  - {{ id: {source}, title: {}, kind: derived }}\nmodels:\n  - id: {}\n    name: {}\n    vendor: {}\n    roles: [{}]\n    family: {}\n",
        quoted(&format!("header of {}", plain(from))),
        imported.id,
        quoted(&imported.name),
        quoted(imported.vendor.as_deref().unwrap_or("unknown")),
        imported.role.id(),
        quoted(&imported.family),
    );
    if let Some(params) = imported.params {
        let _ = writeln!(out, "    params: {params}");
    }
    if let Some(shape) = &imported.shape {
        let _ = writeln!(out, "    arch: {shape}");
    }
    if let Some(context) = imported.context {
        let _ = writeln!(out, "    context: {context}");
    }
    if let Some((quant, bytes, file)) = &imported.file {
        let _ = writeln!(
            out,
            "    files:\n      - {{ format: gguf, quant: {quant}, bytes: {bytes}, exact: true, file: {} }}",
            quoted(file)
        );
    }
    let _ = writeln!(out, "    sources: [{source}]");
    out
}
