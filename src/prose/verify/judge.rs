//! One claim of a clause held against the rows: on every row of every way to read its names.

use std::ops::Range;

use super::bind::{Claim, Said};
use super::figures::{comparison, unclear};
use super::frame::Ruled;
use super::grounds::Grounds;
use super::reason::{Reason, Refusal};
use super::rows::{
    Combination, cells, class_of, figure, is_an_end, is_somewhere, rows_of, stands, stands_to,
};
use crate::diagnostic::Text;
use crate::prose::facts::{Attribute, Facts, Figure, Kind, Row};
use crate::prose::read::atom::{Atom, What};
use crate::prose::read::meaning::{Compare, Degree};
use crate::prose::read::number::Quantity;
use crate::prose::read::rounding::same;

/// What the claims of one clause are held against.
pub(crate) struct Judge<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) sentence: &'a str,
    /// Every way to read its names.
    pub(crate) readings: &'a [Combination<'a>],
    pub(crate) ruled: Ruled,
    /// What the clause before was about.
    pub(crate) inherited: &'a [Attribute],
    /// Every class is spoken of.
    pub(crate) of_all: bool,
    /// How far the figures of its comparison lie apart.
    pub(crate) degree: Option<Degree>,
    /// The clause names a model or a part of the app.
    pub(crate) of_part: bool,
}

