//! Names of the catalog, as far as a spec may use them.

use super::desk::Desk;
use crate::diagnostic::{Applicability, Code, Text};
use crate::spec::vocabulary::{Name, find};
use crate::syntax::nearest::fold;
use crate::syntax::tree::Value;

/// A kind of name: where it may be looked up and what facts it is compared with.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    /// Fact path.
    pub(super) fact: &'static str,
    /// Message key of what it is.
    pub(super) what: &'static str,
    /// Code of an unknown one.
    pub(super) code: u16,
}

/// The words that may follow `use` and `forbid`, with the fact each compares.
pub fn selectors() -> impl Iterator<Item = (&'static str, &'static str)> {
    KINDS.iter().map(|(word, kind)| (*word, kind.fact))
}

/// What `use` and `forbid` may name.
pub(super) const KINDS: &[(&str, Kind)] = &[
    ("runtime", kind("runtime.id", "language.what.runtime", 206)),
    ("model", kind("model.id", "language.what.model", 205)),
    ("backend", kind("backend.id", "language.what.backend", 206)),
    ("quant", kind("quant.id", "language.what.quant", 206)),
    ("quantization", kind("quant.id", "language.what.quant", 206)),
    ("license", kind("license.id", "language.what.license", 206)),
    ("licence", kind("license.id", "language.what.license", 206)),
    ("vendor", kind("model.vendor", "language.what.vendor", 206)),
    ("family", kind("model.family", "language.what.family", 206)),
    (
        "format",
        kind("artifact.format", "language.what.format", 206),
    ),
];

const fn kind(fact: &'static str, what: &'static str, code: u16) -> Kind {
    Kind { fact, what, code }
}

/// The quantization most used of as many bits as a word speaks of (`4bit`, `q4`); of a word without bits, that of four.
fn usual<'n>(word: &str, known: &'n [Name]) -> Option<&'n str> {
    let digits: String = word.chars().filter(char::is_ascii_digit).collect();
    let bits = if digits.is_empty() { "4" } else { &digits };
    let named = |wanted: String| {
        let mut ids = known.iter().map(|name| name.id.as_str());
        ids.find(|id| *id == wanted)
    };
    ["q{}_k_m", "q{}_k", "q{}_0", "f{}"]
        .iter()
        .find_map(|form| named(form.replace("{}", bits)))
}

impl Desk<'_> {
    /// The ids a name stands for: one, or the members of a group of licences. A kind without a vocabulary takes all.
    pub(super) fn ids(&mut self, kind: Kind, value: &Value) -> Vec<String> {
        let Some(text) = self.text(value) else {
            return Vec::new();
        };
        if kind.fact == "license.id"
            && let Some((_, members)) = self
                .vocabulary
                .license_groups
                .iter()
                .find(|(group, _)| fold(group) == fold(&text))
        {
            return members.clone();
        }
        let vocabulary = self.vocabulary;
        let names = self.vocabulary.names(kind.fact);
        if names.is_empty() {
            return vec![text];
        }
        if let Some(name) = find(names, &text) {
            return vec![name.id.clone()];
        }
        let mut known: Vec<String> = names
            .iter()
            .flat_map(|name| std::iter::once(&name.id).chain(&name.spellings))
            .cloned()
            .collect();
        if kind.fact == "license.id" {
            known.extend(
                vocabulary
                    .license_groups
                    .iter()
                    .map(|(group, _)| group.clone()),
            );
        }
        let quoted = known.iter().map(String::as_str);
        let before = self.findings.len();
        self.unknown(kind.code, kind.what, &text, value.span, quoted);
        if kind.fact == "quant.id"
            && let Some(meant) = usual(&text, names)
        {
            let own = self.findings.iter_mut().skip(before);
            for finding in own.filter(|finding| finding.fixes.is_empty()) {
                let title = Text::key("lsp.fix.use").arg("name", meant);
                let suggested = Applicability::Suggested;
                *finding = finding.clone().fix(suggested, title, value.span, meant);
            }
        }
        // The name stands in quotes, so its replacement does too.
        for edit in self
            .findings
            .iter_mut()
            .skip(before)
            .flat_map(|finding| &mut finding.fixes)
            .flat_map(|fix| &mut fix.edits)
        {
            edit.replacement = format!("\"{}\"", edit.replacement);
        }
        Vec::new()
    }

    /// A device by its id or one of its names.
    pub(super) fn device(&mut self, value: &Value) -> Option<String> {
        let device = kind("device.id", "language.what.device", 204);
        let before = self.findings.len();
        let found = self.ids(device, value).into_iter().next();
        // No phone is called so: there are other ways to plan for it.
        let own = self.findings.iter_mut().skip(before);
        for finding in own.filter(|it| it.code == Code(204) && it.fixes.is_empty()) {
            finding.helps.push(Text::key("language.device-unknown"));
        }
        found
    }

    /// A platform by its id or one of its names, without a finding when there is none.
    pub(super) fn platform(&self, word: &str) -> Option<String> {
        let names = self.vocabulary.names("platform.id");
        if names.is_empty() {
            return ["ios", "android", "harmonyos"]
                .into_iter()
                .find(|id| *id == fold(word))
                .map(str::to_owned);
        }
        find(names, word).map(|name| name.id.clone())
    }
}
