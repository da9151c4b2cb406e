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
        if let Some(words) = self.why_no_weights() {
            let heading = words.arg("name", self.title());
            let _ = writeln!(out, "{}", heading.render(locale));
            return out;
        }
        let heading = Text::key("inspect.heading")
            .arg("name", self.title())
            .arg(
                "architecture",
                named(self.architecture.as_deref(), "inspect.no_family"),
            )
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
        for (key, bytes) in [
            ("inspect.mapped", self.placement.mapped),
            ("inspect.cpu", self.placement.cpu),
            ("inspect.repacked", self.placement.repacked),
            ("inspect.device", self.placement.device),
        ] {
            if bytes > 0 {
                line(&mut out, Text::key(key), Some(bytes), locale);
            }
        }
        match &self.context {
            Ok(context) => context_lines(&mut out, context, locale),
            Err(why) => {
                let _ = writeln!(out, "  {}", unknown(why).render(locale));
            }
        }
        line(&mut out, Text::key("inspect.total"), self.total(), locale);
        out
    }

    /// The model's name, or that it has none.
    fn title(&self) -> Text {
        named(self.name.as_deref(), "inspect.nameless")
    }

    /// Where the file holds a vocabulary alone: what it is, and that there is nothing to weigh.
    pub(super) fn why_no_weights(&self) -> Option<Text> {
        let tokens = self.vocabulary?;
        Some(Text::key("inspect.vocabulary").arg("tokens", tokens.to_string()))
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

/// One figure with its name.
fn line(out: &mut String, name: Text, bytes: Option<u64>, locale: Locale) {
    let size = bytes.map_or_else(|| Text::key("inspect.unknown"), |it| Text::plain(mib(it)));
    let text = Text::key("inspect.line")
        .arg("name", name)
        .arg("size", size);
    let _ = writeln!(out, "  {}", text.render(locale));
}

fn context_lines(out: &mut String, context: &Context, locale: Locale) {
    let caches = &context.caches;
    let cache = |key: &'static str, layers: u64, cells: u64| {
        Text::key(key)
            .arg("layers", layers.to_string())
            .arg("cells", cells.to_string())
    };
    if caches.full_layers > 0 {
        let name = cache("inspect.kv", caches.full_layers, caches.cells);
        line(out, name, Some(caches.full), locale);
    }
    if caches.windowed_layers > 0 {
        let (layers, cells) = (caches.windowed_layers, caches.window_cells);
        let name = cache("inspect.kv_window", layers, cells);
        line(out, name, Some(caches.windowed), locale);
    }
    if caches.state_layers > 0 {
        let name = cache("inspect.state", caches.state_layers, 0);
        line(out, name, Some(caches.state), locale);
    }
    line(out, Text::key("inspect.compute"), context.compute, locale);
    if context.host_compute.is_some() {
        let name = Text::key("inspect.host_compute");
        line(out, name, context.host_compute, locale);
    }
    line(
        out,
        Text::key("inspect.output"),
        Some(context.output),
        locale,
    );
}

/// Why caches and buffers are not known.
pub(super) fn unknown(why: &NoDecoder) -> Text {
    match why {
        NoDecoder::NoArchitecture => Text::key("inspect.no_architecture"),
        NoDecoder::Unknown(name) => {
            Text::key("inspect.unknown_architecture").arg("name", shown(name))
        }
        NoDecoder::Misshapen(what) => Text::key("inspect.misshapen").arg("what", shown(what)),
        NoDecoder::Missing(what) => Text::key("inspect.missing").arg("what", shown(what)),
    }
}

/// What the file calls something, or the words of `key` where it does not.
fn named(name: Option<&str>, key: &'static str) -> Text {
    name.map_or_else(|| Text::key(key), |name| Text::plain(shown(name)))
}

/// A name of the file without what would spoil a terminal.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(120).collect()
}
