//! A figure as a share of a limit: `more than 15 % of the 6.00 GiB limit`, 占上限的 68%.

use super::clause::{Scope, names};
use super::grounds::Grounds;
use super::ranks::value;
use super::rows::{cells, combinations, rows_of};
use crate::prose::facts::{Attribute, Facts};
use crate::prose::read::atom::{Atom, What};
use crate::prose::read::meaning::Compare;
use crate::prose::read::names::Options;
use crate::prose::read::number::Quantity;
use crate::prose::read::rounding::same;
use crate::quantity::Dimension;

/// How far a share may lie from what is said, and from what is said to be about so.
const EXACT: f64 = 0.02;
const ABOUT: f64 = 0.05;

/// The parts of a clause that says which share of a limit a figure is.
struct Parts<'a> {
    share: &'a Quantity,
    about: bool,
    compare: Option<Compare>,
    bound: Attribute,
    limit: Option<&'a Quantity>,
    of: Option<Attribute>,
    own: Option<&'a Quantity>,
}

/// Judges a clause; `None` when it is no such share, `Some(None)` when it is one and does not follow.
pub(crate) fn judge(facts: &Facts, atoms: &[Atom], scope: &Scope) -> Option<Option<Grounds>> {
    let parts = Parts::of(atoms)?;
    let said = names(atoms);
    let names: Vec<&Options> = match said.is_empty() {
        true => scope.names(),
        false => said,
    };
    let inherited = match scope.attributes.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    let of = parts.of.or(inherited);
    let found = of.zip(combinations(&names)).and_then(|(of, readings)| {
        let mut all = Grounds::default();
        for reading in &readings {
            all.add(parts.holds(facts, &rows_of(facts, reading), of)?);
        }
        Some(all)
    });
    Some(found)
}

impl<'a> Parts<'a> {
    fn of(atoms: &'a [Atom]) -> Option<Self> {
        let is_share = |atom: &&Atom| matches!(&atom.what, What::Quantity(quantity) if quantity.dimension == Dimension::Share);
        let mut shares = atoms.iter().filter(is_share);
        let (
            Some(Atom {
                what: What::Quantity(share),
                ..
            }),
            None,
        ) = (shares.next(), shares.next())
        else {
            return None;
        };
        let mut parts = Self {
            share,
            about: false,
            compare: None,
            bound: Attribute::Limit,
            limit: None,
            of: None,
            own: None,
        };
        let mut bound = None;
        let mut after = false;
        for atom in atoms {
            match &atom.what {
                What::Name(_) | What::Topic(_) | What::Link(_) => {}
                What::Quantity(quantity) if quantity.dimension == Dimension::Share => after = true,
                What::Quantity(quantity) if after => {
                    if parts.limit.replace(quantity).is_some() {
                        return None;
                    }
                }
                What::Quantity(quantity) => {
                    if parts.own.replace(quantity).is_some() {
                        return None;
                    }
                }
                What::About => parts.about = true,
                What::Guard(group) if group == "barely" => {}
                What::Compare(compare) if !after && parts.compare.is_none() => {
                    parts.compare = Some(*compare);
                }
                What::Attribute(words) => match words.as_slice() {
                    [one] if one.is_bound() && bound.is_none() => bound = Some(*one),
                    [one] if !one.is_bound() && parts.of.is_none() => parts.of = Some(*one),
                    _ => return None,
                },
                _ => return None,
            }
        }
        parts.bound = bound?;
        Some(parts)
    }

    fn holds(&self, facts: &Facts, rows: &[usize], of: Attribute) -> Option<Grounds> {
        if of.dimension() != Dimension::Bytes {
            return None;
        }
        let figure = value(facts, rows, of)?;
        let limit = value(facts, rows, self.bound)?.likely;
        let stated = |quantity: Option<&Quantity>, value: f64| {
            quantity.is_none_or(|quantity| same(quantity, self.about, value, Dimension::Bytes))
        };
        let share = self.share.value;
        let reach = if self.about { ABOUT } else { EXACT };
        let right = match self.compare {
            None => (figure.likely / limit - share).abs() <= share * reach,
            Some(Compare::More) => figure.low / limit > share,
            Some(Compare::AtLeast) => figure.low / limit >= share,
            Some(Compare::Less) => figure.high / limit < share,
            Some(Compare::AtMost) => figure.high / limit <= share,
            Some(Compare::Fits | Compare::Misfits) => false,
        };
        (right && stated(self.limit, limit) && stated(self.own, figure.likely)).then(|| Grounds {
            cells: cells(facts, rows, &[of, self.bound]).into_iter().collect(),
            ..Grounds::default()
        })
    }
}
