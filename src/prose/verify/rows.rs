//! Which rows of the facts a set of names speaks of, and what their figures say to a claim.

use super::grounds::Cell;
use crate::prose::facts::{Attribute, Facts, Figure, Kind, Row};
use crate::prose::read::meaning::Compare;
use crate::prose::read::names::Options;
use crate::prose::read::number::Quantity;
use crate::prose::read::rounding::same;
use crate::quantity::Dimension;

/// Most combinations of names of one clause that are looked at.
const MOST_COMBINATIONS: usize = 64;

/// One name per kind: what one reading of a clause speaks of.
pub(crate) type Combination<'a> = Vec<&'a Options>;

/// The kind that decides how names are combined: several of one kind are several subjects.
pub(crate) fn kind_of(name: &Options) -> Option<Kind> {
    name.iter().map(|(kind, _)| *kind).min()
}

/// Whether a name is one of a place.
pub(crate) fn is_place(name: &Options) -> bool {
    kind_of(name).is_some_and(Kind::is_place)
}

/// The class of phones that a row is about, with its platform.
pub(crate) type Class<'a> = (Option<&'a String>, Option<&'a String>);

/// The class of a row.
pub(crate) fn class_of(row: &Row) -> Class<'_> {
    (row.names.get(&Kind::Platform), row.names.get(&Kind::Class))
}

/// The classes that a set of names speaks of, each once, in order.
pub(crate) fn classes_of<'a>(facts: &'a Facts, names: &[&Options]) -> Vec<Class<'a>> {
    let rows = rows_of(facts, names).into_iter();
    let rows = rows.filter_map(|index| facts.rows.get(index));
    let mut classes: Vec<Class<'_>> = rows.map(class_of).collect();
    classes.sort_unstable();
    classes.dedup();
    classes
}

/// Every way to pick one name of each kind; `None` when there are too many.
pub(crate) fn combinations<'a>(names: &[&'a Options]) -> Option<Vec<Combination<'a>>> {
    let mut kinds: Vec<Option<Kind>> = names.iter().map(|name| kind_of(name)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut all: Vec<Combination<'a>> = vec![Vec::new()];
    for kind in kinds {
        let of_kind: Vec<&'a Options> = names
            .iter()
            .copied()
            .filter(|name| kind_of(name) == kind)
            .collect();
        all = all
            .iter()
            .flat_map(|taken| {
                of_kind.iter().map(|name| {
                    let mut more = taken.clone();
                    more.push(*name);
                    more
                })
            })
            .collect();
        if all.len() > MOST_COMBINATIONS {
            return None;
        }
    }
    Some(all)
}

/// Whether all names are names of this row.
pub(crate) fn holds(row: &Row, names: &[&Options]) -> bool {
    names.iter().all(|options| {
        options
            .iter()
            .any(|(kind, name)| row.names.get(kind).is_some_and(|own| own == name))
    })
}

/// Platforms and models that all rows have.
pub(crate) fn common(facts: &Facts) -> Vec<Options> {
    let Some(first) = facts.rows.first() else {
        return Vec::new();
    };
    let names = first.names.iter();
    let names = names.filter(|(kind, _)| matches!(kind, Kind::Platform | Kind::Model));
    let of_all = |(kind, name): &(&Kind, &String)| {
        let mut rows = facts.rows.iter();
        rows.all(|row| row.names.get(kind) == Some(name))
    };
    names
        .filter(of_all)
        .map(|(kind, name)| vec![(*kind, name.clone())])
        .collect()
}

/// The rows of a combination, by index.
pub(crate) fn rows_of(facts: &Facts, names: &[&Options]) -> Vec<usize> {
    (0..facts.rows.len())
        .filter(|index| facts.rows.get(*index).is_some_and(|row| holds(row, names)))
        .collect()
}

/// Whether the names hold together wherever the sentence says: each class of the place has a row with all of them.
/// Where no place is named, one such row is enough, unless the sentence speaks of all.
pub(crate) fn hold_everywhere(facts: &Facts, names: &[&Options], of_all: bool) -> bool {
    let of = |keep: fn(Kind) -> bool| -> Vec<&Options> {
        names
            .iter()
            .copied()
            .filter(|name| kind_of(name).is_some_and(keep))
            .collect()
    };
    let place = of(|kind| kind.is_place() || kind.is_purpose());
    let all = classes_of(facts, names);
    let anywhere = of(Kind::is_place).is_empty() && !of_all;
    !all.is_empty() && (anywhere || all == classes_of(facts, &place))
}

/// Whether one figure stands so to another, for certain. What fits does so at its larger end, and does not where it may not.
pub(crate) fn stands(left: &Figure, compare: Compare, right: &Figure) -> bool {
    match compare {
        Compare::AtMost | Compare::Fits => left.high <= right.low,
        Compare::Less => left.high < right.low,
        Compare::AtLeast => left.low >= right.high,
        Compare::More => left.low > right.high,
        Compare::Misfits => left.high > right.low,
    }
}

/// Whether a figure stands so to a written quantity. A bound of the figure itself counts as it is written.
pub(crate) fn stands_to(
    left: &Figure,
    compare: Compare,
    right: &Quantity,
    dimension: Dimension,
) -> bool {
    match compare {
        Compare::AtMost | Compare::Fits => {
            left.high <= right.value || same(right, false, left.high, dimension)
        }
        Compare::Less => left.high < right.value,
        Compare::AtLeast => left.low >= right.value || same(right, false, left.low, dimension),
        Compare::More => left.low > right.value,
        Compare::Misfits => left.high > right.value,
    }
}

/// Whether some figure of these rows, at any of its bounds, is what was written.
pub(crate) fn is_somewhere(facts: &Facts, rows: &[usize], quantity: &Quantity) -> bool {
    rows.iter()
        .filter_map(|index| facts.rows.get(*index))
        .any(|row| {
            row.figures.iter().any(|(attribute, figure)| {
                let dimension = attribute.dimension();
                [figure.low, figure.likely, figure.high]
                    .iter()
                    .any(|value| same(quantity, false, *value, dimension))
            })
        })
}

/// Whether some of these figures, or a limit, on these rows is what was written, at any of its bounds.
pub(crate) fn is_an_end(
    facts: &Facts,
    rows: &[usize],
    attributes: &[Attribute],
    quantity: &Quantity,
) -> bool {
    let of_claim = |attribute: &Attribute| attributes.contains(attribute) || attribute.is_bound();
    rows.iter()
        .filter_map(|index| facts.rows.get(*index))
        .flat_map(|row| &row.figures)
        .filter(|(attribute, _)| of_claim(attribute))
        .any(|(attribute, figure)| {
            [figure.low, figure.likely, figure.high]
                .iter()
                .any(|value| same(quantity, false, *value, attribute.dimension()))
        })
}

/// The cells of these rows that hold one of the attributes.
pub(crate) fn cells(facts: &Facts, rows: &[usize], attributes: &[Attribute]) -> Vec<Cell> {
    rows.iter()
        .filter_map(|row| {
            let figures = &facts.rows.get(*row)?.figures;
            let attribute = attributes.iter().find(|a| figures.contains_key(a))?;
            Some(Cell {
                row: *row,
                attribute: *attribute,
            })
        })
        .collect()
}

/// The figure of a cell.
pub(crate) fn figure(facts: &Facts, row: usize, attribute: Attribute) -> Option<&Figure> {
    facts.rows.get(row)?.figures.get(&attribute)
}
