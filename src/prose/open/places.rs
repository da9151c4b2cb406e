//! Where a sentence speaks of: `8 GB Androids`, `iPhones with 8 GB`, `the 12 GB class`, `Android 8/12 GB`, `all three classes`.

use std::collections::BTreeSet;

use super::facts::{Line, Named, Open};
use super::relative::{past_phone, relative};
use super::token::{Place, Token};
use crate::prose::facts::{Attribute, Kind};
use crate::prose::read::number::Quantity;
use crate::quantity::Dimension;

const GB: f64 = 1e9;

/// Puts the tokens of a place together. Gives nothing where the sentence counts classes wrongly.
pub(super) fn placed(open: &Open, tokens: &[Token]) -> Option<Vec<Token>> {
    let mut out: Vec<Token> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let known = match place(open, tokens, at)? {
            None => relative(open, tokens, at, &out)?,
            found => found,
        };
        let (token, used) = match known {
            Some((place, used)) => (Token::Place(place), used),
            None => (tokens[at].clone(), 1),
        };
        at += used;
        out.push(token);
    }
    let listed = tokens.iter().any(|token| token.is_group("respectively"));
    Some(joined(out, listed))
}

/// The place that begins at a token; the outer nothing is a wrong count.
#[allow(clippy::option_option)]
fn place(open: &Open, tokens: &[Token], at: usize) -> Option<Option<(Place, usize)>> {
    let found = match &tokens[at] {
        Token::Name(named) => device(open, named).map(|place| (place, 1)),
        Token::Platform(id) => Some(platform(open, tokens, at, id)),
        Token::Number(_) => {
            let than = at > 0 && tokens[at - 1].is_group("than");
            let of_ram = of_ram(open, tokens, at);
            let short = || compared(open, tokens, at).filter(|_| than);
            of_ram.or_else(short).or_else(|| elliptic(open, tokens, at))
        }
        Token::Group(group) if group == "with" => {
            let starts = at == 0
                || matches!(tokens[at - 1], Token::Fill | Token::Phone)
                || tokens[at - 1].parts();
            let found = memories(open, tokens, at + 1).filter(|_| starts);
            let found = found.filter(|(_, end)| goes_on(&tokens[*end..]));
            found.map(|(rams, end)| (classes(open, None, &rams), end - at))
        }
        Token::Phone => {
            let with = after(tokens, at + 1, "with");
            memories(open, tokens, with)
                .filter(|_| with > at + 1)
                .map(|(rams, end)| (classes(open, None, &rams), end - at))
        }
        Token::Group(group) if group == "all" || group == "both" => return all(open, tokens, at),
        Token::Group(group) if group == "everywhere" => Some((everything(open), 1)),
        Token::Group(group) if group == "both-classes" => {
            let all = everything(open);
            if all.classes.len() != 2 {
                return None;
            }
            Some((all, 1))
        }
        Token::Group(group) if group == "both-platforms" => {
            let platforms: BTreeSet<&str> = open
                .lines
                .iter()
                .map(|line| line.platform.as_str())
                .collect();
            if platforms.len() != 2 {
                return None;
            }
            Some((everything(open), 1))
        }
        _ => None,
    };
    Some(found)
}

fn everything(open: &Open) -> Place {
    Place {
        classes: open.lines.iter().map(|line| line.class).collect(),
        wide: true,
    }
}

/// A device, its chip, or a class by its name.
fn device(open: &Open, named: &[Named]) -> Option<Place> {
    let of = |kind: Kind| -> BTreeSet<usize> {
        let names = named.iter().filter(|one| one.kind == kind);
        let names: Vec<&str> = names.map(|one| one.name.as_str()).collect();
        let is = |line: &&Line| {
            line.names
                .get(&kind)
                .is_some_and(|own| names.contains(&own.as_str()))
        };
        open.lines
            .iter()
            .filter(is)
            .map(|line| line.class)
            .collect()
    };
    [Kind::Class, Kind::Device, Kind::Chip]
        .into_iter()
        .map(of)
        .find(|classes| !classes.is_empty())
        .map(|classes| Place {
            classes,
            wide: false,
        })
}

