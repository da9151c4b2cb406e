//! Clauses that speak of figures and names: every claim must hold on every row the names stand for.

use std::ops::Range;

use super::alone;
use super::bind::{Claim, Said, bind, without_left};
use super::clause::{Scope, names};
use super::grounds::Grounds;
use super::judge::Judge;
use super::leftovers::{Around, is_all, leftovers};
use super::links;
use super::marks::is_mark;
use super::reason::{Reason, Refusal};
use super::rows::{combinations, hold_everywhere, is_place, kind_of, rows_of};
use super::{ranks, ratios, shares};
use crate::diagnostic::Text;
use crate::prose::facts::{Attribute, Facts, Kind};
use crate::prose::read::atom::{Atom, What};
use crate::prose::read::meaning::Degree;
use crate::quantity::Dimension;

/// Judges one clause; the scope moves on with it.
pub(crate) fn judge(
    facts: &Facts,
    sentence: &str,
    atoms: &[Atom],
    scope: &mut Scope,
) -> Result<Grounds, Refusal> {
    let links = links::broken(facts, sentence, atoms, &scope.place);
    let span = whole(atoms);
    if let Some(found) = ratios::judge(facts, sentence, atoms, scope) {
        return found.ok_or_else(|| comparison(sentence, &span));
    }
    if let Some(found) = shares::judge(facts, atoms, scope) {
        return found.ok_or_else(|| comparison(sentence, &span));
    }
    let atoms = &of_memory(atoms);
    // What says nothing among figures is out of the way of what does.
    let silent = |atom: &&Atom| !matches!(atom.what, What::Topic(_) | What::Link(_));
    let heard: Vec<Atom> = atoms.iter().filter(silent).cloned().collect();
    let heard = in_units_of(heard, &scope.attributes);
    if let Some(found) = ranks::between(facts, sentence, &heard, scope) {
        return found.ok_or_else(|| comparison(sentence, &span));
    }
    let Some((ruled, heard)) = scope.frame.enter(&heard) else {
        return Err(unclear(span));
    };
    let (heard, alone) = alone::taken(heard);
    let (marks, unmarked): (Vec<Atom>, Vec<Atom>) = heard.iter().cloned().partition(is_mark);
    let atoms = unmarked.as_slice();
    let own = names(atoms);
    let parts = scope.parts(sentence, atoms);
    scope.take(&own);
    scope.what.extend(parts);
    if own.iter().any(|name| is_place(name)) {
        scope.frame.everywhere = false;
    }
    let mut refusals: Vec<Refusal> = Vec::new();
    let mut grounds = Grounds::default();
    // `The smallest of all classes` is one of them.
    let of_one = marks
        .iter()
        .any(|mark| matches!(mark.what, What::Extreme(..)));
    let mut of_none = false;
    let mut others = false;
    for (at, mark) in marks.iter().enumerate() {
        if let What::Others { counted } = mark.what {
            let next = marks.get(at + 1).map(|next| &next.what);
            let count = match next {
                Some(What::Everywhere(Some(count))) if counted => Some(*count),
                _ if counted => return Err(unclear(mark.span.clone())),
                _ => None,
            };
            if !scope.goes_to_others(facts, count, &own) {
                return Err(unclear(mark.span.clone()));
            }
            others = true;
            continue;
        }
        if others && matches!(mark.what, What::Everywhere(_)) {
            continue;
        }
        let count = match mark.what {
            What::Everywhere(count) => count,
            What::Nowhere => {
                of_none = true;
                None
            }
            _ => continue,
        };
        if !scope.is_everywhere(facts, count, of_one) {
            return Err(unclear(mark.span.clone()));
        }
    }
    let inherited = std::mem::take(&mut scope.attributes);
    let (atoms, left) = &without_left(atoms);
    let bound = bind(atoms, &inherited, left);
    let claims = ruled.applied(bound.claims);
    let Some(claims) = of_none_where(claims, of_none, &marks, &bound.negations) else {
        return Err(unclear(span));
    };
    let Some(degree) = degree(atoms, &claims) else {
        return Err(unclear(span));
    };
    scope.frame.leave(&claims);
    scope.attributes.clone_from(&bound.last);
    let everywhere = scope.frame.everywhere;
    let of_all = everywhere || atoms.iter().any(|atom| is_all(&atom.what));
    let subject = scope.names();
    let Some(readings) = combinations(&subject) else {
        return Err(unclear(span));
    };
    for reading in &readings {
        if reading.is_empty() {
            continue;
        }
        if hold_everywhere(facts, reading, of_all) {
            if !own.is_empty() && (subject.len() > 1 || of_all) {
                grounds.rows.extend(rows_of(facts, reading));
            }
        } else {
            let said: Vec<&str> = reading.iter().map(|name| shown(name)).collect();
            refusals.push(Refusal::new(
                Reason::Pair,
                span.clone(),
                Text::key("prose.refused.pair").arg("names", said.join(", ")),
            ));
        }
    }
    let judge = Judge {
        facts,
        sentence,
        readings: &readings,
        ruled,
        inherited: &inherited,
        of_all: everywhere,
        degree,
        of_part: (own.iter()).any(|name| matches!(kind_of(name), Some(Kind::Role | Kind::Model))),
    };
    let mut goes_on = None;
    for mark in &marks {
        match judge.mark(&heard, mark) {
            Some((found, last)) => {
                grounds.add(found);
                goes_on = last.filter(|_| claims.is_empty()).or(goes_on);
            }
            None => refusals.push(judge.comparison(&mark.span)),
        }
    }
    for claim in &claims {
        let claim = &judge.of_its_part(claim);
        if judge.is_of_whole(claim) {
            refusals.push(unclear(claim.span.clone()));
            continue;
        }
        match judge.claim(claim) {
            Ok(found) => grounds.add(found),
            Err(refusal) => refusals.push(refusal),
        }
    }
    refusals.extend(links);
    if let Some(alone) = alone {
        let said = claims.is_empty() && marks.is_empty();
        match alone.holds(facts, atoms).filter(|_| said) {
            Some(found) => grounds.add(found),
            None => refusals.push(turned(sentence, &alone.span)),
        }
    }
    refusals.extend(judge.idle(atoms, &claims, &bound.idle));
    let around = Around {
        negations: &bound.negations,
        last: &bound.last,
        of_end: ruled.end.is_some() && !claims.is_empty()
            || claims
                .iter()
                .any(|claim| matches!(claim.said, Said::Between { .. })),
    };
    refusals.extend(leftovers(facts, sentence, atoms, &around));
    if let Some(attribute) = goes_on {
        scope.attributes = vec![attribute];
    }
    refusals.sort_by_key(|refusal| (refusal.reason, refusal.span.start));
    match refusals.into_iter().next() {
        Some(refusal) => Err(refusal),
        None => Ok(grounds),
    }
}

