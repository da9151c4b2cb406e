//! An inspection for people: MiB as llama.cpp's log prints them. Computes nothing.

use std::fmt::Write as _;

use super::{Backend, Context, Inspection};
use crate::diagnostic::{Locale, Text};
use crate::estimate::llama::reading::NoDecoder;

/// MiB with two digits, as the log prints them.
fn mib(bytes: u64) -> String {
    format!("{:.2} MiB", bytes as f64 / 1_048_576.0)
}

impl Inspection {
    /// The report, ending in a line feed.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        let mut out = String::new();
        let say = |key: &'static str| Text::key(key).render(locale);
        let architecture = self.architecture.as_deref().unwrap_or("?");
        let heading = Text::key("inspect.heading")
            .arg("name", shown(self.name.as_deref().unwrap_or("?")))
            .arg("architecture", shown(architecture))
            .arg(
                "parameters",
                format!("{:.3} B", self.parameters as f64 / 1e9),
            )
            .arg("bpw", format!("{:.3}", self.bits_per_weight()));
        let _ = writeln!(out, "{}", heading.render(locale));
        let _ = writeln!(out, "\n{}", say("inspect.mix"));
        for share in &self.mix {
            let _ = writeln!(
                out,
                "  {:<8} {:>5}  {:>14}",
                share.kind.name(),
                share.tensors,
                mib(share.bytes)
            );
        }
        self.settings(&mut out, locale);
        let mut line = |key: &'static str, bytes: u64| {
            if bytes > 0 {
                let _ = writeln!(out, "  {}: {}", say(key), mib(bytes));
            }
        };
        line("inspect.mapped", self.placement.mapped);
        line("inspect.cpu", self.placement.cpu);
        line("inspect.repacked", self.placement.repacked);
        line("inspect.device", self.placement.device);
        match &self.context {
            Ok(context) => context_lines(&mut out, context, locale),
            Err(why) => {
                let _ = writeln!(out, "  {}", unknown(why).render(locale));
            }
        }
        let total = self.total().map_or_else(|| say("inspect.unknown"), mib);
        let _ = writeln!(out, "  {}: {total}", say("inspect.total"));
        out
    }

    fn settings(&self, out: &mut String, locale: Locale) {
        let run = &self.setting.run;
        let mut how = Text::key("inspect.settings")
            .arg("backend", self.setting.backend.id())
            .arg("context", run.context.to_string())
            .arg("keys", run.keys.name())
            .arg("values", run.values.name())
            .arg("ubatch", run.tokens().to_string())
            .arg("outputs", run.graph_outputs().to_string())
            .arg("sequences", run.sequences.to_string());
        let flash = if run.flash {
            "inspect.on"
        } else {
            "inspect.off"
        };
        how = how.arg("flash", Text::key(flash));
        let _ = writeln!(out, "\n{}", how.render(locale));
        if self.setting.backend == Backend::Hexagon {
            let _ = writeln!(out, "{}", Text::key("inspect.hexagon").render(locale));
        }
    }
}

fn context_lines(out: &mut String, context: &Context, locale: Locale) {
    let caches = &context.caches;
    let cache = |key: &'static str, layers: u64, cells: u64| {
        Text::key(key)
            .arg("layers", layers.to_string())
            .arg("cells", cells.to_string())
            .render(locale)
    };
    if caches.full_layers > 0 {
        let name = cache("inspect.kv", caches.full_layers, caches.cells);
        let _ = writeln!(out, "  {name}: {}", mib(caches.full));
    }
    if caches.windowed_layers > 0 {
        let name = cache(
            "inspect.kv_window",
            caches.windowed_layers,
            caches.window_cells,
        );
        let _ = writeln!(out, "  {name}: {}", mib(caches.windowed));
    }
    if caches.state_layers > 0 {
        let name = cache("inspect.state", caches.state_layers, 0);
        let _ = writeln!(out, "  {name}: {}", mib(caches.state));
    }
    let say = |key: &'static str| Text::key(key).render(locale);
    let compute = context.compute.map_or_else(|| say("inspect.unknown"), mib);
    let _ = writeln!(out, "  {}: {compute}", say("inspect.compute"));
    if let Some(host) = context.host_compute {
        let _ = writeln!(out, "  {}: {}", say("inspect.host_compute"), mib(host));
    }
    let _ = writeln!(out, "  {}: {}", say("inspect.output"), mib(context.output));
}

/// Why caches and buffers are not known.
pub(super) fn unknown(why: &NoDecoder) -> Text {
    match why {
        NoDecoder::NoArchitecture => Text::key("inspect.no_architecture"),
        NoDecoder::Unknown(name) => {
            Text::key("inspect.unknown_architecture").arg("name", shown(name))
        }
        NoDecoder::Missing(what) => Text::key("inspect.missing").arg("what", shown(what)),
    }
}

/// A name of the file without what would spoil a terminal.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(120).collect()
}
