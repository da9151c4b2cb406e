//! The statements about the app as a whole: where it runs, on which phones, for whom.

use super::desk::{Desk, item, without};
use crate::diagnostic::{Applicability, Code, Diagnostic, Locale, Span, Text};
use crate::quantity::{Dimension, Share};
use crate::spec::model::{App, Asked, Budget, Objective, PlatformAsk, RamRange, Spec};
use crate::syntax::tree::{Bound, Operator, PlatformTerm, Statement, StatementKind, Tree, Value};

/// App toolkits that `platform` may name instead of systems: each stands for iOS and Android.
pub const TOOLKITS: [&str; 3] = ["flutter", "react-native", "kmp"];
/// All app toolkits.
pub const UIS: [&str; 6] = ["native", "flutter", "react-native", "kmp", "unity", "maui"];
/// The largest RAM class that is taken for a phone's, GiB.
const MAX_RAM_GIB: f64 = 64.0;

/// A spec in which everything has its default.
pub(super) fn blank(tree: &Tree) -> Spec {
    Spec {
        file: tree.file,
        version: 1,
        name: None,
        locales: Asked::default(Vec::new()),
        params: Vec::new(),
        platforms: Vec::new(),
        ui: Asked::default("native".to_owned()),
        ram: Asked::default(RamRange {
            min_gib: 1,
            max_gib: None,
        }),
        devices: Vec::new(),
        offline: Asked::default(false),
        confidence: Asked::default(Share::new(0.9)),
        features: Vec::new(),
        budget: Budget::default(),
        demands: Vec::new(),
        allows: Vec::new(),
        prefer: Asked::default(vec![
            Objective::Store,
            Objective::Quality,
            Objective::Energy,
            Objective::Memory,
            Objective::Download,
        ]),
        fleet: Vec::new(),
        tests: Vec::new(),
        app: App::default(),
    }
}

/// Takes in one statement about the app; others are left alone.
pub(super) fn statement(desk: &mut Desk<'_>, statement: &Statement, spec: &mut Spec) {
    let span = statement.span;
    match &statement.kind {
        StatementKind::Name(value) => {
            spec.name = desk.text(value).map(|name| Asked::written(name, span));
        }
        StatementKind::Locale(values) => {
            let locales = values.iter().filter_map(|value| locale(desk, value));
            spec.locales = Asked::written(locales.collect(), span);
        }
        StatementKind::Platform(terms) => platforms(desk, terms, span, spec),
        StatementKind::Ui(value) => {
            if let Some(word) = desk.text(value) {
                let id = word.to_ascii_lowercase();
                if UIS.contains(&id.as_str()) {
                    spec.ui = Asked::written(id, span);
                } else {
                    desk.unknown(202, "language.what.ui", &word, value.span, UIS);
                }
            }
        }
        StatementKind::Ram(bound) => {
            if let Some(range) = ram(desk, bound) {
                spec.ram = Asked::written(range, span);
            }
        }
        StatementKind::RamRange(low, high) => {
            let ends = (ram_class(desk, low), ram_class(desk, high));
            if let (Some(low), Some(high)) = ends {
                if low > high {
                    backwards(desk, span, low, high);
                } else {
                    spec.ram = Asked::written(
                        RamRange {
                            min_gib: low,
                            max_gib: Some(high),
                        },
                        span,
                    );
                }
            }
        }
        StatementKind::Device(values) => devices(desk, values, span, spec),
        StatementKind::Confidence(bound) => {
            if let Some(share) = desk.quantity(&bound.value, Dimension::Share) {
                if share.value < 0.5 || share.value > 0.999 {
                    desk.out_of_range(&bound.value, "50 % .. 99.9 %");
                } else if share.value < 0.8 {
                    let message =
                        Text::key("language.low-confidence").arg("confidence", share.to_string());
                    desk.report(Diagnostic::warning(Code(612), bound.value.span, message));
                }
                spec.confidence = Asked::written(Share::new(share.value), span);
            }
        }
        StatementKind::Users(bound) => {
            if let Some(users) = desk.quantity(&bound.value, Dimension::Number) {
                spec.app.monthly_users = Some(Asked::written(users.value as u64, span));
            }
        }
        StatementKind::Region(values) => {
            for value in values {
                if let Some(region) = desk.region(value) {
                    spec.app.regions.push(Asked::written(region, value.span));
                }
            }
        }
        StatementKind::Flag => match statement.keyword.text.as_str() {
            "offline" => spec.offline = Asked::written(true, span),
            "commercial" => spec.app.non_commercial = Some(Asked::written(false, span)),
            "non-commercial" => spec.app.non_commercial = Some(Asked::written(true, span)),
            _ => {}
        },
        _ => {}
    }
}

fn locale(desk: &mut Desk<'_>, value: &Value) -> Option<Locale> {
    let tag = desk.text(value)?;
    let locale = Locale::parse(&tag);
    if locale.is_none() {
        let known = Locale::ALL.iter().map(|locale| locale.tag());
        desk.unknown(208, "language.what.locale", &tag, value.span, known);
    }
    locale
}

