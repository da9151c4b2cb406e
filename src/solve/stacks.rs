//! Which stacks there are for a role on a platform: what the catalog says can be put together. Judges nothing.

use std::collections::BTreeMap;

use super::looks::Tier;
use crate::catalog::types::{
    Artifact, ArtifactIx, BackendIx, BackendKind, Capability, Catalog, Format, Model, ModelIx,
    Role, Runtime, RuntimeBackend, RuntimeIx,
};
use crate::estimate::default_settings;
use crate::estimate::types::{KvType, Phone, Settings, Stack};
use crate::quantity::Tokens;

/// One way to run files: a runtime on a backend of the platform.
#[derive(Clone, Copy)]
struct Runner<'a> {
    runtime: RuntimeIx,
    backend: BackendIx,
    row: &'a RuntimeBackend,
}

/// Whether a model can fill a role: it lists the role, or it is a language model that lists translation.
#[must_use]
pub fn fills(model: &Model, role: Role) -> bool {
    model.roles.contains(&role)
        || (role == Role::Translate
            && model.roles.contains(&Role::Llm)
            && model.capabilities.contains(&Capability::Translation))
}

/// Gives each stack for a role with a model that is `mine`, in the order that breaks the last ties: by file; then runtimes
/// that are maintained, not experimental, released, engines rather than bindings of one, with more known abilities, by id;
/// then what leaves the CPU to the app; then the runtime's own KV type.
pub(super) fn each_stack(
    catalog: &Catalog,
    role: Role,
    phone: &Phone,
    context: Tokens,
    mine: &dyn Fn(ModelIx) -> bool,
    mut give: impl FnMut(Stack),
) {
    let runners = runners(catalog, phone, role);
    let mut readers: BTreeMap<Format, Vec<usize>> = BTreeMap::new();
    for (at, runner) in runners.iter().enumerate() {
        for format in &catalog.runtimes[runner.runtime.at()].formats {
            let known = readers.entry(*format).or_default();
            if known.last() != Some(&at) {
                known.push(at);
            }
        }
    }
    // Per runner the settings for the model at hand, where it runs the model; files of a model follow one another.
    let mut of_model: Option<(ModelIx, Vec<Option<Settings>>)> = None;
    for (at, artifact) in catalog.artifacts.iter().enumerate() {
        let ix = artifact.model;
        let model = &catalog.models[ix.at()];
        if !(fills(model, role) && mine(ix)) {
            continue;
        }
        if of_model.as_ref().is_none_or(|(known, _)| *known != ix) {
            let settings = |runner: &Runner<'_>| {
                let (runtime, backend) = (runner.runtime, runner.backend);
                runs_family(catalog, runner, model)
                    .then(|| default_settings(catalog, ix, runtime, backend, phone, context))
            };
            of_model = Some((ix, runners.iter().map(settings).collect()));
        }
        let settings = of_model.as_ref().map_or(&[][..], |(_, settings)| settings);
        for &reader in readers.get(&artifact.format).into_iter().flatten() {
            let runner = &runners[reader];
            let Some(settings) = settings[reader].filter(|_| runs_quantization(runner, artifact))
            else {
                continue;
            };
            let stack = Stack {
                model: artifact.model,
                artifact: ArtifactIx(at as u32),
                runtime: runner.runtime,
                backend: runner.backend,
                settings,
            };
            give(stack);
            let smaller = KvType::Q8_0;
            let offered = runner.row.kv_types.iter().any(|kv| kv == smaller.id());
            if offered && settings.kv != smaller && model.arch.is_some() {
                let mut stack = stack;
                stack.settings.kv = smaller;
                give(stack);
            }
        }
    }
}

