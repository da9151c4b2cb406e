//! Facts of licences, of the model and of the runtime.

use super::Value;
use super::stack::{Getter, StackFacts, number, text};
use crate::catalog::types::{Commercial, License};
use crate::quantity::Dimension;

/// Rows for [`super::stack`].
pub(super) const GETTERS: &[Getter] = &[
    ("license.id", |f| of_model(f, |license| text(&license.id))),
    ("license.name", |f| {
        of_model(f, |license| text(&license.name))
    }),
    ("license.commercial", |f| {
        of_model(f, |license| text(commercial(license.commercial)))
    }),
    ("license.max_users", |f| {
        of_model(f, |license| {
            number(license.max_monthly_users.map(|users| users as f64))
        })
    }),
    ("license.max_revenue", |f| {
        of_model(f, |license| {
            number(license.max_revenue_usd.map(|dollars| dollars as f64))
        })
    }),
    ("license.excluded_regions", |f| {
        of_model(f, |license| {
            Value::List(
                license
                    .excluded_regions
                    .iter()
                    .map(String::as_str)
                    .collect(),
            )
        })
    }),
    ("license.refused_regions", |f| match f.license {
        Some(license) => Value::List(refused(f, license)),
        None => unknown(f),
    }),
    ("license.refused_count", |f| match f.license {
        // An app that names no regions may ship anywhere: the count has no meaning.
        Some(_) if f.case.spec.app.regions.is_empty() => Value::Nothing,
        Some(license) => Value::exact(refused(f, license).len() as f64, Dimension::Number),
        None => unknown(f),
    }),
    ("license.copyleft", |f| {
        of_model(f, |license| Value::Bool(license.copyleft))
    }),
    ("license.gated", |f| {
        of_model(f, |license| Value::Bool(license.gated))
    }),
    ("runtime.license", |f| {
        of_runtime(f, |license| text(&license.name))
    }),
    ("runtime.license_commercial", |f| {
        of_runtime(f, |license| text(commercial(license.commercial)))
    }),
    ("runtime.max_revenue", |f| {
        of_runtime(f, |license| {
            number(license.max_revenue_usd.map(|dollars| dollars as f64))
        })
    }),
    ("runtime.copyleft", |f| {
        of_runtime(f, |license| Value::Bool(license.copyleft))
    }),
];

/// Member states of the European Union, for apps that name a country where a licence names the union.
const EU: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Regions the app ships to that the licence does not extend to.
fn refused<'a>(facts: &'a StackFacts<'_>, license: &License) -> Vec<&'a str> {
    let excluded = |region: &str| {
        license
            .excluded_regions
            .iter()
            .any(|out| out == region || (out == "EU" && EU.contains(&region)))
    };
    let regions = facts.case.spec.app.regions.iter();
    regions
        .map(|region| region.value.as_str())
        .filter(|region| excluded(region))
        .collect()
}

const fn commercial(commercial: Commercial) -> &'static str {
    match commercial {
        Commercial::Yes => "yes",
        Commercial::Conditional => "conditional",
        Commercial::No => "no",
        Commercial::Unknown => "unknown",
    }
}

fn unknown<'a>(facts: &'a StackFacts<'_>) -> Value<'a> {
    Value::Unknown {
        missing: "unknown.license",
        of: &facts.model.id,
    }
}

fn of_model<'a>(facts: &'a StackFacts<'_>, read: impl Fn(&'a License) -> Value<'a>) -> Value<'a> {
    facts.license.map_or_else(|| unknown(facts), read)
}

fn of_runtime<'a>(facts: &'a StackFacts<'_>, read: impl Fn(&'a License) -> Value<'a>) -> Value<'a> {
    let license = facts.runtime.license;
    match license.and_then(|license| facts.catalog.licenses.get(license.at())) {
        Some(license) => read(license),
        None => Value::Unknown {
            missing: "unknown.runtime_license",
            of: &facts.runtime.id,
        },
    }
}
