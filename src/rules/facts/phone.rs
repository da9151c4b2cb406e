//! Facts of the phone: platform, memory, device and chip.

use super::Value;
use super::stack::{Getter, StackFacts, text};
use crate::catalog::types::{Device, Soc};
use crate::quantity::{Bytes, Dimension};

/// Rows for [`super::stack`].
pub(super) const GETTERS: &[Getter] = &[
    ("platform.id", |f| text(&f.platform().id)),
    ("platform.os", |f| {
        Value::exact(f.case.min_os, Dimension::Number)
    }),
    ("platform.name", |f| text(&f.platform().name)),
    ("device.ram", |f| {
        let ram = Bytes::gib(u64::from(f.case.phone.ram_gib));
        Value::exact(ram.as_f64(), Dimension::Bytes)
    }),
    ("device.id", |f| device(f, |device| Some(text(&device.id)))),
    ("device.apple_intelligence", |f| {
        on_all(f, |device| device.apple_intelligence)
    }),
    ("device.gemini_nano", |f| match device_of(f) {
        Some(device) => device.gemini_nano.as_deref().map_or(Value::Nothing, text),
        None => unknown_device(f),
    }),
    ("device.has_nano", |f| {
        on_all(f, |device| Some(device.gemini_nano.is_some()))
    }),
    ("soc.id", |f| soc(f, |soc| Some(text(&soc.id)))),
    ("soc.vendor", |f| soc(f, |soc| Some(text(&soc.vendor)))),
    ("soc.gpu", |f| soc(f, |soc| soc.gpu.as_deref().map(text))),
    ("soc.npu", |f| soc(f, |soc| soc.npu.as_deref().map(text))),
    ("soc.bandwidth", |f| match soc_of(f) {
        Some(soc) => match &soc.bandwidth {
            Some(bandwidth) => Value::exact(bandwidth.value.get(), Dimension::Bandwidth),
            None => Value::Unknown {
                missing: "unknown.soc_bandwidth",
                of: &soc.id,
            },
        },
        None => unknown_soc(f),
    }),
];

/// Whether something is so on every phone to be served: one on which it is not settles the answer, one of which it is not
/// known leaves it open.
fn on_all<'a>(facts: &'a StackFacts<'_>, so: impl Fn(&Device) -> Option<bool>) -> Value<'a> {
    let mut answer = Value::Bool(true);
    let alone = facts.case.phone.device.iter();
    let covers = facts.case.covers.iter();
    let mut served = covers.chain(alone).peekable();
    if served.peek().is_none() {
        return unknown_device(facts);
    }
    for index in served {
        let Some(device) = facts.catalog.devices.get(index.at()) else {
            continue;
        };
        match so(device) {
            Some(true) => {}
            Some(false) => return Value::Bool(false),
            None => {
                answer = Value::Unknown {
                    missing: "unknown.device_fact",
                    of: &device.id,
                };
            }
        }
    }
    answer
}

fn device_of<'a>(facts: &'a StackFacts<'_>) -> Option<&'a Device> {
    let index = facts.case.phone.device?;
    facts.catalog.devices.get(index.at())
}

fn soc_of<'a>(facts: &'a StackFacts<'_>) -> Option<&'a Soc> {
    let index = facts.case.phone.soc?;
    facts.catalog.socs.get(index.at())
}

fn unknown_device<'a>(facts: &'a StackFacts<'_>) -> Value<'a> {
    Value::Unknown {
        missing: "unknown.device",
        of: &facts.platform().id,
    }
}

fn unknown_soc<'a>(facts: &'a StackFacts<'_>) -> Value<'a> {
    Value::Unknown {
        missing: "unknown.soc",
        of: device_of(facts).map_or(&facts.platform().id, |device| &device.id),
    }
}

fn device<'a>(
    facts: &'a StackFacts<'_>,
    read: impl Fn(&'a Device) -> Option<Value<'a>>,
) -> Value<'a> {
    match device_of(facts) {
        Some(device) => Value::or_unknown(read(device), "unknown.device_fact", &device.id),
        None => unknown_device(facts),
    }
}

fn soc<'a>(facts: &'a StackFacts<'_>, read: impl Fn(&'a Soc) -> Option<Value<'a>>) -> Value<'a> {
    match soc_of(facts) {
        Some(soc) => Value::or_unknown(read(soc), "unknown.soc_fact", &soc.id),
        None => unknown_soc(facts),
    }
}
