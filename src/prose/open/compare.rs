//! One place or model beside another: `A is faster than B`, `A 比 B 慢 1.5 秒`, `about ten times as fast as`, `two thirds of`. Likely values are
//! held against each other.

use super::clause::Scope;
use super::facts::Open;
use super::figures::in_units;
use super::said::Why;
use super::token::Token;
use crate::diagnostic::Locale;
use crate::prose::facts::{Attribute, Figure};
use crate::prose::read::meaning::{Compare, End, Way};
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
    /// Both sides are alike.
    same: bool,
    ratio: Option<f64>,
    compare: Option<Compare>,
    /// What the first side has, what the other has, and by how much they differ.
    own: Vec<Quantity>,
    other: Vec<Quantity>,
    by: Vec<Quantity>,
    of: Vec<Attribute>,
}

/// Whether a sentence that sets two places side by side follows.
pub(super) fn judge(open: &Open, tokens: &[Token]) -> Result<(), Why> {
    let places: Vec<usize> = (0..tokens.len())
        .filter(|at| matches!(tokens[*at], Token::Place(_)))
        .collect();
    let [first, second] = places.as_slice() else {
        return Err("not two places".to_owned());
    };
    let (left, right) = tokens.split_at(*second);
    let mut one = Scope::default();
    one.take(open, left).ok_or("two things on a side")?;
    let mut other = one.clone();
    other.take(open, right).ok_or("two things on a side")?;
    // `From A to B it doubles` speaks of B.
    let moves = *first > 0
        && tokens[..*first]
            .iter()
            .any(|token| token.is_group("between"));
    let moves = moves
        && tokens[*first..*second]
            .iter()
            .any(|token| token.is_group("to"));
    // `A takes 1 GiB, for B it is twice that` speaks of B, 是 B 的两倍 of what stands before.
    let multiple = tokens.iter().position(is_ratio);
    if open.locale == Locale::En
        && !moves
        && *first < *second
        && multiple.is_some_and(|at| at > *second)
    {
        return Err("whose multiple".to_owned());
    }
    // `Compared with A, B is faster`, `slower than A is B`.
    let refers = |token: &Token| token.is_group("than") || token.is_group("versus");
    let turned = tokens[..*first].iter().any(refers);
    let said = said(tokens, *first, *second, moves)?;
    if turned && (moves || !said.own.is_empty() || !said.other.is_empty()) {
        return Err("whose numbers".to_owned());
    }
    let mut attributes = said.of.clone();
    attributes.sort_unstable();
    attributes.dedup();
    let (one, other) = if moves || turned {
        (other, one)
    } else {
        (one, other)
    };
    let value = |of: Attribute| value(open, &one, of).zip(value(open, &other, of));
    let mut known = attributes
        .iter()
        .filter_map(|of| value(*of).map(|it| (*of, it)));
    let (Some((attribute, (one, two))), None) = (known.next(), known.next()) else {
        return Err("no one figure to compare".to_owned());
    };
    said.holds(attribute, &one, &two)
        .then_some(())
        .ok_or_else(|| "a comparison".to_owned())
}

fn said(tokens: &[Token], first: usize, second: usize, moves: bool) -> Result<Said, Why> {
    let mut said = Said::default();
    let mut strong: Vec<Attribute> = Vec::new();
    let mut light: Vec<Attribute> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1);
        match token {
            Token::Way(Way::More)
                if at > 0
                    && (matches!(tokens[at - 1], Token::Ratio(_))
                        || tokens[at - 1].is_group("times")
                        || tokens[at - 1].is_group("again-as-much")) =>
            {
                said.bounded(Compare::More)?;
            }
            Token::Way(way) => {
                if said.way.replace(*way).is_some_and(|known| known != *way) {
                    return Err("two ways".to_owned());
                }
            }
            Token::Ratio(ratio) => said.times(*ratio)?,
            Token::Number(quantity) if next.is_some_and(|next| next.is_group("times")) => {
                said.times(quantity.value)?;
            }
            Token::Number(quantity) => said.number(tokens, at, second, quantity),
            Token::Compare(compare @ (Compare::More | Compare::Less)) => {
                let ratio = tokens[at..].iter().any(is_ratio);
                // `低于 B`.
                if !ratio && at + 1 == second {
                    said.than = true;
                    let way = match compare {
                        Compare::More => Way::More,
                        _ => Way::Less,
                    };
                    if said.way.replace(way).is_some() {
                        return Err("two ways".to_owned());
                    }
                } else {
                    said.bounded(*compare)?;
                }
            }
            Token::Attribute(of, false) => strong.extend(of),
            Token::Attribute(of, true) => light.extend(of),
            Token::Group(group) => match group.as_str() {
                "than" => said.than = true,
                "about" | "just-over" | "just-under" => said.about = true,
                "same" => said.same = true,
                "behind" | "ahead" => {
                    let way = match group.as_str() {
                        "behind" => Way::Slower,
                        _ => Way::Faster,
                    };
                    if said.way.replace(way).is_some() || at > second {
                        return Err("two ways".to_owned());
                    }
                    said.than = true;
                }
                // `慢了一倍`.
                "again-as-much" => said.times(2.0)?,
                "times" | "all" | "versus" | "steady" | "once" => {}
                "and" if tokens.iter().any(|token| token.is_group("same")) => {}
                "between" | "to" if moves => {}
                "with" if at < first || at > second => {}
                "only"
                    if next.is_some_and(|next| {
                        is_ratio(next) || matches!(next, Token::Number(_) | Token::Group(_))
                    }) => {}
                _ => return Err(format!("{token:?} in a comparison")),
            },
            // `Twice as much as`.
            Token::End(End::High)
                if tokens[..at]
                    .iter()
                    .rev()
                    .find(|token| **token != Token::Fill)
                    .is_some_and(|token| is_ratio(token) || matches!(token, Token::Way(_))) => {}
            Token::Break(',' | '.' | '(' | ')' | ':') | Token::Fill | Token::Place(_) => {}
            Token::Name(_) | Token::Role(_) | Token::Feature(_) => {}
            _ => return Err(format!("{token:?} in a comparison")),
        }
    }
    strong.retain(|one| *one != Attribute::Ram);
    light.retain(|one| *one != Attribute::Ram);
    // Light words count where there are no others.
    said.of = if strong.is_empty() { light } else { strong };
    Ok(said)
}

