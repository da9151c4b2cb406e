//! What goes together in the built-in catalog.

use std::collections::BTreeSet;

use super::{Candidate, Graph};
use crate::catalog::builtin;
use crate::catalog::types::Role;

fn candidates(role: Role, platform: &str, ui: &str) -> Vec<Candidate> {
    let catalog = builtin();
    let platform = catalog.platform(platform).map(|(ix, _)| ix);
    platform.map_or_else(Vec::new, |at| Graph::of(catalog).admissible(role, at, ui))
}

fn runtimes(found: &[Candidate]) -> BTreeSet<&'static str> {
    let ids = found
        .iter()
        .map(|one| builtin().runtime_at(one.runtime).id.as_str());
    ids.collect()
}

#[test]
fn every_mobile_platform_can_chat_hear_and_read() {
    for platform in ["ios", "android"] {
        for role in [
            Role::Llm,
            Role::Asr,
            Role::Translate,
            Role::Tts,
            Role::Embed,
            Role::Vision,
        ] {
            assert!(
                !candidates(role, platform, "native").is_empty(),
                "{role:?} on {platform}"
            );
        }
    }
}

#[test]
fn a_toolkit_gets_only_runtimes_with_a_binding_for_it() {
    let found = runtimes(&candidates(Role::Llm, "android", "flutter"));
    assert!(
        found.contains("flutter_gemma") && found.contains("llama_cpp_dart"),
        "{found:?}"
    );
    assert!(
        !found.contains("llama.cpp") && !found.contains("llama.rn"),
        "{found:?}"
    );
}

#[test]
fn apple_runtimes_stay_on_apple_platforms() {
    let found = runtimes(&candidates(Role::Llm, "android", "native"));
    assert!(
        !found.contains("mlx-swift") && !found.contains("apple-foundation-models"),
        "{found:?}"
    );
}

#[test]
fn hexagon_runs_only_what_it_has_kernels_for() {
    let catalog = builtin();
    let hexagon = catalog.backend("hexagon").map(|(ix, _)| ix);
    for one in candidates(Role::Llm, "android", "native") {
        if Some(one.backend) == hexagon {
            let quant = &catalog
                .quantization_at(catalog.artifact_at(one.artifact).quant)
                .id;
            assert!(
                ["q4_0", "q8_0", "mxfp4", "mnn-4bit"].contains(&quant.as_str()),
                "{quant}"
            );
        }
    }
}

#[test]
fn images_need_a_projector_and_text_does_not_pay_for_one() {
    let catalog = builtin();
    let bundled = |role| {
        let found = candidates(role, "ios", "native");
        let files = found.iter().map(|one| catalog.artifact_at(one.artifact));
        let gguf: Vec<bool> = files
            .filter(|file| file.format.id() == "gguf")
            .map(|file| file.bundle)
            .collect();
        gguf
    };
    assert!(bundled(Role::Vision).iter().all(|bundle| *bundle));
    assert!(bundled(Role::Llm).iter().all(|bundle| !*bundle));
}

#[test]
fn the_surroundings_of_a_model_are_drawn() {
    let graph = Graph::of(builtin());
    let dot = graph
        .dot_around("qwen3-4b-instruct-2507")
        .unwrap_or_default();
    assert!(
        dot.contains("holds weights of") && dot.contains("apache-2.0"),
        "{dot}"
    );
    assert!(graph.dot_around("no-such-thing").is_none());
}
