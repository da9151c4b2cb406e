//! Specs made by hand, for tests of the plan.

use crate::diagnostic::{FileId, Locale, Sources, Span};
use crate::quantity::{Share, Tokens};
use crate::spec::model::{
    App, Asked, Budget, Feature, Objective, PlatformAsk, RamRange, Residency, Spec, Task,
};

/// The text that [`chat`] stands for.
pub(crate) const CHAT: &str =
    "edgeplan 1\nplatform flutter\nfeature chat \"离线智能对话\"\nram >= 8 GB\n";

/// The files of [`chat`].
pub(crate) fn files() -> Sources {
    let mut sources = Sources::new();
    sources.add("chat.edgeplan", CHAT);
    sources
}

fn span(words: &str) -> Span {
    let start = CHAT.find(words).unwrap_or(0);
    Span::new(FileId(0), start, start + words.len())
}

/// The three-line spec.
pub(crate) fn chat() -> Spec {
    let platform = |id: &str| PlatformAsk {
        id: id.to_owned(),
        span: span("flutter"),
        min_os: None,
    };
    Spec {
        file: FileId(0),
        version: 1,
        name: None,
        locales: Asked::default(vec![Locale::ZhCn]),
        params: Vec::new(),
        platforms: vec![platform("ios"), platform("android")],
        ui: Asked::written("flutter".to_owned(), span("flutter")),
        ram: Asked::written(
            RamRange {
                min_gib: 8,
                max_gib: None,
            },
            span("ram >= 8 GB"),
        ),
        devices: Vec::new(),
        offline: Asked::default(false),
        confidence: Asked::default(Share::new(0.9)),
        features: vec![Feature {
            id: "chat".to_owned(),
            span: span("chat"),
            title: Some(Asked::written(
                "离线智能对话".to_owned(),
                span("\"离线智能对话\""),
            )),
            task: Asked::default(Task::Chat),
            languages: Asked::default(vec!["zh".to_owned()]),
            directions: Vec::new(),
            input: Asked::default(Tokens::new(1024)),
            output: Asked::default(Tokens::new(512)),
            context: Asked::default(Tokens::new(4096)),
            ttft: None,
            decode: None,
            latency: None,
            cold_start: None,
            memory: None,
            demands: Vec::new(),
            prefer: Asked::default(prefer()),
            residency: Asked::default(Residency::Exclusive),
        }],
        budget: Budget::default(),
        demands: Vec::new(),
        allows: Vec::new(),
        prefer: Asked::default(prefer()),
        fleet: Vec::new(),
        tests: Vec::new(),
        app: App::default(),
    }
}

fn prefer() -> Vec<Objective> {
    vec![
        Objective::Store,
        Objective::Quality,
        Objective::Energy,
        Objective::Memory,
        Objective::Download,
    ]
}