fn platform(open: &Open, tokens: &[Token], at: usize, id: &str) -> (Place, usize) {
    let with = after(tokens, at + 1, "with");
    if let Some((rams, end)) = memories(open, tokens, with) {
        let place = classes(open, Some(id), &rams);
        if !place.classes.is_empty() {
            return (place, past_phone(tokens, end) - at);
        }
    }
    let of = open.lines.iter().filter(|line| line.platform == id);
    let place = Place {
        classes: of.map(|line| line.class).collect(),
        wide: true,
    };
    (place, past_phone(tokens, at + 1) - at)
}

/// `8 GB and 12 GB Androids`, `the 12 GB class`.
fn of_ram(open: &Open, tokens: &[Token], at: usize) -> Option<(Place, usize)> {
    let (rams, mut end) = memories(open, tokens, at)?;
    while tokens.get(end).is_some_and(|token| {
        matches!(token, Token::Fill)
            || matches!(token, Token::Attribute(of, _) if of.contains(&Attribute::Ram))
    }) {
        end += 1;
        if end > at + 6 {
            break;
        }
    }
    let (id, end) = match tokens.get(end)? {
        Token::Platform(id) => (Some(id.as_str()), past_phone(tokens, end + 1)),
        token if token.is_group("both-classes") && rams.len() == 2 && rams[0] != rams[1] => {
            (None, end + 1)
        }
        Token::Phone => match tokens.get(end + 1) {
            Some(Token::Platform(id)) => (Some(id.as_str()), end + 2),
            _ => (None, end + 1),
        },
        _ => return None,
    };
    Some((classes(open, id, &rams), end - at))
}

/// `比 4 GB 的快`: a size of memory alone stands for its class where two classes are compared.
fn compared(open: &Open, tokens: &[Token], at: usize) -> Option<(Place, usize)> {
    let (rams, end) = memories(open, tokens, at)?;
    let next = tokens[end..].iter().find(|token| **token != Token::Fill)?;
    let way = matches!(next, Token::Way(_));
    (way && tokens.get(end) == Some(&Token::Fill)).then(|| (classes(open, None, &rams), end - at))
}

/// `12 GB 的约 470 MiB`: a size of memory at the start of a clause stands for its class where figures or names follow.
fn elliptic(open: &Open, tokens: &[Token], at: usize) -> Option<(Place, usize)> {
    let starts = tokens[..at]
        .iter()
        .rev()
        .find(|token| **token != Token::Fill)
        .is_none_or(Token::parts);
    let (rams, end) = memories(open, tokens, at).filter(|_| starts)?;
    let soft = matches!(tokens.get(end), Some(Token::Fill));
    (soft && goes_on(&tokens[end..])).then(|| (classes(open, None, &rams), end - at))
}

/// Whether a clause goes on with a number or a name, and with no words that would take a size of memory for themselves.
fn goes_on(rest: &[Token]) -> bool {
    let clause = rest.iter().take_while(|token| !token.parts());
    let first = clause.clone().find(|token| {
        matches!(token, Token::Number(_) | Token::Span(..) | Token::Name(_))
            || matches!(token, Token::Attribute(_, false))
    });
    matches!(
        first,
        Some(Token::Number(_) | Token::Span(..) | Token::Name(_))
    )
}

/// The RAM sizes of a list and where it ends.
fn memories(open: &Open, tokens: &[Token], from: usize) -> Option<(Vec<u32>, usize)> {
    let mut all: Vec<(u32, bool)> = Vec::new();
    let mut at = from;
    while let Some(Token::Number(quantity)) = tokens.get(at) {
        let Some(one) = ram(open, quantity) else {
            break;
        };
        all.push(one);
        let mut next = at + 1;
        while tokens.get(next).is_some_and(|token| {
            matches!(token, Token::Break(',' | '/' | '、'))
                || token.is_group("and")
                || token.is_group("or")
        }) {
            next += 1;
        }
        at += 1;
        if next == at || !matches!(tokens.get(next), Some(Token::Number(_))) {
            break;
        }
        let follows = matches!(tokens.get(next), Some(Token::Number(quantity)) if ram(open, quantity).is_some());
        if !follows {
            break;
        }
        at = next;
    }
    let written = all.last().is_some_and(|(_, unit)| *unit);
    written.then(|| (all.into_iter().map(|(ram, _)| ram).collect(), at))
}

