//! What an inspection says, as people and programs read it.

use super::{Backend, Imported, Setting, inspect, record};
use crate::catalog;
use crate::diagnostic::Locale;
use crate::estimate::llama::placement::Processor;
use crate::estimate::llama::run::Run;
use crate::gguf::testing::{Writer, llama};
use crate::gguf::{Kind, Wrong, laid_out};

const SETTING: Setting = Setting {
    run: Run {
        context: 2048,
        batch: 2048,
        ubatch: 512,
        outputs: None,
        sequences: 1,
        unified: false,
        keys: Kind::Q8_0,
        values: Kind::Q8_0,
        flash: true,
        full_windows: false,
    },
    backend: Backend::Cpu,
    processor: Processor::Arm,
    repack: true,
    mmap: true,
};

#[test]
fn an_inspection_is_a_table_of_buffers() {
    let inspection = inspect(&llama().header(), SETTING);
    let texts = [Locale::En, Locale::ZhCn].map(|locale| inspection.text(locale));
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn programs_read_bytes() {
    let metal = Setting {
        backend: Backend::Metal,
        ..SETTING
    };
    let inspection = inspect(&llama().header(), metal);
    insta::assert_snapshot!(format!("{:#}", inspection.json(Locale::En)));
}

#[test]
fn what_is_not_known_is_said() {
    let header = Writer::default()
        .text("general.architecture", "grok")
        .tensor("token_embd.weight", &[64, 512], Kind::F16)
        .header();
    let inspection = inspect(&header, SETTING);
    assert_eq!(inspection.total(), None);
    insta::assert_snapshot!(inspection.text(Locale::En));
}

/// A file of llama.cpp's own tests: a tokenizer, no weights.
#[test]
fn a_vocabulary_alone_is_said_to_be_one() {
    let header = Writer::default()
        .text("general.architecture", "llama")
        .texts("tokenizer.ggml.tokens", &["a", "bc"])
        .header();
    assert_eq!(header.nothing_inside(), None);
    let inspection = inspect(&header, SETTING);
    let texts = [Locale::En, Locale::ZhCn].map(|locale| inspection.text(locale));
    insta::assert_snapshot!(texts.join("\n"));
    let json = inspection.json(Locale::En);
    assert_eq!(json["vocabulary_only"], true);
    assert!(json["unknown"].is_string() && json["total"].is_null());
    assert!(Imported::of_header(&header, "vocab.gguf").is_err());
}

/// Neither weights nor a vocabulary: a finding, which says whether the architecture is missing too.
#[test]
fn a_file_without_tensors_is_refused() {
    let wrong = |header: crate::gguf::Header| header.nothing_inside().map(|fault| fault.wrong);
    let named = Writer::default().text("general.architecture", "llama");
    for (header, nameless) in [(named.header(), false), (Writer::default().header(), true)] {
        assert_eq!(wrong(header), Some(Wrong::NoTensors { nameless }));
    }
    let weights = Writer::default().tensor("w", &[32], Kind::F32).header();
    assert_eq!(weights.nothing_inside(), None);
    let words = inspect(&weights, SETTING).text(Locale::En);
    assert!(words.starts_with("a model without a name: architecture not named"));
}

/// The sum of the parts is the total, and the cache is counted by hand: 2 blocks x 2 x 2 heads x 16 x 34/32 x 2,048.
#[test]
fn the_total_is_the_sum() {
    let inspection = inspect(&llama().header(), SETTING);
    let context = inspection.context.as_ref().expect("a known architecture");
    assert_eq!(context.caches.full, 2 * 2 * 34 * 2048);
    let sum = inspection.placement.total()
        + context.caches.full
        + context.compute.unwrap_or_default()
        + context.output;
    assert_eq!(inspection.total(), Some(sum));
}

#[test]
fn an_imported_record_is_accepted() {
    let header = llama().header();
    let imported = Imported::of_header(&header, "tiny-llama.gguf").expect("a record");
    let text = record(&imported, "tiny-llama.gguf");
    insta::assert_snapshot!(text);
    let files = vec![("imported.yaml".to_owned(), text)];
    let catalog = catalog::overlay(catalog::builtin_files(), files).expect("a catalog");
    let model = catalog.models.iter().find(|model| model.id == imported.id);
    let shape = model.and_then(|model| model.arch.as_ref());
    assert_eq!(shape.map(|shape| shape.value.head_dim), Some(16));
}

#[test]
fn a_config_gives_what_it_says() {
    let config = r#"{"model_type": "qwen3", "_name_or_path": "acme/Notes 1B", "num_hidden_layers": 28, "hidden_size": 1024,
        "intermediate_size": 3072, "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 151936,
        "tie_word_embeddings": true, "max_position_embeddings": 40960, "sliding_window": null}"#;
    let imported = Imported::of_config(config, "model").expect("a record");
    let text = record(&imported, "config.json");
    insta::assert_snapshot!(text);
    let files = vec![("imported.yaml".to_owned(), text)];
    assert!(catalog::overlay(catalog::builtin_files(), files).is_ok());
    assert!(Imported::of_config("[]", "model").is_err());
    assert!(Imported::of_config("{", "model").is_err());
}

