//! Numbers and the figures they state: which figure, at which end, on which lines.

use super::clause::Scope;
use super::facts::{Line, Open};
use crate::prose::facts::{Attribute, Figure, Kind};
use crate::prose::read::meaning::{Compare, End};
use crate::prose::read::number::Quantity;
use crate::prose::read::rounding::same;
use crate::quantity::Dimension;

/// A number of a sentence with all that rules it.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub(super) scope: Scope,
    pub(super) low: Quantity,
    /// The upper end of a span.
    pub(super) high: Option<Quantity>,
    /// What it may be a figure of; the first that holds counts.
    pub(super) of: Vec<Attribute>,
    pub(super) about: bool,
    /// It is a little below the number, or a little above.
    pub(super) near: Option<Compare>,
    /// It is said to stay so: the whole interval is spoken of.
    pub(super) steady: bool,
    /// It may be so, and need not.
    pub(super) modal: bool,
    pub(super) compare: Option<Compare>,
    /// The ends that are spoken of; they must come to the same.
    pub(super) ends: Vec<End>,
}

impl Claim {
    /// The figure it states, where it holds on every line that is spoken of.
    pub(super) fn holds(&self, open: &Open) -> Option<Attribute> {
        let lines = self.scope.lines(open);
        let mut of = self.of.iter().copied();
        of.find(|attribute| self.is_of(open, &lines, *attribute))
    }

    /// Whether it speaks of one of several models that a class has at a time.
    fn is_of_part(&self, open: &Open, lines: &[&Line], attribute: Attribute) -> bool {
        let scope = &self.scope;
        let part = scope.role.is_some()
            || scope.names.contains_key(&Kind::Model)
            || scope.features.is_some() && attribute != Attribute::Turnaround;
        let several = |line: &&Line| {
            open.lines
                .iter()
                .filter(|other| other.class == line.class)
                .count()
                > 1
        };
        part && lines.iter().any(several)
    }

    fn is_of(&self, open: &Open, lines: &[&Line], attribute: Attribute) -> bool {
        let figures: Vec<&Figure> = lines
            .iter()
            .filter_map(|line| line.figures.get(&attribute))
            .collect();
        let measured = |quantity: &Quantity| in_units(quantity, attribute);
        let Some(low) = measured(&self.low) else {
            return false;
        };
        if figures.is_empty() || attribute.is_of_whole() && self.is_of_part(open, lines, attribute)
        {
            return false;
        }
        if let Some(high) = &self.high {
            let Some(high) = measured(high) else {
                return false;
            };
            let is = |quantity: &Quantity, value: f64| {
                same(quantity, self.about, value, attribute.dimension())
            };
            let own = |figure: &&Figure| {
                is(&low, figure.low) && is(&high, figure.high) && figure.is_interval()
            };
            let wide = self
                .scope
                .place
                .as_ref()
                .is_none_or(|place| place.classes.len() > 1);
            let likely =
                |best: fn(f64, f64) -> f64| figures.iter().map(|one| one.likely).reduce(best);
            let spread = wide
                && self.ends.is_empty()
                && likely(f64::min).is_some_and(|value| is(&low, value))
                && likely(f64::max).is_some_and(|value| is(&high, value));
            return self.compare.is_none() && (figures.iter().all(own) || spread);
        }
        if attribute == Attribute::Bits && lines.iter().all(|line| bits(line) == Some(low.value)) {
            return self.compare.is_none() && self.ends.is_empty();
        }
        // A bound is one that something comes up to.
        let reached = match self.compare {
            Some(Compare::AtMost) if self.ends.is_empty() => Some(End::High),
            Some(Compare::AtLeast) if self.ends.is_empty() => Some(End::Low),
            _ => None,
        };
        if let Some(end) = reached
            && !attribute.is_bound()
        {
            let limits = [
                Attribute::Limit,
                Attribute::DownloadLimit,
                Attribute::StorageLimit,
            ];
            let is = |value: f64| same(&low, self.about, value, attribute.dimension());
            let own = |figure: &&Figure| {
                is(if end == End::High {
                    figure.high
                } else {
                    figure.low
                })
            };
            let limit = |line: &&Line| {
                limits.iter().any(|limit| {
                    line.figures
                        .get(limit)
                        .is_some_and(|limit| is(limit.likely))
                })
            };
            if !figures.iter().any(own) && !lines.iter().any(limit) {
                return false;
            }
        }
        figures
            .into_iter()
            .all(|figure| self.is(&low, attribute, figure))
    }

