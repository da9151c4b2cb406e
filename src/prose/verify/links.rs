//! Words that put names into an order: what runs on what, which runtime wraps which engine, which phone stands for which
//! class. The names may belong together and the sentence still have them the wrong way round.

use super::reason::{Reason, Refusal};
use super::rows::{holds, is_place};
use crate::diagnostic::Text;
use crate::prose::facts::{Facts, Kind};
use crate::prose::read::atom::{Atom, What};
use crate::prose::read::meaning::Link;
use crate::prose::read::names::Options;

/// The links of a clause that its names contradict.
pub(crate) fn broken(
    facts: &Facts,
    sentence: &str,
    atoms: &[Atom],
    place: &[Options],
) -> Vec<Refusal> {
    let links = atoms.iter().enumerate();
    let links = links.filter_map(|(at, atom)| match atom.what {
        What::Link(link) => Some((at, link)),
        _ => None,
    });
    let wrong = links.filter(|(at, link)| !stands(facts, sentence, atoms, place, *at, *link));
    wrong
        .map(|(at, _)| {
            let span = atoms[at].span.clone();
            let text = sentence.get(span.clone()).unwrap_or_default();
            let message = Text::key("prose.refused.order").arg("text", text);
            Refusal::new(Reason::Pair, span, message)
        })
        .collect()
}

fn stands(
    facts: &Facts,
    sentence: &str,
    atoms: &[Atom],
    place: &[Options],
    at: usize,
    link: Link,
) -> bool {
    let before: Vec<&Options> = atoms[..at].iter().filter_map(name).collect();
    let after = atoms[at + 1..].iter().find_map(name);
    match link {
        Link::RunsOn => after.is_none_or(|after| {
            let below = |one: &&Options| is_above(after, one);
            // `On iOS it runs on Metal`: what runs was said before, and is no place.
            let only_where = before.iter().all(|one| is_place(one));
            (only_where && depth(after) > Some(0)) || before.iter().any(below)
        }),
        Link::Runs => after
            .filter(|_| is_direct(sentence, atoms, at))
            .is_none_or(|after| {
                let above = |one: &&Options| is_above(one, after);
                before.is_empty() || before.iter().any(above)
            }),
        Link::Wraps => wraps(&before, after, Kind::Runtime, Kind::Engine),
        Link::Wrapped => wraps(&before, after, Kind::Engine, Kind::Runtime),
        Link::Engine => wraps(nearest(&before), after, Kind::Runtime, Kind::Engine),
        Link::StandsFor => {
            after.is_none_or(|after| is(after, Kind::Class)) && is_one_place(facts, atoms, place)
        }
        Link::Reference => is_one_place(facts, atoms, place),
    }
}

/// Whether a name follows at once: what a runtime or a phone runs.
fn is_direct(sentence: &str, atoms: &[Atom], at: usize) -> bool {
    let Some(next) = atoms.get(at + 1).filter(|next| name(next).is_some()) else {
        return false;
    };
    let between = sentence.get(atoms[at].span.end..next.span.start);
    between.is_some_and(|between| matches!(between.trim(), "" | "the" | "a"))
}

/// How far down something runs: a model on a runtime, that on an engine, that on a backend, that on a phone.
fn depth(name: &Options) -> Option<u8> {
    let depths = name.iter().filter_map(|(kind, _)| match kind {
        Kind::Model | Kind::Quantization | Kind::Format | Kind::Role => Some(0),
        Kind::Runtime => Some(1),
        Kind::Engine => Some(2),
        Kind::Backend => Some(3),
        Kind::Platform | Kind::Class | Kind::Device | Kind::Chip => Some(4),
        _ => None,
    });
    depths.min()
}

/// Whether one thing carries another: the deeper one the other.
fn is_above(deep: &Options, high: &Options) -> bool {
    depth(deep)
        .zip(depth(high))
        .is_some_and(|(deep, high)| high < deep)
}

/// Whether a name of one kind stands before, places aside, and one of the other kind after.
fn wraps(before: &[&Options], after: Option<&Options>, first: Kind, then: Kind) -> bool {
    let mut before = before.iter().filter(|name| !is_place(name)).peekable();
    let starts = before.peek().is_none() || before.any(|name| is(name, first));
    starts && after.is_none_or(|name| is(name, then) || is_place(name))
}

/// The last of the names that is no place.
fn nearest<'o, 'n>(names: &'o [&'n Options]) -> &'o [&'n Options] {
    let last = names.iter().rposition(|name| !is_place(name));
    last.map_or(&[], |last| &names[last..=last])
}

/// Whether all places of the clause are those of one row: a phone with another class is no reference of it. One place alone is
/// put beside what was spoken of before: `the Pixel 9 Pro (Google Tensor G4) stands for Android 16 GB`.
fn is_one_place(facts: &Facts, atoms: &[Atom], place: &[Options]) -> bool {
    let mut places: Vec<&Options> = atoms
        .iter()
        .filter_map(name)
        .filter(|name| is_place(name))
        .collect();
    if places.len() < 2 {
        places.extend(place);
    }
    facts.rows.iter().any(|row| holds(row, &places))
}

fn is(name: &Options, kind: Kind) -> bool {
    name.iter().any(|(own, _)| *own == kind)
}

fn name(atom: &Atom) -> Option<&Options> {
    match &atom.what {
        What::Name(options) => Some(options),
        _ => None,
    }
}
