//! The spec as the plan repeats it: features, hard lines, placeholders.

use super::context::Context;
use super::{defaults, figures, store};
use crate::diagnostic::Span;
use crate::plan::types::{
    Asked, Detail, FeatureAsked, LimitAsked, Parameter, PlatformAsked, RamAsked,
};
use crate::spec::model::{Demand, Feature, Residency, Spec};

pub(super) fn asked(context: &Context<'_>) -> Asked {
    let spec = context.spec;
    Asked {
        name: spec.name.as_ref().map(|name| name.value.clone()),
        platforms: spec
            .platforms
            .iter()
            .map(|asked| PlatformAsked {
                id: asked.id.clone(),
                name: platform_name(context, &asked.id),
                min_os: defaults::min_os(context, asked),
            })
            .collect(),
        ui: spec.ui.value.clone(),
        ram: RamAsked {
            min_gib: spec.ram.value.min_gib,
            max_gib: spec.ram.value.max_gib,
        },
        offline: spec.offline.value,
        confidence: spec.confidence.value.get(),
        features: spec.features.iter().map(|f| feature(context, f)).collect(),
        limits: limits(context),
        defaults: defaults::defaults(context),
        parameters: parameters(context),
    }
}

/// As people write it; the id where the catalog does not know the platform.
pub(super) fn platform_name(context: &Context<'_>, id: &str) -> String {
    let known = context
        .catalog
        .platforms
        .iter()
        .find(|platform| platform.id == id);
    known.map_or_else(|| id.to_owned(), |platform| platform.name.clone())
}

/// One page, or everything: a spec that states limits or several features wants the whole.
pub(super) fn detail(spec: &Spec) -> Detail {
    let budget = &spec.budget;
    let plain = spec.features.len() == 1
        && spec.params.is_empty()
        && spec.devices.is_empty()
        && spec.demands.is_empty()
        && budget.memory.is_none()
        && budget.download.is_none()
        && budget.storage.is_none()
        && budget.battery.is_none()
        && spec
            .features
            .iter()
            .all(|f| bounds(f).is_empty() && f.demands.is_empty());
    if plain { Detail::Basic } else { Detail::Full }
}

/// Where a feature's bounds are written.
fn bounds(feature: &Feature) -> Vec<Span> {
    [
        feature.ttft.as_ref().and_then(|asked| asked.span),
        feature.decode.as_ref().and_then(|asked| asked.span),
        feature.latency.as_ref().and_then(|asked| asked.span),
        feature.cold_start.as_ref().and_then(|asked| asked.span),
        feature.memory.as_ref().and_then(|asked| asked.span),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn feature(context: &Context<'_>, feature: &Feature) -> FeatureAsked {
    let mut limits: Vec<LimitAsked> = bounds(feature)
        .into_iter()
        .map(|span| limit(context, span, None))
        .collect();
    limits.extend(feature.demands.iter().map(|d| demand(context, d)));
    limits.sort_by_key(|limit| limit.line);
    FeatureAsked {
        id: feature.id.clone(),
        title: feature.title.as_ref().map(|title| title.value.clone()),
        task: feature.task.value.id().to_owned(),
        roles: feature
            .task
            .value
            .roles()
            .iter()
            .map(|r| (*r).to_owned())
            .collect(),
        languages: feature.languages.value.clone(),
        directions: feature.directions.clone(),
        input: figures::tokens(feature.input.value),
        output: figures::tokens(feature.output.value),
        context: figures::tokens(feature.context.value),
        limits,
        prefer: store::order(context, feature)
            .into_iter()
            .map(str::to_owned)
            .collect(),
        resident_with: match &feature.residency.value {
            Residency::With(others) => others.clone(),
            Residency::Exclusive => Vec::new(),
        },
    }
}

fn limits(context: &Context<'_>) -> Vec<LimitAsked> {
    let budget = &context.spec.budget;
    let spans = [
        budget.memory.as_ref().and_then(|asked| asked.span),
        budget.download.as_ref().and_then(|asked| asked.span),
        budget.storage.as_ref().and_then(|asked| asked.span),
        budget.battery.as_ref().and_then(|asked| asked.span),
    ];
    let mut limits: Vec<LimitAsked> = spans
        .into_iter()
        .flatten()
        .map(|span| limit(context, span, None))
        .collect();
    limits.extend(context.spec.demands.iter().map(|d| demand(context, d)));
    limits.sort_by_key(|limit| limit.line);
    limits
}

fn demand(context: &Context<'_>, demand: &Demand) -> LimitAsked {
    limit(context, demand.span, demand.reason.clone())
}

fn limit(context: &Context<'_>, span: Span, because: Option<String>) -> LimitAsked {
    let mut text = context.statement(span);
    if because.is_some() {
        // The reason is printed beside the line.
        if let Some(at) = text.rfind(" because ") {
            text.truncate(at);
        }
    }
    LimitAsked {
        text,
        line: context.line_number(span),
        because,
    }
}

/// The spec's own placeholders; without any, the three variables every spec has.
fn parameters(context: &Context<'_>) -> Vec<Parameter> {
    let spec = context.spec;
    if !spec.params.is_empty() {
        return spec
            .params
            .iter()
            .map(|param| {
                let value = param.value.clone().or_else(|| param.default.clone());
                Parameter {
                    name: param.name.clone(),
                    value: value.clone().unwrap_or_default(),
                    declared: true,
                    overridden: param.overridden,
                    replace: format!(
                        "--set {}={}",
                        param.name,
                        compact(&value.unwrap_or_default())
                    ),
                    line: context.line_number(param.span),
                }
            })
            .collect();
    }
    let mut parameters = Vec::new();
    let mut push = |name: &str, span: Option<Span>, example: &str| {
        let Some(span) = span else { return };
        let value = context.statement(span);
        let value = value.strip_prefix(name).unwrap_or(&value).trim();
        parameters.push(Parameter {
            name: name.to_owned(),
            value: value.trim_end_matches('{').trim_end().to_owned(),
            declared: false,
            overridden: false,
            replace: example.to_owned(),
            line: context.line_number(span),
        });
    };
    push(
        "platform",
        spec.platforms.first().map(|p| p.span),
        "platform ios >= 17, android >= 13",
    );
    push(
        "feature",
        spec.features.first().map(|f| f.span),
        "feature diary \"Private diary\"",
    );
    push("ram", spec.ram.span, "ram 6 GB .. 12 GB");
    parameters
}

/// `8 GB` as the command line takes it without quotes: `8GB`.
fn compact(value: &str) -> String {
    value.split_whitespace().collect()
}
