//! One place or model beside another: `A is faster than B`, `A 比 B 慢 1.5 秒`, `about ten times as fast as`, `two thirds of`. Likely values are
//! held against each other.

use super::claims::Why;
use super::clause::Scope;
use super::facts::Open;
use super::figures::in_units;
use super::token::Token;
use crate::prose::facts::{Attribute, Figure};
use crate::prose::read::meaning::{Compare, Way};
use crate::prose::read::number::Quantity;
use crate::prose::read::rounding::same;
use crate::quantity::Dimension;

/// How near a ratio must come to the number that is said, and to one that is about so.
const EXACT: f64 = 0.05;
const ABOUT: f64 = 0.12;

/// What a sentence says of two sides.
#[derive(Default)]
struct Said {
    way: Option<Way>,
    than: bool,
    about: bool,
    ratio: Option<f64>,
    compare: Option<Compare>,
    numbers: Vec<(usize, Quantity)>,
    of: Vec<Attribute>,
}

/// Whether a sentence that sets two places side by side follows.
pub(super) fn judge(open: &Open, tokens: &[Token]) -> Result<(), Why> {
    let places: Vec<usize> = (0..tokens.len())
        .filter(|at| matches!(tokens[*at], Token::Place(_)))
        .collect();
    let [_, second] = places.as_slice() else {
        return Err("not two places".to_owned());
    };
    let (left, right) = tokens.split_at(*second);
    let mut one = Scope::default();
    one.take(open, left).ok_or("two things on a side")?;
    let mut other = one.clone();
    other.take(open, right).ok_or("two things on a side")?;
    let said = said(tokens, *second)?;
    let mut attributes = said.of.clone();
    attributes.dedup();
    let [attribute] = attributes.as_slice() else {
        return Err("no one figure to compare".to_owned());
    };
    let (one, two) = value(open, &one, *attribute)
        .zip(value(open, &other, *attribute))
        .ok_or("no figure on a side")?;
    said.holds(*attribute, &one, &two)
        .then_some(())
        .ok_or_else(|| "a comparison".to_owned())
}

fn said(tokens: &[Token], second: usize) -> Result<Said, Why> {
    let mut said = Said::default();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Way(way) => {
                if said.way.replace(*way).is_some() {
                    return Err("two ways".to_owned());
                }
            }
            Token::Ratio(ratio) => {
                if said.ratio.replace(*ratio).is_some() {
                    return Err("two ratios".to_owned());
                }
            }
            Token::Number(quantity) => {
                let times = tokens
                    .get(at + 1)
                    .is_some_and(|next| next.is_group("times"));
                if times && said.ratio.replace(quantity.value).is_some() {
                    return Err("two ratios".to_owned());
                }
                if !times {
                    said.numbers.push((at, quantity.clone()));
                }
            }
            Token::Compare(compare @ (Compare::More | Compare::Less)) => {
                if said.compare.replace(*compare).is_some() {
                    return Err("two comparisons".to_owned());
                }
                // `低于 B`.
                if !tokens[at..]
                    .iter()
                    .any(|token| matches!(token, Token::Ratio(_)))
                    && at + 1 == second
                {
                    said.compare = None;
                    said.than = true;
                    let way = if *compare == Compare::More {
                        Way::More
                    } else {
                        Way::Less
                    };
                    if said.way.replace(way).is_some() {
                        return Err("two ways".to_owned());
                    }
                }
            }
            Token::Attribute(of, light) => {
                if !light || !said.of.iter().any(|known| of.contains(known)) {
                    said.of
                        .extend(of.iter().filter(|one| **one != Attribute::Ram));
                }
            }
            Token::Group(group) => match group.as_str() {
                "than" => said.than = true,
                "about" => said.about = true,
                "times" | "all" | "versus" => {}
                "only"
                    if matches!(tokens.get(at + 1), Some(Token::Ratio(_) | Token::Number(_))) => {}
                _ => return Err(format!("{token:?} in a comparison")),
            },
            Token::Break(',' | '.' | '(' | ')') | Token::Fill | Token::Place(_) => {}
            Token::Name(_) | Token::Role(_) | Token::Feature(_) => {}
            _ => return Err(format!("{token:?} in a comparison")),
        }
    }
    Ok(said)
}

impl Said {
    fn holds(&self, attribute: Attribute, one: &Figure, two: &Figure) -> bool {
        let (own, other) = (one.likely, two.likely);
        if let Some(times) = self.ratio {
            let fast = matches!(self.way, Some(Way::Faster));
            let fits = match (self.way, attribute.dimension()) {
                (None | Some(Way::More), _) => !self.than,
                (Some(Way::Faster), Dimension::Rate | Dimension::Time) => !self.than,
                _ => false,
            };
            let ratio = match fast && attribute.dimension() == Dimension::Time {
                true => other / own,
                false => own / other,
            };
            let near = if self.about { ABOUT } else { EXACT };
            let right = match self.compare {
                None => (ratio - times).abs() <= times * near,
                Some(Compare::More) => ratio > times && ratio < times * 1.3,
                Some(_) => ratio < times && ratio > times * 0.6,
            };
            return fits && right && other > 0.0 && self.numbers.is_empty();
        }
        let Some(way) = self.way.filter(|_| self.than && self.compare.is_none()) else {
            return false;
        };
        let speed = matches!(attribute.dimension(), Dimension::Rate | Dimension::Time);
        let rate = attribute.dimension() == Dimension::Rate;
        let more = match way {
            Way::More => true,
            Way::Less => false,
            Way::Faster | Way::Slower if !speed => return false,
            Way::Faster => rate,
            Way::Slower => !rate,
        };
        let (large, small) = if more { (own, other) } else { (other, own) };
        let apart = one.shown(attribute.dimension()) != two.shown(attribute.dimension());
        if !apart || large - small <= large * 0.05 {
            return false;
        }
        let is = |quantity: &Quantity, value: f64| {
            in_units(quantity, attribute)
                .is_some_and(|quantity| same(&quantity, self.about, value, attribute.dimension()))
        };
        match self.numbers.as_slice() {
            [] => true,
            // By how much.
            [(_, by)] => is(by, large - small),
            [(_, first), (_, last)] => is(first, own) && is(last, other),
            _ => false,
        }
    }
}

/// The figure of all lines of a side, where it is one.
fn value(open: &Open, scope: &Scope, attribute: Attribute) -> Option<Figure> {
    if !scope.holds_together(open, true) {
        return None;
    }
    let lines = scope.lines(open);
    let mut figures = lines.iter().filter_map(|line| line.figures.get(&attribute));
    let first = *figures.next()?;
    figures.all(|other| *other == first).then_some(first)
}
