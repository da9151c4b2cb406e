//! What the catalog knows of a record, as a card of Markdown: facts with their sources.

use std::fmt::Write as _;

use crate::catalog::Catalog;
use crate::catalog::types::{Commercial, Device, License, Model, Platform, Runtime, SourceIx};
use crate::diagnostic::{Locale, Text, messages};

/// Most files that a card lists.
const FILES: usize = 8;

/// A card being written.
struct Card<'a> {
    catalog: &'a Catalog,
    locale: Locale,
    text: String,
}

/// The card of the record that a fact's value names.
#[must_use]
pub(super) fn card(catalog: &Catalog, fact: &str, id: &str, locale: Locale) -> Option<String> {
    let mut card = Card {
        catalog,
        locale,
        text: String::new(),
    };
    match fact {
        "model.id" => card.model(catalog.model(id)?.1),
        "device.id" => card.device(catalog.device(id)?.1),
        "runtime.id" => card.runtime(catalog.runtime(id)?.1),
        "license.id" => match catalog.license(id) {
            Some((_, license)) => card.license(license),
            None => {
                let group = catalog.license_group(id)?;
                card.title(&group.id, id);
                for member in &group.members {
                    let license = catalog.license_at(*member);
                    card.named(&format!("`{}`", license.id), &license.name);
                }
            }
        },
        "platform.id" => card.platform(catalog.platform(id)?.1),
        "quant.id" => {
            let quant = catalog.quantization(id)?.1;
            card.title(&quant.name, id);
            card.line(in_language(locale, &quant.summary.en, &quant.summary.zh));
            card.fact("quant.bits", &quant.bits.value.to_string());
            card.sources(&quant.bits.sources);
        }
        "backend.id" => {
            let backend = catalog.backend(id)?.1;
            card.title(&backend.name, id);
            let platforms = backend.platforms.iter();
            let names: Vec<&str> = platforms
                .map(|at| catalog.platform_at(*at).name.as_str())
                .collect();
            card.fact("platform.id", &names.join(", "));
            if let Some(most) = &backend.max_allocation {
                card.fact("backend.max_allocation", &most.value.to_string());
            }
            card.sources(&backend.sources);
        }
        _ => return None,
    }
    Some(card.text)
}

fn in_language<'t>(locale: Locale, en: &'t str, zh: &'t str) -> &'t str {
    match locale {
        Locale::En => en,
        Locale::ZhCn => zh,
    }
}

/// What stands between a name and its value.
pub(super) const fn colon(locale: Locale) -> &'static str {
    match locale {
        Locale::En => ": ",
        Locale::ZhCn => "：",
    }
}

