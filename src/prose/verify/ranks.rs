//! Several things side by side: which of them has the largest or smallest figure, and which of two has more. Likely values
//! are compared, as the plan prints them. Two that print alike, or are but about the same, are in no order.

use super::clause::{Scope, names};
use super::frame::is_better_high;
use super::grounds::{Cell, Grounds};
use super::rows::{Combination, figure, is_place, kind_of, rows_of};
use crate::prose::facts::{Attribute, Facts, Figure, Kind};
use crate::prose::read::atom::{Atom, What};
use crate::prose::read::lexicon::lexicon;
use crate::prose::read::meaning::{Compare, Degree, Extreme, Way};
use crate::prose::read::names::Options;
use crate::prose::read::number::Quantity;
use crate::prose::read::rounding::same;
use crate::quantity::Dimension;

/// A word for one of several, where it stands.
pub(crate) struct Place<'a> {
    /// The clause.
    pub(crate) atoms: &'a [Atom],
    /// Which of its atoms.
    pub(crate) at: usize,
    /// What the clause before was about.
    pub(crate) inherited: &'a [Attribute],
}

/// Judges a word for one of several; `None` when it cannot be held against the facts, or does not follow from them.
/// Gives the cells it rests on and what the next clause goes on about.
pub(crate) fn foremost(
    facts: &Facts,
    reading: &Combination<'_>,
    place: &Place<'_>,
    extreme: Extreme,
) -> Option<(Grounds, Attribute)> {
    let of_step = extreme == Extreme::SlowestStep;
    let is_subject = |name: &&Options| match kind_of(name) {
        Some(Kind::Role) => of_step,
        Some(Kind::Class | Kind::Device | Kind::Chip) => !of_step,
        _ => false,
    };
    let mut subject: Vec<&Options> = reading.iter().copied().filter(is_subject).collect();
    if subject.is_empty() && !of_step {
        let is_model = |name: &&Options| kind_of(name) == Some(Kind::Model);
        subject = reading.iter().copied().filter(is_model).collect();
    } else if reading
        .iter()
        .any(|name| kind_of(name) == Some(Kind::Model))
    {
        // Of a model on a class, among the classes or among its models?
        return None;
    }
    let of_model = subject
        .iter()
        .all(|name| kind_of(name) == Some(Kind::Model));
    if subject.is_empty() || (extreme == Extreme::Tightest && of_model) {
        return None;
    }
    let among: Vec<&Options> = reading
        .iter()
        .copied()
        .filter(|name| !subject.contains(name))
        .collect();
    let (own, all) = (rows_of(facts, reading), rows_of(facts, &among));
    let inherited = match place.inherited {
        [one] => Some(*one),
        _ => None,
    };
    // `By far the smallest`.
    let before = place.at.checked_sub(1).map(|at| &place.atoms[at].what);
    let degree = match before {
        Some(What::Degree(degree)) => Some(*degree),
        _ => None,
    };
    let of_speed = matches!(extreme, Extreme::Fastest | Extreme::Slowest);
    let attributes = match extreme {
        Extreme::Tightest => vec![Attribute::Slack],
        Extreme::SlowestStep => vec![Attribute::Latency],
        _ => match beside(place.atoms, place.at).or(inherited) {
            Some(one) => vec![one],
            None if of_model => vec![Attribute::Params],
            // The fastest class is first in every respect.
            None if of_speed => vec![Attribute::FirstToken, Attribute::Decode],
            None => return None,
        },
    };
    let mut grounds = Grounds::default();
    for attribute in &attributes {
        let more = is_more(extreme, attribute.dimension())?;
        let best = value(facts, &own, *attribute)?;
        let mut others = all
            .iter()
            .filter(|row| !own.contains(row))
            .filter_map(|row| figure(facts, *row, *attribute))
            .peekable();
        others.peek()?;
        let ahead = |other: &Figure| {
            is_ahead(&best, other, more)
                && degree.is_none_or(|degree| degree.holds(best.likely, other.likely))
        };
        if !others.all(ahead) {
            return None;
        }
        grounds.add(rest(&own, *attribute));
    }
    Some((grounds, *attributes.first()?))
}