fn devices(desk: &mut Desk<'_>, values: &[Value], span: Span, spec: &mut Spec) {
    let spans: Vec<Span> = values.iter().map(|value| value.span).collect();
    for (at, value) in values.iter().enumerate() {
        let Some(id) = desk.device(value) else {
            continue;
        };
        if spec.devices.iter().any(|known| known.value == id) {
            let message = Text::key("language.twice-in-list").arg("name", id);
            let finding = Diagnostic::error(Code(217), value.span, message);
            // A list of one goes with its keyword.
            let words = if spans.len() > 1 {
                item(&spans, at)
            } else {
                span
            };
            desk.report(without(finding, words));
        } else {
            spec.devices.push(Asked::written(id, value.span));
        }
    }
}

fn platforms(desk: &mut Desk<'_>, terms: &[PlatformTerm], span: Span, spec: &mut Spec) {
    let end = |term: &PlatformTerm| {
        let version = term.version.as_ref();
        version.map_or(term.name.span, |version| {
            term.name.span.to(version.value.span)
        })
    };
    let spans: Vec<Span> = terms.iter().map(end).collect();
    for (place, term) in terms.iter().enumerate() {
        let Some(word) = desk.text(&term.name) else {
            continue;
        };
        let id = word.to_ascii_lowercase().replace('_', "-");
        let at = term.name.span;
        let is_toolkit = TOOLKITS.contains(&id.as_str());
        let mut add = |desk: &mut Desk<'_>, id: &str, min_os| {
            if spec.platforms.iter().any(|known| known.id == id) {
                let message = Text::key("language.twice-in-list").arg("name", id);
                let finding = Diagnostic::error(Code(217), at, message);
                // A toolkit is more than the platform that was named before.
                desk.report(if is_toolkit {
                    finding
                } else {
                    without(finding, item(&spans, place))
                });
                return;
            }
            spec.platforms.push(PlatformAsk {
                id: id.to_owned(),
                span: at,
                min_os,
            });
        };
        if is_toolkit {
            if let Some(version) = &term.version {
                let message = Text::key("language.toolkit-version").arg("toolkit", id.as_str());
                let place = version.value.span;
                desk.report(Diagnostic::error(Code(220), place, message));
            }
            add(desk, "ios", None);
            add(desk, "android", None);
            if spec.ui.is_default() {
                spec.ui = Asked::written(id, span);
            }
            continue;
        }
        match desk.platform(&word) {
            Some(id) => {
                let min_os = term
                    .version
                    .as_ref()
                    .and_then(|bound| os_version(desk, bound));
                add(desk, &id, min_os);
            }
            None => {
                let known = ["ios", "android", "harmonyos"].into_iter().chain(TOOLKITS);
                desk.unknown(201, "language.what.platform", &word, at, known);
            }
        }
    }
}

fn os_version(desk: &mut Desk<'_>, bound: &Bound) -> Option<Asked<f64>> {
    if let Some((operator, span)) = bound.operator
        && operator != Operator::AtLeast
    {
        wrong_direction(desk, span, "language.direction.os", ">=");
    }
    let version = desk.quantity(&bound.value, Dimension::Number)?;
    if !(1.0..=100.0).contains(&version.value) {
        desk.out_of_range(&bound.value, "1 .. 100");
        return None;
    }
    Some(Asked::written(version.value, bound.value.span))
}

fn ram(desk: &mut Desk<'_>, bound: &Bound) -> Option<RamRange> {
    let open_ended = match bound.operator {
        None | Some((Operator::Equal, _)) => false,
        Some((Operator::AtLeast, _)) => true,
        Some((_, span)) => {
            wrong_direction(desk, span, "language.direction.ram", ">=");
            true
        }
    };
    let class = ram_class(desk, &bound.value)?;
    Some(RamRange {
        min_gib: class,
        max_gib: (!open_ended).then_some(class),
    })
}

/// A RAM class: `8 GB`, as phones are sold, is 8 GiB.
pub(super) fn ram_class(desk: &mut Desk<'_>, value: &Value) -> Option<u32> {
    const GB: f64 = 1e9;
    const GIB: f64 = 1_073_741_824.0;
    let bytes = desk.quantity(value, Dimension::Bytes)?.value;
    let whole = |size: f64| {
        let count = bytes / size;
        (count == count.trunc() && (1.0..=MAX_RAM_GIB).contains(&count)).then_some(count as u32)
    };
    let class = whole(GB).or_else(|| whole(GIB));
    if class.is_none() {
        desk.out_of_range(value, "1 GB, 2 GB, 3 GB .. 64 GB");
    }
    class
}

fn backwards(desk: &mut Desk<'_>, span: Span, low: u32, high: u32) {
    let message = Text::key("language.backwards")
        .arg("low", format!("{low} GB"))
        .arg("high", format!("{high} GB"));
    let meant = format!("ram {high} GB .. {low} GB");
    let title = Text::key("language.write").arg("what", meant.as_str());
    desk.report(Diagnostic::error(Code(219), span, message).fix(
        Applicability::Suggested,
        title,
        span,
        meant,
    ));
}

/// Reports a limit that points the wrong way.
pub(super) fn wrong_direction(desk: &mut Desk<'_>, span: Span, key: &'static str, meant: &str) {
    let title = Text::key("language.write").arg("what", meant);
    let finding = Diagnostic::error(Code(221), span, Text::key(key)).fix(
        Applicability::Suggested,
        title,
        span,
        meant,
    );
    desk.report(finding);
}