impl Judge<'_> {
    /// Whether a claim is about what all stacks of a class take together, where the class has several: a sentence that names
    /// one of them says it of that one.
    pub(crate) fn is_of_whole(&self, claim: &Claim) -> bool {
        let (Said::Is { attributes, .. }
        | Said::Between { attributes, .. }
        | Said::Stands {
            left: attributes, ..
        }) = &claim.said
        else {
            return false;
        };
        self.is_one_of_several() && attributes.iter().all(|one| one.is_of_whole())
    }

    /// Whether the clause names one of several models of a class.
    fn is_one_of_several(&self) -> bool {
        let has_several = |row: &Row| {
            let mut others = self.facts.rows.iter();
            others.any(|other| {
                class_of(other) == class_of(row)
                    && other.names.get(&Kind::Model) != row.names.get(&Kind::Model)
            })
        };
        let rows = self.readings.iter();
        let mut rows = rows.flat_map(|reading| rows_of(self.facts, reading));
        self.of_part && rows.any(|row| self.facts.rows.get(row).is_some_and(has_several))
    }

    /// A claim in the words that its part can have: of one of several models, `is charged` speaks of its weights.
    pub(crate) fn of_its_part(&self, claim: &Claim) -> Claim {
        let mut claim = claim.clone();
        if let Said::Is { attributes, .. }
        | Said::Between { attributes, .. }
        | Said::Stands {
            left: attributes, ..
        } = &mut claim.said
            && attributes.iter().any(|one| !one.is_of_whole())
            && self.is_one_of_several()
        {
            attributes.retain(|one| !one.is_of_whole());
        }
        claim
    }

    /// Whether two figures lie as far apart as the clause says.
    fn is_apart(&self, one: f64, other: f64) -> bool {
        self.degree.is_none_or(|degree| degree.holds(one, other))
    }

    /// Whether a figure runs from one number to the other over the classes that are spoken of, none of which is named.
    fn spans(&self, attributes: &[Attribute], low: &Quantity, high: &Quantity) -> Option<Grounds> {
        let named = |name: &&crate::prose::read::names::Options| {
            let mut kinds = name.iter().map(|(kind, _)| *kind);
            kinds.any(|kind| kind.is_place() && kind != Kind::Platform)
        };
        let ([attribute], [reading]) = (attributes, self.readings) else {
            return None;
        };
        if reading.iter().any(named) {
            return None;
        }
        let rows = rows_of(self.facts, reading);
        let likely = |row: &usize| Some(figure(self.facts, *row, *attribute)?.likely);
        let values = || rows.iter().filter_map(likely);
        let least = values().reduce(f64::min)?;
        let most = values().reduce(f64::max)?;
        let says = |quantity, value| same(quantity, false, value, attribute.dimension());
        (least < most && says(low, least) && says(high, most)).then(|| Grounds {
            cells: cells(self.facts, &rows, attributes).into_iter().collect(),
            ..Grounds::default()
        })
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

    pub(crate) fn claim(&self, claim: &Claim) -> Result<Grounds, Refusal> {
        let span = &claim.span;
        match &claim.said {
            Said::Open => Err(unclear(span.clone())),
            Said::Reaches {
                attribute,
                quantity,
            } => self.holds(&[*attribute], span, Some(quantity), &|attribute, figure| {
                let dimension = attribute.dimension();
                [figure.likely, figure.high]
                    .iter()
                    .any(|value| same(quantity, false, *value, dimension))
            }),
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
                let own = self.holds(attributes, span, None, &|attribute, figure| {
                    let dimension = attribute.dimension();
                    same(low, *about, figure.low, dimension)
                        && same(high, *about, figure.high, dimension)
                        && low.value <= high.value
                });
                own.or_else(|refusal| self.spans(attributes, low, high).ok_or(refusal))
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
                    // `At most 4.11 GiB` names the larger end, or a limit; `below 4.11 GiB` any figure.
                    let known = match compare {
                        Compare::AtMost | Compare::AtLeast => {
                            is_an_end(self.facts, &rows, left, quantity)
                        }
                        _ => is_somewhere(self.facts, &rows, quantity),
                    };
                    if !known {
                        return Err(self.number(span, left));
                    }
                }
                self.compared(left, span, &|attribute, figure, _| {
                    let seen = self.ruled.seen(attribute, figure)?;
                    let bounds = self.ruled.bounds(*compare, attribute, figure, quantity);
                    let apart = self.is_apart(seen.likely, quantity.value);
                    let stands = stands_to(&seen, *compare, quantity, attribute.dimension());
                    Some(bounds && apart && stands)
                })
            }
            Said::Relates {
                left,
                compare,
                right,
            } => self.compared(left, span, &|attribute, one, row| {
                let facts = self.facts;
                let other = right.iter().find_map(|a| figure(facts, row, *a))?;
                let seen = self.ruled.seen(attribute, one)?;
                let apart = self.is_apart(seen.likely, other.likely);
                Some(apart && stands(&seen, *compare, other))
            }),
        }
    }

    /// Words for figures that stand in a clause and are said to be nothing: `the peak reaches the limit of 3.50 GiB`. One
    /// alone is a topic; beside a claim it must be what the claim says too.
    pub(crate) fn idle(&self, atoms: &[Atom], claims: &[Claim], idle: &[usize]) -> Option<Refusal> {
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
            What::Attribute(words) => !(names_a_file(atoms, **at) || words.iter().any(says)),
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
            let rows = self.of_tokens(attributes, rows_of(self.facts, reading));
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

    /// The first token is that of a model that writes any, where a class has others besides.
    fn of_tokens(&self, attributes: &[Attribute], rows: Vec<usize>) -> Vec<usize> {
        let writes = |row: &usize| figure(self.facts, *row, Attribute::Decode).is_some();
        match attributes {
            [Attribute::FirstToken] if rows.iter().any(writes) => {
                rows.into_iter().filter(|row| writes(row)).collect()
            }
            _ => rows,
        }
    }

    /// A comparison, on every row of every reading.
    fn compared(
        &self,
        left: &[Attribute],
        span: &Range<usize>,
        test: &dyn Fn(Attribute, &Figure, usize) -> Option<bool>,
    ) -> Result<Grounds, Refusal> {
        let mut grounds = Grounds::default();
        for reading in self.readings {
            let mut seen = false;
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
            // A class without such a limit neither keeps nor exceeds it.
            if !seen {
                return Err(unclear(span.clone()));
            }
        }
        Ok(grounds)
    }

    pub(crate) fn comparison(&self, span: &Range<usize>) -> Refusal {
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
    pub(crate) fn number(&self, span: &Range<usize>, attributes: &[Attribute]) -> Refusal {
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

/// Whether words for the file only say what the quantization before them is one of: `runs with Q4_0 weights`.
pub(crate) fn names_a_file(atoms: &[Atom], at: usize) -> bool {
    let of_file = matches!(&atoms[at].what, What::Attribute(words)
        if words.iter().all(|one| matches!(one, Attribute::File | Attribute::OsVersion)));
    let before = at.checked_sub(1).map(|before| &atoms[before].what);
    let after = atoms.get(at + 1).map(|after| &after.what);
    let is_free = !matches!(
        after,
        Some(What::Quantity(_) | What::Range(..) | What::About | What::Compare(_))
    );
    let is_quantization =
        |name: &(Kind, String)| matches!(name.0, Kind::Quantization | Kind::Format);
    of_file
        && is_free
        && matches!(before, Some(What::Name(options)) if options.iter().any(is_quantization))
}
