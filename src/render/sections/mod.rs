//! The sections of the document, one file each: which facts of the plan are said, in which order.

mod answer;
mod bounds;
mod build;
mod challenges;
mod checks;
mod derivations;
mod features;
mod figures;
mod findings;
mod fleet;
mod infeasible;
mod inputs;
mod memory;
mod notes;
mod refused;
mod slots;
mod sources;
mod speed;
mod stack;
mod variant;

use super::page::{Page, Section};
use super::voice::{Voice, text};
use crate::plan::types::{Detail, Plan};

/// The whole document in one language.
pub(super) fn page(plan: &Plan, voice: Voice) -> Page {
    let named = plan.asked.name.as_ref();
    let called = named.or_else(|| plan.asked.features.first()?.title.as_ref());
    let title = match called {
        Some(name) => voice.say("title.named", &[("name", text(name.clone()))]),
        None => voice.say("title.unnamed", &[]),
    };
    let mut sections = vec![
        answer::section(plan, voice),
        infeasible::section(plan, voice),
        build::section(plan, voice),
    ];
    if full(plan) {
        sections.extend([
            memory::section(plan, voice),
            speed::section(plan, voice),
            features::section(plan, voice),
            challenges::section(plan, voice),
            notes::section(plan, voice),
            refused::section(plan, voice),
            inputs::what_if(plan, voice),
            inputs::section(plan, voice),
            checks::risks(plan, voice),
            checks::section(plan, voice),
            derivations::section(plan, voice),
        ]);
    } else {
        sections.extend([
            figures::section(plan, voice),
            challenges::section(plan, voice),
            refused::section(plan, voice),
            inputs::what_if(plan, voice),
            inputs::section(plan, voice),
            checks::section(plan, voice),
        ]);
    }
    let mut page = Page {
        title,
        lead: answer::lead(plan, voice),
        sections,
    };
    let cited = page.number_citations();
    page.sections.push(sources::section(plan, &cited, voice));
    page
}

/// A section with its heading from the catalogue.
fn section(id: &str, voice: Voice) -> Section {
    Section {
        id: id.to_owned(),
        title: voice.say(&format!("section.{id}"), &[]),
        blocks: Vec::new(),
    }
}

fn full(plan: &Plan) -> bool {
    plan.detail == Detail::Full
}