impl Card<'_> {
    fn title(&mut self, name: &str, id: &str) {
        let _ = writeln!(self.text, "### {name}\n\n`{id}`\n");
    }

    fn line(&mut self, words: &str) {
        let _ = writeln!(self.text, "{words}\n");
    }

    /// A figure under the name of its fact.
    fn fact(&mut self, fact: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        let key = format!("fact.{fact}");
        let name = messages::lookup(&key, self.locale).unwrap_or(fact);
        self.named(name, value);
    }

    fn named(&mut self, name: &str, value: &str) {
        let colon = colon(self.locale);
        let _ = writeln!(self.text, "- {name}{colon}**{value}**");
    }

    fn sources(&mut self, sources: &[SourceIx]) {
        if sources.is_empty() {
            return;
        }
        let mut names: Vec<String> = Vec::new();
        for source in sources {
            let source = self.catalog.source_at(*source);
            let name = match &source.url {
                Some(url) => format!("[{}]({url})", source.title),
                None => source.title.clone(),
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let word = Text::key("lsp.card.sources").render(self.locale);
        let colon = colon(self.locale);
        let _ = writeln!(self.text, "\n{word}{colon}{}", names.join("; "));
    }

    fn model(&mut self, model: &Model) {
        self.title(&model.name, &model.id);
        self.fact("model.vendor", &model.vendor);
        if let Some(license) = model.license {
            self.fact("license.id", &self.catalog.license_at(license).name);
        }
        let mut sources = model.sources.clone();
        if let Some(params) = &model.params {
            self.fact("model.params", &params.value.to_string());
            sources.extend(&params.sources);
        }
        if let Some(context) = &model.context {
            self.fact("model.context", &context.value.to_string());
            sources.extend(&context.sources);
        }
        if let Some(languages) = &model.languages {
            self.fact("model.languages", &languages.listed.join(", "));
        }
        if let Some((ix, _)) = self.catalog.model(&model.id) {
            self.files(ix);
        }
        self.sources(&sources);
    }

    fn files(&mut self, model: crate::catalog::types::ModelIx) {
        let catalog = self.catalog;
        let mut files: Vec<String> = Vec::new();
        for (_, file) in catalog.artifacts_of(model) {
            if let Some(bytes) = &file.bytes {
                let quant = &catalog.quantization_at(file.quant).name;
                files.push(format!("{quant} ({}) {}", file.format.id(), bytes.value));
            }
        }
        let more = files.len().saturating_sub(FILES);
        files.truncate(FILES);
        if more > 0 {
            files.push(format!("+{more}"));
        }
        if !files.is_empty() {
            let word = Text::key("lsp.card.files").render(self.locale);
            self.named(&word, &files.join("; "));
        }
    }

    fn device(&mut self, device: &Device) {
        self.title(&device.name, &device.id);
        self.fact(
            "platform.id",
            &self.catalog.platform_at(device.platform).name,
        );
        let ram: Vec<String> = device
            .ram_gib
            .iter()
            .map(|gib| format!("{gib} GB"))
            .collect();
        self.fact("device.ram", &ram.join(", "));
        let mut sources = device.sources.clone();
        if let Some(soc) = device.soc {
            let soc = self.catalog.soc_at(soc);
            self.fact("soc.id", &soc.name);
            if let Some(bandwidth) = &soc.bandwidth {
                self.fact("soc.bandwidth", &bandwidth.value.to_string());
                sources.extend(&bandwidth.sources);
            }
            self.fact("soc.npu", soc.npu.as_deref().unwrap_or_default());
        }
        self.fact(
            "device.gemini_nano",
            device.gemini_nano.as_deref().unwrap_or_default(),
        );
        self.sources(&sources);
    }

    fn runtime(&mut self, runtime: &Runtime) {
        self.title(&runtime.name, &runtime.id);
        if let Some(license) = runtime.license {
            self.fact("runtime.license", &self.catalog.license_at(license).name);
        }
        let catalog = self.catalog;
        let floors: Vec<String> = runtime
            .floors
            .iter()
            .map(|floor| {
                let platform = &catalog.platform_at(floor.platform).name;
                format!("{platform} {}", floor.version)
            })
            .collect();
        self.fact("runtime.min_os", &floors.join(", "));
        self.fact("runtime.uis", &runtime.uis.join(", "));
        let mut backends: Vec<&str> = Vec::new();
        for row in &runtime.backends {
            let name = catalog.backend_at(row.backend).name.as_str();
            if !backends.contains(&name) {
                backends.push(name);
            }
        }
        self.fact("backend.id", &backends.join(", "));
        let formats: Vec<&str> = runtime.formats.iter().map(|format| format.id()).collect();
        self.fact("artifact.format", &formats.join(", "));
        self.sources(&runtime.sources);
    }

    fn license(&mut self, license: &License) {
        self.title(&license.name, &license.id);
        let commercial = match license.commercial {
            Commercial::Yes => Text::key("lsp.card.yes"),
            Commercial::Conditional => Text::key("lsp.card.conditional"),
            Commercial::No => Text::key("lsp.card.no"),
            Commercial::Unknown => Text::key("lsp.card.unknown"),
        };
        self.fact("license.commercial", &commercial.render(self.locale));
        if let Some(users) = license.max_monthly_users {
            self.fact("license.max_users", &users.to_string());
        }
        self.fact(
            "license.excluded_regions",
            &license.excluded_regions.join(", "),
        );
        if let Some(limits) = &license.limits {
            let words = in_language(self.locale, &limits.en, &limits.zh).to_owned();
            let _ = writeln!(self.text, "\n{words}");
        }
        self.sources(&license.sources);
    }

    fn platform(&mut self, platform: &Platform) {
        self.title(&platform.name, &platform.id);
        let mut sources = platform.sources.clone();
        for row in &platform.budgets {
            let entitled = row.entitled.as_ref().unwrap_or(&row.base);
            let grant = Text::key("lsp.card.grant")
                .arg("base", row.base.value.to_string())
                .arg("entitled", entitled.value.to_string());
            self.named(&format!("{} GB", row.ram_gib), &grant.render(self.locale));
            sources.extend(&row.base.sources);
        }
        self.sources(&sources);
    }
}

/// A model in one line, for lists: parameters, the size of its usual file, licence.
#[must_use]
pub(super) fn model_line(catalog: &Catalog, id: &str) -> Option<String> {
    const USUAL: &str = "q4_k_m";
    let (ix, model) = catalog.model(id)?;
    let mut parts: Vec<String> = Vec::new();
    parts.extend(model.params.as_ref().map(|params| params.value.to_string()));
    let sized = catalog.artifacts_of(ix).filter_map(|(_, file)| {
        let quant = catalog.quantization_at(file.quant);
        Some((quant.id != USUAL, file.bytes.as_ref()?.value, &quant.name))
    });
    if let Some((_, bytes, quant)) = sized.min_by_key(|(unusual, bytes, _)| (*unusual, *bytes)) {
        parts.push(format!("{quant} {bytes}"));
    }
    parts.extend(model.license.map(|at| catalog.license_at(at).name.clone()));
    Some(parts.join(" · "))
}