/// Every file on every backend of every runtime, whether or not they go together or exist on the phone: for saying what
/// stands against a stack an author insists on. Those alone that are `wanted` for their model, and for their runner; each is
/// asked of stacks with that model, or that runner.
pub(super) fn imaginable(
    catalog: &Catalog,
    phone: &Phone,
    context: Tokens,
    wanted: &dyn Fn(&Stack, Tier) -> bool,
) -> Vec<Stack> {
    let stack = |at: usize, (runtime, backend): (RuntimeIx, BackendIx)| {
        let model = catalog.artifacts[at].model;
        Stack {
            model,
            artifact: ArtifactIx(at as u32),
            runtime,
            backend,
            settings: default_settings(catalog, model, runtime, backend, phone, context),
        }
    };
    let mut runners: Vec<(RuntimeIx, BackendIx)> = Vec::new();
    for (at, runtime) in catalog.runtimes.iter().enumerate() {
        let engine = runtime
            .engine
            .map_or(runtime, |engine| &catalog.runtimes[engine.at()]);
        for row in runtime.backends.iter().chain(&engine.backends) {
            let runner = (RuntimeIx(at as u32), row.backend);
            if !runners.contains(&runner) {
                runners.push(runner);
            }
        }
    }
    let files = 0..catalog.artifacts.len();
    if !files.is_empty() {
        runners.retain(|&runner| wanted(&stack(0, runner), Tier::Runner));
    }
    let mut stacks = Vec::new();
    let Some(&first) = runners.first() else {
        return stacks;
    };
    for at in files.filter(|&at| wanted(&stack(at, first), Tier::Model)) {
        stacks.extend(runners.iter().map(|&runner| stack(at, runner)));
    }
    stacks
}

/// Whether a runtime on the platform fills a role.
pub(super) fn has_runner(catalog: &Catalog, phone: &Phone, role: Role) -> bool {
    !runners(catalog, phone, role).is_empty()
}

/// Runtimes that exist on the platform, with the backends they (or the engines they bind) have there; best first.
/// Those that cannot serve the role are left out.
fn runners<'a>(catalog: &'a Catalog, phone: &Phone, role: Role) -> Vec<Runner<'a>> {
    let mut runners = Vec::new();
    for (at, runtime) in catalog.runtimes.iter().enumerate() {
        let mut floors = runtime.floors.iter();
        let here = floors.any(|floor| floor.platform == phone.platform);
        if !(here && serves(runtime, role)) {
            continue;
        }
        let here = |row: &&RuntimeBackend| row.platform == phone.platform;
        let mut rows: Vec<&RuntimeBackend> = runtime.backends.iter().filter(here).collect();
        if rows.is_empty()
            && let Some(engine) = runtime.engine
        {
            let engine = &catalog.runtimes[engine.at()];
            rows = engine.backends.iter().filter(here).collect();
        }
        let on_cpu =
            |row: &RuntimeBackend| catalog.backends[row.backend.at()].kind == BackendKind::Cpu;
        rows.sort_by_key(|row| (row.experimental, on_cpu(row), row.backend));
        runners.extend(rows.into_iter().map(|row| Runner {
            runtime: RuntimeIx(at as u32),
            backend: row.backend,
            row,
        }));
    }
    runners.sort_by_key(|runner| {
        let runtime = &catalog.runtimes[runner.runtime.at()];
        let abilities = runtime.features.iter().filter(|feature| feature.supported);
        (
            runtime.deprecated,
            runner.row.experimental,
            is_prerelease(runtime),
            runtime.engine.is_some(),
            std::cmp::Reverse(abilities.count()),
            runner.runtime,
        )
    });
    runners
}

fn serves(runtime: &Runtime, role: Role) -> bool {
    let lists = |role: Role| runtime.roles.contains(&role);
    lists(role) || (role == Role::Translate && lists(Role::Llm))
}

/// Whether a runner runs models of this family.
fn runs_family(catalog: &Catalog, runner: &Runner<'_>, model: &Model) -> bool {
    let runtime = &catalog.runtimes[runner.runtime.at()];
    let engine = runtime
        .engine
        .map_or(runtime, |engine| &catalog.runtimes[engine.at()]);
    let family = |families: &[String]| families.is_empty() || families.contains(&model.family);
    family(&runtime.families) && family(&engine.families)
}

/// Whether a runner that reads the file's format runs its quantization.
fn runs_quantization(runner: &Runner<'_>, artifact: &Artifact) -> bool {
    let quantizations = &runner.row.quantizations;
    quantizations.is_empty() || quantizations.contains(&artifact.quant)
}

/// Whether the newest version seen is a preview, as semantic versions say it: `0.9.0-dev.12`.
fn is_prerelease(runtime: &Runtime) -> bool {
    let version = runtime.version.as_ref();
    let number = version.and_then(|version| version.rsplit(' ').next());
    number.is_some_and(|number| {
        number.starts_with(|c: char| c.is_ascii_digit()) && number.contains('-')
    })
}
