//! Claims without a number that figures decide: weights that are charged in full or not at all, nothing to download.

use super::grounds::{Cell, Grounds};
use super::ranks::value;
use super::rows::{Class, Combination, class_of, figure, is_place, rows_of};
use crate::prose::facts::{Attribute, Facts, Figure, Kind};
use crate::prose::read::meaning::State;

/// What a state rests on, when it holds on every row of the reading that has the figures. How weights come to an app hangs on
/// the place: a sentence that names something must say where, or speak of what is on one class only. `about` is what the
/// clause speaks of: whose limit it is hangs on what is limited.
pub(crate) fn holds(
    facts: &Facts,
    reading: &Combination<'_>,
    state: State,
    about: &[Attribute],
    of_all: bool,
) -> Option<Grounds> {
    let attribute = match state {
        State::Undownloaded => Attribute::Download,
        State::BySpec | State::ByPlatform => Attribute::Limit,
        _ => Attribute::ChargedWeights,
    };
    let mut grounds = Grounds::default();
    let rows = rows_of(facts, reading);
    if !of_all && !reading.is_empty() && !says_where(facts, reading, &rows) {
        return None;
    }
    for row in rows {
        let Some(known) = figure(facts, row, attribute) else {
            continue;
        };
        let of = |attribute| figure(facts, row, attribute);
        let right = match state {
            State::Uncharged | State::Undownloaded => known.high == 0.0,
            State::Charged => known.low > 0.0 && is_whole(known, of(Attribute::File)),
            State::Mapped => {
                let mapped = of(Attribute::MappedWeights).filter(|mapped| mapped.low > 0.0)?;
                known.high == 0.0 && is_whole(mapped, of(Attribute::File))
            }
            State::BySpec => of(spec_limit(about)?).is_some(),
            State::ByPlatform => {
                spec_limit(about)? == Attribute::SpecLimit && of(Attribute::PlatformLimit).is_some()
            }
        };
        if !right {
            return None;
        }
        grounds.cells.insert(Cell { row, attribute });
    }
    (!grounds.cells.is_empty()).then_some(grounds)
}

/// Whether a place is named, or all rows are of one class.
fn says_where(facts: &Facts, reading: &Combination<'_>, rows: &[usize]) -> bool {
    let class = |row: &usize| named(facts, *row);
    let first = rows.first().map(class);
    reading.iter().any(|name| is_place(name)) || rows.iter().all(|row| Some(class(row)) == first)
}

/// Which limit of the spec a clause speaks of; `None` when it speaks of none.
fn spec_limit(about: &[Attribute]) -> Option<Attribute> {
    let of = |attribute| about.contains(&attribute);
    if of(Attribute::Download) || of(Attribute::DownloadLimit) {
        Some(Attribute::DownloadLimit)
    } else if of(Attribute::Storage) || of(Attribute::StorageLimit) {
        Some(Attribute::StorageLimit)
    } else {
        of(Attribute::Limit).then_some(Attribute::SpecLimit)
    }
}

/// The class of a row that has one.
fn named(facts: &Facts, row: usize) -> Option<(&String, &String)> {
    let (platform, class) = class_of(facts.rows.get(row)?);
    Some((platform?, class?))
}

/// Whether a part is all of the file.
fn is_whole(part: &Figure, file: Option<&Figure>) -> bool {
    file.is_some_and(|file| (part.likely - file.likely).abs() <= file.likely * 1e-3)
}

/// A file, by its model and quantization.
type File<'a> = (Option<&'a String>, Option<&'a String>);

/// The sum of a figure over the models of each class of a reading, where a class has several: what they take `together`.
/// `None` where no class has.
pub(crate) fn together(
    facts: &Facts,
    reading: &Combination<'_>,
    attribute: Attribute,
) -> Option<Vec<f64>> {
    if attribute.is_of_whole() {
        return None;
    }
    let mut classes: Vec<(Class<'_>, Vec<(File<'_>, f64)>)> = Vec::new();
    for index in rows_of(facts, reading) {
        let (Some(row), Some(figure)) = (facts.rows.get(index), figure(facts, index, attribute))
        else {
            continue;
        };
        let class = class_of(row);
        let file = (
            row.names.get(&Kind::Model),
            row.names.get(&Kind::Quantization),
        );
        let at = match classes.iter().position(|(known, _)| *known == class) {
            Some(at) => at,
            None => {
                classes.push((class, Vec::new()));
                classes.len() - 1
            }
        };
        let files = &mut classes[at].1;
        if !files.iter().any(|(known, _)| *known == file) {
            files.push((file, figure.likely));
        }
    }
    let several = classes.iter().any(|(_, files)| files.len() > 1);
    let sum = |files: &[(File<'_>, f64)]| files.iter().map(|(_, value)| value).sum();
    several.then(|| classes.iter().map(|(_, files)| sum(files)).collect())
}

/// Whether each class of a reading has so many models.
pub(crate) fn are(facts: &Facts, reading: &Combination<'_>, count: u32) -> Option<Grounds> {
    let rows = rows_of(facts, reading);
    let name = |row: &usize, kind: Kind| facts.rows.get(*row)?.names.get(&kind);
    let class = |row: &usize| facts.rows.get(*row).map(class_of);
    let models = |of: &usize| {
        let same = rows.iter().filter(|row| class(row) == class(of));
        let mut models: Vec<_> = same.map(|row| name(row, Kind::Model)).collect();
        models.sort_unstable();
        models.dedup();
        models.len()
    };
    let right = !rows.is_empty() && rows.iter().all(|row| models(row) == count as usize);
    right.then(Grounds::default)
}

/// Whether several classes have the same models, part by part.
pub(crate) fn share_models(facts: &Facts, readings: &[Combination<'_>]) -> Option<Grounds> {
    let mut rows: Vec<usize> = readings
        .iter()
        .flat_map(|reading| rows_of(facts, reading))
        .collect();
    rows.sort_unstable();
    rows.dedup();
    let name = |row: &usize, kind: Kind| facts.rows.get(*row)?.names.get(&kind);
    let class = |row: &usize| facts.rows.get(*row).map(class_of);
    let part = |row: &usize| (name(row, Kind::Feature), name(row, Kind::Role));
    let first = class(rows.first()?);
    let several = rows.iter().any(|row| class(row) != first);
    let alike = rows.iter().all(|row| {
        let mut others = rows.iter().filter(|other| part(other) == part(row));
        others.all(|other| name(other, Kind::Model) == name(row, Kind::Model))
    });
    (several && alike).then(|| Grounds {
        rows: rows.into_iter().collect(),
        ..Grounds::default()
    })
}

/// Whether one figure is the same on several classes.
pub(crate) fn is_one(
    facts: &Facts,
    readings: &[Combination<'_>],
    attribute: Attribute,
) -> Option<Grounds> {
    let rows: Vec<usize> = readings
        .iter()
        .flat_map(|reading| rows_of(facts, reading))
        .filter(|row| figure(facts, *row, attribute).is_some())
        .collect();
    value(facts, &rows, attribute)?;
    let class = |row: &usize| named(facts, *row);
    let first = rows.first().and_then(class)?;
    let several = rows.iter().filter_map(class).any(|other| other != first);
    several.then(|| Grounds {
        cells: rows
            .into_iter()
            .map(|row| Cell { row, attribute })
            .collect(),
        ..Grounds::default()
    })
}
