//! Reports of real stacks, as the command prints them.

use super::{Ask, report};
use crate::catalog;
use crate::diagnostic::Locale;

fn ask(model: &str, quant: &str, runtime: &str, backend: &str, device: &str) -> Ask {
    Ask {
        model: model.to_owned(),
        quant: quant.to_owned(),
        runtime: runtime.to_owned(),
        backend: backend.to_owned(),
        device: device.to_owned(),
        context: 4096,
        kv: None,
        prompt: None,
    }
}

fn text(ask: &Ask, locale: Locale) -> String {
    let catalog = catalog::builtin();
    match report(catalog, ask) {
        Ok(report) => report.text(catalog, locale),
        Err(text) => text.render_with(locale, &crate::diagnostic::messages::lookup),
    }
}

#[test]
fn llama_cpp_on_an_android_cpu() {
    let ask = ask("qwen3-4b", "q4_k_m", "llama.cpp", "cpu", "Galaxy S23");
    insta::assert_snapshot!(text(&ask, Locale::En));
}

#[test]
fn llama_cpp_on_metal_in_chinese() {
    let ask = ask(
        "qwen3-1.7b",
        "Q4_K_M",
        "llama.cpp",
        "metal",
        "iPhone 15 Pro",
    );
    insta::assert_snapshot!(text(&ask, Locale::ZhCn));
}

#[test]
fn windows_on_adreno() {
    let ask = ask(
        "gemma-3-1b-it",
        "q4_k_m",
        "llama.cpp",
        "opencl-adreno",
        "Galaxy S23",
    );
    insta::assert_snapshot!(text(&ask, Locale::En));
}

#[test]
fn unknown_names_get_the_nearest() {
    let mut wrong = ask("qwen3-4b", "q4_k_m", "llama.cp", "cpu", "Galaxy S23");
    assert_eq!(
        text(&wrong, Locale::En),
        "unknown runtime `llama.cp`, did you mean `llama.cpp`?"
    );
    wrong.runtime = "llama.cpp".to_owned();
    wrong.kv = Some("q7".to_owned());
    assert_eq!(
        text(&wrong, Locale::En),
        "`q7` is no KV cache type: use f16, q8_0, q4_0 or int8"
    );
}

#[test]
fn every_line_has_its_words() {
    let catalog = catalog::builtin();
    for locale in Locale::ALL {
        for runtime in ["llama.cpp", "executorch", "mlx-swift", "litert-lm"] {
            for backend in ["cpu", "metal", "opencl-adreno", "opencl"] {
                for quant in ["q4_k_m", "8da4w", "mlx-4bit", "int4"] {
                    let ask = ask("qwen3-1.7b", quant, runtime, backend, "Galaxy S24");
                    let Ok(report) = report(catalog, &ask) else {
                        continue;
                    };
                    let text = report.text(catalog, locale);
                    assert!(
                        !text.contains("step.") && !text.contains("unknown."),
                        "{text}"
                    );
                }
            }
        }
    }
}

#[test]
fn data_carries_the_same_numbers() {
    let catalog = catalog::builtin();
    let ask = ask("qwen3-4b", "q4_k_m", "llama.cpp", "cpu", "Galaxy S23");
    let value = report(catalog, &ask).map(|report| report.json(catalog, Locale::En));
    insta::assert_json_snapshot!(value.unwrap_or_default());
}