/// Where a writer lays tensors, a reader finds them.
#[test]
fn layout_and_header_agree() {
    let header = llama().header();
    let shaped = header.tensors.iter().map(|it| it.shaped.clone()).collect();
    let kinds: Vec<Kind> = header.tensors.iter().map(|it| it.kind).collect();
    assert_eq!(laid_out(shaped, &kinds), header.tensors);
}

/// A `config.json` with some fields beside those of a plain decoder of 2 layers.
fn config(fields: &str) -> Imported {
    let text = format!(
        "\u{feff}{{\"num_hidden_layers\": 2, \"hidden_size\": 64, \"intermediate_size\": 128, \"num_attention_heads\": 4, \
         \"num_key_value_heads\": 2, \"vocab_size\": 512, \"max_position_embeddings\": 4096, {fields}}}"
    );
    Imported::of_config(&text, "model").unwrap_or_else(|_| panic!("{fields}"))
}

/// Layers without a cache, or with a window, are not taken for layers with a full one.
#[test]
fn a_config_gives_a_shape_of_plain_decoders_alone() {
    for plain in [
        r#""model_type": "llama""#,
        r#""model_type": "qwen3", "layer_types": ["full_attention", "full_attention"]"#,
        r#""model_type": "phi3", "sliding_window": 262144"#,
        r#""model_type": "qwen2", "sliding_window": 1024, "use_sliding_window": false"#,
    ] {
        assert!(config(plain).shape.is_some(), "{plain}");
    }
    for other in [
        r#""model_type": "qwen3_5", "full_attention_interval": 4"#,
        r#""model_type": "falcon_h1", "mamba_d_state": 128"#,
        r#""model_type": "nemotron_h", "hybrid_override_pattern": "M-M*""#,
        r#""model_type": "mistral", "sliding_window": 1024"#,
        r#""model_type": "qwen3", "layer_types": ["full_attention", "sliding_attention"]"#,
        r#""model_type": "qwen3_moe", "num_experts": 128"#,
        r#""model_type": "deepseek_v2", "kv_lora_rank": 512"#,
        r#""model_type": "whisper""#,
        r#""model_type": "llama", "num_hidden_layers": 4000000000"#,
        r#""model_type": "llama", "num_key_value_heads": 0"#,
    ] {
        assert_eq!(config(other).shape, None, "{other}");
        assert!(config(other).missing().is_some(), "{other}");
    }
}

/// The family is the catalog's, or no runtime would run it, and what is no language model does not become one.
#[test]
fn a_config_gives_family_and_role_in_the_catalogs_words() {
    let said = |fields: &str| {
        let imported = config(fields);
        format!("{} {}", imported.family, imported.role.id())
    };
    let vision = r#""model_type": "gemma3", "text_config": {"model_type": "gemma3_text"}"#;
    for (fields, expected) in [
        (r#""model_type": "qwen3_moe""#, "qwen3moe llm"),
        (r#""model_type": "gpt_oss""#, "gpt-oss llm"),
        (r#""model_type": "granitemoehybrid""#, "granitehybrid llm"),
        (r#""model_type": "bert""#, "bert embed"),
        (r#""model_type": "nomic_bert""#, "nomic-bert embed"),
        (r#""model_type": "whisper""#, "whisper asr"),
        (r#""model_type": "m2m_100""#, "m2m_100 translate"),
        (vision, "gemma3 llm"),
    ] {
        assert_eq!(said(fields), expected, "{fields}");
    }
    let families: Vec<&str> = (catalog::builtin().models.iter())
        .map(|model| model.family.as_str())
        .collect();
    for (model_type, family) in super::config::FAMILIES {
        assert!(families.contains(&family), "{model_type}: {family}");
        assert!(!families.contains(&model_type), "{model_type}");
    }
}

#[test]
fn blocks_that_only_predict_further_tokens_stay_in_the_file() {
    let total = |writer: Writer| inspect(&writer.header(), SETTING).placement.total();
    let whole = total(llama());
    let without = total(llama().number("llama.nextn_predict_layers", 1));
    assert!(without < whole, "{without} of {whole}");
}
