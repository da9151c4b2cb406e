//! Clauses that speak of figures and names: every claim must hold on every row the names stand for.

use std::ops::Range;

use super::bind::{Claim, Said, bind};
use super::clause::{Scope, names};
use super::grounds::Grounds;
use super::links;
use super::reason::{Reason, Refusal};
use super::rows::{
    Combination, cells, combinations, figure, hold_everywhere, is_somewhere, kind_of, rows_of,
    same, stands, stands_to, states,
};
use crate::diagnostic::Text;
use crate::prose::facts::{Attribute, Facts, Figure, Kind, Row};
use crate::prose::read::atoms::{Atom, What};
use crate::prose::read::lexicon::Compare;
use crate::prose::read::number::Quantity;

/// Judges one clause; the scope moves on with it.
pub(crate) fn judge(
    facts: &Facts,
    sentence: &str,
    atoms: &[Atom],
    scope: &mut Scope,
) -> Result<Grounds, Refusal> {
    let links = links::broken(facts, sentence, atoms);
    // What says nothing among figures is out of the way of what does.
    let silent = |atom: &&Atom| !matches!(atom.what, What::Topic(_) | What::Link(_));
    let atoms: &[Atom] = &atoms.iter().filter(silent).cloned().collect::<Vec<_>>();
    let own = names(atoms);
    scope.take(&own);
    let mut refusals: Vec<Refusal> = Vec::new();
    let mut grounds = Grounds::default();
    let bound = bind(atoms, &scope.attributes);
    scope.attributes.clone_from(&bound.last);
    let span = whole(atoms);
    let of_all = atoms.iter().any(|atom| is_all(&atom.what));
    let subject = scope.names();
    let Some(readings) = combinations(&subject) else {
        return Err(unclear(span));
    };
    for reading in &readings {
        if reading.is_empty() {
            continue;
        }
        if hold_everywhere(facts, reading, of_all) {
            if !own.is_empty() && subject.len() > 1 {
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
    };
    let of_part = (own.iter()).any(|name| matches!(kind_of(name), Some(Kind::Role | Kind::Model)));
    for claim in &bound.claims {
        if of_part && judge.is_of_whole(claim) {
            refusals.push(unclear(claim.span.clone()));
            continue;
        }
        match judge.claim(claim) {
            Ok(found) => grounds.add(found),
            Err(refusal) => refusals.push(refusal),
        }
    }
    refusals.extend(links);
    refusals.extend(judge.idle(atoms, &bound.claims, &bound.idle));
    refusals.extend(leftovers(facts, sentence, atoms, &bound.negations));
    refusals.sort_by_key(|refusal| (refusal.reason, refusal.span.start));
    match refusals.into_iter().next() {
        Some(refusal) => Err(refusal),
        None => Ok(grounds),
    }
}

/// Atoms that no claim takes up and that mean something.
fn leftovers(facts: &Facts, sentence: &str, atoms: &[Atom], negations: &[usize]) -> Vec<Refusal> {
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
            What::Negation if negations.contains(&at) => continue,
            // Users download once: that is what a download is.
            What::Guard(group) if group == "once" && speaks_of(atoms, Attribute::Download) => {
                continue;
            }
            // The first token comes after its time.
            What::Guard(group) if group == "after" && speaks_of(atoms, Attribute::FirstToken) => {
                continue;
            }
            // Two figures of which one is a part of the other.
            What::Guard(group) if group == "out" && after_quantity(atoms, at) => continue,
            // `610 MiB each` counts what the plan does not.
            what if is_all(what) && after_quantity(atoms, at) => {
                (Reason::Unclear, "prose.refused.pairing")
            }
            // What is said holds on every row anyway.
            what if is_all(what) => continue,
            What::Negation | What::Guard(_) => (Reason::Turn, "prose.refused.turn"),
            What::Pairing => (Reason::Unclear, "prose.refused.pairing"),
            What::Odd => (Reason::Unreadable, "prose.refused.unreadable"),
            What::Word(_) | What::Han(..) => (Reason::Words, "prose.refused.words"),
            What::CompareAfter(_) if !after_quantity(atoms, at) => {
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

fn is_all(what: &What) -> bool {
    matches!(what, What::Guard(group) if group == "all")
}

fn after_quantity(atoms: &[Atom], at: usize) -> bool {
    at > 0 && matches!(atoms[at - 1].what, What::Quantity(_))
}

fn has_version(facts: &Facts, version: &str) -> bool {
    facts
        .rows
        .iter()
        .filter_map(|row| row.names.get(&Kind::Version))
        .any(|known| known.trim_start_matches(['^', '~', 'v']) == version)
}

struct Judge<'a> {
    facts: &'a Facts,
    sentence: &'a str,
    readings: &'a [Combination<'a>],
}

impl Judge<'_> {
    /// Whether a claim is about what all stacks of a class take together, where the class has several: a sentence that names
    /// one of them says it of that one.
    fn is_of_whole(&self, claim: &Claim) -> bool {
        let (Said::Is { attributes, .. }
        | Said::Between { attributes, .. }
        | Said::Stands {
            left: attributes, ..
        }) = &claim.said
        else {
            return false;
        };
        let class = |row: &Row| {
            let name = |kind: &Kind| row.names.get(kind).cloned();
            (name(&Kind::Platform), name(&Kind::Class))
        };
        let has_several = |row: &Row| {
            let mut others = self.facts.rows.iter();
            others.any(|other| {
                class(other) == class(row)
                    && other.names.get(&Kind::Model) != row.names.get(&Kind::Model)
            })
        };
        let rows = self.readings.iter();
        let mut rows = rows.flat_map(|reading| rows_of(self.facts, reading));
        attributes.iter().all(|one| one.is_of_whole())
            && rows.any(|row| self.facts.rows.get(row).is_some_and(has_several))
    }

    fn claim(&self, claim: &Claim) -> Result<Grounds, Refusal> {
        let span = &claim.span;
        match &claim.said {
            Said::Open => Err(unclear(span.clone())),
            Said::Is {
                attributes,
                quantity,
                about,
            } => {
                self.unit(attributes, quantity, span)?;
                self.holds(attributes, span, Some(quantity), &|attribute, figure| {
                    states(quantity, *about, figure, attribute.dimension())
                })
            }
            Said::Between {
                attributes,
                low,
                high,
                about,
            } => {
                self.unit(attributes, low, span)?;
                self.holds(attributes, span, None, &|attribute, figure| {
                    let dimension = attribute.dimension();
                    same(low, *about, figure.low, dimension)
                        && same(high, *about, figure.high, dimension)
                        && low.value <= high.value
                })
            }
            Said::Stands {
                left,
                compare,
                quantity,
            } => {
                self.unit(left, quantity, span)?;
                // The longest input and output are bounds from above, and bound nothing from below.
                let longest = [Attribute::Input, Attribute::Output];
                let floor = matches!(compare, Compare::AtLeast | Compare::More);
                if floor && left.iter().any(|one| longest.contains(one)) {
                    return Err(self.comparison(span));
                }
                for reading in self.readings {
                    let rows = rows_of(self.facts, reading);
                    if !is_somewhere(self.facts, &rows, quantity) {
                        return Err(self.number(span, left));
                    }
                }
                self.compared(left, span, &|attribute, figure, _| {
                    Some(stands_to(figure, *compare, quantity, attribute.dimension()))
                })
            }
            Said::Relates {
                left,
                compare,
                right,
            } => self.compared(left, span, &|_, one, row| {
                let facts = self.facts;
                let other = right.iter().find_map(|a| figure(facts, row, *a))?;
                Some(stands(one, *compare, other))
            }),
        }
    }

    /// Words for figures that stand in a clause and are said to be nothing: `the peak reaches the limit of 3.50 GiB`. One
    /// alone is a topic; beside a claim it must be what the claim says too.
    fn idle(&self, atoms: &[Atom], claims: &[Claim], idle: &[usize]) -> Option<Refusal> {
        if claims.is_empty() && idle.len() < 2 {
            return None;
        }
        let says = |attribute: &Attribute| {
            claims.iter().any(|claim| match &claim.said {
                Said::Is {
                    quantity, about, ..
                } => self
                    .holds(&[*attribute], &claim.span, None, &|attribute, figure| {
                        states(quantity, *about, figure, attribute.dimension())
                    })
                    .is_ok(),
                _ => false,
            })
        };
        let at = idle.iter().find(|at| match &atoms[**at].what {
            What::Attribute(words) => !words.iter().any(says),
            _ => false,
        })?;
        Some(unclear(atoms[*at].span.clone()))
    }

    /// The unit must measure what the words say.
    fn unit(
        &self,
        attributes: &[Attribute],
        quantity: &Quantity,
        span: &Range<usize>,
    ) -> Result<(), Refusal> {
        if attributes
            .iter()
            .any(|a| a.dimension() == quantity.dimension)
        {
            return Ok(());
        }
        Err(Refusal::new(
            Reason::Unit,
            span.clone(),
            Text::key("prose.refused.unit").arg("text", self.text(span)),
        ))
    }

    /// A claim about a figure, on every row of every reading.
    fn holds(
        &self,
        attributes: &[Attribute],
        span: &Range<usize>,
        quantity: Option<&Quantity>,
        test: &dyn Fn(Attribute, &Figure) -> bool,
    ) -> Result<Grounds, Refusal> {
        let mut grounds = Grounds::default();
        for reading in self.readings {
            let rows = rows_of(self.facts, reading);
            let mut right = 0;
            let mut wrong = 0;
            for row in rows {
                let known = cells(self.facts, &[row], attributes);
                let good = known.iter().any(|_| {
                    attributes
                        .iter()
                        .any(|a| figure(self.facts, row, *a).is_some_and(|figure| test(*a, figure)))
                });
                if known.is_empty() {
                    continue;
                }
                if good {
                    right += 1;
                    grounds.cells.extend(known);
                } else {
                    wrong += 1;
                }
            }
            match (right, wrong) {
                (0, 0) => return Err(unclear(span.clone())),
                (_, 0) => {}
                (0, _) => return Err(self.wrong(span, attributes, quantity, test)),
                _ => return Err(unclear(span.clone())),
            }
        }
        Ok(grounds)
    }

    /// A comparison, on every row of every reading.
    fn compared(
        &self,
        left: &[Attribute],
        span: &Range<usize>,
        test: &dyn Fn(Attribute, &Figure, usize) -> Option<bool>,
    ) -> Result<Grounds, Refusal> {
        let mut grounds = Grounds::default();
        let mut seen = false;
        for reading in self.readings {
            let known = cells(self.facts, &rows_of(self.facts, reading), left);
            for cell in known {
                let holds = figure(self.facts, cell.row, cell.attribute)
                    .and_then(|figure| test(cell.attribute, figure, cell.row));
                match holds {
                    Some(true) => {
                        seen = true;
                        grounds.cells.insert(cell);
                    }
                    Some(false) => {
                        return Err(self.comparison(span));
                    }
                    None => {}
                }
            }
        }
        if seen {
            Ok(grounds)
        } else {
            Err(unclear(span.clone()))
        }
    }

    fn comparison(&self, span: &Range<usize>) -> Refusal {
        let message = Text::key("prose.refused.comparison").arg("text", self.text(span));
        Refusal::new(Reason::Comparison, span.clone(), message)
    }

    /// Why a figure is wrong: it belongs elsewhere, or nowhere.
    fn wrong(
        &self,
        span: &Range<usize>,
        attributes: &[Attribute],
        quantity: Option<&Quantity>,
        test: &dyn Fn(Attribute, &Figure) -> bool,
    ) -> Refusal {
        for (index, row) in self.facts.rows.iter().enumerate() {
            let elsewhere = attributes
                .iter()
                .any(|a| figure(self.facts, index, *a).is_some_and(|figure| test(*a, figure)));
            if elsewhere {
                let of = row.names.get(&Kind::Class).cloned().unwrap_or_default();
                return Refusal::new(
                    Reason::Subject,
                    span.clone(),
                    Text::key("prose.refused.subject")
                        .arg("text", self.text(span))
                        .arg("of", of),
                );
            }
        }
        // The right digits in another unit.
        let rescaled = quantity.is_some_and(|quantity| {
            let digits = quantity.value / quantity.factor;
            self.facts.rows.iter().any(|row| {
                attributes.iter().any(|a| {
                    row.figures.get(a).is_some_and(|figure| {
                        figure.shown(a.dimension()).split(' ').next()
                            == Some(format!("{digits:.*}", quantity.decimals as usize).as_str())
                    })
                })
            })
        });
        if rescaled {
            return Refusal::new(
                Reason::Unit,
                span.clone(),
                Text::key("prose.refused.unit").arg("text", self.text(span)),
            );
        }
        self.number(span, attributes)
    }

    /// No fact gives the figure; says what the facts give instead.
    fn number(&self, span: &Range<usize>, attributes: &[Attribute]) -> Refusal {
        let given = self.readings.iter().find_map(|reading| {
            let rows = rows_of(self.facts, reading);
            let cell = cells(self.facts, &rows, attributes).into_iter().next()?;
            let figure = figure(self.facts, cell.row, cell.attribute)?;
            Some(figure.shown(cell.attribute.dimension()))
        });
        let text = self.text(span);
        let message = match given {
            Some(given) => Text::key("prose.refused.number")
                .arg("text", text)
                .arg("given", given),
            None => Text::key("prose.refused.number-unknown").arg("text", text),
        };
        Refusal::new(Reason::Number, span.clone(), message)
    }

    fn text(&self, span: &Range<usize>) -> String {
        self.sentence
            .get(span.clone())
            .unwrap_or_default()
            .to_owned()
    }
}

fn shown(name: &crate::prose::read::names::Options) -> &str {
    name.first().map_or("", |(_, name)| name.as_str())
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
