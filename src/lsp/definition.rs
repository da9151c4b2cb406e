//! Where a word is defined and where else it is used: in the spec, in the catalog, in the rules.

use gen_lsp_types::{DocumentHighlight, Location};

use super::diagnostics::location;
use super::session::View;
use super::words::{Sense, Word};
use crate::catalog::Catalog;
use crate::catalog::types::Origin;
use crate::diagnostic::{Sources, codes};
use crate::spec::find;

/// The definitions of the word at a byte: one, or the members of a group of licences, or all rules with a code.
#[must_use]
pub(super) fn definition(view: &View<'_>, at: usize) -> Vec<Location> {
    let Some(word) = view.document.word_at(view.knowledge, at) else {
        return Vec::new();
    };
    match word.sense {
        Sense::Param | Sense::Feature | Sense::ParamDeclared | Sense::FeatureDeclared => view
            .document
            .read(view.knowledge)
            .words
            .iter()
            .filter(|other| is_declaration(other) && other.same_thing(word))
            .map(|other| Location::new(view.uri.clone(), view.document.range(other.span)))
            .collect(),
        Sense::Name(fact) => {
            let mut sources = Sources::new();
            records(view, fact, &word.text)
                .into_iter()
                .filter_map(|origin| {
                    let span = view.catalog().locate(origin, &mut sources);
                    location(view, span, &sources)
                })
                .collect()
        }
        Sense::Code => {
            let Some(code) = codes::parse(&word.text).map(|info| info.code) else {
                return Vec::new();
            };
            let mut sources = Sources::new();
            let rules = &view.knowledge.rules;
            let of_code = rules.rules.iter().filter(|rule| rule.code == code);
            of_code
                .filter_map(|rule| {
                    let span = rules.locate(rule.id_span, &mut sources);
                    location(view, span, &sources)
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

const fn is_declaration(word: &Word) -> bool {
    matches!(word.sense, Sense::ParamDeclared | Sense::FeatureDeclared)
}

/// The records that a name of a kind stands for.
fn records(view: &View<'_>, fact: &str, name: &str) -> Vec<Origin> {
    let catalog = view.catalog();
    if fact == "license.id"
        && let Some(group) = catalog.license_group(name)
    {
        return vec![group.at];
    }
    let known = find(view.knowledge.vocabulary.names(fact), name);
    known
        .and_then(|name| origin(catalog, fact, &name.id))
        .into_iter()
        .collect()
}

fn origin(catalog: &Catalog, fact: &str, id: &str) -> Option<Origin> {
    match fact {
        "model.id" => catalog.model(id).map(|(_, record)| record.at),
        "quant.id" => catalog.quantization(id).map(|(_, record)| record.at),
        "runtime.id" => catalog.runtime(id).map(|(_, record)| record.at),
        "backend.id" => catalog.backend(id).map(|(_, record)| record.at),
        "license.id" => catalog.license(id).map(|(_, record)| record.at),
        "device.id" => catalog.device(id).map(|(_, record)| record.at),
        "platform.id" => catalog.platform(id).map(|(_, record)| record.at),
        _ => None,
    }
}

/// All places of the parameter or feature at a byte.
#[must_use]
pub(super) fn references(view: &View<'_>, at: usize, with_declaration: bool) -> Vec<Location> {
    same(view, at)
        .filter(|word| with_declaration || !is_declaration(word))
        .map(|word| Location::new(view.uri.clone(), view.document.range(word.span)))
        .collect()
}

/// The same places, to be lit up.
#[must_use]
pub(super) fn highlights(view: &View<'_>, at: usize) -> Vec<DocumentHighlight> {
    same(view, at)
        .map(|word| DocumentHighlight::new(view.document.range(word.span), None))
        .collect()
}

/// The words that name the same parameter or feature as the one at a byte.
pub(super) fn same<'v>(view: &'v View<'_>, at: usize) -> impl Iterator<Item = &'v Word> {
    let word = view.document.word_at(view.knowledge, at);
    let words = &view.document.read(view.knowledge).words;
    words
        .iter()
        .filter(move |other| word.is_some_and(|word| word.same_thing(other)))
}
