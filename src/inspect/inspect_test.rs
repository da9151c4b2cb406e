//! What an inspection says, as people and programs read it.

use super::{Backend, Imported, Setting, inspect, record};
use crate::catalog;
use crate::diagnostic::Locale;
use crate::estimate::llama::placement::Processor;
use crate::estimate::llama::run::Run;
use crate::gguf::testing::{Writer, llama};
use crate::gguf::{Kind, laid_out};

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
