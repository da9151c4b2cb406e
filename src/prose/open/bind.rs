//! Numbers of a clause and the words that rule them: which figure, which end, which bound.

use super::figures::in_units;
use super::said::Said;
use super::scan::in_unit_of;
use super::token::Token;
use crate::prose::facts::Attribute;
use crate::prose::read::meaning::{Compare, End};
use crate::prose::read::number::Quantity;
use crate::quantity::Dimension;

/// Where a clause has a number.
pub(super) struct Spot {
    pub(super) at: usize,
    pub(super) low: Quantity,
    pub(super) high: Option<Quantity>,
    /// The words for its figure, by their place in the clause.
    pub(super) cue: Option<usize>,
    pub(super) ends: Vec<End>,
}

/// The numbers of a clause; one without a unit goes on in the unit of the one before.
pub(super) fn spots(clause: &[Token], last_unit: &mut Option<Quantity>) -> Vec<Spot> {
    let mut spots = Vec::new();
    for (at, token) in clause.iter().enumerate() {
        let (low, high) = match token {
            Token::Number(quantity) => (quantity.clone(), None),
            Token::Span(low, high) => (low.clone(), Some(high.clone())),
            _ => continue,
        };
        let has = high.as_ref().unwrap_or(&low).has_unit;
        let counts = clause.iter().any(|token| match token {
            Token::Attribute(of, _) => of.iter().any(|one| in_units(&low, *one).is_some()),
            _ => false,
        });
        // A number of so many digits is one of bytes.
        if !has && low.decimals == 0 && low.value >= 1e6 {
            let bytes = Quantity {
                dimension: Dimension::Bytes,
                has_unit: true,
                ..low
            };
            spots.push(Spot {
                at,
                low: bytes,
                high: None,
                cue: None,
                ends: Vec::new(),
            });
            continue;
        }
        let (low, high) = match (&last_unit, has || counts) {
            (Some(unit), false) => (
                in_unit_of(&low, unit),
                high.map(|high| in_unit_of(&high, unit)),
            ),
            _ => (low, high),
        };
        if has {
            *last_unit = Some(high.clone().unwrap_or_else(|| low.clone()));
        }
        spots.push(Spot {
            at,
            low,
            high,
            cue: None,
            ends: Vec::new(),
        });
    }
    spots
}

/// What the words for a limit mean under `without the entitlement`, which a clause before may have said: `framed`.
pub(super) fn in_frame(of: &[Attribute], clause: &[Token], framed: bool) -> Vec<Attribute> {
    let bare = clause.iter().any(|token| token.is_group("bare"));
    let granted = clause.iter().any(|token| token.is_group("granted"));
    let mut all: Vec<Attribute> = of.to_vec();
    if of.contains(&Attribute::Limit) {
        all = match (bare, granted) {
            (true, _) => vec![Attribute::BaseLimit],
            (_, true) => vec![Attribute::Entitled],
            _ if framed => vec![Attribute::BaseLimit],
            // `The memory limit`.
            _ if of.contains(&Attribute::PlatformLimit) => vec![Attribute::Limit],
            _ => vec![
                Attribute::Limit,
                Attribute::DownloadLimit,
                Attribute::StorageLimit,
            ],
        };
    }
    all
}

/// Each number and the words nearest to it, each once.
pub(super) fn assign(spots: &mut [Spot], cues: &[(usize, Vec<Attribute>, bool)]) {
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (number, spot) in spots.iter().enumerate() {
        for (at, of, light) in cues {
            if of.iter().any(|one| in_units(&spot.low, *one).is_some()) {
                let far = spot.at.abs_diff(*at) + if *light { 9 } else { 0 };
                pairs.push((far, number, *at));
            }
        }
    }
    pairs.sort_unstable();
    let mut taken: Vec<usize> = Vec::new();
    for (_, number, at) in pairs {
        if spots[number].cue.is_none() && !taken.contains(&at) {
            spots[number].cue = Some(at);
            taken.push(at);
        }
    }
}

/// Each end and the number nearest to it.
pub(super) fn ends(clause: &[Token], spots: &mut [Spot], said: &mut Said) {
    if let Some(spot) = spots.first_mut() {
        spot.ends.append(&mut said.waiting);
    }
    for (at, token) in clause.iter().enumerate() {
        let Token::End(end) = token else { continue };
        let nearest = spots
            .iter_mut()
            .min_by_key(|spot| (spot.at.abs_diff(at), spot.at < at));
        match nearest {
            Some(spot) => spot.ends.push(*end),
            None => said.waiting.push(*end),
        }
    }
}

/// What stands right before a number.
pub(super) struct Ruling {
    pub(super) about: bool,
    /// It is a little below the number, or a little above.
    pub(super) near: Option<Compare>,
    pub(super) compare: Option<(usize, Compare)>,
}

pub(super) fn ruling(clause: &[Token], at: usize) -> Ruling {
    let mut ruling = Ruling {
        about: false,
        near: None,
        compare: None,
    };
    for (place, token) in clause[..at].iter().enumerate().rev() {
        match token {
            Token::Compare(compare) => {
                ruling.compare = Some((place, *compare));
                break;
            }
            Token::Group(group) if group == "about" => ruling.about = true,
            Token::Group(group) if nearness(group).is_some() => ruling.near = nearness(group),
            Token::Group(group) if group == "only" || group == "modal" => {}
            Token::Fill | Token::Attribute(..) | Token::End(_) => {}
            _ => break,
        }
    }
    let after = clause.get(at + 1);
    ruling.about |= after.is_some_and(|token| token.is_group("about"));
    if let Some(Token::Group(group)) = after
        && group == "and-a-bit"
    {
        ruling.near = Some(Compare::More);
    }
    ruling
}

/// Which side of a number words like `just under` speak of.
fn nearness(group: &str) -> Option<Compare> {
    match group {
        "just-under" => Some(Compare::Less),
        "just-over" => Some(Compare::More),
        _ => None,
    }
}

/// What a number without words of its own goes on about.
pub(super) fn inherited(said: &Said, spot: &Spot, later: &[Vec<Token>]) -> Vec<Attribute> {
    let fits = |of: &Attribute| in_units(&spot.low, *of).is_some();
    let mut all: Vec<Attribute> = Vec::new();
    for claim in said.claims.iter().rev() {
        all.extend(claim.of.iter().filter(|of| fits(of) && !of.is_bound()));
    }
    for spoken in said.spoken.iter().rev() {
        all.extend(spoken.iter().filter(|of| fits(of)));
    }
    if all.is_empty() {
        let cues = later.iter().flatten().filter_map(|token| match token {
            Token::Attribute(of, _) => Some(of),
            _ => None,
        });
        all.extend(
            cues.flatten()
                .filter(|of| fits(of) && !of.is_bound() && **of != Attribute::Slack),
        );
    }
    if spot.low.factor == 1.0 && spot.low.dimension == Dimension::Bytes {
        all.push(Attribute::File);
    }
    if all.is_empty() {
        let default = match spot.low.dimension {
            Dimension::Tokens => {
                all.extend([Attribute::Output, Attribute::Input, Attribute::Context]);
                None
            }
            Dimension::Bytes => Some(Attribute::PeakMemory),
            Dimension::Energy => Some(Attribute::Energy),
            Dimension::Time => Some(Attribute::Latency),
            Dimension::Share => None,
            dimension => Attribute::only_of(dimension),
        };
        all.extend(default);
    }
    all.dedup();
    all
}
