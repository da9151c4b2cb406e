//! The chip a row was measured on, by its column or by the device. Holds no name of its own: those are data.

use super::chip_names::{MATRIX_UNITS, PARTS, PHONES, SERIES, STARTS, Series, TAILS};
use super::measured::Measured;
use super::resolve::plain;
use crate::catalog::types::{Catalog, Origin, Soc, Sourced};
use crate::diagnostic::Text;
use crate::quantity::BytesPerSecond;

/// Makers that stand before the name of a chip or a phone.
const MAKERS: [&str; 7] = [
    "apple",
    "qualcomm",
    "google",
    "mediatek",
    "samsung",
    "huawei",
    "hisilicon",
];

/// The id of the chip of a row; one the catalog does not hold is added to it.
///
/// # Errors
/// Neither the chip nor the device is known.
pub(super) fn chip(catalog: &mut Catalog, row: &Measured) -> Result<String, Text> {
    // Of two chips a source names, the first with a published bandwidth.
    let mut known: Vec<&Soc> = row
        .soc
        .split(" or ")
        .filter_map(|cell| of_catalog(catalog, &chip_name(cell)))
        .collect();
    known.sort_by_key(|soc| soc.bandwidth.is_none());
    if let Some(soc) = known.first() {
        return Ok(soc.id.clone());
    }
    if let Some(id) = of_device(catalog, &row.device) {
        return Ok(id);
    }
    let device = plain(&row.device);
    let phone = PHONES.iter().find(|(part, _)| device.contains(part));
    let names = [&row.soc, &row.device].map(|cell| chip_name(cell));
    let [soc, device] = names;
    let of_phone = phone.map(|(_, chip)| whole((*chip).to_owned()));
    // What the column says stands before what is known of the device, be it only a series.
    for name in [Some(soc), of_phone, Some(device)].into_iter().flatten() {
        if let Some(soc) = of_catalog(catalog, &name) {
            return Ok(soc.id.clone());
        }
        if let Some(series) = SERIES.iter().find(|it| name.starts_with(it.start)) {
            return Ok(stand_in(catalog, &name, series));
        }
    }
    let given = if row.soc.is_empty() {
        &row.device
    } else {
        &row.soc
    };
    Err(Text::key("verify.reason.chip").arg("given", given.as_str()))
}

/// The chip's name without its maker, what stands in brackets, and words that say nothing of its speed.
fn chip_name(cell: &str) -> String {
    let bare = cell.split('(').next().unwrap_or(cell);
    whole(plain(&bare.replace('+', " plus")))
}

/// A plain name, its maker and its tails taken off, and put as the catalog has it.
fn whole(plain: String) -> String {
    let mut name = plain;
    for maker in MAKERS {
        if let Some(rest) = name.strip_prefix(maker).filter(|rest| !rest.is_empty()) {
            name = rest.to_owned();
        }
    }
    for tail in TAILS {
        if let Some(rest) = name.strip_suffix(tail).filter(|rest| !rest.is_empty()) {
            name = rest.to_owned();
        }
    }
    if let Some((start, full)) = STARTS.iter().find(|(start, _)| name.starts_with(start)) {
        name = format!("{full}{}", name.get(start.len()..).unwrap_or_default());
    }
    let part = PARTS.iter().find(|(start, _)| name.starts_with(start));
    part.map_or(name, |(_, chip)| (*chip).to_owned())
}

/// The chip of that name; of a faster bin the one it was chosen from, and the other way round.
fn of_catalog<'a>(catalog: &'a Catalog, wanted: &str) -> Option<&'a Soc> {
    if wanted.is_empty() {
        return None;
    }
    let find = |wanted: &str| {
        let is = |soc: &&Soc| chip_name(&soc.name) == wanted || plain(&soc.id) == wanted;
        catalog.socs.iter().find(is)
    };
    find(wanted)
        .or_else(|| find(wanted.strip_suffix("plus")?))
        .or_else(|| find(&format!("{wanted}plus")))
}

/// The chip of the device of that name, with or without its maker, its brand, or what stands in brackets.
fn of_device(catalog: &Catalog, cell: &str) -> Option<String> {
    let wanted = plain(&cell.replace('+', " plus"));
    let bare = plain(cell.split('(').next().unwrap_or(cell));
    let brandless = |name: &str| name.replace("samsung", "").replace("galaxy", "");
    let device = catalog
        .devices
        .iter()
        .filter(|it| {
            let name = plain(&it.name.replace('+', " plus"));
            let is = |wanted: &str| {
                !wanted.is_empty()
                    && (name == wanted || plain(&it.id) == wanted || wanted.ends_with(&name))
            };
            let short = brandless(&name);
            is(&wanted) || is(&bare) || (short != name && short == brandless(&wanted))
        })
        .max_by_key(|it| it.name.len())?;
    Some(catalog.socs[device.soc?.at()].id.clone())
}

/// Adds a chip of a known series, placed by it.
fn stand_in(catalog: &mut Catalog, name: &str, series: &Series) -> String {
    let id = format!("series {name}");
    if !catalog.socs.iter().any(|it| it.id == id) {
        let bandwidth = BytesPerSecond::new(series.gigabytes * 1e9);
        catalog.socs.push(Soc {
            id: id.clone(),
            name: name.to_owned(),
            vendor: series.vendor.to_owned(),
            gpu: None,
            matrix_units: MATRIX_UNITS.iter().any(|start| name.starts_with(start)),
            npu: None,
            bandwidth: None,
            placed: Some(Sourced::unsourced(bandwidth)),
            memory_type: None,
            released: (!series.year.is_empty()).then(|| series.year.to_owned()),
            note: None,
            sources: Vec::new(),
            at: Origin::NOWHERE,
        });
    }
    id
}
