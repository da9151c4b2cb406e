//! What a `config.json` says in the catalog's terms: names of families, roles, and the shape of decoders that are the same in
//! every layer. What it says in words of its own (windows, experts, states) is left out, not guessed.

use serde_json::Value;

use crate::catalog::types::Role;

/// `model_type` of decoders whose layers all keep a full cache and nothing else, unless a field of [`SPECIAL`] says so.
const PLAIN: [&str; 36] = [
    "apertus",
    "arcee",
    "cohere",
    "ernie4_5",
    "exaone",
    "gemma",
    "glm",
    "glm4",
    "granite",
    "helium",
    "hunyuan_v1_dense",
    "idefics3",
    "internlm2",
    "internlm3",
    "llama",
    "llava",
    "llava_qwen2",
    "minicpm",
    "ministral3",
    "mistral",
    "mistral3",
    "nemotron",
    "olmo",
    "olmo2",
    "phi",
    "phi3",
    "qwen2",
    "qwen2_5_vl",
    "qwen2_vl",
    "qwen3",
    "qwen3_vl",
    "seed_oss",
    "smollm3",
    "smolvlm",
    "stablelm",
    "starcoder2",
];

/// Fields that say that some layers are of another kind.
const SPECIAL: [&str; 4] = [
    "kv_lora_rank",
    "num_experts",
    "num_local_experts",
    "full_attention_interval",
];

/// `model_type` and the catalog's name of the family, where they differ.
pub(super) const FAMILIES: [(&str, &str); 18] = [
    ("ernie4_5_moe", "ernie4_5moe"),
    ("falcon_h1", "falcon-h1"),
    ("gemma3_text", "gemma3"),
    ("gemma3n_text", "gemma3n"),
    ("gemma4_text", "gemma4"),
    ("gpt_oss", "gpt-oss"),
    ("granite_speech", "granite-speech"),
    ("granitemoehybrid", "granitehybrid"),
    ("lfm2_moe", "lfm2moe"),
    ("mistral3", "ministral3"),
    ("nomic_bert", "nomic-bert"),
    ("qwen2_vl", "qwen2vl"),
    ("qwen3_5_moe", "qwen3_5moe"),
    ("qwen3_5_moe_text", "qwen3_5moe"),
    ("qwen3_5_text", "qwen3_5"),
    ("qwen3_moe", "qwen3moe"),
    ("qwen3_vl_text", "qwen3_vl"),
    ("qwen2_vl_text", "qwen2vl"),
];

/// Names of the family, in a `config.json` or a GGUF file, of what is no model of a language.
const ROLES: [(Role, &[&str]); 3] = [
    (
        Role::Embed,
        &[
            "bert",
            "eurobert",
            "gemma-embedding",
            "jina-bert-v2",
            "jina-bert-v3",
            "modern-bert",
            "modernbert",
            "neo-bert",
            "nomic-bert",
            "nomic-bert-moe",
            "nomic_bert",
            "roberta",
            "xlm-roberta",
        ],
    ),
    (Role::Asr, &["moonshine", "wav2vec2", "whisper"]),
    (Role::Translate, &["m2m_100", "marian"]),
];

/// More layers, or wider ones, no model has.
const MOST: u64 = 1 << 24;
const MOST_LAYERS: u64 = 1024;

/// The catalog's name of a family.
pub(super) fn family(model_type: &str) -> &str {
    let known = FAMILIES.iter().find(|(of, _)| *of == model_type);
    known.map_or(model_type, |(_, name)| name)
}

/// The role of a family: a language model, unless it is known for another.
pub(super) fn role(family: &str) -> Role {
    let known = ROLES.iter().find(|(_, names)| names.contains(&family));
    known.map_or(Role::Llm, |(role, _)| *role)
}

/// The part that tells of the decoder: models that see or hear keep its figures apart.
pub(super) fn decoder(config: &Value) -> &Value {
    config.get("text_config").unwrap_or(config)
}

/// A whole number of the decoder.
pub(super) fn number(config: &Value, key: &str) -> Option<u64> {
    decoder(config).get(key).and_then(Value::as_u64)
}

/// The shape of a plain decoder; `None` where the figures of a GGUF file are needed.
pub(super) fn shape(config: &Value, model_type: &str) -> Option<String> {
    if !(PLAIN.contains(&model_type) && is_plain(config)) {
        return None;
    }
    let of = |key: &str| number(config, key).filter(|it| (1..=MOST).contains(it));
    let layers = of("num_hidden_layers").filter(|it| *it <= MOST_LAYERS)?;
    let (hidden, ffn) = (of("hidden_size")?, of("intermediate_size")?);
    let (heads, vocab) = (of("num_attention_heads")?, of("vocab_size")?);
    let kv_heads = match decoder(config).get("num_key_value_heads") {
        None | Some(Value::Null) => heads,
        Some(_) => of("num_key_value_heads")?,
    };
    let head_dim = of("head_dim").or_else(|| hidden.checked_div(heads))?;
    let tied = decoder(config)
        .get("tie_word_embeddings")
        .and_then(Value::as_bool)
        .map_or(String::new(), |tied| format!(" tied: {tied},"));
    Some(format!(
        "{{ layers: {layers}, hidden: {hidden}, ffn: {ffn}, heads: {heads}, kv_heads: {kv_heads}, \
         head_dim: {head_dim}, vocab: {vocab},{tied} attention: full }}"
    ))
}

/// Whether no field says that a layer is unlike the others.
fn is_plain(config: &Value) -> bool {
    let of = decoder(config);
    let field = |key: &str| of.get(key).filter(|value| !value.is_null());
    let all_full = field("layer_types").is_none_or(|layers| {
        (layers.as_array())
            .is_some_and(|layers| layers.iter().all(|layer| layer == "full_attention"))
    });
    // A window that no context reaches cuts nothing off.
    let windows = field("sliding_window").is_some_and(|window| {
        let off = of.get("use_sliding_window") == Some(&Value::Bool(false));
        let context = number(config, "max_position_embeddings");
        let beyond = (window.as_u64().zip(context)).is_some_and(|(window, most)| window >= most);
        !(off || beyond)
    });
    all_full && !windows && SPECIAL.iter().all(|key| field(key).is_none())
}
