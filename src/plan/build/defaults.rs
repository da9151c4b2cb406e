//! Values nobody wrote, each with the line that would change it.

use super::context::Context;
use super::store;
use super::words::{plain, say};
use crate::plan::types::{DefaultUsed, Words};
use crate::spec::comfort;
use crate::spec::model::{Feature, Objective, PlatformAsk};

/// The lowest OS version planned for.
pub(super) fn min_os(context: &Context<'_>, asked: &PlatformAsk) -> f64 {
    match &asked.min_os {
        Some(written) => written.value,
        None => context
            .catalog
            .platforms
            .iter()
            .find(|platform| platform.id == asked.id)
            .map_or(0.0, |platform| platform.default_os),
    }
}

pub(super) fn defaults(context: &Context<'_>) -> Vec<DefaultUsed> {
    let spec = context.spec;
    let mut list = List::default();
    for asked in &spec.platforms {
        if asked.min_os.as_ref().is_none_or(|os| os.is_default()) {
            let version = min_os(context, asked);
            let name = super::asked::platform_name(context, &asked.id);
            list.push(
                format!("os.{}", asked.id),
                say("default.os", &[("platform", &plain(&name))]),
                format!("{name} {version}+"),
                format!("platform {} >= {}", asked.id, version + 1.0),
            );
        }
    }
    if spec.ui.is_default() {
        list.simple("ui", &spec.ui.value, "ui flutter");
    }
    if !spec.offline.value {
        list.0.push(DefaultUsed {
            id: "offline".to_owned(),
            what: say("default.offline", &[]),
            value: say("default.not_asked", &[]),
            change: "offline".to_owned(),
        });
    }
    if spec.confidence.is_default() {
        let value = spec.confidence.value.to_string();
        list.simple("confidence", &value, "confidence 95 %");
    }
    if spec.budget.memory.is_none() {
        let value = say("default.platform_grant", &[]);
        list.0.push(DefaultUsed {
            id: "budget.memory".to_owned(),
            what: say("default.budget.memory", &[]),
            value,
            change: "budget { memory <= 40 % of ram }".to_owned(),
        });
    }
    for feature in &spec.features {
        self::feature(context, &mut list, feature, spec.features.len() == 1);
    }
    list.0
}

#[derive(Default)]
struct List(Vec<DefaultUsed>);

impl List {
    fn push(&mut self, id: String, what: Words, value: String, change: String) {
        self.0.push(DefaultUsed {
            id,
            what,
            value: plain(value),
            change,
        });
    }

    fn simple(&mut self, id: &str, value: &str, change: &str) {
        let what = say(&format!("default.{id}"), &[]);
        self.push(id.to_owned(), what, value.to_owned(), change.to_owned());
    }
}

fn feature(context: &Context<'_>, list: &mut List, feature: &Feature, alone: bool) {
    let mut push = |field: &str, default: bool, value: String, change: String| {
        if !default {
            return;
        }
        let what = what(field, feature, alone);
        list.push(format!("{}.{field}", feature.id), what, value, change);
    };
    let task = feature.task.value.id();
    push(
        "task",
        feature.task.is_default(),
        task.to_owned(),
        format!("task {}", if task == "chat" { "summarize" } else { "chat" }),
    );
    let languages = feature.languages.value.join(", ");
    push(
        "languages",
        feature.languages.is_default(),
        if languages.is_empty() {
            "–".to_owned()
        } else {
            languages
        },
        "languages zh, en".to_owned(),
    );
    let keeps_tokens = feature.output.value.get() > 0 || feature.input.value.get() > 0;
    if keeps_tokens {
        let (input, output) = (feature.input.value.get(), feature.output.value.get());
        push(
            "input",
            feature.input.is_default(),
            format!("{input} tokens"),
            format!("input <= {} tokens", input * 2),
        );
        push(
            "output",
            feature.output.is_default(),
            format!("{output} tokens"),
            format!("output <= {} tokens", output * 2),
        );
        let context = feature.context.value.get();
        push(
            "context",
            feature.context.is_default(),
            format!("{context} tokens"),
            format!("context {} tokens", context * 2),
        );
    }
    push(
        "prefer",
        feature.prefer.is_default(),
        store::order(context, feature).join(" > "),
        "prefer energy > quality".to_owned(),
    );
    if !alone {
        push(
            "residency",
            feature.residency.is_default(),
            "exclusive".to_owned(),
            "resident with NAME".to_owned(),
        );
    }
    let kept = store::kept(context, feature);
    if let Some((value, change)) = kept.filter(|_| feature.prefer.is_default()) {
        list.0.push(DefaultUsed {
            id: format!("{}.store", feature.id),
            what: what("store", feature, alone),
            value,
            change,
        });
    }
    if feature.prefer.value.contains(&Objective::Comfort) {
        list.0.push(comfortable(feature, alone));
    }
}

/// What a default is of, with its feature where there are several.
fn what(field: &str, feature: &Feature, alone: bool) -> Words {
    let what = say(&format!("default.feature.{field}"), &[]);
    if alone {
        return what;
    }
    let feature = plain(&feature.id);
    say("default.of", &[("feature", &feature), ("what", &what)])
}

/// What comfort asks for where a feature says nothing of speed. Its place is told by the order of preferences.
fn comfortable(feature: &Feature, alone: bool) -> DefaultUsed {
    let comfort = comfort(feature.task.value);
    // Round numbers, so without the digits that estimates are shown with.
    let wait = plain(format!("{} s", comfort.wait.get()));
    let decode = plain(format!("{} tok/s", comfort.decode.get()));
    let (bound, value) = if feature.output.value.get() > 0 {
        let args = [("wait", &wait), ("decode", &decode)];
        ("ttft", say("default.comfort", &args))
    } else {
        ("latency", say("default.comfort_whole", &[("wait", &wait)]))
    };
    DefaultUsed {
        id: format!("{}.comfort", feature.id),
        what: what("comfort", feature, alone),
        value,
        change: format!("{bound} <= {} s", comfort.wait.get() / 2.0),
    }
}
