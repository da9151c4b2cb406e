//! Specs made by hand and those of the repository, for tests of the solver.

use std::path::Path;

use super::question::Question;
use super::types::DeviceClass;
use crate::catalog::builtin;
use crate::diagnostic::{FileId, Locale, Sources, Span};
use crate::estimate::types::Stack;
use crate::quantity::{Share, Tokens};
use crate::spec::model::{
    App, Asked, Budget, Demand, DemandKind, Feature, Objective, PlatformAsk, RamRange, Residency,
    Spec, Task,
};
use crate::spec::{Overrides, resolve};
use crate::syntax::parse;

/// The specs that can be resolved as they stand.
pub(super) fn specs() -> Vec<Spec> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs");
    let mut found = Vec::new();
    for folder in ["", "apps", "infeasible"] {
        let entries = std::fs::read_dir(root.join(folder)).unwrap_or_else(|e| panic!("{e}"));
        for path in entries.flatten().map(|entry| entry.path()) {
            let Ok(text) = std::fs::read_to_string(&path) else {
                continue;
            };
            let file = Sources::new().add("test.edgeplan", text.clone());
            let tree = parse(&text, file).tree;
            let vocabulary = builtin().vocabulary();
            found.extend(resolve(&tree, &vocabulary, &Overrides::default()).spec);
        }
    }
    found
}

/// All stacks of a slot on a class, in their order.
pub(super) fn stacks(question: &Question<'_>, at: usize, class: &DeviceClass) -> Vec<Stack> {
    let mut all = Vec::new();
    question.each_stack(at, class, &|_| true, |stack| all.push(stack));
    all
}

/// Bytes `at..at + 1` of the spec: where line number `at` stands.
pub(super) const fn place(at: usize) -> Span {
    Span::new(FileId(0), at, at + 1)
}

/// A spec for phones of one platform with no features yet.
pub(super) fn spec(platform: &str, min_gib: u32, max_gib: Option<u32>) -> Spec {
    Spec {
        file: FileId(0),
        version: 1,
        name: None,
        locales: Asked::default(vec![Locale::En]),
        params: Vec::new(),
        platforms: vec![PlatformAsk {
            id: platform.to_owned(),
            span: place(1),
            min_os: None,
        }],
        ui: Asked::default("native".to_owned()),
        ram: Asked::written(RamRange { min_gib, max_gib }, place(2)),
        devices: Vec::new(),
        offline: Asked::default(false),
        confidence: Asked::default(Share::new(0.9)),
        features: Vec::new(),
        budget: Budget::default(),
        demands: Vec::new(),
        allows: Vec::new(),
        prefer: Asked::default(preference()),
        fleet: Vec::new(),
        tests: Vec::new(),
        app: App::default(),
    }
}

/// The default order.
fn preference() -> Vec<Objective> {
    vec![
        Objective::Store,
        Objective::Quality,
        Objective::Energy,
        Objective::Memory,
        Objective::Download,
    ]
}

/// A feature with the defaults of its task.
pub(super) fn feature(id: &str, task: Task) -> Feature {
    let tokens = |count| Asked::default(Tokens::new(count));
    Feature {
        id: id.to_owned(),
        span: place(10),
        title: None,
        task: Asked::default(task),
        languages: Asked::default(Vec::new()),
        directions: Vec::new(),
        input: tokens(1024),
        output: tokens(512),
        context: tokens(4096),
        ttft: None,
        decode: None,
        latency: None,
        cold_start: None,
        memory: None,
        demands: Vec::new(),
        prefer: Asked::default(preference()),
        residency: Asked::default(Residency::Exclusive),
    }
}

/// `pin FEATURE.model = "MODEL"` on line `at`.
pub(super) fn pin(feature: &str, model: &str, at: usize) -> Demand {
    Demand {
        kind: DemandKind::Pin {
            feature: feature.to_owned(),
            role: None,
            fact: "model.id".to_owned(),
            value: model.to_owned(),
        },
        span: place(at),
        reason: None,
    }
}