/// Whether the first of several is the one with the largest figure; `None` where the words do not go with it.
const fn is_more(extreme: Extreme, dimension: Dimension) -> Option<bool> {
    match (extreme, dimension) {
        (Extreme::Most, _) => Some(true),
        (Extreme::Least | Extreme::Tightest, _) => Some(false),
        (Extreme::Fastest, Dimension::Rate) => Some(true),
        (Extreme::Fastest, Dimension::Time) => Some(false),
        (Extreme::Slowest, Dimension::Rate) => Some(false),
        (Extreme::Slowest | Extreme::SlowestStep, Dimension::Time) => Some(true),
        _ => None,
    }
}

/// The figure a word for one of several speaks of: the words right after it, else those before.
fn beside(atoms: &[Atom], at: usize) -> Option<Attribute> {
    let only = |atom: &Atom| match &atom.what {
        What::Attribute(words) => match words.as_slice() {
            [one] => Some(*one),
            _ => None,
        },
        _ => None,
    };
    let after = atoms[at + 1..].iter().take(1).find_map(only);
    after.or_else(|| atoms[..at].iter().rev().find_map(only))
}

/// `A has more than B`, `A 比 B 快`, of two places or two models, with or without by how much; `None` when the clause is no such comparison.
/// The answer is `Some(None)` when it is one and does not follow.
pub(crate) fn between(
    facts: &Facts,
    sentence: &str,
    atoms: &[Atom],
    scope: &mut Scope,
) -> Option<Option<Grounds>> {
    let parts = Parts::of(sentence, atoms)?;
    let before = names(&atoms[..parts.sign]);
    let after = names(&atoms[parts.sign..]);
    let [there] = after.as_slice() else {
        return None;
    };
    let of_models = matches!(kind_of(there), Some(Kind::Model | Kind::Role));
    if !of_models && !is_place(there) {
        return None;
    }
    let is_side = |name: &Options| match of_models {
        true => matches!(kind_of(name), Some(Kind::Model | Kind::Role)),
        false => is_place(name),
    };
    let (said, shared): (Vec<&Options>, Vec<&Options>) =
        before.into_iter().partition(|name| is_side(name));
    let here: Vec<Options> = match said.is_empty() {
        true if of_models => scope
            .what
            .iter()
            .filter(|name| is_side(name))
            .cloned()
            .collect(),
        true => scope.place.clone(),
        false => said.into_iter().cloned().collect(),
    };
    let of = |place: &Options| {
        let mut names = shared.clone();
        names.push(place);
        rows_of(facts, &names)
    };
    let judged = || {
        let [here] = here.as_slice() else {
            return None;
        };
        let attribute = parts.attribute.or(match scope.attributes.as_slice() {
            [one] => Some(*one),
            _ => None,
        })?;
        let (own, other) = (of(here), of(there));
        let (one, two) = (
            value(facts, &own, attribute)?,
            value(facts, &other, attribute)?,
        );
        let more = parts.way.is_more(attribute)?;
        let stands = differs(&one, &two, attribute, more);
        let by = parts.by.is_none_or(|(quantity, about)| {
            same(
                quantity,
                about,
                (one.likely - two.likely).abs(),
                attribute.dimension(),
            )
        });
        let beyond = parts.beyond.is_none_or(|(quantity, about)| {
            same(quantity, about, two.likely, attribute.dimension())
        });
        let apart = parts
            .degree
            .is_none_or(|degree| degree.holds(one.likely, two.likely));
        (stands && by && beyond && apart).then(|| {
            let mut grounds = rest(&own, attribute);
            grounds.add(rest(&other, attribute));
            (grounds, attribute)
        })
    };
    let found = judged();
    match of_models {
        true => scope.what = here,
        false => scope.place = here,
    }
    Some(found.map(|(grounds, attribute)| {
        scope.attributes = vec![attribute];
        grounds
    }))
}