/// `1.21 GiB of memory`: bytes of memory, of which a clause says nothing else, are the peak.
fn of_memory(atoms: &[Atom]) -> Vec<Atom> {
    let mut atoms = atoms.to_vec();
    let says_what = |atom: &Atom| matches!(atom.what, What::Attribute(_));
    let is_memory = |atom: &Atom| matches!(&atom.what, What::Topic(word) if matches!(word.as_str(), "memory" | "内存"));
    let is_bytes = |atom: &Atom| match &atom.what {
        What::Quantity(quantity) => quantity.dimension == Dimension::Bytes,
        _ => false,
    };
    if !atoms.iter().any(says_what)
        && let Some(at) =
            (1..atoms.len()).find(|at| is_memory(&atoms[*at]) && is_bytes(&atoms[*at - 1]))
    {
        atoms[at].what = What::Attribute(vec![Attribute::PeakMemory]);
    }
    atoms
}

/// Joules go on about energy per token, and percent about what the battery loses in an hour, where the clause before spoke of
/// it and this one of nothing else.
fn in_units_of(mut atoms: Vec<Atom>, inherited: &[Attribute]) -> Vec<Atom> {
    let says_what = |atom: &Atom| matches!(atom.what, What::Attribute(_));
    if atoms.iter().any(says_what) {
        return atoms;
    }
    for atom in &mut atoms {
        let What::Quantity(quantity) = &mut atom.what else {
            continue;
        };
        match (quantity.dimension, inherited) {
            (Dimension::Energy, [Attribute::Energy]) => {
                quantity.dimension = Dimension::EnergyPerToken;
            }
            (Dimension::Share, [Attribute::Battery]) => {
                quantity.dimension = Dimension::Drain;
                quantity.value *= 100.0;
                quantity.factor *= 100.0;
            }
            _ => {}
        }
    }
    atoms
}