/// Whether a token begins a multiple.
fn is_ratio(token: &Token) -> bool {
    matches!(token, Token::Ratio(_)) || token.is_group("times") || token.is_group("again-as-much")
}

impl Said {
    fn times(&mut self, ratio: f64) -> Result<(), Why> {
        match self.ratio.replace(ratio) {
            None => Ok(()),
            Some(_) => Err("two ratios".to_owned()),
        }
    }

    fn bounded(&mut self, compare: Compare) -> Result<(), Why> {
        match self.compare.replace(compare) {
            None => Ok(()),
            Some(_) => Err("two comparisons".to_owned()),
        }
    }

    /// Whose number it is: a difference stands beside the word for the way, a value of the other side right after its place.
    fn number(&mut self, tokens: &[Token], at: usize, second: usize, quantity: &Quantity) {
        let silent = |token: &&Token| {
            matches!(token, Token::Fill | Token::Attribute(_, true))
                || ["about", "with", "only"]
                    .iter()
                    .any(|group| token.is_group(group))
        };
        let before = tokens[..at].iter().rev().find(|token| !silent(token));
        let after = tokens[at + 1..].iter().find(|token| !silent(token));
        let trails = |token: &Token| token.is_group("behind") || token.is_group("ahead");
        let way = |token: Option<&Token>| {
            token.is_some_and(|token| matches!(token, Token::Way(_)) || trails(token))
        };
        let pair = |token: Option<&Token>| token.is_some_and(|token| token.is_group("versus"));
        let of_other = at > second && matches!(before, Some(Token::Place(_)));
        let side = match () {
            () if pair(before) => &mut self.other,
            () if pair(after) => &mut self.own,
            () if way(before) || way(after) => &mut self.by,
            () if of_other && tokens.iter().any(trails) => &mut self.by,
            () if of_other => &mut self.other,
            () => &mut self.own,
        };
        side.push(quantity.clone());
    }

    fn holds(&self, attribute: Attribute, one: &Figure, two: &Figure) -> bool {
        let dimension = attribute.dimension();
        let (own, other) = (one.likely, two.likely);
        let is = |quantity: &Quantity, value: f64| {
            in_units(quantity, attribute)
                .is_some_and(|quantity| same(&quantity, self.about, value, dimension))
        };
        let apart = one.shown(dimension) != two.shown(dimension);
        if self.same {
            let plain = self.way.is_none() && self.ratio.is_none() && self.compare.is_none();
            let stated = self.own.iter().chain(&self.other);
            return plain
                && !apart
                && self.by.is_empty()
                && stated.into_iter().all(|one| is(one, own));
        }
        let stated = self.own.iter().all(|quantity| is(quantity, own))
            && self.other.iter().all(|quantity| is(quantity, other));
        if !stated || self.own.len() > 1 || self.other.len() > 1 {
            return false;
        }
        if let Some(times) = self.ratio {
            return self.by.is_empty() && self.is_multiple(times, dimension, own, other);
        }
        let Some(way) = self.way.filter(|_| self.than && self.compare.is_none()) else {
            return false;
        };
        let speed = matches!(dimension, Dimension::Rate | Dimension::Time);
        let rate = dimension == Dimension::Rate;
        let more = match way {
            Way::More => true,
            Way::Less => false,
            Way::Faster | Way::Slower if !speed => return false,
            Way::Faster => rate,
            Way::Slower => !rate,
        };
        let (large, small) = if more { (own, other) } else { (other, own) };
        if !apart || large - small <= large * 0.05 {
            return false;
        }
        match self.by.as_slice() {
            [] => true,
            [by] => is(by, large - small) || is_nearly(by, attribute, large - small),
            _ => false,
        }
    }

    /// Whether one side is so many times the other.
    fn is_multiple(&self, times: f64, dimension: Dimension, own: f64, other: f64) -> bool {
        let rate = dimension == Dimension::Rate;
        let time = dimension == Dimension::Time;
        // `慢了一倍` is twice the time; `三倍快` and `three times faster than` are read in two ways.
        let doubled = times == 2.0;
        let (fits, turned) = match self.way {
            None | Some(Way::More) => (!self.than || doubled, false),
            Some(Way::Faster) if rate || time => (!self.than || doubled, time),
            Some(Way::Slower) if rate || time => (!self.than || doubled, rate),
            _ => (false, false),
        };
        let ratio = if turned { other / own } else { own / other };
        let near = if self.about { ABOUT } else { EXACT };
        let right = match self.compare {
            None => (ratio - times).abs() <= times * near,
            Some(Compare::More) => ratio > times && ratio < times * 1.3,
            Some(_) => ratio < times && ratio > times * 0.6,
        };
        fits && right && own > 0.0 && other > 0.0
    }
}

/// `Four seconds more` of 3.7: a difference of one digit is a rounded one.
fn is_nearly(by: &Quantity, attribute: Attribute, value: f64) -> bool {
    let by = in_units(by, attribute).filter(|by| by.digits == 1 && by.decimals == 0);
    by.is_some_and(|by| (value - by.value).abs() <= (0.5 * by.factor).min(by.value * 0.15))
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