/// The parts of a comparison between two things.
struct Parts<'a> {
    /// Where the other thing begins.
    sign: usize,
    way: Way,
    attribute: Option<Attribute>,
    /// By how much, and whether about so.
    by: Option<(&'a Quantity, bool)>,
    /// The figure of the other thing.
    beyond: Option<(&'a Quantity, bool)>,
    /// How far they lie apart.
    degree: Option<Degree>,
}

impl<'a> Parts<'a> {
    /// `None` when the clause holds anything else.
    fn of(sentence: &str, atoms: &'a [Atom]) -> Option<Self> {
        let mut signs = atoms
            .iter()
            .enumerate()
            .filter_map(|(at, atom)| match atom.what {
                What::Than => Some((at, None)),
                What::Compare(Compare::More) => Some((at, Some(Way::More))),
                What::Compare(Compare::Less) => Some((at, Some(Way::Less))),
                _ => None,
            });
        let (sign, mut way) = signs.next()?;
        if signs.next().is_some() {
            return None;
        }
        let compared = way.is_some();
        let mut attribute = None;
        let (mut by, mut beyond) = (None, None);
        let (mut degree, mut way_at) = (None, None);
        for (at, atom) in atoms.iter().enumerate() {
            let about = at > 0 && atoms[at - 1].what == What::About;
            match &atom.what {
                What::Name(_) | What::About => {}
                What::Attribute(words) if attribute.is_none() && words.len() == 1 => {
                    attribute = words.first().copied();
                }
                // `高于 iOS 8 GB 的 10 tok/s` gives the other figure, `比 iOS 8 GB 多 1.3 GiB` the difference.
                What::Quantity(quantity)
                    if at > sign
                        && beyond.is_none()
                        && (compared || way_at.is_none_or(|way| way < sign)) =>
                {
                    beyond = Some((quantity, about));
                }
                What::Degree(found) if degree.is_none() && leads_to_way(sentence, atoms, at) => {
                    degree = Some(*found);
                }
                What::Quantity(quantity) if (!compared || at < sign) && by.is_none() => {
                    by = Some((quantity, about));
                }
                _ if at == sign => {}
                _ => {
                    let word = sentence.get(atom.span.clone()).unwrap_or_default();
                    let found = lexicon().way(word)?;
                    way_at = Some(at);
                    if way.replace(found).is_some() {
                        return None;
                    }
                }
            }
        }
        let way = way?;
        Some(Self {
            sign,
            way,
            attribute,
            by,
            beyond,
            degree,
        })
    }
}

/// Whether the word after this one compares.
fn leads_to_way(sentence: &str, atoms: &[Atom], at: usize) -> bool {
    atoms.get(at + 1).is_some_and(|next| {
        let word = sentence.get(next.span.clone()).unwrap_or_default();
        matches!(next.what, What::Compare(_)) || lexicon().way(word).is_some()
    })
}

impl Way {
    /// Whether the first has the larger figure; `None` where the words do not go with it.
    fn is_more(self, attribute: Attribute) -> Option<bool> {
        match (self, attribute.dimension()) {
            (Self::More, _) => Some(true),
            (Self::Less, _) => Some(false),
            (Self::Faster, Dimension::Rate | Dimension::Time) => Some(is_better_high(attribute)),
            (Self::Slower, Dimension::Rate | Dimension::Time) => Some(!is_better_high(attribute)),
            _ => None,
        }
    }
}

/// The figure of several rows where it is the same on all that have it.
pub(crate) fn value(facts: &Facts, rows: &[usize], attribute: Attribute) -> Option<Figure> {
    let mut figures = rows.iter().filter_map(|row| figure(facts, *row, attribute));
    let first = *figures.next()?;
    figures.all(|other| *other == first).then_some(first)
}

/// Whether one likely value is beyond another. The first of several is so by what the plan reckons with, however little it
/// is ahead; nothing is said of how much.
const fn is_ahead(one: &Figure, other: &Figure, more: bool) -> bool {
    match more {
        true => one.likely > other.likely,
        false => one.likely < other.likely,
    }
}

/// How far likely values that have intervals must lie apart to be in an order: as far as `about` reaches.
const APART: f64 = 0.05;

/// Whether the likely values differ this way and are printed differently; where intervals are known, by more than `about`.
fn differs(one: &Figure, other: &Figure, attribute: Attribute, more: bool) -> bool {
    let dimension = attribute.dimension();
    let (large, small) = match more {
        true => (one.likely, other.likely),
        false => (other.likely, one.likely),
    };
    let apart = match one.is_interval() || other.is_interval() {
        true => large * APART,
        false => 0.0,
    };
    large - small > apart && one.shown(dimension) != other.shown(dimension)
}

fn rest(rows: &[usize], attribute: Attribute) -> Grounds {
    let cells = rows.iter().map(|row| Cell {
        row: *row,
        attribute,
    });
    Grounds {
        cells: cells.collect(),
        ..Grounds::default()
    }
}
