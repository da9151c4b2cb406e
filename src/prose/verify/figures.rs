//! Clauses that speak of figures and names: every claim must hold on every row the names stand for.

use std::ops::Range;

use super::bind::{Claim, Said, bind, without_left};
use super::clause::{Scope, names};
use super::frame::Ruled;
use super::grounds::Grounds;
use super::leftovers::{Around, is_all, leftovers};
use super::links;
use super::marks::is_mark;
use super::ranks;
use super::reason::{Reason, Refusal};
use super::rows::{
    Combination, cells, class_of, combinations, figure, hold_everywhere, is_place, is_somewhere,
    kind_of, rows_of, same, stands, stands_to,
};
use crate::diagnostic::Text;
use crate::prose::facts::{Attribute, Facts, Figure, Kind, Row};
use crate::prose::read::atom::{Atom, What};
use crate::prose::read::meaning::Compare;
use crate::prose::read::number::Quantity;

/// Judges one clause; the scope moves on with it.
pub(crate) fn judge(
    facts: &Facts,
    sentence: &str,
    atoms: &[Atom],
    scope: &mut Scope,
) -> Result<Grounds, Refusal> {
    let links = links::broken(facts, sentence, atoms);
    let span = whole(atoms);
    // What says nothing among figures is out of the way of what does.
    let silent = |atom: &&Atom| !matches!(atom.what, What::Topic(_) | What::Link(_));
    let heard: Vec<Atom> = atoms.iter().filter(silent).cloned().collect();
    if let Some(found) = ranks::between(facts, sentence, &heard, scope) {
        return found.ok_or_else(|| comparison(sentence, &span));
    }
    let Some((ruled, heard)) = scope.frame.enter(&heard) else {
        return Err(unclear(span));
    };
    let (marks, unmarked): (Vec<Atom>, Vec<Atom>) = heard.iter().cloned().partition(is_mark);
    let atoms = unmarked.as_slice();
    let own = names(atoms);
    scope.take(&own);
    if own.iter().any(|name| is_place(name)) {
        scope.frame.everywhere = false;
    }
    let mut refusals: Vec<Refusal> = Vec::new();
    let mut grounds = Grounds::default();
    // `The smallest of all classes` is one of them.
    let of_one = marks
        .iter()
        .any(|mark| matches!(mark.what, What::Extreme(..)));
    for mark in &marks {
        if let What::Everywhere(count) = mark.what
            && !scope.is_everywhere(facts, count, of_one)
        {
            return Err(unclear(mark.span.clone()));
        }
    }
    let inherited = std::mem::take(&mut scope.attributes);
    let (atoms, left) = &without_left(atoms);
    let bound = bind(atoms, &inherited, left);
    let claims = ruled.applied(bound.claims);
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
    };
    let of_part = (own.iter()).any(|name| matches!(kind_of(name), Some(Kind::Role | Kind::Model)));
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
    refusals.extend(judge.idle(atoms, &claims, &bound.idle));
    let around = Around {
        negations: &bound.negations,
        last: &bound.last,
        of_end: ruled.end.is_some() && !claims.is_empty(),
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

/// What the claims of one clause are held against.
pub(crate) struct Judge<'a> {
    pub(crate) facts: &'a Facts,
    sentence: &'a str,
    /// Every way to read its names.
    pub(crate) readings: &'a [Combination<'a>],
    pub(crate) ruled: Ruled,
    /// What the clause before was about.
    pub(crate) inherited: &'a [Attribute],
    /// Every class is spoken of.
    pub(crate) of_all: bool,
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
        let has_several = |row: &Row| {
            let mut others = self.facts.rows.iter();
            others.any(|other| {
                class_of(other) == class_of(row)
                    && other.names.get(&Kind::Model) != row.names.get(&Kind::Model)
            })
        };
        let rows = self.readings.iter();
        let mut rows = rows.flat_map(|reading| rows_of(self.facts, reading));
        attributes.iter().all(|one| one.is_of_whole())
            && rows.any(|row| self.facts.rows.get(row).is_some_and(has_several))
    }

    /// Whether a number states a figure, at the end of it that is spoken of.
    fn states(
        &self,
        quantity: &Quantity,
        about: bool,
        attribute: Attribute,
        figure: &Figure,
    ) -> bool {
        let value = self.ruled.value(attribute, figure);
        value.is_some_and(|value| same(quantity, about, value, attribute.dimension()))
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
                if self.is_sum(attributes) {
                    return self
                        .summed(attributes, quantity, *about)
                        .ok_or_else(|| self.number(span, attributes));
                }
                self.holds(attributes, span, Some(quantity), &|attribute, figure| {
                    self.states(quantity, *about, attribute, figure)
                })
            }
            Said::Between {
                attributes,
                low,
                high,
                about,
            } => {
                self.unit(attributes, low, span)?;
                if self.ruled.sum || self.ruled.end.is_some() {
                    return Err(unclear(span.clone()));
                }
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
                    let seen = self.ruled.seen(attribute, figure)?;
                    let bounds = self.ruled.bounds(*compare, attribute, figure, quantity);
                    Some(bounds && stands_to(&seen, *compare, quantity, attribute.dimension()))
                })
            }
            Said::Relates {
                left,
                compare,
                right,
            } => self.compared(left, span, &|attribute, one, row| {
                let facts = self.facts;
                let other = right.iter().find_map(|a| figure(facts, row, *a))?;
                Some(stands(&self.ruled.seen(attribute, one)?, *compare, other))
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
                        self.states(quantity, *about, attribute, figure)
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
        comparison(self.sentence, span)
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

/// What is compared does not stand so.
fn comparison(sentence: &str, span: &Range<usize>) -> Refusal {
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
