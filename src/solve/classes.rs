//! The classes of phones a spec asks for: per platform the RAM classes in range, then named devices one by one.
//!
//! A RAM class is planned for its reference device: the phone of the class with the least memory bandwidth, published or
//! placed, the smallest id among equals. The catalog knows the system a phone shipped with, not the last one it gets,
//! so the OS floor removes no phone: an older phone that may still get the system is planned for, not hoped away.

use super::types::{ClassIssue, DeviceClass};
use crate::catalog::types::{Catalog, Device, DeviceIx, DeviceKind, Platform, PlatformIx};
use crate::estimate::types::Phone;
use crate::quantity::Share;
use crate::spec::model::{FleetClass, PlatformAsk, Spec};

/// The classes in platform, RAM and name order, and what is wrong with those that were asked for.
pub(super) fn classes(catalog: &Catalog, spec: &Spec) -> (Vec<DeviceClass>, Vec<ClassIssue>) {
    let mut classes = Vec::new();
    let mut issues = Vec::new();
    // A spec that names devices and no range asks for those devices alone.
    let by_memory = spec.devices.is_empty() || !spec.ram.is_default();
    for ask in spec.platforms.iter().filter(|_| by_memory) {
        let found = catalog
            .platforms
            .iter()
            .position(|platform| platform.id == ask.id);
        if let Some(at) = found {
            ram_classes(catalog, spec, ask, at, &mut classes, &mut issues);
        }
    }
    named_devices(catalog, spec, &mut classes, &mut issues);
    for line in &spec.fleet {
        if !classes
            .iter()
            .any(|class| matches(catalog, class, &line.class))
        {
            issues.push(ClassIssue::IdleShare { span: line.span });
        }
    }
    (classes, issues)
}

/// Whether a class is one that a fleet line or an `on` clause names.
pub(super) fn matches(catalog: &Catalog, class: &DeviceClass, named: &FleetClass) -> bool {
    match named {
        FleetClass::Ram(gib) => !class.named && class.phone.ram_gib == *gib,
        FleetClass::Device(id) => class
            .phone
            .device
            .is_some_and(|device| class.named && catalog.devices[device.at()].id == *id),
    }
}

fn ram_classes(
    catalog: &Catalog,
    spec: &Spec,
    ask: &PlatformAsk,
    at: usize,
    classes: &mut Vec<DeviceClass>,
    issues: &mut Vec<ClassIssue>,
) {
    let platform = &catalog.platforms[at];
    let range = spec.ram.value;
    let inside = |gib: u32| gib >= range.min_gib && range.max_gib.is_none_or(|max| gib <= max);
    let known = sizes(catalog, at);
    let before = classes.len();
    for gib in known.iter().copied().filter(|gib| inside(*gib)) {
        let covers: Vec<DeviceIx> = devices(catalog)
            .filter(|(_, device)| {
                device.platform.at() == at
                    && device.kind == DeviceKind::Phone
                    && device.ram_gib.contains(&gib)
            })
            .map(|(index, _)| index)
            .collect();
        let reference = covers
            .iter()
            .copied()
            .filter_map(|index| Some((bandwidth(catalog, index)?, index)))
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
            .map(|(_, index)| index);
        let phone = Phone {
            platform: PlatformIx(at as u32),
            ram_gib: gib,
            soc: reference.and_then(|index| catalog.devices[index.at()].soc),
            device: reference,
        };
        let undecided = covers.iter().copied();
        classes.push(DeviceClass {
            id: format!("{}-{gib}gb", platform.id),
            phone,
            named: false,
            min_os: min_os(platform, ask),
            undecided: undecided
                .filter(|index| bandwidth(catalog, *index).is_none())
                .collect(),
            covers,
            share: share(spec, &FleetClass::Ram(gib)),
            asked: Some(spec.ram.span.unwrap_or(ask.span)),
        });
    }
    if classes.len() == before {
        issues.push(ClassIssue::NoClass {
            platform: platform.name.clone(),
            known,
            span: spec.ram.span.unwrap_or(ask.span),
        });
    }
}

/// The RAM classes of a platform: those it publishes a budget for; where nobody published one, those its phones are sold in.
fn sizes(catalog: &Catalog, platform: usize) -> Vec<u32> {
    let budgets = &catalog.platforms[platform].budgets;
    let mut sizes: Vec<u32> = budgets.iter().map(|row| row.ram_gib).collect();
    if sizes.is_empty() {
        let phones = catalog
            .devices
            .iter()
            .filter(|device| device.platform.at() == platform);
        sizes.extend(phones.flat_map(|device| &device.ram_gib));
    }
    sizes.sort_unstable();
    sizes.dedup();
    sizes
}

fn named_devices(
    catalog: &Catalog,
    spec: &Spec,
    classes: &mut Vec<DeviceClass>,
    issues: &mut Vec<ClassIssue>,
) {
    for asked in &spec.devices {
        let Some((index, device)) = devices(catalog).find(|(_, device)| device.id == asked.value)
        else {
            continue;
        };
        let span = asked.span.unwrap_or(spec.platforms[0].span);
        let platform = &catalog.platforms[device.platform.at()];
        let Some(ask) = spec.platforms.iter().find(|ask| ask.id == platform.id) else {
            issues.push(ClassIssue::OtherPlatform {
                device: device.name.clone(),
                platform: platform.name.clone(),
                span,
            });
            continue;
        };
        // A device sold in several sizes is planned for its smallest.
        let Some(ram_gib) = device.ram_gib.first().copied() else {
            issues.push(ClassIssue::UnknownMemory {
                device: device.name.clone(),
                span,
            });
            continue;
        };
        let undecided = bandwidth(catalog, index).is_none();
        classes.push(DeviceClass {
            id: device.id.clone(),
            phone: Phone {
                platform: device.platform,
                ram_gib,
                soc: device.soc,
                device: Some(index),
            },
            named: true,
            min_os: min_os(platform, ask),
            covers: vec![index],
            undecided: if undecided { vec![index] } else { Vec::new() },
            share: share(spec, &FleetClass::Device(device.id.clone())),
            asked: asked.span,
        });
    }
}

fn devices(catalog: &Catalog) -> impl Iterator<Item = (DeviceIx, &Device)> {
    catalog
        .devices
        .iter()
        .enumerate()
        .map(|(at, device)| (DeviceIx(at as u32), device))
}

/// Bandwidth of the device's chip in B/s: published, or that of its class and years.
fn bandwidth(catalog: &Catalog, device: DeviceIx) -> Option<f64> {
    let soc = catalog.devices[device.at()].soc?;
    let soc = &catalog.socs[soc.at()];
    let bandwidth = soc.bandwidth.as_ref().or(soc.placed.as_ref())?;
    Some(bandwidth.value.get())
}

fn min_os(platform: &Platform, ask: &PlatformAsk) -> f64 {
    ask.min_os
        .as_ref()
        .map_or(platform.default_os, |asked| asked.value)
}

fn share(spec: &Spec, class: &FleetClass) -> Option<Share> {
    let mut lines = spec.fleet.iter();
    lines
        .find(|line| line.class == *class)
        .map(|line| line.share)
}
