//! Coordinates of the chosen runtime for the app's toolkit, as they are pasted into build files.

use super::context::{Context, Use};
use crate::catalog::types::{Dependency as Row, PlatformIx, Runtime};
use crate::plan::types::Dependency;
use crate::solve::types::{Candidate, DeviceClass};

/// The dependencies, and whether they are the native ones for want of any for the toolkit.
pub(super) fn of(
    context: &Context<'_>,
    class: &DeviceClass,
    pick: &Candidate,
) -> (Vec<Dependency>, bool) {
    let catalog = context.catalog;
    let runtime = &catalog.runtimes[pick.stack.runtime.at()];
    let backend = catalog.backends[pick.stack.backend.at()].id.as_str();
    let platform = class.phone.platform;
    let for_ui = |ui: &str| -> Vec<Dependency> {
        rows(runtime, ui, platform, backend)
            .map(|row| dependency(context, row))
            .collect()
    };
    let asked = for_ui(&context.spec.ui.value);
    if !asked.is_empty() {
        return (asked, false);
    }
    let native = for_ui("native");
    let substituted = !native.is_empty() && context.spec.ui.value != "native";
    (native, substituted)
}

/// Kinds such as `cmake-opencl` belong to the backend they name.
fn rows<'a>(
    runtime: &'a Runtime,
    ui: &'a str,
    platform: PlatformIx,
    backend: &'a str,
) -> impl Iterator<Item = &'a Row> {
    runtime.dependencies.iter().filter(move |row| {
        let kind = row.kind.strip_prefix("cmake-");
        row.ui == ui
            && row.platform.is_none_or(|only| only == platform)
            && kind.is_none_or(|only| backend.starts_with(only))
    })
}

fn dependency(context: &Context<'_>, row: &Row) -> Dependency {
    Dependency {
        kind: row.kind.clone(),
        coordinate: row.coordinate.clone(),
        version: row.version.clone(),
        paste: paste(row),
        options: row.options.clone(),
        sources: context.cite(Use::Runtime, &row.sources),
    }
}

/// The line for the build file, where its form is known.
fn paste(row: &Row) -> String {
    let coordinate = &row.coordinate;
    let Some(version) = &row.version else {
        return coordinate.clone();
    };
    match row.kind.as_str() {
        "swiftpm" => format!(".package(url: \"{coordinate}\", exact: \"{version}\")"),
        "gradle" => format!("implementation(\"{coordinate}:{version}\")"),
        "pub" => format!("{coordinate}: {version}"),
        "npm" => format!("\"{coordinate}\": \"{version}\""),
        "cocoapods" => format!("pod '{coordinate}', '{version}'"),
        "ohpm" => format!("ohpm install {coordinate}@{version}"),
        "nuget" => format!("<PackageReference Include=\"{coordinate}\" Version=\"{version}\" />"),
        _ if coordinate.starts_with("https://") => format!("{coordinate} ({version})"),
        _ => format!("{coordinate} {version}"),
    }
}