/// The claims of a clause; where it speaks of none of the classes, its one comparison turned round. `None` where there is
/// no such comparison.
fn of_none_where(
    mut claims: Vec<Claim>,
    of_none: bool,
    marks: &[Atom],
    negations: &[usize],
) -> Option<Vec<Claim>> {
    if !of_none {
        return Some(claims);
    }
    let other = |mark: &Atom| !matches!(mark.what, What::Nowhere);
    let mut compares = claims.iter_mut().filter_map(|claim| match &mut claim.said {
        Said::Stands { compare, .. } | Said::Relates { compare, .. } => Some(compare),
        _ => None,
    });
    let compare = compares.next()?;
    if compares.next().is_some() || marks.iter().any(other) || !negations.is_empty() {
        return None;
    }
    *compare = compare.denied();
    Some(claims)
}

/// How far the figures of the one comparison of a clause lie apart, where it says so right before it; `None` where the word
/// stands anywhere else.
fn degree(atoms: &[Atom], claims: &[Claim]) -> Option<Option<Degree>> {
    let mut said = atoms
        .iter()
        .enumerate()
        .filter_map(|(at, atom)| match atom.what {
            What::Degree(degree) => Some((at, degree)),
            _ => None,
        });
    let Some((at, degree)) = said.next() else {
        return Some(None);
    };
    let compares = claims
        .iter()
        .filter(|claim| matches!(claim.said, Said::Stands { .. } | Said::Relates { .. }));
    let leads = matches!(atoms.get(at + 1)?.what, What::Compare(_));
    (leads && said.next().is_none() && compares.count() == 1).then_some(Some(degree))
}

fn shown(name: &crate::prose::read::names::Options) -> &str {
    name.first().map_or("", |(_, name)| name.as_str())
}

/// A word that turns the sentence and follows from nothing.
fn turned(sentence: &str, span: &Range<usize>) -> Refusal {
    let text = sentence.get(span.clone()).unwrap_or_default();
    Refusal::new(
        Reason::Turn,
        span.clone(),
        Text::key("prose.refused.turn").arg("text", text),
    )
}

/// What is compared does not stand so.
pub(crate) fn comparison(sentence: &str, span: &Range<usize>) -> Refusal {
    let text = sentence.get(span.clone()).unwrap_or_default();
    let message = Text::key("prose.refused.comparison").arg("text", text);
    Refusal::new(Reason::Comparison, span.clone(), message)
}

pub(crate) fn unclear(span: Range<usize>) -> Refusal {
    Refusal::new(Reason::Unclear, span, Text::key("prose.refused.unclear"))
}

/// From the first to the last atom.
pub(crate) fn whole(atoms: &[Atom]) -> Range<usize> {
    let start = atoms.first().map_or(0, |atom| atom.span.start);
    let end = atoms.last().map_or(start, |atom| atom.span.end);
    start..end
}