fn ram(open: &Open, quantity: &Quantity) -> Option<(u32, bool)> {
    let known = |size: f64| {
        let mut lines = open.lines.iter();
        lines
            .any(|line| f64::from(line.ram) == size)
            .then_some(size as u32)
    };
    match quantity.has_unit {
        true if quantity.dimension == Dimension::Bytes
            && quantity.factor == GB
            && quantity.decimals == 0 =>
        {
            known(quantity.value / GB).map(|ram| (ram, true))
        }
        false => known(quantity.value).map(|ram| (ram, false)),
        _ => None,
    }
}

/// The classes with these memories; devices that the spec names stand for themselves.
fn classes(open: &Open, platform: Option<&str>, rams: &[u32]) -> Place {
    let of = |named: bool| -> BTreeSet<usize> {
        let is = |line: &&Line| {
            line.named == named
                && rams.contains(&line.ram)
                && platform.is_none_or(|id| line.platform == id)
        };
        open.lines
            .iter()
            .filter(is)
            .map(|line| line.class)
            .collect()
    };
    let plain = of(false);
    let classes = if plain.is_empty() { of(true) } else { plain };
    Place {
        classes,
        wide: false,
    }
}

/// `all three Android classes`, `every phone`, `both iPhones`.
#[allow(clippy::option_option)]
fn all(open: &Open, tokens: &[Token], at: usize) -> Option<Option<(Place, usize)>> {
    let mut next = at + 1;
    let mut count = tokens[at].is_group("both").then_some(2.0);
    if let Some(Token::Number(quantity)) = tokens.get(next)
        && !quantity.has_unit
    {
        count = Some(quantity.value);
        next += 1;
    }
    while matches!(tokens.get(next), Some(Token::Fill)) && next < at + 5 {
        next += 1;
    }
    let (place, end) = match tokens.get(next) {
        Some(Token::Platform(id)) => {
            let (place, used) = platform(open, tokens, next, id);
            (place, next + used)
        }
        Some(Token::Phone) => {
            let mut place = everything(open);
            let mut end = next + 1;
            if let Some(Token::Platform(id)) = tokens.get(end) {
                let (of, used) = platform(open, tokens, end, id);
                place = of;
                end += used;
            }
            (place, end)
        }
        Some(Token::Number(_)) => match of_ram(open, tokens, next) {
            Some((place, used)) => (place, next + used),
            None => return Some(None),
        },
        _ => return Some(None),
    };
    match count {
        Some(count) if place.classes.len() as f64 != count => None,
        _ => Some(Some((place, end - at))),
    }
}

fn after(tokens: &[Token], at: usize, group: &str) -> usize {
    let mut at = at;
    while tokens
        .get(at)
        .is_some_and(|token| token.is_group(group) || matches!(token, Token::Phone))
    {
        at += 1;
    }
    at
}

/// Places side by side are one: `the Redmi Note 13 5G and the Galaxy A16 5G`, `iPhone 15 Pro (iOS 8 GB)`.
/// Where each has a number of its own, they stay apart.
fn joined(tokens: Vec<Token>, apart: bool) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    for token in tokens {
        let Token::Place(place) = &token else {
            out.push(token);
            continue;
        };
        let mut back = out.len();
        let mut listed = false;
        let mut bare = true;
        while back > 0 {
            match &out[back - 1] {
                Token::Fill | Token::Phone => {}
                Token::Break('/' | '、') => (listed, bare) = (true, false),
                one if one.is_group("and") || one.is_group("or") => (listed, bare) = (true, false),
                _ => break,
            }
            back -= 1;
        }
        let narrowed = match out.get(back.wrapping_sub(1)) {
            Some(Token::Place(known)) if listed && !apart => Some(Place {
                classes: known.classes.union(&place.classes).copied().collect(),
                wide: known.wide && place.wide,
            }),
            // `On Android the 12 GB class`.
            Some(Token::Place(known)) if bare => {
                let both: BTreeSet<usize> = known
                    .classes
                    .intersection(&place.classes)
                    .copied()
                    .collect();
                (!both.is_empty()).then_some(Place {
                    classes: both,
                    wide: false,
                })
            }
            _ => None,
        };
        match narrowed {
            Some(place) => {
                out.truncate(back - 1);
                out.push(Token::Place(place));
            }
            None => out.push(token),
        }
    }
    out.into_iter()
        .map(|token| {
            if token == Token::Phone {
                Token::Fill
            } else {
                token
            }
        })
        .collect()
}
