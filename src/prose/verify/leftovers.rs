//! Atoms of a clause that no claim takes up and that still mean something: a reason to refuse it.

use super::reason::{Reason, Refusal};
use crate::diagnostic::Text;
use crate::prose::facts::{Attribute, Facts, Kind};
use crate::prose::read::atom::{Atom, What};

/// What is known of a clause besides its atoms.
pub(crate) struct Around<'a> {
    /// Negations that a claim took up, by the atom they are.
    pub(crate) negations: &'a [usize],
    /// What its last claim was about.
    pub(crate) last: &'a [Attribute],
    /// It speaks of an end of an interval, or of both.
    pub(crate) of_end: bool,
}

/// Atoms that no claim takes up and that mean something.
pub(crate) fn leftovers(
    facts: &Facts,
    sentence: &str,
    atoms: &[Atom],
    around: &Around<'_>,
) -> Vec<Refusal> {
    let mut found = Vec::new();
    for (at, atom) in atoms.iter().enumerate() {
        let text = || {
            sentence
                .get(atom.span.clone())
                .unwrap_or_default()
                .to_owned()
        };
        let (reason, key) = match &atom.what {
            What::Chunk(_) => (Reason::Name, "prose.refused.name"),
            What::Version(version) if has_version(facts, version) => continue,
            What::Version(_) => (Reason::Name, "prose.refused.name"),
            What::Negation if around.negations.contains(&at) => continue,
            // Users download once: that is what a download is.
            What::Guard(group) if group == "once" && speaks_of(atoms, Attribute::Download) => {
                continue;
            }
            // The first token comes after its time.
            What::Guard(group)
                if group == "after"
                    && (speaks_of(atoms, Attribute::FirstToken)
                        || around.last.contains(&Attribute::FirstToken)) =>
            {
                continue;
            }
            // What may be is the end that is spoken of.
            What::Guard(group) if group == "may" && around.of_end => continue,
            // Two figures of which one is a part of the other.
            What::Guard(group) if group == "out" && after_quantity(atoms, at) => continue,
            // `610 MiB each` counts what the plan does not.
            what if is_all(what) && after_quantity(atoms, at) => {
                (Reason::Unclear, "prose.refused.pairing")
            }
            // `only 261 MiB` says how the writer finds it, `only Android 8 GB` what the figures do not.
            What::Guard(group) if group == "barely" && leads_to_figure(sentence, atoms, at) => {
                continue;
            }
            // What is said holds on every row anyway.
            what if is_all(what) => continue,
            What::Negation | What::Guard(_) | What::Than => (Reason::Turn, "prose.refused.turn"),
            What::Pairing => (Reason::Unclear, "prose.refused.pairing"),
            What::Odd => (Reason::Unreadable, "prose.refused.unreadable"),
            What::Word(_) | What::Han(..) => (Reason::Words, "prose.refused.words"),
            What::CompareAfter(_) if !after_quantity(atoms, at) && !after_bound(atoms, at) => {
                (Reason::Turn, "prose.refused.turn")
            }
            _ => continue,
        };
        found.push(Refusal::new(
            reason,
            atom.span.clone(),
            Text::key(key).arg("text", text()),
        ));
    }
    found
}

fn speaks_of(atoms: &[Atom], attribute: Attribute) -> bool {
    atoms
        .iter()
        .any(|atom| matches!(&atom.what, What::Attribute(words) if words.contains(&attribute)))
}

pub(crate) fn is_all(what: &What) -> bool {
    matches!(what, What::Guard(group) if group == "all")
}

fn after_quantity(atoms: &[Atom], at: usize) -> bool {
    at > 0 && matches!(atoms[at - 1].what, What::Quantity(_))
}

/// Whether words for a limit stand right before.
fn after_bound(atoms: &[Atom], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| &atoms[before].what);
    matches!(before, Some(What::Attribute(words)) if words.iter().any(|one| one.is_bound()))
}

fn has_version(facts: &Facts, version: &str) -> bool {
    facts
        .rows
        .iter()
        .filter_map(|row| row.names.get(&Kind::Version))
        .any(|known| known.trim_start_matches(['^', '~', 'v']) == version)
}

/// Whether only words for a figure stand between this and a number.
fn leads_to_figure(sentence: &str, atoms: &[Atom], at: usize) -> bool {
    let mut end = atoms[at].span.end;
    for atom in &atoms[at + 1..] {
        let gap = sentence.get(end..atom.span.start).unwrap_or_default();
        if !matches!(gap.trim(), "" | "为" | "需" | "有") {
            return false;
        }
        match atom.what {
            What::Quantity(_) => return true,
            What::About | What::Attribute(_) => end = atom.span.end,
            // `Only after 781 s`.
            What::Guard(ref group) if group == "after" => end = atom.span.end,
            _ => return false,
        }
    }
    false
}