    fn is(&self, quantity: &Quantity, attribute: Attribute, figure: &Figure) -> bool {
        let dimension = attribute.dimension();
        // `The 4B model` is one of 4.02 B.
        let sized = attribute == Attribute::Params && quantity.digits == 1;
        let round = |value: f64| (value / quantity.factor).round() * quantity.factor;
        let counted = quantity.dimension == Dimension::Bytes && quantity.factor == 1.0;
        let about = self.about && !is_setting(attribute);
        let is = |value: f64| {
            if counted {
                return quantity.value == value.round();
            }
            same(quantity, about, value, dimension)
                || about && is_round(quantity) && (value / quantity.value - 1.0).abs() <= ROUND
                || sized && quantity.decimals == 0 && round(value) == quantity.value
        };
        let exact = !figure.is_interval();
        let mut values = self.ends.iter().map(|end| at(*end, attribute, figure));
        let value = match values.next() {
            None => Some(figure.likely),
            Some(first) if values.all(|other| other == first) => first,
            Some(_) => None,
        };
        let Some(value) = value else { return false };
        let of_end = !self.ends.is_empty();
        if let Some(side) = self.near {
            return self.compare.is_none() && beside(quantity, side, value);
        }
        match self.compare {
            // A limit is what it is, whatever keeps to it.
            Some(Compare::AtLeast) if attribute.is_bound() || is_setting(attribute) => false,
            _ if attribute.is_bound() => is(value),
            None if self.modal && !of_end && !exact => is(figure.high),
            None => is(value),
            Some(_) if exact && is_setting(attribute) => is(value),
            Some(Compare::AtMost) if !of_end => {
                same(quantity, false, figure.high, dimension) || figure.high <= quantity.value
            }
            Some(Compare::AtLeast) if !of_end => {
                same(quantity, false, figure.low, dimension) || figure.low >= quantity.value
            }
            Some(Compare::AtMost) => value == figure.high && is(value),
            Some(Compare::AtLeast) => value == figure.low && is(value),
            Some(Compare::Less | Compare::More) if self.about => {
                let near = same(quantity, true, value, dimension);
                let below = value < quantity.value;
                near && below == (self.compare == Some(Compare::Less))
            }
            Some(Compare::Less) if of_end => value < quantity.value,
            Some(Compare::Less) => {
                figure.high < quantity.value || !self.steady && close(value, quantity.value)
            }
            Some(Compare::More) if of_end => value > quantity.value,
            Some(Compare::More) => {
                figure.low > quantity.value || !self.steady && close(quantity.value, value)
            }
            Some(Compare::Fits | Compare::Misfits) => false,
        }
    }
}

/// How near a value must come to a round number that it is about.
const ROUND: f64 = 0.1;

/// How near the likely value must come to a number that it is said to be below, or above, without a word on the interval.
const CLOSE: f64 = 0.85;

/// `About 3 s`: one digit, and more than one.
fn is_round(quantity: &Quantity) -> bool {
    quantity.digits == 1 && quantity.decimals == 0 && quantity.value >= 2.0 * quantity.factor
}

/// Whether one value is a little less than another.
fn close(less: f64, more: f64) -> bool {
    less < more && less >= more * CLOSE
}

/// Whether a value is a little less or more than a number, as `just under 6` says.
fn beside(quantity: &Quantity, side: Compare, value: f64) -> bool {
    let step = quantity.factor * 10_f64.powi(-(quantity.decimals as i32));
    let room = (quantity.value * ROUND)
        .max(0.45 * step)
        .min(quantity.value * 0.3);
    match side {
        Compare::Less => value < quantity.value && value >= quantity.value - room,
        Compare::More => value > quantity.value && value <= quantity.value + room,
        _ => false,
    }
}

/// What is set rather than measured: a bound of it is itself.
const fn is_setting(attribute: Attribute) -> bool {
    matches!(
        attribute,
        Attribute::Context
            | Attribute::Input
            | Attribute::Output
            | Attribute::Threads
            | Attribute::Batch
            | Attribute::Bits
            | Attribute::Ram
    )
}

/// The bits that the name of a quantization speaks of: `Q4_K_M`, `MNN 8-bit`.
fn bits(line: &Line) -> Option<f64> {
    let name = line.names.get(&Kind::Quantization)?;
    let digits = name.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    digits[..end].parse().ok()
}

/// A figure at an end. What is known exactly has no ends; what is left is known at the pessimistic one.
fn at(end: End, attribute: Attribute, figure: &Figure) -> Option<f64> {
    if attribute == Attribute::Slack {
        return matches!(end, End::Worst | End::Low).then_some(figure.likely);
    }
    if attribute.is_bound() || !figure.is_interval() {
        return None;
    }
    let better_high = attribute.dimension() == Dimension::Rate;
    Some(match end {
        End::Likely => figure.likely,
        End::High => figure.high,
        End::Low => figure.low,
        End::Worst if better_high => figure.low,
        End::Best if !better_high => figure.low,
        End::Worst | End::Best => figure.high,
    })
}

/// A number as it measures a figure: joules are those of a token, percent those of an hour, and tokens need no unit.
pub(super) fn in_units(quantity: &Quantity, attribute: Attribute) -> Option<Quantity> {
    let mut quantity = quantity.clone();
    match (quantity.dimension, attribute.dimension()) {
        (one, other) if one == other => {}
        (Dimension::Energy, Dimension::EnergyPerToken) => {
            quantity.dimension = Dimension::EnergyPerToken;
        }
        (Dimension::Share, Dimension::Drain) => {
            quantity.dimension = Dimension::Drain;
            quantity.value *= 100.0;
            quantity.factor *= 100.0;
        }
        (Dimension::Number, Dimension::Tokens) => quantity.dimension = Dimension::Tokens,
        _ => return None,
    }
    Some(quantity)
}
