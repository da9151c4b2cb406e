//! Names of the catalog, each with what decides about it.

use std::collections::BTreeSet;

use gen_lsp_types::CompletionItemKind;

use super::item::Items;
use crate::catalog::Catalog;
use crate::lsp::cards::model_line;
use crate::lsp::session::View;
use crate::spec::UIS;
use crate::spec::model::Task;

/// The names that a fact may have. Devices go by the name they are sold under, the others by id.
pub(super) fn names(view: &View<'_>, fact: &str, items: &mut Items<'_>) {
    let catalog = view.catalog();
    let known = view.knowledge.vocabulary.names(fact);
    match fact {
        "device.id" => {
            for device in &catalog.devices {
                let ram: Vec<String> = device.ram_gib.iter().map(u32::to_string).collect();
                let soc = device
                    .soc
                    .map_or("", |soc| catalog.soc_at(soc).name.as_str());
                let platform = &catalog.platform_at(device.platform).name;
                let detail = format!("{platform} · {} GB · {soc}", ram.join("/"));
                let detail = detail.trim_end_matches(" · ");
                items.name(&device.name, CompletionItemKind::Value, detail);
            }
        }
        "artifact.format" => {
            let formats = catalog
                .artifacts
                .iter()
                .map(|artifact| artifact.format.id());
            items.values(formats.collect::<BTreeSet<&str>>());
        }
        "model.capabilities" => {
            let models = catalog.models.iter();
            let all = models.flat_map(|model| &model.capabilities);
            items.values(all.map(|one| one.id()).collect::<BTreeSet<&str>>());
        }
        "runtime.features" => {
            let runtimes = catalog.runtimes.iter();
            let all = runtimes.flat_map(|runtime| &runtime.features);
            items.values(all.map(|one| one.id.as_str()).collect::<BTreeSet<&str>>());
        }
        "runtime.uis" | "ui" => items.values(UIS),
        "model.languages" | "feature.languages" => items.values(languages(catalog)),
        "app.regions" | "license.excluded_regions" | "license.refused_regions" => {
            items.values(regions(catalog));
        }
        "role" => {
            let roles = Task::ALL.iter().flat_map(|task| task.roles());
            items.values(roles.copied().collect::<BTreeSet<&str>>());
        }
        "feature.task" => items.values(Task::ALL.map(Task::id)),
        "platform.id" => items.choices(known.iter().map(|name| name.id.as_str())),
        _ => {
            for name in known {
                let detail = detail(view, fact, &name.id);
                items.name(&name.id, CompletionItemKind::Value, &detail);
            }
        }
    }
    if fact == "license.id" {
        for group in &catalog.license_groups {
            let members = group.members.iter();
            let ids: Vec<&str> = members
                .map(|at| catalog.license_at(*at).id.as_str())
                .collect();
            items.name(&group.id, CompletionItemKind::Value, &ids.join(", "));
        }
    }
}

/// The languages that models list, as far as their codes have two letters.
pub(super) fn languages(catalog: &Catalog) -> BTreeSet<&str> {
    let models = catalog.models.iter();
    let listed = models.filter_map(|model| model.languages.as_ref());
    let codes = listed.flat_map(|languages| &languages.listed);
    codes
        .map(String::as_str)
        .filter(|code| code.len() == 2)
        .collect()
}

/// The regions that licences leave out: no other changes a plan.
pub(super) fn regions(catalog: &Catalog) -> BTreeSet<&str> {
    let licenses = catalog.licenses.iter();
    let regions = licenses.flat_map(|license| &license.excluded_regions);
    regions.map(String::as_str).collect()
}

fn detail(view: &View<'_>, fact: &str, id: &str) -> String {
    let catalog = view.catalog();
    let name = match fact {
        "model.id" => return model_line(catalog, id).unwrap_or_default(),
        "runtime.id" => catalog.runtime(id).map(|(_, row)| {
            let license = row.license.map(|at| catalog.license_at(at).name.as_str());
            match license {
                Some(license) => format!("{} · {license}", row.name),
                None => row.name.clone(),
            }
        }),
        "backend.id" => catalog.backend(id).map(|(_, row)| row.name.clone()),
        "quant.id" => catalog
            .quantization(id)
            .map(|(_, row)| format!("{} · {} bit", row.name, row.bits.value)),
        "license.id" => catalog.license(id).map(|(_, row)| row.name.clone()),
        _ => None,
    };
    name.unwrap_or_default()
}
